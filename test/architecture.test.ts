/** The repository checks its own architecture: who may import whom (docs/architecture.md), and what every file must be. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { breaches, importsOf } from "./support/import-rules.ts";
import { filesWhere, sourceFiles } from "./support/source-files.ts";

const files = sourceFiles();
const textOf = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));

/** What must be caught: file, the line in it, and words of the reason. */
const forbidden: readonly (readonly [file: string, line: string, reason: string])[] = [
  ["shared/events/a.ts", `import { x } from "../world/world.ts";`, "shared/events"],
  ["shared/world/a.ts", `import { x } from "../game/define.ts";`, "shared/world"],
  ["shared/world/a.ts", `import type { LiveEvent } from "../events/live-event.ts";`, "shared/world"],
  ["shared/game/a.ts", `export { x } from "../rules/evaluate.ts";`, "shared/game"],
  ["shared/game/a.ts", `import { x } from "../protocol/state.ts";`, "shared/game"],
  ["shared/rules/a.ts", `import type { World } from "../world/world.ts";`, "shared/rules"],
  ["shared/rules/a.ts", `import { x } from "../games/last-ball/game.ts";`, "shared/rules"],
  ["shared/games/last-ball/a.ts", `const x = await import("../../sim/simulation.ts");`, "shared/games"],
  ["shared/games/last-ball/a.ts", `import { x } from "../../rules/schema.ts";`, "shared/games"],
  ["shared/games/last-ball/a.ts", `import { x } from "../other/actions.ts";`, "another game"],
  ["shared/games/last-ball/a.ts", `import { schema } from "@colyseus/schema";`, "@colyseus/schema"],
  ["shared/games/last-ball/a.ts", `import { x } from "../../../server/ingest/source.ts";`, "shared/games"],
  ["shared/games/last-ball/game.ts", `import * as Phaser from "phaser";`, "phaser"],
  ["shared/games/last-ball/preview.ts", `import * as Phaser from "phaser";`, "phaser"],
  ["server/simulator/a.ts", `import { x } from "../room/room.ts";`, "server/simulator"],
  ["shared/sim/a.ts", `import { x } from "../replay/play.ts";`, "shared/sim"],
  ["shared/sim/a.ts", `import { readFileSync } from "node:fs";`, "node:"],
  ["shared/sim/a.ts", `import { readFileSync } from "fs";`, "node:"],
  ["shared/sim/a.ts", `import Matter from "matter-js";`, "matter-js"],
  ["shared/world/bodies.ts", `import Matter from "matter-js";`, "matter-js"],
  ["shared/replay/a.ts", `import { x } from "../../server/room/room.ts";`, "shared/replay"],
  ["shared/protocol/a.ts", `import { x } from "../sim/simulation.ts";`, "shared/protocol"],
  ["shared/somewhere/a.ts", `import { x } from "../world/world.ts";`, "no rule"],
  ["server/sources/a.ts", `import { x } from "../../shared/game/define.ts";`, "server/sources"],
  ["server/sources/a.ts", `import type { x } from "../../shared/games/last-ball/game.ts";`, "server/sources"],
  ["server/sources/a.ts", `import { x } from "../../shared/rules/schema.ts";`, "server/sources"],
  ["server/sources/a.ts", `import { x } from "../room/room.ts";`, "server/sources"],
  ["server/sources/a.ts", `type X = import("../room/room.ts").Room;`, "server/sources"],
  ["server/sources/a.ts", `import { Room } from "@colyseus/core";`, "@colyseus"],
  ["server/sources/a.ts", `import { x } from "./b/x.ts";`, "the parts of the source b"],
  ["server/sources/a/y.ts", `import { x } from "../b/x.ts";`, "the parts of the source b"],
  ["server/main.ts", `import { x } from "./sources/b/x.ts";`, "the parts of the source b"],
  ["server/ingest/a.ts", `import { x } from "../../shared/rules/evaluate.ts";`, "server/ingest"],
  ["server/store/a.ts", `import { x } from "../room/room.ts";`, "server/store"],
  ["server/room/a.ts", `import { x } from "../main.ts";`, "server/room"],
  ["server/room/a.ts", `import { x } from "../cli/start.ts";`, "server/room"],
  ["server/plugin/a.ts", `import { Room } from "@colyseus/core";`, "@colyseus"],
  ["server/plugin/a.ts", `import { x } from "../main.ts";`, "server/plugin"],
  ["server/main.ts", `import { defineServer } from "colyseus";`, "colyseus"],
  ["server/main.ts", `import { App } from "uWebSockets.js";`, "uWebSockets"],
  ["server/main.ts", `import { T } from "@colyseus/uwebsockets-transport";`, "uWebSockets"],
  ["server/main.ts", `import { x } from "../client/stage/main.ts";`, "server"],
  ["server/main.ts", `import * as Phaser from "phaser";`, "phaser"],
  ["client/stage/a.ts", `import { x } from "../../server/clock.ts";`, "client"],
  ["client/stage/a.ts", `const x = import("../../server/clock.ts");`, "client"],
  ["client/stage/a.ts", `import { x } from "node:path";`, "node:"],
  ["client/stage/a.ts", `export * from "../../server/clock.ts";`, "client"],
  ["client/show/a.ts", `import { x } from "../stage/scene.ts";`, "client/show"],
  ["client/stage/a.ts", "const x = import(somewhere);", "cannot be read"],
];

/** What must pass, or the rules would be a wall and not a plan. */
const allowed: readonly (readonly [file: string, line: string])[] = [
  ["shared/events/a.ts", `import { z } from "zod";`],
  ["shared/world/world.ts", `import Matter from "matter-js";`],
  ["shared/world/matter/body.ts", `import Matter from "matter-js";`],
  ["shared/game/a.ts", `import type { LiveEvent } from "../events/live-event.ts";`],
  ["shared/rules/a.ts", `import type { AnyGame } from "../game/define.ts";`],
  ["shared/games/last-ball/actions.ts", `import { x } from "./arena.ts";`],
  ["shared/games/last-ball/view.ts", `import * as Phaser from "phaser";`],
  ["shared/games/last-ball/view-platform.ts", `import * as Phaser from "phaser";`],
  ["shared/sim/a.ts", `import { evaluate } from "../rules/evaluate.ts";`],
  ["shared/replay/a.ts", `import { createSimulation } from "../sim/simulation.ts";`],
  ["shared/protocol/state.ts", `import { schema } from "@colyseus/schema";`],
  ["server/sources/a.ts", `import { defineSource } from "../ingest/source.ts";`],
  ["server/sources/a.ts", `import { x } from "./a/x.ts";`],
  ["server/sources/a/x.ts", `import { y } from "./y.ts";`],
  ["server/room/a.ts", `import { createSimulation } from "../../shared/sim/simulation.ts";`],
  ["server/main.ts", `const games = await import("../shared/games/index.ts");`],
  ["client/stage/a.ts", `import * as Phaser from "phaser";`],
  ["client/stage/a.ts", `import { x } from "../show/show.ts";`],
];

describe("import rules", () => {
  test.each(forbidden)("%s may not say: %s", (file, line, reason) => {
    expect(breaches(file, importsOf(file, line)).join("\n")).toContain(reason);
  });

  test.each(allowed)("%s may say: %s", (file, line) => {
    expect(breaches(file, importsOf(file, line))).toEqual([]);
  });

  test("every kind of import is seen, with its line", () => {
    const text = `import "./a.ts";\nexport * from "./b.ts";\nimport type { X } from "./c.ts";
type D = import("./d.ts").D;\nconst e = await import("./e.ts");\nexport type { F } from "./f.ts";\n`;
    expect(importsOf("client/x.ts", text).map(({ from, line }) => `${line} ${from}`)).toEqual(
      ["a", "b", "c", "d", "e", "f"].map((name, index) => `${index + 1} ./${name}.ts`),
    );
  });

  test("all files keep to them", () => {
    let seen = 0;
    const found: string[] = [];
    for (const [file, text] of textOf) {
      if (!/^(server|client|shared)\//.test(file)) continue;
      const imports = importsOf(file, text);
      seen += imports.length;
      found.push(...breaches(file, imports));
    }
    expect(found).toEqual([]);
    // A check that looked at nothing proves nothing.
    expect(seen).toBeGreaterThan(20);
  });
});

describe("every file", () => {
  test("was found", () => {
    for (const file of ["shared/world/world.ts", "server/clock.ts", "test/architecture.test.ts"])
      expect(files).toContain(file);
  });

  test.each([
    [
      "starts with a comment that says what it is for",
      (text: string) => !/^(#![^\n]*\n)?(\/\*\*|\/\/) ?\S?/.test(text),
    ],
    // A live source is one file whatever it takes, so it may be longer.
    [
      "has at most 400 lines, 600 for a source",
      (text: string, file: string) => linesOf(text) > (file.startsWith("server/sources/") ? 600 : 400),
    ],
    [
      "leaves no note for later",
      (text: string) => new RegExp(`\\b(${["TO", "DO"].join("")}|FIX${"ME"}|XX${"X"})\\b`).test(text),
    ],
  ] as const)("%s", (_, isWrong) => {
    expect(isWrong(`${"\n".repeat(400)}x(); // ${"TO"}${"DO"}`, "server/x.ts")).toBe(true);
    expect(filesWhere(textOf, isWrong)).toEqual([]);
  });

  test("of shared/ computes nothing that differs between versions of Node", () => {
    // Seen: powers with exponents other than 2 differ in the last bit between Node 22 and 24; a show must replay on both.
    const inexact = /\*\*(?!\/)|\bMath\.(pow|exp|expm1|cbrt|sinh|cosh|tanh|asinh|acosh|atanh)\b/;
    expect(inexact.test("const x = y ** 3;")).toBe(true);
    const shared = new Map([...textOf].filter(([file]) => /^shared\/(?!.*\/view)/.test(file)));
    expect(filesWhere(shared, (text) => inexact.test(withoutComments(text)))).toEqual([]);
  });

  test("of shared/ has no chance and no clock of its own", () => {
    const impure = /\bMath\.random\b|\bnew Date\b|\bDate\.|\bperformance\.now\b|\bcrypto\.(random|get)/;
    expect(impure.test("const x = Math.random();")).toBe(true);
    const shared = new Map([...textOf].filter(([file]) => file.startsWith("shared/")));
    expect(shared.size).toBeGreaterThan(5);
    expect(filesWhere(shared, (text) => impure.test(withoutComments(text)))).toEqual([]);
  });
});

function linesOf(text: string): number {
  return text.replace(/\n$/, "").split("\n").length;
}

/** Comments may speak of what code may not do. Strings stay: good enough for words that no string needs. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "");
}

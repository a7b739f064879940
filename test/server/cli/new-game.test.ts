/** `new game` and `test`: a folder that runs as it is, a plain summary, and a sentence for what cannot be made. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { aFolder, uproar } from "./uproar.ts";

const folder = aFolder();
afterAll(() => folder.remove());
const inFolder = (...args: string[]) => uproar(args, { cwd: folder.path }).ended;
const textOf = (path: string) => readFileSync(join(folder.path, path), "utf8");

describe("new game", { timeout: 60_000 }, () => {
  test("makes a folder of its name, in which nothing is left of the template's", async () => {
    const { code, stdout, stderr } = await inFolder("new", "game", "tug-of-2-wars");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      "./tug-of-2-wars has a game that runs. Its README says what is in it.\nPlay it: npm start -- --game ./tug-of-2-wars\nTest it: npm start -- test ./tug-of-2-wars\n",
    );
    const files = readdirSync(join(folder.path, "tug-of-2-wars")).sort();
    expect(files).toEqual([
      "README.md",
      "actions.ts",
      "game.test.ts",
      "game.ts",
      "package.json",
      "rules.schema.json",
      "rules.yaml",
      "view.ts",
    ]);
    for (const file of files) expect(textOf(join("tug-of-2-wars", file))).not.toMatch(/my-game|My Game|npx uproar/);
    expect(textOf("tug-of-2-wars/game.ts")).toContain('id: "tug-of-2-wars",\n  title: "Tug Of 2 Wars",');
    expect(textOf("tug-of-2-wars/rules.yaml")).toMatch(/^# yaml-language-server: \$schema=\.\/rules\.schema\.json\n/);
    expect(textOf("tug-of-2-wars/README.md")).toContain("| `giant` (Giant) | play, sudden |");
    expect((await inFolder("check", "tug-of-2-wars/rules.yaml")).stdout).toContain("no problem found");
  });

  test("makes another folder when it is named, also an empty one that is there", async () => {
    mkdirSync(join(folder.path, "here"));
    expect((await inFolder("new", "game", "elsewhere", "--folder", "here")).code).toBe(0);
    expect(textOf("here/package.json")).toContain('"name": "elsewhere"');
    expect(textOf("here/README.md")).toContain("--game ./here");
  });

  test.each<[string, string[], () => void, RegExp]>([
    ["an id with capitals", ["Coin"], () => {}, /^"Coin" can be no game's id: it takes small letters/],
    ["an id that is a path", ["../x"], () => {}, /^"\.\.\/x" can be no game's id/],
    ["an id that is too long", ["a".repeat(41)], () => {}, /can be no game's id/],
    ["a game of Uproar's", ["last-ball"], () => {}, /^A game "last-ball" comes with Uproar\. Choose another id\.\n$/],
    [
      "a folder that is full",
      ["full"],
      () => {
        mkdirSync(join(folder.path, "full"));
        writeFileSync(join(folder.path, "full/mine.txt"), "mine");
      },
      /^full exists already and was left as it is\. Choose another id, or a folder with --folder\.\n$/,
    ],
    ["a file of that name", ["filed"], () => writeFileSync(join(folder.path, "filed"), ""), /^filed exists already/],
    [
      "a folder in a folder that is not there",
      ["x", "--folder", "no/where"],
      () => {},
      /^There is no folder .*no\. Make it first/,
    ],
  ])("refuses %s", async (_, args, make, sentence) => {
    make();
    const { code, stderr } = await inFolder("new", "game", ...args);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(sentence) });
  });

  test.skipIf(process.getuid?.() === 0)("refuses a place where nobody may write", async () => {
    const locked = join(folder.path, "locked");
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    const { code, stderr } = await inFolder("new", "game", "x", "--folder", "locked/x");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^No folder can be made in .*\(EACCES\)/),
    });
  });
});

describe("test", { timeout: 240_000 }, () => {
  test("says what fails and why, of the suite and of the game's own tests, and ends with code 1", async () => {
    await inFolder("new", "game", "broken");
    const change = (file: string, from: string, to: string) => {
      const text = textOf(join("broken", file));
      expect(text).toContain(from);
      writeFileSync(join(folder.path, "broken", file), text.replace(from, to));
    };
    // A clock, a rule that calls nothing it should, and a test that does not hold.
    change("game.ts", "world.random.next() > 1 / 90", "Math.random() > 1 / 90");
    change("rules.yaml", "    do: giant\n", "    do: rain\n");
    change("game.test.ts", "assert.equal(coin!.alive, false);", "assert.equal(coin!.alive, true);");
    const { code, stdout } = await inFolder("test", "./broken");
    expect(code).toBe(1);
    expect(stdout).toContain("ok      every option has a default, and phases have a length");
    expect(stdout).toMatch(/FAILED {2}its rule file has no mistake and no warning, and its tests pass\n +rules\.yaml:/);
    expect(stdout).toMatch(
      /FAILED {2}the same seed and events give the same show\n +two runs differ from tick \d+ on: look for a clock/,
    );
    expect(stdout).toMatch(/FAILED {2}whoever touches a coin has it, and a new one comes\n +/);
    expect(stdout).toContain("ok      giants shrink again");
    expect(stdout).toMatch(/Broken: [34] of 22 tests failed\.\n$/);
  });

  test("refuses what is no game, in one sentence", async () => {
    expect(await inFolder("test", "./nowhere")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^There is no game at \.\/nowhere/),
    });
  });
});

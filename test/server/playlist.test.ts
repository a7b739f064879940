/** Which games take turns and by which rule files: what the command line says, what a rule file says, and what is wrong with either. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readConfig } from "../../server/config.ts";
import { loadGame } from "../../server/games.ts";
import { loadPlaylist, playlistProblems } from "../../server/playlist.ts";
import { compileRules, oneFile } from "../../shared/rules/compile.ts";
import { aFolder } from "./cli/uproar.ts";

const folder = aFolder();
afterAll(() => folder.remove());
const rule = "rules:\n  - { id: hello, on: chat, do: enter }\n  - { on: gift, do: enter }\n";
const inFolder = (name: string, text = "", game = "last-ball") => {
  const path = join(folder.path, name);
  writeFileSync(path, `game: ${game}\n${text}${rule}`);
  return path;
};
const load = (flags: object) => loadPlaylist(readConfig(flags, {}, folder.path));
const told = async (flags: object) => {
  const { turns, rules, ignored } = await load(flags);
  return {
    turns: turns.map(({ game, rounds }) => `${game.id} ${rounds}`),
    files: Object.fromEntries([...rules].map(([id, { shown }]) => [id, shown.replace(`${folder.path}/`, "")])),
    ignored,
  };
};
const shipped = { "last-ball": "shared/games/last-ball/rules.yaml" };
const mine = { "last-ball": "mine.yaml" };
inFolder("mine.yaml");
inFolder("listed.yaml", "playlist: [{ game: last-ball, rounds: 2 }, last-ball]\n");
const path = (name: string) => join(folder.path, name);

describe("what is played", () => {
  test.each<[string, object, object]>([
    ["one game without a playlist", {}, { turns: ["last-ball 1"], files: shipped }],
    ["a game twice", { playlist: "last-ball,last-ball" }, { turns: ["last-ball 1", "last-ball 1"], files: shipped }],
    [
      "a rule file in the list",
      { playlist: `last-ball:${path("mine.yaml")}` },
      { turns: ["last-ball 1"], files: mine },
    ],
    [
      "one of two entries names the file of both",
      { playlist: `last-ball,last-ball:${path("mine.yaml")}` },
      { turns: ["last-ball 1", "last-ball 1"], files: mine },
    ],
    ["--rules beside it", { playlist: "last-ball", rules: path("mine.yaml") }, { turns: ["last-ball 1"], files: mine }],
    [
      "what the rule file says",
      { rules: path("listed.yaml") },
      { turns: ["last-ball 2", "last-ball 1"], files: { "last-ball": "listed.yaml" } },
    ],
  ])("%s", async (_name, flags, expected) => expect(await told(flags)).toEqual({ ...expected, ignored: [] }));

  test("the command line goes before the rule file, which is told", async () => {
    const { turns, ignored } = await told({ playlist: "last-ball", rules: path("listed.yaml") });
    expect(turns).toEqual(["last-ball 1"]);
    expect(ignored).toEqual([`The playlist in ${path("listed.yaml")} does not count: the show has another one.`]);
  });
});

describe("what is wrong", () => {
  inFolder("unknown.yaml", "playlist: [last-ball, last-bal]\n");
  inFolder("other.yaml", "", "something-else");
  inFolder("broken.yaml", "tierz: {}\n");

  test.each<[string, object, string]>([
    ["an unknown game", { playlist: "last-ball,last-bal" }, 'There is no game "last-bal", and no package of'],
    [
      "an unknown game in the rule file",
      { rules: path("unknown.yaml") },
      'unknown.yaml:2:23  RULES_PLAYLIST  There is no game "last-bal", and no package of',
    ],
    ["a missing file", { playlist: "last-ball:no.yaml" }, "no.yaml does not exist. Check the path after --playlist."],
    ["a broken file", { playlist: `last-ball:${path("broken.yaml")}` }, '"tierz" is not known'],
    [
      "two files for one game",
      { playlist: "last-ball:a.yaml,last-ball:b.yaml" },
      "--playlist names two rule files for last-ball, a.yaml and b.yaml; a game has one in a show.",
    ],
    [
      "--rules for a game that is not played",
      { playlist: "last-ball", rules: path("other.yaml") },
      "other.yaml is for something-else, which --playlist does not name.",
    ],
  ])("%s", async (_name, flags, message) => expect(load(flags)).rejects.toThrow(message));

  test("is told by a check, too", async () => {
    const game = await loadGame("last-ball");
    const result = compileRules(oneFile(`game: last-ball\nplaylist: [last-ball, nothing]\n${rule}`), game);
    if (!result.ok) throw new Error("the rules do not compile");
    expect(await playlistProblems(path("mine.yaml"), game, result.rules)).toMatchObject([
      { severity: "error", code: "RULES_PLAYLIST", line: 2, column: 23, message: expect.stringContaining("no game") },
    ]);
  });
});

/** Configuration: which place wins, and what each wrong value is told. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readConfig } from "../../server/config.ts";
import { aFolder } from "./cli/uproar.ts";

const folder = aFolder();
afterAll(() => folder.remove());
const withFile = (name: string, text: string) => {
  const cwd = join(folder.path, name);
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, "uproar.yaml"), text);
  return cwd;
};

describe("places", () => {
  const cwd = withFile("all", "port: 1001\ngame: from-file\nhost: 0.0.0.0\nsource: [tiktool, simulated]\n");

  test("without any, the defaults", () => {
    expect(readConfig({}, {}, folder.path)).toEqual({
      game: "last-ball",
      playlist: [],
      show: "auto",
      source: [],
      backupSource: "",
      user: "",
      rules: "",
      keepShows: 20,
      port: 2567,
      host: "127.0.0.1",
      data: join(folder.path, ".uproar"),
      scenario: "",
      record: "",
      speed: 1,
      captions: "",
    });
  });

  test("flags before environment before file before defaults", () => {
    const env = { UPROAR_PORT: "1002", UPROAR_GAME: "from-env" };
    expect(readConfig({ port: "1003" }, env, cwd)).toMatchObject({
      port: 1003,
      game: "from-env",
      host: "0.0.0.0",
      user: "",
    });
    expect(readConfig({}, {}, cwd)).toMatchObject({ port: 1001, game: "from-file", source: ["tiktool", "simulated"] });
  });

  test("an empty variable and an undefined flag say nothing", () => {
    expect(readConfig({ port: undefined }, { UPROAR_PORT: "" }, cwd).port).toBe(1001);
  });

  test("--config names another file", () => {
    writeFileSync(join(cwd, "other.yaml"), "port: 1004\n");
    expect(readConfig({ config: "other.yaml" }, {}, cwd).port).toBe(1004);
  });

  test("an empty file is a file without settings", () => {
    expect(readConfig({}, {}, withFile("empty", "")).port).toBe(2567);
  });
});

test.each([
  ["a handle without its @", { user: " @ana " }, { user: "ana" }],
  ["one source from the environment", {}, { source: ["tiktool"] }],
  ["a seed", { seed: "42" }, { seed: 42 }],
  ["a speed", { speed: "4" }, { speed: 4 }],
])("reads %s", (_name, flags, expected) => {
  const env = "source" in expected ? { UPROAR_SOURCE: "tiktool" } : {};
  expect(readConfig(flags, env, folder.path)).toMatchObject(expected);
});

describe("a playlist", () => {
  const turn = (game: string, rules = "", rounds = 1) => ({ game, rules, rounds });

  test.each<[string, unknown, object[]]>([
    ["games with commas", "a, b ,a", [turn("a"), turn("b"), turn("a")]],
    ["games with rule files", "a:x.yaml,b: my/y.yaml", [turn("a", "x.yaml"), turn("b", "my/y.yaml")]],
    ["a list", ["a:x.yaml", { game: "b", rounds: 3 }], [turn("a", "x.yaml"), turn("b", "", 3)]],
  ])("of %s", (_name, playlist, expected) => {
    expect(readConfig({ playlist }, {}, folder.path).playlist).toEqual(expected);
  });

  test("from the environment", () => {
    expect(readConfig({}, { UPROAR_PLAYLIST: "a,b:x.yaml" }, folder.path).playlist).toEqual([
      turn("a"),
      turn("b", "x.yaml"),
    ]);
  });

  test.each<[string, unknown, string]>([
    ["an empty entry", "a,,b", "--playlist: has an entry without a game; write games with commas between them"],
    ["too many", Array(21).fill("a").join(), "--playlist: has more than 20 entries."],
    ["no rounds", [{ game: "a", rounds: 0 }], "--playlist: "],
  ])("with %s is refused", (_name, playlist, message) => {
    expect(() => readConfig({ playlist }, {}, folder.path)).toThrow(message);
  });
});

describe("wrong values name their place", () => {
  test.each<[string, () => unknown, string]>([
    ["a flag", () => readConfig({ port: "x" }, {}, folder.path), "--port: must be a number."],
    ["a variable", () => readConfig({}, { UPROAR_SEED: "-1" }, folder.path), "UPROAR_SEED: must be 0 to 4294967295."],
    ["the file", () => readConfig({}, {}, withFile("bad", "port: high\n")), "port in uproar.yaml: must be a number."],
    ["a flag of two words", () => readConfig({ backupSource: 7 }, {}, folder.path), "--backup-source: "],
    ["a speed", () => readConfig({}, { UPROAR_SPEED: "0" }, folder.path), "UPROAR_SPEED: must be 0.01 to 1000."],
    ["a language", () => readConfig({ captions: "english please" }, {}, folder.path), "--captions: must be a language"],
    ["an unknown key", () => readConfig({}, {}, withFile("key", "prot: 1\n")), "prot in uproar.yaml:"],
    [
      "a secret in the file",
      () => readConfig({}, {}, withFile("key2", "TIKTOOL_API_KEY: x\n")),
      "TIKTOOL_API_KEY in uproar.yaml:",
    ],
    ["a list as file", () => readConfig({}, {}, withFile("list", "- 1\n")), 'must hold keys such as "port: 2567"'],
    ["broken YAML", () => readConfig({}, {}, withFile("yaml", "a: [\n")), "cannot be read:"],
    [
      "a missing file",
      () => readConfig({ config: "no.yaml" }, {}, folder.path),
      "The config file no.yaml does not exist.",
    ],
  ])("%s", (_name, read, message) => expect(read).toThrow(message));
});

/** Rule files on disk: what is read, what is refused and where, and how one is replaced. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compileRead, readRuleFiles, replaceFile, shownProblem } from "../../server/rule-files.ts";
import { UserError } from "../../server/user-error.ts";
import { tinyGame } from "../support/tiny-game.ts";

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(() => {
  const outer = mkdtempSync(join(tmpdir(), "uproar-rule-files-"));
  folder = join(outer, "my");
  mkdirSync(join(folder, "sub"), { recursive: true });
  writeFileSync(join(outer, "outside.yaml"), "game: tiny\nrules: []\n");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const rule = "rules:\n  - { on: chat, do: wave }\n";
const main = (include: string, more = rule) => `game: tiny\ninclude:\n  - ${include}\n${more}`;
const base = "game: tiny\nrules:\n  - { id: base, on: follow, do: jump }\n";
const write = (files: Record<string, string | Uint8Array>) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text);
};
const read = (file = "rules.yaml") => readRuleFiles(at(file), "--rules");
/** Place and code of each error of the files as compiled. */
const problems = () => {
  const errors = compileRead(read(), tinyGame).problems.filter(({ severity }) => severity === "error");
  return errors.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`);
};

describe("reading", () => {
  test("a file with its includes, theirs from their own folder, each once", () => {
    write({
      "rules.yaml": "game: tiny\ninclude: [base.yaml, sub/more.yaml]\n",
      "base.yaml": base,
      "sub/more.yaml": "game: tiny\ninclude: [../base.yaml, deep.yaml]\n",
      "sub/deep.yaml": "game: tiny\nrules: []\n",
    });
    const { files, paths, problems: found } = read();
    expect(found).toEqual([]);
    expect(files.main).toBe("rules.yaml");
    expect([...files.texts.keys()]).toEqual(["rules.yaml", "base.yaml", "sub/more.yaml", "sub/deep.yaml"]);
    expect(files.texts.get("base.yaml")).toBe(base);
    expect(paths).toEqual(["rules.yaml", "base.yaml", "sub/more.yaml", "sub/deep.yaml"].map(at));
    expect(compileRead(read(), tinyGame)).toMatchObject({ ok: true });
  });

  test("a mark at the beginning, foreign line ends and every script are fine", () => {
    const text = `game: tiny\r\nrules:\r\n  - { on: chat, command: [привет, 你好, 🌹], do: wave }\r\n`;
    write({ "rules.yaml": `\ufeff${text}` });
    expect(read().files.texts.get("rules.yaml")).toBe(text);
    expect(problems()).toEqual([]);
  });

  test("an include that is not there is named with its line, and its path is watched", () => {
    write({ "rules.yaml": main("nowhere.yaml") });
    expect(problems()).toEqual(["rules.yaml:3:5 RULES_INCLUDE"]);
    expect(read().paths).toContain(at("nowhere.yaml"));
  });

  test.each(["../outside.yaml", "/etc/passwd", "sub/../../outside.yaml", "C:/x.yaml", "..\\outside.yaml", "~/x.yaml"])(
    "an include of %s is not even looked at",
    (path) => {
      write({ "rules.yaml": main(`'${path}'`) });
      expect(read().paths).toEqual([at("rules.yaml")]);
      expect(problems()).toEqual(["rules.yaml:3:5 RULES_INCLUDE"]);
    },
  );

  test("a link that leads out of the folder is refused, one within it is followed", () => {
    write({ "rules.yaml": main("link.yaml"), "sub/base.yaml": base });
    symlinkSync(at("../outside.yaml"), at("link.yaml"));
    expect(problems()).toEqual(["rules.yaml:3:5 RULES_INCLUDE"]);
    expect(read().problems[0]!.message).toMatch(/leads out of the rule file's folder/);
    rmSync(at("link.yaml"));
    symlinkSync(at("sub/base.yaml"), at("link.yaml"));
    expect(problems()).toEqual([]);
  });

  test("a folder that is a link leads nowhere else either", () => {
    symlinkSync(at(".."), at("up"));
    write({ "rules.yaml": main("up/outside.yaml") });
    expect(problems()).toEqual(["rules.yaml:3:5 RULES_INCLUDE"]);
    expect(read().files.texts.size).toBe(1);
  });

  test("a folder whose name begins like the rule file's is another folder", () => {
    mkdirSync(at("../my-other"));
    writeFileSync(at("../my-other/x.yaml"), base);
    symlinkSync(at("../my-other/x.yaml"), at("link.yaml"));
    write({ "rules.yaml": main("link.yaml") });
    expect(problems()).toEqual(["rules.yaml:3:5 RULES_INCLUDE"]);
  });

  test("a main file that is a link includes what is beside the link", () => {
    write({ "sub/real.yaml": main("base.yaml"), "base.yaml": base });
    symlinkSync(at("sub/real.yaml"), at("rules.yaml"));
    expect(problems()).toEqual([]);
  });

  test.each(["rules.yaml", "twin.yaml"])("the file itself as its own include, as %s", (name) => {
    write({ "rules.yaml": main(name) });
    symlinkSync(at("rules.yaml"), at("twin.yaml"));
    expect(problems()).toEqual(["rules.yaml:3:5 RULES_INCLUDE"]);
  });

  test("two files that include each other", () => {
    write({ "rules.yaml": main("base.yaml"), "base.yaml": "game: tiny\ninclude: rules.yaml\n" });
    expect(problems()).toEqual(["base.yaml:2:10 RULES_INCLUDE"]);
  });

  test("a folder or a device as include", () => {
    write({ "rules.yaml": main("sub") });
    expect(problems()).toEqual(["rules.yaml:3:5 RULES_INCLUDE"]);
    expect(read().problems[0]!.message).toMatch(/is no file/);
  });

  test("more than 20 files are refused at the first one too many, and no more are read", () => {
    const names = Array.from({ length: 60 }, (_, i) => `f${i}.yaml`);
    for (const name of names) write({ [name]: "game: tiny\nrules: []\n" });
    write({ "rules.yaml": `game: tiny\ninclude:\n${names.map((name) => `  - ${name}\n`).join("")}${rule}` });
    const { files, problems: found } = read();
    expect(files.texts.size).toBe(20);
    expect(found).toMatchObject([{ code: "RULES_INCLUDE", line: 22, message: expect.stringContaining("f19.yaml") }]);
  });

  test("the place of an include is found beside longer names", () => {
    write({ "rules.yaml": "# base.yaml\ngame: tiny\ninclude: [my-base.yaml,\n  base.yaml]\n", "my-base.yaml": base });
    mkdirSync(at("base.yaml"));
    expect(problems()).toEqual(["rules.yaml:4:3 RULES_INCLUDE"]);
  });
});

describe("bytes that are no rules", () => {
  const latin1 = Buffer.from(`game: tiny\nrules:\n  - { on: chat, command: adiós, do: wave }\n`, "latin1");
  test.each<[string, Uint8Array, string, RegExp]>([
    ["another encoding", latin1, "3:29 RULES_ENCODING", /no UTF-8/],
    ["UTF-16", Buffer.from(`\ufeff${base}`, "utf16le"), "1:1 RULES_ENCODING", /UTF-16/],
    ["UTF-16 without a mark", Buffer.from(base, "utf16le"), "1:2 RULES_ENCODING", /zero byte/],
    ["a picture", Buffer.from("\x89PNG\r\n\x1a\n\0\0", "latin1"), "1:1 RULES_ENCODING", /no UTF-8/],
    ["the beginning of a letter", Buffer.from([...Buffer.from("a: b\n"), 0xe2, 0x82]), "2:1 RULES_ENCODING", /UTF-8/],
    ["10 MB", Buffer.alloc(10_000_000, "# x\n"), "1:1 RULES_TOO_LARGE", /1 MB/],
    ["one byte too many", Buffer.alloc(1_000_001, "#"), "1:1 RULES_TOO_LARGE", /1 MB/],
  ])("%s, as the file and as an include", (_what, bytes, expected, message) => {
    write({ "rules.yaml": bytes });
    expect(problems()).toEqual([`rules.yaml:${expected}`]);
    expect(read().problems[0]!.message).toMatch(message);
    write({ "rules.yaml": main("base.yaml"), "base.yaml": bytes });
    expect(problems()).toEqual(["rules.yaml:3:5 RULES_INCLUDE", `base.yaml:${expected}`]);
  });

  test("a file as large as may be is read", () => {
    write({ "rules.yaml": `${base}${"#".repeat(1_000_000 - base.length)}` });
    expect(read().problems).toEqual([]);
  });
});

describe("a main file that is none", () => {
  test.each<[string, () => string, RegExp]>([
    ["nothing", () => at("nowhere.yaml"), /nowhere\.yaml does not exist\. Check the path after --rules\./],
    ["a path through a file", () => at("rules.yaml/x"), /does not exist/],
    ["a folder", () => at("sub"), /is a folder; --rules takes a file/],
    ["a device", () => "/dev/zero", /no plain file/],
  ])("%s", (_what, path, message) => {
    write({ "rules.yaml": base });
    expect(() => readRuleFiles(path(), "--rules")).toThrow(UserError);
    expect(() => readRuleFiles(path(), "--rules")).toThrow(message);
  });
});

test("a text takes the place of the main file's, with the includes that are on disk", () => {
  write({ "base.yaml": base });
  const { files } = readRuleFiles(at("rules.yaml"), "--rules", main("base.yaml"));
  expect(files.texts.get("rules.yaml")).toBe(main("base.yaml"));
  expect(files.texts.get("base.yaml")).toBe(base);
});

test("problems are shown beside the main file as it was named", () => {
  const problem = { severity: "error", code: "RULES_SHAPE", line: 3, column: 4, message: "No." } as const;
  expect(shownProblem("shows/a.yaml", { ...problem, file: "a.yaml" })).toBe("shows/a.yaml:3:4  RULES_SHAPE  No.");
  expect(shownProblem("shows/a.yaml", { ...problem, file: "sub/b.yaml" })).toMatch(/^shows\/sub\/b\.yaml:3:4 /);
  expect(shownProblem("a.yaml", { ...problem, severity: "warning", file: "b.yaml" })).toBe(
    "b.yaml:3:4  RULES_SHAPE  warning: No.",
  );
});

describe("replacing", () => {
  test("keeps the file's mode and leaves nothing else", () => {
    write({ "rules.yaml": base });
    chmodSync(at("rules.yaml"), 0o640);
    const before = readdirSync(folder);
    replaceFile(at("rules.yaml"), main("x"));
    expect(readFileSync(at("rules.yaml"), "utf8")).toBe(main("x"));
    expect(statSync(at("rules.yaml")).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(before);
  });

  test("through a link, the link stays one", () => {
    write({ "sub/real.yaml": base });
    symlinkSync(at("sub/real.yaml"), at("rules.yaml"));
    replaceFile(at("rules.yaml"), "new");
    expect(lstatSync(at("rules.yaml")).isSymbolicLink()).toBe(true);
    expect(readFileSync(at("sub/real.yaml"), "utf8")).toBe("new");
  });

  test("a file that is gone is made anew; where nothing can be made, nothing is left", () => {
    replaceFile(at("rules.yaml"), "new");
    expect(statSync(at("rules.yaml")).mode & 0o777).toBe(0o644);
    expect(() => replaceFile(at("nowhere/rules.yaml"), "new")).toThrow(/ENOENT/);
    mkdirSync(at("taken.yaml/full"), { recursive: true });
    expect(() => replaceFile(at("taken.yaml"), "new")).toThrow();
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(existsSync(at("taken.yaml/full"))).toBe(true);
  });
});

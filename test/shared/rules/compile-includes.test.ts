/** Rule files that build on others: what comes first, what takes whose place, what is added up. */
import { describe, expect, test } from "vitest";
import game from "../../../shared/games/last-ball/game.ts";
import { includedPath } from "../../../shared/rules/compile/includes.ts";
import { createRuleCompiler, includesOf } from "../../../shared/rules/compile.ts";
import type { CompiledRules } from "../../../shared/rules/compiled.ts";

const compile = createRuleCompiler(game);

/** Compiles files by name, the first one the main one; each gets its first line. Throws what is wrong. */
function compiled(files: Readonly<Record<string, string>>): CompiledRules {
  const texts = new Map(Object.entries(files).map(([name, text]) => [name, `game: last-ball\n${text}`]));
  const result = compile({ main: Object.keys(files)[0]!, texts });
  if (result.ok) return result.rules;
  throw new Error(result.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join("\n"));
}
const rule = (id: string, action = "dash") => `  - { id: ${id}, on: chat, do: ${action} }\n`;
const idsOf = ({ rules }: CompiledRules) => rules.map(({ id }) => id);

test("included rules come first, in the order of include, each file's own includes before it, every file once", () => {
  const rules = compiled({
    "main.yaml": `include: [a.yaml, sub/b.yaml]\nrules:\n${rule("main")}`,
    "a.yaml": `include: sub/c.yaml\nrules:\n${rule("a")}`,
    "sub/b.yaml": `include: [c.yaml, ../a.yaml]\nrules:\n${rule("b")}`,
    "sub/c.yaml": `rules:\n${rule("c")}`,
  });
  expect(idsOf(rules)).toEqual(["c", "a", "b", "main"]);
  expect(rules.rules.map(({ place }) => place)).toEqual([
    { file: "sub/c.yaml", line: 3, column: 5 },
    { file: "a.yaml", line: 4, column: 5 },
    { file: "sub/b.yaml", line: 4, column: 5 },
    { file: "main.yaml", line: 4, column: 5 },
  ]);
});

test("a rule takes the place of an included one with its id; off takes it out", () => {
  const base = `rules:\n${rule("one")}${rule("two")}${rule("three")}`;
  const own = `rules:\n  - { id: three, off: true, on: chat, do: dash }\n${rule("four")}${rule("one", "guard")}`;
  const rules = compiled({ "main.yaml": `include: base.yaml\n${own}`, "base.yaml": base });
  expect(rules.rules.map(({ id, steps }) => [id, steps[0]?.kind === "call" && steps[0].action])).toEqual([
    ["one", "guard"],
    ["two", "dash"],
    ["four", "dash"],
  ]);
});

test("a file goes without rules of what it includes, and is told of ids that are not there", () => {
  const base = `rules:\n${rule("one")}${rule("two")}${rule("three")}`;
  const files = {
    "main.yaml": `include: base.yaml\nwithout: [two, one]\nrules:\n${rule("one", "guard")}`,
    "base.yaml": base,
  };
  expect(idsOf(compiled(files))).toEqual(["three", "one"]);
  expect(() => compiled({ ...files, "main.yaml": "include: base.yaml\nwithout: thee\n" })).toThrow(
    'main.yaml:3: No included file has a rule with the id "thee". Did you mean "three"?',
  );
});

test("rules without an id are numbered over all files", () => {
  const files = {
    "main.yaml": "include: base.yaml\nrules:\n  - { on: chat, do: dash }\n",
    "base.yaml": "rules:\n  - { on: chat, do: dash }\n",
  };
  expect(idsOf(compiled(files))).toEqual(["rule-1", "rule-2"]);
});

test("sections come together by name, options deep; limits, firstMatch and allow as a whole; tests are the main file's own", () => {
  const one = "tests:\n  - { name: one, given: { chat: x }, expect: dash }\n";
  const rules = compiled({
    "main.yaml": `include: base.yaml
options: { lives: 3, points: { win: 20 } }
tiers: { T6: 2000 }
meters: { hype: { full: 50 } }
queues: { big: { gap: 1s } }
words: { go: [vamos] }
limits: { cooldown: { everyone: 1s } }
firstMatch: gift
allow: [COMPLIANCE_CHANCE]
${one.replaceAll("one", "two")}`,
    "base.yaml": `options: { maxBalls: 20, points: { revenge: 5 } }
tiers: { T5: 600 }
meters: { hype: { full: 10, title: Hype }, calm: { full: 5 } }
queues: { small: {} }
words: { go: [go], stop: [stop] }
limits: { quota: { viewer: { round: 5 } } }
firstMatch: [chat, like]
allow: [COMPLIANCE_BETTING]
rules:
  - { on: chat, command: words.go, do: dash }
${one}`,
  });
  expect(rules.options).toMatchObject({ lives: 3, maxBalls: 20, points: { win: 20, revenge: 5 } });
  expect(rules.tiers).toMatchObject({ T5: 600, T6: 2000 });
  expect(rules.meters.map(({ name, full, title }) => [name, full, title])).toEqual([
    ["hype", 50, "hype"],
    ["calm", 5, "calm"],
  ]);
  expect(rules.queues.map(({ name }) => name)).toEqual(["small", "big"]);
  expect(rules.rules[0]?.filter.commands).toEqual(["vamos"]);
  expect(rules.rules[0]?.limits).toEqual([
    { owner: "all", scope: "everyone", cooldownTicks: 60, quota: 0, per: "show" },
  ]);
  expect([...rules.firstMatch]).toEqual(["gift"]);
  expect(rules.allow).toEqual(["COMPLIANCE_CHANCE"]);
  expect(rules.tests.map(({ name }) => name)).toEqual(["two"]);
});

test("rules of all files together are bounded", () => {
  const many = `rules:\n${"  - { on: chat, do: dash }\n".repeat(600)}`;
  expect(() => compiled({ "main.yaml": `include: base.yaml\n${many}`, "base.yaml": many })).toThrow(
    "main.yaml:404: With its included files there are 1200 rules; at most 1000 are possible.",
  );
});

test("a name is not called unknown while a file that may declare it cannot be read", () => {
  const texts = new Map([
    ["main.yaml", "game: last-ball\ninclude: [base.yaml]\nrules:\n  - { on: chat, group: slow, do: dash }\n"],
  ]);
  expect(compile({ main: "main.yaml", texts }).problems.map(({ code }) => code)).toEqual(["RULES_INCLUDE"]);
});

test("the main file may be named with its folder", () => {
  const texts = new Map([
    ["/home/ana/show/my.yaml", "game: last-ball\ninclude: base.yaml\n"],
    ["base.yaml", `game: last-ball\nrules:\n${rule("a")}`],
  ]);
  expect(compile({ main: "/home/ana/show/my.yaml", texts })).toMatchObject({ ok: true });
  const circle = new Map([...texts, ["base.yaml", `game: last-ball\ninclude: my.yaml\nrules:\n${rule("a")}`] as const]);
  expect(compile({ main: "/home/ana/show/my.yaml", texts: circle }).problems).toMatchObject([
    { code: "RULES_INCLUDE", file: "base.yaml", line: 2, column: 10 },
  ]);
});

describe("which file is included", () => {
  test.each([
    ["main.yaml", "base.yaml", "base.yaml"],
    ["main.yaml", "./sub//base.yaml", "sub/base.yaml"],
    ["main.yaml", "sub/../base.yaml", "base.yaml"],
    ["sub/a.yaml", "base.yaml", "sub/base.yaml"],
    ["sub/a.yaml", "../base.yaml", "base.yaml"],
    ["sub/a.yaml", "../../base.yaml", undefined],
    ["main.yaml", "../base.yaml", undefined],
    ["main.yaml", "/base.yaml", undefined],
    ["main.yaml", "C:\\base.yaml", undefined],
    ["main.yaml", "c:base.yaml", undefined],
    ["main.yaml", "file:///base.yaml", undefined],
    ["main.yaml", "sub\\base.yaml", undefined],
    ["main.yaml", "base\0.yaml", undefined],
    ["main.yaml", "~/base.yaml", undefined],
    ["main.yaml", " ", undefined],
    ["main.yaml", ".", undefined],
  ])("from %s, %j is %s", (from, written, path) => {
    expect(includedPath(from, written)).toBe(path);
  });

  test("a file says what it includes; one that cannot be read includes nothing", () => {
    expect(includesOf("include: a.yaml\n")).toEqual(["a.yaml"]);
    expect(includesOf("include: [a.yaml, 5, b.yaml]\n")).toEqual(["a.yaml", "b.yaml"]);
    for (const text of ["", "include:", "include: { a: b }", "include: [", "- a"]) expect(includesOf(text)).toEqual([]);
  });
});

describe("a playlist", () => {
  const text = "playlist: [last-ball, { game: marble-dash, rules: my.yaml, rounds: 2 }, last-ball]\n";

  test("is read in its order; a game may stand in it twice", () => {
    const { playlist } = compiled({ "main.yaml": `${text}rules:\n${rule("a")}` });
    expect(playlist).toEqual([
      { game: "last-ball", rules: "", rounds: 1, place: { file: "main.yaml", line: 2, column: 12 } },
      { game: "marble-dash", rules: "my.yaml", rounds: 2, place: { file: "main.yaml", line: 2, column: 23 } },
      { game: "last-ball", rules: "", rounds: 1, place: { file: "main.yaml", line: 2, column: 73 } },
    ]);
  });

  test("of an included file is told and does not count", () => {
    const texts = new Map([
      ["main.yaml", `game: last-ball\ninclude: base.yaml\n`],
      ["base.yaml", `game: last-ball\n${text}rules:\n${rule("a")}`],
    ]);
    const result = compile({ main: "main.yaml", texts });
    expect(result.ok && result.rules.playlist).toEqual([]);
    expect(result.problems.filter(({ code }) => code === "RULES_PLAYLIST")).toMatchObject([
      { severity: "warning", file: "base.yaml", line: 2, message: expect.stringContaining('Write it in "main.yaml"') },
    ]);
  });
});

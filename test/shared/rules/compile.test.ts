/** Rule files: what is right compiles, what is wrong is named with its line, its column and the way to mend it. */
import { describe, expect, test } from "vitest";
import { compileRules } from "../../../shared/rules/compile.ts";
import { formatProblem } from "../../../shared/rules/problem.ts";
import { tinyGame } from "../../support/tiny-game.ts";

const problemsOf = (text: string) => {
  const result = compileRules(text, tinyGame);
  return result.ok ? [] : result.problems.map((problem) => formatProblem("r.yaml", problem));
};
const head = "game: tiny\nrules:\n";

describe("valid", () => {
  test.each([
    ["an action by name", "  - on: chat\n    do: wave\n"],
    ["an action with params", "  - on: gift\n    do: { jump: { size: 3 } }\n"],
    ["a list of actions", "  - on: follow\n    do: [wave, { jump: { size: 2 } }]\n"],
    ["several words", "  - on: chat\n    command: [jump, hüpf, ジャンプ]\n    do: jump\n"],
    ["a gift by name and id", "  - on: gift\n    gift: [Rose, 5655]\n    do: jump\n"],
    ["tiers", "  - on: gift\n    tier: [T1, T2]\n    do: jump\n"],
    ["cooldowns", "  - on: chat\n    cooldown: { viewer: 4s, everyone: 500 ms }\n    do: jump\n"],
    [
      "every trigger",
      ["join", "share", "subscribe", "combo.end", "streamEnd"].map((on) => `  - on: ${on}\n    do: wave\n`).join(""),
    ],
  ])("%s", (_name, rules) => {
    expect(problemsOf(head + rules)).toEqual([]);
  });

  test("options get their defaults, tiers can be moved", () => {
    const result = compileRules(
      `${head.replace("rules", "tiers: { T6: 5000 }\nrules")}  - on: chat\n    do: wave\n`,
      tinyGame,
    );
    expect(result).toMatchObject({ ok: true, rules: { options: { playSeconds: 10 }, tiers: { T1: 1, T6: 5000 } } });
  });
});

describe("invalid", () => {
  test.each([
    ["no text", "", "r.yaml:1:1  RULES_SHAPE"],
    ["a list at the top", "- a\n", "r.yaml:1:1  RULES_SHAPE"],
    ["bad YAML", "game: tiny\nrules: [\n", "RULES_SYNTAX"],
    ["a tab", "game: tiny\nrules:\n\t- on: chat\n", "r.yaml:3:1  RULES_SYNTAX"],
    ["a key twice", "game: tiny\ngame: tiny\nrules:\n  - { on: chat, do: wave }\n", "r.yaml:2:1  RULES_SYNTAX"],
    ["no rules", "game: tiny\n", "r.yaml:1:1  RULES_SHAPE"],
    ["an empty list", "game: tiny\nrules: []\n", "r.yaml:2:8  RULES_SHAPE  a rule file needs at least one rule"],
    ["another game", `game: tinny\nrules:\n  - { on: chat, do: wave }\n`, "r.yaml:1:7  RULES_WRONG_GAME"],
    [
      "an unknown top key",
      `gmae: tiny\n${head}  - { on: chat, do: wave }\n`,
      'r.yaml:1:1  RULES_UNKNOWN_KEY  "gmae" is not known here. Did you mean "game"?',
    ],
    [
      "an unknown trigger",
      `${head}  - on: chats\n    do: wave\n`,
      'r.yaml:3:9  RULES_UNKNOWN_TRIGGER  "chats" is no event a rule can wait for. Did you mean "chat"?',
    ],
    ["no trigger", `${head}  - do: wave\n`, 'r.yaml:3:5  RULES_SHAPE  a rule needs "on:"'],
    [
      "an unknown key in a rule",
      `${head}  - on: chat\n    comand: jump\n    do: jump\n`,
      'r.yaml:4:5  RULES_UNKNOWN_KEY  "comand" is not known here. Did you mean "command"?',
    ],
    [
      "an unknown action",
      `${head}  - on: chat\n    do: jmup\n`,
      'r.yaml:4:9  RULES_UNKNOWN_ACTION  Tiny has no action "jmup". Did you mean "jump"?',
    ],
    ["an inherited name as action", `${head}  - on: chat\n    do: toString\n`, "r.yaml:4:9  RULES_UNKNOWN_ACTION"],
    [
      "an unknown param",
      `${head}  - on: chat\n    do: { jump: { sise: 3 } }\n`,
      'r.yaml:4:19  RULES_UNKNOWN_KEY  "sise" is not known here. Did you mean "size"?',
    ],
    [
      "a param out of range",
      `${head}  - on: chat\n    do: { jump: { size: 30 } }\n`,
      "r.yaml:4:25  RULES_SHAPE  too big",
    ],
    ["no action", `${head}  - on: chat\n`, 'r.yaml:3:5  RULES_SHAPE  "do" names 1 to 10 actions'],
    [
      "a wrong duration",
      `${head}  - on: chat\n    cooldown: { viewer: 4 sec }\n    do: jump\n`,
      'r.yaml:4:25  RULES_SHAPE  "4 sec" is no duration',
    ],
    ["likes without every", `${head}  - on: likes\n    do: pulse\n`, "r.yaml:3:5  RULES_SHAPE"],
    [
      "two rules of one id",
      `${head}  - { id: a, on: chat, do: wave }\n  - { id: a, on: chat, do: wave }\n`,
      "r.yaml:4:1  RULES_DUPLICATE_ID",
    ],
    [
      "a wrong option",
      `game: tiny\noptions: { playSeconds: soon }\nrules:\n  - { on: chat, do: wave }\n`,
      "r.yaml:2:25  RULES_SHAPE",
    ],
    [
      "aliases that multiply",
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
      "RULES_SYNTAX",
    ],
    [
      "a huge file",
      `game: tiny\n# ${"x".repeat(1_000_001)}\n`,
      "r.yaml:1:1  RULES_SYNTAX  the file is larger than 1 MB",
    ],
  ])("%s", (_name, text, expected) => {
    expect(problemsOf(text).join("\n")).toContain(expected);
  });

  test("one slip of indentation is one problem, not one a line", () => {
    expect(problemsOf("  game: tiny\nrules: 1\na: 1\nb: 2\nc: 3\nd: 4\n")).toHaveLength(1);
  });

  test("all problems are told at once", () => {
    expect(
      problemsOf(
        `${head}  - { on: chatt, do: wave }\n  - { on: chat, do: wav }\n  - { on: gift, tier: T9, do: wave }\n`,
      ),
    ).toHaveLength(3);
  });
});

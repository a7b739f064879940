/** What `check` says about the slips that streamers make: each message names the way to mend it. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { sourceIds } from "../../../server/sources.ts";
import type { AnyGame } from "../../../shared/game/define.ts";
import lastBall from "../../../shared/games/last-ball/game.ts";
import { createRuleCompiler, oneFile } from "../../../shared/rules/compile.ts";
import { knownSources } from "../../../shared/rules/platforms.ts";

const compile = createRuleCompiler(lastBall);

/** Lines, severities and messages of what is told about rules (a list, indented by two) behind two that are fine. */
function told(rules: string, head = ""): string[] {
  const fine = "  - { on: chat, command: fine, do: dash }\n  - { on: gift, do: grow }\n";
  const { problems } = compile(oneFile(`game: last-ball\n${head}rules:\n${fine}${rules}\n`));
  return problems.map(({ line, code, severity, message }) => `${line} ${code} ${severity}: ${message}`);
}

/** What a single problem says. */
function only(rules: string, head = ""): string {
  const found = told(rules, head);
  expect(found).toHaveLength(1);
  return found[0]!;
}

describe("what YAML cannot read", () => {
  test.each([
    [
      "a brace too many",
      "  - on: follow\n    do: { spikes: { seconds: 8 } } }",
      '6 RULES_SYNTAX error: There is a "}" or "]" too many',
    ],
    ["a bracket too few", "  - on: chat\n    command: { en: [go }\n    do: dash", "is not closed"],
    [
      "an expression with signs",
      "  - on: gift\n    do: { shockwave: { power: combo > 10 ? 14 : 9 } }",
      'What stands behind "power:" has signs with a meaning of their own. Put it in quotes: power: "..."',
    ],
    ["a colon in a line that is said", "  - on: follow\n    do: { say: New: {count} }", 'Put it in quotes: say: "..."'],
    [
      "braces, then words",
      "  - on: follow\n    do: {count} came",
      'A text that begins with "{" needs quotes around all of it.',
    ],
    [
      "a comment by accident",
      "  - on: follow\n    do: { say: #1 fan {viewer.name} }",
      '6 RULES_SYNTAX error: This "{" is not closed, because " #" begins a comment',
    ],
    [
      "a brace without end",
      "  - on: follow\n    do: { say: hi",
      '6 RULES_SYNTAX error: This "{" is not closed. Write "}"',
    ],
    ["a # in quotes", '  - on: follow\n    do: { say: "a #1 fan"', 'This "{" is not closed. Write "}"'],
    ["a quote in a line that is said", "  - on: follow\n    do: { say: it's {count} }", 'Put it in quotes: say: "..."'],
    ["a brace closed as a list", "  - on: follow\n    do: [dash, { spikes: { seconds: 8 }]", 'This "{" is not closed.'],
    [
      "a list without end",
      "  - on: chat\n    command: [a, b\n    do: dash",
      '6 RULES_SYNTAX error: This "[" is not closed. Write "]"',
    ],
    ["a dash too far left", "- on: follow\n  do: dash", '5 RULES_SYNTAX error: This "- " does not stand below'],
    [
      "a dash too far right",
      "    - on: follow\n      do: dash",
      '5 RULES_SYNTAX error: This "- " does not stand below',
    ],
    [
      "a rule without its dash",
      "  id: follows\n  on: follow\n  do: dash",
      '5 RULES_SYNTAX error: Each entry of a list, such as a rule, begins with "- "',
    ],
    [
      "a key too far right",
      "  - on: follow\n      id: a\n    do: dash",
      "5 RULES_SYNTAX error: The line after this one is indented too far.",
    ],
    ["no space in a later key", "  - on: follow\n    do:dash", '6 RULES_SYNTAX error: A space is missing after "do:".'],
    [
      "no space in the first key",
      "  - on:follow\n    do: dash",
      '5 RULES_SYNTAX error: A space is missing after "on:".',
    ],
  ])("%s", (_name, rules, words) => {
    const message = only(rules);
    expect(message).toContain(words);
    expect(message).toMatch(/ Mend this first; more may follow\.$/);
  });
});

describe("what is written in another way than a rule file has it", () => {
  test.each([
    ["5%", "  - { on: follow, do: { grow: { percent: 5% } } }", "Leave % out: write 5, or 0.05"],
    ["50% in quotes", '  - { on: follow, do: { grow: { percent: "50%" } } }', "Leave % out: write 50, or 0.5"],
    ["a comma in braces", "  - { on: follow, do: { grow: { percent: 2,5 } } }", "write a point, not a comma: 2.5."],
    ["a comma in quotes", '  - { on: follow, do: { grow: { percent: "2,5" } } }', "Write a point, not a comma: 2.5."],
    ["a range", "  - { on: gift, value: 5-29, do: grow }", "such as { from: 5, to: 29 }."],
    ["a price and more", "  - { on: gift, value: 99+, do: grow }", "such as { from: 99 }."],
    ["a comment by accident", "  - on: chat\n    command: #dash\n    do: dash", "What stands behind # is a comment"],
    ["a large key", "  - On: follow\n    do: dash", 'Keys are written small: write "on:" instead of "On:".'],
    [
      "a param beside do",
      "  - { on: follow, do: spikes, seconds: 8 }",
      'It is a param of "spikes": do: { spikes: { seconds: 8 } }.',
    ],
    [
      "a param beside a list",
      "  - { on: follow, do: [dash, { spikes: {} }], seconds: 8 }",
      'It is a param of "spikes"',
    ],
    ["a word of other tools", "  - { on: comment, do: dash }", 'Did you mean "chat"?'],
    ["everybody", "  - { on: chat, do: { dash: {}, target: all } }", 'Did you mean "everyone"?'],
    ["seconds without a unit", "  - { on: chat, cooldown: { viewer: 4 }, do: dash }", "Add a unit: 4s or 4m."],
    [
      "milliseconds without a unit",
      "  - { on: chat, cooldown: { viewer: 500 }, do: dash }",
      "Add a unit: 500ms or 500s.",
    ],
    [
      ".nan",
      "  - { on: follow, do: { grow: { percent: .nan } } }",
      "This is no number that can be computed with; expected a number",
    ],
    [".inf", "  - { on: follow, do: { grow: { percent: .inf } } }", "This is no number that can be computed with"],
    ["a zero-width space", "  - { on: ch\u200Bat, do: dash }", "At column 13 stands a zero-width space; delete it"],
    ["a no-break space", "  - on: follow\n    do:\u00A0dash", "At column 8 stands a no-break space"],
    [
      "a full-width colon",
      "  - on\uFF1A chat\n    do: dash",
      'The "\uFF1A" at column 7 only looks like a colon: write ":" and a space.',
    ],
  ])("%s", (_name, rules, words) => expect(only(rules)).toContain(words));

  test("large letters of a second key", () => {
    expect(told("  - on: follow\n    Do: dash").join(" ")).toContain('write "do:"');
  });
  test("numbers of options", () => {
    const rule = "  - { on: follow, do: dash }";
    expect(only(rule, "options: { suddenTo: 5% }\n")).toContain("Leave % out: write 5, or 0.05");
    expect(only(rule, 'options: { suddenTo: "0,5" }\n')).toContain("Write a point, not a comma: 0.5.");
  });
  test("an emoji of several, and signs of other languages in a text, are none of these", () => {
    expect(only('  - { on: chat, command: 👩\u200D🚀, do: { say: "好\uFF1A{nobody}" } }')).not.toMatch(
      /At column|looks like/,
    );
  });
});

describe("what can be played, though it is hardly meant so", () => {
  const known = "RULES_UNKNOWN_NAME warning: ";
  test.each([
    [
      "a source",
      "  - { on: chat, source: tikok, do: dash }",
      `${known}No source or platform is called "tikok", unless a program of yours sends it. Did you mean "tiktok"?`,
    ],
    [
      "a platform of several",
      "  - { on: chat, viewer: { platform: [twitch, Mine] }, do: dash }",
      `${known}No platform is called "Mine", unless`,
    ],
    [
      "a name as a text",
      "  - { on: chat, do: { set: { king: viewer.name } } }",
      'RULES_EXPRESSION warning: This is just the text "viewer.name". For its value begin with =, as in "= viewer.name"',
    ],
    ["a call as a text", "  - { on: chat, do: { set: { king: lower(text) } } }", 'as in "= lower(text)"'],
  ])("%s", (_name, rule, words) => {
    const message = only(rule, "variables: { king: { type: text } }\n");
    expect(message).toContain(words);
    expect(message).toMatch(/^6 /);
  });

  test("a name as a text of an action", () => {
    const { badge } = lastBall.actions;
    const params = z.object({ line: z.string().default(""), mark: z.enum(["count", "text"]).default("text") });
    const game = { ...lastBall, actions: { ...lastBall.actions, badge: { ...badge!, params } } } as AnyGame;
    const file = (line: string) =>
      `game: last-ball\nrules:\n  - { on: chat, do: { badge: { line: ${line}, mark: text } } }\n  - { on: gift, do: grow }\n`;
    const found = (line: string) =>
      createRuleCompiler(game)(oneFile(file(line))).problems.map(({ message }) => message);
    expect(found("viewer.name")).toEqual([expect.stringContaining('as in "= viewer.name"')]);
    expect(found('"= viewer.name"')).toEqual([]);
  });

  test("a team in a test", () => {
    const tests =
      "  - { on: join, do: enter }\ntests:\n  - { name: a, given: { join: true, viewer: { team: [Foo, pink] } }, expect: enter }";
    expect(only(tests)).toContain(`7 ${known}There is no team "Foo".`);
  });

  test.each([
    [
      "sources by id and by platform",
      "  - { on: chat, source: [TikTok, tiktool, kick, twitch-2], viewer: { platform: YouTube }, do: dash }",
    ],
    ["texts that are no names", "  - { on: chat, do: { set: { king: nobody.there } } }"],
    ["texts after =", '  - { on: chat, do: { set: { king: "= viewer.name" } } }'],
    ["a text meant as it is", "  - { on: chat, do: { set: { king: '= \"viewer.name\"' } } }"],
    ["true as a text", '  - { on: chat, do: { set: { king: "true" } } }'],
  ])("fine: %s", (_name, rule) => expect(told(rule, "variables: { king: { type: text } }\n")).toEqual([]));

  test("every source there is has a known id", () => {
    for (const id of sourceIds()) expect(knownSources).toContain(id);
    expect(knownSources).toHaveLength(sourceIds().length);
  });
});

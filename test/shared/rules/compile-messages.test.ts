/** What `check` says about the slips that streamers make: each message names the way to mend it. */
import { describe, expect, test } from "vitest";
import lastBall from "../../../shared/games/last-ball/game.ts";
import { createRuleCompiler, oneFile } from "../../../shared/rules/compile.ts";

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

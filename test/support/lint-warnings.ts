/** What the linter says about rules of the tiny game, for tables of tests. */
import { expect } from "vitest";
import type { AnyGame } from "../../shared/game/define.ts";
import { compileRules, oneFile } from "../../shared/rules/compile.ts";
import type { KnownGift } from "../../shared/rules/compiled.ts";
import { lintRules } from "../../shared/rules/lint.ts";
import type { Problem } from "../../shared/rules/problem.ts";
import { tinyGame } from "./tiny-game.ts";

/** Takes every gift, and is free to play: what most tables are not about. Calls what no other rule calls. */
const base = "  - { on: gift, do: picky }\n  - { on: join, do: picky }\n";
const declared =
  "meters: { rage: { full: 9 } }\nvariables: { n: { start: 0 }, mood: { min: -5, max: 5 }, low: { max: 5 }, king: { type: text } }\n";

/** Warnings about a whole file. */
export function warningsOf(text: string, game: AnyGame = tinyGame, gifts: readonly KnownGift[] = []): Problem[] {
  const result = compileRules(oneFile(text), game);
  if (!result.ok) throw new Error(result.problems.map(({ line, message }) => `${line}: ${message}`).join("\n"));
  const problems = lintRules(result.rules, game, { gifts });
  for (const { severity, message } of problems) {
    expect(severity).toBe("warning");
    expect(message).toMatch(/^[A-Z"].{30,}[.?]$/);
  }
  return problems;
}

/** Warnings about rules, the first of which stands in line 7; one more for each line of `head`. */
export const warnings = (rules: string, head = "", gifts: readonly KnownGift[] = []) =>
  warningsOf(`game: tiny\n${declared}${head}rules:\n${base}${rules}`, tinyGame, gifts);
export const codesOf = (problems: readonly Problem[]) => problems.map(({ code }) => code);
/** What a single warning says. */
export function only(problems: readonly Problem[]): string {
  expect(codesOf(problems)).toHaveLength(1);
  return problems[0]!.message;
}

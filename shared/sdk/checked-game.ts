/** What a check of a game is made of. */
import type { AnyGame } from "../game/define.ts";
import { compileRules, oneFile } from "../rules/compile.ts";
import type { CompiledRules } from "../rules/compiled.ts";
import { formatProblem } from "../rules/problem.ts";

/** A game as it is checked. */
export interface CheckedGame {
  readonly game: AnyGame;
  /** Text of the rule file it comes with. */
  readonly rules: string;
}

/** One thing to check. `run` throws an Error that says what is wrong. */
export interface GameCheck {
  readonly name: string;
  run(): void;
}

/** Throws an Error with this sentence unless it is so. */
export function must(isSo: boolean, otherwise: () => string): asserts isSo {
  if (!isSo) throw new Error(otherwise());
}

/** The game's rule file, compiled. Throws an Error with every mistake. */
export function rulesOf({ game, rules }: CheckedGame): { rules: CompiledRules; warnings: readonly string[] } {
  const result = compileRules(oneFile(rules), game);
  const problems = result.problems.map(formatProblem);
  if (!result.ok) throw new Error(`the rule file cannot be used:\n${problems.join("\n")}`);
  return { rules: result.rules, warnings: problems };
}

/** Beginning: the rules that a journal holds, compiled again, and the simulation that a show began with. */
import type { AnyGame } from "../game/define.ts";
import { createRuleCompiler } from "../rules/compile.ts";
import type { CompiledRules } from "../rules/compiled.ts";
import { formatProblem } from "../rules/problem.ts";
import { restoredFiles, type SavedRuleFiles } from "../sim/input.ts";
import { createSimulation, type Simulation } from "../sim/simulation.ts";
import { ShowFileError, type ShowHead } from "./show-file.ts";

/** Compiles rule files as a record has them. */
export interface RecordedRules {
  /** Undefined for those that this version does not understand any more. */
  orNone(files: SavedRuleFiles): CompiledRules | undefined;
  /** Throws a ShowFileError that begins with `what`. */
  orThrow(files: SavedRuleFiles, what: string): CompiledRules;
}

/** Creates the compiler for records of one game. */
export function createRecordedRules(game: AnyGame): RecordedRules {
  const compile = createRuleCompiler(game);
  return {
    orNone(files) {
      const result = compile(restoredFiles(files));
      return result.ok ? result.rules : undefined;
    },
    orThrow(files, what) {
      const result = compile(restoredFiles(files));
      if (result.ok) return result.rules;
      const first = result.problems.find(({ severity }) => severity === "error")!;
      throw new ShowFileError(`${what} cannot be played by this version of Uproar: ${formatProblem(first)}`);
    },
  };
}

/** The show at tick 0. Calls that were carried over and whose rules no longer compile wait on. Throws a ShowFileError when its own do not. */
export function simulationAtBeginning(
  { seed, beginning }: Pick<ShowHead, "seed" | "beginning">,
  game: AnyGame,
  compiled: RecordedRules,
): Simulation {
  const rules = compiled.orThrow(beginning.rules.at(-1)!, "The rules that the show began with");
  const before = beginning.rules.slice(0, -1).map(compiled.orNone);
  const carried = beginning.carried !== null && { carried: { saved: beginning.carried, rules: before } };
  return createSimulation({ game, rules, seed, ...carried });
}

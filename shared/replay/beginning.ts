/** Beginning: the rules that a journal holds, compiled again, and the simulation that a show began with. */
import type { AnyGame } from "../game/define.ts";
import { type CompileResult, createRuleCompiler, gameOfRules } from "../rules/compile.ts";
import type { CompiledRules, RuleFiles } from "../rules/compiled.ts";
import { formatProblem } from "../rules/problem.ts";
import { restoredFiles, type SavedRuleFiles } from "../sim/input.ts";
import type { SavedTurn } from "../sim/saved.ts";
import { createSimulation, type Simulation } from "../sim/simulation.ts";
import { ShowFileError, type ShowHead } from "./show-file.ts";

/** The games of a show by their ids. */
export type Games = ReadonlyMap<string, AnyGame>;

/** The turns that a show began with; of one from before there were playlists, its one game. */
export function turnsOf({ game, beginning }: Pick<ShowHead, "game" | "beginning">): readonly SavedTurn[] {
  return beginning.playlist ?? [{ game, rounds: 1 }];
}

/** Ids of the games of a show, each once, in the order in which they first come. */
export function gameIdsOf(head: Pick<ShowHead, "game" | "beginning">): string[] {
  return [...new Set(turnsOf(head).map(({ game }) => game))];
}

/** Titles of games, with commas between. */
export function titlesOf(games: Games): string {
  return Array.from(games.values(), ({ title }) => title).join(", ");
}

/** Compiles rule files as a record has them, each for the game that it names. */
export interface RecordedRules {
  /** Undefined for those that this version does not understand any more, and those of games that are not there. */
  orNone(files: SavedRuleFiles): CompiledRules | undefined;
  /** Throws a ShowFileError that begins with `what`. */
  orThrow(files: SavedRuleFiles, what: string): CompiledRules;
}

/** Creates the compiler for records of these games. */
export function createRecordedRules(games: Games): RecordedRules {
  const compilers = new Map<string, (files: RuleFiles) => CompileResult>();
  const compile = (saved: SavedRuleFiles): CompileResult | undefined => {
    const files = restoredFiles(saved);
    // Of one game everything is for it, and what is not is told as an error of the file.
    const id = games.size === 1 ? [...games.keys()][0]! : gameOfRules(files.texts.get(files.main) ?? "");
    const game = games.get(id);
    if (!game) return undefined;
    const compiler = compilers.get(id) ?? createRuleCompiler(game);
    compilers.set(id, compiler);
    return compiler(files);
  };
  return {
    orNone(files) {
      const result = compile(files);
      return result?.ok ? result.rules : undefined;
    },
    orThrow(files, what) {
      const result = compile(files);
      if (result?.ok) return result.rules;
      const first = result?.problems.find(({ severity }) => severity === "error");
      const why = first ? formatProblem(first) : "they are for a game that the show has not";
      throw new ShowFileError(`${what} cannot be played by this version of Uproar: ${why}`);
    },
  };
}

/** The show at tick 0. Calls that were carried over and whose rules no longer compile wait on. Throws a ShowFileError when its own do not. */
export function simulationAtBeginning(
  head: Pick<ShowHead, "seed" | "game" | "beginning">,
  games: Games,
  compiled: RecordedRules,
): Simulation {
  const { seed, beginning } = head;
  const ids = gameIdsOf(head);
  const before = beginning.rules.slice(0, -ids.length).map(compiled.orNone);
  const own = beginning.rules.slice(-ids.length);
  if (own.length < ids.length) throw new ShowFileError("the show began with more games than rule files");
  const rules = own.map((files) => compiled.orThrow(files, "The rules that the show began with"));
  const playlist = turnsOf(head).map(({ game: id, rounds }) => {
    const game = games.get(id);
    if (!game) throw new ShowFileError(`the show plays "${id}", which is not there`);
    return { game, rules: rules[ids.indexOf(id)]!, rounds };
  });
  const carried = beginning.carried !== null && { carried: { saved: beginning.carried, rules: before } };
  return createSimulation({ playlist, seed, ...carried });
}

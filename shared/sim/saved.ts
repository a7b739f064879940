/** Saved: a simulation at a checkpoint, as plain JSON. What it is made of is the affair of the parts that are saved. */
import type { SavedPhase } from "../game/phases.ts";
import type { RuleState } from "../rules/decision.ts";
import type { SavedWorld } from "../world/entity.ts";
import type { SavedRandom } from "../world/random.ts";
import type { SavedContext } from "./context.ts";
import type { SimulationCounters } from "./counters.ts";
import type { SavedFacts } from "./facts.ts";
import type { SavedOutcomes } from "./outcome.ts";
import type { PackedData } from "./pack.ts";
import type { SavedWaiting } from "./waiting.ts";

/** A simulation at a checkpoint. Plain JSON: its text, read again, goes on bit for bit. */
export interface SavedSimulation {
  readonly format: 1;
  /** The game's id. */
  readonly game: string;
  /** Numbers of all rules that it needs or will hand on. */
  readonly rules: readonly number[];
  /** Numbers of the rules that hold, of the last that were given, and of those whose options hold in this round. */
  readonly numbers: { readonly now: number; readonly last: number; readonly options: number };
  readonly random: SavedRandom;
  readonly world: SavedWorld;
  readonly phase: SavedPhase;
  readonly context: SavedContext;
  readonly facts: SavedFacts;
  readonly engine: RuleState;
  readonly outcomes: SavedOutcomes;
  readonly waiting: SavedWaiting;
  readonly counters: SimulationCounters;
  /** The game's own data and its players, together: what they share stays one and the same. */
  readonly data: PackedData;
}

/** Numbers of the rules that a saved simulation needs, those of calls it can only hand on among them. Throws on what is no such thing. */
export function rulesOfSaved(saved: unknown): readonly number[] {
  return readSaved(saved).rules;
}

/** A saved simulation from its text. Throws on what is no such thing, or of another game. */
export function readSaved(saved: unknown, game?: string): SavedSimulation {
  const read = (saved ?? {}) as Partial<SavedSimulation>;
  if (read.format !== 1) throw new Error("the saved show is of a form that this version does not know");
  if (game !== undefined && read.game !== game)
    throw new Error(`the saved show is one of ${read.game}, not of ${game}`);
  return read as SavedSimulation;
}

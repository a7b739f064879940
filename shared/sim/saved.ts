/** Saved: a simulation at a checkpoint, as plain JSON. What it is made of is the affair of the parts that are saved. */
import type { SavedPhase } from "../game/phases.ts";
import type { RuleState } from "../rules/decision.ts";
import type { SavedWorld } from "../world/entity.ts";
import type { SavedRandom } from "../world/random.ts";
import type { SimulationCounters } from "./counters.ts";
import type { SavedFacts } from "./facts.ts";
import type { SavedOutcomes } from "./outcome.ts";
import type { PackedData } from "./pack.ts";
import type { SavedMemory } from "./show-memory.ts";
import type { Turn } from "./turns.ts";
import type { SavedWaiting } from "./waiting.ts";

/** One entry of a playlist, its game by id. */
export interface SavedTurn {
  readonly game: string;
  readonly rounds: number;
}

/** A simulation at a checkpoint. Plain JSON: its text, read again, goes on bit for bit. */
export interface SavedSimulation {
  readonly format: 2;
  readonly playlist: readonly SavedTurn[];
  readonly turn: Turn;
  /** The game that has left and whose paid events are still to be decided anew, null for none. */
  readonly left: string | null;
  /** Numbers of all rules that it needs or will hand on. */
  readonly rules: readonly number[];
  /** Numbers of the rules that hold for each game, of the last that were given, and of those whose options hold in this round. */
  readonly numbers: { readonly now: readonly number[]; readonly last: number; readonly options: number };
  readonly random: SavedRandom;
  /** Of the game that plays. */
  readonly world: SavedWorld;
  readonly phase: SavedPhase;
  readonly memory: SavedMemory;
  readonly facts: SavedFacts;
  /** By game, in the order in which they first stand in the playlist. */
  readonly engines: readonly RuleState[];
  readonly outcomes: SavedOutcomes;
  readonly waiting: SavedWaiting;
  readonly counters: SimulationCounters;
  /** The game's own data and its players, together: what they share stays one and the same. Null of a game that could not begin. */
  readonly data: PackedData | null;
}

/** Numbers of the rules that a state needs or will hand on. */
export function rulesIn({ numbers, waiting }: Pick<SavedSimulation, "numbers" | "waiting">): number[] {
  const places = [...waiting.entries, ...waiting.elsewhere].map(({ call }) => call.place[0]);
  return [...new Set([...numbers.now, numbers.options, ...places])].sort((a, b) => a - b);
}

/** Numbers of the rules that a saved simulation needs, those of calls it can only hand on among them. Throws on what is no such thing. */
export function rulesOfSaved(saved: unknown): readonly number[] {
  return readSaved(saved).rules;
}

/** A saved simulation from its text. Throws on what is no such thing. */
export function readSaved(saved: unknown): SavedSimulation {
  const read = (saved ?? {}) as Partial<SavedSimulation>;
  if (read.format !== 2) throw new Error("the saved show is of a form that this version does not know");
  return read as SavedSimulation;
}

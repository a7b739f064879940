/** Saved: a simulation at a checkpoint, and what is carried from one show into the next, as plain JSON. */
import type { CompiledRules } from "../rules/compiled.ts";

/** A simulation at a checkpoint. Plain JSON: its text, read again, goes on bit for bit. What is inside is its own affair. */
export interface SavedSimulation {
  readonly format: 1;
  /** The game's id. */
  readonly game: string;
  readonly [part: string]: unknown;
}

/** Paid calls that wait when a show ends, for the next one. Plain JSON. */
export interface CarriedCalls {
  readonly format: 1;
  /** Numbers of the rules that the calls need, in the show that ended. */
  readonly rules: readonly number[];
  readonly [part: string]: unknown;
}

/** What a new show takes over from the one before. */
export interface CarriedOver {
  /** As `Simulation.carry` gave it, read again from its text. */
  readonly saved: unknown;
  /**
   * The rules that it needs, compiled for the new show's game, in the order of `rulesOfCarried`; undefined for those that can no longer be
   * compiled: their calls wait on.
   */
  readonly rules: readonly (CompiledRules | undefined)[];
}

/** Numbers of the rules, in the show that ended, that carried calls need. Throws on what is no such thing. */
export function rulesOfCarried(saved: unknown): readonly number[] {
  const { format, rules } = (saved ?? {}) as Partial<CarriedCalls>;
  if (format !== 1 || !Array.isArray(rules)) throw new Error("what was carried over from the last show cannot be read");
  return rules;
}

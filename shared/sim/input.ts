/** Input: what enters a show from outside, in the form in which the journal keeps it. Plain JSON. */
import type { LiveEvent } from "../events/live-event.ts";
import type { RuleFiles } from "../rules/compiled.ts";

/** What an operator does to a show that ticks: ends the phase, or the whole round. */
export type OperatorAct = "endPhase" | "endRound";

export const operatorActs: readonly OperatorAct[] = ["endPhase", "endRound"];

/** Texts of a rule file and what it includes, main file by its name. */
export interface SavedRuleFiles {
  readonly main: string;
  readonly texts: readonly (readonly [path: string, text: string])[];
}

/** One thing that enters. Rules are given as texts; compiled for the show's game they hold from the tick they enter. */
export type ShowInput =
  | { readonly type: "event"; readonly event: LiveEvent }
  | { readonly type: "rules"; readonly files: SavedRuleFiles }
  | { readonly type: "act"; readonly act: OperatorAct };

/** Rule files as plain data. */
export function savedFiles({ main, texts }: RuleFiles): SavedRuleFiles {
  return { main, texts: [...texts] };
}

/** The files again. */
export function restoredFiles({ main, texts }: SavedRuleFiles): RuleFiles {
  return { main, texts: new Map(texts) };
}

/**
 * What a show began with beside game and seed. Rule files are numbered in their order: first those whose calls were carried over from
 * an earlier show, then the ones it began with (the last of the list), then each change in the order of entering.
 */
export interface ShowBeginning {
  readonly rules: readonly SavedRuleFiles[];
  /** What waited when the show before it ended, as `Simulation.carry` gave it; null for nothing. */
  readonly carried: unknown;
}

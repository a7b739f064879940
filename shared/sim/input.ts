/** Input: what enters a show from outside, in the form in which the journal keeps it. Plain JSON. */
import type { LiveEvent } from "../events/live-event.ts";
import type { Viewer } from "../events/viewer.ts";
import type { RuleFiles } from "../rules/compiled.ts";
import type { SavedTurn } from "./saved.ts";

/** What an operator does to a show that ticks: ends the phase, or the whole round; or tries one action of the game that plays. */
export type OperatorAct = "endPhase" | "endRound" | ActionTrial;

export const operatorActs = ["endPhase", "endRound"] as const;

/** One action, called by hand: it plays, and nothing of it counts. */
export interface ActionTrial {
  readonly action: string;
  /** As the game declares them; what is missing has its default. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Who does it; missing for nobody in particular. */
  readonly viewer?: Viewer | undefined;
}

/** Texts of a rule file and what it includes, main file by its name. */
export interface SavedRuleFiles {
  readonly main: string;
  readonly texts: readonly (readonly [path: string, text: string])[];
}

/** One thing that enters. Rules are given as texts; compiled for their game they hold from the tick they enter. */
export type ShowInput =
  | { readonly type: "event"; readonly event: LiveEvent }
  | {
      readonly type: "rules";
      /** The game that they are for; missing in shows of one game. */
      readonly game?: string | undefined;
      readonly files: SavedRuleFiles;
    }
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
 * What a show began with beside its seed. Rule files are numbered in their order: first those whose calls were carried over from an
 * earlier show, then those of each game in the order in which the games first stand in the playlist, then each change in the order of
 * entering.
 */
export interface ShowBeginning {
  readonly rules: readonly SavedRuleFiles[];
  /** What waited when the show before it ended, as `Simulation.carry` gave it; null for nothing. */
  readonly carried: unknown;
  /** Games that take turns; missing in shows of one game that began before there were playlists. */
  readonly playlist?: readonly SavedTurn[] | undefined;
}

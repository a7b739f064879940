/** Counters of one simulation: what acted, and what was left out. */
export interface SimulationCounters {
  /** Calls applied, free calls refused (wrong phase, cooldown of the action, no place). */
  applied: number;
  refused: number;
  /** Free acts that a limit of the rules, a full queue or a full bank lost. */
  rulesDropped: number;
  /** Effects that found no place in their tick. */
  effectsDropped: number;
  /** Times a game could not begin, so that another one played or its round stayed empty. */
  gamesFailed: number;
  /** Hooks or actions that threw; `lastError` says which and why. */
  errors: number;
  lastError: string;
}

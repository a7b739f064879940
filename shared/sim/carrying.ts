/** Carrying: the paid calls that wait when a show ends go on waiting in the next one, and with them what a day's quota has used up. */
import type { CompiledRules } from "../rules/compiled.ts";
import type { RuleState } from "../rules/decision.ts";
import { isPaid } from "../rules/engine.ts";
import type { SavedEntry } from "./bank.ts";
import type { SavedOutcomes } from "./outcome.ts";
import type { SavedSimulation } from "./saved.ts";
import type { SavedWaiting } from "./waiting.ts";

/** Paid calls that wait when a show ends, for the next one. Plain JSON. */
export interface CarriedCalls {
  readonly format: 1;
  /** Numbers of the rules that the calls need, in the show that ended. */
  readonly rules: readonly number[];
  /** Oldest first. The rules of their places are numbered by their places in `rules`, their firings from 1 (0 for what no limit holds back). */
  readonly calls: readonly SavedEntry[];
  /** The gifts behind them, with what has acted of each and in which show. */
  readonly gifts: SavedOutcomes;
  readonly day: Pick<RuleState, "day" | "limits">;
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
  return readCarried(saved).rules;
}

function readCarried(saved: unknown): CarriedCalls {
  const read = (saved ?? {}) as Partial<CarriedCalls>;
  if (read.format !== 1)
    throw new Error("what the last show has left waiting is of a form that this version does not know");
  return read as CarriedCalls;
}

/** What a show hands on. */
interface Ending {
  readonly waiting: SavedWaiting;
  readonly gifts: SavedOutcomes;
  readonly engine: RuleState;
  /** Name of the show. */
  readonly show: string;
}

/** What goes on in the next show, null for nothing. */
export function carriedFrom({ waiting, gifts, engine, show }: Ending): CarriedCalls | null {
  const paid = waiting.entries.filter(({ call }) => call.event && isPaid(call.event));
  const entries = [...paid, ...waiting.stranded];
  const limits = Object.fromEntries(Object.entries(engine.limits).filter(([name]) => name.endsWith("|quota|day")));
  if (entries.length === 0 && Object.keys(limits).length === 0) return null;
  const rules = [...new Set(entries.map(({ call }) => call.place[0]))].sort((a, b) => a - b);
  const begun = new Set(engine.begun.map(([firing]) => firing));
  const firings = new Map<number, number>();
  const firingOf = (firing: number): number => {
    // What has begun may go on, whatever limits say.
    if (firing === 0 || begun.has(String(firing))) return 0;
    const number = firings.get(firing) ?? firings.size + 1;
    firings.set(firing, number);
    return number;
  };
  return {
    format: 1,
    rules,
    calls: entries.map((entry) => {
      const { place, firing, ...call } = entry.call;
      const [number, rule, step] = place;
      return { ...entry, call: { ...call, place: [rules.indexOf(number), rule, step], firing: firingOf(firing) } };
    }),
    gifts: gifts.map((gift) => {
      return { arrivedIn: show, ...gift, actions: gift.actions.map((action) => ({ show, ...action })) };
    }),
    day: { day: engine.day, limits },
  };
}

/**
 * What a new show begins with. The calls wait as if they had just been refused: none of them waits for a tick or round of a show that is
 * over.
 */
export function beginningOf(saved: unknown): Pick<SavedSimulation, "waiting" | "outcomes" | "engine"> {
  const { calls, gifts, day } = readCarried(saved);
  const entries = calls.map((entry): SavedEntry => {
    const call = { ...entry.call, notBeforeTick: 0, notBeforeRound: 1, delayTicks: 0 };
    const alone = { isInLine: false, wasRefused: true, byCombo: false, byRule: false };
    return { ...entry, call, ...alone, notBeforeTick: 0, failures: 0, reason: "waits since the last show" };
  });
  const firings = calls.reduce((most, { call }) => Math.max(most, call.firing), 0);
  const waiting = { nextReleaseTick: 0, entries, stranded: [] };
  return { waiting, outcomes: gifts, engine: { ...newEngine, ...day, firings } };
}

/** State of an engine that has decided nothing yet. */
const newEngine: RuleState = {
  ...{ tick: 0, phaseStartTick: 0, roundStartTick: 0, round: 0, phase: "", day: 0, firings: 0, pruned: 0 },
  ...{ limits: {}, acted: {}, late: {}, begun: [], cooldowns: {}, rules: {}, meters: {}, variables: {} },
  ...{ queues: {}, lasting: {}, lastEnds: {}, delayed: [] },
};

/** Carrying: the paid calls that wait when a show ends go on waiting in the next one, and with them what a day's quota has used up. */
import type { CompiledRules } from "../rules/compiled.ts";
import type { RuleState } from "../rules/decision.ts";
import { isPaid } from "../rules/engine.ts";
import type { SavedEntry } from "./bank.ts";
import type { SavedOutcomes } from "./outcome.ts";
import type { SavedElsewhere, SavedWaiting } from "./waiting.ts";

/** What a day's quotas have used up, of one game. */
interface UsedUp extends Pick<RuleState, "day" | "limits"> {
  readonly game: string;
}

/** Paid calls that wait when a show ends, for the next one. Plain JSON. */
export interface CarriedCalls {
  readonly format: 2;
  /** Numbers of the rules that the calls need, in the show that ended, and the games that they are for. */
  readonly rules: readonly number[];
  readonly games: readonly string[];
  /** Oldest first. The rules of their places are numbered by their places in `rules`, their firings from 1 (0 for what no limit holds back). */
  readonly calls: readonly SavedEntry[];
  /** The paid events behind them, with what has acted of each and in which show. */
  readonly gifts: SavedOutcomes;
  readonly days: readonly UsedUp[];
}

/** The form before shows of several games: all of it is of the show's one game. */
type OldCarried = Omit<CarriedCalls, "format" | "games" | "days"> & { format: 1; day: Omit<UsedUp, "game"> };

/** What a new show takes over from the one before. */
export interface CarriedOver {
  /** As `Simulation.carry` gave it, read again from its text. */
  readonly saved: unknown;
  /**
   * The rules that it needs, compiled for their games, in the order of `rulesOfCarried`; undefined for those that can no longer be
   * compiled, and those of games that the new show has not: their calls wait on.
   */
  readonly rules: readonly (CompiledRules | undefined)[];
}

/** Numbers of the rules, in the show that ended, that carried calls need. Throws on what is no such thing. */
export function rulesOfCarried(saved: unknown): readonly number[] {
  return readCarried(saved, "").rules;
}

/** What was carried over, in the newest form; `game` is whose it is in the old one. */
function readCarried(saved: unknown, game: string): CarriedCalls {
  const read = (saved ?? {}) as CarriedCalls | OldCarried;
  if (read.format === 2) return read;
  if (read.format !== 1)
    throw new Error("what the last show has left waiting is of a form that this version does not know");
  const { day, ...same } = read;
  return { ...same, format: 2, games: read.rules.map(() => game), days: [{ game, ...day }] };
}

/** What one show left, with its game. */
export interface LeftWaiting {
  readonly game: string;
  readonly saved: unknown;
}

/** What several shows left, as if one had: the rules of each follow those of the one before. Null when none left anything. */
export function joinCarried(all: readonly LeftWaiting[]): CarriedCalls | null {
  const [first, ...others] = all.map(({ saved, game }) => readCarried(saved, game));
  return first ? others.reduce(joined, first) : null;
}

function joined(before: CarriedCalls, after: CarriedCalls): CarriedCalls {
  const shift = before.rules.length;
  const firings = mostFirings(before);
  const calls = after.calls.map((entry) => {
    const { place, firing, ...call } = entry.call;
    const [number, rule, step] = place;
    const moved = {
      ...call,
      place: [number + shift, rule, step] as const,
      firing: firing === 0 ? 0 : firing + firings,
    };
    return { ...entry, call: moved };
  });
  return {
    format: 2,
    rules: [...before.rules, ...after.rules.map((number) => number + shift)],
    games: [...before.games, ...after.games],
    calls: [...before.calls, ...calls],
    gifts: [...before.gifts, ...after.gifts],
    // Of one game the later show knows more.
    days: [...before.days.filter(({ game }) => !after.days.some((day) => day.game === game)), ...after.days],
  };
}

function mostFirings({ calls }: CarriedCalls): number {
  return calls.reduce((most, { call }) => Math.max(most, call.firing), 0);
}

/** What a show hands on. */
interface Ending {
  readonly waiting: SavedWaiting;
  readonly gifts: SavedOutcomes;
  /** Id of the game that plays. */
  readonly game: string;
  readonly engines: readonly { readonly game: string; readonly state: RuleState }[];
  /** Name of the show. */
  readonly show: string;
}

/** What goes on in the next show, null for nothing. */
export function carriedFrom({ waiting, gifts, game, engines, show }: Ending): CarriedCalls | null {
  const own = waiting.entries.filter(({ call }) => call.event && isPaid(call.event));
  const entries: readonly SavedElsewhere[] = [...own.map((entry) => ({ ...entry, game })), ...waiting.elsewhere];
  const days = engines.map(({ game: of, state }) => ({ game: of, day: state.day, limits: dayLimitsOf(state) }));
  const used = days.filter(({ limits }) => Object.keys(limits).length > 0);
  if (entries.length === 0 && used.length === 0) return null;
  const gameOfRules = new Map(entries.map((entry) => [entry.call.place[0], entry.game]));
  const rules = [...gameOfRules.keys()].sort((a, b) => a - b);
  const firingOf = firingNumbers(engines);
  return {
    format: 2,
    rules,
    games: rules.map((number) => gameOfRules.get(number)!),
    calls: entries.map(({ game: of, ...entry }) => {
      const { place, firing, ...call } = entry.call;
      const [number, rule, step] = place;
      return { ...entry, call: { ...call, place: [rules.indexOf(number), rule, step], firing: firingOf(of, firing) } };
    }),
    gifts: gifts.map((gift) => {
      return { arrivedIn: show, ...gift, actions: gift.actions.map((action) => ({ show, ...action })) };
    }),
    days: used,
  };
}

function dayLimitsOf({ limits }: RuleState): RuleState["limits"] {
  return Object.fromEntries(Object.entries(limits).filter(([name]) => name.endsWith("|quota|day")));
}

/** Numbers the firings of all games anew, from 1. */
function firingNumbers(engines: Ending["engines"]): (game: string, firing: number) => number {
  const begun = new Map(engines.map(({ game, state }) => [game, new Set(state.begun.map(([firing]) => firing))]));
  const firings = new Map<string, number>();
  return (game, firing) => {
    // What has begun may go on, whatever limits say.
    if (firing === 0 || begun.get(game)?.has(String(firing))) return 0;
    const key = `${game} ${firing}`;
    const number = firings.get(key) ?? firings.size + 1;
    firings.set(key, number);
    return number;
  };
}

/** What a new show begins with. */
export interface TakenOver {
  readonly waiting: SavedWaiting;
  readonly outcomes: SavedOutcomes;
  /** State of a game's engine. */
  engineOf(game: string): RuleState;
}

/**
 * What a new show begins with; `game` is its first one. The calls wait as if they had just been refused: none of them waits for a tick or
 * round of a show that is over.
 */
export function beginningOf(saved: unknown, game: string): TakenOver {
  const carried = readCarried(saved, game);
  const { calls, gifts, games, days } = carried;
  const elsewhere = calls.map((entry): SavedElsewhere => {
    const call = { ...entry.call, notBeforeTick: 0, notBeforeRound: 1, delayTicks: 0 };
    const alone = { isInLine: false, wasRefused: true, byCombo: false, byRule: false };
    const reason = "waits since the last show";
    return { ...entry, call, ...alone, notBeforeTick: 0, failures: 0, reason, game: games[call.place[0]]! };
  });
  const firings = mostFirings(carried);
  return {
    waiting: { nextReleaseTick: 0, entries: [], elsewhere },
    outcomes: gifts,
    engineOf(id) {
      const { day, limits } = days.find((used) => used.game === id) ?? newEngine;
      return { ...newEngine, day, limits, firings };
    },
  };
}

/** State of an engine that has decided nothing yet. */
const newEngine: RuleState = {
  ...{ tick: 0, phaseStartTick: 0, roundStartTick: 0, round: 0, phase: "", day: 0, firings: 0, pruned: 0 },
  ...{ limits: {}, acted: {}, late: {}, begun: [], cooldowns: {}, rules: {}, meters: {}, variables: {} },
  ...{ queues: {}, lasting: {}, lastEnds: {}, delayed: [] },
};

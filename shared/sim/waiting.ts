/** Waiting: which calls wait in the bank, when they are tried again, and what becomes of them. */
import type { RuleCall } from "../rules/decision.ts";
import { type PaidEvent, unitsOf } from "../rules/engine.ts";
import type { Hindrance } from "./acting.ts";
import {
  type Bank,
  type BankEntry,
  createBank,
  isPaidCall,
  type LoadedEntry,
  lineOf,
  type SavedEntry,
} from "./bank.ts";
import type { RuleNumbers } from "./saved-calls.ts";

/** Ticks between two releases of calls that were refused, so that powers that waited do not all strike at once; a game may say another number. */
const usualGapTicks = 6;
/** A release every tick from this many waiting entries on. */
const hurryAbove = 200;
/** Most entries asked in one tick, so that a bank full of refused ones stays cheap. */
const maxTriesPerTick = 64;
/** An action that threw this often for one entry is asked again only once a minute. */
const maxFailures = 3;
const failedRetryTicks = 3600;

const behind: Hindrance = { reason: "waits its turn", ticks: 1, busy: true, failed: false };

function early({ notBeforeTick }: RuleCall): Hindrance {
  const reason = notBeforeTick === Number.MAX_SAFE_INTEGER ? "waits for the next show" : "waits its turn";
  return { reason, ticks: 0, busy: false, failed: false };
}

export interface WaitingParts {
  readonly numbers: RuleNumbers;
  /** Ticks between two releases; undefined for as usual. */
  releaseGapTicks(): number | undefined;
  tick(): number;
  /** Free calls that may wait in this queue, undefined for no queue. */
  placesIn(queue: string): number | undefined;
  /** Whether it acted in an earlier run, and only its event is decided again. */
  hasActed(call: RuleCall): boolean;
  /** Tries a call of `count` units that stands for so many `calls`. */
  attempt(call: RuleCall, count: number, calls: number, ids: readonly string[]): Hindrance | undefined;
  /** The call has acted, waits (told again for each new reason), or has ended without acting. */
  applied(call: RuleCall, ids: readonly string[]): void;
  waits(call: RuleCall, ids: readonly string[], reason: string): void;
  ended(call: RuleCall, reason: string, wasDropped: boolean): void;
  /** What the call has to do for these events another one has taken over. */
  withdrawn(call: RuleCall, ids: readonly string[]): void;
  /** A paid event of which something waits. */
  eventOf(id: string): PaidEvent | undefined;
}

export interface Waiting {
  readonly bank: Bank;
  /** Lets a call act, or wait as its patience allows. */
  decide(call: RuleCall): void;
  /** Once a tick: lets act what can act now. */
  release(): void;
  /** Paid calls that cannot act now whatever happens: their game does not play, or their rules or actions are those of another version. */
  readonly elsewhere: readonly SavedElsewhere[];
  /** The game that plays leaves: free calls end, and `told` says why; who paid waits for it, for the reason `why`. */
  leave(game: string, why: string, told: string): void;
  /** This game plays from now on: what waits for it may act again. Others get their reasons. */
  enter(game: string, reasonOf: (game: string) => string): void;
  /** These events are another game's by now: what waits for them elsewhere does not any more. */
  withdraw(events: ReadonlyMap<string, PaidEvent>): void;
  save(): SavedWaiting;
}

/** A call that cannot act now whatever happens, as plain JSON. */
export interface SavedElsewhere extends SavedEntry {
  /** The game whose rules made it. */
  readonly game: string;
}

/** What waits, as plain JSON. */
export interface SavedWaiting {
  readonly nextReleaseTick: number;
  readonly entries: readonly SavedEntry[];
  readonly elsewhere: readonly SavedElsewhere[];
}

/** Creates the keeper of waiting calls, with none, or goes on with saved ones. */
export function createWaiting(parts: WaitingParts, saved?: SavedWaiting): Waiting {
  const { numbers } = parts;
  let elsewhere = saved?.elsewhere ?? [];
  let bank = createBank((saved?.entries ?? []).map((entry) => loadedOf(entry, numbers)));
  let nextReleaseTick = saved?.nextReleaseTick ?? 0;
  /** Lines that do not move in this tick. */
  const held = new Set<string>();

  const keep = (call: RuleCall, { reason, ticks, busy }: Hindrance) => {
    const { event } = call;
    // What waits only for its own time goes away by itself.
    const places = parts.placesIn(call.rule.queue) ?? (call.patience === "turn" ? Number.POSITIVE_INFINITY : undefined);
    const entry = {
      call,
      member: call.viewer,
      paid: isPaidCall(call),
      count: call.count,
      notBeforeTick: Math.max(call.notBeforeTick, parts.tick() + ticks),
      reason,
      line: lineOf(call),
      isInLine: busy,
      wasRefused: call.notBeforeTick <= parts.tick(),
    };
    if (!bank.add(entry, places)) parts.ended(call, "too many wait", true);
    else parts.waits(call, event ? [event.id] : [], reason);
  };

  /** Asks what waits again; true when it is done with. */
  const retry = (entry: BankEntry): boolean => {
    const { call } = entry;
    const hindrance = parts.attempt(call, entry.count, entry.calls, entry.eventIds);
    if (!hindrance) {
      bank.remove(entry);
      parts.applied(call, entry.eventIds);
      return true;
    }
    if (call.patience === "turn" && !hindrance.busy) {
      bank.remove(entry);
      parts.ended(call, hindrance.reason, false);
      return false;
    }
    if (hindrance.failed) entry.failures++;
    bank.lineUp(entry, hindrance.busy);
    // So that all who wait are asked once before anybody is asked again.
    const turnTicks = Math.ceil((bank.paid.size + bank.free.size) / maxTriesPerTick) + 1;
    const ticks = entry.failures >= maxFailures ? failedRetryTicks : Math.max(hindrance.ticks, turnTicks);
    entry.notBeforeTick = parts.tick() + ticks;
    entry.wasRefused = true;
    if (entry.reason !== hindrance.reason) {
      entry.reason = hindrance.reason;
      parts.waits(call, entry.eventIds, hindrance.reason);
    }
    return false;
  };

  /** Asks those that are due, at most `tries` of them; returns how many more may be asked. */
  const releaseFrom = (entries: ReadonlySet<BankEntry>, most: number): number => {
    const tick = parts.tick();
    let tries = most;
    for (const entry of entries) {
      // Who waits for the same busy power waits in line: one whom it told "later" holds back those behind.
      const { line } = entry;
      if (held.has(line)) continue;
      const isDue = entry.notBeforeTick <= tick && (!entry.wasRefused || tick >= nextReleaseTick);
      if (isDue) {
        const { wasRefused } = entry;
        if (retry(entry) && wasRefused)
          nextReleaseTick = tick + (bank.paid.size > hurryAbove ? 1 : (parts.releaseGapTicks() ?? usualGapTicks));
        if (--tries === 0) return 0;
      }
      if (entry.isInLine) held.add(line);
    }
    return tries;
  };

  return {
    get bank() {
      return bank;
    },
    decide(call) {
      const tick = parts.tick();
      const ids = call.event ? [call.event.id] : [];
      // Before it can become one with another call.
      if (parts.hasActed(call)) {
        parts.applied(call, ids);
        return;
      }
      const isEarly = call.notBeforeTick > tick;
      // Whoever has no patience goes away, but not past those who wait.
      const isBehind = !isEarly && bank.hasLine(lineOf(call));
      const hindrance = isEarly ? early(call) : isBehind ? behind : parts.attempt(call, call.count, 1, ids);
      if (!hindrance) parts.applied(call, ids);
      else if (call.patience === "forever" || (call.patience === "turn" && (isEarly || hindrance.busy)))
        keep(call, hindrance);
      else parts.ended(call, hindrance.reason, false);
    },
    release() {
      if (bank.paid.size + bank.free.size === 0) return;
      held.clear();
      // Who paid goes first in every line.
      const tries = releaseFrom(bank.paid, maxTriesPerTick);
      if (tries > 0) releaseFrom(bank.free, tries);
    },
    get elsewhere() {
      return elsewhere;
    },
    leave(game, why, told) {
      for (const { call } of bank.free) parts.ended(call, told, false);
      for (const { call, eventIds } of bank.paid) parts.waits(call, eventIds, why);
      const paid = bank.save(numbers.save).slice(0, bank.paid.size);
      const alone = { isInLine: false, byCombo: false, byRule: false, reason: why };
      elsewhere = [...elsewhere, ...paid.map((entry) => ({ ...entry, ...alone, game }))];
      bank = createBank();
    },
    enter(game, reasonOf) {
      const loaded: LoadedEntry[] = [];
      elsewhere = elsewhere.flatMap((entry) => {
        const call = entry.game === game ? numbers.load(entry.call) : reasonOf(entry.game);
        if (typeof call === "string") return [{ ...entry, reason: call }];
        loaded.push({ ...entry, call });
        return [];
      });
      bank = createBank(loaded);
    },
    withdraw(events) {
      elsewhere = elsewhere.flatMap((entry) => {
        const gone = entry.eventIds.filter((id) => events.has(id));
        if (gone.length === 0) return [entry];
        const call = numbers.load(entry.call);
        if (typeof call !== "string") parts.withdrawn(call, gone);
        return withoutEvents(entry, events, parts.eventOf) ?? [];
      });
    },
    save: () => ({ nextReleaseTick, entries: bank.save(numbers.save), elsewhere }),
  };
}

function loadedOf(entry: SavedEntry, numbers: RuleNumbers): LoadedEntry {
  const call = numbers.load(entry.call);
  if (typeof call === "string") throw new Error(`a call that waited ${call}`);
  return { ...entry, call };
}

/** What is left of an entry without some of its events; undefined for nothing. */
function withoutEvents(
  entry: SavedElsewhere,
  gone: ReadonlyMap<string, PaidEvent>,
  eventOf: WaitingParts["eventOf"],
): SavedElsewhere | undefined {
  const eventIds = entry.eventIds.filter((id) => !gone.has(id));
  const [first] = eventIds;
  if (first === undefined) return undefined;
  const taken = entry.eventIds.filter((id) => gone.has(id));
  const units = taken.reduce((sum, id) => sum + unitsOf(gone.get(id)!), 0);
  // Whatever is computed from the event goes by one that is still in it.
  const event = eventIds.includes(entry.call.event!.id) ? entry.call.event : (eventOf(first) ?? entry.call.event);
  const call = { ...entry.call, ...(event && { event }) };
  return { ...entry, eventIds, call, count: entry.count - units, calls: entry.calls - taken.length };
}

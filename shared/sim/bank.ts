/**
 * Bank: calls that wait for their moment. A paid one leaves it only by being applied; free ones that a rule delays, queues or banks
 * wait beside them, so many and no more.
 */
import type { ViewerKey } from "../events/viewer.ts";
import type { CallStep } from "../rules/compiled.ts";
import type { RuleCall } from "../rules/decision.ts";
import { isPaid } from "../rules/engine.ts";
import type { SavedCall } from "./saved-calls.ts";

/** One waiting call, of one or (when merged) several events. */
export interface BankEntry {
  readonly call: RuleCall;
  /** Who caused it, "" for nobody. */
  readonly member: ViewerKey;
  readonly paid: boolean;
  /** Ids of all events in it; of a free one, some. */
  readonly eventIds: string[];
  count: number;
  /** Calls in it: itself and those that joined. */
  calls: number;
  /** Tick from which it may be tried. */
  notBeforeTick: number;
  /** Why it waits, for people. */
  reason: string;
  /** How often its action threw. */
  failures: number;
  /** Line it belongs to, and whether it waits in it behind others. */
  readonly line: string;
  isInLine: boolean;
  /** It has been refused; such ones act one after the other, with a gap. Others have only waited for their own time. */
  wasRefused: boolean;
}

/** What a caller gives; the rest the bank keeps itself. */
type NewEntry = Omit<BankEntry, "eventIds" | "failures" | "calls">;

/** A waiting call as plain JSON. */
export interface SavedEntry
  extends Pick<BankEntry, "count" | "calls" | "notBeforeTick" | "reason" | "failures" | "isInLine" | "wasRefused"> {
  readonly call: SavedCall;
  readonly eventIds: readonly string[];
  /** Others may still join it: of the same combo, of the same rule. */
  readonly byCombo: boolean;
  readonly byRule: boolean;
}

/** An entry of a bank that was saved, with its call found again. */
export type LoadedEntry = Omit<SavedEntry, "call"> & { readonly call: RuleCall };

/** Paid entries beyond this are merged by viewer and rule: effects join, units stay exact. */
const mergeAbove = 2000;
/** Free calls that wait at once; those of one rule that wait without an end, where its queue says no other number. */
const maxFree = 1000;
const maxFreePerRule = 50;
/** Ids kept of a free entry: nobody accounts for it, and one viewer could merge for ever. */
const maxFreeIds = 20;

export interface Bank {
  /** Waiting entries, oldest first: of those who paid, and the others. */
  readonly paid: ReadonlySet<BankEntry>;
  readonly free: ReadonlySet<BankEntry>;
  /**
   * Adds a call; joins an entry of the same combo, of the same viewer and rule if the call merges, and above 2,000 paid entries any of
   * the same viewer and rule. `places` free calls of its rule or queue may wait. False when it is free and no place is left.
   */
  add(entry: NewEntry, places?: number): boolean;
  /** Takes an entry out. */
  remove(entry: BankEntry): void;
  /** Puts an entry into its line, or takes it out. */
  lineUp(entry: BankEntry, isInLine: boolean): void;
  /** Whether somebody waits in this line. */
  hasLine(line: string): boolean;
  holds(member: ViewerKey): boolean;
  /** All entries, those who paid first; `saved` gives each call as plain JSON. */
  save(saved: (call: RuleCall) => SavedCall): SavedEntry[];
}

/** Creates an empty bank, or goes on with saved entries. Every step costs the same however much waits. */
export function createBank(from: readonly LoadedEntry[] = []): Bank {
  const paid = new Set<BankEntry>();
  const free = new Set<BankEntry>();
  const byMember = new Map<ViewerKey, number>();
  const lines = new Map<string, number>();
  const freeByPlace = new Map<string, number>();
  const keys = createKeys();
  /** The entry that others may join: by combo, and by viewer and rule alone. */
  const byCombo = new Map<string, BankEntry>();
  const byRule = new Map<string, BankEntry>();

  const joined = (added: NewEntry): BankEntry | undefined => {
    const known = byCombo.get(keys.comboOf(added));
    if (known) return known;
    const mayJoin = added.call.merges || (added.paid && paid.size >= mergeAbove);
    return mayJoin ? byRule.get(keys.ruleOf(added)) : undefined;
  };
  const enter = (entry: BankEntry) => {
    (entry.paid ? paid : free).add(entry);
    change(byMember, entry.member, 1);
    if (entry.isInLine) change(lines, entry.line, 1);
    if (!entry.paid) change(freeByPlace, placeOf(entry), 1);
  };
  for (const saved of from) {
    const entry = entryOf(saved);
    enter(entry);
    if (saved.byRule) byRule.set(keys.ruleOf(entry), entry);
    if (saved.byCombo) byCombo.set(keys.comboOf(entry), entry);
  }
  return {
    paid,
    free,
    add(added, places = maxFreePerRule) {
      const eventId = added.call.event?.id;
      const known = joined(added);
      // What may never act in this show takes nothing with it that can.
      if (known && isNever(known) === isNever(added)) {
        known.count += added.count;
        known.calls++;
        if (eventId !== undefined && (added.paid || known.eventIds.length < maxFreeIds)) known.eventIds.push(eventId);
        return true;
      }
      const isFull = free.size >= maxFree || (freeByPlace.get(placeOf(added)) ?? 0) >= places;
      if (!added.paid && isFull) return false;
      const entry: BankEntry = { ...added, eventIds: eventId === undefined ? [] : [eventId], failures: 0, calls: 1 };
      enter(entry);
      byRule.set(keys.ruleOf(entry), entry);
      const combo = keys.comboOf(entry);
      if (combo !== "") byCombo.set(combo, entry);
      return true;
    },
    remove(entry) {
      if (!(entry.paid ? paid : free).delete(entry)) return;
      change(byMember, entry.member, -1);
      this.lineUp(entry, false);
      if (!entry.paid) change(freeByPlace, placeOf(entry), -1);
      forget(byRule, keys.ruleOf(entry), entry);
      forget(byCombo, keys.comboOf(entry), entry);
    },
    lineUp(entry, isInLine) {
      if (entry.isInLine === isInLine) return;
      entry.isInLine = isInLine;
      change(lines, entry.line, isInLine ? 1 : -1);
    },
    hasLine: (line) => lines.has(line),
    holds: (member) => byMember.has(member),
    save: (saved) =>
      [...paid, ...free].map((entry) => {
        const { call, eventIds, count, calls, notBeforeTick, reason, failures, isInLine, wasRefused } = entry;
        return {
          ...{ call: saved(call), eventIds: [...eventIds], count, calls, notBeforeTick, reason, failures },
          ...{ isInLine, wasRefused },
          byCombo: byCombo.get(keys.comboOf(entry)) === entry,
          byRule: byRule.get(keys.ruleOf(entry)) === entry,
        };
      }),
  };
}

/** Whether somebody paid for a call. */
export function isPaidCall({ event }: RuleCall): boolean {
  return event !== undefined && isPaid(event);
}

function entryOf({ byCombo: _combo, byRule: _rule, eventIds, ...rest }: LoadedEntry): BankEntry {
  const { call } = rest;
  return { ...rest, eventIds: [...eventIds], member: call.viewer, paid: isPaidCall(call), line: lineOf(call) };
}

/** The line a call waits in when something is busy: its queue's, else its action's. */
export function lineOf({ rule, step }: RuleCall): string {
  return rule.queue === "" ? step.action : `queue:${rule.queue}`;
}

/** Where free calls are counted: in their queue, or by their rule. */
function placeOf({ call, line }: NewEntry): string {
  return call.rule.queue === "" ? `rule:${call.rule.id}` : line;
}

function isNever({ call }: NewEntry): boolean {
  return call.notBeforeTick === Number.MAX_SAFE_INTEGER;
}

function change(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

function forget(index: Map<string, BankEntry>, key: string, entry: BankEntry): void {
  if (index.get(key) === entry) index.delete(key);
}

/**
 * Names what may become one call: the same step of the same rules (after a change of rules it is another one, whatever its name), for
 * the same viewer, of the same gift at the same price, test or not.
 */
function createKeys() {
  const numbers = new WeakMap<CallStep, number>();
  let last = 0;
  const numberOf = (step: CallStep): number => {
    const known = numbers.get(step) ?? ++last;
    numbers.set(step, known);
    return known;
  };
  const ruleOf = ({ member, call: { step, event } }: NewEntry): string => {
    const gift = event && "gift" in event ? `${event.gift.id}|${event.gift.unitValue}` : "";
    return `${numberOf(step)}|${event?.test ?? false}|${gift}|${member}`;
  };
  return {
    ruleOf,
    /** "" for what is no combo. */
    comboOf(entry: NewEntry): string {
      const { event } = entry.call;
      if (event?.type !== "gift" || event.streakKey === "") return "";
      return `${ruleOf(entry)}|${event.viewer.platform}|${event.streakKey}`;
    },
  };
}

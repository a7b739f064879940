/**
 * Bank: calls that wait for their moment. A paid one leaves it only by being applied; free ones that a rule delays, queues or banks
 * wait beside them, so many and no more.
 */
import type { ViewerKey } from "../events/viewer.ts";
import type { RuleCall } from "../rules/decision.ts";

/** One waiting call, of one or (when merged) several events. */
export interface BankEntry {
  readonly call: RuleCall;
  /** Who caused it, "" for nobody. */
  readonly member: ViewerKey;
  readonly paid: boolean;
  /** Ids of all events in it. */
  readonly eventIds: string[];
  count: number;
  /** Tick from which it may be tried. */
  notBeforeTick: number;
  /** Why it waits, for people. */
  reason: string;
  /** How often its action threw. */
  failures: number;
  /** Line it waits in, behind others: a queue's or a busy action's; "" for none. */
  line: string;
  /** It has been refused; such ones act one after the other, with a gap. Others have only waited for their own time. */
  wasRefused: boolean;
}

/** What a caller gives; the rest the bank keeps itself. */
type NewEntry = Omit<BankEntry, "eventIds" | "failures">;

/** Paid entries beyond this are merged by viewer and rule: effects join, units stay exact. */
const mergeAbove = 2000;
/** Free calls that wait at once. */
const maxFree = 1000;

export interface Bank {
  /** Waiting entries, oldest first. */
  readonly entries: ReadonlySet<BankEntry>;
  /** Paid ones among them. */
  readonly paidCount: number;
  /**
   * Adds a call; joins an entry of the same combo, of the same viewer and rule if the call merges, and above 2,000 entries any of the
   * same viewer and rule. False when it is free and no place is left.
   */
  add(entry: NewEntry): boolean;
  /** Takes an entry out. */
  remove(entry: BankEntry): void;
  /** Puts an entry into a line ("" takes it out). */
  lineUp(entry: BankEntry, line: string): void;
  /** Whether somebody waits in this line. */
  hasLine(line: string): boolean;
  /** Free calls of a rule's queue that wait. */
  freeIn(queue: string): number;
  holds(member: ViewerKey): boolean;
}

/** Creates an empty bank. Every step costs the same however much waits. */
export function createBank(): Bank {
  const entries = new Set<BankEntry>();
  const byMember = new Map<ViewerKey, number>();
  const lines = new Map<string, number>();
  const freeByQueue = new Map<string, number>();
  /** The entry that others may join: by combo, and by viewer and rule alone. */
  const byCombo = new Map<string, BankEntry>();
  const byRule = new Map<string, BankEntry>();
  let free = 0;

  const joined = (added: NewEntry): BankEntry | undefined => {
    const combo = comboKey(added);
    if (combo !== "" && byCombo.has(combo)) return byCombo.get(combo);
    const mayJoin = added.call.merges || (added.paid && entries.size - free >= mergeAbove);
    return mayJoin ? byRule.get(ruleKey(added)) : undefined;
  };
  return {
    entries,
    get paidCount() {
      return entries.size - free;
    },
    add(added) {
      const eventId = added.call.event?.id;
      const known = joined(added);
      if (known) {
        known.count += added.count;
        if (eventId !== undefined) known.eventIds.push(eventId);
        return true;
      }
      if (!added.paid && free >= maxFree) return false;
      const entry: BankEntry = { ...added, eventIds: eventId === undefined ? [] : [eventId], failures: 0 };
      entries.add(entry);
      change(byMember, entry.member, 1);
      if (entry.line !== "") change(lines, entry.line, 1);
      if (!entry.paid) {
        free++;
        change(freeByQueue, entry.call.rule.queue, 1);
      }
      byRule.set(ruleKey(entry), entry);
      const combo = comboKey(entry);
      if (combo !== "") byCombo.set(combo, entry);
      return true;
    },
    remove(entry) {
      if (!entries.delete(entry)) return;
      change(byMember, entry.member, -1);
      this.lineUp(entry, "");
      if (!entry.paid) {
        free--;
        change(freeByQueue, entry.call.rule.queue, -1);
      }
      forget(byRule, ruleKey(entry), entry);
      forget(byCombo, comboKey(entry), entry);
    },
    lineUp(entry, line) {
      if (entry.line === line) return;
      if (entry.line !== "") change(lines, entry.line, -1);
      entry.line = line;
      if (line !== "") change(lines, line, 1);
    },
    hasLine: (line) => lines.has(line),
    freeIn: (queue) => freeByQueue.get(queue) ?? 0,
    holds: (member) => byMember.has(member),
  };
}

function change(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

function forget(index: Map<string, BankEntry>, key: string, entry: BankEntry): void {
  if (index.get(key) === entry) index.delete(key);
}

/** Calls that may become one: same viewer, rule, step, and test or not. */
function ruleKey({ member, call }: NewEntry): string {
  return `${call.rule.id}|${call.rule.steps.indexOf(call.step)}|${call.step.action}|${call.event?.test ?? false}|${member}`;
}

/** Calls that always become one: steps of the same combo. "" for what is no combo. */
function comboKey(entry: NewEntry): string {
  const { event } = entry.call;
  if (event?.type !== "gift" || event.streakKey === "") return "";
  return `${ruleKey(entry)}|${event.viewer.platform}|${event.streakKey}`;
}

/** Bank: paid acts that wait for their moment. Nothing leaves it but by being applied. */
import type { LiveEvent } from "../events/live-event.ts";
import type { ViewerKey } from "../events/viewer.ts";
import type { RuleCall } from "../rules/engine.ts";

/** One waiting call, of one or (when merged) several events. */
export interface BankEntry {
  readonly call: RuleCall;
  readonly member: ViewerKey;
  /** The event it began with. */
  readonly event: LiveEvent;
  /** Ids of all events in it. */
  readonly eventIds: string[];
  count: number;
  /** Tick from which it may be tried. */
  notBeforeTick: number;
  /** Why it waits, for people. */
  reason: string;
  /** How often its action threw. */
  failures: number;
  /** The action itself said "later": those behind it for the same action wait too. */
  isInLine: boolean;
}

/** What a caller gives; the rest the bank keeps itself. */
type NewEntry = Omit<BankEntry, "eventIds" | "failures" | "isInLine">;

/** Entries beyond this are merged by viewer and rule: effects join, units stay exact. */
const mergeAbove = 2000;

export interface Bank {
  /** Waiting entries, oldest first. */
  readonly entries: readonly BankEntry[];
  /** Adds a call; joins an entry of the same combo, and above 2,000 entries any of the same viewer and rule. */
  add(entry: NewEntry): void;
  /** Takes an applied entry out. */
  remove(entry: BankEntry): void;
  holds(member: ViewerKey): boolean;
}

/** Creates an empty bank. */
export function createBank(): Bank {
  const entries: BankEntry[] = [];
  const byMember = new Map<ViewerKey, number>();
  const joins = (entry: BankEntry, added: NewEntry) =>
    entry.member === added.member &&
    entry.call.rule === added.call.rule &&
    entry.call.call === added.call.call &&
    entry.event.test === added.event.test &&
    (entries.length >= mergeAbove || isSameCombo(entry.event, added.event));
  return {
    entries,
    add(added) {
      const entry = entries.find((candidate) => joins(candidate, added));
      if (entry) {
        entry.count += added.count;
        entry.eventIds.push(added.event.id);
        return;
      }
      entries.push({ ...added, eventIds: [added.event.id], failures: 0, isInLine: false });
      byMember.set(added.member, (byMember.get(added.member) ?? 0) + 1);
    },
    remove(entry) {
      const index = entries.indexOf(entry);
      if (index < 0) return;
      entries.splice(index, 1);
      const left = (byMember.get(entry.member) ?? 1) - 1;
      if (left > 0) byMember.set(entry.member, left);
      else byMember.delete(entry.member);
    },
    holds: (member) => byMember.has(member),
  };
}

function isSameCombo(a: LiveEvent, b: LiveEvent): boolean {
  return (
    a.type === "gift" && b.type === "gift" && a.streakKey !== "" && a.streakKey === b.streakKey && a.source === b.source
  );
}

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
  readonly entries: ReadonlySet<BankEntry>;
  /** Adds a call; joins an entry of the same combo, and above 2,000 entries any of the same viewer and rule. */
  add(entry: NewEntry): void;
  /** Takes an applied entry out. */
  remove(entry: BankEntry): void;
  holds(member: ViewerKey): boolean;
}

/** Creates an empty bank. Every step costs the same however much waits. */
export function createBank(): Bank {
  const entries = new Set<BankEntry>();
  const byMember = new Map<ViewerKey, number>();
  /** The entry that others may join: by combo, and by viewer and rule alone. */
  const byCombo = new Map<string, BankEntry>();
  const byRule = new Map<string, BankEntry>();

  const joined = (added: NewEntry): BankEntry | undefined => {
    const combo = comboKey(added);
    if (combo !== "" && byCombo.has(combo)) return byCombo.get(combo);
    return entries.size >= mergeAbove ? byRule.get(ruleKey(added)) : undefined;
  };
  return {
    entries,
    add(added) {
      const known = joined(added);
      if (known) {
        known.count += added.count;
        known.eventIds.push(added.event.id);
        return;
      }
      const entry: BankEntry = { ...added, eventIds: [added.event.id], failures: 0, isInLine: false };
      entries.add(entry);
      byMember.set(entry.member, (byMember.get(entry.member) ?? 0) + 1);
      byRule.set(ruleKey(entry), entry);
      const combo = comboKey(entry);
      if (combo !== "") byCombo.set(combo, entry);
    },
    remove(entry) {
      if (!entries.delete(entry)) return;
      const left = (byMember.get(entry.member) ?? 1) - 1;
      if (left > 0) byMember.set(entry.member, left);
      else byMember.delete(entry.member);
      forget(byRule, ruleKey(entry), entry);
      forget(byCombo, comboKey(entry), entry);
    },
    holds: (member) => byMember.has(member),
  };
}

function forget(index: Map<string, BankEntry>, key: string, entry: BankEntry): void {
  if (index.get(key) === entry) index.delete(key);
}

/** Acts that may become one when much waits: same viewer, rule, action, and test or not. */
function ruleKey({ member, call, event }: NewEntry): string {
  return `${call.rule.id}|${call.rule.calls.indexOf(call.call)}|${event.test}|${member}`;
}

/** Acts that always become one: steps of the same combo. "" for what is no combo. */
function comboKey(entry: NewEntry): string {
  const { event } = entry;
  if (event.type !== "gift" || event.streakKey === "") return "";
  return `${ruleKey(entry)}|${event.viewer.platform}|${event.streakKey}`;
}

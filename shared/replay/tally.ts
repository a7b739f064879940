/** Tally: what the rules did in a run of a show, by rule and action, and what became of each event that concerned a rule. */
import type { LiveEvent } from "../events/live-event.ts";
import type { RuleTrace } from "../rules/decision.ts";
import type { Acted, Decided } from "../sim/acted.ts";
import type { GiftOutcome } from "../sim/outcome.ts";
import type { StepResult } from "../sim/simulation.ts";

/** Value by currency; test gifts are worth nothing. */
export type Worth = Readonly<Record<string, number>>;

/** What one rule did with one action; or, of a rule that calls none, with its first step (`fill`, `say`, ...). */
export interface TallyRow {
  readonly rule: string;
  readonly action: string;
  /** Times it acted, for one body or for many at once. */
  fired: number;
  /** Worth of the gifts that were applied by it; a gift that calls two actions counts for both. */
  spent: Worth;
  /** Gifts that wait for it in the end. */
  banked: number;
  /** Calls, nobody's money, that were refused or lost to a limit. */
  refused: number;
}

/** Gifts of one state in the end. */
export interface TallySum {
  gifts: number;
  worth: Worth;
}

export type GiftSums = Readonly<Record<GiftOutcome["state"], TallySum>>;

/** An event, and what became of it. */
export interface EventFate {
  readonly id: string;
  readonly tick: number;
  readonly type: LiveEvent["type"];
  /** Handle, else name, "" for nobody. */
  readonly viewer: string;
  /** "2 x Rose", "" for what is no gift. */
  readonly gift: string;
  /** In a few words: "applied: spikes", "banked: waits for play", "rejected: no rule for this gift", "nothing". */
  readonly outcome: string;
}

export interface Tally {
  /** Takes the result of a step. */
  note(result: Pick<StepResult, "decisions" | "acts" | "outcomes">): void;
  rows(): readonly TallyRow[];
  gifts(): GiftSums;
  /** Of events that concerned a rule, and of all gifts, in the order of their arrival. */
  fates(): ReadonlyMap<string, EventFate>;
}

/** What is known of an event while the show goes on. */
interface Known {
  readonly tick: number;
  readonly type: LiveEvent["type"];
  readonly viewer: string;
  readonly gift: string;
  /** Worth and currency of a gift that counts. */
  readonly value: number;
  readonly currency: string;
  /** Actions that it called and that acted, each once. */
  readonly done: string[];
  /** Rows it waits for. */
  readonly waitsFor: Set<TallyRow>;
  /** Of a gift, as last told. */
  outcome: Pick<GiftOutcome, "state" | "reason" | "actions"> | undefined;
  /** Why a call of it was refused, "" when none was. */
  refused: string;
}

/** Creates a tally of nothing. */
export function createTally(): Tally {
  const rows = new Map<string, TallyRow>();
  const known = new Map<string, Known>();

  const rowOf = (rule: string, action: string): TallyRow => {
    const key = `${rule}\n${action}`;
    const found = rows.get(key) ?? { rule, action, fired: 0, spent: {}, banked: 0, refused: 0 };
    rows.set(key, found);
    return found;
  };
  const eventOf = (event: LiveEvent, tick: number): Known => {
    const found = known.get(event.id) ?? knownOf(event, tick);
    known.set(event.id, found);
    return found;
  };
  const decided = ({ event, tick, traces }: Decided) => {
    for (const { rule, verdict } of traces) {
      const steps = rule.steps.map((step) => (step.kind === "call" ? step.action : step.kind));
      if (verdict !== "fired" && verdict !== "waits" && verdict !== "dropped") continue;
      const about = event && eventOf(event, tick);
      if (verdict === "dropped") {
        rowOf(rule.id, steps[0]!).refused++;
        if (about) about.refused ||= "a limit";
      } else if (!callsActions({ rule })) {
        rowOf(rule.id, steps[0]!).fired++;
        if (about) addOnce(about.done, steps[0]!);
      }
    }
  };
  const acted = ({ rule, action, eventIds, state, reason }: Acted, isFirst: boolean) => {
    const row = rowOf(rule, action);
    if (state === "applied" && isFirst) row.fired++;
    if (state === "refused") row.refused++;
    for (const id of eventIds) {
      const event = known.get(id);
      if (!event) continue;
      if (state === "waits") event.waitsFor.add(row);
      else event.waitsFor.delete(row);
      if (state === "applied") addOnce(event.done, action);
      if (state === "refused") event.refused = reason;
    }
  };
  return {
    note({ decisions, acts, outcomes }) {
      for (const decision of decisions) decided(decision);
      // Before the acts: a gift carried over from another show is first heard of here.
      for (const { event, state, reason, actions } of outcomes) {
        eventOf(event, decisions[0]?.tick ?? 0).outcome = { state, reason, actions };
      }
      let before: Acted | undefined;
      for (const act of acts) {
        acted(act, !isSameCall(act, before));
        before = act;
      }
    },
    rows() {
      for (const row of rows.values()) Object.assign(row, { spent: {}, banked: 0 });
      for (const event of known.values()) {
        if (event.outcome?.state === "banked") for (const row of event.waitsFor) row.banked++;
        if (event.outcome?.state !== "applied") continue;
        const paid = new Set(event.outcome.actions.map(({ rule, action }) => rowOf(rule, action)));
        for (const row of paid) row.spent = plus(row.spent, event);
      }
      return [...rows.values()];
    },
    gifts() {
      const sums = { applied: none(), banked: none(), rejected: none() };
      for (const event of known.values()) {
        if (!event.outcome || event.currency === "") continue;
        const sum = sums[event.outcome.state];
        sum.gifts++;
        sum.worth = plus(sum.worth, event);
      }
      return sums;
    },
    fates() {
      const fates = new Map<string, EventFate>();
      for (const [id, event] of known) {
        const { tick, type, viewer, gift } = event;
        fates.set(id, { id, tick, type, viewer, gift, outcome: outcomeWords(event) });
      }
      return fates;
    },
  };
}

/** What becomes of an event that concerns no rule. */
export const noOutcome = "nothing";

/** Whether the outcome is another one: why something waits or is refused may change from tick to tick, and counts for nothing. */
export function isOtherOutcome(a: string, b: string): boolean {
  const core = (words: string) => (words.startsWith("applied") ? words : words.split(":", 1)[0]);
  return core(a) !== core(b);
}

function outcomeWords({ outcome, done, refused }: Known): string {
  if (outcome?.state === "applied") {
    const actions = new Set(outcome.actions.map(({ action }) => action));
    return `applied: ${[...actions].sort().join(", ")}`;
  }
  if (outcome) return `${outcome.state}: ${outcome.reason}`;
  if (done.length > 0) return `applied: ${done.toSorted().join(", ")}`;
  return refused === "" ? noOutcome : `refused: ${refused}`;
}

function knownOf(event: LiveEvent, tick: number): Known {
  const isGift = event.type === "gift";
  const person = "viewer" in event ? event.viewer : undefined;
  return {
    tick,
    type: event.type,
    viewer: person?.handle || person?.name || "",
    gift: isGift ? `${event.count} x ${event.gift.name || event.gift.id}` : "",
    value: isGift && !event.test ? event.count * event.gift.unitValue : 0,
    currency: isGift && !event.test ? event.gift.currency : "",
    done: [],
    waitsFor: new Set(),
    outcome: undefined,
    refused: "",
  };
}

function callsActions({ rule }: Pick<RuleTrace, "rule">): boolean {
  return rule.steps.some(({ kind }) => kind === "call" || kind === "oneOf");
}

/** One call that acts for many bodies is told once for each, one after the other. */
function isSameCall(act: Acted, before: Acted | undefined): boolean {
  if (before?.state !== act.state || before.viewer === act.viewer) return false;
  const isSameStep = before.rule === act.rule && before.action === act.action && before.line === act.line;
  return isSameStep && before.eventIds.join("\n") === act.eventIds.join("\n");
}

function addOnce(list: string[], item: string): void {
  if (!list.includes(item)) list.push(item);
}

function none(): TallySum {
  return { gifts: 0, worth: {} };
}

function plus(worth: Worth, { value, currency }: Known): Worth {
  return currency === "" ? worth : { ...worth, [currency]: (worth[currency] ?? 0) + value };
}

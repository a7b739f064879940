/**
 * Event log: the last events of a show, with what the rules said about them and what was done. In the tick it keeps references and
 * nothing else; what belongs together is put together when somebody asks.
 */
import type { LiveEvent } from "../../shared/events/live-event.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import type { RuleTrace } from "../../shared/rules/decision.ts";
import { isPaid } from "../../shared/rules/engine.ts";
import type { Acted, Decided } from "../../shared/sim/acted.ts";
import type { StepResult } from "../../shared/sim/simulation.ts";

/** Events kept, and beside them so many gifts and subscriptions, which no flood of others pushes out. */
export const keptEvents = 500;
/** Acts kept of one gift; a power that waits long is asked many times. */
const maxActs = 20;
/** Acts kept of all other events together. */
const keptActs = 2_000;
/** Acts remembered as told, so that those who listen hear nothing twice. */
const maxRemembered = 1_000;

/** An event, or a moment of the show itself that concerned a rule. */
export interface LoggedEvent {
  /** Counts up, so that what is older has less. */
  readonly seq: number;
  /** When the show took it, ms since 1970. */
  readonly atMs: number;
  readonly tick: number;
  /** Undefined for a moment of the show: a phase, a timer, a full meter. */
  readonly event: LiveEvent | undefined;
  readonly traces: readonly RuleTrace[];
  /** The rules that decided. */
  readonly rules: CompiledRules;
  /** What was done about it so far, oldest first. */
  readonly acts: readonly Acted[];
}

/** Is told while the show ticks: it must only take note. */
export interface LogListener {
  /** An event was decided; what was done about it in the same tick is in its acts. */
  decided(entry: LoggedEvent): void;
  /** Something was done later, or had no event. */
  acted(act: Acted): void;
}

export interface EventLog {
  /** Takes what a tick decided and did. */
  note(step: Pick<StepResult, "decisions" | "acts">, nowMs: number): void;
  /** The newest `last` entries that `fits` accepts, oldest first. */
  recent(last: number, fits: (event: LiveEvent | undefined) => boolean): LoggedEvent[];
  /** Calls the listener from now on; the returned function ends that. */
  listen(listener: LogListener): () => void;
}

/** What is kept of a decision. */
interface Slot {
  readonly seq: number;
  readonly atMs: number;
  readonly told: Decided;
  /** Of gifts and subscriptions, whose acts may come much later; those of others are found by their event when asked for. */
  readonly acts: Acted[] | undefined;
}

/** Creates an empty log. */
export function createEventLog(): EventLog {
  const paid = createRing<Slot>(keptEvents);
  const others = createRing<Slot>(keptEvents);
  const otherActs = createRing<Acted>(keptActs);
  const paidById = new Map<string, Slot>();
  const listeners = new Set<LogListener>();
  const newsOf = createNewsFilter();
  let seq = 0;

  const keepPaid = (slot: Slot, id: string) => {
    const out = paid.push(slot);
    // The same id again (a replay) is another slot's by now.
    const outId = out?.told.event?.id ?? "";
    if (out && paidById.get(outId) === out) paidById.delete(outId);
    paidById.set(id, slot);
  };
  const keepAct = (act: Acted) => {
    let isKept = false;
    for (const id of act.eventIds) {
      const acts = paidById.get(id)?.acts;
      if (!acts) continue;
      isKept = true;
      if (acts.length < maxActs) addUnlessRepeated(acts, act);
    }
    if (!isKept) otherActs.push(act);
  };
  const tell = (slots: readonly Slot[], acts: readonly Acted[]) => {
    const fresh = new Set(slots.map(({ told }) => told.event?.id));
    const behind = actsBehind(acts);
    const entries = slots.map((slot) => entryOf(slot, behind));
    const inEntries = new Set(entries.flatMap((entry) => entry.acts));
    const news = newsOf(acts).filter((act) => !inEntries.has(act) && !act.eventIds.some((id) => fresh.has(id)));
    for (const listener of listeners) {
      for (const entry of entries) listener.decided(entry);
      for (const act of news) listener.acted(act);
    }
  };

  return {
    note({ decisions, acts }, nowMs) {
      const slots: Slot[] = [];
      for (const told of decisions) {
        const { event } = told;
        const isOfMoney = event !== undefined && isPaid(event);
        const slot = { seq: ++seq, atMs: nowMs, told, acts: isOfMoney ? [] : undefined };
        if (isOfMoney) keepPaid(slot, event.id);
        else others.push(slot);
        if (listeners.size > 0) slots.push(slot);
      }
      for (const act of acts) keepAct(act);
      if (listeners.size > 0) tell(slots, acts);
    },
    recent(last, fits) {
      const slots = [...paid.items(), ...others.items()].sort((a, b) => a.seq - b.seq);
      const fitting = slots.filter(({ told }) => fits(told.event));
      const behind = actsBehind(otherActs.items());
      return fitting.slice(Math.max(0, fitting.length - last)).map((slot) => entryOf(slot, behind));
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Acts by the event behind them; those of the show's own moments by their tick. */
interface ActsBehind {
  readonly events: ReadonlyMap<string, readonly Acted[]>;
  readonly moments: ReadonlyMap<number, readonly Acted[]>;
}

function entryOf({ seq, atMs, told, acts }: Slot, { events, moments }: ActsBehind): LoggedEvent {
  const { event, tick, traces, rules } = told;
  const ofMoment = () => (moments.get(tick) ?? []).filter((act) => traces.some(({ rule }) => rule.id === act.rule));
  return { seq, atMs, tick, event, traces, rules, acts: acts ?? (event ? (events.get(event.id) ?? []) : ofMoment()) };
}

function actsBehind(acts: readonly Acted[]): ActsBehind {
  const events = new Map<string, Acted[]>();
  const moments = new Map<number, Acted[]>();
  for (const act of acts) {
    if (act.eventIds.length === 0) addTo(moments, act.tick, act);
    for (const id of act.eventIds) addTo(events, id, act);
  }
  return { events, moments };
}

function addTo<K>(groups: Map<K, Acted[]>, key: K, act: Acted): void {
  const known = groups.get(key);
  if (!known) groups.set(key, [act]);
  else addUnlessRepeated(known, act);
}

/** A power that waits is asked again and again, and mostly answers the same. */
function addUnlessRepeated(acts: Acted[], act: Acted): void {
  const said = acts.findLast(
    ({ rule, action, viewer }) => rule === act.rule && action === act.action && viewer === act.viewer,
  );
  const isRepeated = said && act.state !== "applied" && said.state === act.state && said.reason === act.reason;
  if (!isRepeated) acts.push(act);
}

/** Keeps back acts that say what was told before; only for those who listen. */
function createNewsFilter(): (acts: readonly Acted[]) => Acted[] {
  const said = new Map<string, string>();
  return (acts) =>
    acts.filter(({ eventIds, rule, action, viewer, state, reason }) => {
      const key = JSON.stringify([eventIds, rule, action, viewer]);
      const words = `${state} ${reason}`;
      if (state !== "applied" && said.get(key) === words) return false;
      if (said.size >= maxRemembered) said.clear();
      said.set(key, words);
      return true;
    });
}

/** The last items. */
function createRing<T>(size: number) {
  const items: T[] = [];
  let next = 0;
  return {
    /** Returns what it pushed out. */
    push(item: T): T | undefined {
      const out = items[next];
      items[next] = item;
      next = (next + 1) % size;
      return out;
    },
    /** Oldest first. */
    items: (): T[] => [...items.slice(next), ...items.slice(0, next)],
  };
}

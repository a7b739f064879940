/** Event log: the last events of a show, with what the rules said about them and what was done. Kept by reference; told in words only when asked. */
import type { LiveEvent } from "../../shared/events/live-event.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import type { RuleTrace } from "../../shared/rules/decision.ts";
import { isPaid } from "../../shared/rules/engine.ts";
import type { Acted } from "../../shared/sim/acted.ts";
import type { StepResult } from "../../shared/sim/simulation.ts";

/** Events kept, and beside them so many gifts and subscriptions, which no flood of others pushes out. */
export const keptEvents = 500;
/** Acts kept of one event; a power that waits long is asked many times. */
const maxActs = 20;

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
  recent(last: number, fits: (entry: LoggedEvent) => boolean): LoggedEvent[];
  /** Calls the listener from now on; the returned function ends that. */
  listen(listener: LogListener): () => void;
}

interface Entry extends LoggedEvent {
  readonly acts: Acted[];
}

/** Creates an empty log. */
export function createEventLog(): EventLog {
  const paid = createRing();
  const others = createRing();
  const listeners = new Set<LogListener>();
  let lastMoment: Acted | undefined;
  let seq = 0;

  /** Adds an act to the events behind it. True when it says something new that those who were told of the events do not know. */
  const add = (act: Acted, first: number): boolean => {
    if (act.eventIds.length === 0) {
      const isNew = !(lastMoment && repeats(act, lastMoment));
      lastMoment = act;
      return isNew;
    }
    let isLater = false;
    let isKnown = false;
    for (const id of act.eventIds) {
      const entry = paid.get(id) ?? others.get(id);
      if (!entry) continue;
      isKnown = true;
      const said = entry.acts.findLast((other) => isOfOne(other, act));
      if (said && repeats(act, said)) continue;
      if (entry.seq < first) isLater = true;
      if (entry.acts.length < maxActs) entry.acts.push(act);
    }
    // What nobody remembers has waited very long: only that it acted is news.
    return isKnown ? isLater : act.state === "applied";
  };

  return {
    note({ decisions, acts }, nowMs) {
      if (decisions.length === 0 && acts.length === 0) return;
      const first = seq + 1;
      const fresh: Entry[] = [];
      for (const { event, tick, traces, rules } of decisions) {
        const entry: Entry = { seq: ++seq, atMs: nowMs, tick, event, traces, rules, acts: [] };
        (event && isPaid(event) ? paid : others).add(entry);
        if (listeners.size > 0) fresh.push(entry);
      }
      const later = acts.filter((act) => add(act, first));
      for (const listener of listeners) {
        for (const entry of fresh) listener.decided(entry);
        for (const act of later) listener.acted(act);
      }
    },
    recent(last, fits) {
      const all = [...paid.all(), ...others.all()].filter(fits).sort((a, b) => a.seq - b.seq);
      return all.slice(Math.max(0, all.length - last));
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function isOfOne(a: Acted, b: Acted): boolean {
  return a.rule === b.rule && a.action === b.action && a.viewer === b.viewer;
}

/** A power that waits is asked again and again, and mostly answers the same. */
function repeats(act: Acted, before: Acted): boolean {
  return isOfOne(act, before) && act.state !== "applied" && act.state === before.state && act.reason === before.reason;
}

/** The last entries, found by their event's id. */
function createRing() {
  const entries: Entry[] = [];
  const byId = new Map<string, Entry>();
  let next = 0;
  return {
    add(entry: Entry): void {
      const oldest = entries[next]?.event;
      // The same id again (a replay) is another entry's by now.
      if (oldest && byId.get(oldest.id) === entries[next]) byId.delete(oldest.id);
      entries[next] = entry;
      next = (next + 1) % keptEvents;
      if (entry.event) byId.set(entry.event.id, entry);
    },
    get: (id: string) => byId.get(id),
    all: (): readonly Entry[] => entries,
  };
}

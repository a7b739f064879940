/** Subscriptions: what a room's run must keep of those that wait for their moment. The ledger is of gifts alone, so its checkpoint tells of these. */
import { isPaid } from "../../shared/rules/engine.ts";
import type { Acted } from "../../shared/sim/acted.ts";
import type { CarriedCalls } from "../../shared/sim/carrying.ts";
import type { StepResult } from "../../shared/sim/simulation.ts";
import type { LedgerRow } from "../store/store.ts";
import type { Leaving } from "./leftover.ts";

type Actions = LedgerRow["actions"];

export interface Subscriptions {
  /** Takes note of a tick; true when the waiting of one changed in it, so that a checkpoint is due. */
  note(step: Pick<StepResult, "decisions" | "acts">): boolean;
  /** Those that are carried, with what has acted of each since it was decided; the others are forgotten. */
  carriedWith(carried: CarriedCalls | null): ReadonlyMap<string, Actions>;
}

/** Creates it with those that an earlier run has carried over. */
export function createSubscriptions({ carried, acted }: Pick<Leaving, "carried" | "acted">): Subscriptions {
  /** Those that wait, with what acted of them. */
  const waiting = new Map<string, Actions[number][]>();
  for (const id of idsIn(carried)) waiting.set(id, [...(acted[id] ?? [])]);
  return {
    note({ decisions, acts }) {
      if (acts.length === 0) return false;
      const fresh = new Map<string, Actions[number][]>();
      for (const { event } of decisions) if (event && event.type !== "gift" && isPaid(event)) fresh.set(event.id, []);
      if (fresh.size === 0 && waiting.size === 0) return false;
      const isFirstOfCall = createCallCounter();
      let hasChanged = false;
      for (const act of acts) {
        for (const id of act.eventIds) {
          const known = waiting.get(id) ?? fresh.get(id);
          if (!known) continue;
          hasChanged ||= waiting.has(id) || act.state === "waits";
          const { rule, action, tick } = act;
          if (act.state === "waits") waiting.set(id, known);
          else if (act.state === "applied" && isFirstOfCall(id, act)) known.push({ rule, action, tick });
        }
      }
      return hasChanged;
    },
    carriedWith(now) {
      const ids = idsIn(now);
      for (const id of waiting.keys()) if (!ids.has(id)) waiting.delete(id);
      return waiting;
    },
  };
}

/** Ids of subscriptions whose calls wait. */
function idsIn(carried: CarriedCalls | null): ReadonlySet<string> {
  const events = (carried?.calls ?? []).map(({ call }) => call.event);
  return new Set(events.flatMap((event) => (event && event.type !== "gift" ? [event.id] : [])));
}

/** Tells calls from bodies: a call for many of them is told once for each, and a body that comes again is another call's. */
function createCallCounter() {
  const counts = new Map<string, number>();
  const count = (key: string): number => {
    const next = (counts.get(key) ?? 0) + 1;
    counts.set(key, next);
    return next;
  };
  return (id: string, { rule, action, viewer }: Acted): boolean => {
    const call = JSON.stringify([id, rule, action]);
    const ofViewer = count(`${call} ${viewer}`);
    if (ofViewer <= (counts.get(call) ?? 0)) return false;
    count(call);
    return true;
  };
}

/** Subscriptions: what a room's run must keep of those that wait for their moment. The ledger is of gifts alone, so its checkpoint tells of these. */
import { isPaid } from "../../shared/rules/engine.ts";
import type { CarriedCalls } from "../../shared/sim/carrying.ts";
import type { StepResult } from "../../shared/sim/simulation.ts";
import type { LedgerRow } from "../store/store.ts";

type Actions = LedgerRow["actions"];

export interface Subscriptions {
  /** Takes note of a tick; true when the waiting of one changed in it, so that a checkpoint is due. */
  note(step: Pick<StepResult, "decisions" | "acts">): boolean;
  /** Those that are carried, with what has acted of each in this run; the others are forgotten. */
  carriedWith(carried: CarriedCalls | null): ReadonlyMap<string, Actions>;
}

/** Creates it with none. */
export function createSubscriptions(): Subscriptions {
  /** Those that wait, with what acted of them. */
  const waiting = new Map<string, Actions[number][]>();
  return {
    note({ decisions, acts }) {
      if (acts.length === 0) return false;
      const fresh = new Map<string, Actions[number][]>();
      for (const { event } of decisions) if (event && event.type !== "gift" && isPaid(event)) fresh.set(event.id, []);
      if (fresh.size === 0 && waiting.size === 0) return false;
      let hasChanged = false;
      for (const { eventIds, state, rule, action, tick } of acts) {
        for (const id of eventIds) {
          const known = waiting.get(id) ?? fresh.get(id);
          if (!known) continue;
          hasChanged ||= waiting.has(id) || state === "waits";
          if (state === "waits") waiting.set(id, known);
          // A call for many bodies is told once for each.
          else if (state === "applied" && !known.some((one) => one.rule === rule && one.action === action))
            known.push({ rule, action, tick });
        }
      }
      return hasChanged;
    },
    carriedWith(carried) {
      const ids = new Set((carried?.calls ?? []).map(({ call }) => call.event?.id ?? ""));
      for (const id of waiting.keys()) if (!ids.has(id)) waiting.delete(id);
      return waiting;
    },
  };
}

/**
 * Again: what earlier runs of a room accepted and this one decides again. Such a gift keeps its one row, in the run in which it arrived; a call
 * of it that is known to have acted does not act once more.
 */
import type { LiveEvent } from "../../shared/events/live-event.ts";
import type { CarriedCalls } from "../../shared/sim/carrying.ts";
import type { GiftRecord } from "../store/store.ts";
import type { EarlierEvent, Leaving } from "./leftover.ts";

type Actions = EarlierEvent["actions"];

export interface Again {
  /** Hands each event to `offer`. One that it throws on is of a form that is not understood any more: it waits on. */
  enterBy(offer: (event: LiveEvent) => void): void;
  /** Whether this rule's call for an event acted in an earlier run. True so often as it did. */
  hasActed(eventId: string, rule: string, action: string): boolean;
  /** Whether an earlier run may have let it act, and was killed before it could take note. */
  mayHaveActed(eventId: string): boolean;
  /** A row of this run as it belongs into the ledger. */
  rowOf(row: GiftRecord): GiftRecord;
  /** What acted of an event in earlier runs. */
  before(eventId: string): Actions;
  /** What this run carries, as it belongs to the next. */
  carriedOn(carried: CarriedCalls | null): CarriedCalls | null;
  /** Gifts that wait on as no rule knows them now, and what is not understood. */
  waiting(): EarlierEvent[];
  readonly doubtful: ReadonlySet<string>;
}

interface Known {
  readonly earlier: EarlierEvent;
  /** Calls that are still to be passed over, and those that were. */
  readonly left: { rule: string; action: string }[];
  readonly passed: { rule: string; action: string }[];
  /** No rule of this run knows it, or it is not understood. */
  isStranded: boolean;
}

/** Creates it for a run named `show`. */
export function createAgain(
  { again, doubtful: doubtfulIds }: Pick<Leaving, "again" | "doubtful">,
  show: string,
): Again {
  const byId = new Map<string, Known>();
  for (const earlier of again)
    byId.set(earlier.event.id, { earlier, left: [...earlier.actions], passed: [], isStranded: false });
  const doubtful = new Set(doubtfulIds);

  const actionsOf = ({ earlier, passed }: Known, actions: Actions): Actions => {
    const own = [...actions];
    // Passed over, such a call counted as done in this run; it was done in the earlier one.
    for (const one of passed) {
      const at = own.findIndex((action) => isSame(action, one));
      if (at >= 0) own.splice(at, 1);
    }
    return [...earlier.actions, ...own.map((action) => ({ show, ...action }))];
  };
  return {
    enterBy(offer) {
      for (const known of byId.values()) {
        try {
          offer(known.earlier.event);
        } catch {
          known.isStranded = true;
        }
      }
    },
    hasActed(eventId, rule, action) {
      const known = byId.get(eventId);
      const at = known ? known.left.findIndex((one) => isSame(one, { rule, action })) : -1;
      if (!known || at < 0) return false;
      known.passed.push(...known.left.splice(at, 1));
      return true;
    },
    mayHaveActed: (eventId) => doubtful.has(eventId),
    rowOf(row) {
      const known = byId.get(row.id);
      if (!known) return row;
      const { earlier } = known;
      const actions = actionsOf(known, row.actions);
      known.isStranded = row.state === "rejected" && earlier.hasWaited;
      if (!known.isStranded) return { ...row, show: earlier.show, actions };
      // What once waited for its moment is not refused because of other rules: it may be known again.
      return { ...row, show: earlier.show, actions, state: "banked", reason: `${row.reason}; it waits for one` };
    },
    before: (eventId) => byId.get(eventId)?.earlier.actions ?? [],
    carriedOn(carried) {
      if (!carried) return null;
      const gifts = carried.gifts.map((gift) => {
        const known = byId.get(gift.event.id);
        if (!known) return gift;
        const { show: arrivedIn, actions: before } = known.earlier;
        const own = actionsOf(known, gift.actions).slice(before.length);
        return { ...gift, arrivedIn, actions: [...before.map((action) => ({ show: arrivedIn, ...action })), ...own] };
      });
      return { ...carried, gifts };
    },
    waiting: () => [...byId.values()].flatMap((known) => (known.isStranded ? [known.earlier] : [])),
    doubtful,
  };
}

interface Named {
  readonly rule: string;
  readonly action: string;
}

function isSame(a: Named, b: Named): boolean {
  return a.rule === b.rule && a.action === b.action;
}

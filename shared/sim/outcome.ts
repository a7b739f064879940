/** Outcome: what became of a gift, told again whenever it changes. received = applied + banked + rejected, always. */
import type { LiveEventOf } from "../events/live-event.ts";
import type { RuleTrace } from "../rules/decision.ts";

export interface AppliedAction {
  readonly rule: string;
  readonly action: string;
  readonly tick: number;
  /** Name of the earlier show in which it was, when the gift was carried over into this one. */
  readonly show?: string;
}

export interface GiftOutcome {
  readonly event: LiveEventOf<"gift">;
  readonly state: "applied" | "banked" | "rejected";
  /** Why it is banked or rejected, "" when applied. */
  readonly reason: string;
  readonly actions: readonly AppliedAction[];
  /** Name of the earlier show in which it arrived, when it was carried over into this one. */
  readonly arrivedIn?: string | undefined;
}

interface Open {
  readonly event: LiveEventOf<"gift">;
  readonly arrivedIn?: string | undefined;
  waiting: number;
  reason: string;
  readonly actions: AppliedAction[];
}

/** Why a gift has no effect, for people: nothing was written for it, or what was does not hold now. */
export function whyNone(traces: readonly RuleTrace[]): string {
  const failing = traces.find(({ verdict }) => verdict === "condition");
  return failing
    ? `no rule for it now: ${failing.detail} of rule ${failing.rule.id} does not hold`
    : "no rule for this gift";
}

export interface OutcomeKeeper {
  /** Outcomes that changed since `clear`. */
  readonly changed: readonly GiftOutcome[];
  /**
   * A gift has entered; `calls` of its calls are still to be decided. Without any it is applied when rules have `done` something with it
   * (filled a meter, counted it), else rejected.
   */
  open(event: LiveEventOf<"gift">, calls: number, rejectedBecause: string, done: readonly AppliedAction[]): void;
  /** One of its calls was applied. Unknown ids are other paid acts, which have no ledger row. */
  applied(eventId: string, action: AppliedAction): void;
  /** One of its calls waits. */
  waits(eventId: string, reason: string): void;
  /** Tells the final word on gifts whose calls of this tick are decided. Call once after the tick's events. */
  settle(): void;
  clear(): void;
  /** Call it after `settle`. */
  save(): SavedOutcomes;
}

/** Gifts whose calls wait, as plain JSON, oldest first. */
export type SavedOutcomes = readonly Open[];

/** Creates a keeper with nothing open, or goes on with a saved one. */
export function createOutcomes(saved: SavedOutcomes = []): OutcomeKeeper {
  const open = new Map<string, Open>(saved.map((gift) => [gift.event.id, { ...gift, actions: [...gift.actions] }]));
  const touched = new Set<string>();
  const changed: GiftOutcome[] = [];
  return {
    changed,
    open(event, calls, rejectedBecause, done) {
      if (calls === 0) {
        // A copy of a gift that still waits says nothing about it.
        if (open.has(event.id)) return;
        if (done.length > 0) changed.push({ event, state: "applied", reason: "", actions: done });
        else changed.push({ event, state: "rejected", reason: rejectedBecause, actions: [] });
        return;
      }
      open.set(event.id, { event, waiting: calls, reason: "", actions: [] });
      touched.add(event.id);
    },
    applied(eventId, action) {
      const gift = open.get(eventId);
      if (!gift) return;
      gift.waiting--;
      gift.actions.push(action);
      touched.add(eventId);
    },
    waits(eventId, reason) {
      const gift = open.get(eventId);
      if (!gift || gift.reason === reason) return;
      gift.reason = reason;
      touched.add(eventId);
    },
    settle() {
      for (const id of touched) {
        const gift = open.get(id)!;
        const isDone = gift.waiting === 0;
        if (isDone) open.delete(id);
        changed.push({
          event: gift.event,
          state: isDone ? "applied" : "banked",
          reason: isDone ? "" : gift.reason,
          actions: [...gift.actions],
          arrivedIn: gift.arrivedIn,
        });
      }
      touched.clear();
    },
    clear() {
      changed.length = 0;
    },
    save: () => Array.from(open.values(), (gift) => ({ ...gift, actions: [...gift.actions] })),
  };
}

/** Outcome: what became of a gift, told again whenever it changes. received = applied + banked + rejected, always. */
import type { LiveEventOf } from "../events/live-event.ts";
import type { RuleTrace } from "../rules/decision.ts";
import type { PaidEvent } from "../rules/engine.ts";

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

/** A paid event whose calls wait. */
interface Open {
  readonly event: PaidEvent;
  readonly arrivedIn?: string | undefined;
  waiting: number;
  reason: string;
  readonly actions: AppliedAction[];
  /** Rules have filled or changed something by it, so that the rest of it is theirs, too. */
  isBound?: boolean | undefined;
}

/** What rules say of a paid event. */
export interface Opening {
  /** Its calls, which are still to be decided. */
  readonly calls: number;
  /** What the rules have done themselves, when there are no calls. */
  readonly done: readonly AppliedAction[];
  /** The rules fill or change something by it. */
  readonly isBound: boolean;
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
   * A paid event has entered. Without calls a gift is applied when rules have `done` something with it (filled a meter, counted it), else
   * rejected. Of what is no gift only is known that its calls wait.
   */
  open(event: PaidEvent, opening: Opening, rejectedBecause: string): void;
  /** One that waits has been decided anew, by the rules of another game. */
  anew(event: PaidEvent, opening: Opening): void;
  /** Those that wait and of which nothing has acted so far, oldest first. */
  untouched(): Iterable<PaidEvent>;
  /** One that waits. */
  get(eventId: string): PaidEvent | undefined;
  /** One of its calls was applied. */
  applied(eventId: string, action: AppliedAction): void;
  /** One of its calls waits. */
  waits(eventId: string, reason: string): void;
  /** Tells the final word on gifts whose calls of this tick are decided. Call once after the tick's events. */
  settle(): void;
  clear(): void;
  /** Call it after `settle`. */
  save(): SavedOutcomes;
}

/** Paid events whose calls wait, as plain JSON, oldest first. */
export type SavedOutcomes = readonly Open[];

type Told = Pick<GiftOutcome, "state" | "reason" | "actions">;

/** Creates a keeper with nothing open, or goes on with a saved one. */
export function createOutcomes(saved: SavedOutcomes = []): OutcomeKeeper {
  const open = new Map<string, Open>(saved.map((gift) => [gift.event.id, { ...gift, actions: [...gift.actions] }]));
  const touched = new Set<string>();
  const changed: GiftOutcome[] = [];
  const tell = ({ event, arrivedIn }: Pick<Open, "event" | "arrivedIn">, told: Told) => {
    if (event.type === "gift") changed.push({ event, ...told, arrivedIn });
  };
  return {
    changed,
    open(event, { calls, done, isBound }, rejectedBecause) {
      if (calls > 0) {
        open.set(event.id, { event, waiting: calls, reason: "", actions: [], ...(isBound && { isBound }) });
        touched.add(event.id);
      } else if (open.has(event.id)) return;
      // A copy of a gift that still waits says nothing about it.
      else if (done.length > 0) tell({ event }, { state: "applied", reason: "", actions: done });
      else tell({ event }, { state: "rejected", reason: rejectedBecause, actions: [] });
    },
    anew(event, { calls, done, isBound }) {
      const known = open.get(event.id)!;
      if (calls > 0) {
        Object.assign(known, { waiting: calls, reason: "" }, isBound && { isBound });
        touched.add(event.id);
        return;
      }
      open.delete(event.id);
      touched.delete(event.id);
      tell(known, { state: "applied", reason: "", actions: done });
    },
    *untouched() {
      for (const { event, actions, isBound } of open.values()) if (actions.length === 0 && !isBound) yield event;
    },
    get: (eventId) => open.get(eventId)?.event,
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
        const known = open.get(id)!;
        const { reason, actions } = known;
        const isDone = known.waiting === 0;
        if (isDone) open.delete(id);
        tell(known, { state: isDone ? "applied" : "banked", reason: isDone ? "" : reason, actions: [...actions] });
      }
      touched.clear();
    },
    clear() {
      changed.length = 0;
    },
    save: () => Array.from(open.values(), (gift) => ({ ...gift, actions: [...gift.actions] })),
  };
}

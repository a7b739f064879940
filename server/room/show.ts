/**
 * Show: one run of a game for one streamer. Takes what ingest has counted, steps the simulation, hands every gift's outcome to the
 * ledger. Knows no socket and no timer: the room calls `tick`, the operator's addresses call the rest.
 */
import type { LiveEvent } from "../../shared/events/live-event.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import type { GiftOutcome } from "../../shared/sim/outcome.ts";
import type { Simulation, StepResult } from "../../shared/sim/simulation.ts";
import type { SimulationSnapshot } from "../../shared/sim/snapshot.ts";
import { ticksPerSecond } from "../../shared/world/world.ts";
import type { Clock } from "../clock.ts";
import type { Ingest } from "../ingest/ingest.ts";
import type { SourceStatus } from "../ingest/run.ts";
import type { GiftRecord } from "../store/store.ts";
import { createEventLog, type EventLog } from "./event-log.ts";

/** Most events taken from the queue in one tick; the rest wait for the next. 200 x 60 = 12,000 a second. */
const maxEventsPerTick = 200;

/** Ticks a drain takes at most; at 200 events each far beyond what the queue can hold. */
const maxDrainTicks = 600;

export interface ShowOptions {
  /** Names the show in the ledger, in health and in room ids. */
  id: string;
  simulation: Simulation;
  ingest: Pick<Ingest, "drain" | "offer" | "status" | "counters">;
  /** Takes the ledger rows of a tick; called only when there are some. */
  recordGifts(rows: readonly GiftRecord[]): void;
  clock: Clock;
}

export interface ShowSnapshot extends SimulationSnapshot {
  readonly show: string;
  readonly sources: readonly { readonly id: string; readonly state: string; readonly detail: string }[];
}

export interface Show {
  readonly id: string;
  readonly simulation: Simulation;
  /** The last events, and why each did what it did. */
  readonly log: Pick<EventLog, "recent" | "listen">;
  /** Ticks a second over the last second or two; 0 before the first. */
  readonly tickRateHz: number;
  /** Ticks that were due and never ran, because the machine could not keep up or slept. */
  readonly ticksSkipped: number;
  /** Events taken, ever. */
  readonly eventsTaken: number;
  /** New rules, compiled for the same game: they hold from the next tick on, before its events. */
  changeRules(rules: CompiledRules): void;
  /** One tick: takes waiting events, steps, records. The result is valid until the next tick. */
  tick(): StepResult;
  /** Ticks until nothing waits any more, so that all that was accepted has its row in the ledger. At most `maxDrainTicks`. */
  drain(): void;
  sources(): SourceStatus[];
  snapshot(): ShowSnapshot;
  /** Adds an event by hand (test events). Throws on one that is no LiveEvent. */
  offer(event: LiveEvent): void;
}

/** Creates a show around a simulation at tick 0. */
export function createShow({ id, simulation, ingest, recordGifts, clock }: ShowOptions): Show {
  const log = createEventLog();
  let nextRules: CompiledRules | undefined;
  let eventsTaken = 0;
  const rate = createRateMeter(clock);

  const tick = () => {
    const events = ingest.drain(maxEventsPerTick);
    eventsTaken += events.length;
    const rules = nextRules;
    nextRules = undefined;
    const result = simulation.step(events, rules);
    if (result.outcomes.length > 0) recordGifts(result.outcomes.map((outcome) => ledgerRow(id, outcome)));
    log.note(result, clock.now());
    rate.mark();
    return result;
  };

  return {
    id,
    simulation,
    log,
    get tickRateHz() {
      return rate.hz();
    },
    get ticksSkipped() {
      return rate.skipped();
    },
    get eventsTaken() {
      return eventsTaken;
    },
    changeRules(rules) {
      nextRules = rules;
    },
    tick,
    drain() {
      for (let ticks = 0; ticks < maxDrainTicks && ingest.counters().queue.length > 0; ticks++) tick();
    },
    sources: () => ingest.status(),
    snapshot() {
      const sources = ingest.status().map(({ id: source, state, detail }) => ({ id: source, state, detail }));
      return { show: id, sources, ...simulation.snapshot() };
    },
    offer: (event) => void ingest.offer(event),
  };
}

/** The ledger's row of a gift and what became of it, with how far its combo is. */
export function ledgerRow(show: string, { event, state, reason, actions }: GiftOutcome): GiftRecord {
  const { viewer, gift, streakKey, streakTotal, roomId, receivedAt } = event;
  return {
    id: event.id,
    show,
    at: event.ts,
    source: event.source,
    viewer: { id: viewer.id, handle: viewer.handle, name: viewer.name },
    gift: { id: gift.id, name: gift.name, unitValue: gift.unitValue, currency: gift.currency },
    count: event.count,
    value: event.count * gift.unitValue,
    state,
    reason,
    actions: [...actions],
    test: event.test,
    ...(streakKey !== "" && { combo: { streakKey, total: streakTotal, roomId, heardAtMs: receivedAt } }),
  };
}

/** Ticks the room may be behind before they count as skipped: its catch-up makes good for fewer (Colyseus: 5 a turn). */
const catchUpTicks = 12;

/** Measures ticks a second over the last 60 ticks, and ticks that never came. */
function createRateMeter(clock: Clock) {
  let marks = 0;
  let windowStart = 0;
  let lastHz = 0;
  let start = 0;
  let ran = 0;
  let skipped = 0;
  return {
    mark() {
      const now = clock.now();
      if (ran++ === 0) start = now;
      const behind = Math.floor(((now - start) * ticksPerSecond) / 1000) - (ran - 1) - skipped;
      if (behind > catchUpTicks) skipped += behind;
      if (marks === 0) windowStart = now;
      if (marks++ < ticksPerSecond) return;
      if (now > windowStart) lastHz = ((marks - 1) * 1000) / (now - windowStart);
      marks = 0;
    },
    hz: () => Math.round(lastHz * 100) / 100,
    skipped: () => skipped,
  };
}

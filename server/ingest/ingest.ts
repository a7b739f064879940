/**
 * Ingest: everything between "a source received something" and "the simulation takes events". Runs the sources under supervision,
 * counts what they say, keeps it in a bounded queue. Needs no timer of its own: whoever drains it drives it.
 */
import { z } from "zod";
import { type LiveEvent, liveEventSchema } from "../../shared/events/live-event.ts";
import type { Clock } from "../clock.ts";
import { type Counting, type CountingCounters, createCounting, zeroCounters } from "./counting.ts";
import { createDedupe, isRepeat, markSeen } from "./dedupe.ts";
import { cleanEvent } from "./normalise.ts";
import { createQueue, type QueueCounters } from "./queue.ts";
import type { SourceDefinition, SourceEvent, SourceSettings, SourceState } from "./source.ts";
import { createSupervisor, type Supervisor } from "./supervise.ts";

/** How often silent combos are looked for, ms. */
const idleEveryMs = 1000;

/** Numbers of one source since it was started. */
export interface SourceCounters extends CountingCounters {
  /** Messages of all kinds. */
  received: number;
  ignoredControl: number;
  ignoredUnknown: number;
  connects: number;
  reconnects: number;
  silences: number;
}

/** A source as the streamer sees it. */
export interface SourceStatus {
  id: string;
  platform: string;
  /** Whom it follows: "@streamer". */
  target: string;
  state: SourceState;
  /** One plain sentence: what the state means and what to do. */
  detail: string;
  /** Since when, ms since 1970. */
  sinceMs: number;
  /** When it tries again, ms since 1970. */
  retryAtMs?: number;
  /** The broadcast, "" when unknown. */
  roomId: string;
  counters: SourceCounters;
}

/** Totals over all sources and the queue. */
export interface IngestCounters {
  /** Sums of the sources' counters. */
  sources: SourceCounters;
  /** Events handed in already normalised (test events, the ingest API). */
  offered: { accepted: number; duplicates: number; rejected: number };
  queue: QueueCounters;
}

/** Says that an event handed in is not a LiveEvent; `message` names the field and what is wrong with it. */
export class InvalidEventError extends Error {
  override readonly name = "InvalidEventError";
  readonly code = "EVENT_INVALID";
}

export interface Ingest {
  /** Starts a source. Throws when the same source already follows the same target. */
  start(source: SourceDefinition, settings: SourceSettings): void;
  /**
   * Takes an event that is already normalised and counted. True when it was taken, false when its id was taken before.
   * Throws `InvalidEventError` when it is no LiveEvent.
   */
  offer(event: LiveEvent): boolean;
  /** The oldest events, at most `max`. Call it every tick: silent combos are closed in it. */
  drain(max: number): LiveEvent[];
  status(): SourceStatus[];
  counters(): IngestCounters;
  /** Ends all sources; what waits in the queue can still be drained. */
  stop(): Promise<void>;
}

export interface IngestOptions {
  clock: Clock;
  /** Events the queue holds. Default 5000. */
  capacity?: number;
  /**
   * Full ids (`source:messageId`) of gift events that an earlier run of the program has taken, from the ledger at start: a provider
   * that sends its last frames again after a restart must change nothing. Such an event is a duplicate of its source: it is not
   * queued, yet sets how far its combo is. Ids made up for messages without one count too: they hold the second they were sent in.
   * Read while sources run; not changed. Default none.
   */
  takenBefore?: ReadonlySet<string>;
  /** Numbers in [0, 1) that spread reconnects over time. Default Math.random. */
  random?: () => number;
}

interface Run {
  source: SourceDefinition;
  target: string;
  supervisor: Supervisor;
  counting: Counting;
  received: { received: number; ignoredControl: number; ignoredUnknown: number; broken: number };
}

/** Creates an ingest without sources. */
export function createIngest({ clock, capacity, takenBefore, random = Math.random }: IngestOptions): Ingest {
  const queue = createQueue(capacity);
  const runs: Run[] = [];
  const offeredIds = createDedupe();
  const offered = { accepted: 0, rejected: 0 };
  let idleAtMs = 0;

  return {
    start(source, settings) {
      const target = source.target(settings);
      if (runs.some((run) => run.source.id === source.id && run.target === target)) {
        throw new Error(`The source ${source.id} already follows ${target}; name each source once.`);
      }
      runs.push(startRun({ source, settings, target, clock, random, takenBefore, push: queue.push }));
    },
    offer(event) {
      const parsed = liveEventSchema.safeParse(event);
      if (!parsed.success) {
        offered.rejected++;
        throw new InvalidEventError(z.prettifyError(parsed.error).replaceAll("\n", " "));
      }
      const nowMs = clock.now();
      if (isRepeat(offeredIds, parsed.data.id, nowMs)) return false;
      markSeen(offeredIds, parsed.data.id, nowMs);
      offered.accepted++;
      queue.push(cleanEvent(parsed.data));
      return true;
    },
    drain(max) {
      const nowMs = clock.now();
      if (nowMs - idleAtMs >= idleEveryMs || nowMs < idleAtMs) {
        idleAtMs = nowMs;
        for (const run of runs) run.counting.idle(nowMs);
      }
      const events: LiveEvent[] = [];
      queue.drain(max, events);
      return events;
    },
    status: () => runs.map(statusOf),
    counters: () => ({
      sources: sumCounters(runs.map(countersOf)),
      offered: { ...offered, duplicates: offeredIds.counters.sameId },
      queue: queue.counters(),
    }),
    async stop() {
      await Promise.all(runs.map((run) => run.supervisor.stop()));
      for (const run of runs) run.counting.settle();
    },
  };
}

interface RunOptions {
  source: SourceDefinition;
  settings: SourceSettings;
  target: string;
  clock: Clock;
  random: () => number;
  takenBefore: ReadonlySet<string> | undefined;
  push: (event: LiveEvent) => void;
}

/** Wires one source: supervisor to counting to queue, with the stream's start and end told once each. */
function startRun({ source, settings, target, clock, random, takenBefore, push }: RunOptions): Run {
  const received = { received: 0, ignoredControl: 0, ignoredUnknown: 0, broken: 0 };
  const counting = createCounting(source.id, push, takenBefore);
  let streaming = false;
  let marks = 0;
  const mark = (type: "streamStart" | "streamEnd", reason: string): void => {
    const nowMs = clock.now();
    const id = `${source.id}:${type} ${nowMs} ${marks++}`;
    const base = { id, source: source.id, roomId: counting.roomId(), ts: nowMs, receivedAt: nowMs };
    push(liveEventSchema.parse(cleanMark(type === "streamStart" ? { ...base, type } : { ...base, type, reason })));
  };
  const setStreaming = (on: boolean, reason: string): void => {
    if (streaming === on) return;
    streaming = on;
    if (!on) counting.settle();
    mark(on ? "streamStart" : "streamEnd", reason);
  };
  const onEvent = (event: SourceEvent): void => {
    received.received++;
    if (event.type === "streamStart") setStreaming(true, "");
    else if (event.type === "streamEnd") {
      setStreaming(false, event.reason);
      supervisor.streamEnded(event.reason);
    } else counting.count(event, clock.now());
  };
  const supervisor: Supervisor = createSupervisor({
    source,
    settings,
    clock,
    random,
    listener: {
      live(roomId, connectedAtMs) {
        const known = counting.roomId();
        if (streaming && roomId !== "" && known !== "" && roomId !== known)
          setStreaming(false, "another broadcast began");
        counting.enterRoom(roomId, connectedAtMs);
        setStreaming(true, "");
      },
      event: onEvent,
      ignored(reason) {
        received.received++;
        if (reason === "broken") received.broken++;
        else if (reason === "control") received.ignoredControl++;
        else received.ignoredUnknown++;
      },
      over: (reason) => setStreaming(false, reason),
    },
  });
  supervisor.start();
  return { source, target, supervisor, counting, received };
}

/** Cuts what a provider can make long to what the schema takes. */
function cleanMark<T extends { roomId: string; reason?: string }>(event: T): T {
  return event.reason === undefined ? event : { ...event, reason: event.reason.slice(0, 200).toWellFormed() };
}

function countersOf(run: Run): SourceCounters {
  const { connects, reconnects, silences } = run.supervisor.status();
  const counted = run.counting.counters();
  const { received, ignoredControl, ignoredUnknown, broken } = run.received;
  return {
    ...counted,
    broken: counted.broken + broken,
    received,
    ignoredControl,
    ignoredUnknown,
    connects,
    reconnects,
    silences,
  };
}

function statusOf(run: Run): SourceStatus {
  const { state, detail, sinceMs, retryAtMs } = run.supervisor.status();
  return {
    id: run.source.id,
    platform: run.source.platform,
    target: run.target,
    state,
    detail,
    sinceMs,
    ...(retryAtMs === undefined ? {} : { retryAtMs }),
    roomId: run.counting.roomId(),
    counters: countersOf(run),
  };
}

function sumCounters(all: readonly SourceCounters[]): SourceCounters {
  const sum: SourceCounters = {
    ...zeroCounters(),
    received: 0,
    ignoredControl: 0,
    ignoredUnknown: 0,
    connects: 0,
    reconnects: 0,
    silences: 0,
  };
  for (const counters of all) {
    for (const name of Object.keys(sum) as (keyof SourceCounters)[]) sum[name] += counters[name];
  }
  return sum;
}

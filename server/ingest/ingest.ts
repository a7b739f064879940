/**
 * Ingest: everything between "a source received something" and "the simulation takes events". Runs the sources under supervision,
 * counts what they say, keeps it in a bounded queue. Needs no timer of its own: whoever drains it drives it.
 */
import { z } from "zod";
import { type LiveEvent, liveEventSchema } from "../../shared/events/live-event.ts";
import type { Clock } from "../clock.ts";
import { zeroCounters } from "./counting.ts";
import { createDedupe, hashText, isRepeat, markSeen } from "./dedupe.ts";
import { createFailover, type Failover, type FailoverCounters, type Member } from "./failover.ts";
import type { CarriedCombo } from "./gifts.ts";
import { cleanEvent } from "./normalise.ts";
import { createQueue, type QueueCounters } from "./queue.ts";
import type { Recorder } from "./recorder.ts";
import { type Run, type SourceCounters, type SourceStatus, startRun } from "./run.ts";
import type { SourceDefinition, SourceSettings } from "./source.ts";
import { cutText } from "./text.ts";

/** How often silent combos are looked for, ms. */
const idleEveryMs = 1000;
/** Longest name of a source, in UTF-16 units: what a LiveEvent's `source` can hold. */
const maxNameLength = 64;

/** Totals over all sources and the queue. */
export interface IngestCounters {
  /** Sums of the sources' counters. */
  sources: SourceCounters;
  /** Events handed in already normalised (test events, the ingest API). */
  offered: { accepted: number; duplicates: number; rejected: number };
  queue: QueueCounters;
  /** What a source and its backup told between them; zeros without a backup. */
  failover: FailoverCounters;
}

/** A source to start. */
export interface SourceToStart {
  source: SourceDefinition;
  settings: SourceSettings;
  /** Takes what its lines hear. */
  recorder?: Recorder | undefined;
}

/** Says that an event handed in is not a LiveEvent; `message` names the field and what is wrong with it. */
export class InvalidEventError extends Error {
  override readonly name = "InvalidEventError";
  readonly code = "EVENT_INVALID";
}

export interface Ingest {
  /** Starts a source. Throws when the same source already follows the same target. */
  start(source: SourceDefinition, settings: SourceSettings, recorder?: Recorder): void;
  /** Starts two sources that deliver the same broadcast: each event of it counts once, whichever of the two tells it (failover.ts). */
  startPair(source: SourceToStart, backup: SourceToStart): void;
  /** Hands a message to the source that programs push to, and gives its answer; undefined when none is started. */
  receive(message: unknown): unknown;
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
   * Full ids (`source:messageId`) of events that an earlier run of the program has taken, from ledger and journal at start: a provider
   * that sends its last frames again after a restart must change nothing. Such an event is a duplicate of its source: it is not
   * queued, yet sets how far its combo is. Ids made up for messages without one count too: they hold the second they were sent in.
   * Nothing of it is known to sources that act anew. Read while sources run; not changed. Default none.
   */
  takenBefore?: ReadonlySet<string>;
  /**
   * How far that run had counted each combo, with the name its source had in that show: combos that go on, or are told again under
   * other ids, add only what is new; but for sources that act anew. Read while sources run. Default none.
   */
  combosBefore?: readonly (CarriedCombo & { readonly source: string })[];
  /** Numbers in [0, 1) that spread reconnects over time. Default Math.random. */
  random?: () => number;
}

/** Creates an ingest without sources. */
export function createIngest({
  clock,
  capacity,
  takenBefore,
  combosBefore: allCombos = [],
  random = Math.random,
}: IngestOptions): Ingest {
  const queue = createQueue(capacity);
  const runs: Run[] = [];
  const pairs: { failover: Failover; members: Run[] }[] = [];
  const offeredIds = createDedupe();
  const offered = { accepted: 0, rejected: 0 };
  let idleAtMs = 0;

  const add = (toStart: SourceToStart, out: (event: LiveEvent) => void, tellAs?: string): Run => {
    const { source, settings } = toStart;
    const target = source.target(settings);
    const sameSource = runs.filter((run) => run.source.id === source.id);
    if (sameSource.some((run) => run.target === target)) {
      throw new Error(`The source ${source.id} already follows ${target}; name each source once.`);
    }
    const name = sameSource.length === 0 ? source.id : nameOf(`${source.id}:${settings.user}`);
    // A backup tells its combos under the other's name, and so the ledger has them.
    const combosBefore = allCombos.filter((combo) => combo.source === (tellAs ?? name));
    const run = startRun({ ...toStart, name, tellAs, clock, random, takenBefore, combosBefore, out });
    runs.push(run);
    return run;
  };
  const idle = (nowMs: number): void => {
    for (const run of runs) run.idle(nowMs);
    for (const { failover } of pairs) failover.idle(nowMs);
  };

  const statusOf = (run: Run): SourceStatus => {
    const status = run.status();
    const pair = pairs.find(({ members }) => members.includes(run));
    const leader = pair?.members[pair.failover.leader()];
    if (!leader || leader === run || status.state !== "live") return status;
    return { ...status, detail: `Stands by: what ${leader.name} does not deliver is taken from here.` };
  };

  return {
    start(source, settings, recorder) {
      add({ source, settings, recorder }, queue.push);
    },
    startPair(source, backup) {
      const members: Run[] = [];
      const failover = createFailover(queue.push, (member) => members[member]?.state() === "live");
      const tell = (member: Member) => (event: LiveEvent) => failover.take(member, event, clock.now());
      members.push(add(source, tell(0)));
      members.push(add(backup, tell(1), members[0]!.name));
      pairs.push({ failover, members });
    },
    receive(message) {
      for (const run of runs) {
        const answer = run.receive(message);
        if (answer !== undefined) return answer;
      }
      return undefined;
    },
    offer(event) {
      const parsed = liveEventSchema.safeParse(event);
      if (!parsed.success) {
        offered.rejected++;
        throw new InvalidEventError(z.prettifyError(parsed.error).replaceAll("\n", " "));
      }
      const nowMs = clock.now();
      if (isRepeat(offeredIds, parsed.data.id, true, nowMs)) return false;
      markSeen(offeredIds, parsed.data.id, true, nowMs);
      offered.accepted++;
      queue.push(cleanEvent(parsed.data));
      return true;
    },
    drain(max) {
      const nowMs = clock.now();
      if (nowMs - idleAtMs >= idleEveryMs || nowMs < idleAtMs) {
        idleAtMs = nowMs;
        idle(nowMs);
      }
      const events: LiveEvent[] = [];
      queue.drain(max, events);
      return events;
    },
    status: () => runs.map(statusOf),
    counters: () => ({
      sources: sumCounters(runs.map((run) => run.status().counters)),
      failover: sumFailover(pairs.map(({ failover }) => failover.counters())),
      offered: { ...offered, duplicates: offeredIds.counters.sameId },
      queue: queue.counters(),
    }),
    async stop() {
      await Promise.all(runs.map((run) => run.stop()));
      for (const { failover } of pairs) failover.settle();
    },
  };
}

/** A name as it is, or cut to the longest there can be: then a hash of the whole tells it from others that begin like it. */
function nameOf(full: string): string {
  if (full.length <= maxNameLength) return full;
  const mark = `#${hashText(full)}`;
  return `${cutText(full, maxNameLength - mark.length)}${mark}`;
}

function sumCounters(all: readonly SourceCounters[]): SourceCounters {
  const sum: SourceCounters = {
    ...zeroCounters(),
    received: 0,
    ignoredControl: 0,
    ignoredUnknown: 0,
    troubles: 0,
    connects: 0,
    reconnects: 0,
    silences: 0,
  };
  for (const counters of all) {
    for (const name of Object.keys(sum) as (keyof SourceCounters)[]) sum[name] += counters[name];
  }
  return sum;
}

function sumFailover(all: readonly FailoverCounters[]): FailoverCounters {
  const sum: FailoverCounters = { overlaps: 0, rescued: 0, switches: 0, forgottenEarly: 0 };
  for (const counters of all) {
    for (const name of Object.keys(sum) as (keyof FailoverCounters)[]) sum[name] += counters[name];
  }
  return sum;
}

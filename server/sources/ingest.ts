/**
 * Source "ingest": any program that sends events to /api/ingest, in Uproar's own format (server/sources/ingest/wire-event.ts). It opens no line of
 * its own: server/http/ingest-api.ts hands it what arrives.
 */

import type { Clock } from "../clock.ts";
import { createDedupe, isRepeat, markSeen } from "../ingest/dedupe.ts";
import { streakForgetMs } from "../ingest/gifts.ts";
import { allPictureHosts } from "../ingest/picture-hosts.ts";
import {
  type Connection,
  defineSource,
  type Ear,
  type Frame,
  type Receipt,
  type SourceEvent,
  type SourceListener,
  type SourceSettings,
} from "../ingest/source.ts";
import { readWireEvent, type WireTrouble } from "./ingest/wire-event.ts";

/** Most events taken in one message. */
const maxEvents = 1000;
/** Events of a broadcast that come this long after its end are of the next one, ms; those before are late. */
const lateMs = 30_000;
/**
 * A broadcast of which nothing was heard for so long is over, though nobody said so, ms. Counting starts anew with the next one, so it
 * must be as long as counting remembers a combo.
 */
const forgottenMs = streakForgetMs;
/** Other programs' broadcasts remembered at most. */
const maxRooms = 1000;

/** What became of the events of one message; `error` where it was none. Events are named by their place in the list, from 0. */
export type IngestReply =
  | { readonly accepted: number; readonly duplicates: number; readonly rejected: readonly Rejection[] }
  | { readonly error: string };

interface Rejection {
  readonly index: number;
  readonly reason: string;
}

/** Takes a message that was parsed from JSON: an event or a list of them. Never throws. */
type Take = (message: unknown) => IngestReply;

/** Opens nothing: says at once that programs can send. */
function connect(_settings: SourceSettings, listener: SourceListener, clock: Clock): Connection {
  const take = createHearing(listener, clock.now);
  listener.opened();
  return {
    stop: async () => undefined,
    receive(message) {
      listener.alive();
      const frame = frameOf(message);
      listener.frame(frame ?? "null");
      return take(frame === undefined ? undefined : message);
    },
  };
}

/** The message as it was sent, near enough; undefined for one that is none, or so deep that it can be read but not written. */
function frameOf(message: unknown): string | undefined {
  try {
    return JSON.stringify(message);
  } catch {
    return undefined;
  }
}

/** Hears a recording: its messages tell the time, as nothing else does. */
function listen(_settings: SourceSettings, listener: SourceListener): Ear {
  let newestMs = 0;
  const take = createHearing(
    {
      ...listener,
      event(event) {
        newestMs = Math.max(newestMs, event.ts);
        return listener.event(event);
      },
    },
    () => newestMs,
  );
  return {
    hear(frame: Frame): void {
      take(parsed(frame));
    },
  };
}

function parsed(frame: Frame): unknown {
  try {
    return typeof frame === "string" ? JSON.parse(frame) : undefined;
  } catch {
    return undefined;
  }
}

/** Hears messages in order, whoever sends them; `now` is ms since 1970. */
function createHearing(listener: SourceListener, now: () => number): Take {
  const broadcasts = createBroadcasts(listener, now);
  const marks = createDedupe();

  /** Events that counting does not see are known again here. */
  const takeMark = (event: WireTrouble | SourceEvent): Receipt => {
    if (isRepeat(marks, event.id, false, now())) return "duplicate";
    markSeen(marks, event.id, false, now());
    if (event.type === "error") listener.trouble(event.reason);
    else if (event.type === "streamEnd") return broadcasts.end(event);
    else broadcasts.enter(event);
    return "accepted";
  };
  const takeOne = (given: unknown): Receipt | { readonly kind: string; readonly reason: string } => {
    const reading = readWireEvent(given);
    if (!("event" in reading)) {
      listener.ignored(reading.kind === "unknown" ? "unknown" : "broken");
      return reading;
    }
    const { event } = reading;
    if (event.type === "error" || event.type === "streamStart" || event.type === "streamEnd") return takeMark(event);
    return listener.event(broadcasts.enter(event));
  };
  return (message) => {
    if (Array.isArray(message) && message.length > maxEvents) {
      listener.ignored("broken");
      return { error: `A list holds at most ${maxEvents} events. This one has ${message.length}: send it in parts.` };
    }
    const events: readonly unknown[] = Array.isArray(message) ? message : [message];
    const rejected: Rejection[] = [];
    const taken = { accepted: 0, duplicates: 0 };
    for (const [index, given] of events.entries()) {
      const outcome = takeOne(given);
      if (outcome === "accepted") taken.accepted++;
      else if (outcome === "duplicate") taken.duplicates++;
      else if (typeof outcome === "string") rejected.push({ index, reason: untaken[outcome] });
      else if (Array.isArray(message) || outcome.kind === "refused") rejected.push({ index, reason: outcome.reason });
      else return { error: outcome.reason };
    }
    return { ...taken, rejected };
  };
}

/** Why an event without a fault in it was not taken. */
const untaken: Readonly<Record<"broken" | "unheard", string>> = {
  broken: "Its fields make no event.",
  unheard: "Uproar is stopping; send it again.",
};

interface Broadcasts {
  /** Takes note of an event's room, and gives the event as it is to be counted. */
  enter(event: SourceEvent): SourceEvent;
  end(event: SourceEvent): Receipt;
}

/**
 * Which broadcast is on. Counting knows one at a time and starts anew with the next. Several programs may send at once, each of its own
 * broadcast: so one that begins while another is on is counted beside it, for good, and only one that begins when none is on takes over.
 */
function createBroadcasts(listener: SourceListener, now: () => number): Broadcasts {
  const beside = new Set<string>();
  let phase: "waiting" | "live" | "ended" = "waiting";
  let room = "";
  let heardAtMs = 0;
  let endedAtMs = 0;

  const goLive = (roomId: string): void => {
    phase = "live";
    if (roomId !== "") room = roomId;
    listener.live(roomId);
  };
  const setBeside = (roomId: string): void => {
    beside.add(roomId);
    if (beside.size > maxRooms) beside.delete(beside.keys().next().value!);
  };
  const enterOwn = (event: SourceEvent): void => {
    const isLate = phase === "ended" && event.type !== "streamStart" && now() - endedAtMs < lateMs;
    const isNew = phase !== "live" || event.type === "streamStart" || (room === "" && event.roomId !== "");
    if (isNew && !isLate) goLive(event.roomId);
    heardAtMs = now();
  };
  const isOther = (roomId: string): boolean => roomId !== "" && room !== "" && roomId !== room;

  return {
    enter(event) {
      if (!isOther(event.roomId)) {
        enterOwn(event);
        return event;
      }
      if (!beside.has(event.roomId)) {
        if (phase !== "live" || now() - heardAtMs >= forgottenMs) {
          // What still comes of the one before must not bring it back.
          setBeside(room);
          goLive(event.roomId);
          heardAtMs = now();
          return event;
        }
        setBeside(event.roomId);
      }
      if (phase !== "live") goLive("");
      return besideOf(event);
    },
    end(event) {
      if (isOther(event.roomId) || phase !== "live") {
        listener.ignored("control");
        return "accepted";
      }
      phase = "ended";
      endedAtMs = now();
      return listener.event(event);
    },
  };
}

/** An event of another broadcast than the one that is on: its combos and totals are its own. */
function besideOf(event: SourceEvent): SourceEvent {
  if (event.type === "gift" && event.groupId !== "") return { ...event, groupId: `${event.roomId} ${event.groupId}` };
  return event.type === "like" ? { ...event, roomTotal: 0 } : event;
}

export default defineSource({
  id: "ingest",
  summary: "any program that sends events to /api/ingest, in any language: an ingest token, no account",
  // Its viewers say themselves where they are from.
  platform: "any",
  avatarHosts: allPictureHosts,
  check: () => undefined,
  target: () => "the programs at /api/ingest",
  staysOpen: true,
  // A program keeps events while Uproar restarts; what must not act it marks itself.
  tellsReplay: true,
  silenceMs: Number.POSITIVE_INFINITY,
  listen,
  connect,
});

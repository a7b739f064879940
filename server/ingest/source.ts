/** defineSource: what a live source is. One file in server/sources/ each; the supervisor (supervise.ts) runs them all the same way. */
import type { LiveEvent, LiveEventOf } from "../../shared/events/live-event.ts";
import type { Clock } from "../clock.ts";

/** Fields that ingest fills in, so that no source has to. */
type Stamped = "source" | "receivedAt" | "weakId";
type Draft<T> = T extends unknown ? Omit<T, Stamped> : never;

/**
 * What a source says happened, before counting. Like a LiveEvent, but gifts and likes still carry the provider's running totals,
 * and `id` may be "" when the provider gave none.
 */
export type SourceEvent =
  | Draft<Exclude<LiveEvent, { type: "gift" | "giftStreakEnd" | "like" | "error" }>>
  | SourceGift
  | SourceLike;

/** One gift frame as the provider sent it (protocols 10.1): `total` is cumulative within the streak. */
export interface SourceGift extends Omit<Draft<LiveEventOf<"gift">>, "count" | "streakKey" | "streakTotal"> {
  total: number;
  /** The streak's end frame. */
  end: boolean;
  /** Sent as a combo (TikTok gift type 1); others are single messages. "unknown": the provider does not say which. */
  streakable: boolean | "unknown";
  /** Provider's id of the streak; "" and "0" mean none. */
  groupId: string;
  /** Provider's id of this very frame across retries, "" for none: drops exact repeats only (protocols 10.1.8). */
  transactionId: string;
}

/** Likes as the provider told them; `count` is what this message says. */
export interface SourceLike extends Omit<Draft<LiveEventOf<"like">>, "roomDelta"> {}

/** States of a source as a streamer sees them. */
export type SourceState =
  | "connecting"
  | "live"
  | "waitingForLive"
  | "reconnecting"
  | "rateLimited"
  | "quotaUsedUp"
  | "wrongKey"
  | "evicted"
  | "ended"
  | "failed";

/** Why a connection is over; the supervisor decides from it when to try again. */
export type CloseClass =
  /** Network or provider trouble: back off and try again. */
  | "network"
  /** The provider asks for a fresh connection now (session lifetime reached). */
  | "refresh"
  | "notLive"
  | "ended"
  /** Over for good, and nothing is wrong: a recording was played to its end. */
  | "finished"
  | "rateLimited"
  | "quota"
  | "wrongKey"
  | "evicted"
  /** Wrong for good (no such user, bad options): stop. */
  | "config";

/**
 * One frame as the provider sent it, before anybody looked into it. Where a library reads the wire, the text is JSON of what the
 * library handed out.
 */
export type Frame = string | Uint8Array;

/** What became of an event: it adds something, was told before, is no event at all, or nobody listens any more. */
export type Receipt = "accepted" | "duplicate" | "broken" | "unheard";

/** What a connection reports while it lives. Each call may come at any time after `connect`; after `closed` nothing is listened to. */
export interface SourceListener {
  /** The line is open; says nothing yet about being live. */
  opened(): void;
  /** The broadcast is known to be live. */
  live(roomId: string): void;
  /** Something arrived, whatever it was: feeds the silence watchdog. */
  alive(): void;
  /** The frame that just arrived, for `--record`; told before it is heard. `openSocketLine` does it for its sources. */
  frame(frame: Frame): void;
  event(event: SourceEvent): Receipt;
  /** A message that needs no event (ping, unknown name) or cannot be understood; counted by reason, never fatal. */
  ignored(reason: "control" | "unknown" | "broken"): void;
  /** Trouble that the provider tells of without closing, in its own words: becomes an `error` event. */
  trouble(detail: string): void;
  closed(why: { class: CloseClass; detail: string; retryAfterMs?: number }): void;
}

/** A line that a source has opened. */
export interface Connection {
  /** Closes the line and frees everything; `closed` is not called any more. */
  stop(): Promise<void>;
  /** For a source that programs push to: takes one parsed message and answers it. Never throws. */
  receive?(message: unknown): unknown;
}

/** Understands one line's frames in order. The line hands it what it hears, and a recording hands it what was recorded. */
export interface Ear {
  /** Takes one frame and reports what it means to the listener. Never throws. */
  hear(frame: Frame): void;
}

/** Where a source finds its settings: flags first, secrets only from the environment. */
export interface SourceSettings {
  /** Whom to follow, without "@" (a recording: its file); "" when not given. */
  user: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Seed for sources that make things up. */
  seed: number;
  /** Scenario file of the simulated audience, "" for its default. */
  scenario: string;
  /** Language in which captions are asked for ("en"), "" for no captions. Sources without captions of their own pay no heed. */
  captions: string;
  /** How fast a recording is played; 1 is as it was. */
  speed: number;
}

/**
 * What a source keeps from one line of a run to the next, such as a token or what the last line's end said. Empty when the run
 * begins; the source alone reads and writes it.
 */
export type RunMemory = Map<string, unknown>;

/** A source, as `defineSource` takes it. */
export interface SourceDefinition {
  /** Its file's name and what `--source` takes. */
  readonly id: string;
  /** One sentence for lists and help. */
  readonly summary: string;
  /** Platform of its viewers. */
  readonly platform: string;
  /** Says what is missing in the settings in one sentence that tells what to do; undefined when all is there. */
  check(settings: SourceSettings): string | undefined;
  /** Whom it follows, for people: "@streamer". */
  target(settings: SourceSettings): string;
  /** What whoever switches it on must know though all is well, such as a licence; a few words, shown where a show starts. */
  notice?(settings: SourceSettings): string | undefined;
  /** Silence after which an open line counts as dead, ms; infinite where silence means nothing. Default 60 000. */
  readonly silenceMs?: number;
  /**
   * Its line goes on from one broadcast to the next: an open line without one waits, and is not closed when one ends. Default false:
   * a line belongs to one broadcast.
   */
  readonly staysOpen?: boolean;
  /**
   * Its events say by `replay` what must not act, and old ones act like others: they were kept while nobody listened. Default false: what
   * is much older than the line is a backlog that the provider sends first.
   */
  readonly tellsReplay?: boolean;
  /**
   * What it tells was told before and is to act again: each run's events have ids of their own, and nothing that an earlier run took is
   * known again. Default false: an event counts once, in whichever run it is told.
   */
  readonly actsAnew?: boolean;
  /** Longest wait between two attempts while nothing answers, ms. Default 30 000; less for a program on this machine. */
  readonly retryWithinMs?: number;
  /** Hosts from which pictures of its viewers may be fetched ("*.tiktokcdn.com"); see server/http/avatars.ts. */
  readonly avatarHosts?: readonly string[];
  /**
   * What understands the frames of one line. It may give the line up by `listener.closed`. `memory` is that of all lines of the
   * recorded run, in order; missing where no other line follows. Missing where frames mean nothing without the line, as in a recording.
   */
  listen?(settings: SourceSettings, listener: SourceListener, memory?: RunMemory): Ear;
  /**
   * Opens one connection. Never throws; reports through the listener. Waits and reads time by `clock` only. `memory` is the run's,
   * missing where no other line follows.
   */
  connect(settings: SourceSettings, listener: SourceListener, clock: Clock, memory?: RunMemory): Connection;
}

/** Declares a source; checks its types and returns it as it is. */
export function defineSource<const T extends SourceDefinition>(source: T): T {
  return source;
}

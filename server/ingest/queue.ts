/**
 * Bounded queue of LiveEvents between sources and simulation. First in, first out; when it is full, cheap things go first:
 * 1. a like joins the waiting like of the same viewer, else the oldest like goes (what the room's total grew by is kept);
 * 2. then the oldest chat, joins and tickers; 3. then follows, shares and the like;
 * 4. gifts, subscriptions and the stream's start and end never go: parts of one combo join losslessly, the rest is kept beyond the limit.
 * What finds nothing cheaper than itself, or as cheap, in a full queue goes itself.
 */
import { type LiveEvent, type LiveEventOf, type LiveEventType, maxGiftCount } from "../../shared/events/live-event.ts";
import { viewerKey } from "../../shared/events/viewer.ts";
import { createFifo } from "./fifo.ts";

/** Events kept by default: about 5 s of a very busy room. */
export const defaultCapacity = 5000;

/** Order in which events are given up when the queue is full; those of the last class never are. */
const dropClass = {
  like: 0,
  chat: 1,
  join: 1,
  emote: 1,
  viewers: 1,
  caption: 1,
  battleScores: 1,
  follow: 2,
  share: 2,
  battle: 2,
  pin: 2,
  envelope: 2,
  intro: 2,
  raid: 2,
  redeem: 2,
  error: 2,
  gift: 3,
  giftStreakEnd: 3,
  subscribe: 3,
  streamStart: 3,
  streamEnd: 3,
} as const satisfies Record<LiveEventType, number>;
const kept = 3;

/** Numbers per event type, only for types that occurred. */
export type ByType = Partial<Record<LiveEventType, number>>;

export interface QueueCounters {
  length: number;
  /** Longest it has been. */
  peak: number;
  taken: number;
  dropped: ByType;
  merged: ByType;
  /** Events of the last class (paid ones, the stream's start and end) taken although the queue was full and nothing in it could go. */
  beyondCapacity: number;
}

export interface Queue {
  /** Takes an event; what happened to it, or in its stead to a cheaper one, is in the counters. */
  push(event: LiveEvent): void;
  /** Moves up to `max` of the oldest events to the end of `into`; returns how many. */
  drain(max: number, into: LiveEvent[]): number;
  length(): number;
  counters(): QueueCounters;
}

interface Entry {
  readonly order: number;
  event: LiveEvent;
}

/** Creates a queue that holds `capacity` events (at least 1). */
export function createQueue(capacity: number = defaultCapacity): Queue {
  const limit = Math.max(1, Math.floor(capacity));
  const lists = [createFifo<Entry>(), createFifo<Entry>(), createFifo<Entry>(), createFifo<Entry>()];
  /** The waiting entry that an event of the same kind can join, by `joinKey`. */
  const joinable = new Map<string, Entry>();
  const dropped: ByType = {};
  const merged: ByType = {};
  let order = 0;
  let length = 0;
  let peak = 0;
  let taken = 0;
  let beyondCapacity = 0;
  /** Growth of the room's likes whose messages were dropped; the next like carries it. */
  let carriedLikes = 0;

  const take = (level: number): Entry => {
    const entry = lists[level]!.shift()!;
    const key = joinKey(entry.event);
    if (key !== undefined && joinable.get(key) === entry) joinable.delete(key);
    length--;
    return entry;
  };
  const drop = (event: LiveEvent): void => {
    add(dropped, event.type);
    if (event.type === "like" && !event.replay && !event.test) carriedLikes += event.roomDelta;
  };
  /** Makes place in a full queue for an event of class `level`; false when there is none for it. */
  const makeRoom = (level: number): boolean => {
    const cheapest = lists.findIndex((list, at) => at <= level && at < kept && list.size() > 0);
    if (cheapest >= 0) drop(take(cheapest).event);
    else if (level < kept) return false;
    else beyondCapacity++;
    return true;
  };
  const oldestLevel = (): number => {
    let found = -1;
    let oldest = Number.POSITIVE_INFINITY;
    for (let level = 0; level < lists.length; level++) {
      const entry = lists[level]!.peek();
      if (entry && entry.order < oldest) {
        found = level;
        oldest = entry.order;
      }
    }
    return found;
  };

  return {
    push(event) {
      const key = joinKey(event);
      if (length >= limit) {
        const waiting = key === undefined ? undefined : joinable.get(key);
        const joined = waiting && join(waiting.event, event);
        if (joined) {
          waiting.event = joined;
          add(merged, event.type);
          return;
        }
        if (!makeRoom(dropClass[event.type])) {
          drop(event);
          return;
        }
      }
      const entry = { order: order++, event };
      lists[dropClass[event.type]]!.push(entry);
      if (key !== undefined) joinable.set(key, entry);
      length++;
      peak = Math.max(peak, length);
    },
    drain(max, into) {
      let moved = 0;
      while (moved < max && length > 0) {
        let { event } = take(oldestLevel());
        if (event.type === "like" && carriedLikes > 0 && !event.replay && !event.test) {
          const extra = Math.min(carriedLikes, maxGiftCount - event.roomDelta);
          carriedLikes -= extra;
          event = { ...event, roomDelta: event.roomDelta + extra };
        }
        into.push(event);
        moved++;
      }
      taken += moved;
      return moved;
    },
    length: () => length,
    counters: () => ({ length, peak, taken, dropped: { ...dropped }, merged: { ...merged }, beyondCapacity }),
  };
}

/** Names the waiting event that this one can join without loss; undefined for events that stand alone. */
function joinKey(event: LiveEvent): string | undefined {
  if (event.type === "like") return `like ${event.source} ${event.replay} ${event.test} ${viewerKey(event.viewer)}`;
  if (event.type !== "gift" || event.streakKey === "") return undefined;
  return `gift ${event.source} ${event.replay} ${event.test} ${event.gift.id} ${event.streakKey} ${viewerKey(event.viewer)}`;
}

/** Both events as one, undefined when the sum would not fit. */
function join(waiting: LiveEvent, next: LiveEvent): LiveEvent | undefined {
  if (waiting.type === "like" && next.type === "like") return joinLikes(waiting, next);
  if (waiting.type !== "gift" || next.type !== "gift" || waiting.count + next.count > maxGiftCount) return undefined;
  return {
    ...waiting,
    count: waiting.count + next.count,
    streakTotal: Math.max(waiting.streakTotal, next.streakTotal),
  };
}

function joinLikes(waiting: LiveEventOf<"like">, next: LiveEventOf<"like">): LiveEvent | undefined {
  const count = waiting.count + next.count;
  const roomDelta = waiting.roomDelta + next.roomDelta;
  if (count > maxGiftCount || roomDelta > maxGiftCount) return undefined;
  return { ...waiting, count, roomDelta, roomTotal: Math.max(waiting.roomTotal, next.roomTotal) };
}

function add(numbers: ByType, type: LiveEventType): void {
  numbers[type] = (numbers[type] ?? 0) + 1;
}

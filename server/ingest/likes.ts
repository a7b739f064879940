/** Like counting: what each message credits to its viewer and what the room's total grew by (protocols 10.3). */
import { maxGiftCount } from "../../shared/events/live-event.ts";

/** Most likes taken over from the time between two connections to the same room. */
export const maxGapLikes = 1000;
/** A total that jumps further than this at once is taken for nonsense and not believed. */
const maxJump = 1_000_000;

/** State of one room's like counting. */
export interface Likes {
  /** Largest total seen, undefined before the first. */
  lastTotal: number | undefined;
  /** Likes already added without a total since `lastTotal`; the next total contains them. */
  ahead: number;
  /** The next total closes a gap between two connections. */
  afterGap: boolean;
  readonly counters: { messages: number; units: number; roomUnits: number; clamped: number };
}

/** Starts counting for a room. */
export function createLikes(): Likes {
  return {
    lastTotal: undefined,
    ahead: 0,
    afterGap: false,
    counters: { messages: 0, units: 0, roomUnits: 0, clamped: 0 },
  };
}

/** Says that the line to the same room was lost and is back: what it grew by meanwhile counts, up to `maxGapLikes`. */
export function likesReconnected(likes: Likes): void {
  if (likes.lastTotal !== undefined) likes.afterGap = true;
}

/**
 * Counts one message. `count` is its batch, `roomTotal` the room's counter or 0 for none. The first total of a room is the
 * baseline and adds nothing; a total that falls is ignored; without a total the batch stands in for the growth.
 */
export function countLikes(likes: Likes, count: number, roomTotal: number): { count: number; roomDelta: number } {
  const batch = whole(likes, count);
  const roomDelta = Math.min(maxGiftCount, growth(likes, batch, roomTotal));
  likes.counters.messages++;
  likes.counters.units += batch;
  likes.counters.roomUnits += roomDelta;
  return { count: batch, roomDelta };
}

function growth(likes: Likes, batch: number, roomTotal: number): number {
  if (!Number.isSafeInteger(roomTotal) || roomTotal <= 0) {
    if (likes.lastTotal !== undefined) likes.ahead += batch;
    return batch;
  }
  if (likes.lastTotal === undefined) {
    likes.lastTotal = roomTotal;
    return 0;
  }
  const grown = roomTotal - likes.lastTotal;
  if (grown <= 0) return 0;
  if (grown > maxJump && !likes.afterGap) {
    likes.counters.clamped++;
    likes.ahead += batch;
    return batch;
  }
  const fresh = Math.max(0, grown - likes.ahead);
  likes.ahead = Math.max(0, likes.ahead - grown);
  likes.lastTotal = roomTotal;
  const delta = likes.afterGap ? Math.min(fresh, maxGapLikes) : fresh;
  likes.afterGap = false;
  return delta;
}

function whole(likes: Likes, count: number): number {
  const clamped = count >= 0 ? Math.min(Math.trunc(count), maxGiftCount) : 0;
  if (clamped !== count) likes.counters.clamped++;
  return clamped;
}

/**
 * Gift counting: turns running totals of combos into what each frame adds, exactly once (protocols 10.2).
 * A reducer over explicit state; time comes in as `nowMs` and must not be read from anywhere else.
 */
import { maxGiftCount } from "../../shared/events/live-event.ts";

/** Silence after which a combo counts as closed although its end frame never came, ms. */
export const streakIdleMs = 15_000;
/** Silence after which a combo is forgotten, ms; until then late frames of it add nothing twice. */
export const streakForgetMs = 10 * 60_000;
/** Combos remembered at most; beyond it the one idle longest is forgotten early and counted. */
export const maxStreaks = 20_000;

/** Gaps that tell a new combo from an old one when the provider names none (protocols 10.2). */
const repeatedEndMs = 10_000;
const nextStreakMs = 1000;
const nextStreakFromOneMs = 250;
const lostEndMs = 3000;

/** What counting needs to know of one gift frame. */
export interface GiftFrame {
  viewerId: string;
  giftId: string;
  /** "", "0" mean none. */
  groupId: string;
  streakable: boolean;
  /** Running total as sent; anything that is no whole number from 1 to `maxGiftCount` is clamped and flagged. */
  total: number;
  end: boolean;
  /** An earlier run of the program has acted on this frame: it sets how far the combo is and adds nothing. Default false. */
  takenBefore?: boolean;
}

export interface GiftOutcome {
  /** Units this frame adds to the combo, 0 for none. */
  count: number;
  /** Names the combo, "" for a single gift. Two combos of one viewer never share a name. */
  streakKey: string;
  /** Units of the combo so far. */
  streakTotal: number;
  /** This frame closed a combo of which something is new. */
  closed: boolean;
}

/** One combo. `last` is whatever the caller handed in with its latest frame. */
export interface Streak<T> {
  readonly key: string;
  readonly streakKey: string;
  max: number;
  lastAtMs: number;
  ended: boolean;
  /** Something of it was not taken before: only then is its end told. */
  fresh: boolean;
  last: T;
}

/** State of one room's gift counting; both maps are in order of `lastAtMs`. */
export interface Gifts<T> {
  readonly streaks: Map<string, Streak<T>>;
  /** Those of `streaks` not closed yet. */
  readonly open: Map<string, Streak<T>>;
  readonly counters: {
    frames: number;
    /** Units added over all frames but those taken before. */
    units: number;
    /** Frames with an impossible total. */
    clamped: number;
    /** Frames that added nothing. */
    repeats: number;
    inferredEnds: number;
    /** Combos forgotten early for want of space. */
    evicted: number;
  };
}

/** Starts counting for a room. */
export function createGifts<T>(): Gifts<T> {
  return {
    streaks: new Map(),
    open: new Map(),
    counters: { frames: 0, units: 0, clamped: 0, repeats: 0, inferredEnds: 0, evicted: 0 },
  };
}

/** Counts one frame and remembers `last` with its combo. Frames of the same message must have been dropped before. */
export function countGift<T>(gifts: Gifts<T>, frame: GiftFrame, last: T, nowMs: number): GiftOutcome {
  gifts.counters.frames++;
  const total = wholeTotal(gifts, frame.total);
  const isNew = !frame.takenBefore;
  if (!frame.streakable) {
    if (isNew) gifts.counters.units += total;
    return { count: total, streakKey: "", streakTotal: total, closed: false };
  }
  const named = frame.groupId !== "" && frame.groupId !== "0";
  const key = streakKeyOf(frame, named);
  let streak = gifts.streaks.get(key);
  if (streak && !named) {
    const gapMs = nowMs - streak.lastAtMs;
    if (streak.ended && frame.end && total === streak.max && gapMs <= repeatedEndMs) {
      gifts.counters.repeats++;
      return { count: 0, streakKey: streak.streakKey, streakTotal: streak.max, closed: false };
    }
    if (startsNext(streak, total, gapMs)) streak = undefined;
  }
  streak ??= startStreak(key, named ? key : `${key}:${nowMs}`, last, nowMs);
  const count = Math.max(0, total - streak.max);
  streak.max += count;
  streak.lastAtMs = nowMs;
  streak.last = last;
  if (count > 0 && isNew) streak.fresh = true;
  const closed = frame.end && !streak.ended && streak.fresh;
  if (frame.end) streak.ended = true;
  remember(gifts, streak);
  if (isNew) gifts.counters.units += count;
  if (count === 0 && !closed) gifts.counters.repeats++;
  return { count, streakKey: streak.streakKey, streakTotal: streak.max, closed };
}

function startStreak<T>(key: string, streakKey: string, last: T, nowMs: number): Streak<T> {
  return { key, streakKey, max: 0, lastAtMs: nowMs, ended: false, fresh: false, last };
}

/** Closes combos that fell silent and returns those of which something is new; forgets those silent for long. Call it about once a second. */
export function closeIdle<T>(gifts: Gifts<T>, nowMs: number): Streak<T>[] {
  const closed: Streak<T>[] = [];
  for (const streak of gifts.open.values()) {
    if (nowMs - streak.lastAtMs <= streakIdleMs) break;
    closed.push(streak);
  }
  for (const streak of closed) close(gifts, streak);
  forgetIdle(gifts, nowMs);
  return closed.filter(({ fresh }) => fresh);
}

function forgetIdle<T>(gifts: Gifts<T>, nowMs: number): void {
  for (const [key, streak] of gifts.streaks) {
    if (nowMs - streak.lastAtMs < streakForgetMs) break;
    gifts.streaks.delete(key);
  }
}

/** Closes every open combo and returns those of which something is new: the broadcast they belong to is over. */
export function closeAll<T>(gifts: Gifts<T>): Streak<T>[] {
  const closed = [...gifts.open.values()];
  for (const streak of closed) close(gifts, streak);
  return closed.filter(({ fresh }) => fresh);
}

function close<T>(gifts: Gifts<T>, streak: Streak<T>): void {
  streak.ended = true;
  gifts.open.delete(streak.key);
  if (streak.fresh) gifts.counters.inferredEnds++;
}

/** Whether a frame without a group belongs to the combo after this one. */
function startsNext<T>(streak: Streak<T>, total: number, gapMs: number): boolean {
  if (streak.ended) return gapMs > nextStreakMs || (total === 1 && gapMs > nextStreakFromOneMs);
  return total < streak.max && gapMs > lostEndMs;
}

/** Puts the combo last in both maps and keeps them within bounds. */
function remember<T>(gifts: Gifts<T>, streak: Streak<T>): void {
  gifts.streaks.delete(streak.key);
  gifts.open.delete(streak.key);
  if (gifts.streaks.size >= maxStreaks) {
    const oldest = gifts.streaks.keys().next().value!;
    gifts.streaks.delete(oldest);
    gifts.open.delete(oldest);
    gifts.counters.evicted++;
  }
  gifts.streaks.set(streak.key, streak);
  if (!streak.ended) gifts.open.set(streak.key, streak);
}

function streakKeyOf(frame: GiftFrame, named: boolean): string {
  return `${part(frame.viewerId)}|${part(frame.giftId)}|${named ? `g${part(frame.groupId)}` : "open"}`;
}

/** Whether a `streakKey` was named by the provider: then it means the same combo whoever delivers it. */
export function isNamedStreak(streakKey: string): boolean {
  return streakKey.split("|")[2]?.startsWith("g") ?? false;
}

/** One part of a key; the separator inside it is written differently, so that no two keys collide. */
function part(id: string): string {
  return id.includes("|") || id.includes("%") ? id.replaceAll("%", "%25").replaceAll("|", "%7C") : id;
}

function wholeTotal<T>(gifts: Gifts<T>, total: number): number {
  const whole = total >= 1 ? Math.min(Math.trunc(total), maxGiftCount) : 1;
  if (whole !== total) gifts.counters.clamped++;
  return whole;
}

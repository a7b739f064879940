/**
 * Gift counting: turns running totals of combos into what each frame adds, exactly once (protocols 10.2).
 * A reducer over explicit state; time comes in as `nowMs` and must not be read from anywhere else.
 * Combos of an earlier run of the program go on where that run stopped (`carryOn`).
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
  /** "unknown" counts like a combo, but for `isAnotherSingle`. */
  streakable: boolean | "unknown";
  /** Running total as sent; anything that is no whole number from 1 to `maxGiftCount` is clamped and flagged. */
  total: number;
  end: boolean;
  /** An earlier run of the program has acted on this frame: it sets how far the combo is and adds nothing. Default false. */
  takenBefore?: boolean;
  /** The broadcast it is of, "" when unknown (the default). Only combos of an earlier run are held against it. */
  roomId?: string;
  /** When it was sent, by the platform's clock, ms since 1970; 0 when unknown (the default). */
  sentAtMs?: number;
}

/** How far an earlier run of the program had counted a combo. */
export interface CarriedCombo {
  /** Its name, as the events of that run had it. */
  readonly streakKey: string;
  /** Units counted. */
  readonly total: number;
  /** The broadcast it was in, "" when unknown. */
  readonly roomId: string;
  /** When that run last heard something new of it, by the local clock, ms since 1970. */
  readonly heardAtMs: number;
  /** When the newest of what was counted was sent, by the platform's clock, ms since 1970; 0 when unknown. */
  readonly sentAtMs: number;
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

/** One combo. */
export interface Streak<T> {
  readonly key: string;
  readonly streakKey: string;
  max: number;
  lastAtMs: number;
  ended: boolean;
  /** When the newest of its frames was sent, by the platform's clock, ms since 1970; 0 when unknown. */
  sentAtMs: number;
  /** Something of it was not taken before: only then is its end told. */
  fresh: boolean;
  /** Whatever the caller handed in with its latest frame, undefined while this run has heard none. */
  last: T | undefined;
  /** What an earlier run left of it or, without a group, of the combo before it. */
  readonly carried: CarriedCombo | undefined;
}

/** A combo of which this run has heard something new. */
export type FreshStreak<T> = Streak<T> & { readonly last: T };

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

/**
 * Goes on with combos of an earlier run; call it once, before the first frame. Those silent for `streakForgetMs` are left out, as that
 * run would have forgotten them, and each combo goes on only for frames of its own broadcast, or where one of the two is unknown.
 *
 * A combo that the provider names adds only what is beyond its total, for as long as it is remembered. One without a name is told
 * from the next by time alone, and whether its end was heard before the restart nobody knows, as an end has no row. So it counts as
 * open until it was silent for `streakIdleMs`, as if its end had been lost: a larger total adds the difference, a smaller one after
 * `lostEndMs` begins the next combo. After that it is closed and anything begins the next one, but for an end that repeats its very
 * total: that is its own end, late or sent again. And what the platform dates before the newest of its counted frames is not new.
 *
 * Its end is told once something new of it was heard, and then once. When only the end comes after the restart nothing is told: the
 * earlier run may have told it, and a rule for a combo's end must not act twice on what was paid once.
 */
export function carryOn<T>(gifts: Gifts<T>, combos: readonly CarriedCombo[], nowMs: number): void {
  const oldestFirst = [...combos].sort((a, b) => a.heardAtMs - b.heardAtMs);
  for (const combo of oldestFirst) {
    if (nowMs - combo.heardAtMs >= streakForgetMs) continue;
    // Heard in the future: the local clock was set back since, and dates that may come from it tell nothing.
    const isClockGood = combo.heardAtMs <= nowMs;
    const { streakKey } = combo;
    remember(gifts, {
      key: isNamedStreak(streakKey) ? streakKey : streakKey.slice(0, streakKey.lastIndexOf(":")),
      streakKey,
      max: combo.total,
      lastAtMs: Math.min(combo.heardAtMs, nowMs),
      sentAtMs: isClockGood ? combo.sentAtMs : 0,
      ended: nowMs - combo.heardAtMs > streakIdleMs,
      fresh: false,
      last: undefined,
      carried: isClockGood ? combo : { ...combo, sentAtMs: 0 },
    });
  }
}

/** Counts one frame and remembers `last` with its combo. Frames of the same message must have been dropped before. */
export function countGift<T>(gifts: Gifts<T>, frame: GiftFrame, last: T, nowMs: number): GiftOutcome {
  gifts.counters.frames++;
  const total = wholeTotal(gifts, frame.total);
  const isNew = !frame.takenBefore;
  if (frame.streakable === false) {
    if (isNew) gifts.counters.units += total;
    return { count: total, streakKey: "", streakTotal: total, closed: false };
  }
  const named = frame.groupId !== "" && frame.groupId !== "0";
  const key = streakKeyOf(frame, named);
  let streak = gifts.streaks.get(key);
  if (streak?.carried && isOfAnotherRoom(streak.carried, frame)) streak = undefined;
  const carried = streak?.carried;
  if (streak && !named) {
    const gapMs = nowMs - streak.lastAtMs;
    if (isKnown(streak, frame, total, gapMs)) {
      gifts.counters.repeats++;
      return { count: 0, streakKey: streak.streakKey, streakTotal: streak.max, closed: false };
    }
    if (startsNext(streak, total, gapMs) || isAnotherSingle(streak, frame, total, gapMs)) streak = undefined;
  }
  streak ??= startStreak(key, named ? key : `${key}:${nowMs}`, last, nowMs, carried);
  const count = Math.max(0, total - streak.max);
  streak.max += count;
  streak.lastAtMs = nowMs;
  streak.sentAtMs = Math.max(streak.sentAtMs, frame.sentAtMs ?? 0);
  streak.last = last;
  if (count > 0 && isNew) streak.fresh = true;
  const closed = frame.end && !streak.ended && streak.fresh;
  if (frame.end) streak.ended = true;
  remember(gifts, streak);
  if (isNew) gifts.counters.units += count;
  if (count === 0 && !closed) gifts.counters.repeats++;
  return { count, streakKey: streak.streakKey, streakTotal: streak.max, closed };
}

function startStreak<T>(
  key: string,
  streakKey: string,
  last: T,
  nowMs: number,
  carried: CarriedCombo | undefined,
): Streak<T> {
  return { key, streakKey, max: 0, lastAtMs: nowMs, sentAtMs: 0, ended: false, fresh: false, last, carried };
}

function isOfAnotherRoom({ roomId }: CarriedCombo, frame: GiftFrame): boolean {
  return roomId !== "" && frame.roomId !== undefined && frame.roomId !== "" && frame.roomId !== roomId;
}

/** Whether a frame without a group repeats what was counted of this combo, or of those before it. */
function isKnown<T>(streak: Streak<T>, frame: GiftFrame, total: number, gapMs: number): boolean {
  const { carried, max } = streak;
  if (streak.ended && frame.end && total === max && (gapMs <= repeatedEndMs || streak.last === undefined)) return true;
  // Taken before: what is known of the key is newer, be it from the ledger or from this run.
  if (frame.takenBefore && (carried || streak.fresh)) return true;
  const { sentAtMs = 0 } = frame;
  if (!carried || sentAtMs === 0) return false;
  return sentAtMs < carried.sentAtMs || (sentAtMs === carried.sentAtMs && total <= carried.total);
}

/** Closes combos that fell silent and returns those of which something is new; forgets those silent for long. Call it about once a second. */
export function closeIdle<T>(gifts: Gifts<T>, nowMs: number): FreshStreak<T>[] {
  const closed: Streak<T>[] = [];
  for (const streak of gifts.open.values()) {
    if (nowMs - streak.lastAtMs <= streakIdleMs) break;
    closed.push(streak);
  }
  for (const streak of closed) close(gifts, streak);
  forgetIdle(gifts, nowMs);
  return closed.filter(isFresh);
}

function forgetIdle<T>(gifts: Gifts<T>, nowMs: number): void {
  for (const [key, streak] of gifts.streaks) {
    if (nowMs - streak.lastAtMs < streakForgetMs) break;
    gifts.streaks.delete(key);
  }
}

/** Closes every open combo and returns those of which something is new: the broadcast they belong to is over. */
export function closeAll<T>(gifts: Gifts<T>): FreshStreak<T>[] {
  const closed = [...gifts.open.values()];
  for (const streak of closed) close(gifts, streak);
  return closed.filter(isFresh);
}

function isFresh<T>(streak: Streak<T>): streak is FreshStreak<T> {
  return streak.fresh;
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

/**
 * Whether a frame of which nobody says if it is a combo's is a gift of its own after another: it comes apart and has the same total,
 * which a running combo's frames never have. By the platform's dates where both have one: what is sent again keeps its date.
 */
function isAnotherSingle<T>(streak: Streak<T>, frame: GiftFrame, total: number, gapMs: number): boolean {
  if (frame.streakable !== "unknown" || frame.end || total !== streak.max) return false;
  const { sentAtMs = 0 } = frame;
  const apartMs = sentAtMs > 0 && streak.sentAtMs > 0 ? sentAtMs - streak.sentAtMs : gapMs;
  return apartMs > lostEndMs;
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

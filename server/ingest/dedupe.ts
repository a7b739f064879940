/** De-duplication: messages delivered twice, and acts that a viewer can do only once (protocols 10.2 and 10.4). */
import { createRecent, type Recent } from "./recent.ts";

/** Ids are remembered for 30 minutes, and at least the last 10 000 of them. */
export const seenForMs = 30 * 60_000;
export const minSeen = 10_000;
/**
 * In a busy room, so many of the last ids are remembered at least, and twice as many at most; forgetting one before its time is
 * counted. Those of paid events are remembered apart, so that no flood of chat pushes them out.
 */
export const busySeen = 100_000;
/** One share of a viewer counts in this time, ms. */
export const shareEveryMs = 30_000;
/**
 * Two announcements of one subscription come within this time, ms; providers send them within seconds. What comes later is another
 * one: a renewal that the viewer shares, or a gifted subscription that the viewer takes over.
 */
export const subscribeWithinMs = 30_000;
/** Longest id remembered as it is; of longer ones their hash is, so that nobody's long ids fill the memory. */
const maxIdLength = 100;
/** Once-only acts remembered at least, and twice as many at most. */
const maxViewers = 50_000;

/** State of one room's de-duplication. */
export interface Dedupe {
  /** Message ids, or the hashes of long ones, of paid events and of others. */
  readonly seen: { readonly paid: Recent<true>; readonly free: Recent<true> };
  /** Once-only acts by what names them, to when they last counted, ms. */
  readonly acts: Recent<number>;
  /** How often the same content came without an id, by its hash. */
  readonly weak: Recent<number>;
  readonly counters: { sameId: number; follow: number; share: number; subscribe: number };
}

/** Starts remembering for a room. */
export function createDedupe(): Dedupe {
  const ids = () => createRecent<true>({ atLeast: busySeen, forMs: seenForMs, thenAtLeast: minSeen });
  return {
    seen: { paid: ids(), free: ids() },
    acts: createRecent({ atLeast: maxViewers, forMs: Number.POSITIVE_INFINITY }),
    weak: createRecent({ atLeast: minSeen, forMs: 1000 }),
    counters: { sameId: 0, follow: 0, share: 0, subscribe: 0 },
  };
}

/** Ids and once-only acts forgotten before their time: a repeat of one would count anew. */
export function forgottenEarly({ seen, acts }: Dedupe): number {
  return seen.paid.forgottenEarly + seen.free.forgottenEarly + acts.forgottenEarly;
}

/** Whether this id was seen before on an event of the same class; counts it and keeps it fresh if so. "" is no id and never seen. */
export function isRepeat(dedupe: Dedupe, id: string, isPaid: boolean, nowMs: number): boolean {
  const seen = isPaid ? dedupe.seen.paid : dedupe.seen.free;
  const key = keyOf(id);
  if (!seen.get(key)) return false;
  seen.set(key, true, nowMs);
  dedupe.counters.sameId++;
  return true;
}

/** Remembers an id. "" is none. */
export function markSeen(dedupe: Dedupe, id: string, isPaid: boolean, nowMs: number): void {
  if (id !== "") (isPaid ? dedupe.seen.paid : dedupe.seen.free).set(keyOf(id), true, nowMs);
}

function keyOf(id: string): string {
  return id.length > maxIdLength ? `#${id.length} ${hashText(id)}` : id;
}

/** A follow counts once per viewer and broadcast, however often and under whichever name it is announced. */
export function isRepeatedFollow(dedupe: Dedupe, viewerId: string, nowMs: number): boolean {
  return isRepeatedAct(dedupe, "follow", `follow ${viewerId}`, Number.POSITIVE_INFINITY, nowMs);
}

/** A share counts once in `shareEveryMs` per viewer. */
export function isRepeatedShare(dedupe: Dedupe, viewerId: string, nowMs: number): boolean {
  return isRepeatedAct(dedupe, "share", `share ${viewerId}`, shareEveryMs, nowMs);
}

/**
 * One's own subscription, which providers announce in two ways under two ids (protocols 10.4): the second announcement tells of the
 * same viewer and tier within `subscribeWithinMs`, and of the same months or of none. Gifted ones are not asked for here.
 */
export function isRepeatedSubscribe(
  dedupe: Dedupe,
  viewerId: string,
  { tier, months }: { readonly tier: string; readonly months: number },
  nowMs: number,
): boolean {
  const about = `subscribe ${viewerId} ${tier}`;
  const same = months > 0 ? [`${about} ${months}`, `${about} 0`] : [about];
  if (same.some((key) => hasActed(dedupe, key, subscribeWithinMs, nowMs))) {
    dedupe.counters.subscribe++;
    return true;
  }
  for (const key of [about, `${about} ${months}`]) dedupe.acts.set(key, nowMs, nowMs);
  return false;
}

function isRepeatedAct(dedupe: Dedupe, type: "follow" | "share", key: string, everyMs: number, nowMs: number): boolean {
  if (hasActed(dedupe, key, everyMs, nowMs)) {
    dedupe.counters[type]++;
    return true;
  }
  dedupe.acts.set(key, nowMs, nowMs);
  return false;
}

function hasActed(dedupe: Dedupe, key: string, everyMs: number, nowMs: number): boolean {
  const lastMs = dedupe.acts.get(key);
  return lastMs !== undefined && Math.abs(nowMs - lastMs) < everyMs;
}

/**
 * Makes up an id for a message without one: a hash of its content and second, and which of its kind it is. The same words
 * said twice get two ids: a made-up id names an event but is never a reason to drop one (protocols 16.9).
 */
export function weakId(dedupe: Dedupe, content: string, tsMs: number): string {
  const hash = hashText(`${Math.floor(tsMs / 1000)} ${content}`);
  const earlier = dedupe.weak.get(hash) ?? 0;
  dedupe.weak.set(hash, earlier + 1, tsMs);
  return earlier === 0 ? `~${hash}` : `~${hash}.${earlier}`;
}

/** A 64-bit hash of text as 16 hex digits (two rounds of FNV-1a); for naming, not for secrets. */
export function hashText(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b) ^ (b >>> 13);
  }
  return (a >>> 0).toString(16).padStart(8, "0") + (b >>> 0).toString(16).padStart(8, "0");
}

/** De-duplication: messages delivered twice, and acts that a viewer can do only once (protocols 10.2 and 10.4). */

/** Ids are remembered for 30 minutes, and at least the last 10 000 of them. */
export const seenForMs = 30 * 60_000;
export const minSeen = 10_000;
/** Ids remembered at most, however busy the room; forgetting one before its time is counted. */
export const maxSeen = 200_000;
/** One share of a viewer counts in this time, ms. */
export const shareEveryMs = 30_000;
/** Viewers remembered per kind of once-only act. */
const maxViewers = 50_000;

/** State of one room's de-duplication. All maps are in order of age. */
export interface Dedupe {
  /** Message id to when it was last seen, ms. */
  readonly seen: Map<string, number>;
  /** Once-only acts by `type viewer`, to when they last counted, ms. */
  readonly acts: Map<string, number>;
  /** How often the same content came without an id, by its hash. */
  readonly weak: Map<string, number>;
  readonly counters: { sameId: number; follow: number; share: number; subscribe: number; forgottenEarly: number };
}

/** Starts remembering for a room. */
export function createDedupe(): Dedupe {
  return {
    seen: new Map(),
    acts: new Map(),
    weak: new Map(),
    counters: { sameId: 0, follow: 0, share: 0, subscribe: 0, forgottenEarly: 0 },
  };
}

/** Whether this id was seen before; counts it and keeps it fresh if so. "" is no id and never seen. */
export function isRepeat(dedupe: Dedupe, id: string, nowMs: number): boolean {
  if (!dedupe.seen.has(id)) return false;
  dedupe.seen.delete(id);
  dedupe.seen.set(id, nowMs);
  dedupe.counters.sameId++;
  return true;
}

/** Remembers an id. "" is none. */
export function markSeen(dedupe: Dedupe, id: string, nowMs: number): void {
  if (id === "") return;
  dedupe.seen.set(id, nowMs);
  if (dedupe.seen.size <= minSeen) return;
  for (const [oldest, atMs] of dedupe.seen) {
    const old = nowMs - atMs > seenForMs;
    if (dedupe.seen.size <= (old ? minSeen : maxSeen)) break;
    dedupe.seen.delete(oldest);
    if (!old) dedupe.counters.forgottenEarly++;
  }
}

/** A follow counts once per viewer and broadcast, however often and under whichever name it is announced. */
export function isRepeatedFollow(dedupe: Dedupe, viewerId: string, nowMs: number): boolean {
  return isRepeatedAct(dedupe, "follow", viewerId, Number.POSITIVE_INFINITY, nowMs);
}

/** A share counts once in `shareEveryMs` per viewer. */
export function isRepeatedShare(dedupe: Dedupe, viewerId: string, nowMs: number): boolean {
  return isRepeatedAct(dedupe, "share", viewerId, shareEveryMs, nowMs);
}

/** One's own subscription counts once per viewer, tier and broadcast: providers announce it in two ways. Gifted ones are not asked for here. */
export function isRepeatedSubscribe(dedupe: Dedupe, viewerId: string, tier: string, nowMs: number): boolean {
  return isRepeatedAct(dedupe, "subscribe", `${viewerId} ${tier}`, Number.POSITIVE_INFINITY, nowMs);
}

function isRepeatedAct(
  dedupe: Dedupe,
  type: "follow" | "share" | "subscribe",
  who: string,
  everyMs: number,
  nowMs: number,
): boolean {
  const key = `${type} ${who}`;
  const lastMs = dedupe.acts.get(key);
  if (lastMs !== undefined && nowMs - lastMs < everyMs) {
    dedupe.counters[type]++;
    return true;
  }
  dedupe.acts.delete(key);
  dedupe.acts.set(key, nowMs);
  if (dedupe.acts.size > maxViewers) {
    dedupe.acts.delete(dedupe.acts.keys().next().value!);
    dedupe.counters.forgottenEarly++;
  }
  return false;
}

/**
 * Makes up an id for a message without one: a hash of its content and second, and which of its kind it is. The same words
 * said twice get two ids: a made-up id names an event but is never a reason to drop one (protocols 16.9).
 */
export function weakId(dedupe: Dedupe, content: string, tsMs: number): string {
  const hash = hashText(`${Math.floor(tsMs / 1000)} ${content}`);
  const earlier = dedupe.weak.get(hash) ?? 0;
  dedupe.weak.delete(hash);
  dedupe.weak.set(hash, earlier + 1);
  if (dedupe.weak.size > minSeen) dedupe.weak.delete(dedupe.weak.keys().next().value!);
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

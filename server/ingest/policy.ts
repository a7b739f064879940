/** When to try again after a connection ended, and what to tell the streamer meanwhile; one table for all sources (protocols 1.3). */
import type { CloseClass, SourceState } from "./source.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Longest wait a provider can ask for. */
const maxWaitMs = 24 * hour;
/** Asked waits are spread by a tenth, and by no more than this: who waits for midnight must not miss an hour of the new day. */
const maxSpreadMs = minute;
/**
 * Longest wait before a fresh connection that was asked for. With it a provider that asks again and again is connected to less than
 * 30 times an hour in the long run: half of what the smallest plan allows (protocols 1.2).
 */
const refreshWithinMs = 2 * minute;

export interface Retry {
  state: SourceState;
  /** Wait before the next attempt, ms; undefined: never. */
  delayMs: number | undefined;
}

export interface RetryQuestion {
  class: CloseClass;
  /** How many connections ended this way without a stable one between, this one included. */
  tries: number;
  /** What the provider asked for. */
  retryAfterMs?: number;
  /** The line had been live before. */
  wasLive: boolean;
  /** A number in [0, 1) that spreads many clients over time. */
  random: number;
  /** Longest wait while nothing answers, ms. Default 30 000. */
  withinMs?: number | undefined;
}

/** Longest wait between two attempts while nothing answers, unless the source has its own, ms. */
const retryWithinMs = 30 * second;

/** Decides about the next attempt. A class that is none counts as "network": a source's mistake must not end a show. */
export function retryPolicy(question: RetryQuestion): Retry {
  const { class: why, tries, retryAfterMs, wasLive, random, withinMs = retryWithinMs } = question;
  const asked = retryAfterMs !== undefined && retryAfterMs > 0 ? Math.min(retryAfterMs, maxWaitMs) : undefined;
  /** An own wait, or a longer one that was asked for. */
  const atLeast = (ownMs: number) =>
    Math.max(ownMs * (1 + 0.1 * random), asked === undefined ? 0 : spread(asked, random));
  switch (why) {
    case "refresh":
      return {
        state: "reconnecting",
        delayMs: tries <= 1 ? (asked ?? 0) : atLeast(growing(1.5 * second, refreshWithinMs, tries - 1)),
      };
    case "notLive":
      return { state: "waitingForLive", delayMs: atLeast(minute) };
    case "ended":
      return { state: "ended", delayMs: atLeast(minute) };
    case "finished":
      return { state: "ended", delayMs: undefined };
    case "rateLimited":
      return { state: "rateLimited", delayMs: atLeast(asked === undefined ? growing(minute, 15 * minute, tries) : 0) };
    case "quota":
      return {
        state: "quotaUsedUp",
        delayMs: atLeast(asked === undefined ? growing(2 * hour, 8 * hour, tries) : minute),
      };
    case "wrongKey":
      return {
        state: "wrongKey",
        delayMs: atLeast(tries <= 3 ? growing(30 * second, 2 * minute, tries) : 15 * minute),
      };
    case "evicted":
      return { state: "evicted", delayMs: atLeast(growing(5 * minute, 30 * minute, tries)) };
    case "config":
      return { state: "failed", delayMs: undefined };
    default:
      return {
        state: wasLive ? "reconnecting" : "connecting",
        delayMs: Math.max(backoffMs(tries, random, withinMs), asked ?? 0),
      };
  }
}

/** A wait that was asked for, spread so that many clients do not come back together. */
function spread(askedMs: number, random: number): number {
  return askedMs + Math.min(askedMs * 0.1, maxSpreadMs) * random;
}

/** 1 s to `withinMs`, doubling, spread by up to a third so that many clients do not come back together. */
function backoffMs(tries: number, random: number, withinMs: number): number {
  const full = Math.min(withinMs, 1.5 * second * 2 ** Math.min(tries - 1, 10));
  return Math.max(second, full * (2 / 3 + random / 3));
}

function growing(firstMs: number, lastMs: number, tries: number): number {
  return Math.min(lastMs, firstMs * 2 ** Math.min(Math.max(tries, 1) - 1, 10));
}

/** What each state means and what to do about it, for lists of all states; a source's own `detail` says more. */
export const stateMeanings: Readonly<Record<SourceState, string>> = {
  connecting: "The line is being opened; wait a moment.",
  live: "The broadcast is received; nothing to do.",
  waitingForLive: "The provider answers, and no broadcast is on; go live, or check the name.",
  reconnecting: "The line broke and is opened again by itself, at the time it says; nothing to do.",
  rateLimited:
    "The provider wants fewer requests; Uproar waits as long as it says. Close other programs that ask it too.",
  quotaUsedUp: "The plan's limit is used up; wait for its reset or get a larger plan.",
  wrongKey: "The key or token is refused; correct it in the environment or .env and start again.",
  evicted: "Another program uses the same key and took the place; stop it or give it a key of its own.",
  ended: "The broadcast is over; the next one is picked up by itself.",
  failed: "It cannot work as it is set up; do what it says and start again.",
};

/** When it tries again, as a sentence to add: near times are counted in seconds, far ones told by the clock on the wall. */
export function explainRetry(retryAtMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.ceil((retryAtMs - nowMs) / second));
  if (seconds < 120) return `Next try in ${seconds} s.`;
  const at = new Date(retryAtMs);
  const pad = (part: number) => String(part).padStart(2, "0");
  const day = seconds < 12 * 3600 ? "" : `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} `;
  return `Next try at ${day}${pad(at.getHours())}:${pad(at.getMinutes())}.`;
}

/** One plain sentence for the dashboard: what it means and what to do. `detail` is the provider's or source's own reason. */
export function explainClose(why: CloseClass, target: string, detail: string): string {
  const because = detail === "" ? "" : ` (${detail})`;
  switch (why) {
    case "refresh":
      return `The provider asks for a fresh connection${because}; connecting again by itself.`;
    case "notLive":
      return `Waiting for ${target} to go live; if the broadcast is on, check the name.`;
    case "ended":
      return `The broadcast of ${target} has ended; the next one is picked up by itself.`;
    case "finished":
      return `${target} was played to its end; start again to play it again.`;
    case "rateLimited":
      return `The provider says these are too many requests${because}; waiting as it asks.`;
    case "quota":
      return `The plan's limit is used up${because}; wait for its reset or get a larger plan.`;
    case "wrongKey":
      return `The key is refused${because}; correct it in the environment or .env and start again.`;
    case "evicted":
      return `Another program uses the same key and took the place${because}; stop the other one or give it a key of its own.`;
    case "config":
      return `This cannot work as it is set up${because}; correct the settings and start again.`;
    default:
      return `The line broke${because}; connecting again by itself.`;
  }
}

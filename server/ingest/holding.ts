/** Holding: keeps paid events whose age is not known yet, in order, until a later message tells or they have waited long enough. */
import type { Verdict } from "./backlog.ts";
import { createFifo } from "./fifo.ts";

/** Longest that an event waits, ms; after that it is live. */
export const holdMs = 10_000;
/** Events that wait at most; beyond it the oldest is live. */
export const maxHeld = 1000;

export interface Holding<T> {
  /**
   * Takes an event that arrived at `nowMs` and delivers it at once, unless it is undecided or, being paid, would overtake one that waits.
   * True when it waits.
   */
  take(item: T, paid: boolean, nowMs: number): boolean;
  /** Delivers what is decided by now, or has waited for `holdMs`. */
  release(nowMs: number): void;
  /** Delivers all that waits; what is undecided is live. */
  settle(): void;
}

/** Creates an empty holding. `verdictOn` is asked again after every message; `deliver` gets each event once, paid ones in order. */
export function createHolding<T>(
  verdictOn: (item: T, atMs: number) => Verdict,
  deliver: (item: T, atMs: number, replay: boolean) => void,
): Holding<T> {
  const held = createFifo<{ readonly item: T; readonly atMs: number }>();

  const letOut = (mayWait: (atMs: number) => boolean): void => {
    for (let first = held.peek(); first; first = held.peek()) {
      const verdict = verdictOn(first.item, first.atMs);
      if (verdict === "undecided" && mayWait(first.atMs)) return;
      held.shift();
      deliver(first.item, first.atMs, verdict === "replay");
    }
  };
  // A local clock that is set back must not keep anything waiting.
  const release = (nowMs: number): void => letOut((atMs) => Math.abs(nowMs - atMs) < holdMs && held.size() <= maxHeld);

  return {
    take(item, paid, nowMs) {
      const verdict = verdictOn(item, nowMs);
      if (verdict !== "undecided" && !(paid && held.size() > 0)) {
        deliver(item, nowMs, verdict === "replay");
        return false;
      }
      held.push({ item, atMs: nowMs });
      release(nowMs);
      return true;
    },
    release,
    settle: () => letOut(() => false),
  };
}

/** Manual clock: time that moves only when a test says so. */
import type { Clock } from "../../server/clock.ts";

export interface ManualClock extends Clock {
  /** Moves time on by `ms`, calling what falls due in order of time, also what is planned meanwhile. */
  advance(ms: number): void;
  /** Calls still planned. */
  pending(): number;
}

/** Creates a clock that stands at `startMs`. */
export function createManualClock(startMs: number = 1_800_000_000_000): ManualClock {
  let nowMs = startMs;
  let serial = 0;
  const planned = new Map<number, { atMs: number; callback: () => void }>();

  const nextDue = (untilMs: number): number | undefined => {
    let found: number | undefined;
    for (const [id, { atMs }] of planned) {
      if (atMs <= untilMs && (found === undefined || atMs < planned.get(found)!.atMs)) found = id;
    }
    return found;
  };
  return {
    now: () => nowMs,
    after(ms, callback) {
      const id = serial++;
      planned.set(id, { atMs: nowMs + Math.max(0, ms), callback });
      return () => planned.delete(id);
    },
    advance(ms) {
      const untilMs = nowMs + ms;
      for (let id = nextDue(untilMs); id !== undefined; id = nextDue(untilMs)) {
        const { atMs, callback } = planned.get(id)!;
        planned.delete(id);
        nowMs = Math.max(nowMs, atMs);
        callback();
      }
      nowMs = untilMs;
    },
    pending: () => planned.size,
  };
}

/** Ticker: turns the room's time steps, whatever their length, into whole rule ticks of a sixtieth of a second. */
import { ticksPerSecond } from "../../shared/world/world.ts";

/** Most ticks of one update: a second. A room that was stopped for longer goes on from there. */
export const maxTicksPerUpdate = 60;

export interface Ticker {
  /** Time has passed, ms. What is no time (negative, NaN, infinite) does nothing. */
  update(dtMs: number): void;
  /** Ticks that were due and never ran, as more than a second's came at once. */
  readonly skipped: number;
}

/** Creates one that calls `tick` for each tick that is due. */
export function createTicker(tick: () => void): Ticker {
  /** Ticks that are due; what is left of one waits for the next update. */
  let due = 0;
  let skipped = 0;
  return {
    update(dtMs) {
      if (!(dtMs > 0) || dtMs === Number.POSITIVE_INFINITY) return;
      due += (dtMs * ticksPerSecond) / 1000;
      // Twice 33.333... ms are four ticks, whatever is lost in the last digit.
      const whole = Math.floor(due + 1e-6);
      due = Math.max(0, due - whole);
      const run = Math.min(whole, maxTicksPerUpdate);
      skipped += whole - run;
      for (let i = 0; i < run; i++) tick();
    },
    get skipped() {
      return skipped;
    },
  };
}

/** Speed meter: how fast a watched show really plays, where the machine does not keep up with the speed that was asked for. */
import { ticksPerSecond } from "../../shared/world/world.ts";
import type { Clock } from "../clock.ts";

/** How long is measured at a time, ms. */
const windowMs = 1000;
/** What is this much slower than asked for is told. */
const tolerated = 0.95;

export interface SpeedMeter {
  /** So many ticks ran in this turn. */
  note(ticks: number): void;
  /** The real speed, rounded to hundredths, when it is clearly below `speed`; undefined when it is not, and as long as it is not known. */
  below(speed: number): number | undefined;
  /** Forgets what was measured: the show stood still, or is to be faster or slower now. */
  restart(): void;
}

/** Creates a meter that has measured nothing. */
export function createSpeedMeter(clock: Clock): SpeedMeter {
  let startMs = clock.now();
  let ticks = 0;
  let speed: number | undefined;
  /** What one tick adds to the speed. */
  let perTick = 0;
  return {
    note(more) {
      ticks += more;
      const passedMs = clock.now() - startMs;
      if (passedMs < windowMs) return;
      perTick = 1000 / (passedMs * ticksPerSecond);
      speed = ticks * perTick;
      startMs = clock.now();
      ticks = 0;
    },
    below(asked) {
      // A tick may be nearly due: at the lowest speeds there are few.
      const isBelow = speed !== undefined && speed + perTick < asked * tolerated;
      return isBelow ? Math.round(speed! * 100) / 100 : undefined;
    },
    restart() {
      startMs = clock.now();
      ticks = 0;
      speed = undefined;
    },
  };
}

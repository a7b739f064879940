/** Stage clock: which tick the picture shows now. It follows the room's ticks smoothly, a little behind, whatever the network's jitter. */
import { ticksPerSecond } from "../../shared/world/world.ts";

/** Ticks are of a show that is as fast as life; one that is watched at another speed has that many times more of them in the same time. */
const lifeTicksPerMs = ticksPerSecond / 1000;
/** Least and most the picture is behind the newest frame, in ticks: 100 ms, and 400 ms on a bad line. */
const minDelayTicks = 6;
const maxDelayTicks = 24;
/** A picture further behind than this jumps instead of hurrying (a page that was hidden). */
const jumpTicks = 150;
/** A room this much later than expected was paused or stalled: follow it at once. */
const stallTicks = 30;
/** How fast the picture goes in slow motion, and at most and least when it corrects itself. */
const slowRate = 0.3;
const fastestRate = 1.6;
const slowestRate = 0.4;

export interface StageClock {
  /** A frame of the room's tick arrived. */
  frame(tick: number, nowMs: number): void;
  /** Tick the picture shows at this moment, with a fraction. Never goes back and never passes the newest frame. */
  now(nowMs: number): number;
  /** Plays slowly for a while, then catches up. */
  slow(nowMs: number, seconds: number): void;
  /** The show goes on so many times as fast as life. 1 until told otherwise, also after `reset`. */
  speed(speed: number, nowMs: number): void;
  /** Tick of the newest frame. */
  readonly newest: number;
  /** Forgets everything, for another room. */
  reset(): void;
}

/** Creates a clock that waits for its first frame; until then `now` is 0. */
export function createStageClock(): StageClock {
  let started = false;
  let newest = 0;
  /** Room tick = offset + local time, as the least delayed frames say. */
  let offset = 0;
  let jitter = 0;
  let picture = 0;
  let last = 0;
  let slowUntil = 0;
  let speed = 1;
  let ticksPerMs = lifeTicksPerMs;

  const delay = () => Math.min(maxDelayTicks * speed, Math.max(minDelayTicks * speed, 4 * speed + jitter));
  const rateFor = (error: number, nowMs: number) => {
    if (nowMs < slowUntil) return slowRate;
    return Math.min(fastestRate, Math.max(slowestRate, 1 + error / (20 * speed)));
  };

  return {
    frame(tick, nowMs) {
      const sample = tick - nowMs * ticksPerMs;
      if (!started) {
        started = true;
        offset = sample;
        picture = tick - minDelayTicks * speed;
        last = nowMs;
      }
      newest = Math.max(newest, tick);
      const late = offset - sample;
      const isStall = late > stallTicks * speed;
      if (isStall) offset = sample;
      else if (late < 0) offset -= late * 0.3;
      else offset -= late * 0.02;
      jitter = isStall ? jitter : Math.max(late, jitter * 0.99);
    },
    now(nowMs) {
      if (!started) return 0;
      const elapsedMs = Math.max(0, nowMs - last);
      last = nowMs;
      const wanted = offset + nowMs * ticksPerMs - delay();
      const error = Math.min(wanted, newest) - picture;
      if (error > jumpTicks * speed) picture += error;
      else picture = Math.max(picture, Math.min(newest, picture + elapsedMs * ticksPerMs * rateFor(error, nowMs)));
      return picture;
    },
    slow(nowMs, seconds) {
      slowUntil = nowMs + seconds * 1000;
    },
    speed(next, nowMs) {
      if (next === speed) return;
      // The same tick is due now at either speed; what the line owes grows and shrinks with it.
      offset += nowMs * (ticksPerMs - next * lifeTicksPerMs);
      jitter *= next / speed;
      speed = next;
      ticksPerMs = next * lifeTicksPerMs;
    },
    get newest() {
      return newest;
    },
    reset() {
      started = false;
      newest = 0;
      jitter = 0;
      picture = 0;
      slowUntil = 0;
    },
  };
}

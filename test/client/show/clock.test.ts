/** The stage clock: smooth, never ahead of what has arrived, whatever the line does. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createStageClock } from "../../../client/show/clock.ts";

const msPerTick = 1000 / 60;

/** Feeds frames every 3 ticks with delays, reads every 16 ms, and returns what was read. */
function play(delays: readonly number[], seconds = 6): { at: number; tick: number; newest: number }[] {
  const clock = createStageClock();
  const arrivals = Array.from({ length: seconds * 20 }, (_, i) => ({
    tick: 600 + i * 3,
    at: i * 3 * msPerTick + (delays[i % delays.length] ?? 0),
  }));
  // A line keeps its order: a late frame holds up the ones behind it.
  arrivals.forEach((arrival, i) => {
    arrival.at = Math.max(arrival.at, arrivals[i - 1]?.at ?? 0);
  });
  const read: { at: number; tick: number; newest: number }[] = [];
  let next = 0;
  let newest = 0;
  for (let at = 0; at < seconds * 1000; at += 16) {
    for (; arrivals[next] && arrivals[next]!.at <= at; next++) {
      newest = arrivals[next]!.tick;
      clock.frame(newest, arrivals[next]!.at);
    }
    if (newest > 0) read.push({ at, tick: clock.now(at), newest });
  }
  return read;
}

test("on a steady line the picture runs at real time, about 100 ms behind", () => {
  const late = play([20]).filter(({ at }) => at > 2000);
  for (const { at, tick } of late) {
    const room = 600 + (at - 20) / msPerTick;
    expect(room - tick).toBeGreaterThan(4);
    expect(room - tick).toBeLessThan(9);
  }
  const span = late.at(-1)!.tick - late[0]!.tick;
  expect(span).toBeCloseTo((late.at(-1)!.at - late[0]!.at) / msPerTick, 0);
});

test("with any jitter it never goes back and never passes the newest frame", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 40 }), (delays) => {
      let last = 0;
      for (const { tick, newest } of play(delays)) {
        expect(tick).toBeGreaterThanOrEqual(last);
        expect(tick).toBeLessThanOrEqual(newest);
        last = tick;
      }
    }),
  );
});

test("on a jittery line steps between pictures stay close to even", () => {
  const read = play([0, 35, 10, 50, 5, 25]).filter(({ at }) => at > 3000);
  const steps = read.slice(1).map(({ tick }, i) => tick - read[i]!.tick);
  for (const step of steps) {
    expect(step).toBeGreaterThan(0.3);
    expect(step).toBeLessThan(1.7);
  }
});

test("slow motion slows down, then catches up", () => {
  const clock = createStageClock();
  let at = 0;
  const run = (ms: number) => {
    const from = clock.now(at);
    for (const end = at + ms; at < end; at += 16) {
      if (Math.floor(at / 48) !== Math.floor((at - 16) / 48)) clock.frame(600 + Math.floor(at / 48) * 3, at);
      clock.now(at);
    }
    return clock.now(at) - from;
  };
  run(2000);
  clock.slow(at, 1);
  expect(run(1000)).toBeLessThan(30);
  expect(run(2000)).toBeGreaterThan(130);
  expect(600 + at / msPerTick - clock.now(at)).toBeLessThan(20);
});

test("a page that was hidden jumps to the present", () => {
  const clock = createStageClock();
  clock.frame(600, 0);
  clock.now(10);
  clock.frame(6600, 100_000);
  expect(clock.now(100_016)).toBeGreaterThan(6500);
});

test("a room that stood still is followed from where it went on", () => {
  const clock = createStageClock();
  for (let i = 0; i < 60; i++) clock.frame(600 + i * 3, i * 50);
  expect(clock.now(3000)).toBeLessThanOrEqual(777);
  // Paused for 20 s: the same tick comes again and again.
  for (let ms = 3000; ms < 23_000; ms += 50) clock.frame(777, ms);
  expect(clock.now(23_000)).toBeLessThanOrEqual(777);
  for (let i = 1; i <= 40; i++) clock.frame(777 + i * 3, 23_000 + i * 50);
  const tick = clock.now(25_000);
  expect(tick).toBeGreaterThan(850);
  expect(tick).toBeLessThanOrEqual(897);
});

test.each([0.25, 4, 16])("at speed %d the picture runs as fast, about 100 ms behind", (speed) => {
  const clock = createStageClock();
  for (let i = 0; i < 40; i++) clock.frame(600 + i * 3, i * 50);
  clock.now(2000);
  const changedMs = 2000;
  clock.speed(speed, changedMs);
  const roomAt = (ms: number) => 717 + (ms - changedMs) * 0.06 * speed;
  const read: { ms: number; tick: number }[] = [];
  let last = clock.now(changedMs);
  for (let ms = changedMs; ms < 8000; ms += 10) {
    if (ms % 50 === 0) clock.frame(Math.floor(roomAt(ms)), ms);
    const tick = clock.now(ms);
    expect(tick).toBeGreaterThanOrEqual(last);
    last = tick;
    if (ms >= 5000) read.push({ ms, tick });
  }
  for (const { ms, tick } of read) {
    const lateMs = (roomAt(ms) - tick) / (0.06 * speed);
    expect(lateMs).toBeGreaterThan(20);
    expect(lateMs).toBeLessThan(200);
  }
  const steps = read.slice(1).map(({ tick }, i) => tick - read[i]!.tick);
  for (const step of steps) {
    expect(step).toBeGreaterThan(0.3 * 0.6 * speed);
    expect(step).toBeLessThan(1.7 * 0.6 * speed);
  }
});

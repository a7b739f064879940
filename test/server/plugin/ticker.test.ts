/** The ticker: whole rule ticks from time steps of any length. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createTicker, maxTicksPerUpdate } from "../../../server/plugin/ticker.ts";

const ticksOf = (steps: readonly number[]) => {
  let ran = 0;
  const ticker = createTicker(() => ran++);
  const each = steps.map((dtMs) => {
    const before = ran;
    ticker.update(dtMs);
    return ran - before;
  });
  return { each, ran, skipped: ticker.skipped };
};

test.each([
  ["a room of 60 Hz", [1000 / 60, 1000 / 60, 1000 / 60], [1, 1, 1], 0],
  ["a room of 30 Hz", [1000 / 30, 1000 / 30, 1000 / 30], [2, 2, 2], 0],
  ["a room of 20 Hz", [50, 50], [3, 3], 0],
  ["a room of 128 Hz", Array(6).fill(1000 / 128), [0, 0, 1, 0, 1, 0], 0],
  ["a room that was asleep", [61_000], [60], 3600],
  ["what is no time", [Number.NaN, -5, 0, Number.POSITIVE_INFINITY, 1000 / 60], [0, 0, 0, 0, 1], 0],
])("%s", (_name, steps, each, skipped) => {
  expect(ticksOf(steps)).toMatchObject({ each, skipped });
});

test("over any steps as many ticks run as time has passed, but for what was skipped", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.01, max: 3000, noNaN: true }), { maxLength: 50 }), (steps) => {
      const { each, ran, skipped } = ticksOf(steps);
      const due = (steps.reduce((sum, dtMs) => sum + dtMs, 0) * 60) / 1000;
      expect(Math.abs(ran + skipped - due)).toBeLessThanOrEqual(1.001);
      expect(Math.max(0, ...each)).toBeLessThanOrEqual(maxTicksPerUpdate);
    }),
  );
});

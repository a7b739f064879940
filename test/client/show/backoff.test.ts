/** Backoff: waits that double from half a second to eight, spread by chance, whatever the number of tries. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs, firstWaitMs, longestWaitMs } from "../../../client/show/backoff.ts";

test("waits double up to the longest", () => {
  expect([0, 1, 2, 3, 4, 5, 4000].map((tries) => backoffMs(tries, 0))).toEqual([
    500, 1000, 2000, 4000, 8000, 8000, 8000,
  ]);
});

test("chance takes up to a quarter off, never more", () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (tries, chance) => {
      const wait = backoffMs(tries, chance);
      expect(wait).toBeGreaterThan(firstWaitMs * 0.75 - 1e-9);
      expect(wait).toBeLessThanOrEqual(longestWaitMs);
      expect(wait / backoffMs(tries, 0)).toBeCloseTo(1 - chance / 4);
    }),
  );
});

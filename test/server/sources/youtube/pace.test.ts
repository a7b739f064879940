/** The pace at which YouTube's chat is asked: the service's word is kept, and a day's units last for a show. */
import { describe, expect, it } from "vitest";
import { createUnitMeter, defaultDailyUnits, pageUnits, pageWaitMs } from "../../../../server/sources/youtube/pace.ts";
import { createManualClock } from "../../../support/manual-clock.ts";

const plenty = 1e9;
const hourMs = 3_600_000;

/** How long a key of `units` lasts at this pace, ms, and the longest wait on the way. */
function lastsMs(units: number, askedMs: number): { totalMs: number; longestMs: number } {
  let openForMs = 0;
  let longestMs = 0;
  for (let left = units; left >= pageUnits; left -= pageUnits) {
    const waitMs = pageWaitMs({ askedMs, unitsLeft: left, openForMs });
    longestMs = Math.max(longestMs, waitMs);
    openForMs += waitMs;
  }
  return { totalMs: openForMs, longestMs };
}

describe("pageWaitMs", () => {
  it.each([
    [3000, 3000],
    [15_000, 15_000],
    [0, 1000],
    [-5, 1000],
    [Number.NaN, 5000],
    [1e12, 60_000],
    [Number.POSITIVE_INFINITY, 60_000],
  ])("keeps to what the service asks: %s ms makes %i ms", (askedMs, waitMs) => {
    expect(pageWaitMs({ askedMs, unitsLeft: plenty, openForMs: 0 })).toBe(waitMs);
  });

  it("begins at 7.2 s with the units of a free key", () => {
    expect(pageWaitMs({ askedMs: 1000, unitsLeft: defaultDailyUnits, openForMs: 0 })).toBe(7200);
  });

  it("makes a free key last for four hours, without a pause of more than 20 s", () => {
    const { totalMs, longestMs } = lastsMs(defaultDailyUnits, 1000);
    expect(totalMs).toBeGreaterThan(4 * hourMs);
    expect(longestMs).toBeLessThanOrEqual(20_000);
  });

  it("never asks sooner than the service says, however many units are left", () => {
    for (const unitsLeft of [plenty, 5000, 5, 0, -100]) {
      expect(pageWaitMs({ askedMs: 25_000, unitsLeft, openForMs: 0 })).toBe(25_000);
    }
  });
});

describe("createUnitMeter", () => {
  it("counts what a day's questions cost over all lines of a run, and begins anew at midnight in California", () => {
    const clock = createManualClock(Date.parse("2026-11-22T20:00:00Z"));
    const memory = new Map();
    const first = createUnitMeter(1000, clock, memory);
    for (const path of ["/channels", "/videos", "/liveChat/messages"]) first.asked(path);
    expect(first.left()).toBe(993);
    clock.advance(12 * hourMs - 1);
    const second = createUnitMeter(1000, clock, memory);
    second.asked("/liveChat/messages");
    expect(second.left()).toBe(988);
    clock.advance(1);
    expect(second.left()).toBe(1000);
  });
});

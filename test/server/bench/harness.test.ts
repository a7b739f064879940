/** The harness measures what it says: ratios of blocks, in an order that a drifting machine cannot bend. */
import { expect, test } from "vitest";
import { compare, median, percentile } from "../../../server/bench/harness.ts";
import { tableOf } from "../../../server/bench/report.ts";

/** Two jobs that cost what they are told, on a clock that only they move. */
function aRun(cost: { subject: number; baseline: number; drift?: number }) {
  let time = 0;
  const order: string[] = [];
  const spend = (name: string, ms: number) => () => {
    order.push(name);
    time += ms + (cost.drift ?? 0) * time;
  };
  const result = compare({
    subject: spend("s", cost.subject),
    baseline: spend("b", cost.baseline),
    ...{ blockSteps: 2, groups: 3, repeats: 2, warmUpSteps: 1 },
    now: () => time,
  });
  return { order: order.join(""), result };
}

test("runs warm-up, then blocks in the order subject, baseline, baseline, subject", () => {
  expect(aRun({ subject: 3, baseline: 1 }).order).toBe(`sb${"ssbbbbss".repeat(6)}`);
});

test("gives the ratio and the times of one step", () => {
  expect(aRun({ subject: 3, baseline: 2 }).result).toEqual({
    ratio: 1.5,
    low: 1.5,
    high: 1.5,
    subjectMs: 3,
    baselineMs: 2,
  });
});

test("a machine that slows down hits both alike", () => {
  const { ratio } = aRun({ subject: 1, baseline: 1, drift: 0.001 }).result;
  expect(ratio).toBeCloseTo(1, 3);
});

test.each([
  [[], Number.NaN],
  [[5], 5],
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
])("median of %j is %d", (values, middle) => expect(median(values)).toBe(middle));

test("percentiles lie between the values around them", () => {
  const values = Array.from({ length: 101 }, (_, i) => 100 - i);
  expect([0, 50, 99, 100].map((percent) => percentile(values, percent))).toEqual([0, 50, 99, 100]);
  expect(percentile([10, 20], 75)).toBe(17.5);
});

test("the table lines up and keeps three digits", () => {
  const table = tableOf([
    { suite: "a", name: "short", value: 0.12345, unit: "x", low: 0.1, high: 0.2, note: "why" },
    { suite: "a", name: "a longer name", value: 1234.5, unit: "ms", note: "" },
  ]);
  expect(table.split("\n")).toEqual([
    "suite  measured       median   repeats         note",
    "-----  -------------  -------  --------------  ----",
    "a      short          0.123 x  0.100 to 0.200  why",
    "a      a longer name  1235 ms",
  ]);
});

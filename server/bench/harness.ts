/** Measuring on a noisy machine: two jobs side by side in short blocks, ratios instead of times, medians instead of means. */
import { performance } from "node:perf_hooks";

export interface CompareOptions {
  /** The job in question, and the one it is measured against; each call is one step. */
  readonly subject: () => void;
  readonly baseline: () => void;
  /** Steps of one block. Shorter blocks mostly measure how one job empties the other's caches (25 or more, measured). */
  readonly blockSteps: number;
  /** Groups of four blocks in one repeat. */
  readonly groups: number;
  readonly repeats: number;
  /** Steps of each job that are not measured. */
  readonly warmUpSteps: number;
  /** Reads a time in ms. Default: the machine's. */
  readonly now?: () => number;
}

/** Ratio of two jobs' times, and their own times for orientation. */
export interface Comparison {
  /** Median over the repeats, each the median of its groups; the least and the largest repeat. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Median time of one step, ms. */
  readonly subjectMs: number;
  readonly baselineMs: number;
}

/** Runs blocks in the order subject, baseline, baseline, subject, so that a machine that slows down hits both alike. */
export function compare(options: CompareOptions): Comparison {
  const { subject, baseline, groups, repeats, warmUpSteps } = options;
  const subjectTimes: number[] = [];
  const baselineTimes: number[] = [];
  const ratios: number[] = [];
  const timed = blockTimer(options);
  for (let i = 0; i < warmUpSteps; i++) {
    subject();
    baseline();
  }
  for (let repeat = 0; repeat < repeats; repeat++) {
    const ofGroups: number[] = [];
    for (let group = 0; group < groups; group++) {
      const first = timed(subject);
      const base = timed(baseline) + timed(baseline);
      const own = first + timed(subject);
      ofGroups.push(own / base);
      subjectTimes.push(own / 2);
      baselineTimes.push(base / 2);
    }
    ratios.push(median(ofGroups));
  }
  return {
    ratio: median(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
    subjectMs: median(subjectTimes),
    baselineMs: median(baselineTimes),
  };
}

/** Times a block of one job, ms per step. */
function blockTimer({ blockSteps, now = () => performance.now() }: CompareOptions) {
  return (job: () => void): number => {
    const start = now();
    for (let i = 0; i < blockSteps; i++) job();
    return (now() - start) / blockSteps;
  };
}

/** The middle value; the mean of the two in the middle of an even number of them. NaN for none. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The value below which `percent` of the values lie, between two values in proportion. NaN for none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

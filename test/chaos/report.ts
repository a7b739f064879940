/** Report: what a chaos run says to people. */
import type { ChaosResult } from "./chaos.ts";

/** Problems named of one run. */
const maxProblems = 12;

/** One line of a run, and below it what was wrong. */
export function linesOf(result: ChaosResult): string[] {
  const { seed, kills, events, gifts, ticks, rounds, lostTicks, readyMs, tickMs, stopMs, problems, folder } = result;
  const killed = Object.entries(kills).map(([when, times]) => `${times} ${when}`);
  const parts = [
    `seed ${seed}`,
    problems.length === 0 ? "exact" : "NOT EXACT",
    `kills ${Object.values(kills).reduce((sum, times) => sum + times, 0)} (${killed.join(", ")})`,
    `events ${events}`,
    `gifts ${gifts.units} units, ${gifts.value} diamonds`,
    `ticks ${ticks}, rounds ${rounds}, at most ${lostTicks} gone after a kill`,
    `start to ready ${spreadOf(readyMs)}`,
    `kill to tick ${spreadOf(tickMs)}`,
    `stop ${stopMs} ms`,
  ];
  const shown = problems.slice(0, maxProblems).map((problem) => `  - ${problem}`);
  if (problems.length > maxProblems) shown.push(`  - and ${problems.length - maxProblems} more`);
  if (folder !== undefined) shown.push(`  The data folder and what the processes printed are in ${folder}`);
  return [parts.join("; "), ...shown];
}

/** The last line over all runs. */
export function summaryOf(results: readonly ChaosResult[]): string {
  const exact = results.filter(({ problems }) => problems.length === 0).length;
  const kills = results.flatMap((result) => Object.values(result.kills)).reduce((sum, times) => sum + times, 0);
  const ready = results.flatMap(({ readyMs }) => readyMs);
  const tick = results.flatMap(({ tickMs }) => tickMs);
  return `${exact} of ${results.length} exact, ${kills} kills; start to ready ${spreadOf(ready)}; kill to tick ${spreadOf(tick)}`;
}

/** Median and worst of durations. */
function spreadOf(durationsMs: readonly number[]): string {
  if (durationsMs.length === 0) return "never";
  const sorted = durationsMs.toSorted((a, b) => a - b);
  return `median ${sorted[Math.floor(sorted.length / 2)]} ms, worst ${sorted.at(-1)} ms`;
}

/** How long a show is away: from opening the store to the first new tick, by how much of the round has to be gone through and how many bodies move. */
import { performance } from "node:perf_hooks";
import type { AnyGame } from "../../shared/game/define.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import { checkpointTicks } from "../../shared/sim/simulation.ts";
import { ticksPerSecond } from "../../shared/world/world.ts";
import { loadGame, loadRules } from "../games.ts";
import { benchGame, benchRules } from "./bench-game.ts";
import { median } from "./harness.ts";
import { userIdOf } from "./messages.ts";
import type { Row } from "./report.ts";
import {
  createAudience,
  inFolder,
  openStoredShow,
  type StoredShow,
  type StoredShowOptions,
  usualHz,
} from "./stored-show.ts";

/** The process dies so long after the checkpoint, s: at the worst just before the next one, however long the round is. */
const usualSeconds = [15, 30, 60];
const usualBodies = [20, 50, 100];

interface ResumeOptions {
  readonly bodies?: readonly number[];
  /** Ascending, at most 60. */
  readonly seconds?: readonly number[];
}

/** Measures a scene of bodies that fly, and Last Ball with its audience. */
export async function benchResume(
  repeats: number,
  { bodies = usualBodies, seconds = usualSeconds }: ResumeOptions = {},
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const number of bodies) {
    const game = benchGame("arena", number, (index) => `tiktok:${userIdOf(index)}`);
    rows.push(...(await benchShow({ name: `${number} bodies`, game, rules: benchRules(game), seconds, repeats })));
  }
  const game = await loadGame("last-ball");
  const { rules } = loadRules("", game);
  rows.push(...(await benchShow({ name: "Last Ball", game, rules, seconds: seconds.slice(-1), repeats })));
  return rows;
}

interface ShowOptions {
  readonly name: string;
  readonly game: AnyGame;
  readonly rules: CompiledRules;
  readonly seconds: readonly number[];
  readonly repeats: number;
}

/** One show that is left at each of these times after its first long checkpoint, and goes on until the next. */
async function benchShow({ name, game, rules, seconds, repeats }: ShowOptions): Promise<Row[]> {
  return inFolder(async (folder) => {
    const options = { folder, game, rules, audience: createAudience(usualHz) };
    const rows: Row[] = [];
    let running = await openStoredShow(options);
    await running.play(checkpointTicks);
    const { checkpointMs } = running;
    for (const after of seconds) {
      // Each start goes on by one tick: room for them before the next checkpoint.
      const untilTick = checkpointTicks + after * ticksPerSecond - repeats - 1;
      await running.play(untilTick - running.show.simulation.world.tick);
      await running.leave();
      const measured = await resume(options, repeats);
      const away = `${Math.round(measured.last.relivedTicks / ticksPerSecond)} s since the checkpoint`;
      rows.push(rowOf(`${name}, ${away}: store opened to first tick`, measured));
      running = await openStoredShow(options);
    }
    await running.leave();
    const note = "settled and saved; once a round, at least every minute";
    rows.push({ suite: "resume", name: `${name}: tick with a checkpoint`, value: checkpointMs, unit: "ms", note });
    return rows;
  });
}

interface Resumed {
  readonly ms: readonly number[];
  /** Processor time of all threads, ms: what a machine of its own would need, more or less. */
  readonly processorMs: readonly number[];
  readonly last: Pick<StoredShow, "opening" | "relivedTicks">;
}

async function resume(options: StoredShowOptions, repeats: number): Promise<Resumed> {
  const ms: number[] = [];
  const processorMs: number[] = [];
  let last: StoredShow | undefined;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const startMs = performance.now();
    const before = process.cpuUsage();
    last = await openStoredShow(options);
    last.show.tick();
    ms.push(performance.now() - startMs);
    const { user, system } = process.cpuUsage(before);
    processorMs.push((user + system) / 1000);
    await last.leave();
  }
  return { ms, processorMs, last: last! };
}

function rowOf(name: string, { ms, processorMs, last }: Resumed): Row {
  const { storeMs, readMs, reliveMs } = last.opening;
  const parts = `open ${Math.round(storeMs)}, read ${Math.round(readMs)}, go through ${Math.round(reliveMs)} ms`;
  return {
    ...{ suite: "resume", name, value: median(ms), unit: "ms", low: Math.min(...ms), high: Math.max(...ms) },
    note: `${parts}; ${last.relivedTicks} ticks; ${Math.round(median(processorMs))} ms of processor time`,
  };
}

/** What keeping everything costs: a tick with the real store against one without, commits, and what a show takes of the disk. */
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { savedFiles } from "../../shared/sim/input.ts";
import { createSimulation } from "../../shared/sim/simulation.ts";
import { ticksPerSecond } from "../../shared/world/world.ts";
import { systemClock } from "../clock.ts";
import { loadGame, loadRules } from "../games.ts";
import { createIngest } from "../ingest/ingest.ts";
import { createRuleShelf } from "../room/rule-shelf.ts";
import { createShow, type Show } from "../room/show.ts";
import { openStore } from "../store/sqlite.ts";
import type { JournalPage, Store } from "../store/store.ts";
import { createWriter, type Writer } from "../store/writer.ts";
import { benchGame, benchRules } from "./bench-game.ts";
import { median, percentile } from "./harness.ts";
import { createIdleWriter } from "./idle-writer.ts";
import { createMessages, userIdOf } from "./messages.ts";
import type { Row } from "./report.ts";
import { bytesIn, createAudience, inFolder, openStoredShow, usualHz } from "./stored-show.ts";
import { connectWire } from "./wire.ts";

const seed = 11;
/** Events a second: a quiet room, a large one, a flood. */
const rates = [50, 500, 5000];
/** Bodies of the scene: as many as Last Ball has balls in a full room. */
const bodies = 40;
const tickMs = 1000 / ticksPerSecond;
/** A show without what one begins with, and the whole of it: what lies between is what a show takes as it goes on. */
const sizedSeconds = [60, 360] as const;

interface StoreBenchOptions {
  /** Ticks of a block, at the real pace. Default 60. */
  readonly blockTicks?: number;
  /** Lengths of the shows whose sizes are compared, s. */
  readonly sized?: readonly [number, number];
}

/** Measures ticks at three event rates, and the size of a show of Last Ball. */
export async function benchStore(repeats: number, options: StoreBenchOptions = {}): Promise<Row[]> {
  const { blockTicks = ticksPerSecond, sized = sizedSeconds } = options;
  const rows: Row[] = [];
  for (const rateHz of rates) rows.push(...(await benchRate(rateHz, blockTicks, repeats)));
  return [...rows, ...(await benchSize(sized))];
}

/** Times of the ticks of a block, ms, and how long the main thread was busy for each, with all that comes of a tick. */
interface Block {
  readonly ticksMs: readonly number[];
  readonly busyMs: number;
}

async function benchRate(rateHz: number, blockTicks: number, repeats: number): Promise<Row[]> {
  return inFolder(async (folder) => {
    const store = await openStore({ folder });
    const commitsMs: number[] = [];
    const stored = createSide(rateHz, createWriter({ store: await timed(store, commitsMs), show: "bench" }));
    const bare = createSide(rateHz, createIdleWriter());
    // Compiled code and filled caches are what a show has that runs.
    for (const side of [stored, bare]) await side.block(blockTicks);
    commitsMs.length = 0;
    const groups: { stored: Block[]; bare: Block[] }[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const first = await stored.block(blockTicks);
      const between = [await bare.block(blockTicks), await bare.block(blockTicks)];
      groups.push({ stored: [first, await stored.block(blockTicks)], bare: between });
    }
    for (const side of [stored, bare]) await side.stop();
    await store.close();
    return rateRows(rateHz, groups, commitsMs);
  });
}

/** The store with its show begun, and every commit timed from asking to knowing. */
async function timed(store: Store, commitsMs: number[]): Promise<Pick<Store, "commit">> {
  const start = { id: "bench", game: "bench", seed, startedAt: 0, version: "bench", season: "bench", body: "{}" };
  await store.beginShow(start);
  return {
    async commit(commit) {
      const startMs = performance.now();
      const report = await store.commit(commit);
      commitsMs.push(performance.now() - startMs);
      return report;
    },
  };
}

/** A show with its own audience, which runs only while it is measured. */
function createSide(rateHz: number, writer: Writer) {
  const game = benchGame("arena", bodies, (index) => `tiktok:${userIdOf(index)}`);
  const rules = benchRules(game);
  const simulation = createSimulation({ playlist: [{ game, rules }], seed });
  const ingest = createIngest({ clock: systemClock });
  const receive = connectWire(ingest);
  const shelf = createRuleShelf([[0, savedFiles(rules.files)]]);
  const show: Show = createShow({ id: "bench", simulation, ingest, writer, shelf, clock: systemClock });
  const messages = createMessages(seed);
  let due = 0;
  return {
    async block(ticks: number): Promise<Block> {
      const wires = Array.from({ length: ticks }, () => {
        due += rateHz / ticksPerSecond;
        const count = Math.floor(due);
        due -= count;
        return Array.from({ length: count }, () => Buffer.from(messages.next(systemClock.now())));
      });
      const ticksMs: number[] = [];
      const startMs = performance.now();
      const before = performance.eventLoopUtilization();
      for (const [index, bytes] of wires.entries()) {
        await wait(Math.max(0, startMs + index * tickMs - performance.now()));
        for (const message of bytes) receive(message);
        const tickStartMs = performance.now();
        show.tick();
        // With what the tick leaves to be done at once: posting its commit, hearing of the one before.
        await new Promise((resolve) => setImmediate(resolve));
        ticksMs.push(performance.now() - tickStartMs);
      }
      const { active } = performance.eventLoopUtilization(before);
      // So that nothing of it is under way while the other side is measured.
      await writer.flush();
      return { ticksMs, busyMs: active / ticks };
    },
    async stop() {
      await ingest.stop();
      const { errors, lastError } = simulation.counters;
      if (errors > 0) throw new Error(`The game failed while it was measured: ${lastError}.`);
      if (show.intake.counters.taken === 0) throw new Error("No event was taken: nothing was measured.");
    },
  };
}

function rateRows(
  rateHz: number,
  groups: readonly { readonly stored: readonly Block[]; readonly bare: readonly Block[] }[],
  commitsMs: readonly number[],
): Row[] {
  const ratio = (name: string, of: (blocks: readonly Block[]) => number): Row => {
    const values = groups.map(({ stored, bare }) => of(stored) / of(bare));
    const [own, base] = [of(groups.flatMap(({ stored }) => stored)), of(groups.flatMap(({ bare }) => bare))];
    return {
      ...{ suite: "store", name: `${rateHz} events/s: ${name}, with the store / without`, unit: "x" },
      ...{ value: median(values), low: Math.min(...values), high: Math.max(...values) },
      note: `${own.toFixed(2)} ms against ${base.toFixed(2)} ms`,
    };
  };
  const ticksOf = (blocks: readonly Block[]) => blocks.flatMap(({ ticksMs }) => ticksMs);
  const commit = `${commitsMs.length} commits for ${ticksOf(groups.flatMap(({ stored }) => stored)).length} ticks`;
  const commitName = `${rateHz} events/s: commit`;
  return [
    ratio("tick p50", (blocks) => percentile(ticksOf(blocks), 50)),
    ratio("tick p99", (blocks) => percentile(ticksOf(blocks), 99)),
    ratio("main thread busy per tick", (blocks) => median(blocks.map(({ busyMs }) => busyMs))),
    { suite: "store", name: `${commitName} p50`, value: median(commitsMs), unit: "ms", note: commit },
    { suite: "store", name: `${commitName} p99`, value: percentile(commitsMs, 99), unit: "ms", note: "no tick waits" },
  ];
}

/** What a show has taken of the disk. */
interface Sized {
  readonly events: number;
  readonly inputBytes: number;
  readonly traceBytes: number;
  readonly fileBytes: number;
}

async function benchSize([shortSeconds, longSeconds]: readonly [number, number]): Promise<Row[]> {
  const [short, long] = [await sizeOf(shortSeconds), await sizeOf(longSeconds)];
  const hours = (longSeconds - shortSeconds) / 3600;
  const grown = (of: (sized: Sized) => number) => of(long) - of(short);
  const events = grown((sized) => sized.events);
  const file = grown(({ fileBytes }) => fileBytes);
  const show = `Last Ball, ${usualHz} events/s`;
  const row = (name: string, value: number, unit: string, note: string): Row => ({
    ...{ suite: "store", name: `${show}: ${name}`, value, unit, note },
  });
  const texts = `${Math.round(grown(({ traceBytes }) => traceBytes) / events)} more of traces`;
  const megabytes = 1024 * 1024;
  return [
    row("journal, inputs per event", grown(({ inputBytes }) => inputBytes) / events, "bytes", texts),
    row("file growth per event", file / events, "bytes", "journal, ledger, boards and their indexes"),
    row("file growth per hour of show", file / hours / megabytes, "MB", `${events} events, ${longSeconds} s of show`),
  ];
}

/** Plays a show of so many seconds, and looks at what is left when its process has ended. */
async function sizeOf(seconds: number): Promise<Sized> {
  return inFolder(async (folder) => {
    const game = await loadGame("last-ball");
    const { rules } = loadRules("", game);
    const audience = createAudience(usualHz);
    const running = await openStoredShow({ folder, game, rules, audience });
    await running.play(seconds * ticksPerSecond);
    const { store, show } = running;
    const events = show.intake.counters.taken;
    if (events < audience.sent * 0.9) throw new Error(`Only ${events} of ${audience.sent} events were taken.`);
    await show.leave();
    const inputBytes = await textBytes((after) => store.journal({ show: show.id, after }));
    const traceBytes = await textBytes((after) => store.traces({ show: show.id, after }));
    await running.leave();
    return { events, inputBytes, traceBytes, fileBytes: bytesIn(folder) };
  });
}

async function textBytes(read: (after: string) => Promise<JournalPage<{ readonly body: string }>>): Promise<number> {
  let bytes = 0;
  for (let after = "", isFirst = true; isFirst || after !== ""; isFirst = false) {
    const { rows, next } = await read(after);
    for (const { body } of rows) bytes += Buffer.byteLength(body);
    after = next;
  }
  return bytes;
}

/** A show that is kept in the real store, on the disk of the system's temporary folder, and played as fast as the machine can. */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { AnyGame } from "../../shared/game/define.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import { ticksPerSecond } from "../../shared/world/world.ts";
import { type Clock, systemClock } from "../clock.ts";
import { maxStreaks } from "../ingest/gifts.ts";
import { createIngest } from "../ingest/ingest.ts";
import { openShow, relive } from "../room/opening.ts";
import { createShow, type Show } from "../room/show.ts";
import { openStore } from "../store/sqlite.ts";
import type { Store } from "../store/store.ts";
import { createMessages } from "./messages.ts";
import { connectWire } from "./wire.ts";

const seed = 11;
/** Events a second of a show that is neither quiet nor flooded. */
export const usualHz = 30;
/** Gifts of before that a start asks for. */
const maxRememberedGifts = 50_000;

/** Runs something in a folder of its own, which is gone afterwards. */
export async function inFolder<Result>(run: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "uproar-bench-"));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Size of all files in a folder, bytes. */
export function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** What viewers send, and the time they live in: it goes on with the ticks, however fast those come. */
export interface Audience {
  readonly clock: Clock;
  readonly sent: number;
  /** One tick goes by: hands over what falls into it. */
  tick(receive: (bytes: Buffer) => void): void;
}

/** Creates one. It outlives the processes of its show. */
export function createAudience(rateHz: number): Audience {
  const messages = createMessages(seed);
  const startMs = systemClock.now();
  let ticks = 0;
  let sent = 0;
  // No line breaks and none is silent, so nothing ever has to be called back.
  const clock: Clock = { now: () => startMs + (ticks * 1000) / ticksPerSecond, after: () => () => {} };
  return {
    clock,
    get sent() {
      return sent;
    },
    tick(receive) {
      ticks++;
      for (; sent < (ticks * rateHz) / ticksPerSecond; sent++) receive(Buffer.from(messages.next(clock.now())));
    },
  };
}

export interface StoredShowOptions {
  readonly folder: string;
  readonly game: AnyGame;
  readonly rules: CompiledRules;
  readonly audience: Audience;
}

export interface StoredShow {
  readonly show: Show;
  readonly store: Store;
  /** What opening it took, ms: the store, reading what it has, going through the past; and the ticks of that past. */
  readonly opening: { readonly storeMs: number; readonly readMs: number; readonly reliveMs: number };
  readonly relivedTicks: number;
  /** The longest tick in which a checkpoint was made, ms; 0 while there was none. */
  readonly checkpointMs: number;
  play(ticks: number): Promise<void>;
  /** Ends as a kill does, but for what was noted: that is written. The next one that opens the folder goes on. */
  leave(): Promise<void>;
}

/** Opens the show of a folder as `start` does: a new one, or the one that was left. Throws when it goes on otherwise than it was. */
export async function openStoredShow({ folder, game, rules, audience }: StoredShowOptions): Promise<StoredShow> {
  const startMs = performance.now();
  const store = await openStore({ folder });
  const openedMs = performance.now();
  const opened = await openShow({
    ...{
      store,
      playlist: [{ game, rules }],
      seed,
      clock: systemClock,
      mode: "auto",
      id: "bench",
      version: "bench",
      season: "bench",
    },
    loadGame: async () => game,
    warn: fail,
  });
  const takenBefore = new Set(await store.recentGiftIds(0, maxRememberedGifts));
  const combosBefore = await store.recentCombos(0, maxStreaks);
  const readMs = performance.now();
  const ingest = createIngest({ clock: audience.clock, takenBefore, combosBefore });
  const show = createShow({ ...opened, ingest, clock: systemClock });
  const { ticks: relivedTicks, differsAt } = relive(show, opened);
  if (differsAt !== undefined) fail(`The show differs from tick ${differsAt} on.`);
  const opening = { storeMs: openedMs - startMs, readMs: readMs - openedMs, reliveMs: performance.now() - readMs };
  const receive = connectWire(ingest);
  let checkpointMs = 0;
  return {
    ...{ show, store, opening, relivedTicks },
    get checkpointMs() {
      return checkpointMs;
    },
    async play(ticks) {
      for (let i = 0; i < ticks; i++) {
        audience.tick(receive);
        const tickMs = performance.now();
        if (show.tick()?.checkpoint) checkpointMs = Math.max(checkpointMs, performance.now() - tickMs);
        // The worker's answers arrive between ticks.
        await new Promise((resolve) => setImmediate(resolve));
      }
      const { errors, lastError } = show.simulation.counters;
      if (errors > 0) fail(`The game failed while it was measured: ${lastError}.`);
    },
    async leave() {
      await ingest.stop();
      await show.leave();
      await store.close();
    },
  };
}

function fail(message: string): never {
  throw new Error(message);
}

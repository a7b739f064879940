/** A flood from one source into the real server: no gift may be lost, memory must stay bounded, ticks must keep their rate. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { LiveEventType } from "../../shared/events/live-event.ts";
import { ticksPerSecond } from "../../shared/world/world.ts";
import { readConfig } from "../config.ts";
import type { IngestCounters } from "../ingest/ingest.ts";
import { type RunningServer, startServer } from "../main.ts";
import { moduleAt } from "../project.ts";
import { openStore } from "../store/sqlite.ts";
import type { Row } from "./report.ts";
import { watch } from "./room-bench.ts";
import type { WireRate, WireReady, WireSent } from "./wire-worker.ts";

/** Messages a second. */
const floodHz = 10_000;
/** Time for the line to be opened, and for what is under way to arrive after the flood, s. */
const settleSeconds = 2;
const megabyte = 1024 * 1024;

/** Floods for `seconds`. Needs a core of its own for the sender. */
export async function benchFlood(seconds: number): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "uproar-bench-"));
  const wire = new Worker(moduleAt("./wire-worker", import.meta.url));
  let server: RunningServer | undefined;
  try {
    const { url } = await answerOf<WireReady>(wire);
    const config = readConfig({ source: ["tiktool"], user: "bench", port: 0, data: folder, seed: 1 }, {}, folder);
    server = await startServer({ config, env: { TIKTOOL_URL: url } });
    await watch(server);
    const rate = async (rateHz: number): Promise<WireSent> => {
      const answer = answerOf<WireSent>(wire);
      wire.postMessage({ rateHz } satisfies WireRate);
      return answer;
    };
    // Caches and compiled code are not what a flood costs.
    await rate(floodHz);
    await wait(settleSeconds * 1000);
    const before = process.memoryUsage.rss();
    const startedAt = performance.now();
    const ticksBefore = server.show.simulation.world.tick;
    let peak = before;
    for (let second = 0; second < seconds; second++) {
      await wait(1000);
      peak = Math.max(peak, process.memoryUsage.rss());
    }
    const elapsedSeconds = (performance.now() - startedAt) / 1000;
    const ticks = server.show.simulation.world.tick - ticksBefore;
    const sent = await rate(0);
    await wait(settleSeconds * 1000);
    const flooded = { sent, ticks, elapsedSeconds, before, peak, counters: server.ingest.counters() };
    await server.stop();
    server = undefined;
    return rowsOf(flooded, await unitsInLedger(folder));
  } finally {
    await server?.stop();
    await wire.terminate();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Flooded {
  readonly sent: WireSent;
  readonly ticks: number;
  readonly elapsedSeconds: number;
  /** Resident memory at the start of the measurement and at its highest, bytes. */
  readonly before: number;
  readonly peak: number;
  readonly counters: IngestCounters;
}

function answerOf<T>(wire: Worker): Promise<T> {
  return new Promise((resolve, reject) => {
    wire.once("message", resolve);
    wire.once("error", reject);
  });
}

async function unitsInLedger(folder: string): Promise<number> {
  const store = await openStore({ folder });
  let units = 0;
  let after = "";
  do {
    const page = await store.ledger({ after });
    for (const { count } of page.rows) units += count;
    after = page.next;
  } while (after !== "");
  await store.close();
  return units;
}

function rowsOf(flooded: Flooded, ledgerUnits: number): Row[] {
  const { sent, ticks, elapsedSeconds, before, peak, counters } = flooded;
  const rows: Row[] = [];
  const row = (name: string, value: number, unit: string, note: string) =>
    rows.push({ suite: "flood", name, value, unit, note });
  const hz = ticks / elapsedSeconds;
  const { sources, queue } = counters;
  row("messages sent", sent.messages, "", `${Math.round(sources.received / elapsedSeconds)} a second were heard`);
  row("messages not heard", sent.messages - sources.received, "", "must be 0");
  row("gift units sent", sent.giftUnits, "", `${ledgerUnits} in the ledger`);
  row("gift units lost or doubled", ledgerUnits - sent.giftUnits, "", "must be 0");
  row("tick rate error", 100 * (hz / ticksPerSecond - 1), "%", `${hz.toFixed(2)} Hz`);
  row("memory, highest above start", (peak - before) / megabyte, "MB", `${(peak / megabyte).toFixed(0)} MB at most`);
  row("queue, longest", queue.peak, "", "events waiting");
  for (const [what, byType] of Object.entries({ dropped: queue.dropped, merged: queue.merged })) {
    for (const [type, count] of Object.entries(byType) as [LiveEventType, number][])
      row(`${what}: ${type}`, count, "", "");
  }
  if (Object.keys({ ...queue.dropped, ...queue.merged }).length === 0) row("dropped or merged", 0, "", "of any class");
  return rows;
}

/** The real server under a real line: how steady its ticks are, and how long an event takes from the wire to the patch that shows it. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { Client } from "@colyseus/sdk";
import { posesMessage, showRoomName } from "../../shared/protocol/messages.ts";
import { ticksPerSecond } from "../../shared/world/world.ts";
import { readConfig } from "../config.ts";
import { type RunningServer, startServer } from "../main.ts";
import { moduleAt } from "../project.ts";
import { median, percentile } from "./harness.ts";
import type { Row } from "./report.ts";
import type { WireRate, WireReady } from "./wire-worker.ts";

/** Messages a second of a quiet and of a flooded room. */
const quietHz = 50;
const busyHz = 5000;
/** Left out after each change of the rate, s. */
const settleSeconds = 2;

/** Measures for `seconds` at each rate. */
export async function benchRoom(seconds: number): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "uproar-bench-"));
  const wire = new Worker(moduleAt("./wire-worker", import.meta.url));
  let server: RunningServer | undefined;
  try {
    const { url } = await new Promise<WireReady>((resolve, reject) => {
      wire.once("message", resolve);
      wire.once("error", reject);
    });
    const meter = createMeter();
    const config = readConfig({ source: ["tiktool"], user: "bench", port: 0, data: folder, seed: 1 }, {}, folder);
    server = await startServer({ config, env: { TIKTOOL_URL: url }, afterPatch: meter.patched });
    meter.watch(server);
    const watching = await watch(server);
    const measure = async (rateHz: number) => {
      wire.postMessage({ rateHz } satisfies WireRate);
      await wait(settleSeconds * 1000);
      meter.start();
      await wait(seconds * 1000);
      return meter.stop();
    };
    const quiet = await measure(quietHz);
    const busy = await measure(busyHz);
    if (watching.frames() === 0) throw new Error("No stage saw the room: nothing was sent.");
    return rowsOf(quiet, busy);
  } finally {
    await server?.stop();
    await wire.terminate();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Joins as a stage, so that patches have somewhere to go. */
export async function watch({ port, tokens }: RunningServer) {
  const client = new Client(`http://127.0.0.1:${port}`);
  client.auth.token = tokens.stage;
  const room = await client.join(showRoomName);
  room.reconnection.enabled = false;
  let frames = 0;
  room.onMessage(posesMessage, () => {
    frames++;
  });
  room.onMessage("*", () => {});
  return { frames: () => frames };
}

/** What one rate gave. */
interface Measured {
  readonly ticks: number;
  readonly seconds: number;
  /** Time between two ticks, ms. */
  readonly gapsMs: readonly number[];
  /** From the moment the service sent an event to the moment its patch was handed to the sockets, ms. */
  readonly latenciesMs: readonly number[];
}

function createMeter() {
  let isOn = false;
  let startedAt = 0;
  let lastTickAt = 0;
  let ticks = 0;
  let gapsMs: number[] = [];
  let latenciesMs: number[] = [];
  /** When the events were sent that the next patch will show, ms since 1970. */
  let waiting: number[] = [];
  return {
    /** Looks into each step of the room's simulation. */
    watch({ show: { simulation } }: RunningServer) {
      const step = simulation.step.bind(simulation);
      simulation.step = (events) => {
        const now = performance.now();
        if (isOn) {
          if (lastTickAt > 0) gapsMs.push(now - lastTickAt);
          lastTickAt = now;
          ticks++;
          for (const event of events) waiting.push(event.ts);
        }
        return step(events);
      };
    },
    patched() {
      const now = Date.now();
      for (const sentAt of waiting) latenciesMs.push(now - sentAt);
      waiting = [];
    },
    start() {
      ticks = 0;
      lastTickAt = 0;
      gapsMs = [];
      latenciesMs = [];
      waiting = [];
      startedAt = performance.now();
      isOn = true;
    },
    stop(): Measured {
      isOn = false;
      return { ticks, seconds: (performance.now() - startedAt) / 1000, gapsMs, latenciesMs };
    },
  };
}

function rowsOf(quiet: Measured, busy: Measured): Row[] {
  const rows: Row[] = [];
  for (const [rateHz, { ticks, seconds, gapsMs, latenciesMs }] of [
    [quietHz, quiet],
    [busyHz, busy],
  ] as const) {
    if (latenciesMs.length === 0) throw new Error("No event reached the room: nothing was measured.");
    const row = (name: string, value: number, unit: string, note: string) =>
      rows.push({ suite: "room", name: `${rateHz} events/s: ${name}`, value, unit, note });
    // Counted between the first and the last tick, so that the edges of the window do not count as an error.
    const hz = (1000 * gapsMs.length) / gapsMs.reduce((sum, gap) => sum + gap, 0);
    row("tick rate error", 100 * (hz / ticksPerSecond - 1), "%", `${hz.toFixed(2)} Hz, ${ticks} ticks`);
    row("gap between ticks, p50", median(gapsMs), "ms", "16.67 is even");
    row("gap between ticks, p99", percentile(gapsMs, 99), "ms", `largest ${Math.max(...gapsMs).toFixed(1)} ms`);
    const got = `${latenciesMs.length} events, ${Math.round(latenciesMs.length / seconds)} a second`;
    row("event on the wire to patch sent, p50", median(latenciesMs), "ms", got);
    row("event on the wire to patch sent, p99", percentile(latenciesMs, 99), "ms", "one tick and one patch: 66.7 ms");
  }
  const ratio = percentile(busy.latenciesMs, 99) / percentile(quiet.latenciesMs, 99);
  const name = `event to patch p99, ${busyHz} / ${quietHz} events/s`;
  rows.push({ suite: "room", name, value: ratio, unit: "x", note: "what a flood adds" });
  return rows;
}

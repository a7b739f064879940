/** kill -9 of a process that writes, at random moments: what was safe is there, every commit is whole, and the next process goes on. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { openStore } from "../../../server/store/sqlite.ts";
import { allOf, refusal } from "./given.ts";

const kills = 6;
/** How many times the process says what is safe before it is killed, at most. */
const maxLines = 150;
const folder = mkdtempSync(join(tmpdir(), "uproar-kill-"));
let writer: ChildProcess | undefined;
afterEach(() => {
  writer?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** Lets a process write until it has said `lines` times what is safe, kills it, and returns what it said last. */
async function writeAndKill(lines: number): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("./writer.ts", import.meta.url)), folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  writer = child;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  let safe = 0;
  let said = 0;
  for await (const line of createInterface({ input: child.stdout! })) {
    safe = Number(line);
    if (++said === 1) expect((await refusal(openStore({ folder }))).code).toBe("STORE_IN_USE");
    // Lines that were on their way are read to the end: all of them must be true.
    if (said === lines) child.kill("SIGKILL");
  }
  await gone;
  return safe;
}

test("what is left is a beginning, whole, with all that was safe in it", { timeout: 120_000 }, async () => {
  const moments = fc.sample(fc.integer({ min: 1, max: maxLines }), kills);
  let [lastSeq, lastTick] = [0, 0];
  for (const lines of moments) {
    const safe = await writeAndKill(lines);
    const store = await openStore({ folder });
    const show = (await store.show("show-1"))!;
    const about = `killed after ${lines} of ${moments}`;
    expect(show.lastSeq, about).toBeGreaterThanOrEqual(safe);
    expect(show.lastSeq, about).toBeGreaterThan(lastSeq);
    expect(show.tick, about).toBeGreaterThan(lastTick);
    const batches = await allOf((query) => store.journal(query), { show: "show-1" });
    expect(
      batches.map(({ seq }) => seq).sort((a, b) => a - b),
      about,
    ).toEqual(Array.from({ length: show.lastSeq }, (_, i) => i + 1));
    for (const { seq, body, tick } of batches) {
      expect(body, about).toBe(`batch ${seq} ${"x".repeat(seq % 5000)}`);
      if (tick !== undefined) expect(tick, about).toBeLessThan(show.tick);
    }
    // A batch and its gifts' rows are one, and so are its entering and what became of them.
    const entered = batches.filter(({ tick }) => tick !== undefined).length;
    const totals = await store.ledgerTotals();
    expect([totals.applied.rows, totals.banked.rows], about).toEqual([2 * entered, 2 * (show.lastSeq - entered)]);
    const traces = await allOf((query) => store.traces(query), { show: "show-1" });
    expect(
      traces.map(({ tick }) => tick),
      about,
    ).toEqual(Array.from({ length: show.tick }, (_, i) => i + 1));
    const checkpoint = await store.checkpoint("show-1");
    expect(checkpoint?.tick ?? 0, about).toBeLessThanOrEqual(show.tick);
    if (checkpoint) expect(checkpoint.body.length, about).toBe(300_000 + `checkpoint ${checkpoint.tick} `.length);
    [lastSeq, lastTick] = [show.lastSeq, show.tick];
    await store.close();
  }
});

/** A show that is recorded and played again: the same gifts, to the last unit. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { openStore } from "../../../server/store/sqlite.ts";
import { aFolder, type RunningCommand, uproar } from "./uproar.ts";

const folder = aFolder();
const shows: RunningCommand[] = [];
afterAll(async () => {
  for (const show of shows) {
    show.process.kill("SIGKILL");
    await show.ended;
  }
  folder.remove();
});

async function start(data: string, ...args: string[]) {
  const show = uproar(["--port", "0", "--data", join(folder.path, data), "--seed", "3", ...args]);
  shows.push(show);
  const [, base] = await show.prints(/(http:\/\/127\.0\.0\.1:\d+)\/stage\?token=/);
  const source = async () => (await (await fetch(`${base}/health`)).json()).shows[0].sources[0];
  const stop = async () => {
    show.process.kill("SIGTERM");
    return await show.ended;
  };
  return { source, stop };
}

/** Units in a show's ledger by viewer and gift. */
async function unitsIn(data: string): Promise<Record<string, number>> {
  const store = await openStore({ folder: join(folder.path, data) });
  const { rows } = await store.ledger({});
  await store.close();
  const units: Record<string, number> = {};
  for (const { viewer, gift, count } of rows) {
    const key = `${viewer.id} ${gift.id}`;
    units[key] = (units[key] ?? 0) + count;
  }
  return units;
}

test("a recorded show plays again", async () => {
  const file = join(folder.path, "show.ndjson");
  const live = await start("live", "--scenario", "crowd", "--record", file);
  await vi.waitFor(async () => expect((await live.source()).counters.giftUnits).toBeGreaterThan(5), 40_000);
  expect((await live.stop()).code).toBe(0);
  const recorded = await unitsIn("live");
  expect(Object.keys(recorded).length).toBeGreaterThan(0);
  expect(readFileSync(file, "utf8")).toMatch(/^{"recording":1,"source":"simulated"/);

  const again = await start("again", "--source", `recording:${file}`, "--speed", "100");
  await vi.waitFor(async () => expect(await again.source()).toMatchObject({ state: "ended" }), 40_000);
  expect((await again.source()).detail).toContain("was played to its end");
  expect((await again.stop()).code).toBe(0);
  expect(await unitsIn("again")).toEqual(recorded);
}, 120_000);

test("a recording is never written over", async () => {
  const file = join(folder.path, "mine.ndjson");
  const first = await start("first", "--record", file);
  await vi.waitFor(() => expect(existsSync(file)).toBe(true));
  await first.stop();
  const before = readFileSync(file, "utf8");
  const { code, stderr } = await uproar(["--port", "0", "--data", join(folder.path, "second"), "--record", file]).ended;
  expect(code).toBe(1);
  expect(stderr).toContain(`The recording ${file} is there already; choose another name for --record.`);
  expect(readFileSync(file, "utf8")).toBe(before);
}, 60_000);

/** A show that is recorded and played again: the same gifts, to the last unit. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
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
  const source = async (nth = 0) => (await (await fetch(`${base}/health`)).json()).shows[0].sources[nth];
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

  // Where it was heard, and where it was played before, it acts as well, beside what stands in the ledger.
  for (const times of [2, 3]) {
    const more = await start("live", "--source", `recording:${file}`, "--speed", "100");
    await vi.waitFor(async () => expect(await more.source()).toMatchObject({ state: "ended" }), 40_000);
    expect((await more.stop()).code).toBe(0);
    const expected = Object.entries(recorded).map(([key, units]) => [key, units * times]);
    expect(await unitsIn("live")).toEqual(Object.fromEntries(expected));
  }
}, 120_000);

test("two recordings play side by side, whatever their paths", async () => {
  const streams = join(folder.path, "streams/2027-01-15-friday-evening-charity-show-with-friends");
  mkdirSync(streams, { recursive: true });
  const files = [join(folder.path, "short.ndjson"), join(streams, "night.tiktool.ndjson")];
  const gift = (nth: number) => ({
    event: "gift",
    data: {
      ...{ msgId: `${nth}`, giftId: 7000, giftName: "Lion", diamondCount: 100, repeatCount: 1, giftType: 2 },
      user: { userId: "9", uniqueId: "bo", nickname: "Bo" },
    },
  });
  const frames = [{ event: "roomInfo", roomId: "7" }, ...[1, 2, 3].map(gift)];
  const moments = frames.map((frame, index) => ({ at: 10 * index, text: JSON.stringify(frame) }));
  const header = { recording: 1, source: "tiktool", user: "ana", startedAt: 1_700_000_000_000 };
  for (const file of files) {
    writeFileSync(
      file,
      [header, { at: 0, line: "open" }, ...moments].map((line) => `${JSON.stringify(line)}\n`).join(""),
    );
  }
  const show = await start("two", ...files.flatMap((file) => ["--source", `recording:${file}`]));
  for (const nth of [0, 1]) {
    await vi.waitFor(async () => expect(await show.source(nth)).toMatchObject({ state: "ended" }), 20_000);
    expect((await show.source(nth)).counters).toMatchObject({ giftUnits: 3, broken: 0, connects: 1 });
  }
  expect((await show.stop()).code).toBe(0);
  expect(await unitsIn("two")).toEqual({ "9 7000": 6 });
}, 60_000);

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

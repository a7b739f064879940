/** The embedded store: what is recorded is there, whatever happens to the process or the disk. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../../../server/clock.ts";
import { openStore } from "../../../server/store/sqlite.ts";
import {
  type ComboMark,
  type LedgerRow,
  type LedgerState,
  type Store,
  StoreError,
} from "../../../server/store/store.ts";
import { aGift } from "./a-gift.ts";

let folder: string;
const opened: Store[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "uproar-store-"));
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close().catch(() => {});
  rmSync(folder, { recursive: true, force: true });
});

async function open(options: Partial<Parameters<typeof openStore>[0]> = {}): Promise<Store> {
  const store = await openStore({ folder, ...options });
  opened.push(store);
  return store;
}

/** A clock whose timers fire only when told. */
function aClock(): Clock & { waits: number[]; fire(): void } {
  let timers: { ms: number; callback: () => void }[] = [];
  return {
    now: () => 0,
    after(ms, callback) {
      const timer = { ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    get waits() {
      return timers.map(({ ms }) => ms);
    },
    fire() {
      for (const { callback } of timers.splice(0)) callback();
    },
  };
}

/** Another program that keeps the data file locked. */
function lockFile(): () => void {
  const other = new DatabaseSync(join(folder, "uproar.sqlite"));
  other.exec("BEGIN IMMEDIATE");
  return () => other.close();
}

/** Overwrites the middle of a good data file. */
async function loseMiddle(file: string): Promise<void> {
  const store = await open();
  store.recordGifts(Array.from({ length: 500 }, (_, i) => aGift({ id: `g${i}` })));
  await store.close();
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0x5a, bytes.length / 4, bytes.length / 2));
}

async function refusal(promise: Promise<unknown>): Promise<StoreError> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(StoreError);
  return error as StoreError;
}

describe("the ledger", () => {
  test("gives back what was recorded, after closing and opening too", async () => {
    const rows = [aGift(), aGift({ id: "tiktool:2", state: "banked", reason: "round over", actions: [], test: true })];
    const store = await open();
    store.recordGifts(rows);
    expect(await store.ledger()).toEqual({ rows, next: "" });
    await store.close();
    expect((await (await open()).ledger()).rows).toEqual(rows);
  });

  test("keeps one row per gift: the last one recorded while it waits", async () => {
    const store = await open();
    store.recordGifts([aGift({ state: "banked", reason: "later" }), aGift({ id: "b" })]);
    await store.flush();
    store.recordGifts([aGift({ state: "banked", reason: "again" }), aGift({ state: "applied" })]);
    expect((await store.ledger()).rows).toEqual([aGift({ state: "applied" }), aGift({ id: "b" })]);
    expect(store.status()).toEqual({
      ...{ queued: 0, written: 3, dropped: 0, invalid: 0, ofOtherShows: 0, superseded: 0 },
      trouble: "",
    });
  });

  test.each(["at once", "later"])("a gift that comes again %s in another show changes nothing", async (when) => {
    const store = await open();
    const first = aGift({ state: "applied" });
    const again = aGift({ show: "show-2", state: "rejected", reason: "again", actions: [] });
    store.recordGifts([first]);
    if (when === "later") await store.flush();
    store.recordGifts([again, aGift({ id: "b", show: "show-2" })]);
    expect((await store.ledger()).rows).toEqual([first, aGift({ id: "b", show: "show-2" })]);
    expect(store.status()).toMatchObject({ queued: 0, written: 2, invalid: 0, ofOtherShows: 1, trouble: "" });
  });

  test("a gift of another show that waits behind a refusing disk changes nothing either", async () => {
    const store = await open({ clock: aClock() });
    const unlock = lockFile();
    store.recordGifts([aGift()]);
    // Recorded while the first batch is on its way, so that both meet when it is put back.
    await Promise.resolve();
    await Promise.resolve();
    store.recordGifts([aGift({ show: "show-2" })]);
    await refusal(store.flush());
    unlock();
    expect((await store.ledger()).rows).toEqual([aGift()]);
    expect(store.status()).toMatchObject({ queued: 0, written: 1, ofOtherShows: 1 });
  });

  test("ids of recent gifts come newest first, from every show, within time and limit", async () => {
    const store = await open();
    const rows = [30, 10, 50, 50, 20, 40].map((at, i) => aGift({ id: `g${i}`, at, show: i % 2 ? "a" : "b" }));
    store.recordGifts(rows);
    expect(await store.recentGiftIds(20, 100)).toEqual(["g3", "g2", "g5", "g0", "g4"]);
    expect(await store.recentGiftIds(20, 2)).toEqual(["g3", "g2"]);
    expect(await store.recentGiftIds(20, 0)).toEqual(["g3"]);
    expect(await store.recentGiftIds(51, 100)).toEqual([]);
  });

  test("combos come once per source, name and room with how far they are, the last heard first, and are no part of a row", async () => {
    const store = await open();
    const step = (id: string, total: number, heardAtMs: number, changes: Partial<LedgerRow & ComboMark> = {}) => {
      const { streakKey = "k1", roomId = "7", ...row } = changes;
      return { ...aGift({ id, at: heardAtMs + 1, ...row }), combo: { streakKey, total, roomId, heardAtMs } };
    };
    const single = aGift({ id: "single", at: 80 });
    store.recordGifts([step("a1", 3, 10), single, step("a2", 7, 40), step("a3", 9, 20, { show: "show-0" })]);
    store.recordGifts([step("b1", 2, 50, { source: "euler" }), step("c1", 4, 60, { roomId: "8" })]);
    store.recordGifts([
      step("d1", 5, 19, { streakKey: "k2" }),
      step("e1", 6, 70, { streakKey: "k3", state: "banked" }),
    ]);
    await store.flush();
    // Another word on the same gift keeps its mark.
    store.recordGifts([step("e1", 6, 70, { streakKey: "k3" })]);
    const k1 = { source: "tiktool", streakKey: "k1", roomId: "7", total: 9, heardAtMs: 40, sentAtMs: 41 };
    const wanted = [
      { ...k1, streakKey: "k3", total: 6, heardAtMs: 70, sentAtMs: 71 },
      { ...k1, roomId: "8", total: 4, heardAtMs: 60, sentAtMs: 61 },
      { ...k1, source: "euler", total: 2, heardAtMs: 50, sentAtMs: 51 },
      k1,
    ];
    expect(await store.recentCombos(20, 100)).toEqual(wanted);
    expect(await store.recentCombos(20, 2)).toEqual(wanted.slice(0, 2));
    expect(await store.recentCombos(71, 100)).toEqual([]);
    const { rows } = await store.ledger();
    expect(rows.map(({ id }) => id)).toEqual(["a1", "single", "a2", "a3", "b1", "c1", "d1", "e1"]);
    for (const row of rows) expect(Object.keys(row).sort()).toEqual(Object.keys(aGift()).sort());
  });

  test("pages through one show or all, oldest first", async () => {
    const store = await open();
    const rows = Array.from({ length: 25 }, (_, i) => aGift({ id: `g${i}`, show: i % 5 === 0 ? "other" : "main" }));
    store.recordGifts(rows);
    for (const show of [undefined, "main", "other", "none"]) {
      const seen: LedgerRow[] = [];
      let after = "";
      do {
        const page = await store.ledger({ show, after, limit: 4 });
        expect(page.rows.length).toBeLessThanOrEqual(4);
        seen.push(...page.rows);
        after = page.next;
      } while (after !== "");
      expect(seen).toEqual(rows.filter((row) => show === undefined || row.show === show));
    }
  });

  test("sums are exact for any rows and any batches, test rows apart", async () => {
    const states: LedgerState[] = ["applied", "banked", "rejected"];
    const aRow = fc.record({
      id: fc.integer({ min: 0, max: 30 }).map(String),
      show: fc.constantFrom("a", "b"),
      count: fc.integer({ min: 1, max: 100_000 }),
      state: fc.constantFrom(...states),
      test: fc.boolean(),
    });
    const furthest: LedgerState[] = ["rejected", "banked", "applied"];
    let run = 0;
    const store = await open();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(aRow, { maxLength: 12 }), { maxLength: 8 }), async (batches) => {
        const prefix = `run${run++}`;
        const stands = new Map<string, LedgerRow>();
        for (const batch of batches) {
          const rows = batch.map((row) =>
            aGift({ ...row, id: `${prefix}:${row.id}`, show: prefix, value: row.count * 5 }),
          );
          for (const row of rows) {
            const known = stands.get(row.id);
            if (!known || furthest.indexOf(row.state) > furthest.indexOf(known.state)) stands.set(row.id, row);
            else if (row.state === "banked" && known.state === "banked") stands.set(row.id, row);
          }
          store.recordGifts(rows);
        }
        const totals = await store.ledgerTotals(prefix);
        for (const isTest of [true, false]) {
          for (const state of states) {
            const rows = [...stands.values()].filter((row) => row.state === state && row.test === isTest);
            const count = rows.reduce((sum, row) => sum + row.count, 0);
            expect((isTest ? totals.test : totals)[state]).toEqual({ rows: rows.length, count, value: count * 5 });
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test("commits a flood in few batches and keeps every row", async () => {
    const store = await open();
    for (let i = 0; i < 100; i++) store.recordGifts(Array.from({ length: 60 }, (_, j) => aGift({ id: `${i}-${j}` })));
    await store.flush();
    expect((await store.ledgerTotals()).applied.rows).toBe(6000);
  });

  test("settings survive; unknown ones are undefined", async () => {
    const store = await open();
    await store.saveSetting("volume", { music: 0.5 });
    await store.saveSetting("volume", { music: 0.25 });
    await store.close();
    const again = await open();
    expect(await again.setting("volume")).toEqual({ music: 0.25 });
    expect(await again.setting("nothing")).toBeUndefined();
  });
});

describe("trouble", () => {
  test("a disk that refuses is reported, tried again with growing pauses, and loses nothing", async () => {
    const clock = aClock();
    const store = await open({ clock });
    const unlock = lockFile();
    store.recordGifts([aGift({ state: "banked" }), aGift({ id: "b" })]);
    const error = await refusal(store.flush());
    expect(error.code).toBe("STORE_FAILED");
    expect(store.status()).toMatchObject({ queued: 2, written: 0, trouble: error.message });
    expect(clock.waits).toEqual([250]);
    store.recordGifts([aGift({ state: "applied" })]);
    await refusal(store.flush());
    expect(clock.waits).toEqual([500]);
    // Reading works all the same.
    expect((await store.ledger()).rows).toEqual([]);
    unlock();
    clock.fire();
    await store.flush();
    expect((await store.ledger()).rows).toEqual([aGift({ state: "applied" }), aGift({ id: "b" })]);
    expect(store.status()).toMatchObject({ queued: 0, trouble: "", dropped: 0 });
  });

  test("the queue is bounded, and what finds no place is counted", async () => {
    const store = await open({ maxQueued: 3, clock: aClock() });
    const unlock = lockFile();
    store.recordGifts([1, 2, 3, 4, 5].map((i) => aGift({ id: `g${i}`, state: "banked" })));
    expect(store.status()).toMatchObject({ queued: 3, dropped: 2 });
    // A newer row of a gift that waits always finds its place.
    store.recordGifts([aGift({ id: "g1", count: 9 })]);
    unlock();
    expect((await store.ledger()).rows.map((row) => [row.id, row.count])).toEqual([
      ["g1", 9],
      ["g2", 3],
      ["g3", 3],
    ]);
  });

  test("a row that cannot be stored does not hold up the others", async () => {
    const store = await open();
    store.recordGifts([aGift({ id: "a" }), aGift({ id: "bad", value: Number.NaN }), aGift({ id: "c" })]);
    await store.flush();
    expect((await store.ledger()).rows.map((row) => row.id)).toEqual(["a", "c"]);
    expect(store.status()).toMatchObject({ written: 2, invalid: 1 });
    expect(store.status().trouble).toContain("bad");
  });

  test("a writer that dies is started again, and the rows it had are written", async () => {
    const workers: Worker[] = [];
    const watch = (worker: Worker) => workers.push(worker);
    process.on("worker", watch);
    const store = await open();
    process.off("worker", watch);
    store.recordGifts([aGift({ id: "a" })]);
    const ended = workers[0]!.terminate();
    store.recordGifts([aGift({ id: "b" })]);
    await ended;
    // The first try may still meet the dead writer; the rows stay queued and the next one finds a new writer.
    await store.flush().catch(() => {});
    await store.flush();
    expect((await store.ledger()).rows.map((row) => row.id)).toEqual(["a", "b"]);
    expect(store.status()).toMatchObject({ queued: 0, trouble: "" });
  });

  test("closing while the disk refuses says so, and frees the folder", async () => {
    const store = await open({ clock: aClock() });
    const unlock = lockFile();
    store.recordGifts([aGift()]);
    expect((await refusal(store.close())).code).toBe("STORE_FAILED");
    unlock();
    expect((await (await open()).ledger()).rows).toEqual([]);
    expect((await refusal(store.ledger())).code).toBe("STORE_CLOSED");
  });
});

describe("opening", () => {
  test("a folder in use is refused with the process that has it", async () => {
    await open();
    const error = await refusal(open());
    expect(error.code).toBe("STORE_IN_USE");
    expect(error.message).toContain(`process ${process.pid}`);
  });

  test("a folder that cannot be made is refused", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    const error = await refusal(open({ folder: join(file, "data") }));
    expect(error.code).toBe("STORE_FOLDER_UNWRITABLE");
    expect(error.message).toContain("--data");
  });

  test.each([
    ["is no database", async (file: string) => writeFileSync(file, "x".repeat(5000))],
    ["has lost a part", loseMiddle],
  ])("a file that %s is refused and left as it is", async (_, damage) => {
    const file = join(folder, "uproar.sqlite");
    await damage(file);
    const before = readFileSync(file);
    const error = await refusal(open());
    expect(error.code).toBe("STORE_DAMAGED");
    expect(error.message).toContain(file);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test("data of a newer Uproar is refused", async () => {
    await (await open()).close();
    const db = new DatabaseSync(join(folder, "uproar.sqlite"));
    db.exec("INSERT INTO migrations VALUES (99, 0)");
    db.close();
    const error = await refusal(open());
    expect(error.code).toBe("STORE_NEWER");
    expect(error.message).toContain("99");
  });
});

test("kill -9 right after flush loses nothing, and the folder is free again", async () => {
  const writer = spawn(process.execPath, [fileURLToPath(new URL("./writer.ts", import.meta.url)), folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let safe = 0;
  for await (const line of createInterface({ input: writer.stdout })) {
    safe = Number(line);
    if (safe === 1000) expect((await refusal(open())).code).toBe("STORE_IN_USE");
    if (safe >= 2000) break;
  }
  const gone = new Promise((resolve) => writer.once("exit", resolve));
  writer.kill("SIGKILL");
  await gone;
  const store = await open();
  const { applied } = await store.ledgerTotals();
  expect(safe).toBeGreaterThanOrEqual(2000);
  expect(applied.count).toBeGreaterThanOrEqual(safe);
  expect(applied.rows).toBe(applied.count);
});

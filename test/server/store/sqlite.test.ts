/** The embedded store: a folder that cannot be used, a disk that refuses or is full, and a worker that dies. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore, type StoreOptions } from "../../../server/store/sqlite.ts";
import type { Store } from "../../../server/store/store.ts";
import { unwritable } from "../../../server/store/unwritable.ts";
import { createWriter } from "../../../server/store/writer.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { until } from "../../support/until.ts";
import { aCommit, aReceived, aRecord, aShow } from "./a-gift.ts";
import { refusal } from "./given.ts";

let folder: string;
const opened: Store[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "uproar-store-"));
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close().catch(() => {});
  rmSync(folder, { recursive: true, force: true });
});

async function open(options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore({ folder, ...options });
  opened.push(store);
  return store;
}

/** Another program that keeps the data file locked. */
function lockFile(): () => void {
  const other = new DatabaseSync(join(folder, "uproar.sqlite"));
  other.exec("BEGIN IMMEDIATE");
  return () => other.close();
}

describe("trouble", () => {
  test("a file that another program keeps locked is told of, and read all the same; then nothing is lost", async () => {
    const store = await open();
    await store.beginShow(aShow());
    const clock = createManualClock();
    const writer = createWriter({ store, show: "show-1", clock });
    const unlock = lockFile();
    writer.input(1, "[1]", [aReceived()]);
    const error = await refusal(writer.flush());
    expect(error.code).toBe("STORE_FAILED");
    expect(writer.status()).toMatchObject({ queued: 1, trouble: error.message });
    expect([await store.ledger(), writer.safe]).toEqual([{ rows: [], next: "" }, 0]);
    unlock();
    clock.advance(250);
    await until(() => writer.safe === 1);
    expect((await store.ledger()).rows.length).toBe(1);
    expect(writer.status()).toMatchObject({ queued: 0, trouble: "" });
  });

  test("a full disk is told of by its folder; once there is room, all that waited is written", async () => {
    const store = await open({ maxBytes: 2_000_000 });
    await store.beginShow(aShow({ id: "old" }));
    await store.commit(
      aCommit({ show: "old", traces: [{ tick: 1, body: "x".repeat(1_000_000) }], end: { at: 1, bank: "" } }),
    );
    await store.beginShow(aShow());
    const clock = createManualClock();
    const writer = createWriter({ store, show: "show-1", clock });
    const noted = 8;
    for (let n = 1; n <= noted; n++) {
      writer.input(n, "i".repeat(120_000), [aReceived({ id: `g${n}` })]);
      writer.gifts([aRecord({ id: `other${n}` })]);
      await writer.flush().catch(() => {});
    }
    const { trouble, queued } = writer.status();
    expect(trouble).toBe(
      `There is no room left for the data folder ${folder}; free some, and a show that runs writes what waits at once.`,
    );
    expect(queued).toBeGreaterThan(0);
    // What is there is a beginning of what was noted, each commit whole.
    const { lastSeq } = (await store.show("show-1"))!;
    expect(lastSeq).toBe(writer.safe);
    expect((await store.ledger()).rows.length).toBe(2 * lastSeq);
    expect(lastSeq).toBeLessThan(noted);
    // The journal of an old show makes room.
    await store.forgetJournals(1);
    while (writer.safe < noted) {
      clock.advance(5_000);
      await writer.flush();
    }
    expect(writer.status()).toMatchObject({ queued: 0, trouble: "" });
    expect((await store.ledger()).rows.length).toBe(2 * noted);
    expect((await store.journal({ show: "show-1" })).rows.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("a worker that dies is started again, and what it had is written", async () => {
    const workers: Worker[] = [];
    const watch = (worker: Worker) => workers.push(worker);
    process.on("worker", watch);
    const store = await open();
    process.off("worker", watch);
    await store.beginShow(aShow());
    const writer = createWriter({ store, show: "show-1" });
    writer.gifts([aRecord({ id: "a" })]);
    const ended = workers[0]!.terminate();
    writer.gifts([aRecord({ id: "b" })]);
    await ended;
    // The first try may still meet the dead worker; what it had stays queued and the next one finds a new worker.
    await writer.flush().catch(() => {});
    await writer.flush();
    expect((await store.ledger()).rows.map((row) => row.id)).toEqual(["a", "b"]);
    expect(writer.status()).toMatchObject({ queued: 0, trouble: "" });
    await writer.end(1, "");
  });

  test("several questions while a dead worker is started again start one only, and all are answered", async () => {
    const workers: Worker[] = [];
    const watch = (worker: Worker) => workers.push(worker);
    process.on("worker", watch);
    const store = await open();
    await workers[0]!.terminate();
    expect(await Promise.all([store.banks(), store.bans(), store.shows(1)])).toEqual([[], [], []]);
    process.off("worker", watch);
    expect(workers.length).toBe(2);
  });
});

describe("opening", () => {
  test("a folder in use is refused with the process that has it, and is free after", async () => {
    const store = await open();
    const error = await refusal(open());
    expect(error.code).toBe("STORE_IN_USE");
    expect(error.message).toContain(`process ${process.pid}`);
    await store.close();
    await open();
  });

  test("a folder that cannot be made is refused", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    const error = await refusal(open({ folder: join(file, "data") }));
    expect(error.code).toBe("STORE_FOLDER_UNWRITABLE");
    expect(error.message).toContain("--data");
  });

  test.each([
    // Whoever may do everything may write here too.
    [
      "closed to us",
      process.platform === "win32" || process.getuid?.() === 0,
      () => {
        chmodSync(folder, 0o500);
        return folder;
      },
    ],
    ["of a drive that takes no files", process.platform !== "linux", () => "/proc/self"],
  ])("a folder %s is refused", async (_what, isElsewhere, place) => {
    if (isElsewhere) return;
    const error = await refusal(open({ folder: place() }));
    expect(error.code).toBe("STORE_FOLDER_UNWRITABLE");
    expect(error.message).toContain("--data");
  });

  test("a folder on a full disk is refused as such", () => {
    const cause = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    expect(unwritable(folder, cause)).toMatchObject({
      code: "STORE_FULL",
      message: expect.stringContaining(folder),
      cause,
    });
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

/** Damage: a last write that was torn costs nothing that was committed before it, and a damaged file costs as little as possible. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "../../../server/store/sqlite.ts";
import type { Store } from "../../../server/store/store.ts";
import { aCommit, aReceived, aRecord, aShow } from "./a-gift.ts";
import { aBatch, refusal } from "./given.ts";

let folder: string;
let file: string;
const opened: Store[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "uproar-damage-"));
  file = join(folder, "uproar.sqlite");
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close().catch(() => {});
  rmSync(folder, { recursive: true, force: true });
});

async function open(place = folder, warnings: string[] = []): Promise<Store> {
  const store = await openStore({ folder: place, warn: (message) => warnings.push(message) });
  opened.push(store);
  return store;
}

describe("a torn last write", () => {
  const commits = 12;
  const noise = (bytes: number) => Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 89 + 7) & 0xff));
  const over = (wal: Buffer, at: number, bytes: Buffer) => {
    const copy = Buffer.from(wal);
    bytes.copy(copy, at);
    return copy;
  };

  test.each<[string, (wal: Buffer) => Buffer, number]>([
    ["without its last byte", (wal) => wal.subarray(0, -1), commits - 1],
    ["without its last page", (wal) => wal.subarray(0, -4096 - 24), commits - 1],
    ["with noise at its end", (wal) => over(wal, wal.length - 100, noise(100)), commits - 1],
    ["with zeros at its end", (wal) => over(wal, wal.length - 3000, Buffer.alloc(3000)), commits - 1],
    ["with noise after its end", (wal) => Buffer.concat([wal, noise(5000)]), commits],
    ["of which nothing is there", () => Buffer.alloc(0), 0],
  ])("a log %s leaves each commit before it whole", async (_what, tear, left) => {
    const store = await open();
    await store.beginShow(aShow());
    await store.close();
    const running = await open();
    for (let n = 1; n <= commits; n++) {
      await running.commit(
        aCommit({
          tick: n,
          inputs: [aBatch(n)],
          received: [aReceived({ id: `r${n}` })],
          gifts: [aRecord({ id: `g${n}` })],
        }),
      );
    }
    // As the disk is when the machine goes down: the log has not been folded into the file.
    const after = join(folder, "after");
    mkdirSync(after);
    copyFileSync(file, join(after, "uproar.sqlite"));
    writeFileSync(join(after, "uproar.sqlite-wal"), tear(readFileSync(`${file}-wal`)));
    const warnings: string[] = [];
    const found = await open(after, warnings);
    expect(await found.show("show-1")).toMatchObject({ lastSeq: left, tick: left });
    expect((await found.journal({ show: "show-1" })).rows.map(({ seq }) => seq)).toEqual(
      Array.from({ length: left }, (_, i) => i + 1),
    );
    expect((await found.ledgerTotals()).applied.rows).toBe(left);
    expect((await found.ledgerTotals()).banked.rows).toBe(left);
    expect(warnings).toEqual([]);
  });
});

describe("a damaged file", () => {
  /** A show with a ledger, and behind it a long journal; then another one. */
  async function fill(): Promise<void> {
    const store = await open();
    await store.beginShow(aShow());
    const gifts = Array.from({ length: 300 }, (_, i) => aRecord({ id: `g${i}` }));
    await store.commit(aCommit({ gifts, scores: [{ round: 1, viewer: "tiktok:1", score: 5, counted: 5, wins: 1 }] }));
    await store.ban({ viewer: "tiktok:9", at: 1, reason: "spam" });
    await store.saveSetting("volume", 3);
    for (let n = 1; n <= 20; n++) {
      await store.commit(
        aCommit({ inputs: [{ ...aBatch(n), body: "i".repeat(50_000) }], checkpoint: { tick: n, body: "c" } }),
      );
    }
    await store.commit(aCommit({ end: { at: 2, bank: "waits" } }));
    await store.close();
  }

  /** Overwrites a part of the file, from and to as shares of it. */
  function lose(from: number, to: number): Buffer {
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0x5a, Math.floor(bytes.length * from), Math.floor(bytes.length * to)));
    return bytes;
  }

  /** Lets the first page that holds rows of the ledger say that it holds one only. */
  function losePage(): void {
    const bytes = readFileSync(file);
    const [pageBytes, leafOfTable, cellCountAt] = [4096, 0x0d, 3];
    for (let at = pageBytes; at < bytes.length; at += pageBytes) {
      const page = bytes.subarray(at, at + pageBytes);
      if (page[0] !== leafOfTable || !page.includes('"action":"grow"')) continue;
      page.writeUInt16BE(1, cellCountAt);
      writeFileSync(file, bytes);
      return;
    }
    throw new Error("no page of the ledger found");
  }

  test.each<[string, () => unknown]>([
    [
      "has lost journals, and a part of the ledger so that it can be read",
      () => {
        losePage();
        lose(0.5, 0.9);
      },
    ],
    ["is no database", () => writeFileSync(file, "x".repeat(5000))],
    ["has lost its beginning", () => lose(0, 0.001)],
    ["has lost a part of the ledger", () => lose(0.05, 0.12)],
    ["has lost nearly everything", () => lose(0.02, 1)],
    ["ends too early", () => writeFileSync(file, readFileSync(file).subarray(0, 50_000))],
  ])("that %s is refused and left as it is", async (_what, damage) => {
    await fill();
    damage();
    const before = readFileSync(file);
    const error = await refusal(open());
    expect(error.code).toBe("STORE_DAMAGED");
    expect(error.message).toContain(file);
    expect(error.message).toMatch(/move it somewhere safe .* or choose another folder with --data/);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(existsSync(`${file}.rescued`)).toBe(false);
  });

  test("of which only journals are damaged goes on without them, is kept beside, and the streamer is told", async () => {
    await fill();
    const damaged = lose(0.5, 0.9);
    const warnings: string[] = [];
    const store = await open(folder, warnings);
    expect(warnings).toEqual([expect.stringMatching(/was damaged\. Ledger, .* are kept; recorded shows are lost/)]);
    expect(readFileSync(`${file}.damaged-1`).equals(damaged)).toBe(true);
    expect((await store.ledgerTotals()).applied).toEqual({ rows: 300, count: 900, value: 900 });
    expect(await store.board({ kind: "play", span: { type: "allTime" } })).toMatchObject([{ score: 5, wins: 1 }]);
    expect([(await store.bans()).length, await store.setting("volume"), (await store.banks())[0]?.body]).toEqual([
      1,
      3,
      "waits",
    ]);
    expect(await store.show("show-1")).toMatchObject({ hasJournal: false, endedAt: 2, lastSeq: 20 });
    expect((await store.journal({ show: "show-1" })).rows).toEqual([]);
    // It is a store like any other.
    await store.beginShow(aShow({ id: "show-2" }));
    await store.commit(
      aCommit({ show: "show-2", inputs: [aBatch(1)], gifts: [aRecord({ id: "new", show: "show-2" })] }),
    );
    await store.close();
    const again = await open(folder, warnings);
    expect((await again.ledger({ show: "show-2" })).rows.length).toBe(1);
    expect(warnings.length).toBe(1);
  });

  test("a process that dies while it is mended leaves what the next one finishes", async () => {
    await fill();
    // The new file was complete, the damaged one moved away, its log not yet.
    renameSync(file, `${file}.rescued`);
    writeFileSync(`${file}-wal`, "of the damaged file");
    const store = await open();
    expect((await store.ledgerTotals()).applied.rows).toBe(300);
    await store.close();
    expect(readFileSync(`${file}.damaged-1-wal`, "utf8")).toBe("of the damaged file");
    expect(existsSync(`${file}.rescued`)).toBe(false);
  });

  test("of an older version is refused: there is nothing in it that could be given up", async () => {
    const old = new DatabaseSync(file);
    old.exec(`CREATE TABLE migrations (version INTEGER PRIMARY KEY, at REAL NOT NULL) STRICT;
      INSERT INTO migrations VALUES (1, 0);
      CREATE TABLE other (body TEXT);`);
    for (let n = 0; n < 50; n++) old.prepare("INSERT INTO other VALUES (?)").run("x".repeat(10_000));
    old.close();
    lose(0.3, 0.9);
    expect((await refusal(open())).code).toBe("STORE_DAMAGED");
  });
});

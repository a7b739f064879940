/** Data that earlier versions wrote: it opens, keeps its rows and is of the newest version from then on. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "../../../server/store/sqlite.ts";
import type { Store } from "../../../server/store/store.ts";
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

async function open(): Promise<Store> {
  const store = await openStore({ folder });
  opened.push(store);
  return store;
}

/** A data file of version 1 with one gift and one setting, as the first release wrote it. */
const versionOne = `
  CREATE TABLE migrations (version INTEGER PRIMARY KEY, at REAL NOT NULL) STRICT;
  INSERT INTO migrations VALUES (1, 1790000000000);
  CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    show TEXT NOT NULL,
    at REAL NOT NULL,
    source TEXT NOT NULL,
    viewer_id TEXT NOT NULL, viewer_handle TEXT NOT NULL, viewer_name TEXT NOT NULL,
    gift_id TEXT NOT NULL, gift_name TEXT NOT NULL, gift_value REAL NOT NULL, gift_currency TEXT NOT NULL,
    count INTEGER NOT NULL,
    value REAL NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('applied', 'banked', 'rejected')),
    reason TEXT NOT NULL,
    actions TEXT NOT NULL,
    test INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX ledger_by_show ON ledger (show, seq);
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  INSERT INTO settings VALUES ('volume', '3');
  INSERT INTO ledger VALUES (1, 'tiktool:1', 'show-1', 1790000000123, 'tiktool', '6892636847263982501', 'ada', 'Ada 🌹',
    '5655', 'Rose', 1, 'diamond', 3, 3, 'applied', '', '[{"rule":"rose","action":"grow","tick":812}]', 0);`;

describe("opening", () => {
  test("data of version 1 is taken over row by row, and recent gifts are found by an index", async () => {
    const file = join(folder, "uproar.sqlite");
    const old = new DatabaseSync(file);
    old.exec(versionOne);
    old.close();
    const store = await open();
    expect((await store.ledger()).rows).toEqual([aGift()]);
    expect(await store.setting("volume")).toBe(3);
    expect(await store.recentGiftIds(0, 10)).toEqual(["tiktool:1"]);
    store.recordGifts([aGift({ id: "tiktool:2" })]);
    await store.close();
    const db = new DatabaseSync(file);
    expect(db.prepare("SELECT version FROM migrations").all()).toEqual([
      { version: 1 },
      { version: 2 },
      { version: 3 },
    ]);
    const plan = db.prepare("EXPLAIN QUERY PLAN SELECT id FROM ledger WHERE at >= 0 ORDER BY at DESC, seq DESC").all();
    expect(plan.map(({ detail }) => detail)).toEqual(["SEARCH ledger USING INDEX ledger_by_time (at>?)"]);
    db.close();
  });

  test("data of version 2 keeps its rows, tells of no combo from them, and takes rows with combos", async () => {
    const file = join(folder, "uproar.sqlite");
    const old = new DatabaseSync(file);
    old.exec(
      `${versionOne} INSERT INTO migrations VALUES (2, 1790000000000); CREATE INDEX ledger_by_time ON ledger (at);`,
    );
    old.close();
    const store = await open();
    expect((await store.ledger()).rows).toEqual([aGift()]);
    expect(await store.recentGiftIds(0, 10)).toEqual(["tiktool:1"]);
    expect(await store.recentCombos(0, 10)).toEqual([]);
    const combo = { streakKey: "tiktok:1|5655|gk", total: 4, roomId: "7", heardAtMs: 30 };
    store.recordGifts([{ ...aGift({ id: "tiktool:2", at: 20 }), combo }]);
    expect(await store.recentCombos(0, 10)).toEqual([{ source: "tiktool", ...combo, sentAtMs: 20 }]);
    await store.close();
    const db = new DatabaseSync(file);
    const plan = db
      .prepare("EXPLAIN QUERY PLAN SELECT source FROM ledger WHERE heard_at >= 0 AND streak_key <> ''")
      .all() as { detail: string }[];
    expect(plan.map(({ detail }) => detail)).toEqual(["SEARCH ledger USING INDEX ledger_by_combo (heard_at>?)"]);
    db.close();
  });

  test("opening again changes nothing of the data's version", async () => {
    await (await open()).close();
    await (await open()).close();
    const db = new DatabaseSync(join(folder, "uproar.sqlite"));
    expect(db.prepare("SELECT version FROM migrations").all()).toEqual([
      { version: 1 },
      { version: 2 },
      { version: 3 },
    ]);
    db.close();
  });
});

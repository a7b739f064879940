/** Data that earlier versions wrote: it opens, keeps its rows and is of the newest version from then on. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "../../../server/store/sqlite.ts";
import type { Store } from "../../../server/store/store.ts";
import { aCommit, aGift, aReceived, aRecord, aShow } from "./a-gift.ts";
import { aBatch } from "./given.ts";

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

const versionTwo = `${versionOne}
  INSERT INTO migrations VALUES (2, 1790000000000);
  CREATE INDEX ledger_by_time ON ledger (at);`;

/** With a second gift, a step of a combo, that came from a program of which the platform is not known. */
const versionThree = `${versionTwo}
  INSERT INTO migrations VALUES (3, 1790000000000);
  ALTER TABLE ledger ADD COLUMN streak_key TEXT NOT NULL DEFAULT '';
  ALTER TABLE ledger ADD COLUMN streak_total INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE ledger ADD COLUMN room TEXT NOT NULL DEFAULT '';
  ALTER TABLE ledger ADD COLUMN heard_at REAL NOT NULL DEFAULT 0;
  CREATE INDEX ledger_by_combo ON ledger (heard_at) WHERE streak_key <> '';
  INSERT INTO ledger VALUES (2, 'other:1', 'show-1', 20, 'streamerbot', '7', 'bob', 'Bob',
    '5655', 'Rose', 1, 'diamond', 3, 3, 'banked', 'waits', '[]', 0, 'k1', 4, '7', 30);`;

const first = aGift({ round: 0 });
const combo = { streakKey: "k1", total: 4, roomId: "7", heardAtMs: 30 };
const second = aGift({
  ...{ id: "other:1", at: 20, source: "streamerbot", round: 0, state: "banked", reason: "waits", actions: [] },
  viewer: { id: "7", handle: "bob", name: "Bob" },
});

describe.each([
  ["1", versionOne, [first]],
  ["2", versionTwo, [first]],
  ["3", versionThree, [first, second]],
])("data of version %s", (version, sql, rows) => {
  beforeEach(() => {
    const old = new DatabaseSync(join(folder, "uproar.sqlite"));
    old.exec(sql);
    old.close();
  });

  test("keeps its rows and settings, and is of the newest version from then on", async () => {
    const store = await open();
    expect((await store.ledger()).rows).toEqual(rows);
    expect(await store.setting("volume")).toBe(3);
    expect(await store.recentGiftIds(0, 10)).toEqual(rows.map(({ id }) => id));
    expect(await store.recentCombos(0, 10)).toEqual(
      version === "3" ? [{ source: "streamerbot", ...combo, sentAtMs: 20 }] : [],
    );
    expect(await store.shows(10)).toEqual([]);
    await store.close();
    const db = new DatabaseSync(join(folder, "uproar.sqlite"));
    expect(db.prepare("SELECT version FROM migrations").all()).toEqual([1, 2, 3, 4].map((version) => ({ version })));
    db.close();
  });

  test("takes a show with all that belongs to one, and gifts that an earlier version left go on", async () => {
    const store = await open();
    await store.beginShow(aShow({ id: "show-2" }));
    const gift = { ...aRecord({ id: "tiktool:2", show: "show-2", at: 20 }), combo };
    await store.commit(
      aCommit({
        ...{
          show: "show-2",
          tick: 3,
          inputs: [aBatch(1)],
          entered: [{ seq: 1, tick: 2 }],
          traces: [{ tick: 3, body: "t" }],
        },
        ...{ checkpoint: { tick: 3, body: "c" }, received: [aReceived({ id: "new", show: "show-2" })] },
        gifts: [gift, aRecord({ ...second, platform: "youtube", state: "applied", reason: "" })],
        scores: [{ round: 1, viewer: "tiktok:1", score: 1, counted: 1, wins: 0 }],
      }),
    );
    expect(await store.recentCombos(0, 10)).toContainEqual({ source: "tiktool", ...combo, sentAtMs: 20 });
    expect(await store.journal({ show: "show-2" })).toMatchObject({ rows: [{ seq: 1, tick: 2 }] });
    const states = (await store.ledger()).rows.map(({ id, state }) => [id, state]);
    expect(states).toContainEqual(["tiktool:1", "applied"]);
    if (version === "3") expect(states).toContainEqual(["other:1", "applied"]);
  });

  test("names its viewers by platform, where the source tells it", async () => {
    const store = await open();
    const keys = (await store.board({ kind: "paid", span: { type: "allTime" } })).map(({ viewer }) => viewer.key);
    expect(keys).toEqual(["streamerbot:7", "tiktok:6892636847263982501"].slice(version === "3" ? 0 : 1));
  });
});

test("recent gifts and combos, a show's ticks and what a game left are found by an index", async () => {
  await (await open()).close();
  const db = new DatabaseSync(join(folder, "uproar.sqlite"));
  const plan = (sql: string) =>
    db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => detail);
  expect([
    plan("SELECT id FROM ledger WHERE at >= 0 ORDER BY at DESC, seq DESC"),
    plan("SELECT source FROM ledger WHERE heard_at >= 0 AND streak_key <> ''"),
    plan("SELECT seq FROM entered WHERE show = 1 AND (tick, seq) > (5, 0) ORDER BY tick, seq"),
    plan("SELECT body FROM traces WHERE show = 1 AND tick > 5 ORDER BY tick"),
    plan("SELECT body FROM bank WHERE game = 'x' ORDER BY row DESC LIMIT 1"),
  ]).toEqual([
    ["SEARCH ledger USING INDEX ledger_by_time (at>?)"],
    ["SEARCH ledger USING INDEX ledger_by_combo (heard_at>?)"],
    ["SEARCH entered USING COVERING INDEX entered_by_tick (show=? AND (tick,seq)>(?,?))"],
    ["SEARCH traces USING INDEX sqlite_autoindex_traces_1 (show=? AND tick>?)"],
    ["SEARCH bank USING INDEX bank_by_game (game=?)"],
  ]);
  db.close();
});

test("opening again changes nothing of the data's version", async () => {
  await (await open()).close();
  await (await open()).close();
  const db = new DatabaseSync(join(folder, "uproar.sqlite"));
  expect(db.prepare("SELECT version FROM migrations").all()).toEqual([1, 2, 3, 4].map((version) => ({ version })));
  db.close();
});

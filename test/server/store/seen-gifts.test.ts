/** The gift catalogue: through the store while a show runs, and from a folder that another process uses. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readSeenGifts } from "../../../server/store/seen-gifts.ts";
import { openStore } from "../../../server/store/sqlite.ts";
import type { GiftRecord, Store } from "../../../server/store/store.ts";
import { aCommit, aRecord, aShow } from "./a-gift.ts";

let folder: string;
let store: Store | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "uproar-seen-"));
});
afterEach(async () => {
  await store?.close();
  store = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function record(gifts: readonly GiftRecord[]): Promise<void> {
  await store?.beginShow(aShow());
  await store?.commit(aCommit({ gifts }));
}

const rose = { id: "5655", name: "Rose", unitValue: 1, currency: "diamond" };
const gifts = {
  rose,
  lion: { ...rose, id: "6369", name: "Lion", unitValue: 29999 },
  rosa: { ...rose, name: "Rosa" },
  dearer: { ...rose, unitValue: 2 },
};
const rows = [
  aRecord({ id: "1", at: 10, gift: gifts.rose }),
  aRecord({ id: "2", at: 40, gift: gifts.lion, show: "another" }),
  aRecord({ id: "3", at: 30, gift: gifts.rosa, state: "rejected" }),
  aRecord({ id: "4", at: 50, gift: gifts.rose }),
  aRecord({ id: "5", at: 90, gift: { ...rose, id: "test", name: "Test gift" }, test: true }),
  aRecord({ id: "6", at: 20, gift: gifts.dearer }),
];
const seen = [gifts.rose, gifts.lion, gifts.rosa, gifts.dearer].map(({ id, name, unitValue }) => ({
  id,
  name,
  unitValue,
}));

test("each id, name and price comes once, the one sent last first, and test gifts do not", async () => {
  store = await openStore({ folder });
  expect(await store.seenGifts()).toEqual([]);
  await record(rows);
  expect(await store.seenGifts()).toEqual(seen);
});

test("there are at most 5 000, the newest ones", async () => {
  store = await openStore({ folder });
  await record(Array.from({ length: 5_010 }, (_, i) => aRecord({ id: `${i}`, at: i, gift: { ...rose, id: `${i}` } })));
  const ids = (await store.seenGifts()).map(({ id }) => Number(id));
  expect([ids.length, ids[0], ids.at(-1)]).toEqual([5_000, 5_009, 10]);
});

test("a folder is read while a show uses it, and after", async () => {
  store = await openStore({ folder });
  await record(rows);
  expect(await readSeenGifts(folder)).toEqual(seen);
  await store.close();
  expect(await readSeenGifts(folder)).toEqual(seen);
  // The folder is as free as before.
  store = await openStore({ folder });
  expect(await store.seenGifts()).toEqual(seen);
});

test("a folder without a ledger has no gifts, and stays as it was", async () => {
  expect(await readSeenGifts(join(folder, "nowhere"))).toEqual([]);
  expect(await readSeenGifts(folder)).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
  new DatabaseSync(join(folder, "uproar.sqlite")).close();
  expect(await readSeenGifts(folder)).toEqual([]);
});

test("a file that is no ledger is said to be none", async () => {
  writeFileSync(join(folder, "uproar.sqlite"), "no database, whatever its name says ".repeat(100));
  await expect(readSeenGifts(folder)).rejects.toThrow(/not a database/);
});

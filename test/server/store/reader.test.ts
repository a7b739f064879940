/** Reading a data folder beside whoever uses it: shows are read while one runs, from any tick on, and nothing is written. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gzipSync } from "node:zlib";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openRecordedShow } from "../../../server/recorded-show.ts";
import { ledgerFile } from "../../../server/store/seen-gifts.ts";
import { openStore, openStoreReader } from "../../../server/store/sqlite.ts";
import type { ShowEntry } from "../../../shared/replay/show-file.ts";
import { aPlayedShow, keepShow, linesOf, type PlayedShow } from "../cli/a-recorded-show.ts";
import { aFolder } from "../cli/uproar.ts";

let folder: ReturnType<typeof aFolder>;
let show: PlayedShow;

beforeAll(async () => {
  show = await aPlayedShow({ ticks: 240 });
});
beforeEach(() => {
  folder = aFolder();
});
afterEach(() => folder.remove());

async function read(wanted: string, fromTick?: number): Promise<ShowEntry[]> {
  const recorded = await openRecordedShow(wanted, folder.path);
  const entries: ShowEntry[] = [];
  for await (const entry of recorded.entries(fromTick)) entries.push(entry);
  await recorded.close();
  return entries;
}

/** Hashes of all files by name, but for what SQLite shares between those who have the data open, and an empty log of it. */
function contents(): Record<string, string> {
  const names = readdirSync(folder.path).filter((name) => !name.endsWith("-shm"));
  const files = names.map((name) => [name, readFileSync(join(folder.path, name))] as const);
  const full = files.filter(([name, bytes]) => !(name.endsWith("-wal") && bytes.length === 0));
  return Object.fromEntries(full.map(([name, bytes]) => [name, createHash("sha256").update(bytes).digest("hex")]));
}

test("a show is read while another process would be refused, and every file stays as it was", async () => {
  await keepShow(folder.path, show);
  const store = await openStore({ folder: folder.path });
  const before = contents();
  expect(await read("a-show")).toEqual(show.entries);
  expect(contents()).toEqual(before);
  await expect(openStore({ folder: folder.path })).rejects.toThrow("in use");
  await store.saveSetting("still", "written");
  expect(await store.setting("still")).toBe("written");
  await store.close();
  expect(await read("a-show")).toEqual(show.entries);
});

test.each([1, 60, 61, 239, 240])("from tick %i on, out of a folder and out of a file", async (fromTick) => {
  await keepShow(folder.path, show);
  const file = join(folder.path, "show.gz");
  writeFileSync(file, gzipSync(`${linesOf(show).join("\n")}\n`));
  const wanted = show.entries.filter((entry) => ("end" in entry ? entry.end : entry.tick) >= fromTick);
  expect(await read("a-show", fromTick)).toEqual(wanted);
  expect(await read(file, fromTick)).toEqual(wanted);
});

test.each([
  [-1, "STORE_FAILED", "older Uproar; start a show with its folder once"],
  [1, "STORE_NEWER", "newer Uproar"],
])("data of %i version apart is refused, and not brought up to date", async (apart, code, words) => {
  await (await openStore({ folder: folder.path })).close();
  const database = new DatabaseSync(join(folder.path, ledgerFile));
  database.exec(
    apart < 0
      ? "DELETE FROM migrations WHERE version = (SELECT max(version) FROM migrations)"
      : "INSERT INTO migrations SELECT max(version) + 1, 0 FROM migrations",
  );
  database.close();
  const before = contents();
  const refused = openStoreReader(folder.path);
  await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  expect(contents()).toEqual(before);
});

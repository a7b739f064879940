/** The embedded database: opening, locking, migrating, and the statements behind the store. Synchronous; sqlite-worker.ts runs it off the main thread. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { unwritable } from "./data-folder.ts";
import { ledgerFile, seenGiftsIn } from "./seen-gifts.ts";
import {
  type GiftRecord,
  type LedgerPage,
  type LedgerQuery,
  type LedgerRow,
  type LedgerState,
  type LedgerTotals,
  type RecentCombo,
  type SeenGift,
  StoreError,
  supersedes,
} from "./store.ts";

const lockName = "uproar.lock";
const pidName = "uproar.pid";
/** How long a commit waits for another program that reads the file, ms. Beyond, the batch is tried again later. */
const busyMs = 250;
const defaultLimit = 1000;
const maxLimit = 5000;
/** Most ids or combos of recent gifts in one answer. */
const maxRecent = 200_000;

/** One entry per version of the data, oldest first. Never edit an entry that was released: add one. */
const migrations: readonly string[] = [
  `CREATE TABLE ledger (
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
   CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`,
  "CREATE INDEX ledger_by_time ON ledger (at)",
  `ALTER TABLE ledger ADD COLUMN streak_key TEXT NOT NULL DEFAULT '';
   ALTER TABLE ledger ADD COLUMN streak_total INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE ledger ADD COLUMN room TEXT NOT NULL DEFAULT '';
   ALTER TABLE ledger ADD COLUMN heard_at REAL NOT NULL DEFAULT 0;
   CREATE INDEX ledger_by_combo ON ledger (heard_at) WHERE streak_key <> ''`,
];

/** Rows of a batch that were not written. */
export interface LeftOut {
  /** Ids of rows that are invalid. */
  invalid: string[];
  /** How many belong to a gift that another show has. */
  ofOtherShows: number;
  /** How many are copies of a gift of which the ledger knows more. */
  superseded: number;
}

/** What the worker may call. */
export interface Database {
  /** Writes rows in one commit, and says what it left out. */
  record(rows: readonly GiftRecord[]): LeftOut;
  ledger(query: LedgerQuery): LedgerPage;
  totals(show: string): LedgerTotals;
  /** Ids of gifts since a time, ms since 1970, newest first. */
  recentIds(sinceMs: number, limit: number): string[];
  /** Combos heard since a time, ms since 1970, last heard first. */
  recentCombos(sinceMs: number, limit: number): RecentCombo[];
  /** Gifts the ledger names, newest first. */
  seenGifts(): SeenGift[];
  /** The setting's JSON text, "" when there is none. */
  setting(name: string): string;
  saveSetting(name: string, json: string): void;
  close(): void;
}

/** Opens the database of a folder, making both if they are missing. Throws a StoreError with a sentence for the streamer. */
export function openDatabase(folder: string): Database {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw unwritable(folder, error);
  }
  const unlock = lock(folder);
  let connection: DatabaseSync | undefined;
  try {
    const file = join(folder, ledgerFile);
    connection = open(folder, file);
    migrate(connection, file);
    return statements(connection, unlock);
  } catch (error) {
    connection?.close();
    unlock();
    throw error;
  }
}

/**
 * Takes the folder for this process. The lock is the operating system's own, held through an open transaction on an empty
 * database, so it ends with the process, however that ends; a pid alone could belong to someone else by now. The pid is kept
 * beside it for the message only.
 */
function lock(folder: string): () => void {
  const pidFile = join(folder, pidName);
  let holder: DatabaseSync | undefined;
  try {
    holder = new DatabaseSync(join(folder, lockName), { timeout: 0 });
    holder.exec("BEGIN EXCLUSIVE");
    writeFileSync(pidFile, `${process.pid}\n`);
  } catch (error) {
    holder?.close();
    if (sqliteCode(error) === code.busy || sqliteCode(error) === code.locked) throw inUse(folder, pidFile);
    throw unwritable(folder, error);
  }
  return () => {
    rmSync(pidFile, { force: true });
    holder.close();
  };
}

function inUse(folder: string, pidFile: string): StoreError {
  let pid = "";
  try {
    pid = readFileSync(pidFile, "utf8").trim();
  } catch {
    // The holder is just starting or stopping; the message does without.
  }
  const who = /^\d+$/.test(pid) ? ` (process ${pid})` : "";
  return new StoreError(
    "STORE_IN_USE",
    `The data folder ${folder} is in use by another running Uproar${who}; stop that one or choose another folder with --data.`,
  );
}

function open(folder: string, file: string): DatabaseSync {
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(file, { timeout: busyMs });
    // FULL: a paid gift must survive a power cut too. It costs some ms per commit, which only the worker waits for.
    connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    const check = connection.prepare("PRAGMA quick_check(1)").get() as { quick_check: string };
    if (check.quick_check !== "ok") throw damaged(file, check.quick_check);
    return connection;
  } catch (error) {
    connection?.close();
    if (error instanceof StoreError) throw error;
    const number = sqliteCode(error);
    if (number === code.notADatabase || number === code.corrupt) throw damaged(file, String(error));
    if (number === code.cannotOpen || number === code.readOnly) throw unwritable(folder, error);
    throw failed(error);
  }
}

function damaged(file: string, detail: string): StoreError {
  return new StoreError(
    "STORE_DAMAGED",
    `The data file ${file} is damaged (${detail}); move it somewhere safe and start again, or choose another folder with --data.`,
  );
}

/** The error for a read or write that did not work; the message carries the database's own words. */
export function failed(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const words = cause instanceof Error ? cause.message : String(cause);
  return new StoreError("STORE_FAILED", `The ledger cannot be read or written right now (${words}).`, { cause });
}

function migrate(connection: DatabaseSync, file: string): void {
  try {
    connection.exec("CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, at REAL NOT NULL) STRICT");
    const row = connection.prepare("SELECT coalesce(max(version), 0) AS version FROM migrations").get() as {
      version: number;
    };
    if (row.version > migrations.length) {
      throw new StoreError(
        "STORE_NEWER",
        `The data file ${file} was written by a newer Uproar (data version ${row.version}, this one knows ${migrations.length}); update Uproar or choose another folder with --data.`,
      );
    }
    for (let version = row.version + 1; version <= migrations.length; version++) {
      inTransaction(connection, () => {
        connection.exec(migrations[version - 1]!);
        connection.prepare("INSERT INTO migrations (version, at) VALUES (?, ?)").run(version, Date.now());
      });
    }
  } catch (error) {
    throw failed(error);
  }
}

function inTransaction(connection: DatabaseSync, work: () => void): void {
  connection.exec("BEGIN IMMEDIATE");
  try {
    work();
    connection.exec("COMMIT");
  } catch (error) {
    if (connection.isTransaction) connection.exec("ROLLBACK");
    throw error;
  }
}

const columns = `id, show, at, source, viewer_id, viewer_handle, viewer_name, gift_id, gift_name, gift_value, gift_currency,
  count, value, state, reason, actions, test`;
/** Columns that only counting reads. */
const comboColumns = "streak_key, streak_total, room, heard_at";

function statements(connection: DatabaseSync, unlock: () => void): Database {
  const all = `${columns}, ${comboColumns}`;
  const names = all.split(",").map((name) => name.trim());
  const known = connection.prepare("SELECT show, state FROM ledger WHERE id = ?");
  const upsert = connection.prepare(
    `INSERT INTO ledger (${all}) VALUES (${names.map(() => "?").join(", ")})
     ON CONFLICT (id) DO UPDATE SET ${names
       .slice(1)
       .map((name) => `${name} = excluded.${name}`)
       .join(", ")}`,
  );
  const page = connection.prepare(`SELECT seq, ${columns} FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?`);
  const showPage = connection.prepare(
    `SELECT seq, ${columns} FROM ledger WHERE show = ? AND seq > ? ORDER BY seq LIMIT ?`,
  );
  const sums = "state, test, count(*) AS rows, sum(count) AS count, total(value) AS value FROM ledger";
  const total = connection.prepare(`SELECT ${sums} GROUP BY state, test`);
  const showTotal = connection.prepare(`SELECT ${sums} WHERE show = ? GROUP BY state, test`);
  const recent = connection.prepare("SELECT id FROM ledger WHERE at >= ? ORDER BY at DESC, seq DESC LIMIT ?");
  const combos = connection.prepare(
    `SELECT source, streak_key AS streakKey, max(streak_total) AS total, room AS roomId,
       max(heard_at) AS heardAtMs, max(at) AS sentAtMs
     FROM ledger WHERE heard_at >= ? AND streak_key <> '' GROUP BY source, streak_key, room
     ORDER BY heardAtMs DESC LIMIT ?`,
  );
  const readSetting = connection.prepare("SELECT value FROM settings WHERE name = ?");
  const writeSetting = connection.prepare(
    "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  );
  return {
    record(rows) {
      const leftOut: LeftOut = { invalid: [], ofOtherShows: 0, superseded: 0 };
      inTransaction(connection, () => {
        for (const row of rows) {
          const fate = write(known, upsert, row);
          if (fate === "invalid") leftOut.invalid.push(row.id);
          else if (fate !== "written") leftOut[fate]++;
        }
      });
      return leftOut;
    },
    ledger({ show, after, limit }) {
      const most = Math.min(maxLimit, Math.max(1, Math.floor(limit ?? defaultLimit)));
      const from = Number.parseInt(after ?? "0", 10) || 0;
      const found = (show === undefined ? page.all(from, most) : showPage.all(show, from, most)) as unknown as Stored[];
      return { rows: found.map(restored), next: found.length === most ? String(found.at(-1)!.seq) : "" };
    },
    totals(show) {
      return totalsOf((show === "" ? total.all() : showTotal.all(show)) as unknown as StoredSum[]);
    },
    recentIds(sinceMs, limit) {
      return (recent.all(sinceMs, mostRecent(limit)) as { id: string }[]).map(({ id }) => id);
    },
    recentCombos(sinceMs, limit) {
      // Rows of the database have no prototype; only plain ones are compared and copied as one expects.
      return (combos.all(sinceMs, mostRecent(limit)) as unknown as RecentCombo[]).map((row) => ({ ...row }));
    },
    seenGifts: () => seenGiftsIn(connection),
    setting: (name) => (readSetting.get(name) as { value: string } | undefined)?.value ?? "",
    saveSetting: (name, json) => void writeSetting.run(name, json),
    close() {
      connection.close();
      unlock();
    },
  };
}

function mostRecent(limit: number): number {
  return Math.min(maxRecent, Math.max(1, Math.floor(limit)));
}

/**
 * Writes one row, unless what is `known` of its gift stands. "invalid" when the row itself is at fault, so that it cannot hold up the
 * others for ever.
 */
function write(known: StatementSync, upsert: StatementSync, row: GiftRecord): "written" | keyof LeftOut {
  const { viewer, gift, combo } = row;
  try {
    const before = known.get(row.id) as Pick<LedgerRow, "show" | "state"> | undefined;
    // An id that comes again in a later show is a replay: the row says what became of the gift then, and stays.
    if (before && before.show !== row.show) return "ofOtherShows";
    if (before && !supersedes(row.state, before.state)) return "superseded";
    upsert.run(
      ...[row.id, row.show, row.at, row.source, viewer.id, viewer.handle, viewer.name],
      ...[gift.id, gift.name, gift.unitValue, gift.currency],
      ...[row.count, row.value, row.state, row.reason, JSON.stringify(row.actions), row.test ? 1 : 0],
      ...(combo ? [combo.streakKey, combo.total, combo.roomId, combo.heardAtMs] : ["", 0, "", 0]),
    );
    return "written";
  } catch (error) {
    const number = sqliteCode(error);
    if (number === undefined || number === code.constraint || number === code.mismatch) return "invalid";
    throw error;
  }
}

interface Stored {
  seq: number;
  id: string;
  show: string;
  at: number;
  source: string;
  viewer_id: string;
  viewer_handle: string;
  viewer_name: string;
  gift_id: string;
  gift_name: string;
  gift_value: number;
  gift_currency: string;
  count: number;
  value: number;
  state: LedgerState;
  reason: string;
  actions: string;
  test: number;
}

function restored(row: Stored): LedgerRow {
  return {
    id: row.id,
    show: row.show,
    at: row.at,
    source: row.source,
    viewer: { id: row.viewer_id, handle: row.viewer_handle, name: row.viewer_name },
    gift: { id: row.gift_id, name: row.gift_name, unitValue: row.gift_value, currency: row.gift_currency },
    count: row.count,
    value: row.value,
    state: row.state,
    reason: row.reason,
    actions: JSON.parse(row.actions) as LedgerRow["actions"],
    test: row.test === 1,
  };
}

interface StoredSum {
  state: LedgerState;
  test: number;
  rows: number;
  count: number;
  value: number;
}

function totalsOf(sums: readonly StoredSum[]): LedgerTotals {
  const empty = () => ({ rows: 0, count: 0, value: 0 });
  const totals = {
    ...{ applied: empty(), banked: empty(), rejected: empty() },
    test: { applied: empty(), banked: empty(), rejected: empty() },
  };
  for (const { state, test, rows, count, value } of sums) {
    const target = test === 1 ? totals.test : totals;
    target[state] = { rows, count, value };
  }
  return totals;
}

/** SQLite's primary result codes that mean something to us (sqlite.org/rescode.html). */
const code = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  corrupt: 11,
  cannotOpen: 14,
  constraint: 19,
  mismatch: 20,
  notADatabase: 26,
} as const;

/** The primary result code of an error from SQLite, undefined for any other error. */
function sqliteCode(error: unknown): number | undefined {
  const extended = (error as { errcode?: unknown } | null)?.errcode;
  return typeof extended === "number" ? extended & 0xff : undefined;
}

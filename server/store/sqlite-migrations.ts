/** Versions of the data: what each adds to the tables, and bringing older data to the newest one. */
import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "./store.ts";

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
  // A row is_received while nothing is known of the gift but that it arrived. Sources of which the platform is not known by their name
  // stand for it themselves.
  `ALTER TABLE ledger ADD COLUMN round INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE ledger ADD COLUMN platform TEXT NOT NULL DEFAULT '';
   ALTER TABLE ledger ADD COLUMN is_received INTEGER NOT NULL DEFAULT 0;
   UPDATE ledger SET platform = CASE
     WHEN source IN ('tiktool', 'tikfinity', 'euler', 'tiktok-live-connector', 'simulated') THEN 'tiktok' ELSE source END;
   CREATE TABLE shows (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     game TEXT NOT NULL,
     seed INTEGER NOT NULL,
     started_at REAL NOT NULL,
     version TEXT NOT NULL,
     season TEXT NOT NULL,
     body TEXT NOT NULL,
     tick INTEGER NOT NULL DEFAULT 0,
     last_seq INTEGER NOT NULL DEFAULT 0,
     ended_at REAL,
     resumes INTEGER NOT NULL DEFAULT 0,
     has_journal INTEGER NOT NULL DEFAULT 1
   ) STRICT;
   CREATE TABLE inputs (
     row INTEGER PRIMARY KEY,
     show INTEGER NOT NULL,
     seq INTEGER NOT NULL,
     at REAL NOT NULL,
     body TEXT NOT NULL,
     UNIQUE (show, seq)
   ) STRICT;
   CREATE TABLE entered (
     show INTEGER NOT NULL,
     seq INTEGER NOT NULL,
     tick INTEGER NOT NULL,
     PRIMARY KEY (show, seq)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX entered_by_tick ON entered (show, tick, seq);
   CREATE TABLE traces (
     row INTEGER PRIMARY KEY,
     show INTEGER NOT NULL,
     tick INTEGER NOT NULL,
     body TEXT NOT NULL,
     UNIQUE (show, tick)
   ) STRICT;
   CREATE TABLE checkpoints (
     row INTEGER PRIMARY KEY,
     show INTEGER NOT NULL,
     tick INTEGER NOT NULL,
     body TEXT NOT NULL,
     UNIQUE (show, tick)
   ) STRICT;
   CREATE TABLE bank (
     row INTEGER PRIMARY KEY AUTOINCREMENT,
     show INTEGER NOT NULL UNIQUE,
     game TEXT NOT NULL,
     body TEXT NOT NULL
   ) STRICT;
   CREATE INDEX bank_by_game ON bank (game, row);
   CREATE TABLE viewers (key TEXT PRIMARY KEY, handle TEXT NOT NULL, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE scores (
     show INTEGER NOT NULL,
     round INTEGER NOT NULL,
     viewer TEXT NOT NULL,
     score REAL NOT NULL,
     counted REAL NOT NULL,
     wins INTEGER NOT NULL,
     PRIMARY KEY (show, round, viewer)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE bans (viewer TEXT PRIMARY KEY, at REAL NOT NULL, reason TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
];

/** The version of data that this Uproar writes. */
export const newestVersion = migrations.length;

/** Brings the data of `file` to the newest version, one transaction per version. Throws a StoreError when it is of a newer one. */
export function migrate(connection: DatabaseSync, file: string): void {
  connection.exec("CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, at REAL NOT NULL) STRICT");
  for (let version = versionOf(connection, file) + 1; version <= newestVersion; version++) {
    inTransaction(connection, () => {
      connection.exec(migrations[version - 1]!);
      connection.prepare("INSERT INTO migrations (version, at) VALUES (?, ?)").run(version, Date.now());
    });
  }
}

/** Checks that data that is only read is of the newest version. Throws a StoreError when it is of another. */
export function checkVersion(connection: DatabaseSync, file: string): void {
  const hasVersions = connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'migrations'").get() !== undefined;
  if (hasVersions && versionOf(connection, file) === newestVersion) return;
  throw new StoreError(
    "STORE_FAILED",
    `The data file ${file} was written by an older Uproar; start a show with its folder once, which brings it up to date.`,
  );
}

/** The version of the data, 0 for none. Throws a StoreError when it is newer than this Uproar. */
function versionOf(connection: DatabaseSync, file: string): number {
  const { version } = connection.prepare("SELECT coalesce(max(version), 0) AS version FROM migrations").get() as {
    version: number;
  };
  if (version <= newestVersion) return version;
  throw new StoreError(
    "STORE_NEWER",
    `The data file ${file} was written by a newer Uproar (data version ${version}, this one knows ${newestVersion}); update Uproar or choose another folder with --data.`,
  );
}

/** Does `work` wholly or not at all. */
export function inTransaction<Result>(connection: DatabaseSync, work: () => Result): Result {
  connection.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    connection.exec("COMMIT");
    return result;
  } catch (error) {
    if (connection.isTransaction) connection.exec("ROLLBACK");
    throw error;
  }
}

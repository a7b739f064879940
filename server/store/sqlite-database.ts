/** The embedded database: opening, locking, and the store's methods. Synchronous; sqlite-worker.ts runs it off the main thread. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ledgerFile } from "./seen-gifts.ts";
import { boardStatements } from "./sqlite-boards.ts";
import { code, damaged, failed, sqliteCode } from "./sqlite-error.ts";
import { journalStatements } from "./sqlite-journal.ts";
import { ledgerStatements } from "./sqlite-ledger.ts";
import { checkVersion, inTransaction, migrate } from "./sqlite-migrations.ts";
import { endRescue, rescue } from "./sqlite-rescue.ts";
import { StoreError } from "./store.ts";
import type { SyncStore } from "./sync-store.ts";
import { noRoom, unwritable } from "./unwritable.ts";

const lockName = "uproar.lock";
const pidName = "uproar.pid";
/** How long a commit waits for another program that reads the file, ms. Beyond, it is tried again later. */
const busyMs = 250;
/** How long a reader waits for a commit, ms: nobody waits for it. */
const readerBusyMs = 2_000;

/** What the worker may be asked. Journals are removed piece by piece, so that commits come in between. */
export type Database = Omit<SyncStore, "forgetJournals"> & {
  /** Notes that the journals of all but the `keep` newest shows are to be removed; returns of how many. */
  condemnJournals(keep: number): number;
  /** Removes a piece of them; false when nothing is left to remove. */
  sweepJournals(): boolean;
};

export interface DatabaseOptions {
  readonly folder: string;
  /** Most that the data file may take, bytes; undefined for what the disk has. */
  readonly maxBytes?: number | undefined;
  /** Only reads, also beside a running show: nothing is locked, mended or brought to a newer version. Default false. */
  readonly readOnly?: boolean | undefined;
}

/** An open database, and what is to be told of the opening: "" or a sentence. */
export interface Opened {
  readonly database: Database;
  readonly warning: string;
}

/**
 * Opens the database of a folder, making both if they are missing and it is not only read. Throws a StoreError with a sentence for the
 * streamer.
 */
export function openDatabase({ folder, maxBytes, readOnly = false }: DatabaseOptions): Opened {
  if (readOnly) return { database: openToRead(folder), warning: "" };
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw unwritable(folder, error);
  }
  const unlock = lock(folder);
  const place = { folder, file: join(folder, ledgerFile) };
  let connection: DatabaseSync | undefined;
  try {
    endRescue(place.file);
    const opened = openOrRescue(place);
    connection = opened.connection;
    migrate(connection, place.file);
    if (maxBytes !== undefined) limit(connection, maxBytes);
    return { database: guarded(methods(connection, unlock), place), warning: opened.warning };
  } catch (error) {
    connection?.close();
    unlock();
    throw failed(error, place);
  }
}

function openToRead(folder: string): Database {
  const place = { folder, file: join(folder, ledgerFile) };
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(place.file, { readOnly: true, timeout: readerBusyMs });
    checkVersion(connection, place.file);
    return guarded(
      methods(connection, () => {}),
      place,
    );
  } catch (error) {
    connection?.close();
    throw failed(error, place);
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
    if (sqliteCode(error) === code.full) throw noRoom(folder, error);
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

function openOrRescue(place: { folder: string; file: string }): { connection: DatabaseSync; warning: string } {
  try {
    return { connection: open(place.file), warning: "" };
  } catch (cause) {
    const error = failed(cause, place);
    const warning = error.code === "STORE_DAMAGED" ? rescue(place.file) : undefined;
    if (warning === undefined) throw error;
    return { connection: open(place.file), warning };
  }
}

function open(file: string): DatabaseSync {
  const connection = new DatabaseSync(file, { timeout: busyMs });
  try {
    // FULL: a paid gift must survive a power cut too. It costs some ms per commit, which only the worker waits for.
    connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    const check = connection.prepare("PRAGMA quick_check(1)").get() as { quick_check: string };
    if (check.quick_check !== "ok") throw damaged(file, check.quick_check);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function limit(connection: DatabaseSync, maxBytes: number): void {
  const { page_size: pageBytes } = connection.prepare("PRAGMA page_size").get() as { page_size: number };
  connection.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pageBytes))}`);
}

function methods(connection: DatabaseSync, unlock: () => void): Database {
  const { write: writeRows, ...ledger } = ledgerStatements(connection);
  const { write: writeJournal, condemn, sweep, beginShow, resumeShow, ...journal } = journalStatements(connection);
  const { write: writeBoards, ...boards } = boardStatements(connection);
  const wholly = <Result>(work: () => Result) => inTransaction(connection, work);
  return {
    ...ledger,
    ...journal,
    ...boards,
    beginShow: (start) => wholly(() => beginShow(start)),
    resumeShow: (id) => wholly(() => resumeShow(id)),
    commit: (commit) =>
      wholly(() => {
        const show = writeJournal(commit);
        const { invalid, ...counts } = writeRows(commit.received, commit.gifts);
        return { ...counts, invalid: [...invalid, ...writeBoards(show, commit)] };
      }),
    condemnJournals: condemn,
    sweepJournals: () => wholly(sweep),
    close() {
      connection.close();
      unlock();
    },
  };
}

/** The same methods, which throw nothing but StoreErrors. */
function guarded(database: Database, place: { folder: string; file: string }): Database {
  const entries = Object.entries(database) as [string, (...args: unknown[]) => unknown][];
  const guard =
    (work: (...args: unknown[]) => unknown) =>
    (...args: unknown[]) => {
      try {
        return work(...args);
      } catch (error) {
        throw failed(error, place);
      }
    };
  return Object.fromEntries(entries.map(([name, work]) => [name, guard(work)])) as unknown as Database;
}

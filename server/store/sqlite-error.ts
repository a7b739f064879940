/** What SQLite's errors mean for the streamer. */
import { statfsSync } from "node:fs";
import { StoreError } from "./store.ts";
import { noRoom, unwritable } from "./unwritable.ts";

/** SQLite's primary result codes that mean something to us (sqlite.org/rescode.html). */
export const code = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  mismatch: 20,
  notADatabase: 26,
} as const;

/** A disk with less room than this is full, bytes. */
const leastBytes = 128 * 1024;

/** The primary result code of an error from SQLite, undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  const extended = (error as { errcode?: unknown } | null)?.errcode;
  return typeof extended === "number" ? extended & 0xff : undefined;
}

/** The error for a data file that is not what it should be; `detail` is the database's own words. */
export function damaged(file: string, detail: string, options?: ErrorOptions): StoreError {
  return new StoreError(
    "STORE_DAMAGED",
    `The data file ${file} is damaged (${detail}); move it somewhere safe and start again, or choose another folder with --data.`,
    options,
  );
}

/** The error for a read or write of the data file `file` in `folder` that did not work. */
export function failed(cause: unknown, { folder, file }: { folder: string; file: string }): StoreError {
  if (cause instanceof StoreError) return cause;
  const words = cause instanceof Error ? cause.message : String(cause);
  switch (sqliteCode(cause)) {
    case code.full:
      return noRoom(folder, cause);
    case code.ioError:
      // What SQLite says too when there is no room for the files beside the data.
      return isFull(folder) ? noRoom(folder, cause) : unusable(file, words, cause);
    case code.notADatabase:
    case code.corrupt:
      return damaged(file, words, { cause });
    case code.cannotOpen:
    case code.readOnly:
      return unwritable(folder, cause);
    default:
      return unusable(file, words, cause);
  }
}

function unusable(file: string, words: string, cause: unknown): StoreError {
  return new StoreError("STORE_FAILED", `The data file ${file} cannot be read or written right now (${words}).`, {
    cause,
  });
}

function isFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < leastBytes;
  } catch {
    return false;
  }
}

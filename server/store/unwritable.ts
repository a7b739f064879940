/** A folder in which nothing can be made. In a file of its own, so that the store's worker loads no more than it needs. */
import { StoreError } from "./store.ts";

/** The error for a folder in which nothing can be made; `cause` is the system's own error. */
export function unwritable(folder: string, cause: unknown): StoreError {
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  if (reason === "ENOSPC") return noRoom(folder, cause);
  return new StoreError(
    "STORE_FOLDER_UNWRITABLE",
    `The data folder ${folder} cannot be written (${reason}); make it writable or choose another one with --data.`,
    { cause },
  );
}

/** The error for a folder on a full disk. */
export function noRoom(folder: string, cause: unknown): StoreError {
  return new StoreError(
    "STORE_FULL",
    `There is no room left for the data folder ${folder}; free some, and a show that runs writes what waits at once.`,
    { cause },
  );
}

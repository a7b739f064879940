/** A folder that cannot be used. In a file of its own, so that the store's worker loads no more than it needs. */
import { StoreError } from "./store.ts";

/** The error for a folder in which nothing can be made; `cause` is the system's own error. */
export function unwritable(folder: string, cause: unknown): StoreError {
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  return new StoreError(
    "STORE_FOLDER_UNWRITABLE",
    `The data folder ${folder} cannot be written (${reason}); make it writable or choose another one with --data.`,
    { cause },
  );
}

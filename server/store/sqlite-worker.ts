/** Worker thread of the embedded store: owns the database and answers requests one after the other, so that no disk ever holds up a tick. */
import { parentPort, workerData } from "node:worker_threads";
import type { Database, DatabaseOptions } from "./sqlite-database.ts";
import { silenceSqliteWarning } from "./sqlite-warning.ts";
import { StoreError, type StoreErrorCode } from "./store.ts";

/** One question: a method of the database and what it is given. */
export interface Request {
  readonly op: keyof Database;
  readonly args: readonly unknown[];
}

/** Answers come in the order of the requests; the very first one is `Opened.warning`, or why the database could not be opened. */
export type Reply = { readonly answer: unknown } | { readonly error: { code: StoreErrorCode; message: string } };

silenceSqliteWarning();
// Imported only now: Node warns as soon as the database is loaded, which for a plain import is before any line here runs.
const { openDatabase } = await import("./sqlite-database.ts");

if (parentPort) serve(parentPort, workerData as DatabaseOptions);

function serve(port: NonNullable<typeof parentPort>, options: DatabaseOptions): void {
  const send = (work: () => unknown) => {
    let reply: Reply;
    try {
      reply = { answer: work() };
    } catch (error) {
      reply = { error: plain(error) };
    }
    port.postMessage(reply);
    return !("error" in reply);
  };
  let database: Database | undefined;
  const opened = send(() => {
    const result = openDatabase(options);
    database = result.database;
    return result.warning;
  });
  if (!opened || !database) {
    port.close();
    return;
  }
  const methods = database as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
  port.on("message", ({ op, args }: Request) => {
    send(() => methods[op]!(...args));
    if (op === "close") port.close();
  });
}

/** An error as it can be posted: of a StoreError the code would be lost. */
function plain(error: unknown): { code: StoreErrorCode; message: string } {
  if (error instanceof StoreError) return { code: error.code, message: error.message };
  return {
    code: "STORE_FAILED",
    message: `The store failed: ${error instanceof Error ? error.message : String(error)}`,
  };
}

/** Worker thread of the embedded store: owns the database and answers requests one after the other, so that no disk ever holds up a tick. */
import { parentPort, workerData } from "node:worker_threads";
import { failed, openDatabase } from "./sqlite-database.ts";
import type { LedgerPage, LedgerQuery, LedgerRow, LedgerTotals, StoreErrorCode } from "./store.ts";

/** What the main thread may ask: arguments and answer of each request. */
export interface Requests {
  record: { ask: readonly LedgerRow[]; answer: string[] };
  ledger: { ask: LedgerQuery; answer: LedgerPage };
  totals: { ask: string; answer: LedgerTotals };
  setting: { ask: string; answer: string };
  saveSetting: { ask: { name: string; json: string }; answer: undefined };
  close: { ask: undefined; answer: undefined };
}

export interface Request {
  readonly op: keyof Requests;
  readonly ask: unknown;
}

/** Answers come in the order of the requests; the very first one tells whether the database could be opened. */
export type Reply = { readonly answer: unknown } | { readonly error: { code: StoreErrorCode; message: string } };

if (parentPort) serve(parentPort, (workerData as { folder: string }).folder);

function serve(port: NonNullable<typeof parentPort>, folder: string): void {
  const send = (work: () => unknown) => {
    let reply: Reply;
    try {
      reply = { answer: work() };
    } catch (cause) {
      const { code, message } = failed(cause);
      reply = { error: { code, message } };
    }
    port.postMessage(reply);
    return !("error" in reply);
  };
  let database: ReturnType<typeof openDatabase> | undefined;
  const opened = send(() => {
    database = openDatabase(folder);
  });
  if (!opened || !database) {
    port.close();
    return;
  }
  const handlers = handlersOf(database);
  port.on("message", ({ op, ask }: Request) => {
    send(() => handlers[op](ask as never));
    if (op === "close") port.close();
  });
}

function handlersOf(database: ReturnType<typeof openDatabase>) {
  return {
    record: (rows) => database.record(rows),
    ledger: (query) => database.ledger(query),
    totals: (show) => database.totals(show),
    setting: (name) => database.setting(name),
    saveSetting: ({ name, json }) => void database.saveSetting(name, json),
    close: () => void database.close(),
  } satisfies { [Op in keyof Requests]: (ask: Requests[Op]["ask"]) => Requests[Op]["answer"] };
}

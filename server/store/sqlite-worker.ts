/** Worker thread of the embedded store: owns the database and answers requests one after the other, so that no disk ever holds up a tick. */
import { parentPort, workerData } from "node:worker_threads";
import type { Database, LeftOut } from "./sqlite-database.ts";
import { silenceSqliteWarning } from "./sqlite-warning.ts";
import type {
  GiftRecord,
  LedgerPage,
  LedgerQuery,
  LedgerTotals,
  RecentCombo,
  SeenGift,
  StoreErrorCode,
} from "./store.ts";

/** What the main thread may ask: arguments and answer of each request. */
export interface Requests {
  record: { ask: readonly GiftRecord[]; answer: LeftOut };
  ledger: { ask: LedgerQuery; answer: LedgerPage };
  totals: { ask: string; answer: LedgerTotals };
  recentIds: { ask: { sinceMs: number; limit: number }; answer: string[] };
  recentCombos: { ask: { sinceMs: number; limit: number }; answer: RecentCombo[] };
  seenGifts: { ask: undefined; answer: SeenGift[] };
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

silenceSqliteWarning();
// Imported only now: Node warns as soon as the database is loaded, which for a plain import is before any line here runs.
const { failed, openDatabase } = await import("./sqlite-database.ts");

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
  let database: Database | undefined;
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

function handlersOf(database: Database) {
  return {
    record: (rows) => database.record(rows),
    ledger: (query) => database.ledger(query),
    totals: (show) => database.totals(show),
    recentIds: ({ sinceMs, limit }) => database.recentIds(sinceMs, limit),
    recentCombos: ({ sinceMs, limit }) => database.recentCombos(sinceMs, limit),
    seenGifts: () => database.seenGifts(),
    setting: (name) => database.setting(name),
    saveSetting: ({ name, json }) => void database.saveSetting(name, json),
    close: () => void database.close(),
  } satisfies { [Op in keyof Requests]: (ask: Requests[Op]["ask"]) => Requests[Op]["answer"] };
}

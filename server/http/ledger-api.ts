/**
 * /api/ledger: every gift and what became of it, as lines of JSON, one JSON list or a table; and the sums, of all and by viewer.
 * Mounted behind the operator's token.
 */
import { Router } from "express";
import { z } from "zod";
import type { LedgerRow, LedgerState, LedgerSum, Store, ViewerTotal } from "../store/store.ts";
import { checked } from "./checked.ts";
import { csvLine, csvStart } from "./csv.ts";
import { sendAsMade } from "./sending.ts";

/** Address that stands for the running show's id. */
const current = "current";
const show = z.string().max(100).default("");
const ledgerQuery = z.strictObject({
  show,
  state: z.enum(["applied", "banked", "rejected"]).optional(),
  format: z.enum(["ndjson", "json", "csv"]).default("ndjson"),
});
const totalsQuery = z.strictObject({ show });
const viewersQuery = z.strictObject({ show, format: z.enum(["json", "csv"]).default("json") });

export interface LedgerApiParts {
  /** The running show. */
  show: { readonly id: string };
  store: Pick<Store, "ledger" | "ledgerTotals" | "viewerTotals">;
  /** Resolves when all that has happened so far can be read, or cannot be written now. Never rejects. */
  settle(): Promise<void>;
}

/** Creates the router for `/api/ledger`. */
export function createLedgerApi(parts: LedgerApiParts): Router {
  const { store } = parts;
  const api = Router();
  const error = "The ledger cannot be given like this.";
  /** The show that is asked for; undefined for all. */
  const showOf = (asked: string) => (asked === current ? parts.show.id : asked) || undefined;

  api.get("/", async (request, response) => {
    const query = checked(ledgerQuery, request.query, { response, whole: "address", error });
    if (!query) return;
    const { state, format } = query;
    const of = showOf(query.show);
    await parts.settle();
    const { begin, line, end, between } = formats[format];
    const chunks = chunksOf(rowsOf(store, of, state), { begin, line, end, between });
    await sendAsMade(chunks, {
      response,
      begin() {
        if (format === "ndjson") response.type("application/x-ndjson");
        else response.attachment(fileName("ledger", of, format, state));
      },
    });
  });

  api.get("/totals", async (request, response) => {
    const query = checked(totalsQuery, request.query, { response, whole: "address", error });
    if (!query) return;
    const of = showOf(query.show);
    await parts.settle();
    const { test, ...counted } = await store.ledgerTotals(of);
    response.json({ ...(of ? { show: of } : {}), ...withReceived(counted), test: withReceived(test) });
  });

  api.get("/viewers", async (request, response) => {
    const query = checked(viewersQuery, request.query, { response, whole: "address", error });
    if (!query) return;
    const of = showOf(query.show);
    await parts.settle();
    const viewers = await store.viewerTotals(of);
    if (query.format === "json") {
      const rows = viewers.map(({ viewer, currency, ...sums }) => ({ viewer, currency, ...withReceived(sums) }));
      response.json({ ...(of ? { show: of } : {}), viewers: rows });
      return;
    }
    response.attachment(fileName("viewers", of, "csv"));
    response.send(csvStart + csvLine(viewerColumns) + viewers.map(viewerLine).join(""));
  });
  return api;
}

/** The sums with that of all states: what was received is what was applied, what waits and what was rejected. */
function withReceived<Sums extends Readonly<Record<LedgerState, LedgerSum>>>(sums: Sums) {
  const states = [sums.applied, sums.banked, sums.rejected];
  const sum = (of: keyof LedgerSum) => states.reduce((total, state) => total + state[of], 0);
  return { received: { rows: sum("rows"), count: sum("count"), value: sum("value") }, ...sums };
}

/** "uproar-ledger-SHOW-applied.csv". */
function fileName(what: string, of: string | undefined, format: string, state?: LedgerState): string {
  const parts = ["uproar", what, (of ?? "all").replace(/[^\w.-]/g, "_"), ...(state ? [state] : [])];
  return `${parts.join("-")}.${format}`;
}

/** Rows of the ledger, a page at a time. */
async function* rowsOf(store: Pick<Store, "ledger">, of: string | undefined, state: LedgerState | undefined) {
  let after = "";
  do {
    const page = await store.ledger({ ...(of ? { show: of } : {}), after });
    yield state ? page.rows.filter((row) => row.state === state) : page.rows;
    after = page.next;
  } while (after);
}

/** How a ledger is written: what stands before, between and after the lines. */
interface Format {
  readonly begin: string;
  line(row: LedgerRow): string;
  readonly between: string;
  readonly end: string;
}

async function* chunksOf(pages: AsyncIterable<readonly LedgerRow[]>, format: Format): AsyncGenerator<string> {
  let before = format.begin;
  for await (const rows of pages) {
    let text = "";
    for (const row of rows) {
      text += before + format.line(row);
      before = format.between;
    }
    if (text !== "") yield text;
  }
  const isEmpty = before === format.begin;
  yield (isEmpty ? format.begin : "") + format.end;
}

const ledgerColumns = [
  ...["id", "show", "round", "time_utc", "source", "viewer_id", "viewer_handle", "viewer_name"],
  ...["gift_id", "gift_name", "unit_value", "currency", "count", "value", "state", "reason", "actions", "test"],
];

const formats: Readonly<Record<"ndjson" | "json" | "csv", Format>> = {
  ndjson: { begin: "", line: (row) => `${JSON.stringify(row)}\n`, between: "", end: "" },
  json: { begin: "[\n", line: (row) => JSON.stringify(row), between: ",\n", end: "\n]\n" },
  csv: { begin: csvStart + csvLine(ledgerColumns), line: ledgerLine, between: "", end: "" },
};

function ledgerLine({ id, show, round, at, source, viewer, gift, count, value, state, ...row }: LedgerRow): string {
  return csvLine([
    ...[id, show, round, timeOf(at), source, viewer.id, viewer.handle, viewer.name],
    ...[gift.id, gift.name, gift.unitValue, gift.currency, count, value, state, row.reason],
    row.actions.map(actionWords).join("; "),
    row.test,
  ]);
}

/** "spikes (rule rose, tick 740)", with the show when that was a later one. */
function actionWords({ rule, action, tick, show: later }: LedgerRow["actions"][number]): string {
  return `${action} (rule ${rule}, tick ${tick}${later ? ` of ${later}` : ""})`;
}

/** "2026-11-23 20:15:01" in UTC, as spreadsheets read it; "" for what is no time (a platform may send anything). */
function timeOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 19).replace("T", " ");
}

const viewerColumns = [
  ...["viewer", "handle", "name", "currency"],
  ...["received", "applied", "banked", "rejected"].flatMap((state) => [`${state}_count`, `${state}_value`]),
];

function viewerLine({ viewer, currency, ...states }: ViewerTotal): string {
  const { received, applied, banked, rejected } = withReceived(states);
  const sums = [received, applied, banked, rejected].flatMap(({ count, value }) => [count, value]);
  return csvLine([viewer.key, viewer.handle, viewer.name, currency, ...sums]);
}

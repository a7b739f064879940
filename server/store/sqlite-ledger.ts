/** The ledger's statements: rows of gifts, their sums, and what the next run must know of them. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { seenGiftsIn } from "./seen-gifts.ts";
import { code, sqliteCode } from "./sqlite-error.ts";
import {
  type CommitReport,
  type GiftRecord,
  type LedgerRow,
  type LedgerState,
  type LedgerTotals,
  type RecentCombo,
  type StoredViewer,
  supersedes,
  type ViewerTotal,
} from "./store.ts";
import type { SyncStore } from "./sync-store.ts";

const defaultLimit = 1000;
const maxLimit = 5000;
/** Most ids or combos of recent gifts in one answer. */
const maxRecent = 200_000;
/** Most sums by viewer in one answer. */
const maxViewers = 1000;

const columns = `id, show, round, at, source, viewer_id, viewer_handle, viewer_name, gift_id, gift_name, gift_value, gift_currency,
  count, value, state, reason, actions, test`;
/** Columns that are no part of a row as it is read. */
const ownColumns = "platform, is_received, streak_key, streak_total, room, heard_at";

type Ledger = Pick<
  SyncStore,
  "ledger" | "ledgerTotals" | "viewerTotals" | "recentGiftIds" | "recentCombos" | "seenGifts"
> & {
  /** Writes rows within the caller's transaction: of gifts that arrived, then of what became of gifts. */
  write(received: readonly GiftRecord[], gifts: readonly GiftRecord[]): CommitReport;
};

/** Prepares them on an open database. */
export function ledgerStatements(connection: DatabaseSync): Ledger {
  const page = connection.prepare(`SELECT seq, ${columns} FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?`);
  const showPage = connection.prepare(
    `SELECT seq, ${columns} FROM ledger WHERE show = ? AND seq > ? ORDER BY seq LIMIT ?`,
  );
  const sums = "state, test, count(*) AS rows, sum(count) AS count, total(value) AS value FROM ledger";
  const total = connection.prepare(`SELECT ${sums} GROUP BY state, test`);
  const showTotal = connection.prepare(`SELECT ${sums} WHERE show = ? GROUP BY state, test`);
  const viewerTotal = connection.prepare(viewerSums("test = 0"));
  const viewerShowTotal = connection.prepare(viewerSums("test = 0 AND show = ?"));
  const recent = connection.prepare("SELECT id FROM ledger WHERE at >= ? ORDER BY at DESC, seq DESC LIMIT ?");
  const combos = connection.prepare(
    `SELECT source, streak_key AS streakKey, max(streak_total) AS total, room AS roomId,
       max(heard_at) AS heardAtMs, max(at) AS sentAtMs
     FROM ledger WHERE heard_at >= ? AND streak_key <> '' GROUP BY source, streak_key, room
     ORDER BY heardAtMs DESC LIMIT ?`,
  );
  return {
    write: rowWriter(connection),
    ledger({ show, after, limit } = {}) {
      const most = Math.min(maxLimit, Math.max(1, Math.floor(limit ?? defaultLimit)));
      const from = Number.parseInt(after ?? "0", 10) || 0;
      const found = (show === undefined ? page.all(from, most) : showPage.all(show, from, most)) as unknown as Stored[];
      return { rows: found.map(restored), next: found.length === most ? String(found.at(-1)!.seq) : "" };
    },
    ledgerTotals: (show) =>
      totalsOf((show === undefined ? total.all() : showTotal.all(show)) as unknown as StoredSum[]),
    viewerTotals(show) {
      const rows = show === undefined ? viewerTotal.all(maxViewers) : viewerShowTotal.all(show, maxViewers);
      return (rows as unknown as StoredViewerSum[]).map(viewerTotalOf);
    },
    recentGiftIds: (sinceMs, limit) => (recent.all(sinceMs, mostRecent(limit)) as { id: string }[]).map(({ id }) => id),
    // Rows of the database have no prototype; only plain ones are compared and copied as one expects.
    recentCombos: (sinceMs, limit) =>
      (combos.all(sinceMs, mostRecent(limit)) as unknown as RecentCombo[]).map((row) => ({ ...row })),
    seenGifts: () => seenGiftsIn(connection),
  };
}

function mostRecent(limit: number): number {
  return Math.min(maxRecent, Math.max(1, Math.floor(limit)));
}

/** Key of the viewer of a row. */
export const ledgerViewer = "platform || ':' || viewer_id";

/** Sums by viewer and currency over the rows of the ledger that `where` allows; named as the newest row names them, or as known since. */
function viewerSums(where: string): string {
  const states = (["applied", "banked", "rejected"] as const).map(
    (state) => `sum(state = '${state}') AS ${state}_rows,
      sum(CASE state WHEN '${state}' THEN count ELSE 0 END) AS ${state}_count,
      total(CASE state WHEN '${state}' THEN value END) AS ${state}_value`,
  );
  return `SELECT sums.*, coalesce(viewers.handle, sums.handle) AS handle, coalesce(viewers.name, sums.name) AS name
    FROM (SELECT ${ledgerViewer} AS viewer, gift_currency AS currency, max(seq), viewer_handle AS handle, viewer_name AS name,
        ${states.join(", ")} FROM ledger WHERE ${where} GROUP BY viewer, currency) AS sums
      LEFT JOIN viewers ON viewers.key = sums.viewer
    ORDER BY applied_value DESC, viewer, currency LIMIT ?`;
}

/** How rows are written: each unless what is known of its gift stands, and none that is invalid, so that it cannot hold up the others. */
function rowWriter(connection: DatabaseSync): Ledger["write"] {
  const names = `${columns}, ${ownColumns}`.split(",").map((name) => name.trim());
  const known = connection.prepare("SELECT show, state, is_received AS isReceived FROM ledger WHERE id = ?");
  // A gift keeps the round in which it arrived.
  const upsert = connection.prepare(
    `INSERT INTO ledger (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})
     ON CONFLICT (id) DO UPDATE SET ${names
       .filter((name) => name !== "id" && name !== "round")
       .map((name) => `${name} = excluded.${name}`)
       .join(", ")}`,
  );
  const put = (row: GiftRecord, isReceived: boolean): Fate => {
    const before = known.get(row.id) as { show: string; state: LedgerState; isReceived: number } | undefined;
    if (before && isReceived) return "known";
    // An id that comes again in a later show is a replay: the row says what became of the gift then, and stays.
    if (before && before.show !== row.show) return "ofOtherShows";
    if (before && before.isReceived === 0 && !supersedes(row.state, before.state)) return "superseded";
    return putRow(upsert, row, isReceived);
  };
  return (received, gifts) => {
    const fates = { written: 0, ofOtherShows: 0, superseded: 0, known: 0 };
    const invalid: string[] = [];
    const write = (row: GiftRecord, isReceived: boolean) => {
      if (isValid(() => fates[put(row, isReceived)]++) === false) invalid.push(row.id);
    };
    for (const row of received) write(row, true);
    for (const row of gifts) write(row, false);
    const { written, ofOtherShows, superseded } = fates;
    return { written, ofOtherShows, superseded, invalid };
  };
}

type Fate = "written" | "ofOtherShows" | "superseded" | "known";

function putRow(upsert: StatementSync, row: GiftRecord, isReceived: boolean): "written" {
  const { viewer, gift, combo } = row;
  upsert.run(
    ...[row.id, row.show, row.round, row.at, row.source, viewer.id, viewer.handle, viewer.name],
    ...[gift.id, gift.name, gift.unitValue, gift.currency],
    ...[row.count, row.value, row.state, row.reason, JSON.stringify(row.actions), row.test ? 1 : 0],
    ...[row.platform, isReceived ? 1 : 0],
    ...(combo ? [combo.streakKey, combo.total, combo.roomId, combo.heardAtMs] : ["", 0, "", 0]),
  );
  return "written";
}

/** Does `work`; false when its values are what the database refuses, which no other try would mend. Throws any other error. */
export function isValid(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    const number = sqliteCode(error);
    if (number === undefined || number === code.constraint || number === code.mismatch) return false;
    throw error;
  }
}

interface Stored {
  seq: number;
  id: string;
  show: string;
  round: number;
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
  const { id, show, round, at, source, count, value, state, reason } = row;
  return {
    ...{ id, show, round, at, source },
    viewer: { id: row.viewer_id, handle: row.viewer_handle, name: row.viewer_name },
    gift: { id: row.gift_id, name: row.gift_name, unitValue: row.gift_value, currency: row.gift_currency },
    ...{ count, value, state, reason },
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

type StoredViewerSum = { viewer: string; currency: string } & Omit<StoredViewer, "key"> &
  Record<`${LedgerState}_${"rows" | "count" | "value"}`, number>;

function viewerTotalOf(row: StoredViewerSum): ViewerTotal {
  return {
    viewer: { key: row.viewer, handle: row.handle, name: row.name },
    currency: row.currency,
    applied: { rows: row.applied_rows, count: row.applied_count, value: row.applied_value },
    banked: { rows: row.banked_rows, count: row.banked_count, value: row.banked_value },
    rejected: { rows: row.rejected_rows, count: row.rejected_count, value: row.rejected_value },
  };
}

/** Statements of what outlives shows beside the ledger: viewers, scores and boards, bans, settings. */
import type { DatabaseSync } from "node:sqlite";
import { isValid, ledgerViewer } from "./sqlite-ledger.ts";
import type { Ban, BoardQuery, Commit, StoredBoardRow } from "./store.ts";
import type { SyncStore } from "./sync-store.ts";

const defaultLimit = 100;
const maxLimit = 1000;

type Boards = Pick<SyncStore, "board" | "bans" | "ban" | "unban" | "setting" | "saveSetting"> & {
  /** Writes viewers and scores of a show within the caller's transaction; returns keys of viewers of whom something is invalid. */
  write(show: number, commit: Commit): string[];
};

/** Prepares them on an open database. */
export function boardStatements(connection: DatabaseSync): Boards {
  const bans = connection.prepare("SELECT viewer, at, reason FROM bans ORDER BY at, viewer");
  const ban = connection.prepare(
    `INSERT INTO bans (viewer, at, reason) VALUES (?, ?, ?)
     ON CONFLICT (viewer) DO UPDATE SET at = excluded.at, reason = excluded.reason`,
  );
  const unban = connection.prepare("DELETE FROM bans WHERE viewer = ?");
  const readSetting = connection.prepare("SELECT value FROM settings WHERE name = ?");
  const writeSetting = connection.prepare(
    "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  );
  return {
    write: boardWriter(connection),
    board(query) {
      const { where, values } = spanOf(query);
      const most = Math.min(maxLimit, Math.max(1, Math.floor(query.limit ?? defaultLimit)));
      const rows = connection
        .prepare(query.kind === "play" ? playBoard(where, query.span.type) : paidBoard(where))
        .all(...values, most);
      return rows.map(boardRow);
    },
    bans: () => bans.all().map((row) => ({ ...row }) as unknown as Ban),
    ban: ({ viewer, at, reason }) => void ban.run(viewer, at, reason),
    unban: (viewer) => unban.run(viewer).changes > 0,
    setting(name) {
      const row = readSetting.get(name) as { value: string } | undefined;
      return row && JSON.parse(row.value);
    },
    saveSetting: (name, value) => void writeSetting.run(name, JSON.stringify(value)),
  };
}

function boardWriter(connection: DatabaseSync): Boards["write"] {
  const viewer = connection.prepare(
    `INSERT INTO viewers (key, handle, name) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET handle = excluded.handle, name = excluded.name`,
  );
  const score = connection.prepare(
    `INSERT INTO scores (show, round, viewer, score, counted, wins) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (show, round, viewer)
     DO UPDATE SET score = excluded.score, counted = excluded.counted, wins = excluded.wins`,
  );
  return (show, { viewers, scores }) => {
    const invalid: string[] = [];
    for (const { key, handle, name } of viewers) {
      if (!isValid(() => viewer.run(key, handle, name))) invalid.push(key);
    }
    for (const row of scores) {
      if (!isValid(() => score.run(show, row.round, row.viewer, row.score, row.counted, row.wins)))
        invalid.push(row.viewer);
    }
    return invalid;
  };
}

/** The part of a board's statement that says which shows and rounds count. */
function spanOf({ span }: BoardQuery): { where: string; values: (string | number)[] } {
  switch (span.type) {
    case "round":
      return { where: "shows.id = ? AND counted.round = ?", values: [span.show, span.round] };
    case "show":
      return { where: "shows.id = ?", values: [span.show] };
    case "season":
      return { where: "shows.season = ?", values: [span.season] };
    case "allTime":
      return { where: "true", values: [] };
  }
}

function playBoard(where: string, span: BoardQuery["span"]["type"]): string {
  const points = span === "round" ? "score" : "counted.counted";
  return `SELECT sums.viewer, sums.score, sums.wins, '' AS currency, viewers.handle, viewers.name
    FROM (SELECT counted.viewer, total(${points}) AS score, sum(wins) AS wins
        FROM scores AS counted JOIN shows ON shows.number = counted.show WHERE ${where} GROUP BY counted.viewer) AS sums
      LEFT JOIN viewers ON viewers.key = sums.viewer
    ORDER BY score DESC, wins DESC, viewer LIMIT ?`;
}

/** Rows of shows that were before there was a journal count for all time. */
function paidBoard(where: string): string {
  return `SELECT sums.viewer, sums.score, 0 AS wins, sums.currency,
      coalesce(viewers.handle, sums.handle) AS handle, coalesce(viewers.name, sums.name) AS name
    FROM (SELECT ${ledgerViewer} AS viewer, gift_currency AS currency, total(value) AS score, max(seq),
          viewer_handle AS handle, viewer_name AS name
        FROM ledger AS counted LEFT JOIN shows ON shows.id = counted.show
        WHERE ${where} AND counted.test = 0 AND counted.state <> 'rejected' GROUP BY 1, 2) AS sums
      LEFT JOIN viewers ON viewers.key = sums.viewer
    ORDER BY score DESC, viewer, currency LIMIT ?`;
}

function boardRow(row: Record<string, unknown>): StoredBoardRow {
  const { viewer, score, wins, currency, handle, name } = row as Record<string, string> & {
    score: number;
    wins: number;
  };
  // Somebody whose name was never told of goes by their key.
  return { viewer: { key: viewer!, handle: handle ?? "", name: name ?? viewer! }, score, wins, currency: currency! };
}

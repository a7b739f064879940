/** The journal's statements: shows, their inputs by tick, traces, checkpoints, and what waits between two shows. */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import {
  type Checkpoint,
  type Commit,
  type JournalPage,
  type JournalQuery,
  type ShowRecord,
  type StoredBank,
  type StoredBatch,
  StoreError,
  type Trace,
} from "./store.ts";
import type { SyncStore } from "./sync-store.ts";

const defaultLimit = 1000;
const maxLimit = 5000;
/** Text from which a page ends, characters. */
const maxPageChars = 4 * 1024 * 1024;
/** Checkpoints kept of a show: the newest, and one more should it be unreadable. */
const keptCheckpoints = 2;
/** Rows of a journal that are removed in one go: commits come in between. */
const maxSwept = 200;

type Journal = Pick<
  SyncStore,
  "beginShow" | "resumeShow" | "banks" | "shows" | "show" | "checkpoint" | "journal" | "traces"
> & {
  /** Writes the journal's part within the caller's transaction; returns the number that the database gives the show. */
  write(commit: Commit): number;
  /** Notes that the journals of all but the `keep` newest shows are to be removed; returns of how many. */
  condemn(keep: number): number;
  /** Removes some rows of journals that are to be removed; false when there are none left. */
  sweep(): boolean;
};

/** Prepares them on an open database. */
export function journalStatements(connection: DatabaseSync): Journal {
  const number = connection.prepare("SELECT number, last_seq AS lastSeq FROM shows WHERE id = ?");
  return {
    ...showStatements(connection),
    ...pageStatements(connection),
    ...removal(connection),
    write: commitWriter(connection, (id) => {
      const found = number.get(id) as unknown as Known | undefined;
      if (!found) throw unknown(id);
      return found;
    }),
  };
}

interface Known {
  readonly number: number;
  readonly lastSeq: number;
}

function unknown(id: string): StoreError {
  return new StoreError("STORE_FAILED", `The store knows no show ${id}.`);
}

function showStatements(connection: DatabaseSync) {
  const insert = connection.prepare(
    "INSERT INTO shows (id, game, seed, started_at, version, season, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const all = `SELECT id, game, seed, started_at AS startedAt, version, season, body, tick, last_seq AS lastSeq, ended_at AS endedAt,
    resumes,
    has_journal AS hasJournal FROM shows`;
  const newest = connection.prepare(`${all} ORDER BY number DESC LIMIT ?`);
  const one = connection.prepare(`${all} WHERE id = ?`);
  const resume = connection.prepare(
    "UPDATE shows SET ended_at = NULL, resumes = resumes + 1 WHERE id = ? AND has_journal = 1",
  );
  const readBanks = connection.prepare("SELECT game, body FROM bank ORDER BY row");
  const takeBanks = connection.prepare("DELETE FROM bank");
  const takeBack = connection.prepare("DELETE FROM bank WHERE show = (SELECT number FROM shows WHERE id = ?)");
  const show = (id: string): ShowRecord | undefined => {
    const row = one.get(id);
    return row && recordOf(row);
  };
  return {
    beginShow({ id, game, seed, startedAt, version, season, body }) {
      if (show(id)) throw new StoreError("STORE_FAILED", `There is a show ${id} already.`);
      insert.run(id, game, seed, startedAt, version, season, body);
      takeBanks.run();
    },
    resumeShow(id) {
      const known = show(id);
      if (!known) throw unknown(id);
      if (!known.hasJournal) {
        throw new StoreError(
          "STORE_FAILED",
          `The show ${id} cannot go on: its journal is gone. Begin a new one with --new.`,
        );
      }
      resume.run(id);
      takeBack.run(id);
    },
    banks: () => readBanks.all() as unknown as StoredBank[],
    shows: (limit) => newest.all(Math.min(1000, Math.max(1, Math.floor(limit)))).map(recordOf),
    show,
  } satisfies Partial<SyncStore>;
}

function recordOf(row: Record<string, unknown>): ShowRecord {
  const { endedAt, hasJournal, ...same } = row;
  return { ...same, endedAt: endedAt ?? undefined, hasJournal: hasJournal === 1 } as unknown as ShowRecord;
}

function commitWriter(connection: DatabaseSync, knownOf: (id: string) => Known): (commit: Commit) => number {
  const input = connection.prepare("INSERT INTO inputs (show, seq, at, body) VALUES (?, ?, ?, ?)");
  const entered = connection.prepare("INSERT INTO entered (show, seq, tick) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  const traceOrCheckpoint = (table: string) =>
    connection.prepare(
      `INSERT INTO ${table} (show, tick, body) VALUES (?, ?, ?) ON CONFLICT (show, tick) DO UPDATE SET body = excluded.body`,
    );
  const trace = traceOrCheckpoint("traces");
  const checkpoint = traceOrCheckpoint("checkpoints");
  const dropOld = connection.prepare(
    `DELETE FROM checkpoints WHERE show = ?1 AND tick NOT IN
       (SELECT tick FROM checkpoints WHERE show = ?1 ORDER BY tick DESC LIMIT ${keptCheckpoints})`,
  );
  const progress = connection.prepare("UPDATE shows SET tick = max(tick, ?), last_seq = ? WHERE number = ?");
  const end = connection.prepare("UPDATE shows SET ended_at = ? WHERE number = ?");
  const dropBank = connection.prepare("DELETE FROM bank WHERE show = ?");
  const keepBank = connection.prepare(
    "INSERT INTO bank (show, game, body) SELECT number, game, ? FROM shows WHERE number = ?",
  );
  return (commit) => {
    const { number, lastSeq } = knownOf(commit.show);
    let last = lastSeq;
    for (const { seq, at, body } of commit.inputs) {
      // An earlier commit has it: this one is sent again, as nobody knew whether it had worked.
      if (seq <= last) continue;
      if (seq !== last + 1) {
        throw new StoreError(
          "STORE_FAILED",
          `The journal of ${commit.show} ends with batch ${last}, so ${seq} cannot follow.`,
        );
      }
      input.run(number, seq, at, body);
      last = seq;
    }
    for (const { seq, tick } of commit.entered) entered.run(number, seq, tick);
    for (const { tick, body } of commit.traces) trace.run(number, tick, body);
    if (commit.checkpoint) {
      checkpoint.run(number, commit.checkpoint.tick, commit.checkpoint.body);
      dropOld.run(number);
    }
    progress.run(commit.tick, last, number);
    if (commit.end) {
      end.run(commit.end.at, number);
      dropBank.run(number);
      if (commit.end.bank !== "") keepBank.run(commit.end.bank, number);
    }
    return number;
  };
}

/** Joins a journal table to its show, while that show's journal is to be had. */
const ofShow = (table: string) =>
  `JOIN shows ON shows.number = ${table}.show WHERE shows.id = ? AND shows.has_journal = 1`;

function pageStatements(connection: DatabaseSync) {
  const checkpoint = connection.prepare(
    `SELECT checkpoints.tick, checkpoints.body FROM checkpoints ${ofShow("checkpoints")} AND checkpoints.tick <= ?
     ORDER BY checkpoints.tick DESC LIMIT 1`,
  );
  const traces = connection.prepare(
    `SELECT traces.tick, traces.body FROM traces ${ofShow("traces")} AND traces.tick > ? ORDER BY traces.tick`,
  );
  const entered = connection.prepare(
    `SELECT inputs.seq, inputs.at, entered.tick, inputs.body FROM entered
       JOIN inputs ON inputs.show = entered.show AND inputs.seq = entered.seq
       ${ofShow("entered")} AND (entered.tick, entered.seq) > (?, ?) ORDER BY entered.tick, entered.seq`,
  );
  const waiting = connection.prepare(
    `SELECT inputs.seq, inputs.at, inputs.body FROM inputs ${ofShow("inputs")} AND inputs.seq > ?
       AND NOT EXISTS (SELECT 1 FROM entered WHERE entered.show = inputs.show AND entered.seq = inputs.seq)
     ORDER BY inputs.seq`,
  );
  return {
    checkpoint(show, tick = Number.MAX_SAFE_INTEGER) {
      const row = checkpoint.get(show, tick) as unknown as Checkpoint | undefined;
      return row && { ...row };
    },
    traces({ show, fromTick = 0, after, limit }) {
      const from = after ? Number(after) : fromTick - 1;
      const rows: Trace[] = [];
      const isMore = fill(rows, traces, [show, from], mostOf(limit));
      return { rows, next: isMore ? String(rows.at(-1)!.tick) : "" };
    },
    journal: (query) => journalPage(query, entered, waiting),
  } satisfies Partial<SyncStore>;
}

/** Batches that entered, then those that did not. The place in between is "tick:seq", or ":seq" among those that did not. */
function journalPage(
  { show, fromTick = 0, after, limit }: JournalQuery,
  entered: StatementSync,
  waiting: StatementSync,
): JournalPage<StoredBatch> {
  const most = mostOf(limit);
  const rows: StoredBatch[] = [];
  const [tick, seq] = after ? after.split(":") : [String(fromTick), "0"];
  let isMore = tick !== "" && fill(rows, entered, [show, Number(tick), Number(seq)], most);
  if (!isMore) isMore = fill(rows, waiting, [show, tick === "" ? Number(seq) : 0], most);
  const last = rows.at(-1);
  return {
    rows: rows.map(({ seq, at, tick, body }) => ({ seq, at, tick, body })),
    next: isMore && last ? `${last.tick ?? ""}:${last.seq}` : "",
  };
}

function mostOf(limit: number | undefined): number {
  return Math.min(maxLimit, Math.max(1, Math.floor(limit ?? defaultLimit)));
}

/** Appends what a statement finds until there are `most` rows or their texts are long; true when there may be more. */
function fill(rows: { body: string }[], statement: StatementSync, values: SQLInputValue[], most: number): boolean {
  let chars = rows.reduce((sum, { body }) => sum + body.length, 0);
  for (const row of statement.iterate(...values)) {
    if (rows.length >= most || chars >= maxPageChars) return true;
    rows.push({ ...row } as unknown as { body: string });
    chars += rows.at(-1)!.body.length;
  }
  return false;
}

function removal(connection: DatabaseSync) {
  const condemn = connection.prepare(
    `UPDATE shows SET has_journal = 0 WHERE has_journal = 1 AND ended_at IS NOT NULL
       AND number NOT IN (SELECT number FROM shows ORDER BY number DESC LIMIT ?)`,
  );
  const gone = "show IN (SELECT number FROM shows WHERE has_journal = 0)";
  const some = (table: string) =>
    connection.prepare(`DELETE FROM ${table} WHERE row IN (SELECT row FROM ${table} WHERE ${gone} LIMIT ${maxSwept})`);
  const large = ["inputs", "traces", "checkpoints"].map(some);
  const entered = connection.prepare(
    `DELETE FROM entered WHERE (show, seq) IN (SELECT show, seq FROM entered WHERE ${gone} LIMIT ${maxSwept * 10})`,
  );
  return {
    condemn: (keep: number) => Number(condemn.run(Math.max(0, Math.floor(keep))).changes),
    sweep: () => [...large, entered].some((statement) => Number(statement.run().changes) > 0),
  };
}

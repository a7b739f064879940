/** Store: what a show keeps across restarts, behind one asynchronous interface. No word of it is about a particular database. */
import { UserError } from "../user-error.ts";

/** What became of a gift: it acted, it waits for its moment, or it cannot act (with the reason). */
export type LedgerState = "applied" | "banked" | "rejected";

/**
 * One gift and what became of it. Rows of one show with the same `id` are one row, of which the furthest state stands (`supersedes`): a
 * copy of the gift that is told later takes nothing back.
 */
export interface LedgerRow {
  /** The gift event's id. */
  readonly id: string;
  /** The show in which it arrived, and its round then (0 in rows of an Uproar that did not note it). */
  readonly show: string;
  readonly round: number;
  /** When it happened, ms since 1970. */
  readonly at: number;
  readonly source: string;
  readonly viewer: { readonly id: string; readonly handle: string; readonly name: string };
  readonly gift: { readonly id: string; readonly name: string; readonly unitValue: number; readonly currency: string };
  /** Units this event added. */
  readonly count: number;
  /** What it was worth, in the gift's currency. */
  readonly value: number;
  readonly state: LedgerState;
  /** Why it is banked or rejected, "" for applied. */
  readonly reason: string;
  /** Each action it called, with the rule that called it and the tick; `show` when that was a later show than the one it arrived in. */
  readonly actions: readonly {
    readonly rule: string;
    readonly action: string;
    readonly tick: number;
    readonly show?: string;
  }[];
  /** Made by hand: kept out of the sums. */
  readonly test: boolean;
}

/**
 * Whether a row of the same gift and show takes the place of one in state `known`. What was banked is told of again while it waits and
 * when it acts. What has acted has, and what could not act may yet, when it comes again by another way: so states only go on,
 * "rejected", "banked", "applied".
 */
export function supersedes(state: LedgerState, known: LedgerState): boolean {
  return stages.indexOf(state) > stages.indexOf(known) || (state === "banked" && known === "banked");
}

const stages: readonly LedgerState[] = ["rejected", "banked", "applied"];

/** How far a combo was after a gift of it. */
export interface ComboMark {
  /** The combo's name, not "". */
  readonly streakKey: string;
  /** Its running total after the gift. */
  readonly total: number;
  /** The broadcast it is in, "" when unknown. */
  readonly roomId: string;
  /** When the gift was received, by the local clock, ms since 1970. */
  readonly heardAtMs: number;
}

/** A row to record, and beside it what is kept for sums and for the counting of the next run: no part of the row when it is read. */
export interface GiftRecord extends LedgerRow {
  /** Platform of the viewer: with `viewer.id` it names them in sums and boards. */
  readonly platform: string;
  /** Undefined for a gift that is no step of a combo. */
  readonly combo?: ComboMark | undefined;
}

/** The furthest that the ledger knows of a combo. */
export interface RecentCombo extends ComboMark {
  /** The source that told it. */
  readonly source: string;
  /** The latest `at` of its rows, ms since 1970. */
  readonly sentAtMs: number;
}

/** A gift that somebody has sent. */
export interface SeenGift {
  /** As the platform names it; names change with the language, ids do not. */
  readonly id: string;
  readonly name: string;
  /** Price of one unit, in the gift's currency. */
  readonly unitValue: number;
}

/** Part of the ledger, oldest first. */
export interface LedgerPage {
  readonly rows: readonly LedgerRow[];
  /** Give it as `after` for the next page; "" when there is none. */
  readonly next: string;
}

/** Which part of the ledger to read. */
export interface LedgerQuery {
  /** Only this show's rows. */
  readonly show?: string;
  /** `next` of the page before. */
  readonly after?: string;
  /** Rows of a page, 1 to 5000, default 1000. */
  readonly limit?: number;
}

/** Sums over rows of one state. */
export interface LedgerSum {
  readonly rows: number;
  readonly count: number;
  readonly value: number;
}

/** Sums by state. `value` adds up what may be different currencies: compare it only within one platform. */
export interface LedgerTotals {
  readonly applied: LedgerSum;
  readonly banked: LedgerSum;
  readonly rejected: LedgerSum;
  /** Test gifts, never part of the sums above. */
  readonly test: Readonly<Record<LedgerState, LedgerSum>>;
}

/** Sums over one viewer's gifts of one currency, test gifts left out. */
export interface ViewerTotal {
  readonly viewer: StoredViewer;
  readonly currency: string;
  readonly applied: LedgerSum;
  readonly banked: LedgerSum;
  readonly rejected: LedgerSum;
}

/** A viewer as the store knows them: by platform and stable id, so that a new name changes nothing. */
export interface StoredViewer {
  /** `platform:id`. */
  readonly key: string;
  /** As last seen. */
  readonly handle: string;
  readonly name: string;
}

/** Points of one viewer in one round of a show. Written again it replaces what was there. */
export interface RoundScore {
  readonly round: number;
  /** Viewer's key. */
  readonly viewer: string;
  /** Points on the round's own board, and those of them that count for show, season and all time. */
  readonly score: number;
  readonly counted: number;
  /** 1 for who won the round, else 0. */
  readonly wins: number;
}

/**
 * Which board: whose rounds count, and whether it ranks play (points) or gifts (the value of those that were not rejected; test gifts
 * left out). The two never mix. A gift counts for the show and round in which it arrived.
 */
export interface BoardQuery {
  readonly kind: "play" | "paid";
  /** One round or the whole of a show; all shows of a season; everything. */
  readonly span:
    | { readonly type: "round"; readonly show: string; readonly round: number }
    | { readonly type: "show"; readonly show: string }
    | { readonly type: "season"; readonly season: string }
    | { readonly type: "allTime" };
  /** Rows, 1 to 1000, default 100. */
  readonly limit?: number;
}

/** One row of a board, best first. */
export interface StoredBoardRow {
  readonly viewer: StoredViewer;
  /** Points, or the value of gifts in `currency`. */
  readonly score: number;
  /** Rounds won; 0 on a board of gifts. */
  readonly wins: number;
  /** "" on a board of play. */
  readonly currency: string;
}

/** Somebody who may not play. */
export interface Ban {
  /** Viewer's key. */
  readonly viewer: string;
  /** ms since 1970. */
  readonly at: number;
  readonly reason: string;
}

/** What a show began with. */
export interface ShowStart {
  readonly id: string;
  readonly game: string;
  /** 32-bit whole number. */
  readonly seed: number;
  /** ms since 1970. */
  readonly startedAt: number;
  /** Version of Uproar. */
  readonly version: string;
  /** Season its rounds count for. */
  readonly season: string;
  /** The rest it began with (rule files, what was carried over), as JSON text. */
  readonly body: string;
}

export interface ShowRecord extends ShowStart {
  /** Last tick that the journal knows to have ended. */
  readonly tick: number;
  /** When it was stopped in order, ms since 1970; undefined while it runs, and after its process died. */
  readonly endedAt: number | undefined;
  /** How often it went on after its process had ended. */
  readonly resumes: number;
  /** Number of its last batch of inputs, 0 before the first. */
  readonly lastSeq: number;
  /** False once its journal was removed to save room, or lost to damage; ledger and boards stay. */
  readonly hasJournal: boolean;
}

/** Inputs of a show that were journaled together, in their order of arrival. */
export interface InputBatch {
  /** From 1, without gaps, in a show. */
  readonly seq: number;
  /** When they were taken, ms since 1970. */
  readonly at: number;
  /** JSON text of the list of inputs. */
  readonly body: string;
}

/** A batch with the tick in which it entered the show; undefined when it never did (the process ended before). */
export interface StoredBatch extends InputBatch {
  readonly tick: number | undefined;
}

/** What a replay is compared with at a tick: hashes, phases, bodies, as JSON text. */
export interface Trace {
  readonly tick: number;
  readonly body: string;
}

/** A saved state of the show after a tick, as JSON text. */
export interface Checkpoint {
  readonly tick: number;
  readonly body: string;
}

/** Part of a journal. */
export interface JournalQuery {
  readonly show: string;
  /** Rows of this tick and later, default 0. */
  readonly fromTick?: number;
  /** `next` of the page before. */
  readonly after?: string;
  /** Most rows of a page, 1 to 5000, default 1000. It ends earlier where its texts grow long. */
  readonly limit?: number;
}

export interface JournalPage<Row> {
  readonly rows: readonly Row[];
  /** Give it as `after` for the next page; "" when there is none. */
  readonly next: string;
}

/** What a show left waiting when it ended. */
export interface StoredBank {
  /** The show's game. */
  readonly game: string;
  /** JSON text. */
  readonly body: string;
}

/** All that one commit writes. Everything of it, or nothing. */
export interface Commit {
  readonly show: string;
  /** Last tick that has ended. */
  readonly tick: number;
  /** New batches, their numbers following those before. Those that an earlier commit wrote are left as they are: a commit can be sent again. */
  readonly inputs: readonly InputBatch[];
  /** Ticks at which batches of this or an earlier commit entered. */
  readonly entered: readonly { readonly seq: number; readonly tick: number }[];
  readonly traces: readonly Trace[];
  /** The newest one; the two newest of a show are kept. */
  readonly checkpoint?: Checkpoint | undefined;
  /** Gifts that were journaled, before they are played: rows that are only written when the gift has none, and that any outcome replaces. */
  readonly received: readonly GiftRecord[];
  /** What became of gifts. */
  readonly gifts: readonly GiftRecord[];
  readonly viewers: readonly StoredViewer[];
  readonly scores: readonly RoundScore[];
  /** The show was stopped in order: when, and what waits for the next show (JSON text, "" for nothing). */
  readonly end?: { readonly at: number; readonly bank: string } | undefined;
}

/** What a commit did with ledger rows. */
export interface CommitReport {
  /** Rows written. */
  readonly written: number;
  /** Ids of gifts, and keys of viewers, of which a row was left out as the database itself found it invalid; a fault in the program. */
  readonly invalid: readonly string[];
  /** Rows whose gift stands in the ledger under another show: a provider's replay, counted where it first arrived. */
  readonly ofOtherShows: number;
  /** Rows of whose gift the ledger knows more. */
  readonly superseded: number;
}

/**
 * Everything that survives the process. Asynchronous throughout, one transaction per `commit`; every method rejects with a StoreError
 * when the disk refuses. Nothing is queued or tried again in here: writer.ts does that for any store.
 */
export interface Store {
  /**
   * Notes a new show and takes out of the store what `banks` says, in one transaction: it is part of `start.body` by now.
   */
  beginShow(start: ShowStart): Promise<void>;
  /** A show goes on after its process had ended: no longer ended, one more resume, and what it left in the bank is its own again. */
  resumeShow(id: string): Promise<void>;
  /** What ended shows left waiting and no show has taken, the first to end first. `beginShow` takes all of it out. */
  banks(): Promise<StoredBank[]>;
  commit(commit: Commit): Promise<CommitReport>;
  /** Newest first, at most `limit`, 1 to 1000. */
  shows(limit: number): Promise<ShowRecord[]>;
  show(id: string): Promise<ShowRecord | undefined>;
  /** The newest checkpoint that is at most at `tick`, default the newest of all. */
  checkpoint(show: string, tick?: number): Promise<Checkpoint | undefined>;
  /** Batches that entered, by tick, then number; batches that did not come last. */
  journal(query: JournalQuery): Promise<JournalPage<StoredBatch>>;
  /** By tick. */
  traces(query: JournalQuery): Promise<JournalPage<Trace>>;
  /** Removes the journals of all but the `keep` newest shows; returns how many. Never of a show that has not ended. */
  forgetJournals(keep: number): Promise<number>;

  /** One page of the ledger. */
  ledger(query?: LedgerQuery): Promise<LedgerPage>;
  /** Sums over the whole ledger, or one show's. */
  ledgerTotals(show?: string): Promise<LedgerTotals>;
  /** Sums by viewer and currency, the highest applied value first, at most 1000; of one show, or of all. */
  viewerTotals(show?: string): Promise<ViewerTotal[]>;
  /**
   * Ids of gifts that happened at `sinceMs` (ms since 1970) or later, in any show, newest first: what a provider may still replay
   * after a restart. At most `limit` of them, 1 to 200 000.
   */
  recentGiftIds(sinceMs: number, limit: number): Promise<string[]>;
  /**
   * Combos of which a gift was received at `sinceMs` (ms since 1970) or later, in any show, one per source, name and broadcast, the
   * last heard first: what may go on after a restart. At most `limit` of them, 1 to 200 000. Rows that an Uproar without marks of combos
   * wrote are not among them.
   */
  recentCombos(sinceMs: number, limit: number): Promise<RecentCombo[]>;
  /**
   * Gifts that the ledger names, each id, name and price once, newest first, at most 5 000, test gifts left out: the catalogue that
   * rule files are checked against.
   */
  seenGifts(): Promise<SeenGift[]>;

  board(query: BoardQuery): Promise<StoredBoardRow[]>;
  bans(): Promise<Ban[]>;
  /** Bans somebody, or replaces the reason. */
  ban(ban: Ban): Promise<void>;
  /** True when they were banned. */
  unban(viewer: string): Promise<boolean>;

  /** A setting kept across restarts, undefined when it was never saved. */
  setting(name: string): Promise<unknown>;
  /** Saves a setting, any plain JSON value, and resolves when it is safe on disk. */
  saveSetting(name: string, value: unknown): Promise<void>;
  /** Frees the folder. */
  close(): Promise<void>;
}

/** What can go wrong with a store; the message is one sentence for the streamer. */
export type StoreErrorCode =
  /** The folder cannot be made, or nothing can be written in it. */
  | "STORE_FOLDER_UNWRITABLE"
  /** Another running Uproar uses the folder. */
  | "STORE_IN_USE"
  /** The data file is not what it should be. */
  | "STORE_DAMAGED"
  /** The data file was written by a newer Uproar. */
  | "STORE_NEWER"
  /** There is no room left on the disk. */
  | "STORE_FULL"
  /** Reading or writing failed, for instance as another program keeps the file locked. */
  | "STORE_FAILED"
  /** Used after `close`. */
  | "STORE_CLOSED";

/** What is read of recorded shows. */
export type StoreReader = Pick<Store, "shows" | "show" | "journal" | "traces" | "setting" | "close">;

/** A failure of the store. Its message says what to do and needs no stack trace. */
export class StoreError extends UserError {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

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
  /** The show in which it arrived. */
  readonly show: string;
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
  /** Each action it called, with the rule that called it and the tick. */
  readonly actions: readonly { readonly rule: string; readonly action: string; readonly tick: number }[];
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

/** A row to record, and beside it what is kept for the counting of the next run: no part of the row when it is read. */
export interface GiftRecord extends LedgerRow {
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

/** How the store is doing, for health, metrics and the dashboard. */
export interface StoreStatus {
  /** Rows recorded but not yet safe on disk. */
  readonly queued: number;
  /** Rows written since the store was opened. */
  readonly written: number;
  /** Rows turned away because the queue was full; 0 unless the disk refused for very long. */
  readonly dropped: number;
  /** Rows the database itself found invalid; a fault in the program. */
  readonly invalid: number;
  /** Rows left out because their gift stands in the ledger under another show: a provider's replay, counted where it first arrived. */
  readonly ofOtherShows: number;
  /** Rows left out because the ledger knows more of their gift: copies told after it was rejected, banked or had acted. */
  readonly superseded: number;
  /** What is wrong now, in one sentence; "" while all is well. The store goes on trying. */
  readonly trouble: string;
}

export interface Store {
  /** Queues rows for writing and returns at once. Written in batches, in order, tried again until it works. */
  recordGifts(rows: readonly GiftRecord[]): void;
  /**
   * Resolves when every row recorded before the call is safe on disk. Rejects with a StoreError when the disk refuses now; the
   * rows stay queued and are tried again.
   */
  flush(): Promise<void>;
  /** One page of the ledger. Sees every row recorded before the call, unless the disk refuses. */
  ledger(query?: LedgerQuery): Promise<LedgerPage>;
  /** Sums over the whole ledger, or one show's. */
  ledgerTotals(show?: string): Promise<LedgerTotals>;
  /**
   * Ids of gifts that happened at `sinceMs` (ms since 1970) or later, in any show, newest first: what a provider may still replay
   * after a restart. At most `limit` of them, 1 to 200 000. Sees every row recorded before the call, unless the disk refuses.
   */
  recentGiftIds(sinceMs: number, limit: number): Promise<string[]>;
  /**
   * Combos of which a gift was received at `sinceMs` (ms since 1970) or later, in any show, one per source, name and broadcast, the
   * last heard first: what may go on after a restart. At most `limit` of them, 1 to 200 000. Sees what `recentGiftIds` sees; rows
   * that an Uproar without marks of combos wrote are not among them.
   */
  recentCombos(sinceMs: number, limit: number): Promise<RecentCombo[]>;
  /**
   * Gifts that the ledger names, each id, name and price once, newest first, at most 5 000, test gifts left out: the catalogue that
   * rule files are checked against. Sees what `recentGiftIds` sees.
   */
  seenGifts(): Promise<SeenGift[]>;
  /** A setting kept across restarts, undefined when it was never saved. */
  setting(name: string): Promise<unknown>;
  /** Saves a setting, any plain JSON value, and resolves when it is safe on disk. */
  saveSetting(name: string, value: unknown): Promise<void>;
  status(): StoreStatus;
  /** Writes what is queued and frees the folder. Rejects with a StoreError when rows could not be written, but closes all the same. */
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
  /** Reading or writing failed: disk full, file locked by another program. */
  | "STORE_FAILED"
  /** Used after `close`. */
  | "STORE_CLOSED";

/** A failure of the store. Its message says what to do and needs no stack trace. */
export class StoreError extends UserError {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

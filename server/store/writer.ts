/** Writer: gathers what a running show wants kept, and brings it to any store in one commit at a time, tried again until it works. */
import type { Clock } from "../clock.ts";
import type { GiftRecord, RoundScore, Store, StoredViewer } from "./store.ts";

export interface WriterOptions {
  /** Where it writes. */
  readonly store: Pick<Store, "commit">;
  /** Id of the show, which the store knows by now (`beginShow`). */
  readonly show: string;
  /** Number of the last batch that the store has of the show. Default 0, for a new show. */
  readonly lastSeq?: number;
  /** Times retries and tells how long a commit takes. Default: the machine's. */
  readonly clock?: Clock;
  /** Text that may wait before `isFull`, characters. Default 64 Mi. */
  readonly maxQueuedChars?: number;
}

/** How the writing is doing, for health, metrics and the stage. */
export interface WriterStatus {
  /** Ledger rows noted but not yet safe on disk. */
  readonly queued: number;
  /** Text waiting to be written, characters. */
  readonly queuedChars: number;
  /** True when so much waits that acts which cost nothing should no longer be taken. */
  readonly isFull: boolean;
  /** Ledger rows written; commits made. */
  readonly written: number;
  readonly commits: number;
  /** Rows that the database itself found invalid; a fault in the program. */
  readonly invalid: number;
  readonly ofOtherShows: number;
  readonly superseded: number;
  /** Traces given up because the disk refused for long; a replay is compared at fewer ticks. */
  readonly tracesLost: number;
  /** How long the last commit took, and the oldest one under way or tried again has waited; ms. */
  readonly lastCommitMs: number;
  readonly waitingMs: number;
  /** What is wrong now, in one sentence; "" while all is well. The writer goes on trying. */
  readonly trouble: string;
}

/** Journal, ledger and scores of one running show. Nothing here waits for a disk but `flush` and `end`. */
export interface Writer {
  /**
   * Notes a batch of inputs (a JSON text) with the ledger rows of the gifts in it; returns its number. It goes out with the next
   * commit, which begins at once when none is under way.
   */
  input(at: number, body: string, received: readonly GiftRecord[]): number;
  /** Number of the last batch that is safe on disk with all before it. */
  readonly safe: number;
  /** A batch has entered the show. */
  entered(seq: number, tick: number): void;
  gifts(rows: readonly GiftRecord[]): void;
  viewers(rows: readonly StoredViewer[]): void;
  scores(rows: readonly RoundScore[]): void;
  trace(tick: number, body: string): void;
  checkpoint(tick: number, body: string): void;
  /** A tick has ended. */
  endTick(tick: number): void;
  /** Resolves when everything noted before is safe; rejects with a StoreError when the disk refuses now (it stays queued). */
  flush(): Promise<void>;
  /** Writes what is left and that the show was stopped in order. Rejects like `flush`; then nothing more is tried. */
  end(at: number, bank: string): Promise<void>;
  status(): WriterStatus;
}

/** The writer of a show that runs. */
export declare function createWriter(options: WriterOptions): Writer;

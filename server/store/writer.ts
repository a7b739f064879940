/** Writer: gathers what a running show wants kept, and brings it to any store in one commit at a time, tried again until it works. */
import { type Clock, systemClock } from "../clock.ts";
import { Segment } from "./segment.ts";
import {
  type CommitReport,
  type GiftRecord,
  type RoundScore,
  type Store,
  type StoredViewer,
  StoreError,
} from "./store.ts";

/** Text that may wait before acts that cost nothing should no longer be taken, characters. */
const defaultMaxQueuedChars = 64 * 1024 * 1024;
/** Part of it from which traces are given up. */
const tracesShare = 0.5;
/** Text beyond which what waits goes out in several commits, of whole ticks, characters: the disk never works for long at one of them. */
const maxCommitChars = 1024 * 1024;
/** Pause before the next try after a failure: doubles from the first to the second, ms. */
const retryMs = { first: 250, most: 5_000 };

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
  /** Ledger rows written, those of gifts that were received and those of what became of them; commits made. */
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

/** The status of a writer that has written nothing and has nothing to write. */
export const idleStatus: WriterStatus = {
  queued: 0,
  queuedChars: 0,
  isFull: false,
  written: 0,
  commits: 0,
  invalid: 0,
  ofOtherShows: 0,
  superseded: 0,
  tracesLost: 0,
  lastCommitMs: 0,
  waitingMs: 0,
  trouble: "",
};

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
export function createWriter(options: WriterOptions): Writer {
  return new SegmentWriter(options);
}

class SegmentWriter implements Writer {
  readonly #store: Pick<Store, "commit">;
  readonly #show: string;
  readonly #clock: Clock;
  readonly #maxQueuedChars: number;
  /** What waits, oldest first. The first one may be on its way; the last one is being filled. */
  readonly #segments: Segment[] = [];
  #safe: number;
  #lastSeq: number;
  #tick = 0;
  #writing: Promise<void> | undefined;
  #cancelRetry: (() => void) | undefined;
  #retryMs = retryMs.first;
  /** When the first segment was tried first, ms since 1970. */
  #triedSince: number | undefined;
  #isOver = false;
  /** What a closed store is told it never writes, so nothing more is told to it. */
  #isClosed = false;
  #trouble = "";
  readonly #counts = {
    written: 0,
    commits: 0,
    invalid: 0,
    ofOtherShows: 0,
    superseded: 0,
    tracesLost: 0,
    lastCommitMs: 0,
  };

  constructor({
    store,
    show,
    lastSeq = 0,
    clock = systemClock,
    maxQueuedChars = defaultMaxQueuedChars,
  }: WriterOptions) {
    this.#store = store;
    this.#show = show;
    this.#clock = clock;
    this.#maxQueuedChars = maxQueuedChars;
    this.#safe = lastSeq;
    this.#lastSeq = lastSeq;
  }

  get safe(): number {
    return this.#safe;
  }

  input(at: number, body: string, received: readonly GiftRecord[]): number {
    this.#note((segment) => segment.input({ seq: this.#lastSeq + 1, at, body }, received));
    return ++this.#lastSeq;
  }

  entered(seq: number, tick: number): void {
    this.#note((segment) => segment.entered(seq, tick));
  }

  gifts(rows: readonly GiftRecord[]): void {
    this.#note((segment) => {
      for (const row of rows) {
        const refused = segment.gift(row);
        if (refused) this.#counts[refused]++;
      }
    });
  }

  viewers(rows: readonly StoredViewer[]): void {
    this.#note((segment) => {
      for (const row of rows) segment.viewer(row);
    });
  }

  scores(rows: readonly RoundScore[]): void {
    this.#note((segment) => {
      for (const row of rows) segment.score(row);
    });
  }

  trace(tick: number, body: string): void {
    const most = this.#maxQueuedChars * tracesShare;
    if (this.#queuedChars() + body.length > most) {
      for (const segment of this.#notOnTheWay()) this.#counts.tracesLost += segment.dropTraces();
    }
    if (this.#queuedChars() + body.length > most) this.#counts.tracesLost++;
    else this.#note((segment) => segment.trace({ tick, body }));
  }

  checkpoint(tick: number, body: string): void {
    for (const segment of this.#notOnTheWay()) segment.dropCheckpoint();
    this.#note((segment) => segment.checkpoint({ tick, body }));
  }

  endTick(tick: number): void {
    this.#tick = tick;
    this.#note((segment) => {
      segment.tick = tick;
      // Only now: a commit that ended within a tick would tell what entered, and not the tick in which it did.
      if (segment.chars >= maxCommitChars) segment.isSealed = true;
    });
  }

  async flush(): Promise<void> {
    const last = this.#segments.at(-1);
    while (last && this.#segments.includes(last)) await (this.#writing ?? this.#write());
  }

  async end(at: number, bank: string): Promise<void> {
    this.#note((segment) => segment.end(at, bank));
    this.#isOver = true;
    try {
      await this.flush();
    } finally {
      this.#stopRetry();
    }
  }

  status(): WriterStatus {
    const queuedChars = this.#queuedChars();
    return {
      queued: this.#segments.reduce((sum, { rows }) => sum + rows, 0),
      queuedChars,
      isFull: queuedChars > this.#maxQueuedChars,
      ...this.#counts,
      waitingMs: this.#triedSince === undefined ? 0 : Math.max(0, this.#clock.now() - this.#triedSince),
      trouble: this.#trouble,
    };
  }

  /** Puts something into the segment that is being filled, and has it written if nothing is under way. */
  #note(put: (segment: Segment) => void): void {
    if (this.#isOver) throw new StoreError("STORE_CLOSED", "The show has ended; nothing more can be written of it.");
    let last = this.#segments.at(-1);
    if (!last || last.isSealed) {
      last = new Segment(this.#tick);
      this.#segments.push(last);
    }
    put(last);
    this.#writeIfUrgent();
  }

  #writeIfUrgent(): void {
    if (this.#writing || this.#cancelRetry || this.#isOver || this.#isClosed) return;
    if (this.#segments.some(({ isUrgent }) => isUrgent)) this.#write().catch(() => {});
  }

  #queuedChars(): number {
    return this.#segments.reduce((sum, { chars }) => sum + chars, 0);
  }

  #notOnTheWay(): readonly Segment[] {
    return this.#writing && this.#segments[0]?.isSealed ? this.#segments.slice(1) : this.#segments;
  }

  /** Writes the oldest segment, and the next ones after it on their own. Rejects when this one did not make it. */
  #write(): Promise<void> {
    this.#stopRetry();
    this.#writing = this.#writeOldest().finally(() => {
      this.#writing = undefined;
      this.#writeIfUrgent();
    });
    return this.#writing;
  }

  async #writeOldest(): Promise<void> {
    // Lets the rest of the tick be noted first: one commit for all of it.
    await Promise.resolve();
    const segment = this.#segments[0];
    if (!segment) return;
    segment.isSealed = true;
    const startedAt = this.#clock.now();
    this.#triedSince ??= startedAt;
    try {
      const report = await this.#store.commit(segment.commit(this.#show));
      this.#segments.shift();
      this.#safe = segment.lastSeq ?? this.#safe;
      this.#counts.lastCommitMs = Math.max(0, this.#clock.now() - startedAt);
      this.#committed(report);
    } catch (error) {
      this.#trouble = error instanceof Error ? error.message : String(error);
      this.#retryLater(error);
      throw error;
    }
  }

  #committed({ written, invalid, ofOtherShows, superseded }: CommitReport): void {
    this.#triedSince = undefined;
    this.#retryMs = retryMs.first;
    this.#counts.commits++;
    this.#counts.written += written;
    this.#counts.invalid += invalid.length;
    this.#counts.ofOtherShows += ofOtherShows;
    this.#counts.superseded += superseded;
    this.#trouble = invalid.length > 0 ? `The ledger could not take the row of ${invalid[0]}: a fault in Uproar.` : "";
  }

  #retryLater(error: unknown): void {
    this.#isClosed = error instanceof StoreError && error.code === "STORE_CLOSED";
    if (this.#isOver || this.#isClosed) return;
    this.#cancelRetry = this.#clock.after(this.#retryMs, () => {
      this.#cancelRetry = undefined;
      this.#write().catch(() => {});
    });
    this.#retryMs = Math.min(retryMs.most, this.#retryMs * 2);
  }

  #stopRetry(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }
}

/** The embedded store: queues rows on the main thread and writes them in a worker, one commit per batch. Nothing to install, one folder. */
import { Worker } from "node:worker_threads";
import { type Clock, systemClock } from "../clock.ts";
import type { Reply, Request, Requests } from "./sqlite-worker.ts";
import { type GiftRecord, type RecentCombo, type SeenGift, type Store, StoreError, supersedes } from "./store.ts";

/** Most rows that wait for the disk, about 1 KB each; at 100 gifts a second this is 8 minutes of a disk that refuses. */
const defaultMaxQueued = 50_000;
/** Rows per commit. */
const maxBatch = 2_000;
/** Pause before the next try after a failure: doubles from the first to the second, ms. */
const retryMs = { first: 250, most: 5_000 };

export interface StoreOptions {
  /** Where the data is; made if it is missing. */
  folder: string;
  /** Told in one sentence when damage was found that the store could go on from (a journal lost, the ledger whole). */
  warn?: (message: string) => void;
  /** Most rows that wait for the disk. Default 50 000. */
  maxQueued?: number;
  /** Times the retries. Default: the machine's. */
  clock?: Clock;
}

/** Opens the store of a folder. Rejects with a StoreError whose message is a sentence for the streamer. */
export async function openStore({ folder, maxQueued, clock }: StoreOptions): Promise<Store> {
  const link = createLink(folder);
  await link.open();
  return new QueuedStore(link, maxQueued ?? defaultMaxQueued, clock ?? systemClock);
}

/** A row on its way to the disk, numbered in the order of recording. */
interface Entry {
  row: GiftRecord;
  readonly seq: number;
}

class QueuedStore implements Store {
  /** Rows that wait, oldest first: a newer row of the same gift takes the place of the older one, if it supersedes it. */
  readonly #queue = new Map<string, Entry>();
  readonly #link: Link;
  readonly #maxQueued: number;
  readonly #clock: Clock;
  #writing: Promise<void> | undefined;
  #inFlight: readonly Entry[] = [];
  #lastSeq = 0;
  #cancelRetry: (() => void) | undefined;
  #retryMs = retryMs.first;
  #closed = false;
  #written = 0;
  #dropped = 0;
  #invalid = 0;
  #ofOtherShows = 0;
  #superseded = 0;
  #trouble = "";

  constructor(link: Link, maxQueued: number, clock: Clock) {
    this.#link = link;
    this.#maxQueued = maxQueued;
    this.#clock = clock;
  }

  recordGifts(rows: readonly GiftRecord[]): void {
    for (const row of rows) {
      const older = this.#queue.get(row.id);
      if (older) this.#replace(older, row);
      else if (this.#closed || this.#queue.size >= this.#maxQueued) this.#dropped++;
      else this.#queue.set(row.id, { row, seq: ++this.#lastSeq });
    }
    if (!this.#writing && !this.#cancelRetry) this.#write().catch(() => {});
  }

  async flush(): Promise<void> {
    const last = this.#lastSeq;
    while (this.#oldestSeq() <= last) await (this.#writing ?? this.#write());
  }

  async ledger(query: Parameters<Store["ledger"]>[0] = {}) {
    await this.#settle();
    return this.#link.ask("ledger", query);
  }

  async ledgerTotals(show = "") {
    await this.#settle();
    return this.#link.ask("totals", show);
  }

  async recentGiftIds(sinceMs: number, limit: number): Promise<string[]> {
    await this.#settle();
    return this.#link.ask("recentIds", { sinceMs, limit });
  }

  async recentCombos(sinceMs: number, limit: number): Promise<RecentCombo[]> {
    await this.#settle();
    return this.#link.ask("recentCombos", { sinceMs, limit });
  }

  async seenGifts(): Promise<SeenGift[]> {
    await this.#settle();
    return this.#link.ask("seenGifts", undefined);
  }

  async setting(name: string): Promise<unknown> {
    const json = await this.#link.ask("setting", name);
    return json === "" ? undefined : JSON.parse(json);
  }

  async saveSetting(name: string, value: unknown): Promise<void> {
    await this.#link.ask("saveSetting", { name, json: JSON.stringify(value) });
  }

  status() {
    return {
      queued: this.#queue.size + this.#inFlight.length,
      written: this.#written,
      dropped: this.#dropped,
      invalid: this.#invalid,
      ofOtherShows: this.#ofOtherShows,
      superseded: this.#superseded,
      trouble: this.#trouble,
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.flush();
    } finally {
      this.#cancelRetry?.();
      this.#cancelRetry = undefined;
      await this.#link.close();
    }
  }

  /** Number of the oldest row that is not safe yet, Infinity when all are. */
  #oldestSeq(): number {
    return this.#inFlight[0]?.seq ?? this.#queue.values().next().value?.seq ?? Number.POSITIVE_INFINITY;
  }

  /** Reads want to see what was recorded, but must work while writing does not. */
  async #settle(): Promise<void> {
    await this.flush().catch(() => {});
  }

  /** Writes one batch, and the next ones after it on their own. Rejects when this batch did not make it. */
  #write(): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    if (this.#queue.size === 0) return Promise.resolve();
    this.#writing = this.#writeBatch().finally(() => {
      this.#writing = undefined;
      if (this.#queue.size > 0 && !this.#cancelRetry && !this.#closed) this.#write().catch(() => {});
    });
    return this.#writing;
  }

  async #writeBatch(): Promise<void> {
    // Lets the rest of the tick record its rows first: one commit for all of them.
    await Promise.resolve();
    const batch = [...this.#queue.values()].slice(0, maxBatch);
    for (const { row } of batch) this.#queue.delete(row.id);
    this.#inFlight = batch;
    try {
      const rows = batch.map(({ row }) => row);
      const { invalid, ofOtherShows, superseded } = await this.#link.ask("record", rows);
      this.#written += batch.length - invalid.length - ofOtherShows - superseded;
      this.#invalid += invalid.length;
      this.#ofOtherShows += ofOtherShows;
      this.#superseded += superseded;
      this.#retryMs = retryMs.first;
      this.#trouble = invalid.length > 0 ? `The ledger could not take the gift ${invalid[0]}: a fault in Uproar.` : "";
    } catch (error) {
      this.#putBack(batch);
      this.#trouble = error instanceof Error ? error.message : String(error);
      this.#retryLater();
      throw error;
    } finally {
      this.#inFlight = [];
    }
  }

  /** Rows that failed go in front again, but never over a newer row of the same gift. */
  #putBack(batch: readonly Entry[]): void {
    const newer = [...this.#queue.values()];
    this.#queue.clear();
    for (const entry of batch) this.#queue.set(entry.row.id, entry);
    for (const entry of newer) {
      const older = this.#queue.get(entry.row.id);
      if (older) this.#replace(older, entry.row);
      else this.#queue.set(entry.row.id, entry);
    }
  }

  /** A newer row of a gift that waits takes its place, unless it is of another show, as the first show keeps the gift, or says less. */
  #replace(entry: Entry, row: GiftRecord): void {
    if (entry.row.show !== row.show) this.#ofOtherShows++;
    else if (!supersedes(row.state, entry.row.state)) this.#superseded++;
    else entry.row = row;
  }

  #retryLater(): void {
    if (this.#closed) return;
    this.#cancelRetry = this.#clock.after(this.#retryMs, () => {
      this.#cancelRetry = undefined;
      this.#write().catch(() => {});
    });
    this.#retryMs = Math.min(retryMs.most, this.#retryMs * 2);
  }
}

/** The line to the worker. */
interface Link {
  /** Starts the worker; rejects when the database cannot be opened. */
  open(): Promise<void>;
  /** Asks the worker; rejects with a StoreError. A worker that has died is started again. */
  ask<Op extends keyof Requests>(op: Op, ask: Requests[Op]["ask"]): Promise<Requests[Op]["answer"]>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

function createLink(folder: string): Link {
  let worker: Worker | undefined;
  let waiting: Waiting[] = [];
  let closed = false;

  const promise = () => new Promise<unknown>((resolve, reject) => waiting.push({ resolve, reject }));
  const start = (): Promise<unknown> => {
    const started = new Worker(new URL("./sqlite-worker.ts", import.meta.url), { workerData: { folder } });
    worker = started;
    started.on("message", (reply: Reply) => {
      const next = waiting.shift();
      if ("error" in reply) next?.reject(new StoreError(reply.error.code, reply.error.message));
      else next?.resolve(reply.answer);
    });
    // An "exit" follows every "error"; the listener is there because without one the error would end the process.
    let cause: unknown;
    started.on("error", (error) => {
      cause = error;
    });
    started.on("exit", () => {
      if (worker === started) worker = undefined;
      const left = waiting;
      waiting = [];
      for (const { reject } of left) {
        reject(
          new StoreError("STORE_FAILED", "The ledger's writer stopped unexpectedly and is started again.", { cause }),
        );
      }
    });
    return promise();
  };
  return {
    async open() {
      await start();
    },
    async ask(op, ask) {
      if (closed) throw new StoreError("STORE_CLOSED", "The store is closed.");
      if (!worker) await start();
      // Posted first: what cannot be posted must not leave anybody waiting.
      worker?.postMessage({ op, ask } satisfies Request);
      const answer = promise();
      return (await answer) as Requests[typeof op]["answer"];
    },
    async close() {
      if (closed) return;
      const last = worker;
      closed = true;
      if (!last) return;
      last.postMessage({ op: "close", ask: undefined } satisfies Request);
      await promise();
      // The port is closed by the worker itself; terminate makes sure that nothing of it is left.
      await last.terminate();
    },
  };
}

/** The line to the embedded store's worker: asks one thing after the other, and starts a worker that has died again. */

import { Worker } from "node:worker_threads";
import { moduleAt } from "../project.ts";
import type { Database, DatabaseOptions } from "./sqlite-database.ts";
import type { Reply, Request } from "./sqlite-worker.ts";
import { StoreError } from "./store.ts";

export interface Link {
  /** Asks the worker; rejects with a StoreError. */
  ask<Op extends keyof Database>(op: Op, ...args: Parameters<Database[Op]>): Promise<ReturnType<Database[Op]>>;
  /** Lets what was asked be answered, and ends the worker. */
  close(): Promise<void>;
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** Starts the worker; rejects when the database cannot be opened. `warn` is told what else is to be said of each opening. */
export async function openLink(options: DatabaseOptions, warn: (message: string) => void): Promise<Link> {
  const link = new WorkerLink(options, warn);
  await link.open();
  return link;
}

class WorkerLink implements Link {
  readonly #options: DatabaseOptions;
  readonly #warn: (message: string) => void;
  #worker: Worker | undefined;
  /** Set while a worker is being started again. */
  #opening: Promise<void> | undefined;
  /** Who waits for an answer of the worker, in the order of asking. */
  #waiting: Waiting[] = [];
  #isClosed = false;

  constructor(options: DatabaseOptions, warn: (message: string) => void) {
    this.#options = options;
    this.#warn = warn;
  }

  async ask<Op extends keyof Database>(op: Op, ...args: Parameters<Database[Op]>): Promise<ReturnType<Database[Op]>> {
    if (this.#isClosed) throw new StoreError("STORE_CLOSED", "The store is closed.");
    if (!this.#worker)
      this.#opening ??= this.open().finally(() => {
        this.#opening = undefined;
      });
    await this.#opening;
    return (await this.#post({ op, args })) as ReturnType<Database[Op]>;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const last = this.#worker;
    if (!last) return;
    await this.#post({ op: "close", args: [] });
    // The port is closed by the worker itself; terminate makes sure that nothing of it is left.
    await last.terminate();
  }

  async open(): Promise<void> {
    const worker = new Worker(moduleAt("./sqlite-worker", import.meta.url), { workerData: this.#options });
    this.#worker = worker;
    worker.on("message", (reply: Reply) => {
      const next = this.#waiting.shift();
      if ("error" in reply) next?.reject(new StoreError(reply.error.code, reply.error.message));
      else next?.resolve(reply.answer);
    });
    // An "exit" follows every "error"; the listener is there because without one the error would end the process.
    let cause: unknown;
    worker.on("error", (error) => {
      cause = error;
    });
    worker.on("exit", () => {
      if (this.#worker === worker) this.#worker = undefined;
      const left = this.#waiting;
      this.#waiting = [];
      const stopped = "The store's writer stopped unexpectedly and is started again.";
      for (const { reject } of left) reject(new StoreError("STORE_FAILED", stopped, { cause }));
    });
    const warning = (await this.#answer()) as string;
    if (warning !== "") this.#warn(warning);
  }

  #post(request: Request): Promise<unknown> {
    if (!this.#worker) throw new StoreError("STORE_FAILED", "The store's writer has stopped and is started again.");
    // Posted first: what cannot be posted must not leave anybody waiting.
    this.#worker.postMessage(request);
    return this.#answer();
  }

  #answer(): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }
}

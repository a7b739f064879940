/** The main thread's end of the rule worker: starts it when it is needed, gives up what takes too long, ends with the show. */

import { setImmediate } from "node:timers/promises";
import { deserialize } from "node:v8";
import { Worker } from "node:worker_threads";
import type { CompileResult } from "../shared/rules/compile.ts";
import type { CompiledRules, KnownGift } from "../shared/rules/compiled.ts";
import { type PackedRule, unpackByRule } from "../shared/rules/portable.ts";
import type { Clock } from "./clock.ts";
import { moduleAt } from "./project.ts";
import type { ReadRules } from "./rule-files.ts";
import type { PackedResult, Reply, Request, Requests } from "./rule-worker.ts";
import { UserError } from "./user-error.ts";

/** What takes longer, ms, is given up; a thousand rules take about one second. */
const patienceMs = 10_000;
/** Rules are unpacked for so long before the show has its turn, ms: a quarter of a tick. */
const sliceMs = 4;

/** Reads and compiles rule files while a show runs. Is asked one thing at a time. */
export interface RuleCompiler {
  /** As readRuleFiles. Rejects with a UserError. */
  read(path: string, asked: string, text?: string): Promise<ReadRules>;
  /** As compileRead. Rejects with a UserError when no answer came: the rules are then neither good nor bad. */
  compile(read: ReadRules, gifts: readonly KnownGift[]): Promise<CompileResult>;
  /** Gives up what is going on, which rejects; nothing can be asked after it. */
  stop(): Promise<void>;
}

export interface RuleCompilerOptions {
  /** What the game whose rules they are is loaded by, see addressOfGame. */
  game: string;
  clock: Clock;
  /** The worker's file. Default: that of rule-worker.ts. */
  worker?: URL;
}

/** A compiler in a worker thread, which is started when it is first asked, and again after it has died. */
export function createRuleWorker(options: RuleCompilerOptions): RuleCompiler {
  return new Link(options);
}

class Link implements RuleCompiler {
  readonly #options: RuleCompilerOptions;
  #worker: Worker | undefined;
  /** Takes what ends the question that is being answered without an answer. */
  #giveUp: ((why: string) => void) | undefined;
  #isStopped = false;

  constructor(options: RuleCompilerOptions) {
    this.#options = options;
  }

  read(path: string, asked: string, text?: string): Promise<ReadRules> {
    return this.#ask("read", { path, asked, text });
  }

  async compile(read: ReadRules, gifts: readonly KnownGift[]): Promise<CompileResult> {
    const result: PackedResult = await this.#ask("compile", { read, gifts });
    if (!result.ok) return result;
    const { parts, problems } = result;
    return { ok: true, rules: await this.#unpacked({ ...result.rules, rules: rulesOf(parts) }), problems };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#end("The show has ended.");
  }

  async #ask<Op extends keyof Requests>(op: Op, ask: Requests[Op]["ask"]): Promise<Requests[Op]["answer"]> {
    if (this.#isStopped) throw new UserError("The show has ended.");
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#giveUp = (why) => reject(new UserError(why));
    worker.once("message", (reply: Reply) => {
      if ("answer" in reply) resolve(reply.answer);
      else reject(new UserError(reply.refused));
    });
    const cancel = this.#options.clock.after(patienceMs, () => {
      const why = `The rules were not read after ${patienceMs / 1000} seconds, so that was given up. Take out what you wrote last, or use fewer rules and words.`;
      void this.#end(why);
    });
    worker.postMessage({ op, ask } satisfies Request);
    try {
      return (await promise) as Requests[Op]["answer"];
    } finally {
      cancel();
      this.#giveUp = undefined;
    }
  }

  #start(): Worker {
    const { game, worker = moduleAt("./rule-worker", import.meta.url) } = this.#options;
    const started = new Worker(worker, { workerData: { game } });
    // An "exit" follows every "error"; the listener is there because without one the error would end the process.
    let cause = "";
    started.on("error", (error) => {
      cause = ` (${error instanceof Error ? error.message : String(error)})`;
    });
    started.on("exit", () => {
      if (this.#worker !== started) return;
      this.#worker = undefined;
      this.#giveUp?.(`What reads the rules stopped unexpectedly${cause}: a fault in Uproar. Save the rules once more.`);
    });
    return started;
  }

  async #end(why: string): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#giveUp?.(why);
    await worker?.terminate();
  }

  /** Unpacks in slices, with turns of the show before and between them: to receive the rules has taken a while, too. */
  async #unpacked(packed: Parameters<typeof unpackByRule>[0]): Promise<CompiledRules> {
    const { clock } = this.#options;
    const unpacking = unpackByRule(packed);
    for (;;) {
      await setImmediate();
      const until = clock.now() + sliceMs;
      do {
        const { done, value } = unpacking.next();
        if (done) return value;
      } while (clock.now() < until);
    }
  }
}

/** The rules of all parts, each part read when its first rule is asked for. */
function* rulesOf(parts: readonly Uint8Array[]): Generator<PackedRule> {
  for (const part of parts) yield* deserialize(part) as readonly PackedRule[];
}

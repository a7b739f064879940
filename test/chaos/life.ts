/** Life: one process of the show, from its making to its end, and what is seen of the show meanwhile. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Progress, Sight } from "./progress.ts";
import type { Ended, ShowProcess } from "./show-process.ts";

/** Longest that a start may take, with all that is resumed, ms. */
const startWithinMs = 60_000;
/** Pauses between two looks, ms: while the first tick is waited for, and later. */
const lookEveryMs = { first: 10, later: 100 };
/** Lines quoted of what a process said at last. */
const maxQuoted = 6;

/** The show did what ends the run; the message is a sentence of its result. */
export class ShowFailed extends Error {}

export interface Life {
  readonly process: ShowProcess;
  /** When the process was made, ms since 1970. */
  readonly beganAtMs: number;
  /** Resolves once /health is well and a tick was seen after that, with when they were. Rejects with ShowFailed when it ends or takes too long. */
  untilTicking(): Promise<{ readonly readyAtMs: number; readonly tickAtMs: number }>;
  /** Looks at it again and again until the work is done. Rejects with ShowFailed when it ends before. */
  during(work: Promise<void>): Promise<void>;
  /** Ends it at once. Rejects with ShowFailed when it had ended by itself. */
  kill(): Promise<void>;
}

/** Begins to follow a process that was just made, the `nr`th of its show. */
export function createLife(process: ShowProcess, nr: number, progress: Progress): Life {
  const beganAtMs = Date.now();
  const look = async (): Promise<Sight | undefined> => {
    const sight = await process.look();
    if (sight) progress.see(sight, nr);
    return sight;
  };
  const mustRun = async (): Promise<void> => {
    if (process.hasEnded()) throw new ShowFailed(`the show ended by itself: ${quoteOf(await process.ended)}`);
  };
  return {
    process,
    beganAtMs,
    async untilTicking() {
      let ready: { readonly atMs: number; readonly tick: number } | undefined;
      for (;;) {
        await mustRun();
        const sight = await look();
        const nowMs = Date.now();
        if (sight && ready && sight.tick > ready.tick) return { readyAtMs: ready.atMs, tickAtMs: nowMs };
        if (sight) ready ??= { atMs: nowMs, tick: sight.tick };
        if (nowMs - beganAtMs > startWithinMs) {
          throw new ShowFailed(`the show did not tick within ${startWithinMs} ms: ${lastOf(process.output())}`);
        }
        await sleep(lookEveryMs.first);
      }
    },
    async during(work) {
      let isOver = false;
      const watching = async () => {
        while (!isOver) {
          await mustRun();
          await look();
          await sleep(lookEveryMs.later);
        }
      };
      try {
        await Promise.race([work, watching()]);
      } finally {
        isOver = true;
      }
    },
    async kill() {
      await mustRun();
      process.kill();
      await process.ended;
    },
  };
}

/** How a process ended and what it said at last, on one line. */
export function quoteOf({ code, output }: Ended): string {
  return `code ${code}, ${lastOf(output)}`;
}

function lastOf(output: string): string {
  return output.trim().split("\n").slice(-maxQuoted).join(" / ");
}

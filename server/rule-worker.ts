/** Worker thread that reads and compiles rule files while a show runs, so that no file, however large, ever holds up a tick. */
import { parentPort, workerData } from "node:worker_threads";
import { createRuleCompiler, type KnownGift } from "../shared/rules/compile.ts";
import { type PackedRules, packRules } from "../shared/rules/portable.ts";
import type { Problem } from "../shared/rules/problem.ts";
import { loadGame } from "./games.ts";
import { compileRead, type ReadRules, readRuleFiles } from "./rule-files.ts";
import { UserError } from "./user-error.ts";

/** What the main thread may ask: arguments and answer of each request. */
export interface Requests {
  /** `text` takes the place of what the main file holds. */
  read: { ask: { path: string; asked: string; text: string | undefined }; answer: ReadRules };
  compile: { ask: { read: ReadRules; gifts: readonly KnownGift[] }; answer: PackedResult };
}

/** What came out of compiling, as a thread can hand it to another one. */
export type PackedResult =
  | { readonly ok: true; readonly rules: PackedRules; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface Request {
  readonly op: keyof Requests;
  readonly ask: unknown;
}

/** `refused`: the sentence of a UserError. Whatever else goes wrong ends the thread. */
export type Reply = { readonly answer: unknown } | { readonly refused: string };

if (parentPort) await serve(parentPort, (workerData as { game: string }).game);

async function serve(port: NonNullable<typeof parentPort>, id: string): Promise<void> {
  const game = await loadGame(id);
  const compile = createRuleCompiler(game);
  const handlers: { [Op in keyof Requests]: (ask: Requests[Op]["ask"]) => Requests[Op]["answer"] } = {
    read: ({ path, asked, text }) => readRuleFiles(path, asked, text),
    compile({ read, gifts }) {
      const result = compileRead(read, game, gifts, compile);
      return result.ok ? { ...result, rules: packRules(result.rules) } : result;
    },
  };
  port.on("message", ({ op, ask }: Request) => {
    let reply: Reply;
    try {
      reply = { answer: handlers[op](ask as never) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      reply = { refused: error.message };
    }
    port.postMessage(reply);
  });
}

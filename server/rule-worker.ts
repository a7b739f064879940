/** Worker thread that reads and compiles rule files while a show runs, so that no file, however large, ever holds up a tick. */
import { serialize } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { createRuleCompiler } from "../shared/rules/compile.ts";
import type { KnownGift } from "../shared/rules/compiled.ts";
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

/** Rules of one part; to read a part must take a fraction of a tick. */
const rulesOfPart = 50;

/** What came out of compiling, as a thread can hand it to another one. */
export type PackedResult =
  | {
      readonly ok: true;
      readonly rules: Omit<PackedRules, "rules">;
      /** Lists of packed rules, serialized, so that they can be read part by part. */
      readonly parts: readonly Uint8Array[];
      readonly problems: readonly Problem[];
    }
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
      if (!result.ok) return result;
      const { rules, ...rest } = packRules(result.rules);
      const parts: Uint8Array[] = [];
      for (let from = 0; from < rules.length; from += rulesOfPart)
        parts.push(serialize(rules.slice(from, from + rulesOfPart)));
      return { ...result, rules: rest, parts };
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

/** A rule compiler without a thread, for tests with games that no file defines. */
import type { RuleCompiler } from "../../server/rule-compiler.ts";
import { compileRead, readRuleFiles } from "../../server/rule-files.ts";
import type { AnyGame } from "../../shared/game/define.ts";

export function compileInPlace(game: AnyGame): RuleCompiler {
  return {
    read: async (path, asked, text) => readRuleFiles(path, asked, text),
    compile: async (read, gifts) => compileRead(read, game, gifts),
    stop: async () => undefined,
  };
}

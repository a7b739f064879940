/** The rules of a room: read from a file or given as a text, compiled on this thread, as only it has the room's actions. */
import { resolve } from "node:path";
import type { AnyGame } from "../../shared/game/define.ts";
import { createRuleCompiler, oneFile } from "../../shared/rules/compile.ts";
import type { LoadedRules } from "../games.ts";
import type { RuleCompiler } from "../rule-compiler.ts";
import { compileRead, type ReadRules, readRuleFiles, shownProblem } from "../rule-files.ts";
import { UserError } from "../user-error.ts";

/** What people are told a path stands after. */
const asked = "rules:";
/** Name of rules that were given as a text. */
const textName = "rules.yaml";

/** Reads and compiles them. Rules of more than one line are a text, others a path. Throws a UserError with every problem, a line each. */
export function loadRoomRules(rules: string, game: AnyGame): LoadedRules {
  const isText = rules.includes("\n");
  const path = isText ? "" : resolve(rules);
  const shown = isText ? textName : rules;
  const read: ReadRules = isText
    ? { files: oneFile(rules, textName), problems: [], paths: [] }
    : readRuleFiles(path, asked);
  const result = compileRead(read, game);
  if (!result.ok) throw new UserError(result.problems.map((problem) => shownProblem(shown, problem)).join("\n"));
  return { path, shown, isShipped: isText, read, rules: result.rules, problems: result.problems };
}

/** Compiles on this thread while the room runs: twenty rules hold it up for 10 to 40 ms, nine hundred for half a second or more. */
export function createRoomCompiler(game: AnyGame): RuleCompiler {
  const compile = createRuleCompiler(game);
  return {
    read: async (path, _asked, text) => readRuleFiles(path, asked, text),
    compile: async (read, gifts) => compileRead(read, game, gifts, compile),
    stop: async () => undefined,
  };
}

/** Compliance findings of small rule files, for tests. */
import type { AnyGame } from "../../shared/game/define.ts";
import { compileRules, oneFile } from "../../shared/rules/compile.ts";
import type { RuleFiles } from "../../shared/rules/compiled.ts";
import { complianceProblems } from "../../shared/rules/compliance.ts";
import type { Problem } from "../../shared/rules/problem.ts";
import { tinyGame } from "./tiny-game.ts";

/** A free rule, so that a file is not pay to play. */
export const free = "  - { on: chat, do: jump }\n";

/** Findings of whole files; throws when they have an error of another kind. */
export function problemsOf(text: string | RuleFiles, game: AnyGame = tinyGame): Problem[] {
  const result = compileRules(typeof text === "string" ? oneFile(text) : text, game);
  const others = result.problems.filter(({ code, severity }) => severity === "error" && !code.startsWith("COMPLIANCE"));
  if (others.length > 0) throw new Error(others.map(({ line, message }) => `${line}: ${message}`).join("\n"));
  return result.ok
    ? complianceProblems(result.rules, game)
    : result.problems.filter(({ code }) => code.startsWith("COMPLIANCE"));
}

/** Findings of these rules, after a free one. */
export const file = (rules: string, head = "", game: AnyGame = tinyGame) =>
  problemsOf(`game: tiny\n${head}rules:\n${free}${rules}`, game);
export const codesOf = (problems: readonly Problem[]) => problems.map(({ code }) => code);
/** Codes found in a line that a rule says. */
export const said = (line: string) => codesOf(file(`  - { on: follow, do: { say: ${JSON.stringify(line)} } }\n`));

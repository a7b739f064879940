/** The YAML blocks of a page, as rule files that can be compiled. */
import lastBall from "../../shared/games/last-ball/game.ts";
import { type CompileResult, compileRules } from "../../shared/rules/compile.ts";
import { formatProblem } from "../../shared/rules/problem.ts";
import { runRuleTests } from "../../shared/sim/rehearsal.ts";

export interface RuleBlock {
  /** Of the page, from 1. */
  readonly line: number;
  /** The heading it stands under. */
  readonly heading: string;
  /** As written. */
  readonly text: string;
}

/** All blocks of a page that begin with three backticks and "yaml". */
export function yamlBlocks(page: string): RuleBlock[] {
  return [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => {
    const before = page.slice(0, match.index);
    const heading = [...before.matchAll(/^#+ (.+)$/gm)].at(-1)?.[1] ?? "";
    return { line: before.split("\n").length, heading, text: match[1]! };
  });
}

/** A block as a whole file: one that names its game stands alone, parts of a file or a list of rules build on the file `base`. */
export function asFile(text: string, base: string): string {
  if (/^game:/m.test(text)) return text;
  const parts = text.startsWith("- ") ? `rules:\n${text.replace(/^(?=.)/gm, "  ")}` : text;
  return `game: last-ball\ninclude: ${base}\n${parts}`;
}

/** Compiles a file of Last Ball that may include these others. */
export function compileBlock(text: string, others: Readonly<Record<string, string>>): CompileResult {
  return compileRules(
    { main: "block.yaml", texts: new Map([["block.yaml", text], ...Object.entries(others)]) },
    lastBall,
  );
}

/** Everything that is wrong with a compiled block, a line each: problems of any severity, and tests that fail, its own or included ones. */
export function faultsOf(result: CompileResult): string[] {
  const problems = result.problems.map(formatProblem);
  if (!result.ok) return problems;
  const failed = runRuleTests(result.rules, lastBall).flatMap(({ problem }) => problem ?? []);
  return [...problems, ...failed.map(formatProblem)];
}

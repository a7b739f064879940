/** Problem: one thing wrong in a rule file, with its place and the way to mend it. */
import { distance } from "fastest-levenshtein";

export type ProblemCode =
  | "RULES_SYNTAX"
  | "RULES_SHAPE"
  | "RULES_UNKNOWN_KEY"
  | "RULES_UNKNOWN_TRIGGER"
  | "RULES_UNKNOWN_ACTION"
  | "RULES_WRONG_GAME"
  | "RULES_DUPLICATE_ID";

export interface Problem {
  code: ProblemCode;
  /** From 1. */
  line: number;
  column: number;
  /** What is wrong, what was expected, and what was perhaps meant. */
  message: string;
}

/** `file:line:column  CODE  message`, one line. */
export function formatProblem(file: string, problem: Problem): string {
  return `${file}:${problem.line}:${problem.column}  ${problem.code}  ${problem.message}`;
}

/** ' Did you mean "dash"?' when a known name is close to what was written, else "". */
export function didYouMean(written: string, known: readonly string[]): string {
  let best = "";
  let bestDistance = Math.max(1, Math.floor(written.length / 2));
  for (const name of known) {
    const steps = distance(written.toLowerCase(), name.toLowerCase());
    if (steps > bestDistance || (steps === bestDistance && best)) continue;
    best = name;
    bestDistance = steps;
  }
  return best ? ` Did you mean "${best}"?` : "";
}

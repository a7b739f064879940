/** Problem: one thing wrong in a rule file, with its place and the way to mend it. */
import { distance } from "fastest-levenshtein";
import type { Place } from "./compiled.ts";

/** Every code, with what it stands for. Errors keep a file from being played; warnings do not. */
export const problemCodes = {
  RULES_SYNTAX: "the file is no YAML",
  RULES_ENCODING: "the file is no text in UTF-8",
  RULES_TOO_LARGE: "the file, or what it grows to, is too large",
  RULES_INCLUDE: "an included file cannot be taken",
  RULES_SHAPE: "something has another form than expected, or is missing",
  RULES_UNKNOWN_KEY: "a key is not known in its place",
  RULES_UNKNOWN_TRIGGER: "no event of this name",
  RULES_UNKNOWN_ACTION: "the game has no action of this name",
  RULES_UNKNOWN_NAME: "a name is used that is not declared",
  RULES_WRONG_GAME: "the rules are for another game",
  RULES_PLAYLIST: "the games of a playlist do not fit together",
  RULES_DUPLICATE_ID: "two rules have one id",
  RULES_EXPRESSION: "an expression cannot be computed",
  RULES_GIFT_DROPPED: "a limit would lose gifts",
  RULES_NO_DURATION: "an action has no duration that a rule could set",
  RULES_TEST: "a test in the file fails, or cannot be run",
  RULES_UNKNOWN_GIFT: "no gift of this name has been seen yet (warning)",
  RULES_NEVER_FIRES: "a rule can never fire (warning)",
  RULES_UNREACHABLE: "a rule before it always stops (warning)",
  RULES_FIGHT: "two rules want different things of one event (warning)",
  RULES_GIFT_WASTED: "gifts would wait very long, or for ever (warning)",
  RULES_GIFT_WITHOUT_RULE: "some gifts have no rule (warning)",
  COMPLIANCE_CHANCE: "chance that is paid for is gambling",
  COMPLIANCE_BETTING: "words of betting",
  COMPLIANCE_SOLICITATION: "text on the stage that asks for gifts, likes or follows",
  COMPLIANCE_GIFT_ART: "the platform's gift pictures or names on the stage",
  COMPLIANCE_PAY_TO_PLAY: "nothing can be done without paying",
  COMPLIANCE_HARSH_WORDS: "harsh words on the stage",
} as const;

export type ProblemCode = keyof typeof problemCodes;

export interface Problem extends Place {
  readonly severity: "error" | "warning";
  readonly code: ProblemCode;
  /** What is wrong, what was expected, how to mend it, and what was perhaps meant. */
  readonly message: string;
}

/** `file:line:column  CODE  message`, one line. */
export function formatProblem({ file, line, column, code, severity, message }: Problem): string {
  return `${file}:${line}:${column}  ${code}  ${severity === "warning" ? "warning: " : ""}${message}`;
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

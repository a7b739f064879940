/** Finds out what a person meant where several things may stand, so that a message speaks of that one. */
import type { z } from "zod";

export type Issue = z.core.$ZodIssue;
type UnionIssue = Extract<Issue, { code: "invalid_union" }>;

/** What an issue comes down to: issues of what was meant, or, when nothing of the kind may stand there, what may. */
export type Meant = { readonly issues: readonly Issue[] } | { readonly wanted: readonly Issue[] };

/** Looks into a union's branches for the one that the value was meant for, by its kind: a text, a number, a list, keys. */
export function meantBy(issue: UnionIssue, value: unknown): Meant {
  const branches = issue.errors.filter((branch) => branch.length > 0);
  const fitting = branches.filter((branch) => !isOtherKind(branch, value));
  if (fitting.length === 0) return { wanted: branches.flatMap((branch) => flattened(branch)) };
  const words = fitting
    .flatMap(flattened)
    .filter((found) => found.code === "invalid_value")
    .filter(({ values }) => values.some((wanted) => typeof wanted === typeof value));
  return { issues: words.length > 0 ? [together(words)] : fitting[0]! };
}

/** Issues of a branch, those of unions within it among them. */
function flattened(branch: readonly Issue[]): Issue[] {
  return branch.flatMap((issue) =>
    issue.code === "invalid_union" && issue.path.length === 0 ? issue.errors.flatMap(flattened) : [issue],
  );
}

/** One issue for all words that may stand in a place. */
function together(words: readonly Extract<Issue, { code: "invalid_value" }>[]): Issue {
  return { ...words[0]!, values: [...new Set(words.flatMap(({ values }) => values))] };
}

/** Whether a branch wants another kind of thing than the value is. */
function isOtherKind(branch: readonly Issue[], value: unknown): boolean {
  return branch.some((issue) => {
    if (issue.path.length > 0) return false;
    if (issue.code === "invalid_type") return !(issue.expected === "int" && typeof value === "number");
    if (issue.code === "invalid_value") return issue.values.every((wanted) => typeof wanted !== typeof value);
    return issue.code === "invalid_union" && issue.errors.every((inner) => isOtherKind(inner, value));
  });
}

/** Rule changes: what is different between the rules of a show and those that take their place, for people. */
import { isDeepStrictEqual } from "node:util";
import type { CompiledRule, CompiledRules } from "../shared/rules/compiled.ts";

/** Most rules named in one line. */
const maxNamed = 8;

/** Ids of rules. */
export interface RuleChanges {
  readonly changed: readonly string[];
  readonly added: readonly string[];
  readonly gone: readonly string[];
  /** The game's options are different. */
  readonly options: boolean;
}

/** Compares by id; a rule that only stands in another place is the same. */
export function changesBetween(before: CompiledRules, after: CompiledRules): RuleChanges {
  const old = new Map(before.rules.map((rule) => [rule.id, rule]));
  const ids = new Set(after.rules.map(({ id }) => id));
  const kept = after.rules.filter(({ id }) => old.has(id));
  return {
    changed: kept.filter((rule) => meaningOf(rule) !== meaningOf(old.get(rule.id)!)).map(({ id }) => id),
    added: after.rules.filter(({ id }) => !old.has(id)).map(({ id }) => id),
    gone: before.rules.filter(({ id }) => !ids.has(id)).map(({ id }) => id),
    options: !isDeepStrictEqual(before.options, after.options),
  };
}

/** "2 changed (rose, dash), 1 new (x), 0 gone". */
export function wordsOf({ changed, added, gone }: RuleChanges): string {
  return [withNames(changed, "changed"), withNames(added, "new"), withNames(gone, "gone")].join(", ");
}

function withNames(ids: readonly string[], what: string): string {
  if (ids.length === 0) return `0 ${what}`;
  const names = ids.slice(0, maxNamed).join(", ");
  return `${ids.length} ${what} (${names}${ids.length > maxNamed ? ", ..." : ""})`;
}

/** A rule without its places in the file, as text; of an expression counts what was written. */
function meaningOf(rule: CompiledRule): string {
  return JSON.stringify(rule, (key, value) => (key === "place" && value.line !== undefined ? undefined : value));
}

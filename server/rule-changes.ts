/** Rule changes: what is different between the rules of a show and those that take their place, for people. */
import type { CompiledRules } from "../shared/rules/compiled.ts";

/** Most rules named in one line. */
const maxNamed = 8;

/** What of compiled rules stands under which key of the file, beside the rules themselves. What only rules show is left to them. */
const sections = {
  playlist: ({ playlist }) => playlist,
  options: ({ options }) => options,
  tiers: ({ tiers }) => tiers,
  firstMatch: ({ firstMatch }) => firstMatch,
  queues: ({ queues }) => queues,
  meters: ({ meters }) => meters,
  variables: ({ variables }) => variables,
  words: ({ words }) => words,
  teams: ({ teams }) => teams,
  tests: ({ tests }) => tests,
  allow: ({ allow }) => allow,
} as const satisfies Readonly<Record<string, (rules: CompiledRules) => unknown>>;

type Section = keyof typeof sections;

/** Ids of rules, and names of sections. */
export interface RuleChanges {
  readonly changed: readonly string[];
  readonly added: readonly string[];
  readonly gone: readonly string[];
  /** Other keys of the file under which something is different; counters are among the variables. */
  readonly sections: readonly Section[];
}

/** Compares by id; a rule that only stands in another place is the same. */
export function changesBetween(before: CompiledRules, after: CompiledRules): RuleChanges {
  const old = new Map(before.rules.map((rule) => [rule.id, rule]));
  const ids = new Set(after.rules.map(({ id }) => id));
  const names = Object.keys(sections) as Section[];
  return {
    changed: after.rules.filter((rule) => old.has(rule.id) && !means(rule, old.get(rule.id))).map(({ id }) => id),
    added: after.rules.filter(({ id }) => !old.has(id)).map(({ id }) => id),
    gone: before.rules.filter(({ id }) => !ids.has(id)).map(({ id }) => id),
    sections: names.filter((name) => !means(sections[name](after), sections[name](before))),
  };
}

/** "2 changed (rose, dash), 1 new (x); meters, options changed". */
export function wordsOf({ changed, added, gone, sections: others }: RuleChanges): string {
  const rules = [withNames(changed, "changed"), withNames(added, "new"), withNames(gone, "gone")].filter(Boolean);
  const parts = [rules.join(", "), others.length > 0 ? `${others.join(", ")} changed` : ""].filter(Boolean);
  return parts.join("; ") || "nothing has changed in them";
}

function withNames(ids: readonly string[], what: string): string {
  if (ids.length === 0) return "";
  const names = ids.slice(0, maxNamed).join(", ");
  return `${ids.length} ${what} (${names}${ids.length > maxNamed ? ", ..." : ""})`;
}

/** Whether two parts of rules mean the same: places in the file do not count, and of an expression counts what was written. */
function means(one: unknown, other: unknown): boolean {
  if (Object.is(one, other) || (typeof one === "function" && typeof other === "function")) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (one instanceof Map && other instanceof Map) return means([...one], [...other]);
  if (one instanceof Set && other instanceof Set) return means([...one], [...other]);
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [keys, others] = [Object.keys(one), Object.keys(other)];
  if (keys.length !== others.length) return false;
  return keys.every((key) => {
    if (!Object.hasOwn(other, key)) return false;
    const [mine, its] = [one, other].map((each) => (each as Readonly<Record<string, unknown>>)[key]);
    return (key === "place" && isPlace(mine) && isPlace(its)) || means(mine, its);
  });
}

function isPlace(value: unknown): boolean {
  return typeof value === "object" && value !== null && "line" in value && "column" in value;
}

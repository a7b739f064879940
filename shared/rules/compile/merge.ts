/** Puts the parts of several files together: what an including file says goes before what it includes. */
import { type Problems, quoted, type RuleSource, type Spot } from "./spot.ts";

/** Entries of a section of all files by name; later files win. Only those whose shape is right. */
export function mergedSection(sources: readonly RuleSource[], section: string): Map<string, Spot> {
  const merged = new Map<string, Spot>();
  for (const source of sources) {
    for (const [name, spot] of source.root.at(section).entries) if (spot.isSound) merged.set(name, spot);
  }
  return merged;
}

/** The last file's own value of a key, for what is replaced as a whole; undefined when no file has it. */
export function lastOf(sources: readonly RuleSource[], key: string): Spot | undefined {
  return sources.map((source) => source.root.at(key)).findLast((spot) => spot.exists && spot.isSound);
}

/** Maps of all files put together, deep; lists and single values of later files replace. */
export function mergedDeep(sources: readonly RuleSource[], key: string): unknown {
  let merged: unknown;
  for (const source of sources) {
    const spot = source.root.at(key);
    if (spot.exists && spot.isSound) merged = overlay(merged, spot.value);
  }
  return merged;
}

function overlay(base: unknown, top: unknown): unknown {
  if (!isPlain(base) || !isPlain(top)) return top;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(top)) {
    merged[key] = Object.hasOwn(merged, key) ? overlay(merged[key], value) : value;
  }
  return merged;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** All rules in order. One with the id of a rule of an earlier file takes its place; two of one id in one file are told. */
export function mergedRules(sources: readonly RuleSource[], problems: Problems): Spot[] {
  const rules: Spot[] = [];
  const placeOfId = new Map<string, number>();
  for (const source of sources) {
    for (const spot of source.root.at("rules").items) {
      const id = spot.at("id");
      const known = typeof id.value === "string" ? placeOfId.get(id.value) : undefined;
      if (known === undefined) {
        if (typeof id.value === "string") placeOfId.set(id.value, rules.length);
        rules.push(spot);
      } else if (rules[known]!.source !== source) rules[known] = spot;
      else {
        const { line } = rules[known]!.at("id").place;
        problems.add(
          "RULES_DUPLICATE_ID",
          id,
          `The rule in line ${line} has the id ${quoted(id.value)} too. Give each its own.`,
        );
      }
    }
  }
  return rules;
}

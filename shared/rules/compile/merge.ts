/** Puts the parts of several files together: what an including file says goes before what it includes. */
import { didYouMean } from "../problem.ts";
import { type Problems, quoted, type RuleSource, type Spot } from "./spot.ts";

/** Entries of a section of all files by name, whatever their shape; later files win. */
export function mergedSection(sources: readonly RuleSource[], section: string): Map<string, Spot> {
  const merged = new Map<string, Spot>();
  for (const source of sources) {
    for (const [name, spot] of source.root.at(section).entries) merged.set(name, spot);
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

/**
 * All rules in order, but those of earlier files that a later one goes `without`. One with the id of a rule of an earlier file takes its
 * place; two of one id in one file are told.
 */
export function mergedRules(sources: readonly RuleSource[], problems: Problems): Spot[] {
  const rules: Spot[] = [];
  const indexOfId = new Map<string, number>();
  for (const source of sources) {
    leaveOut(source, rules, indexOfId, problems);
    for (const spot of source.root.at("rules").items) {
      const id = spot.at("id");
      const known = id.text === undefined ? undefined : indexOfId.get(id.text);
      if (known === undefined) {
        if (id.text !== undefined) indexOfId.set(id.text, rules.length);
        rules.push(spot);
      } else if (rules[known]!.source !== source) rules[known] = spot;
      else {
        const { line } = rules[known]!.at("id").place;
        const message = `The rule in line ${line} has the id ${quoted(id.value)} too. Give each its own.`;
        problems.add("RULES_DUPLICATE_ID", id, message);
      }
    }
  }
  for (const [index, spot] of rules.entries()) {
    const taken = spot.at("id").exists ? undefined : indexOfId.get(idOf(spot, index));
    if (taken === undefined) continue;
    const id = rules[taken]!.at("id");
    const message = `${quoted(id.value)} is how the rule in line ${spot.place.line}, which has no id, is called. Take another id.`;
    problems.add("RULES_DUPLICATE_ID", id, message);
  }
  return rules;
}

/** Takes the rules out that a file goes without; tells ids that no file before it has. */
function leaveOut(source: RuleSource, rules: Spot[], indexOfId: Map<string, number>, problems: Problems): void {
  for (const spot of source.root.at("without").items) {
    if (spot.text === undefined) continue;
    const index = indexOfId.get(spot.text);
    if (index === undefined) {
      const message = `No included file has a rule with the id ${quoted(spot.text)}.${didYouMean(spot.text, [...indexOfId.keys()])}`;
      problems.add("RULES_UNKNOWN_NAME", spot, message);
      continue;
    }
    rules.splice(index, 1);
    indexOfId.delete(spot.text);
    for (const [id, at] of indexOfId) if (at > index) indexOfId.set(id, at - 1);
  }
}

/** Id of a rule: as given, else by its place among all rules. */
export function idOf(spot: Spot, index: number): string {
  return spot.at("id").text ?? `rule-${index + 1}`;
}

/** State key: which rule of a changed file goes on with the state of which rule before. */
import type { CompiledRule } from "../compiled.ts";

/**
 * A key for each rule, different for each: of a rule with an id its trigger and that; of others what they say, so that they keep their
 * state when rules are added before them. Of those that say the same, the first goes on with the first.
 */
export function stateKeysOf(rules: readonly CompiledRule[]): Map<CompiledRule, string> {
  const keys = new Map<CompiledRule, string>();
  const seen = new Map<string, number>();
  for (const rule of rules) {
    const key = rule.named ? `${rule.on} ${rule.id}` : `${rule.on} #${fingerprint(meaningOf(rule))}`;
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    keys.set(rule, times === 1 ? key : `${key} #${times}`);
  }
  return keys;
}

/** What decides when the rule fires and what it does, as text. */
function meaningOf({ filter, conditions, limits, whenLimited, queue, steps }: CompiledRule): string {
  const own = limits.map(({ owner, ...limit }) => ({ ...limit, owner: owner.startsWith("rule:") ? "" : owner }));
  return JSON.stringify([filter, conditions, own, whenLimited, queue, steps], (key, value) =>
    key === "place" ? undefined : value === Number.POSITIVE_INFINITY ? "any" : value,
  );
}

/** 16 hex digits: FNV-1a over two halves with different beginnings. */
function fingerprint(text: string): string {
  const halves = [0x811c9dc5, 0x01000193].map((start) => {
    let hash = start;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    return (hash >>> 0).toString(16).padStart(8, "0");
  });
  return halves.join("");
}

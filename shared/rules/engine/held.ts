/** Held state: what one engine hands over to the next, its maps as they are; with all of them copied it is plain data. */

import { BoundedMap } from "../../game/bounded.ts";
import type { RuleState } from "../decision.ts";

/** A map of an engine that is not used any more, or its entries from saved data. */
export type Entries<V> = BoundedMap<V> | readonly (readonly [string, V])[];
type EntriesByName<V> = Readonly<Record<string, Entries<V>>>;

/** A RuleState whose maps may still be an engine's own. */
export interface HeldState extends Omit<RuleState, "limits" | "acted" | "late" | "begun" | "variables"> {
  readonly limits: EntriesByName<number>;
  readonly acted: EntriesByName<number>;
  readonly late: EntriesByName<number>;
  readonly begun: Entries<true>;
  readonly variables: EntriesByName<number | string | boolean>;
}

/** The map itself, or one with the entries. */
export function takenOver<V>(entries: Entries<V> | undefined, most?: number): BoundedMap<V> {
  if (entries instanceof BoundedMap) return entries;
  const map = new BoundedMap<V>(most);
  for (const [key, value] of entries ?? []) map.set(key, value);
  return map;
}

/** Plain data: each map as its entries. What stands in lists is plain already. */
export function plainOf(held: unknown): unknown {
  if (held instanceof BoundedMap) return held.entries();
  if (typeof held !== "object" || held === null || Array.isArray(held)) return held;
  return Object.fromEntries(Object.entries(held).map(([key, value]) => [key, plainOf(value)]));
}

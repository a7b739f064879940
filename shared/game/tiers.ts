/** Gift tiers: what a gift is worth decides its effect when no rule names the gift. */
import type { Gift } from "../events/live-event.ts";

export const tierNames = ["T1", "T2", "T3", "T4", "T5", "T6"] as const;
export type TierName = (typeof tierNames)[number];

/** Smallest unit value of each tier, in diamonds. */
export type TierTable = Readonly<Record<TierName, number>>;

/** 1-4, 5-29, 30-98, 99-498, 499-999, 1000 and more. */
export const defaultTiers: TierTable = { T1: 1, T2: 5, T3: 30, T4: 99, T5: 499, T6: 1000 };

/** The tier of one unit of a gift; a gift cheaper than T1 is T1, so that no gift is without effect. */
export function tierOf(gift: Gift, table: TierTable): TierName {
  let found: TierName = "T1";
  for (const name of tierNames) if (gift.unitValue >= table[name]) found = name;
  return found;
}

/**
 * A number of units turned into strength: 1 for one, growing with the logarithm, never above `cap`.
 * A large combo is spectacular and still not unbeatable.
 */
export function logarithmic(count: number, cap: number): number {
  return Math.min(cap, 1 + Math.log2(Math.max(1, count)) / 2);
}

/** Prices: which prices of one unit a gift rule takes, as ranges of whole diamonds. */
import { type TierName, type TierTable, tierNames } from "../../game/tiers.ts";
import type { TriggerFilter } from "../compiled.ts";

/** Both ends included; `to` can be Infinity. */
export interface PriceRange {
  readonly from: number;
  readonly to: number;
}

/** Ranges that the filter's tiers and values take, in order; a filter without them takes every price. Names are not looked at. */
export function pricesOf({ tiers, valueFrom, valueTo }: TriggerFilter, table: TierTable): PriceRange[] {
  const ranges =
    tiers.length === 0 ? [{ from: 0, to: Number.POSITIVE_INFINITY }] : tiers.map((tier) => tierRange(tier, table));
  return ranges
    .map(({ from, to }) => ({ from: Math.max(from, Math.ceil(valueFrom)), to: Math.min(to, Math.floor(valueTo)) }))
    .filter(({ from, to }) => from <= to)
    .sort((a, b) => a.from - b.from);
}

/** Prices of a tier. Tiers begin each above the one before; what is cheaper than the first belongs to it. */
export function tierRange(tier: TierName, table: TierTable): PriceRange {
  const index = tierNames.indexOf(tier);
  const next = tierNames[index + 1];
  return {
    from: index === 0 ? 0 : Math.ceil(table[tier]),
    to: next ? Math.ceil(table[next]) - 1 : Number.POSITIVE_INFINITY,
  };
}

/** What none of the ranges takes, from 1 diamond on. */
export function gapsOf(ranges: readonly PriceRange[]): PriceRange[] {
  const gaps: PriceRange[] = [];
  let next = 1;
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    if (from > next) gaps.push({ from: next, to: from - 1 });
    next = Math.max(next, to + 1);
  }
  return next === Number.POSITIVE_INFINITY ? gaps : [...gaps, { from: next, to: Number.POSITIVE_INFINITY }];
}

/** Whether some price is in both. */
export function doMeet(a: readonly PriceRange[], b: readonly PriceRange[]): boolean {
  return a.some((one) => b.some((other) => one.from <= other.to && other.from <= one.to));
}

/** Whether every price of `inner` is in `outer`. */
export function isWithin(inner: readonly PriceRange[], outer: readonly PriceRange[]): boolean {
  const gaps = gapsOf(outer);
  return inner.every((range) => !doMeet([{ from: Math.max(1, range.from), to: range.to }], gaps));
}

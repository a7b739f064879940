/** The linter: what a rule file says without being wrong, but hardly means. Warnings all of them, each with the way to mend it. */
import type { AnyGame } from "../game/define.ts";
import type { CompiledRules, KnownGift } from "./compiled.ts";
import { unknownWords } from "./lint/comparisons.ts";
import { fights, unreachable } from "./lint/fights.ts";
import { showOf } from "./lint/finding.ts";
import { giftsWithoutRule, misnamedPrices, unknownGifts, wastedGifts } from "./lint/gifts.ts";
import { neverFires } from "./lint/never.ts";
import type { Problem } from "./problem.ts";

/** Warnings about rules that compiled. `known.gifts`: gifts seen so far; without any, names of gifts are not judged. */
export function lintRules(
  rules: CompiledRules,
  game: AnyGame,
  known: { readonly gifts?: readonly KnownGift[] } = {},
): Problem[] {
  const show = showOf(rules, game);
  return [
    ...unknownGifts(show, known.gifts ?? []),
    ...unknownWords(show),
    ...neverFires(show),
    ...misnamedPrices(show, known.gifts ?? []),
    ...unreachable(show),
    ...fights(show),
    ...wastedGifts(show),
    ...giftsWithoutRule(show),
  ];
}

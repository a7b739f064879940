/** Kills: when a run ends its show, drawn from a seed. Pure. */
import { createRandom } from "../../shared/world/random.ts";

/**
 * - `playing`: so long after the show's first tick;
 * - `starting`: at this share of the time that a start usually takes, so somewhere in loading, opening the store and resuming, or just
 *   after;
 * - `at once`: so soon after the process was made that it has hardly begun.
 */
export type Kill =
  | { readonly when: "playing"; readonly afterMs: number }
  | { readonly when: "at once"; readonly afterMs: number }
  | { readonly when: "starting"; readonly share: number };

const chance = { starting: 0.3, atOnce: 0.1 };
const atOnceMs = 50;

/** Every way comes once before they are drawn. */
const firstOnes: readonly Kill["when"][] = ["playing", "starting", "at once"];

/** Draws `count` kills, between which the show plays for about `seconds` in all. */
export function drawKills(seed: number, count: number, seconds: number): Kill[] {
  const random = createRandom(seed ^ 0x9111);
  const kinds = Array.from({ length: count }, (_, i): Kill["when"] => {
    const drawn = random.next();
    return (
      firstOnes[i] ??
      (drawn < chance.atOnce ? "at once" : drawn < chance.atOnce + chance.starting ? "starting" : "playing")
    );
  });
  const lifeMs = (seconds * 1000) / kinds.filter((when) => when === "playing").length;
  return kinds.map((when): Kill => {
    if (when === "starting") return { when, share: random.between(0.02, 1.1) };
    return { when, afterMs: when === "playing" ? lifeMs * random.between(0.05, 1.95) : random.between(0, atOnceMs) };
  });
}

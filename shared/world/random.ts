/** Seeded random: the only source of chance inside a show. Same seed, same numbers, on every run. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Random numbers of one show. Its state is part of the show's hash. */
export interface Random {
  /** A number in [0, 1), with 32 bits of randomness. */
  next(): number;
  /** A number in [min, max). */
  between(min: number, max: number): number;
  /** A whole number in [0, length). */
  index(length: number): number;
  /** One of the items; the list must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** The generator's state, for hashing. */
  state(): readonly number[];
}

/** Creates the random source of a show. `seed` is a 32-bit whole number; others are cut to one. */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed | 0);
  const next = () => (generator.next() >>> 0) / 0x1_0000_0000;
  const index = (length: number) => Math.min(length - 1, Math.floor(next() * length));
  return {
    next,
    between: (min, max) => min + (max - min) * next(),
    index,
    pick: (items) => items[index(items.length)]!,
    state: () => generator.getState(),
  };
}

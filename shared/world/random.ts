/** Seeded random: the only source of chance inside a show. Same seed, same numbers, on every run. */
import { xoroshiro128plus, xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

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
  /** The generator's state. */
  state(): readonly number[];
  /** A 32-bit whole number from all that was drawn, in its order: two sources of the same seed have the same one at the same point. */
  readonly print: number;
  /** For `createRandom`, which goes on from there. */
  save(): SavedRandom;
}

/** A random source as plain JSON. */
export interface SavedRandom {
  readonly state: readonly number[];
  readonly print: number;
}

/** Creates the random source of a show, or goes on from a saved one. A seed is a 32-bit whole number; others are cut to one. */
export function createRandom(from: number | SavedRandom): Random {
  const isSeed = typeof from === "number";
  const generator = isSeed ? xoroshiro128plus(from | 0) : xoroshiro128plusFromState(from.state);
  let print = isSeed ? 0 : from.print;
  const next = () => {
    const drawn = generator.next();
    print = Math.imul(print ^ drawn, 0x01000193) >>> 0;
    return (drawn >>> 0) / 0x1_0000_0000;
  };
  const index = (length: number) => Math.min(length - 1, Math.floor(next() * length));
  return {
    next,
    between: (min, max) => min + (max - min) * next(),
    index,
    pick: (items) => items[index(items.length)]!,
    state: () => generator.getState(),
    get print() {
      return print;
    },
    save: () => ({ state: generator.getState(), print }),
  };
}

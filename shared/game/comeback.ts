/** Comebacks: small helpers by which a game keeps a round open - help for who trails, and fading for who is silent. */

/** Who counts as trailing, and what they get for it. */
export interface TrailingOptions {
  /** How far behind is still even. */
  readonly margin: number;
  /** Strength of who is further behind, 1.3 = 30 % more. */
  readonly factor: number;
}

/** 1 for who is within `margin` of the best, `factor` for who is further behind. */
export function trailingFactor(own: number, best: number, { margin, factor }: TrailingOptions): number {
  return best - own > margin ? factor : 1;
}

/** The weaker half of a list, weakest first; of an odd number the one in the middle too. Equals stay in their order. */
export function smallerHalf<Item>(items: readonly Item[], strengthOf: (item: Item) => number): Item[] {
  const order = [...items].sort((a, b) => strengthOf(a) - strengthOf(b));
  return order.slice(0, Math.ceil(order.length / 2));
}

/** How somebody silent fades. */
export interface FadeOptions {
  /** Ticks of silence before it begins. */
  readonly afterTicks: number;
  /** Share lost in a tick. */
  readonly perTick: number;
  /** Where it stops. Default 0.5. */
  readonly least?: number;
  /** Share won back in a tick by who acts again. Default twenty times what a tick of silence loses. */
  readonly backPerTick?: number;
}

/** The next share of strength, 1 down to `least`, of somebody silent for so many ticks. Ask once a tick, with what it gave last. */
export function fadeOf(fade: number, silentTicks: number, options: FadeOptions): number {
  const { afterTicks, perTick, least = 0.5, backPerTick = perTick * 20 } = options;
  return silentTicks > afterTicks ? Math.max(least, fade - perTick) : Math.min(1, fade + backPerTick);
}

/** Tally of what a simulator sent, to compare with what arrived. */
import type { Act } from "./audience.ts";
import type { Happening } from "./protocol.ts";

/** Viewer-and-gift pairs listed at most; beyond it only the sums go on. */
const maxPairs = 200_000;
/** Combos under way remembered at most; one is over a few seconds after its last tap. */
const maxCombos = 5000;

/** Sums since the start. */
export interface SentTotals {
  gifts: {
    /** Messages about gifts. */
    frames: number;
    units: number;
    /** Units times their price, diamonds. */
    value: number;
    /** Units by `viewerId|giftId`. */
    byViewerAndGift: Record<string, number>;
  };
  chats: number;
  likes: number;
  likeMessages: number;
  joins: number;
  follows: number;
  shares: number;
  subscribes: number;
}

/** Creates an empty tally. */
export function createTally() {
  const sums = { frames: 0, units: 0, value: 0, chats: 0, likes: 0, likeMessages: 0 };
  const once = { join: 0, follow: 0, share: 0, subscribe: 0 };
  const pairs = new Map<string, number>();
  /** Largest total sent of each combo. */
  const combos = new Map<string, number>();

  const addGift = (act: Act & { type: "gift" }): void => {
    const before = combos.get(act.groupId) ?? 0;
    const units = Math.max(0, act.total - before);
    combos.delete(act.groupId);
    combos.set(act.groupId, before + units);
    if (combos.size > maxCombos) combos.delete(combos.keys().next().value!);
    sums.frames++;
    sums.units += units;
    sums.value += units * act.gift.diamonds;
    const pair = `${act.person.id}|${act.gift.id}`;
    if (pairs.has(pair) || pairs.size < maxPairs) pairs.set(pair, (pairs.get(pair) ?? 0) + units);
  };
  return {
    /** Takes note of something sent; what is told of the room itself is not summed. */
    add(what: Happening): void {
      if (what.type === "gift") addGift(what);
      else if (what.type === "chat") sums.chats++;
      else if (what.type === "like") {
        sums.likes += what.count;
        sums.likeMessages++;
      } else if (what.type in once) once[what.type as keyof typeof once]++;
    },
    totals(): SentTotals {
      const { frames, units, value, ...rest } = sums;
      const gifts = { frames, units, value, byViewerAndGift: Object.fromEntries(pairs) };
      const { join, follow, share, subscribe } = once;
      return { gifts, ...rest, joins: join, follows: follow, shares: share, subscribes: subscribe };
    },
  };
}

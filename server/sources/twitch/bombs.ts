/**
 * Gift bombs in Twitch's chat: one message tells that n subscriptions are given away, n more tell to whom; all carry the same origin
 * id (protocols 7). What a bomb is worth so far is the larger of n, once it was told, and the number of different gifts heard; each
 * message adds what that grew by. So n is counted once in whatever order and however often the messages come, a bomb whose first
 * message is lost counts one by one, and a gift that is no bomb is one of its own.
 */

interface Bomb {
  /** n, 0 while it was not told. */
  announced: number;
  /** Its gifts heard so far. */
  readonly gifts: Set<string>;
  /** What was added for it so far. */
  counted: number;
}

/** Bombs by origin id, the latest last. To be kept from line to line, as one can break in the middle of a bomb. */
export type Bombs = Map<string, Bomb>;

/** Bombs remembered; their messages come within seconds. */
const maxBombs = 500;
/** Gifts remembered of one bomb; more than can be given at once. */
const maxGifts = 10_000;

/** What the announcement of `size` subscriptions adds. */
export function countAnnounced(bombs: Bombs, originId: string, size: number): number {
  const bomb = bombOf(bombs, originId);
  bomb.announced = Math.max(bomb.announced, size);
  return grown(bomb);
}

/** What one gift adds; `giftId` tells it from the others of its bomb. */
export function countGifted(bombs: Bombs, originId: string, giftId: string): number {
  const bomb = bombOf(bombs, originId);
  if (bomb.gifts.size < maxGifts) bomb.gifts.add(giftId);
  return grown(bomb);
}

function grown(bomb: Bomb): number {
  const worth = Math.max(bomb.announced, bomb.gifts.size);
  const added = worth - bomb.counted;
  bomb.counted = worth;
  return added;
}

function bombOf(bombs: Bombs, originId: string): Bomb {
  const bomb = bombs.get(originId) ?? { announced: 0, gifts: new Set(), counted: 0 };
  bombs.delete(originId);
  bombs.set(originId, bomb);
  if (bombs.size > maxBombs) bombs.delete(bombs.keys().next().value!);
  return bomb;
}

/** Placing of name tags: which names are shown, and where each goes so that it covers no face. Pure. */

/** Most names on the stage at once. */
export const maxNames = 12;
/** Names that are looked for a place for, the most worth first: in a crowd many have none. */
export const maxCandidates = 30;

/** A body as the tags see it. */
export interface TagBody {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Velocity, units per tick: a tag also keeps clear of where faces will be in a moment. */
  readonly vx?: number;
  readonly vy?: number;
}

/** A tag that looks for a place. */
export interface TagWish extends TagBody {
  /** Size of the pill. */
  readonly width: number;
  readonly height: number;
  /** Room a tag above must leave for what is worn on the head. */
  readonly headroom?: number;
  /** Side it was placed on before, undefined for a new one. It is kept while it is free, or tags would flutter. */
  readonly side?: TagSide;
}

export type TagSide = "below" | "above" | "right" | "left" | "belowRight" | "belowLeft" | "aboveRight" | "aboveLeft";

export interface TagPlace {
  readonly id: number;
  readonly side: TagSide;
  /** Middle of the pill. */
  readonly x: number;
  readonly y: number;
}

/** What makes a name worth showing. */
export interface NameClaim {
  readonly id: number;
  readonly leader: boolean;
  /** Place on the round's board from 0, -1 for none. */
  readonly rank: number;
  /** Seconds since the viewer last did something. */
  readonly idleSeconds: number;
  readonly bot: boolean;
  /** Has its name on the stage now. */
  readonly shown: boolean;
}

/** How much a name is worth showing; larger is more. */
export function nameWorth(claim: NameClaim): number {
  const leader = claim.leader ? 100 : 0;
  const rank = claim.rank >= 0 && claim.rank < 3 ? 30 - claim.rank * 8 : 0;
  const recent = Math.max(0, 60 - claim.idleSeconds * 3);
  const quiet = Math.max(0, 10 - claim.idleSeconds * 0.05);
  // Whoever is shown stays a little longer, or names would swap places all the time.
  return leader + rank + recent + quiet + (claim.shown ? 8 : 0) - (claim.bot ? 25 : 0);
}

/** Ids of the names to show, the most worth first, at most `most`. */
export function chooseNames(claims: readonly NameClaim[], most = maxNames): number[] {
  return claims
    .map((claim) => ({ id: claim.id, worth: nameWorth(claim) }))
    .sort((a, b) => b.worth - a.worth || a.id - b.id)
    .slice(0, most)
    .map(({ id }) => id);
}

const sides: readonly TagSide[] = [
  ...(["below", "above", "right", "left"] as const),
  ...(["belowRight", "belowLeft", "aboveRight", "aboveLeft"] as const),
];
/** Way of each slanting side, across and down. */
const slants: Readonly<Partial<Record<TagSide, readonly [number, number]>>> = {
  belowRight: [1, 1],
  belowLeft: [-1, 1],
  aboveRight: [1, -1],
  aboveLeft: [-1, -1],
};
/** Share of a body's radius that is its face. */
const faceShare = 0.8;
const gap = 8;
/** Ticks looked ahead. */
const aheadTicks = 9;

/** Middle of a tag on one side of its body. */
export function tagSpot(wish: TagWish, side: TagSide): { x: number; y: number } {
  const down = wish.radius + gap + wish.height / 2;
  const across = wish.radius + gap + wish.width / 2;
  const slant = slants[side];
  if (slant) {
    // Its near corner is beside the body, half-way to the slant.
    const [right, low] = slant;
    const x = wish.x + right * (wish.radius * 0.5 + wish.width / 2);
    return { x, y: wish.y + low * (wish.radius * 0.72 + gap + wish.height / 2) };
  }
  if (side === "below") return { x: wish.x, y: wish.y + down };
  if (side === "above") return { x: wish.x, y: wish.y - down - (wish.headroom ?? 0) };
  return { x: side === "right" ? wish.x + across : wish.x - across, y: wish.y };
}

/** Whether a tag at (x, y) beside its body covers the face of another, now or in a moment. */
function coversFace(wish: TagWish, x: number, y: number, body: TagBody): boolean {
  const { width, height } = wish;
  const radius = body.radius * faceShare;
  if (touchesDisc(x, y, width, height, body, radius)) return true;
  if (body.id === wish.id) return false;
  const dx = ((wish.vx ?? 0) - (body.vx ?? 0)) * aheadTicks;
  const dy = ((wish.vy ?? 0) - (body.vy ?? 0)) * aheadTicks;
  return touchesDisc(x + dx, y + dy, width, height, body, radius);
}

/** Whether a box around (x, y) touches a disc. */
function touchesDisc(x: number, y: number, width: number, height: number, body: TagBody, radius: number): boolean {
  const dx = Math.max(0, Math.abs(body.x - x) - width / 2);
  const dy = Math.max(0, Math.abs(body.y - y) - height / 2);
  return dx * dx + dy * dy < radius * radius;
}

/**
 * Places tags in order of worth, at most `maxNames`. A tag goes below its body if it may, else above, right, left or slanting; one that
 * would cover a face or another tag, or leave `bounds`, everywhere is left out and fades.
 */
export function placeTags(
  wishes: readonly TagWish[],
  bodies: readonly TagBody[],
  bounds: { x: number; y: number; width: number; height: number },
): TagPlace[] {
  const placed: (TagPlace & { width: number; height: number })[] = [];
  for (const wish of wishes) {
    if (placed.length >= maxNames) break;
    const { width, height, id } = wish;
    const order = wish.side ? [wish.side, ...sides.filter((side) => side !== wish.side)] : sides;
    for (const side of order) {
      const { x, y } = tagSpot(wish, side);
      const inside =
        x - width / 2 >= bounds.x &&
        x + width / 2 <= bounds.x + bounds.width &&
        y - height / 2 >= bounds.y &&
        y + height / 2 <= bounds.y + bounds.height;
      if (!inside) continue;
      if (bodies.some((body) => coversFace(wish, x, y, body))) continue;
      const overlaps = placed.some(
        (other) =>
          Math.abs(other.x - x) < (other.width + width) / 2 + 4 &&
          Math.abs(other.y - y) < (other.height + height) / 2 + 4,
      );
      if (overlaps) continue;
      placed.push({ id, side, x, y, width, height });
      break;
    }
  }
  return placed.map(({ id, side, x, y }) => ({ id, side, x, y }));
}

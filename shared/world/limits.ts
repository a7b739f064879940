/** Limits: how fast and how small a body may be, so that nothing goes through a wall; see docs/games.md for what was measured. */
import type { Material, Shape, SimpleShape } from "./entity.ts";

/** The numbers of every world. Lengths in units, speeds in units per tick. */
export const worldNumbers = {
  /** Fastest a body may move; a thin one may move its own thickness at most. */
  maxSpeed: 30,
  /** Fastest a body may turn, radians per tick; one with corners turns so that none of them is faster than `maxSpeed`. */
  maxSpin: 3,
  /** Thinnest a dynamic body may be: the width of a circle, the smaller side of a box. Smaller ones are made that large. */
  leastWidth: 8,
  /** Thinnest a fixed or kinematic body may be; smaller ones are made that large. */
  leastFixedWidth: 1,
  /** Thinnest a wall may be that holds whatever flies or is pressed against it. */
  leastWall: 80,
  /** Largest length of a shape, and most corners and parts it may have. */
  maxLength: 100_000,
  maxCorners: 32,
  maxParts: 16,
  /** Most constraints at once. */
  maxConstraints: 200,
  /** Stiffest a constraint may be: a stiffer one is stronger than a wall. */
  maxStiffness: 0.7,
  /** Farthest a constraint moves a body at once, units: a body that is far out of place comes back over several ticks. */
  maxPull: 5,
  /** The same where the error is more than `farError` units: whatever stands in the way must be stronger. */
  farPull: 1,
  farError: 30,
  /** Most contacts, and most partings, reported per tick. */
  maxContacts: 256,
} as const;

/** Fastest a body of this shape may move, units per tick. */
export function speedLimitOf(shape: Shape): number {
  return Math.min(worldNumbers.maxSpeed, widthOf(shape));
}

/** Fastest a body of this shape may turn, radians per tick. */
export function spinLimitOf(shape: Shape): number {
  if (shape.type === "circle") return worldNumbers.maxSpin;
  return Math.min(worldNumbers.maxSpin, worldNumbers.maxSpeed / reachOf(shape));
}

/** Thickness of a shape: of its thinnest part. */
function widthOf(shape: Shape): number {
  switch (shape.type) {
    case "circle":
      return shape.radius * 2;
    case "box":
      return Math.min(shape.width, shape.height);
    case "polygon":
      return innerRadiusOf(shape.corners) * 2;
    default:
      return shape.parts.reduce((least, part) => Math.min(least, widthOf(part.shape)), Number.POSITIVE_INFINITY);
  }
}

/** Distance of the farthest corner from the centre. */
function reachOf(shape: Shape): number {
  switch (shape.type) {
    case "circle":
      return shape.radius;
    case "box":
      return Math.hypot(shape.width, shape.height) / 2;
    case "polygon":
      return shape.corners.reduce((most, { x, y }) => Math.max(most, Math.hypot(x, y)), 0);
    default:
      return shape.parts.reduce((most, part) => Math.max(most, Math.hypot(part.x, part.y) + reachOf(part.shape)), 0);
  }
}

type Corners = readonly { readonly x: number; readonly y: number }[];

/** Distance from the centre to the nearest edge, negative if the centre lies outside of one. */
function innerRadiusOf(corners: Corners): number {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < corners.length; at++) {
    const from = corners[at]!;
    const to = corners[(at + 1) % corners.length]!;
    const away = (from.x * to.y - from.y * to.x) / Math.hypot(to.x - from.x, to.y - from.y);
    least = Math.min(least, away);
  }
  return least;
}

/** The shape, made as large as it must be and its corners clockwise, or undefined where it is none (numbers that are none, dents, too many parts). */
export function soundShape(shape: Shape, least: number): Shape | undefined {
  if (shape.type !== "compound") return soundSimple(shape, least);
  if (shape.parts.length === 0 || shape.parts.length > worldNumbers.maxParts) return undefined;
  const parts = [];
  for (const { shape: inner, x, y, angle = 0 } of shape.parts) {
    const sound = soundSimple(inner, least);
    if (!sound || !isLength(Math.abs(x)) || !isLength(Math.abs(y)) || !Number.isFinite(angle)) return undefined;
    parts.push({ shape: sound, x, y, angle });
  }
  return { type: "compound", parts };
}

/** Whether what is given of a material is numbers, and its density above 0. */
export function isSoundMaterial({ restitution = 0, friction = 0, frictionAir = 0, density = 1 }: Material): boolean {
  return [restitution, friction, frictionAir, density].every(Number.isFinite) && density > 0;
}

/** Whether a circle or box, or one among the parts, is thinner than that; polygons are not made larger. */
export function isThin(shape: Shape, least: number): boolean {
  if (shape.type === "compound") return shape.parts.some((part) => isThin(part.shape, least));
  return shape.type !== "polygon" && widthOf(shape) < least;
}

function soundSimple(shape: SimpleShape, least: number): SimpleShape | undefined {
  if (shape.type === "circle") {
    if (!isLength(shape.radius)) return undefined;
    return shape.radius * 2 >= least ? shape : { type: "circle", radius: least / 2 };
  }
  if (shape.type === "box") {
    const { width, height } = shape;
    if (!isLength(width) || !isLength(height)) return undefined;
    return Math.min(width, height) >= least
      ? shape
      : { type: "box", width: Math.max(width, least), height: Math.max(height, least) };
  }
  const corners = centred(shape.corners);
  return corners && innerRadiusOf(corners) * 2 >= least ? { type: "polygon", corners } : undefined;
}

function isLength(value: number): boolean {
  return value >= 0 && value <= worldNumbers.maxLength;
}

/** Corners clockwise around their centre of mass, or undefined where they are not those of a convex polygon. */
function centred(given: Corners): Corners | undefined {
  if (given.length < 3 || given.length > worldNumbers.maxCorners) return undefined;
  if (!given.every(({ x, y }) => isLength(Math.abs(x)) && isLength(Math.abs(y)))) return undefined;
  const area = crossSum(given, () => 1) / 2;
  if (area === 0) return undefined;
  const corners = area > 0 ? given : given.toReversed();
  for (let at = 0; at < corners.length; at++) {
    const [a, b, c] = [corners[at]!, corners[(at + 1) % corners.length]!, corners[(at + 2) % corners.length]!];
    if ((b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x) < 0) return undefined;
  }
  const x = crossSum(given, (a, b) => a.x + b.x) / (6 * area);
  const y = crossSum(given, (a, b) => a.y + b.y) / (6 * area);
  // Given around their centre but for a rounding error, they stay as they are.
  if (Math.abs(x) < 1e-6 && Math.abs(y) < 1e-6) return corners;
  return corners.map((corner) => ({ x: corner.x - x, y: corner.y - y }));
}

type Corner = Corners[number];

function crossSum(corners: Corners, weight: (from: Corner, to: Corner) => number): number {
  let sum = 0;
  for (let at = 0; at < corners.length; at++) {
    const from = corners[at]!;
    const to = corners[(at + 1) % corners.length]!;
    sum += (from.x * to.y - from.y * to.x) * weight(from, to);
  }
  return sum;
}

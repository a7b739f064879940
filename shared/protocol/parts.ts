/** Parts: a compound's shape as a flat list of numbers, for the synced state, and back. */
import type { StagedPart } from "../game/view.ts";
import type { Shape, SimpleShape } from "../world/entity.ts";

/**
 * Each part is its kind (1 circle, 2 box, 3 polygon), x, y, angle, then its size: a circle's radius; a box's width and height; a polygon's
 * number of corners and x, y of each.
 */
const codes = { circle: 1, box: 2, polygon: 3 } as const;

/** The numbers of a compound's parts; none for another shape. */
export function flatParts(shape: Shape): number[] {
  if (shape.type !== "compound") return [];
  return shape.parts.flatMap(({ shape: inner, x, y, angle = 0 }) => [codes[inner.type], x, y, angle, ...sizeOf(inner)]);
}

function sizeOf(shape: SimpleShape): number[] {
  if (shape.type === "circle") return [shape.radius];
  if (shape.type === "box") return [shape.width, shape.height];
  return [shape.corners.length, ...shape.corners.flatMap(({ x, y }) => [x, y])];
}

/** The parts again; stops at the first that is none. */
export function partsOf(flat: ArrayLike<number>): StagedPart[] {
  const parts: StagedPart[] = [];
  let at = 0;
  const next = () => flat[at++] ?? Number.NaN;
  while (at < flat.length) {
    const code = next();
    const place = { x: next(), y: next(), angle: next() };
    if (code === codes.circle) parts.push({ shape: "circle", ...place, a: next(), b: 0, corners: [] });
    else if (code === codes.box) parts.push({ shape: "box", ...place, a: next(), b: next(), corners: [] });
    else if (code === codes.polygon) {
      const length = Math.min(next() * 2, flat.length - at);
      parts.push({ shape: "polygon", ...place, a: 0, b: 0, corners: Array.from({ length }, next) });
    } else return parts;
  }
  return parts;
}

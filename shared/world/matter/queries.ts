/** Queries: what is under a point, and what a ray meets. Circles are true circles here; the rest is as the physics has it. */
import Matter from "matter-js";
import type { RayHit } from "../entity.ts";
import type { BodyEntity } from "./body.ts";

/** Whether a point lies in a body. */
export function isUnder(entity: BodyEntity, x: number, y: number): boolean {
  const { body, shape } = entity;
  if (shape.type === "circle") return Math.hypot(x - body.position.x, y - body.position.y) <= shape.radius;
  return simpleParts(body).some(
    (part) => Matter.Bounds.contains(part.bounds, { x, y }) && Matter.Vertices.contains(part.vertices, { x, y }),
  );
}

/** Where a ray enters a body: the share of its way (0 to 1) and the surface there. One that begins in it does not enter it. */
interface Entry {
  share: number;
  nx: number;
  ny: number;
}

/** The first of the bodies, oldest first, that a ray enters; sensors are not there for it. */
export function firstHit(
  entities: Iterable<BodyEntity>,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  layers: number,
): RayHit | undefined {
  let found: BodyEntity | undefined;
  const best: Entry = { share: Number.POSITIVE_INFINITY, nx: 0, ny: 0 };
  const entry: Entry = { ...best };
  const [dx, dy] = [x1 - x0, y1 - y0];
  for (const entity of entities) {
    if (entity.body.isSensor || ((entity.body.collisionFilter.category ?? 1) & layers) === 0) continue;
    if (!enters(entity, x0, y0, dx, dy, entry) || entry.share >= best.share) continue;
    found = entity;
    Object.assign(best, entry);
  }
  if (!found) return undefined;
  const { share, nx, ny } = best;
  return { entity: found, x: x0 + dx * share, y: y0 + dy * share, distance: Math.hypot(dx, dy) * share, nx, ny };
}

function enters({ body, shape }: BodyEntity, x: number, y: number, dx: number, dy: number, entry: Entry): boolean {
  if (shape.type === "circle") return entersCircle(body.position, shape.radius, x, y, dx, dy, entry);
  entry.share = Number.POSITIVE_INFINITY;
  const own: Entry = { share: 0, nx: 0, ny: 0 };
  for (const { vertices } of simpleParts(body)) {
    if (Matter.Vertices.contains(vertices, { x, y })) return false;
    if (entersCorners(vertices, x, y, dx, dy, own) && own.share < entry.share) Object.assign(entry, own);
  }
  return entry.share <= 1;
}

function entersCircle(
  centre: Matter.Vector,
  radius: number,
  x: number,
  y: number,
  dx: number,
  dy: number,
  entry: Entry,
): boolean {
  const fromX = x - centre.x;
  const fromY = y - centre.y;
  const long = dx * dx + dy * dy;
  const towards = fromX * dx + fromY * dy;
  const outside = fromX * fromX + fromY * fromY - radius * radius;
  const root = towards * towards - long * outside;
  if (outside < 0 || towards >= 0 || root < 0) return false;
  const share = (-towards - Math.sqrt(root)) / long;
  entry.share = share;
  entry.nx = (fromX + dx * share) / radius;
  entry.ny = (fromY + dy * share) / radius;
  return share <= 1;
}

/** A convex shape is entered where the last of the edges that the ray comes from is crossed, if it has not left by another one before. */
function entersCorners(
  corners: readonly Matter.Vector[],
  x: number,
  y: number,
  dx: number,
  dy: number,
  entry: Entry,
): boolean {
  let enter = Number.NEGATIVE_INFINITY;
  let leave = 1;
  for (let at = 0; at < corners.length; at++) {
    const from = corners[at]!;
    const to = corners[at + 1 < corners.length ? at + 1 : 0]!;
    // Out of a shape whose corners go clockwise.
    const nx = to.y - from.y;
    const ny = from.x - to.x;
    const speed = dx * nx + dy * ny;
    const ahead = (from.x - x) * nx + (from.y - y) * ny;
    if (speed === 0) {
      if (ahead < 0) return false;
      continue;
    }
    const share = ahead / speed;
    if (speed > 0) leave = Math.min(leave, share);
    else if (share > enter) {
      enter = share;
      const length = Math.hypot(nx, ny) || 1;
      entry.nx = nx / length;
      entry.ny = ny / length;
    }
  }
  entry.share = enter;
  return enter >= 0 && enter <= leave;
}

/** The parts that collide: matter-js puts the hull of a compound before them. */
function simpleParts(body: Matter.Body): Matter.Body[] {
  return body.parts.length > 1 ? body.parts.slice(1) : body.parts;
}

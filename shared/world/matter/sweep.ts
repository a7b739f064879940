/**
 * Sweep: which bodies of a tall world touch. matter-js sweeps along x alone, so in a world much taller than it is wide it compares
 * nearly everything with everything; this sweeps along y instead, and finds the same collisions in another order.
 */
import Matter from "matter-js";

/** What matter-js 0.20 keeps in a detector and its typings leave out. */
type Detector = Matter.Detector & { bodies: Matter.Body[]; collisions: Matter.Collision[]; pairs: Matter.Pairs };

const collides = Matter.Collision.collides as (
  bodyA: Matter.Body,
  bodyB: Matter.Body,
  pairs: Matter.Pairs,
) => Matter.Collision | null;

/** How many times as tall as wide a world must be to be swept along y. */
const tallFactor = 3;
const tall = new WeakSet<object>();
const alongX = Matter.Detector.collisions;

// The engine looks its detector's function up in the module at every step: there is no place to hand in another one.
Matter.Detector.collisions = (detector) => (tall.has(detector) ? alongY(detector as Detector) : alongX(detector));

/** Sweeps an engine's world along y from now on, if it is tall. */
export function chooseSweep(engine: Matter.Engine, width: number, height: number): void {
  if (height > width * tallFactor) tall.add(engine.detector);
}

function alongY(detector: Detector): Matter.Collision[] {
  const { bodies, collisions, pairs } = detector;
  let found = 0;
  bodies.sort(byTop);
  for (let at = 0; at < bodies.length; at++) {
    const body = bodies[at]!;
    const { min, max } = body.bounds;
    for (let next = at + 1; next < bodies.length; next++) {
      const other = bodies[next]!;
      const { bounds } = other;
      if (bounds.min.y > max.y) break;
      if (max.x < bounds.min.x || min.x > bounds.max.x || (body.isStatic && other.isStatic)) continue;
      if (!Matter.Detector.canCollide(body.collisionFilter, other.collisionFilter)) continue;
      found = collideParts(body, other, pairs, collisions, found);
    }
  }
  collisions.length = found;
  return collisions;
}

function collideParts(
  bodyA: Matter.Body,
  bodyB: Matter.Body,
  pairs: Matter.Pairs,
  collisions: Matter.Collision[],
  found: number,
): number {
  const partsA = bodyA.parts;
  const partsB = bodyB.parts;
  // The first part of several is their hull, which is there for the eye.
  for (let a = partsA.length > 1 ? 1 : 0; a < partsA.length; a++) {
    const partA = partsA[a]!;
    for (let b = partsB.length > 1 ? 1 : 0; b < partsB.length; b++) {
      const partB = partsB[b]!;
      if (!Matter.Bounds.overlaps(partA.bounds, partB.bounds)) continue;
      const collision = collides(partA, partB, pairs);
      if (collision) collisions[found++] = collision;
    }
  }
  return found;
}

function byTop(bodyA: Matter.Body, bodyB: Matter.Body): number {
  return bodyA.bounds.min.y - bodyB.bounds.min.y;
}

/** Constraint: what holds two bodies together, or a body to a point of the world. */
import type { Entity, EntityId } from "./entity.ts";

/**
 * "pin": two points stay on top of each other, and what is pinned may turn around them. "rod": two points keep their distance.
 * "spring": two points are drawn towards their distance.
 */
export type ConstraintType = "pin" | "rod" | "spring";

/** What `world.join` takes. */
export interface ConstraintSpec {
  type: ConstraintType;
  /** The first body. One of the two must be dynamic. */
  a: Entity;
  /** The second body; without one, the constraint ends at a point of the world. */
  b?: Entity;
  /** Where it is fastened to `a`, in a's own frame: (0, 0), its centre, by default; it turns with the body. */
  ax?: number;
  ay?: number;
  /**
   * Where it is fastened to `b`, in b's own frame; without a `b`, the point in the world. Default: for a pin, and without a `b`,
   * where the other end is now; else the centre of `b`.
   */
  bx?: number;
  by?: number;
  /** Distance it keeps, in units. Default: the present one. A pin's is always 0. */
  length?: number;
  /** Share of the error mended at once, 0.001 to 0.7. Default 0.7, 0.02 for a spring. */
  stiffness?: number;
  /** Share of the speed along it that is lost, 0 to 1. Default 0, 0.05 for a spring. */
  damping?: number;
  /** How far its pull may turn the bodies: 1 freely (the default), 0 not at all. */
  turning?: number;
}

/** One constraint, with everything that was left open filled in. Plain data that never changes: cut it and join anew. */
export interface Constraint {
  /** Our own number: from 1 upwards, never used twice in a show. */
  readonly id: number;
  readonly type: ConstraintType;
  readonly a: Entity;
  readonly b: Entity | undefined;
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
  readonly length: number;
  readonly stiffness: number;
  readonly damping: number;
  readonly turning: number;
}

/** A constraint as plain JSON. */
export interface SavedConstraint extends Omit<Constraint, "a" | "b"> {
  readonly a: EntityId;
  /** 0 for a point of the world. */
  readonly b: EntityId;
}

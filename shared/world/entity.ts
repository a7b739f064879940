/** Entity: one thing in the world as everybody may see it, what it is made from, and what touched. */

import type { SavedConstraint } from "./constraint.ts";

/** Our own number for an entity: from 1 upwards, in spawn order, never used twice in a show. matter-js ids are process-wide and never leave here. */
export type EntityId = number;

/** A shape without parts. Lengths in world units. */
export type SimpleShape =
  | { readonly type: "circle"; readonly radius: number }
  | { readonly type: "box"; readonly width: number; readonly height: number }
  /** Corners relative to the centre of mass, convex, clockwise as the picture shows them, at most 32. */
  | { readonly type: "polygon"; readonly corners: readonly { readonly x: number; readonly y: number }[] };

/** A simple shape within a compound: where its centre is, relative to the compound's centre of mass, and how it is turned (default 0). */
export interface ShapePart {
  readonly shape: SimpleShape;
  readonly x: number;
  readonly y: number;
  readonly angle?: number;
}

/**
 * What a body is made of. A compound is one stiff body of up to 16 parts. Parts may be given around any point: the world moves
 * them so that their common centre of mass is the body's place, and `Entity.shape` says where they are then.
 */
export type Shape = SimpleShape | { readonly type: "compound"; readonly parts: readonly ShapePart[] };

/** How a body answers to hits. Where two touch, the greater restitution and the smaller friction count. */
export interface Material {
  /** 0 dead to 1 elastic (above 1 adds energy). Default 0.6; 0 for what is not dynamic. */
  restitution?: number;
  /** Sliding friction, 0 to 1. Default 0.02; 1 for what is not dynamic. */
  friction?: number;
  /** Share of speed lost per tick to the air, 0 to 1. Default 0.01. */
  frictionAir?: number;
  /** Mass per square unit. Default 0.001. */
  density?: number;
}

/** What `world.spawn` takes. */
export interface EntitySpec extends Material {
  /** What it is, in the game's words; the game's view draws each kind. */
  kind: string;
  shape: Shape;
  x: number;
  y: number;
  angle?: number;
  /** "dynamic" is moved by physics, "fixed" never, "kinematic" only by the game (and pushes what it meets). Default dynamic. */
  motion?: "dynamic" | "fixed" | "kinematic";
  /** Reports contacts but pushes nothing. */
  sensor?: boolean;
  /** Layers: the bits this body is in, and those it meets. Default: bit 1, meets all. */
  layer?: number;
  meets?: number;
  /** Key of the viewer whose body it is. */
  viewer?: string;
}

/** One thing in the world. Read it freely; change it through the world. */
export interface Entity {
  readonly id: EntityId;
  readonly kind: string;
  readonly shape: Shape;
  readonly motion: "dynamic" | "fixed" | "kinematic";
  /** Reports contacts but pushes nothing. */
  readonly sensor: boolean;
  readonly viewer: string;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly vx: number;
  readonly vy: number;
  readonly speed: number;
  /** Speed of turning, radians per tick, clockwise. */
  readonly spin: number;
  readonly mass: number;
  /** Radius of a circle, half the larger side of a box, 0 for a polygon and a compound. */
  readonly radius: number;
  /** False once it has been removed. */
  readonly alive: boolean;
  /** What the view shows on it, by name: `crown: 1`, `spikes: endTick`. Small numbers only; synced to the stage. */
  readonly wear: Map<string, number>;
}

/** Two entities that began to touch in the last step. */
export interface Contact {
  a: Entity;
  b: Entity;
  /** Where, in world units. */
  x: number;
  y: number;
  /** Closing speed along the normal, units per tick, 0 or more. */
  impact: number;
  /** Unit vector from a to b. */
  nx: number;
  ny: number;
}

/** Two entities that touched before the last step and no longer do, the older one first. Both are still in the world. */
export interface Parting {
  a: Entity;
  b: Entity;
}

/** The first thing that a ray meets. */
export interface RayHit {
  readonly entity: Entity;
  /** Where, in world units, and how far from the ray's start. */
  readonly x: number;
  readonly y: number;
  readonly distance: number;
  /** Unit vector out of the surface that was hit. */
  readonly nx: number;
  readonly ny: number;
}

/** What was kept of an entity that had been taken out of the world; whoever loads it gives it its fields. */
export class RemovedEntity implements Entity {
  readonly id: EntityId = 0;
  readonly kind: string = "";
  readonly shape: Shape = { type: "circle", radius: 0 };
  readonly motion: Entity["motion"] = "dynamic";
  readonly sensor: boolean = false;
  readonly viewer: string = "";
  readonly x: number = 0;
  readonly y: number = 0;
  readonly angle: number = 0;
  readonly vx: number = 0;
  readonly vy: number = 0;
  readonly speed: number = 0;
  readonly spin: number = 0;
  readonly mass: number = 0;
  readonly radius: number = 0;
  readonly alive = false;
  readonly wear = new Map<string, number>();
}

/** A body and all of its state that outlives a settled world. Plain JSON: every number is finite and none is -0. */
export interface SavedEntity {
  readonly id: EntityId;
  readonly kind: string;
  readonly shape: Shape;
  readonly motion: Entity["motion"];
  readonly viewer: string;
  readonly sensor: boolean;
  readonly layer: number;
  readonly meets: number;
  /** Mass per square unit, as it was given. */
  readonly density: number;
  readonly restitution: number;
  readonly friction: number;
  readonly frictionAir: number;
  readonly wear: readonly (readonly [string, number])[];
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  /** The same three before the last step. */
  readonly before: readonly [number, number, number];
  /** vx, vy, speed; speed of turning, with and without its sign. */
  readonly speeds: readonly [number, number, number, number, number];
  /** Force (x, y) and torque that wait for the next step, as matter-js counts them. */
  readonly push: readonly [number, number, number];
  /** A kinematic body was moved (1), turned (2) or both (3) since the last step. */
  readonly moved: number;
}

/** A world that has settled, as plain JSON. */
export interface SavedWorld {
  readonly tick: number;
  readonly nextId: EntityId;
  readonly refused: number;
  readonly broken: number;
  readonly clamped: number;
  readonly unreported: number;
  readonly gravity: readonly [number, number];
  /** Oldest first. */
  readonly entities: readonly SavedEntity[];
  readonly nextConstraintId: number;
  /** Oldest first. */
  readonly constraints: readonly SavedConstraint[];
  /** Pairs of ids, "older younger", that touched in the last step: their contact does not begin anew. */
  readonly touching: readonly string[];
}

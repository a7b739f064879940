/** What a world offers to games and to the simulation; world.ts makes it. */
import type { Constraint, ConstraintSpec } from "./constraint.ts";
import type { Contact, Entity, EntityId, EntitySpec, Material, Parting, RayHit, SavedWorld } from "./entity.ts";
import type { Random } from "./random.ts";

export interface WorldOptions {
  width: number;
  height: number;
  /** Units per tick per tick, downwards. Default 0. */
  gravity?: number;
  /** Most entities at once; `spawn` returns undefined beyond. Default 400. */
  maxEntities?: number;
  random: Random;
}

export interface WorldCounters {
  /** Spawns and joins refused: the world was full, or a number was none. */
  refused: number;
  /** Bodies removed because their position was no longer a number. */
  broken: number;
  /** Speeds, turns and sizes brought to their limit. */
  clamped: number;
  /** Contacts and partings that found no place in their tick's list. */
  unreported: number;
}

/** The bodies of a show. Limits are in `worldNumbers`; docs/games.md tells of all of it. */
export interface World {
  readonly width: number;
  readonly height: number;
  readonly tick: number;
  readonly random: Random;
  /** All entities, oldest first. */
  readonly entities: ReadonlyMap<EntityId, Entity>;
  /** All constraints by id, oldest first. */
  readonly constraints: ReadonlyMap<number, Constraint>;
  /** Contacts that began in the last step; they and their list are valid until the next one. */
  readonly contacts: readonly Contact[];
  /** Pairs that ceased to touch in the last step, but for those of which one was removed; valid until the next one. */
  readonly partings: readonly Parting[];
  readonly counters: Readonly<WorldCounters>;
  /**
   * Adds an entity. Undefined (and counted as refused) when the world is full, a place is no number, or a shape is none: dents, more than
   * 32 corners or 16 parts. What is too small is made as large as it must be.
   */
  spawn(spec: EntitySpec): Entity | undefined;
  /** Takes an entity out, and cuts what holds it. */
  remove(entity: Entity): void;
  /**
   * Puts a body somewhere. A kinematic one takes its way as speed in the next step, so it pushes and carries what it meets;
   * a way longer than `maxSpeed` is a jump that pushes nothing.
   */
  setPosition(entity: Entity, x: number, y: number): void;
  /** Turns a body, in radians; a kinematic one pushes what it meets with the speed of the turn, in the next step. */
  setAngle(entity: Entity, angle: number): void;
  /**
   * Gives a body a speed, units per tick; the next step cuts it to what its size allows. A fixed or kinematic body stays where it is and
   * moves what touches it, until it is given another speed: a conveyor belt.
   */
  setVelocity(entity: Entity, vx: number, vy: number): void;
  /** Gives a body a speed of turning, radians per tick, clockwise; a fixed or kinematic one turns only what touches it: a roller. */
  setSpin(entity: Entity, radiansPerTick: number): void;
  /** Adds to the velocity, whatever the mass. */
  accelerate(entity: Entity, ax: number, ay: number): void;
  /** Adds impulse / mass to the velocity at once: heavy bodies move less. */
  applyImpulse(entity: Entity, jx: number, jy: number): void;
  /** Pushes a dynamic body once, in the next step: adds force / mass to its velocity there. Forces of a tick add up. */
  applyForce(entity: Entity, fx: number, fy: number): void;
  /** Turns a dynamic body once, in the next step: adds torque / inertia to its spin there. */
  applyTorque(entity: Entity, torque: number): void;
  /** Resizes a circle, mass with it; not below the least size. */
  setRadius(entity: Entity, radius: number): void;
  setMaterial(entity: Entity, material: Material): void;
  /** The layers (bits) a body is in from now on, and those it meets. Two bodies touch when each meets a layer of the other. */
  setLayer(entity: Entity, layer: number, meets: number): void;
  /** What pulls every dynamic body, units per tick per tick. Not above `maxSpeed` in each direction. */
  setGravity(x: number, y: number): void;
  /**
   * Holds two bodies, or a body and a point, together; see `ConstraintSpec` for its defaults. Undefined (and counted as refused) when
   * there are 200 already, an entity is not in the world, none of the two is dynamic, or a number is none.
   */
  join(spec: ConstraintSpec): Constraint | undefined;
  /** Ends a constraint; one that has ended may be named again without harm. It ends by itself when one of its entities leaves. */
  cut(constraint: Constraint): void;
  /** Calls back for each entity whose centre lies within `radius` of a point, oldest first. */
  near(x: number, y: number, radius: number, visit: (entity: Entity, distance: number) => void): void;
  /** Calls back for each entity whose centre lies in an upright box around (x, y), edges included, oldest first. */
  within(x: number, y: number, width: number, height: number, visit: (entity: Entity) => void): void;
  /** The youngest entity under a point. */
  at(x: number, y: number): Entity | undefined;
  /**
   * The first body that a straight line from (x0, y0) to (x1, y1) enters, the oldest on a tie. Sensors and bodies in which the line
   * begins are not hit; with `layers`, only bodies in one of them are.
   */
  ray(x0: number, y0: number, x1: number, y1: number, layers?: number): RayHit | undefined;
  /** One tick of physics. */
  step(): void;
  /**
   * Builds all bodies anew from what `save` holds, so that nothing hidden is left of how they came there. No place, speed or turn changes;
   * `contacts` and `partings` are empty then, and what touches goes on touching.
   */
  settle(): void;
  /** A world that has just settled, for `createWorld`: it goes on as this one does. */
  save(): SavedWorld;
}

/** What a world offers to games and to the simulation; world.ts makes it. */
import type { Contact, Entity, EntityId, EntitySpec, Material, SavedWorld } from "./entity.ts";
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
  /** Spawns refused because the world was full. */
  refused: number;
  /** Bodies removed because their position was no longer a number. */
  broken: number;
  /** Speeds cut to the limit. */
  clamped: number;
}

export interface World {
  readonly width: number;
  readonly height: number;
  readonly tick: number;
  readonly random: Random;
  /** All entities, oldest first. */
  readonly entities: ReadonlyMap<EntityId, Entity>;
  /** Contacts that began in the last step; valid until the next one. */
  readonly contacts: readonly Contact[];
  readonly counters: Readonly<WorldCounters>;
  /** Adds an entity, or returns undefined when the world is full. */
  spawn(spec: EntitySpec): Entity | undefined;
  remove(entity: Entity): void;
  setPosition(entity: Entity, x: number, y: number): void;
  /** Turns a body; a kinematic one pushes what it meets with the speed of the turn. */
  setAngle(entity: Entity, angle: number): void;
  setVelocity(entity: Entity, vx: number, vy: number): void;
  /** Adds to the velocity, whatever the mass. */
  accelerate(entity: Entity, ax: number, ay: number): void;
  /** Adds impulse / mass to the velocity: heavy bodies move less. */
  applyImpulse(entity: Entity, jx: number, jy: number): void;
  /** Resizes a circle, mass with it. */
  setRadius(entity: Entity, radius: number): void;
  setMaterial(entity: Entity, material: Material): void;
  /** Calls back for each entity whose centre lies within `radius` of a point, oldest first. */
  near(x: number, y: number, radius: number, visit: (entity: Entity, distance: number) => void): void;
  /** One tick of physics. */
  step(): void;
  /**
   * Builds all bodies anew from what `save` holds, so that nothing hidden is left of how they came there. No place, speed or turn changes;
   * `contacts` is empty then, and what touches goes on touching.
   */
  settle(): void;
  /** A world that has just settled, for `createWorld`: it goes on as this one does. */
  save(): SavedWorld;
}

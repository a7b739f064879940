/**
 * World: the bodies of a show and their physics. The only file that knows matter-js; everything else speaks in entities.
 *
 * Units: lengths in world units (the stage is 1080 wide), speeds in units per tick, angles in radians clockwise from +x,
 * one tick = 1/60 s. Measured for matter-js 0.20: a ball goes through a wall of 40 units at 40 units a tick, a wall of 80
 * holds up to 60; so speeds are limited to `maxSpeed` and walls must be 80 thick or more.
 */
import Matter from "matter-js";
import type { Random } from "./random.ts";

/** Our own number for an entity: from 1 upwards, in spawn order, never used twice in a show. matter-js ids are process-wide and never leave here. */
export type EntityId = number;

export const ticksPerSecond = 60;
/** Fastest a body may move, units per tick. */
export const maxSpeed = 30;
/** Most contacts reported per tick; the weakest find no place. */
const maxContacts = 256;
const tickMs = 1000 / ticksPerSecond;

export type Shape =
  | { readonly type: "circle"; readonly radius: number }
  | { readonly type: "box"; readonly width: number; readonly height: number }
  /** Corners relative to the centre of mass, convex, clockwise. */
  | { readonly type: "polygon"; readonly corners: readonly { readonly x: number; readonly y: number }[] };

/** How a body answers to hits. */
export interface Material {
  /** 0 dead to 1 elastic (above 1 adds energy). Default 0.6. */
  restitution?: number;
  /** Sliding friction, 0 to 1. Default 0.02. */
  friction?: number;
  /** Share of speed lost per tick to the air, 0 to 1. Default 0.01. */
  frictionAir?: number;
  /** Mass per square unit. Default 0.001. */
  density?: number;
}

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
  readonly viewer: string;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly vx: number;
  readonly vy: number;
  readonly speed: number;
  readonly mass: number;
  /** Radius of a circle, half the larger side of a box, 0 for a polygon. */
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
}

class BodyEntity implements Entity {
  readonly id: EntityId;
  readonly kind: string;
  readonly motion: "dynamic" | "fixed" | "kinematic";
  readonly viewer: string;
  readonly wear = new Map<string, number>();
  shape: Shape;
  alive = true;
  readonly body: Matter.Body;

  constructor(id: EntityId, spec: EntitySpec, body: Matter.Body) {
    this.id = id;
    this.kind = spec.kind;
    this.motion = spec.motion ?? "dynamic";
    this.viewer = spec.viewer ?? "";
    this.shape = spec.shape;
    this.body = body;
  }
  get x(): number {
    return this.body.position.x;
  }
  get y(): number {
    return this.body.position.y;
  }
  get angle(): number {
    return this.body.angle;
  }
  get vx(): number {
    return this.body.velocity.x;
  }
  get vy(): number {
    return this.body.velocity.y;
  }
  get speed(): number {
    return this.body.speed;
  }
  get mass(): number {
    return this.body.mass;
  }
  get radius(): number {
    const shape = this.shape;
    if (shape.type === "circle") return shape.radius;
    return shape.type === "box" ? Math.max(shape.width, shape.height) / 2 : 0;
  }
}

/** Creates an empty world. */
export function createWorld(options: WorldOptions): World {
  return new MatterWorld(options);
}

class MatterWorld implements World {
  readonly width: number;
  readonly height: number;
  readonly random: Random;
  readonly contacts: Contact[] = [];
  readonly counters: WorldCounters = { refused: 0, broken: 0, clamped: 0 };
  readonly #byId = new Map<EntityId, BodyEntity>();
  readonly #byBody = new Map<number, BodyEntity>();
  readonly #contactPool: Contact[] = [];
  readonly #maxEntities: number;
  readonly #engine: Matter.Engine;
  #nextId = 1;
  #tick = 0;

  constructor(options: WorldOptions) {
    this.width = options.width;
    this.height = options.height;
    this.random = options.random;
    this.#maxEntities = options.maxEntities ?? 400;
    this.#engine = Matter.Engine.create({ enableSleeping: false });
    // Velocity grows by gravity * scale * tickMs^2 a tick; this scale makes `gravity` units per tick per tick.
    this.#engine.gravity.x = 0;
    this.#engine.gravity.y = options.gravity ?? 0;
    this.#engine.gravity.scale = 1 / (tickMs * tickMs);
    Matter.Events.on(this.#engine, "collisionStart", (event) => {
      for (const pair of event.pairs) this.#addContact(pair);
    });
  }

  get tick(): number {
    return this.#tick;
  }
  get entities(): ReadonlyMap<EntityId, Entity> {
    return this.#byId;
  }

  spawn(spec: EntitySpec): Entity | undefined {
    if (this.#byId.size >= this.#maxEntities) {
      this.counters.refused++;
      return undefined;
    }
    const body = createBody(spec);
    const entity = new BodyEntity(this.#nextId++, spec, body);
    this.#byId.set(entity.id, entity);
    this.#byBody.set(body.id, entity);
    Matter.Composite.add(this.#engine.world, body);
    return entity;
  }

  remove(entity: Entity): void {
    const own = this.#own(entity);
    if (!own) return;
    own.alive = false;
    this.#byId.delete(own.id);
    this.#byBody.delete(own.body.id);
    Matter.Composite.remove(this.#engine.world, own.body);
  }

  setPosition(entity: Entity, x: number, y: number): void {
    const own = this.#own(entity);
    if (own && Number.isFinite(x) && Number.isFinite(y)) Matter.Body.setPosition(own.body, { x, y });
  }

  setAngle(entity: Entity, angle: number): void {
    const own = this.#own(entity);
    // The typings miss the third parameter, which makes the turn count as speed (matter-js 0.20, Body.setAngle).
    const setAngle = Matter.Body.setAngle as (body: Matter.Body, angle: number, updateVelocity?: boolean) => void;
    if (own && Number.isFinite(angle)) setAngle(own.body, angle, own.motion === "kinematic");
  }

  setVelocity(entity: Entity, vx: number, vy: number): void {
    const own = this.#own(entity);
    if (own && Number.isFinite(vx) && Number.isFinite(vy)) Matter.Body.setVelocity(own.body, { x: vx, y: vy });
  }

  accelerate(entity: Entity, ax: number, ay: number): void {
    this.setVelocity(entity, entity.vx + ax, entity.vy + ay);
  }

  applyImpulse(entity: Entity, jx: number, jy: number): void {
    this.accelerate(entity, jx / entity.mass, jy / entity.mass);
  }

  setRadius(entity: Entity, radius: number): void {
    const own = this.#own(entity);
    if (own?.shape.type !== "circle" || !(radius > 0) || radius === own.shape.radius) return;
    const factor = radius / own.shape.radius;
    Matter.Body.scale(own.body, factor, factor);
    own.shape = { type: "circle", radius };
  }

  setMaterial(entity: Entity, material: Material): void {
    const own = this.#own(entity);
    if (!own) return;
    if (material.restitution !== undefined) own.body.restitution = material.restitution;
    if (material.friction !== undefined) own.body.friction = material.friction;
    if (material.frictionAir !== undefined) own.body.frictionAir = material.frictionAir;
    if (material.density !== undefined && own.motion === "dynamic") Matter.Body.setDensity(own.body, material.density);
  }

  near(x: number, y: number, radius: number, visit: (entity: Entity, distance: number) => void): void {
    for (const entity of this.#byId.values()) {
      const distance = Math.hypot(entity.x - x, entity.y - y);
      if (distance <= radius) visit(entity, distance);
    }
  }

  step(): void {
    this.#tick++;
    this.contacts.length = 0;
    this.#limitSpeeds();
    Matter.Engine.update(this.#engine, tickMs);
    this.#removeBroken();
  }

  #own(entity: Entity): BodyEntity | undefined {
    const own = this.#byId.get(entity.id);
    return own === entity ? own : undefined;
  }

  #limitSpeeds(): void {
    for (const { body } of this.#byId.values()) {
      if (body.isStatic || body.speed <= maxSpeed) continue;
      const factor = maxSpeed / body.speed;
      Matter.Body.setVelocity(body, { x: body.velocity.x * factor, y: body.velocity.y * factor });
      this.counters.clamped++;
    }
  }

  #removeBroken(): void {
    for (const entity of this.#byId.values()) {
      const { x, y } = entity.body.position;
      if (Number.isFinite(x) && Number.isFinite(y)) continue;
      this.counters.broken++;
      this.remove(entity);
    }
  }

  #addContact(pair: Matter.Pair): void {
    const first = this.#byBody.get(pair.bodyA.parent.id);
    const second = this.#byBody.get(pair.bodyB.parent.id);
    if (!first || !second || this.contacts.length >= maxContacts) return;
    // Which of the two matter-js calls A depends on its own order; ours is always the older entity first.
    const [a, b] = first.id < second.id ? [first, second] : [second, first];
    const contact = this.#pooled(this.contacts.length, a, b);
    const distance = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    const { normal } = pair.collision;
    const sign = normal.x * (b.x - a.x) + normal.y * (b.y - a.y) < 0 ? -1 : 1;
    contact.nx = normal.x * sign || (b.x - a.x) / distance;
    contact.ny = normal.y * sign || (b.y - a.y) / distance;
    contact.impact = Math.max(0, (a.vx - b.vx) * contact.nx + (a.vy - b.vy) * contact.ny);
    const point = pair.collision.supports[0];
    contact.x = point?.x ?? (a.x + b.x) / 2;
    contact.y = point?.y ?? (a.y + b.y) / 2;
    this.contacts.push(contact);
  }

  #pooled(index: number, a: Entity, b: Entity): Contact {
    const contact = this.#contactPool[index];
    if (!contact) {
      const fresh = { a, b, x: 0, y: 0, impact: 0, nx: 0, ny: 0 };
      this.#contactPool.push(fresh);
      return fresh;
    }
    contact.a = a;
    contact.b = b;
    return contact;
  }
}

function createBody(spec: EntitySpec): Matter.Body {
  const options: Matter.IChamferableBodyDefinition = {
    isStatic: spec.motion === "fixed" || spec.motion === "kinematic",
    isSensor: spec.sensor ?? false,
    restitution: spec.restitution ?? 0.6,
    friction: spec.friction ?? 0.02,
    frictionStatic: 0,
    frictionAir: spec.frictionAir ?? 0.01,
    density: spec.density ?? 0.001,
    slop: 0.05,
    collisionFilter: { category: spec.layer ?? 1, mask: spec.meets ?? 0xffffffff, group: 0 },
    // Without a fill style matter-js draws a random colour from a process-wide generator.
    render: { fillStyle: "none", strokeStyle: "none", lineWidth: 0 },
  };
  const body = bodyOfShape(spec, options);
  if (spec.angle) Matter.Body.setAngle(body, spec.angle);
  return body;
}

function bodyOfShape({ shape, x, y }: EntitySpec, options: Matter.IChamferableBodyDefinition): Matter.Body {
  if (shape.type === "circle") return Matter.Bodies.circle(x, y, shape.radius, options, 20);
  if (shape.type === "box") return Matter.Bodies.rectangle(x, y, shape.width, shape.height, options);
  return Matter.Body.create({
    ...options,
    position: { x, y },
    vertices: shape.corners.map((corner) => ({ ...corner })),
  });
}

/**
 * World: the bodies of a show and their physics. The only file that knows matter-js; everything else speaks in entities.
 *
 * Units: lengths in world units (the stage is 1080 wide), speeds in units per tick, angles in radians clockwise from +x,
 * one tick = 1/60 s. Measured for matter-js 0.20: a ball goes through a wall of 40 units at 40 units a tick, a wall of 80
 * holds up to 60; so speeds are limited to `maxSpeed` and walls must be 80 thick or more.
 */
import Matter from "matter-js";
import {
  type Contact,
  type Entity,
  type EntityId,
  type EntitySpec,
  type Material,
  RemovedEntity,
  type SavedEntity,
  type SavedWorld,
  type Shape,
} from "./entity.ts";
import type { Random } from "./random.ts";
import type { World, WorldCounters, WorldOptions } from "./world-interface.ts";

export type { Contact, Entity, EntityId, EntitySpec } from "./entity.ts";
export type { World, WorldOptions } from "./world-interface.ts";

export const ticksPerSecond = 60;
/** Fastest a body may move, units per tick. */
export const maxSpeed = 30;
/** Mass per square unit where a game says nothing else. */
const defaultDensity = 0.001;
/** Most contacts reported per tick; the weakest find no place. */
const maxContacts = 256;
const tickMs = 1000 / ticksPerSecond;

/** Whether it is an entity of a world, in it or removed. */
export function isEntity(value: unknown): value is Entity {
  return value instanceof BodyEntity || value instanceof RemovedEntity;
}

class BodyEntity implements Entity {
  readonly id: EntityId;
  readonly kind: string;
  readonly motion: "dynamic" | "fixed" | "kinematic";
  readonly viewer: string;
  readonly wear = new Map<string, number>();
  shape: Shape;
  alive = true;
  /** Mass per square unit, as it was given: matter-js computes it anew from the mass, and loses its last digits. */
  density: number;
  /** Another one after the world has settled. */
  body: Matter.Body;

  constructor(id: EntityId, spec: EntitySpec, body: Matter.Body) {
    this.id = id;
    this.kind = spec.kind;
    this.motion = spec.motion ?? "dynamic";
    this.viewer = spec.viewer ?? "";
    this.shape = spec.shape;
    this.density = spec.density ?? defaultDensity;
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

/** Creates an empty world, or goes on with a saved one of the same options. */
export function createWorld(options: WorldOptions, saved?: SavedWorld): World {
  return new MatterWorld(options, saved);
}

class MatterWorld implements World {
  readonly width: number;
  readonly height: number;
  readonly random: Random;
  readonly contacts: Contact[] = [];
  readonly counters: WorldCounters;
  readonly #byId = new Map<EntityId, BodyEntity>();
  readonly #byBody = new Map<number, BodyEntity>();
  readonly #contactPool: Contact[] = [];
  readonly #maxEntities: number;
  readonly #gravity: number;
  #engine: Matter.Engine;
  /** Pairs that touched when the world settled, until its next step. */
  readonly #touching: Set<string>;
  #nextId: EntityId;
  #tick: number;

  constructor(options: WorldOptions, saved: SavedWorld | undefined) {
    this.width = options.width;
    this.height = options.height;
    this.random = options.random;
    this.#maxEntities = options.maxEntities ?? 400;
    this.#gravity = options.gravity ?? 0;
    this.#engine = this.#createEngine();
    this.#nextId = saved?.nextId ?? 1;
    this.#tick = saved?.tick ?? 0;
    const { refused = 0, broken = 0, clamped = 0 } = saved ?? {};
    this.counters = { refused, broken, clamped };
    this.#touching = new Set(saved?.touching);
    for (const one of saved?.entities ?? []) this.#place(new BodyEntity(one.id, one, createBody(one)), one);
  }

  #createEngine(): Matter.Engine {
    const engine = Matter.Engine.create({ enableSleeping: false });
    // Velocity grows by gravity * scale * tickMs^2 a tick; this scale makes `gravity` units per tick per tick.
    engine.gravity.x = 0;
    engine.gravity.y = this.#gravity;
    engine.gravity.scale = 1 / (tickMs * tickMs);
    Matter.Events.on(engine, "collisionStart", (event) => {
      for (const pair of event.pairs) this.#addContact(pair);
    });
    return engine;
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
    const entity = new BodyEntity(this.#nextId++, spec, createBody(spec));
    this.#add(entity);
    return entity;
  }

  #add(entity: BodyEntity): void {
    this.#byId.set(entity.id, entity);
    this.#byBody.set(entity.body.id, entity);
    Matter.Composite.add(this.#engine.world, entity.body);
  }

  /** Adds an entity whose body has been built anew, as it was saved. */
  #place(entity: BodyEntity, saved: SavedEntity): void {
    moveAs(entity.body, saved);
    entity.wear.clear();
    for (const [name, value] of saved.wear) entity.wear.set(name, value);
    this.#add(entity);
  }

  settle(): void {
    for (const { bodyA, bodyB } of this.#engine.pairs.list as readonly Matter.Pair[]) {
      const pair = this.#pairOf(bodyA, bodyB);
      if (pair) this.#touching.add(keyOf(...pair));
    }
    const { entities } = this.save();
    this.contacts.length = 0;
    this.#engine = this.#createEngine();
    this.#byBody.clear();
    for (const saved of entities) {
      const entity = this.#byId.get(saved.id)!;
      entity.body = createBody(saved);
      this.#place(entity, saved);
    }
  }

  save(): SavedWorld {
    const entities = [...this.#byId.values()].map(savedEntity);
    return { tick: this.#tick, nextId: this.#nextId, ...this.counters, entities, touching: [...this.#touching] };
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
    if (material.density === undefined || own.motion !== "dynamic") return;
    own.density = material.density;
    Matter.Body.setDensity(own.body, material.density);
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
    this.#touching.clear();
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
    const both = this.contacts.length < maxContacts && this.#pairOf(pair.bodyA, pair.bodyB);
    if (!both || (this.#touching.size > 0 && this.#touching.has(keyOf(...both)))) return;
    const [a, b] = both;
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

  /** Which of the two matter-js calls A depends on its own order; ours is always the older entity first. */
  #pairOf(bodyA: Matter.Body, bodyB: Matter.Body): [BodyEntity, BodyEntity] | undefined {
    const first = this.#byBody.get(bodyA.parent.id);
    const second = this.#byBody.get(bodyB.parent.id);
    if (!first || !second) return undefined;
    return first.id < second.id ? [first, second] : [second, first];
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

function keyOf(older: Entity, younger: Entity): string {
  return `${older.id} ${younger.id}`;
}

/** What is no number is 0, and so is -0, which JSON does not know. */
function plain(value: number, otherwise = 0): number {
  return (Number.isFinite(value) ? value : otherwise) + 0;
}

/** A body with what the typings of matter-js 0.20 leave out or call read-only. */
type MovedBody = Matter.Body & {
  positionPrev: Matter.Vector;
  anglePrev: number;
  speed: number;
  angularVelocity: number;
  angularSpeed: number;
};

function savedEntity({ id, kind, shape, motion, viewer, density, wear, body }: BodyEntity): SavedEntity {
  const { position, positionPrev, angle, anglePrev, velocity, speed, angularVelocity, angularSpeed } =
    body as MovedBody;
  const { restitution, friction, frictionAir, isSensor, collisionFilter } = body;
  const material = { density, restitution, friction, frictionAir };
  return {
    ...{ id, kind, shape, motion, viewer, sensor: isSensor, ...material },
    layer: collisionFilter.category ?? 1,
    meets: collisionFilter.mask ?? 0xffffffff,
    wear: [...wear].map(([name, value]) => [name, plain(value)] as const),
    x: plain(position.x),
    y: plain(position.y),
    angle: plain(angle),
    before: [plain(positionPrev.x, position.x), plain(positionPrev.y, position.y), plain(anglePrev, angle)],
    speeds: [plain(velocity.x), plain(velocity.y), plain(speed), plain(angularVelocity), plain(angularSpeed)],
  };
}

/** Gives a body that was built anew its place, speed and material; nothing of it is computed, which would lose last digits. */
function moveAs(body: Matter.Body, { before, speeds, restitution, friction, frictionAir }: SavedEntity): void {
  const moved = body as MovedBody;
  [moved.velocity.x, moved.velocity.y, moved.speed, moved.angularVelocity, moved.angularSpeed] = speeds;
  [moved.positionPrev.x, moved.positionPrev.y, moved.anglePrev] = before;
  moved.restitution = restitution;
  moved.friction = friction;
  moved.frictionAir = frictionAir;
}

function createBody(spec: EntitySpec): Matter.Body {
  const options: Matter.IChamferableBodyDefinition = {
    isStatic: spec.motion === "fixed" || spec.motion === "kinematic",
    isSensor: spec.sensor ?? false,
    restitution: spec.restitution ?? 0.6,
    friction: spec.friction ?? 0.02,
    frictionStatic: 0,
    frictionAir: spec.frictionAir ?? 0.01,
    density: spec.density ?? defaultDensity,
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

/**
 * World: the bodies of a show and their physics. It and its folder matter/ are all that knows matter-js; everything else speaks in entities.
 *
 * Units: lengths in world units (the stage is 1080 wide), speeds in units per tick, angles in radians clockwise from +x,
 * one tick = 1/60 s. What a body may do is in limits.ts; what was measured for it is in docs/games.md.
 */
import Matter from "matter-js";
import type { Constraint, ConstraintSpec } from "./constraint.ts";
import {
  type Contact,
  type Entity,
  type EntityId,
  type EntitySpec,
  type Material,
  type Parting,
  type RayHit,
  RemovedEntity,
  type SavedEntity,
  type SavedWorld,
} from "./entity.ts";
import { isSoundMaterial, isThin, soundShape, worldNumbers } from "./limits.ts";
import {
  BodyEntity,
  centredShape,
  createBody,
  moveAs,
  movedAngle,
  movedPlace,
  savedEntity,
  tickMs,
} from "./matter/body.ts";
import { Joining } from "./matter/joining.ts";
import { limitMotion, restAfterMove, setTurn, setTurnSpeed } from "./matter/motion.ts";
import { firstHit, isUnder } from "./matter/queries.ts";
import { chooseSweep } from "./matter/sweep.ts";
import { Touching } from "./matter/touching.ts";
import type { Random } from "./random.ts";
import type { World, WorldCounters, WorldOptions } from "./world-interface.ts";

export type { Constraint, ConstraintSpec } from "./constraint.ts";
export type { Contact, Entity, EntityId, EntitySpec, Parting, RayHit, Shape } from "./entity.ts";
export { worldNumbers } from "./limits.ts";
export type { World, WorldOptions } from "./world-interface.ts";

/** Ticks of a second. */
export const ticksPerSecond = 60;
/** Fastest a body may move, units per tick. */
export const maxSpeed = worldNumbers.maxSpeed;

/** Whether it is an entity of a world, in it or removed. */
export function isEntity(value: unknown): value is Entity {
  return value instanceof BodyEntity || value instanceof RemovedEntity;
}

/** Creates an empty world, or goes on with a saved one of the same options. */
export function createWorld(options: WorldOptions, saved?: SavedWorld): World {
  return new MatterWorld(options, saved);
}

class MatterWorld implements World {
  readonly width: number;
  readonly height: number;
  readonly random: Random;
  readonly counters: WorldCounters;
  readonly #byId = new Map<EntityId, BodyEntity>();
  /** Weak: matter-js tells of what a removed body touched in the step after. */
  readonly #byBody = new WeakMap<Matter.Body, BodyEntity>();
  readonly #maxEntities: number;
  readonly #gravity: { x: number; y: number };
  readonly #touching: Touching;
  readonly #joining: Joining;
  /** Kinematic bodies that were moved since the last step. */
  readonly #moved = new Set<BodyEntity>();
  #engine: Matter.Engine;
  #nextId: EntityId;
  #tick: number;

  constructor(options: WorldOptions, saved: SavedWorld | undefined) {
    this.width = options.width;
    this.height = options.height;
    this.random = options.random;
    this.#maxEntities = options.maxEntities ?? 400;
    const [x, y] = saved?.gravity ?? [0, options.gravity ?? 0];
    this.#gravity = { x, y };
    this.#touching = new Touching((body) => this.#byBody.get(body), saved?.touching, saved?.unreported);
    this.#engine = this.#createEngine();
    this.#joining = new Joining(this.#engine.world, saved?.nextConstraintId ?? 1);
    this.#nextId = saved?.nextId ?? 1;
    this.#tick = saved?.tick ?? 0;
    this.counters = countersOf(saved);
    for (const one of saved?.entities ?? []) this.#place(new BodyEntity(one.id, one, createBody(one)), one);
    for (const one of saved?.constraints ?? []) this.#joining.restore(one, (id) => this.#byId.get(id));
  }

  #createEngine(): Matter.Engine {
    const engine = Matter.Engine.create({ enableSleeping: false });
    engine.gravity.x = this.#gravity.x;
    engine.gravity.y = this.#gravity.y;
    // Velocity grows by gravity * scale * tickMs^2 a tick; this scale makes `gravity` units per tick per tick.
    engine.gravity.scale = 1 / (tickMs * tickMs);
    chooseSweep(engine, this.width, this.height);
    Matter.Events.on(engine, "collisionStart", ({ pairs }) => this.#touching.begin(pairs));
    Matter.Events.on(engine, "collisionEnd", ({ pairs }) => this.#touching.end(pairs));
    return engine;
  }

  get tick(): number {
    return this.#tick;
  }
  get entities(): ReadonlyMap<EntityId, Entity> {
    return this.#byId;
  }
  get constraints(): ReadonlyMap<number, Constraint> {
    return this.#joining.byId;
  }
  get contacts(): readonly Contact[] {
    return this.#touching.contacts;
  }
  get partings(): readonly Parting[] {
    return this.#touching.partings;
  }

  spawn(spec: EntitySpec): Entity | undefined {
    const isDynamic = (spec.motion ?? "dynamic") === "dynamic";
    const least = isDynamic ? worldNumbers.leastWidth : worldNumbers.leastFixedWidth;
    const shape = soundShape(spec.shape, least);
    const isPlaced = Number.isFinite(spec.x) && Number.isFinite(spec.y) && Number.isFinite(spec.angle ?? 0);
    if (this.#byId.size >= this.#maxEntities || !shape || !isPlaced || !isSoundMaterial(spec)) {
      this.counters.refused++;
      return undefined;
    }
    if (isThin(spec.shape, least)) this.counters.clamped++;
    const sound = { ...spec, shape };
    const entity = new BodyEntity(this.#nextId++, sound, createBody(sound));
    entity.shape = centredShape(shape, spec, entity.body);
    this.#add(entity);
    return entity;
  }

  #add(entity: BodyEntity): void {
    this.#byId.set(entity.id, entity);
    this.#byBody.set(entity.body, entity);
    if (entity.moved !== 0) this.#moved.add(entity);
    Matter.Composite.add(this.#engine.world, entity.body);
  }

  /** Adds an entity whose body has been built anew, as it was saved. */
  #place(entity: BodyEntity, saved: SavedEntity): void {
    moveAs(entity, saved);
    this.#add(entity);
  }

  settle(): void {
    const { entities } = this.save();
    this.#touching.settle();
    this.#engine = this.#createEngine();
    for (const saved of entities) {
      const entity = this.#byId.get(saved.id)!;
      entity.body = createBody(saved);
      this.#place(entity, saved);
    }
    this.#joining.moveTo(this.#engine.world);
  }

  save(): SavedWorld {
    const { x, y } = this.#gravity;
    return {
      ...{ tick: this.#tick, nextId: this.#nextId, ...this.counters, gravity: [x, y] },
      entities: [...this.#byId.values()].map(savedEntity),
      nextConstraintId: this.#joining.nextId,
      constraints: this.#joining.save(),
      touching: this.#touching.save(),
    };
  }

  remove(entity: Entity): void {
    const own = this.#own(entity);
    if (!own) return;
    own.alive = false;
    this.#byId.delete(own.id);
    this.#moved.delete(own);
    this.#joining.release(own);
    Matter.Composite.remove(this.#engine.world, own.body);
  }

  setPosition(entity: Entity, x: number, y: number): void {
    const own = this.#own(entity);
    if (!own || !Number.isFinite(x) || !Number.isFinite(y)) return;
    const isMove = own.motion === "kinematic" && Math.hypot(x - own.x, y - own.y) <= maxSpeed;
    // The typings miss the third parameter, which makes the way count as speed (matter-js 0.20, Body.setPosition).
    const place = Matter.Body.setPosition as (body: Matter.Body, to: Matter.Vector, updateVelocity: boolean) => void;
    place(own.body, { x, y }, isMove);
    if (isMove) this.#noteMove(own, movedPlace);
  }

  setAngle(entity: Entity, angle: number): void {
    const own = this.#own(entity);
    if (!own || !Number.isFinite(angle)) return;
    setTurn(own, angle);
    if (own.motion === "kinematic") this.#noteMove(own, movedAngle);
  }

  #noteMove(own: BodyEntity, how: number): void {
    own.moved |= how;
    this.#moved.add(own);
  }

  setVelocity(entity: Entity, vx: number, vy: number): void {
    const own = this.#own(entity);
    if (!own || !Number.isFinite(vx) || !Number.isFinite(vy)) return;
    own.moved &= ~movedPlace;
    Matter.Body.setVelocity(own.body, { x: vx, y: vy });
  }

  setSpin(entity: Entity, radiansPerTick: number): void {
    const own = this.#own(entity);
    if (!own || !Number.isFinite(radiansPerTick)) return;
    own.moved &= ~movedAngle;
    setTurnSpeed(own, radiansPerTick);
  }

  accelerate(entity: Entity, ax: number, ay: number): void {
    this.setVelocity(entity, entity.vx + ax, entity.vy + ay);
  }

  applyImpulse(entity: Entity, jx: number, jy: number): void {
    this.accelerate(entity, jx / entity.mass, jy / entity.mass);
  }

  applyForce(entity: Entity, fx: number, fy: number): void {
    const own = this.#own(entity);
    if (own?.motion !== "dynamic" || !Number.isFinite(fx) || !Number.isFinite(fy)) return;
    own.body.force.x += fx / (tickMs * tickMs);
    own.body.force.y += fy / (tickMs * tickMs);
  }

  applyTorque(entity: Entity, torque: number): void {
    const own = this.#own(entity);
    if (own?.motion !== "dynamic" || !Number.isFinite(torque)) return;
    own.body.torque += torque / (tickMs * tickMs);
  }

  setRadius(entity: Entity, radius: number): void {
    const own = this.#own(entity);
    if (own?.shape.type !== "circle" || !(radius > 0) || radius === own.shape.radius) return;
    const least = own.motion === "dynamic" ? worldNumbers.leastWidth : worldNumbers.leastFixedWidth;
    const sound = Math.min(worldNumbers.maxLength, Math.max(least / 2, radius));
    if (sound !== radius) this.counters.clamped++;
    const factor = sound / own.shape.radius;
    Matter.Body.scale(own.body, factor, factor);
    own.shape = { type: "circle", radius: sound };
  }

  setMaterial(entity: Entity, material: Material): void {
    const own = this.#own(entity);
    if (!own || !isSoundMaterial(material)) return;
    if (material.restitution !== undefined) own.body.restitution = material.restitution;
    if (material.friction !== undefined) own.body.friction = material.friction;
    if (material.frictionAir !== undefined) own.body.frictionAir = material.frictionAir;
    if (material.density === undefined || own.motion !== "dynamic") return;
    own.density = material.density;
    Matter.Body.setDensity(own.body, material.density);
  }

  setLayer(entity: Entity, layer: number, meets: number): void {
    const own = this.#own(entity);
    if (!own) return;
    own.body.collisionFilter.category = layer;
    own.body.collisionFilter.mask = meets;
  }

  setGravity(x: number, y: number): void {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    this.#gravity.x = Math.max(-maxSpeed, Math.min(maxSpeed, x)) + 0;
    this.#gravity.y = Math.max(-maxSpeed, Math.min(maxSpeed, y)) + 0;
    this.#engine.gravity.x = this.#gravity.x;
    this.#engine.gravity.y = this.#gravity.y;
  }

  join(spec: ConstraintSpec): Constraint | undefined {
    const a = this.#own(spec.a);
    const b = spec.b && this.#own(spec.b);
    const constraint = a && (b || !spec.b) ? this.#joining.join(spec, { a, b }) : undefined;
    if (!constraint) this.counters.refused++;
    return constraint;
  }

  cut(constraint: Constraint): void {
    this.#joining.cut(constraint.id);
  }

  near(x: number, y: number, radius: number, visit: (entity: Entity, distance: number) => void): void {
    for (const entity of this.#byId.values()) {
      const distance = Math.hypot(entity.x - x, entity.y - y);
      if (distance <= radius) visit(entity, distance);
    }
  }

  within(x: number, y: number, width: number, height: number, visit: (entity: Entity) => void): void {
    for (const entity of this.#byId.values()) {
      if (Math.abs(entity.x - x) * 2 <= width && Math.abs(entity.y - y) * 2 <= height) visit(entity);
    }
  }

  at(x: number, y: number): Entity | undefined {
    let youngest: Entity | undefined;
    for (const entity of this.#byId.values()) if (isUnder(entity, x, y)) youngest = entity;
    return youngest;
  }

  ray(x0: number, y0: number, x1: number, y1: number, layers = 0xffffffff): RayHit | undefined {
    return firstHit(this.#byId.values(), [x0, y0, x1, y1], layers);
  }

  step(): void {
    this.#tick++;
    this.#touching.beginStep();
    for (const entity of this.#byId.values()) if (limitMotion(entity, this.#gravity)) this.counters.clamped++;
    this.#joining.prepare();
    Matter.Engine.update(this.#engine, tickMs);
    this.#touching.endStep(this.#byId);
    this.counters.unreported = this.#touching.unreported;
    for (const entity of this.#moved) restAfterMove(entity);
    this.#moved.clear();
    this.#removeBroken();
  }

  #own(entity: Entity): BodyEntity | undefined {
    const own = this.#byId.get(entity.id);
    return own === entity ? own : undefined;
  }

  #removeBroken(): void {
    for (const entity of this.#byId.values()) {
      const { x, y } = entity.body.position;
      if (Number.isFinite(x) && Number.isFinite(y)) continue;
      this.counters.broken++;
      this.remove(entity);
    }
  }
}

function countersOf(saved: SavedWorld | undefined): WorldCounters {
  const { refused = 0, broken = 0, clamped = 0, unreported = 0 } = saved ?? {};
  return { refused, broken, clamped, unreported };
}

/** Bodies: an entity over the matter-js body that moves it, how one is built from a spec, saved, and built again the same. */
import Matter from "matter-js";
import type { Entity, EntityId, EntitySpec, SavedEntity, Shape, ShapePart, SimpleShape } from "../entity.ts";
import { speedLimitOf, spinLimitOf } from "../limits.ts";

/** One tick in the time of matter-js, milliseconds. */
export const tickMs = 1000 / 60;
/** Mass per square unit where a game says nothing else. */
const defaultDensity = 0.001;
/** matter-js makes moments of inertia this much larger than they are. */
const inertiaScale = 4;

/** How a kinematic body was moved since the last step. */
export const movedPlace = 1;
export const movedAngle = 2;

/** An entity whose body is in a world or has been. */
export class BodyEntity implements Entity {
  readonly id: EntityId;
  readonly kind: string;
  readonly motion: Entity["motion"];
  readonly viewer: string;
  readonly wear = new Map<string, number>();
  alive = true;
  /** Mass per square unit, as it was given: matter-js computes it anew from the mass, and loses its last digits. */
  density: number;
  /** Another one after the world has settled. */
  body: Matter.Body;
  /** `movedPlace`, `movedAngle`: the speed of the move counts in the next step only. */
  moved = 0;
  #shape!: Shape;
  #maxSpeed = 0;
  #maxSpin = 0;

  constructor(id: EntityId, spec: EntitySpec, body: Matter.Body) {
    this.id = id;
    this.kind = spec.kind;
    this.motion = spec.motion ?? "dynamic";
    this.viewer = spec.viewer ?? "";
    this.shape = spec.shape;
    this.density = spec.density ?? defaultDensity;
    this.body = body;
  }
  get sensor(): boolean {
    return this.body.isSensor;
  }
  get shape(): Shape {
    return this.#shape;
  }
  set shape(shape: Shape) {
    this.#shape = shape;
    this.#maxSpeed = speedLimitOf(shape);
    this.#maxSpin = spinLimitOf(shape);
  }
  /** Fastest it may move and turn, units and radians per tick. */
  get maxSpeed(): number {
    return this.#maxSpeed;
  }
  get maxSpin(): number {
    return this.#maxSpin;
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
  get spin(): number {
    return this.body.angularVelocity;
  }
  get mass(): number {
    return this.body.mass;
  }
  get radius(): number {
    const { shape } = this;
    if (shape.type === "circle") return shape.radius;
    return shape.type === "box" ? Math.max(shape.width, shape.height) / 2 : 0;
  }
}

/** Builds the body of a spec whose shape is sound. */
export function createBody(spec: EntitySpec): Matter.Body {
  const isFixed = spec.motion === "fixed" || spec.motion === "kinematic";
  const options: Matter.IChamferableBodyDefinition = {
    isStatic: isFixed,
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
  const { shape, x, y } = spec;
  const body = shape.type === "compound" ? compoundOf(shape.parts, x, y, options) : simpleOf(shape, x, y, options);
  if (isFixed) {
    // matter-js forgets the material of what it makes static.
    body.restitution = spec.restitution ?? 0;
    body.friction = spec.friction ?? 1;
  }
  if (spec.angle) Matter.Body.setAngle(body, spec.angle);
  return body;
}

function simpleOf(shape: SimpleShape, x: number, y: number, options: Matter.IChamferableBodyDefinition): Matter.Body {
  if (shape.type === "circle") return Matter.Bodies.circle(x, y, shape.radius, options, 20);
  if (shape.type === "box") return Matter.Bodies.rectangle(x, y, shape.width, shape.height, options);
  return Matter.Body.create({
    ...options,
    position: { x, y },
    vertices: shape.corners.map((corner) => ({ ...corner })),
  });
}

/** Built around (0, 0) and then moved, so that a compound that is built again where it stands is the same to the last digit. */
function compoundOf(
  given: readonly ShapePart[],
  x: number,
  y: number,
  options: Matter.IChamferableBodyDefinition,
): Matter.Body {
  const parts = given.map((part) => {
    // What is static has no mass, and no centre of it: the whole is made static when it is made.
    const body = simpleOf(part.shape, part.x, part.y, { ...options, isStatic: false });
    if (part.angle) Matter.Body.setAngle(body, part.angle);
    return body;
  });
  // matter-js adds up the inertia of the parts as if all of them were in the middle (0.20, Body._totalProperties).
  const body = Matter.Body.create({ ...options, parts: [...parts] });
  if (!options.isStatic) {
    let inertia = 0;
    for (const part of parts) {
      const dx = part.position.x - body.position.x;
      const dy = part.position.y - body.position.y;
      inertia += part.inertia + inertiaScale * part.mass * (dx * dx + dy * dy);
    }
    Matter.Body.setInertia(body, inertia);
  }
  Matter.Body.setPosition(body, { x, y });
  return body;
}

/** The shape as it is around its body's centre of mass; the body has just been built from it, and not been turned. */
export function centredShape(shape: Shape, spec: Pick<EntitySpec, "angle">, body: Matter.Body): Shape {
  if (shape.type !== "compound") return shape;
  const cos = Math.cos(spec.angle ?? 0);
  const sin = Math.sin(spec.angle ?? 0);
  const parts = shape.parts.map((part, at): ShapePart => {
    const { position } = body.parts[at + 1]!;
    const dx = position.x - body.position.x;
    const dy = position.y - body.position.y;
    return { shape: part.shape, x: dx * cos + dy * sin, y: dy * cos - dx * sin, angle: part.angle ?? 0 };
  });
  return { type: "compound", parts };
}

/** What is no number is 0, and so is -0, which JSON does not know. */
export function plain(value: number, otherwise = 0): number {
  return (Number.isFinite(value) ? value : otherwise) + 0;
}

/** A body with what the typings of matter-js 0.20 leave out or call read-only. */
export type MovedBody = Matter.Body & {
  positionPrev: Matter.Vector;
  anglePrev: number;
  speed: number;
  angularVelocity: number;
  angularSpeed: number;
};

/** Everything of an entity that outlives a settled world. */
export function savedEntity(entity: BodyEntity): SavedEntity {
  const { id, kind, shape, motion, viewer, density, wear, body, moved } = entity;
  const { position, positionPrev, angle, anglePrev, velocity, speed, angularVelocity, angularSpeed } =
    body as MovedBody;
  const { restitution, friction, frictionAir, isSensor, collisionFilter, force, torque } = body;
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
    push: [plain(force.x), plain(force.y), plain(torque)],
    moved,
  };
}

/** Gives an entity whose body was built anew its place, speed and material; nothing of it is computed, which would lose last digits. */
export function moveAs(entity: BodyEntity, saved: SavedEntity): void {
  const { before, speeds, push, restitution, friction, frictionAir } = saved;
  const body = entity.body as MovedBody;
  [body.velocity.x, body.velocity.y, body.speed, body.angularVelocity, body.angularSpeed] = speeds;
  [body.positionPrev.x, body.positionPrev.y, body.anglePrev] = before;
  [body.force.x, body.force.y, body.torque] = push;
  body.restitution = restitution;
  body.friction = friction;
  body.frictionAir = frictionAir;
  entity.moved = saved.moved;
  entity.wear.clear();
  for (const [name, value] of saved.wear) entity.wear.set(name, value);
}

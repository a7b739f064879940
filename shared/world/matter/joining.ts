/** Joining: the constraints of one world and the matter-js constraints that do their work. */
import Matter from "matter-js";
import type { Constraint, ConstraintSpec, ConstraintType, SavedConstraint } from "../constraint.ts";
import type { EntityId } from "../entity.ts";
import { worldNumbers } from "../limits.ts";
import { type BodyEntity, plain } from "./body.ts";

const { maxStiffness, maxPull, farPull, farError } = worldNumbers;

const defaults: Readonly<Record<ConstraintType, { stiffness: number; damping: number }>> = {
  pin: { stiffness: maxStiffness, damping: 0 },
  rod: { stiffness: maxStiffness, damping: 0 },
  spring: { stiffness: 0.02, damping: 0.05 },
};

/** The constraint of matter-js with what its typings leave out. */
type Joint = Matter.Constraint & { angleA: number; angleB: number };

/** The bodies that a constraint's entities are. */
interface Ends {
  readonly a: BodyEntity;
  readonly b: BodyEntity | undefined;
}

/** Keeps the constraints of one world. */
export class Joining {
  /** Oldest first. */
  readonly byId = new Map<number, Constraint>();
  readonly #joints = new Map<number, { readonly ends: Ends; joint: Joint }>();
  nextId: number;
  #world: Matter.Composite;

  constructor(world: Matter.Composite, nextId: number) {
    this.#world = world;
    this.nextId = nextId;
  }

  /** Joins, or returns undefined where nothing could move, a number is none, or there are too many. */
  join(spec: ConstraintSpec, { a, b }: Ends): Constraint | undefined {
    if (this.byId.size >= worldNumbers.maxConstraints || a === b) return undefined;
    if (a.motion !== "dynamic" && b?.motion !== "dynamic") return undefined;
    const { ax = 0, ay = 0 } = spec;
    const [x, y] = outward(a, ax, ay);
    const [bx, by] = spec.type === "pin" || !b ? (b ? inward(b, x, y) : [x, y]) : [0, 0];
    const end = { bx: spec.bx ?? bx, by: spec.by ?? by };
    const [toX, toY] = b ? outward(b, end.bx, end.by) : [end.bx, end.by];
    const { stiffness, damping } = defaults[spec.type];
    const constraint: Constraint = {
      ...{ id: this.nextId, type: spec.type, a, b, ax: plain(ax, Number.NaN), ay: plain(ay, Number.NaN) },
      bx: plain(end.bx, Number.NaN),
      by: plain(end.by, Number.NaN),
      length: spec.type === "pin" ? 0 : Math.max(0, spec.length ?? Math.hypot(toX - x, toY - y)),
      stiffness: Math.min(maxStiffness, Math.max(0.001, spec.stiffness ?? stiffness)),
      damping: Math.min(1, Math.max(0, spec.damping ?? damping)),
      turning: Math.min(1, Math.max(0, spec.turning ?? 1)),
    };
    const { length } = constraint;
    const numbers = [constraint.ax, constraint.ay, constraint.bx, constraint.by, length];
    if (![...numbers, constraint.stiffness, constraint.damping, constraint.turning].every(Number.isFinite)) {
      return undefined;
    }
    this.nextId++;
    this.#add(constraint, { a, b });
    return constraint;
  }

  /** Adds a constraint as it was saved; its entities are there. */
  restore(saved: SavedConstraint, entityOf: (id: EntityId) => BodyEntity | undefined): void {
    const a = entityOf(saved.a)!;
    const b = entityOf(saved.b);
    this.#add({ ...saved, a, b }, { a, b });
  }

  cut(id: number): void {
    const held = this.#joints.get(id);
    if (!held) return;
    Matter.Composite.remove(this.#world, held.joint);
    this.#joints.delete(id);
    this.byId.delete(id);
  }

  /** Cuts what holds an entity. */
  release(entity: BodyEntity): void {
    for (const [id, { ends }] of this.#joints) if (ends.a === entity || ends.b === entity) this.cut(id);
  }

  /** Joins all of it again in another world of matter-js, in which the same entities have new bodies. */
  moveTo(world: Matter.Composite): void {
    this.#world = world;
    for (const [id, held] of this.#joints) held.joint = this.#build(this.byId.get(id)!, held.ends);
  }

  /** Before a step: turns the ends with their bodies, and sees that nothing is pulled too far at once: no constraint is stronger than a wall. */
  prepare(): void {
    for (const [id, { ends, joint }] of this.#joints) {
      const { ax, ay, bx, by, length, stiffness } = this.byId.get(id)!;
      const { pointA, pointB } = joint as { pointA: Matter.Vector; pointB: Matter.Vector };
      turn(pointA, ax, ay, ends.a);
      joint.angleA = ends.a.angle;
      let dx = ends.a.x + pointA.x - pointB.x;
      let dy = ends.a.y + pointA.y - pointB.y;
      if (ends.b) {
        turn(pointB, bx, by, ends.b);
        joint.angleB = ends.b.angle;
        dx = ends.a.x + pointA.x - ends.b.x - pointB.x;
        dy = ends.a.y + pointA.y - ends.b.y - pointB.y;
      }
      const distance = Math.sqrt(dx * dx + dy * dy);
      const isFar = Math.abs(distance - length) > farError;
      const reach = (isFar ? farPull : maxPull) / stiffness;
      joint.length = Math.max(0, Math.min(distance + reach, Math.max(distance - reach, length)));
    }
  }

  save(): SavedConstraint[] {
    return Array.from(this.byId.values(), ({ a, b, ...rest }) => ({ ...rest, a: a.id, b: b?.id ?? 0 }));
  }

  #add(constraint: Constraint, ends: Ends): void {
    this.byId.set(constraint.id, constraint);
    this.#joints.set(constraint.id, { ends, joint: this.#build(constraint, ends) });
  }

  #build({ bx, by, length, stiffness, damping, turning }: Constraint, { a, b }: Ends): Joint {
    const joint = Matter.Constraint.create({
      bodyA: a.body,
      pointA: { x: 0, y: 0 },
      ...(b ? { bodyB: b.body } : {}),
      pointB: { x: bx, y: by },
      ...{ length, stiffness, damping, angularStiffness: 1 - turning },
    }) as Joint;
    Matter.Composite.add(this.#world, joint);
    return joint;
  }
}

/** Where a point of a body's own frame is in the world. */
function outward(entity: BodyEntity, x: number, y: number): [number, number] {
  const cos = Math.cos(entity.angle);
  const sin = Math.sin(entity.angle);
  return [entity.x + x * cos - y * sin, entity.y + x * sin + y * cos];
}

/** Where a point of the world is in a body's own frame. */
function inward(entity: BodyEntity, x: number, y: number): [number, number] {
  const cos = Math.cos(entity.angle);
  const sin = Math.sin(entity.angle);
  const dx = x - entity.x;
  const dy = y - entity.y;
  return [dx * cos + dy * sin, dy * cos - dx * sin];
}

function turn(point: Matter.Vector, x: number, y: number, { angle }: BodyEntity): void {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  point.x = x * cos - y * sin;
  point.y = x * sin + y * cos;
}

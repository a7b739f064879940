/** Worlds of anything that does anything, for properties: chance comes from the world itself, so the same seed is the same show. */
import type { Shape, SimpleShape } from "../../../shared/world/entity.ts";
import { createRandom, type Random } from "../../../shared/world/random.ts";
import { createWorld, type Entity, type World } from "../../../shared/world/world.ts";

export const side = 1200;
export const settings = { width: side, height: side, gravity: 0.2, maxEntities: 60 };

/** A closed room with walls of that thickness around the world. */
export function wallIn(world: World, thickness: number): void {
  const long = side + 2 * thickness;
  const wall = (x: number, y: number, width: number, height: number) =>
    world.spawn({ kind: "wall", motion: "fixed", shape: { type: "box", width, height }, x, y });
  wall(side / 2, -thickness / 2, long, thickness);
  wall(side / 2, side + thickness / 2, long, thickness);
  wall(-thickness / 2, side / 2, thickness, long);
  wall(side + thickness / 2, side / 2, thickness, long);
}

function simpleShape(random: Random, least: number, most: number): SimpleShape {
  const size = () => random.between(least, most);
  switch (random.index(3)) {
    case 0:
      return { type: "circle", radius: size() / 2 };
    case 1:
      return { type: "box", width: size(), height: size() };
    default: {
      const count = 3 + random.index(5);
      const radius = size();
      const corners = Array.from({ length: count }, (_, at) => {
        const angle = (at / count) * Math.PI * 2;
        return { x: Math.cos(angle) * radius, y: Math.sin(angle) * radius };
      });
      return { type: "polygon", corners };
    }
  }
}

export function anyShape(random: Random, least = 12, most = 90): Shape {
  if (random.next() < 0.7) return simpleShape(random, least, most);
  const parts = Array.from({ length: 1 + random.index(3) }, () => {
    const shape = simpleShape(random, least, most);
    return { shape, x: random.between(-50, 50), y: random.between(-50, 50), angle: random.between(-3, 3) };
  });
  return { type: "compound", parts };
}

/** A walled world with bodies of all shapes and motions. */
export function anyWorld(seed: number): World {
  const random = createRandom(seed);
  const world = createWorld({ ...settings, random });
  wallIn(world, 80);
  for (let i = 0; i < 24; i++) spawnAny(world);
  const all = [...world.entities.values()];
  for (let i = 0; i < 6; i++) joinAny(world, random.pick(all), random.pick(all));
  return world;
}

function spawnAny(world: World): void {
  const { random } = world;
  const motion = random.next() < 0.7 ? "dynamic" : random.pick(["fixed", "kinematic"] as const);
  world.spawn({
    ...{ kind: "thing", motion, shape: anyShape(random), angle: random.between(-3, 3) },
    x: random.between(100, side - 100),
    y: random.between(100, side - 100),
    restitution: random.next(),
    friction: random.next(),
    sensor: random.next() < 0.1,
  });
}

/** Everything a game may do to a world, each drawn by chance. */
const calls: readonly ((world: World, entity: Entity, other: Entity) => void)[] = [
  (world) => spawnAny(world),
  (world, entity) => entity.kind === "thing" && world.remove(entity),
  (world, entity) =>
    entity.kind === "thing" && world.setPosition(entity, entity.x + drawn(world, 9), entity.y + drawn(world, 9)),
  (world, entity) => entity.kind === "thing" && world.setAngle(entity, entity.angle + drawn(world, 0.2)),
  (world, entity) => world.setVelocity(entity, drawn(world, 40), drawn(world, 40)),
  (world, entity) => world.setSpin(entity, drawn(world, 2)),
  (world, entity) => world.accelerate(entity, drawn(world, 10), drawn(world, 10)),
  (world, entity) => world.applyImpulse(entity, drawn(world, 20), drawn(world, 20)),
  (world, entity) => world.applyForce(entity, drawn(world, 20), drawn(world, 20)),
  (world, entity) => world.applyTorque(entity, drawn(world, 400)),
  (world, entity) => world.setRadius(entity, world.random.between(6, 60)),
  (world, entity) =>
    world.setMaterial(entity, { density: world.random.between(0.0005, 0.004), friction: world.random.next() }),
  (world, entity) => world.setLayer(entity, 1 + world.random.index(3), world.random.pick([1, 3, 0xffffffff])),
  (world) => world.setGravity(drawn(world, 0.5), drawn(world, 0.5)),
  joinAny,
  (world) => {
    const [first] = world.constraints.values();
    if (first) world.cut(first);
  },
];

function joinAny(world: World, a: Entity, b: Entity): void {
  const { random } = world;
  world.join({
    ...{ a, type: random.pick(["pin", "rod", "spring"] as const), ax: drawn(world, 30), turning: random.next() },
    ...(random.next() < 0.6 ? { b } : {}),
    ...(random.next() < 0.5 ? { length: random.between(0, 200) } : {}),
  });
}

function drawn({ random }: World, most: number): number {
  return random.between(-most, most);
}

/** A tick in which some things happen, and what can be seen after it. Calls that matter after the step come after it too. */
export function playAny(world: World): string {
  const { random } = world;
  const some = () => {
    const all = [...world.entities.values()];
    for (let times = random.index(3); times > 0; times--) {
      random.pick(calls)(world, random.pick(all), random.pick(all));
    }
  };
  some();
  world.step();
  const look = lookOf(world);
  some();
  return look;
}

/** Everything that can be read of a world. */
export function lookOf(world: World): string {
  const bodies = Array.from(world.entities.values(), ({ id, shape, x, y, angle, vx, vy, speed, spin, mass, wear }) => {
    return [id, shape, x, y, angle, vx, vy, speed, spin, mass, ...wear];
  });
  const contacts = world.contacts.map(({ a, b, impact, nx, ny, x, y }) => [a.id, b.id, impact, nx, ny, x, y]);
  const partings = world.partings.map(({ a, b }) => [a.id, b.id]);
  const constraints = Array.from(world.constraints.values(), ({ a, b, ...rest }) => ({ ...rest, a: a.id, b: b?.id }));
  const ray = world.ray(10, 10, side - 10, side - 10);
  const hit = ray && [ray.entity.id, ray.x, ray.y, ray.nx, ray.ny];
  const under = world.at(side / 2, side / 2)?.id;
  return JSON.stringify([world.tick, world.counters, bodies, contacts, partings, constraints, hit, under]);
}

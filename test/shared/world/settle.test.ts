/** A world that settles changes nothing that anybody can see, and one that is loaded goes on like the one that was saved. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../../shared/world/random.ts";
import { createWorld, type World } from "../../../shared/world/world.ts";

const size = { width: 1000, height: 1000, gravity: 0.2 };

/** A heap of balls and boxes that fall on a floor and a turning bar. */
function aHeap(seed: number): World {
  const random = createRandom(seed);
  const world = createWorld({ ...size, random });
  world.spawn({ kind: "floor", motion: "fixed", shape: { type: "box", width: 1000, height: 100 }, x: 500, y: 950 });
  world.spawn({ kind: "bar", motion: "kinematic", shape: { type: "box", width: 300, height: 40 }, x: 500, y: 600 });
  const corners = [
    { x: 0, y: -30 },
    { x: 30, y: 20 },
    { x: -30, y: 20 },
  ];
  for (let i = 0; i < 30; i++) {
    const radius = 12 + random.index(20);
    const shapes = [{ type: "circle", radius } as const, { type: "box", width: radius, height: 30 } as const];
    const shape = i % 7 === 0 ? ({ type: "polygon", corners } as const) : shapes[i % 2]!;
    const ball = world.spawn({
      kind: "ball",
      shape,
      x: 100 + i * 27,
      y: 100 + (i % 5) * 60,
      angle: i,
      restitution: 0.9,
    });
    ball?.wear.set("mark", i % 3 === 0 ? -0 : i);
  }
  return world;
}

/** A tick in which things happen to some bodies. */
function play(world: World, tick: number): string {
  for (const entity of world.entities.values()) {
    if (entity.kind === "bar") world.setAngle(entity, tick / 30);
    if (entity.id % 9 === tick % 90) world.setRadius(entity, 10 + world.random.index(30));
    if (entity.id % 11 === tick % 110) world.setMaterial(entity, { density: 0.003, friction: 0.3, restitution: 0.2 });
    if (entity.id % 13 === tick % 130) world.accelerate(entity, world.random.between(-9, 9), -12);
  }
  world.step();
  return lookOf(world);
}

function lookOf(world: World): string {
  const bodies = [...world.entities.values()].map(({ id, x, y, angle, vx, vy, speed, mass, wear }) => {
    return [id, x, y, angle, vx, vy, speed, mass, ...wear];
  });
  const contacts = world.contacts.map(({ a, b, impact, nx, ny, x, y }) => [a.id, b.id, impact, nx, ny, x, y]);
  return JSON.stringify([world.tick, world.counters, bodies, contacts]);
}

const placesOf = ({ entities }: World) =>
  Array.from(entities.values(), ({ id, x, y, angle, vx, vy, speed }) =>
    [id, x, y, angle, vx, vy, speed].map((n) => n + 0),
  );

test("settling moves nothing, keeps every entity the same object, and is done at once", () => {
  const world = aHeap(1);
  for (let tick = 0; tick < 200; tick++) play(world, tick);
  const before = placesOf(world);
  const entities = [...world.entities.values()];
  world.settle();
  expect(placesOf(world)).toEqual(before);
  expect([...world.entities.values()].every((entity, at) => entity === entities[at])).toBe(true);
  expect(world.contacts).toEqual([]);
  const saved = JSON.stringify(world.save());
  world.settle();
  expect(JSON.stringify(world.save())).toBe(saved);
});

test("a loaded world goes on as the settled one, to the last digit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 240 }), (seed, ticks) => {
      const world = aHeap(seed);
      for (let tick = 0; tick < ticks; tick++) play(world, tick);
      world.settle();
      const saved = JSON.parse(JSON.stringify([world.save(), world.random.save()]));
      const loaded = createWorld({ ...size, random: createRandom(saved[1]) }, saved[0]);
      expect(lookOf(loaded)).toBe(lookOf(world));
      for (let tick = ticks; tick < ticks + 200; tick++) expect(play(loaded, tick)).toBe(play(world, tick));
      const next = [world, loaded].map((one) =>
        one.spawn({ kind: "new", shape: { type: "circle", radius: 9 }, x: 1, y: 1 }),
      );
      expect(next[0]!.id).toBe(next[1]!.id);
    }),
    { numRuns: 12 },
  );
});

describe("contacts", () => {
  test("of what rested before do not begin anew", () => {
    const world = createWorld({ ...size, gravity: 1, random: createRandom(1) });
    world.spawn({ kind: "floor", motion: "fixed", shape: { type: "box", width: 900, height: 100 }, x: 500, y: 950 });
    const ball = world.spawn({ kind: "ball", shape: { type: "circle", radius: 20 }, x: 500, y: 860, restitution: 0 })!;
    let begun = 0;
    for (let tick = 0; tick < 300; tick++) {
      world.step();
      begun += world.contacts.length;
      if (tick >= 100 && tick % 50 === 0) world.settle();
    }
    expect(begun).toBe(1);
    // What leaves and comes again begins a new one.
    world.setVelocity(ball, 0, -10);
    for (let tick = 0; tick < 100; tick++) {
      world.step();
      begun += world.contacts.length;
    }
    expect(begun).toBeGreaterThan(1);
  });
});

test("chance goes on where it was", () => {
  const random = createRandom(9);
  for (let i = 0; i < 50; i++) random.next();
  const again = createRandom(JSON.parse(JSON.stringify(random.save())));
  expect(again.print).toBe(random.print);
  expect(Array.from({ length: 50 }, again.next)).toEqual(Array.from({ length: 50 }, random.next));
  expect(again.print).toBe(random.print);
  expect(createRandom(9).print).not.toBe(random.print);
});

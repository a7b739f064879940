/** Limits: nothing goes through a wall of the least thickness, whatever a game asks for; what is too fast or too small is cut and counted. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../../shared/world/random.ts";
import { createWorld, type Entity, type EntitySpec, type Shape, worldNumbers } from "../../../shared/world/world.ts";
import { anyShape, settings, side, wallIn } from "./any-world.ts";

const { leastWall, leastWidth } = worldNumbers;
const aWorld = (gravity = 0) => createWorld({ ...settings, gravity, random: createRandom(1) });
const ball = (fields: Partial<EntitySpec> = {}): EntitySpec => ({
  ...{ kind: "ball", shape: { type: "circle", radius: 20 }, x: 600, y: 600, frictionAir: 0 },
  ...fields,
});

/** How a game may drive a body, each tick, as fast as it likes. */
const drives: readonly ((world: ReturnType<typeof aWorld>, body: Entity, x: number, y: number) => void)[] = [
  (world, body, x, y) => world.setVelocity(body, x * 900, y * 900),
  (world, body, x, y) => world.accelerate(body, x * 300, y * 300),
  (world, body, x, y) => world.applyForce(body, body.mass * x * 400, body.mass * y * 400),
  (world, body, x, y) => world.applyImpulse(body, body.mass * x * 100, body.mass * y * 100),
  (world, _, x, y) => world.setGravity(x * 40, y * 40),
];

/** Nobody's centre is past the middle of a wall: there it would be pushed out on the other side. A small body that is pressed sinks in a little. */
function isHeld({ x, y }: Entity): boolean {
  const middle = leastWall / 2;
  return Math.min(x, y) > -middle && Math.max(x, y) < side + middle;
}

test("no body goes through a wall, however it is driven", () => {
  let hits = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.nat(drives.length - 1), (seed, drive) => {
      const random = createRandom(seed);
      const world = createWorld({ ...settings, gravity: 0, random });
      wallIn(world, leastWall);
      const shape = anyShape(random, leastWidth, random.pick([20, 60, 160]));
      const body = world.spawn(ball({ shape, angle: random.between(-3, 3), restitution: random.next() }))!;
      if (!body) return;
      for (let turn = 0; turn < 6; turn++) {
        const angle = random.between(-Math.PI, Math.PI);
        for (let tick = 0; tick < 60; tick++) {
          drives[drive]!(world, body, Math.cos(angle), Math.sin(angle));
          if (turn % 2) world.setSpin(body, 50);
          world.step();
          hits += world.contacts.length;
        }
        expect(isHeld(body)).toBe(true);
      }
      expect(world.counters.clamped).toBeGreaterThan(0);
    }),
    { numRuns: 150 },
  );
  expect(hits).toBeGreaterThan(300);
}, 30_000);

test("a crowd that flies as fast as it may stays in the room", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
      const random = createRandom(seed);
      const world = createWorld({ ...settings, random });
      wallIn(world, leastWall);
      const bodies: Entity[] = [];
      for (let at = 0; at < 40; at++) {
        const place = { x: random.between(200, 1000), y: random.between(200, 1000) };
        const body = world.spawn(
          ball({ ...place, shape: anyShape(random, leastWidth, 70), restitution: random.next() }),
        );
        if (body) bodies.push(body);
      }
      for (let tick = 0; tick < 400; tick++) {
        for (const body of bodies) {
          if (random.index(30) === 0) world.setVelocity(body, random.between(-60, 60), random.between(-60, 60));
        }
        world.step();
      }
      expect(bodies.filter((body) => !isHeld(body))).toEqual([]);
    }),
    { numRuns: 12 },
  );
}, 30_000);

test("no constraint gets a body through a wall to what it is held to", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
      const random = createRandom(seed);
      const world = createWorld({ ...settings, gravity: 0, random });
      wallIn(world, leastWall);
      const shape = anyShape(random, leastWidth, 90);
      const body = world.spawn(ball({ shape, angle: random.between(-3, 3) }));
      if (!body) return;
      const at = { bx: side + leastWall + random.between(20, 900), by: random.between(100, 1100) };
      const type = random.pick(["pin", "rod", "spring"] as const);
      world.join({ type, a: body, ...at, length: 0, stiffness: random.between(0.001, 2), damping: random.next() });
      for (let tick = 0; tick < 400; tick++) world.step();
      expect(isHeld(body)).toBe(true);
    }),
    { numRuns: 100 },
  );
}, 30_000);

test("in one step a body moves no farther than its size allows, whatever pushes it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.nat(drives.length - 1), (seed, drive) => {
      const random = createRandom(seed);
      const world = createWorld({ ...settings, gravity: 0, random });
      const body = world.spawn(ball({ shape: { type: "circle", radius: random.between(4, 60) }, meets: 0 }))!;
      for (let tick = 0; tick < 20; tick++) {
        const [x, y] = [body.x, body.y];
        drives[drive]!(world, body, random.between(-1, 1), random.between(-1, 1));
        world.step();
        const limit = Math.min(worldNumbers.maxSpeed, body.radius * 2);
        expect(Math.hypot(body.x - x, body.y - y)).toBeLessThanOrEqual(limit + 1e-9);
      }
    }),
  );
});

test("a turn is cut so that no corner is faster than the limit", () => {
  const world = aWorld();
  const bar = world.spawn(ball({ shape: { type: "box", width: 300, height: 40 } }))!;
  const reach = Math.hypot(150, 20);
  for (const turn of [() => world.setSpin(bar, 9), () => world.applyTorque(bar, 1e9)]) {
    const before = bar.angle;
    turn();
    world.step();
    expect((bar.angle - before) * reach).toBeGreaterThan(29.9);
    expect((bar.angle - before) * reach).toBeLessThanOrEqual(30 + 1e-6);
  }
  expect(world.counters.clamped).toBeGreaterThanOrEqual(2);
});

describe("sizes", () => {
  const thin = { type: "box", width: 100, height: 2 } as const;
  test.each<[string, Partial<EntitySpec>, Shape]>([
    ["a small ball", { shape: { type: "circle", radius: 1 } }, { type: "circle", radius: 4 }],
    ["a thin bar", { shape: thin }, { type: "box", width: 100, height: 8 }],
    ["a thin line that stands", { shape: thin, motion: "fixed" }, thin],
    ["a ball of the least size", { shape: { type: "circle", radius: 4 } }, { type: "circle", radius: 4 }],
  ])("%s", (_, fields, shape) => {
    const world = aWorld();
    expect(world.spawn(ball(fields))!.shape).toEqual(shape);
    expect(world.counters.clamped).toBe(
      fields.shape === shape || JSON.stringify(fields.shape) === JSON.stringify(shape) ? 0 : 1,
    );
  });

  const star = [0, 1, 2, 3, 4, 5, 6, 7].map((at) => {
    const reach = at % 2 ? 10 : 50;
    return { x: Math.cos((at * Math.PI) / 4) * reach, y: Math.sin((at * Math.PI) / 4) * reach };
  });
  const square = [
    { x: -20, y: -20 },
    { x: 20, y: -20 },
    { x: 20, y: 20 },
    { x: -20, y: 20 },
  ];
  test.each<[string, Partial<EntitySpec>]>([
    ["no number as a radius", { shape: { type: "circle", radius: Number.NaN } }],
    ["a negative width", { shape: { type: "box", width: -5, height: 20 } }],
    ["an endless box", { shape: { type: "box", width: Number.POSITIVE_INFINITY, height: 20 } }],
    ["two corners", { shape: { type: "polygon", corners: square.slice(0, 2) } }],
    ["corners in a line", { shape: { type: "polygon", corners: [square[0]!, square[0]!, square[2]!] } }],
    ["a star", { shape: { type: "polygon", corners: star } }],
    ["no parts", { shape: { type: "compound", parts: [] } }],
    ["a part nowhere", { shape: { type: "compound", parts: [{ shape: thin, x: Number.NaN, y: 0 }] } }],
    [
      "seventeen parts",
      { shape: { type: "compound", parts: Array.from({ length: 17 }, (_, at) => ({ shape: thin, x: at * 9, y: 0 })) } },
    ],
    ["no number as a place", { x: Number.NaN }],
    ["no number as an angle", { angle: Number.POSITIVE_INFINITY }],
    ["no number as a restitution", { restitution: Number.NaN }],
    ["a density of nothing", { density: 0 }],
  ])("%s is refused and counted", (_, fields) => {
    const world = aWorld();
    expect(world.spawn(ball(fields))).toBeUndefined();
    expect([world.entities.size, world.counters.refused]).toEqual([0, 1]);
  });

  test("corners that go the other way round, or around another point, are put right", () => {
    const world = aWorld();
    const shifted = square.map(({ x, y }) => ({ x: x + 300, y: y - 50 }));
    const body = world.spawn(ball({ shape: { type: "polygon", corners: shifted.toReversed() } }))!;
    expect(
      body.shape.type === "polygon" && body.shape.corners.map(({ x, y }) => [Math.round(x), Math.round(y)]),
    ).toEqual([2, 3, 0, 1].map((at) => [square[(at + 2) % 4]!.x, square[(at + 2) % 4]!.y]));
    expect([world.at(600, 600), world.at(619, 581), world.at(621, 600)]).toEqual([body, body, undefined]);
  });

  test("a ball that shrinks stays at the least size", () => {
    const world = aWorld();
    const small = world.spawn(ball())!;
    world.setRadius(small, 0.5);
    expect([small.radius, world.counters.clamped]).toEqual([4, 1]);
  });
});

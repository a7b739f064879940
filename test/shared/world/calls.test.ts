/** What a game may do to bodies besides moving them: spins, forces, layers, gravity, belts, and asking who is where. */
import { describe, expect, test } from "vitest";
import { createRandom } from "../../../shared/world/random.ts";
import { createWorld, type Entity, type EntitySpec } from "../../../shared/world/world.ts";

const aWorld = (gravity = 0) => createWorld({ width: 1000, height: 1000, gravity, random: createRandom(1) });
const ball = (x = 0, y = 0, fields: Partial<EntitySpec> = {}): EntitySpec => ({
  ...{ kind: "ball", shape: { type: "circle", radius: 20 }, x, y, frictionAir: 0, friction: 0.1, restitution: 0 },
  ...fields,
});
const floor = (y: number, fields: Partial<EntitySpec> = {}): EntitySpec => ({
  ...{ kind: "floor", motion: "fixed", shape: { type: "box", width: 800, height: 80 }, x: 0, y },
  ...fields,
});

describe("pushes", () => {
  test("a force counts once, in the next step, by mass; forces of a tick add up", () => {
    const world = aWorld();
    const light = world.spawn(ball())!;
    const heavy = world.spawn(ball(200, 0, { density: 0.004 }))!;
    for (const body of [light, heavy]) {
      world.applyForce(body, 1, 0);
      world.applyForce(body, 1, -3);
      expect(body.vx).toBe(0);
    }
    for (let i = 0; i < 3; i++) world.step();
    expect(light.vx).toBeCloseTo(2 / light.mass, 9);
    expect(light.vy).toBeCloseTo(-3 / light.mass, 9);
    expect(light.vx / heavy.vx).toBeCloseTo(4, 6);
  });

  test("a torque turns, a spin goes on, and neither moves", () => {
    const world = aWorld();
    const [turned, spun] = [world.spawn(ball())!, world.spawn(ball(200))!];
    world.applyTorque(turned, 30);
    world.setSpin(spun, -0.25);
    expect(spun.spin).toBe(-0.25);
    for (let i = 0; i < 8; i++) world.step();
    expect(turned.spin).toBeGreaterThan(0);
    expect(turned.angle).toBeCloseTo(turned.spin * 8, 9);
    expect(spun.angle).toBeCloseTo(-2, 9);
    expect([turned.x, spun.x]).toEqual([0, 200]);
  });

  test("gravity pulls in any direction, and no further than it is sane", () => {
    const world = aWorld(1);
    const body = world.spawn(ball())!;
    world.setGravity(-0.5, 0);
    world.step();
    expect([body.vx, body.vy]).toEqual([expect.closeTo(-0.5, 9), 0]);
    world.setGravity(Number.NaN, 5);
    world.setGravity(0, 1e9);
    for (let i = 0; i < 4; i++) world.step();
    expect(Math.hypot(body.vx, body.vy)).toBeLessThanOrEqual(30 + 1e-9);
  });

  test.each<[string, (world: ReturnType<typeof aWorld>, body: Entity) => void]>([
    ["force", (world, body) => world.applyForce(body, Number.NaN, 1)],
    ["torque", (world, body) => world.applyTorque(body, Number.POSITIVE_INFINITY)],
    ["spin", (world, body) => world.setSpin(body, Number.NaN)],
    ["material", (world, body) => world.setMaterial(body, { frictionAir: Number.NaN, density: 0.5 })],
    [
      "weight, on what has left,",
      (world, body) => {
        world.remove(body);
        world.applyForce(body, 1, 1);
      },
    ],
  ])("no number as a %s changes nothing", (_, call) => {
    const world = aWorld();
    const body = world.spawn(ball())!;
    call(world, body);
    world.step();
    expect([body.x, body.y, body.angle, body.spin]).toEqual([0, 0, 0, 0]);
    expect(body.mass).toBeCloseTo(aWorld().spawn(ball())!.mass, 9);
  });
});

describe("what is not dynamic", () => {
  test("a belt carries what lies on it and stays where it is, until it is stopped", () => {
    const world = aWorld(0.4);
    const belt = world.spawn(floor(0))!;
    const box = world.spawn(ball(0, -60, { shape: { type: "box", width: 40, height: 40 } }))!;
    world.setVelocity(belt, 3, 0);
    for (let i = 0; i < 90; i++) world.step();
    expect(box.vx).toBeCloseTo(3, 1);
    expect([belt.x, belt.y, belt.vx]).toEqual([0, 0, 3]);
    world.setVelocity(belt, 0, 0);
    for (let i = 0; i < 90; i++) world.step();
    expect(Math.abs(box.vx)).toBeLessThan(0.1);
  });

  test("a roller turns what touches it and not itself", () => {
    const world = aWorld(0.4);
    const roller = world.spawn(ball(0, 0, { motion: "fixed", shape: { type: "circle", radius: 100 } }))!;
    const body = world.spawn(ball(0, -119))!;
    world.setSpin(roller, 0.05);
    for (let i = 0; i < 20; i++) world.step();
    expect(body.vx).toBeGreaterThan(1);
    expect(roller.angle).toBe(0);
  });

  test("a kinematic lift takes up what lies on it, and stops pushing when it stands", () => {
    const world = aWorld(0.4);
    const lift = world.spawn(floor(0, { motion: "kinematic" }))!;
    const body = world.spawn(ball(0, -60))!;
    for (let i = 1; i <= 60; i++) {
      world.setPosition(lift, i, -i * 2);
      world.step();
    }
    expect(body.y).toBeLessThan(-160);
    expect(body.vx).toBeGreaterThan(0.5);
    expect([lift.vx, lift.vy]).toEqual([0, 0]);
    const rest = world.spawn(floor(400, { motion: "kinematic" }))!;
    world.setPosition(rest, 0, 390);
    world.step();
    const late = world.spawn(ball(0, 330))!;
    for (let i = 0; i < 30; i++) world.step();
    expect(Math.abs(late.vy)).toBeLessThan(0.5);
  });

  test("a jump pushes nothing", () => {
    const world = aWorld();
    const lift = world.spawn(floor(500, { motion: "kinematic" }))!;
    const body = world.spawn(ball(0, -59))!;
    world.setPosition(lift, 0, 0);
    world.step();
    expect(body.speed).toBeLessThan(1);
  });

  test("has the bounce and friction it is given", () => {
    const heights = [undefined, 1].map((restitution) => {
      const world = aWorld(0.4);
      world.spawn(floor(0, restitution === undefined ? {} : { restitution }));
      const body = world.spawn(ball(0, -300))!;
      for (let i = 0; i < 35; i++) world.step();
      const low = body.y;
      for (let i = 0; i < 20; i++) world.step();
      return low - body.y;
    });
    expect(heights[0]).toBeLessThan(5);
    expect(heights[1]).toBeGreaterThan(50);
  });
});

test("layers: a ghost passes through, and no longer when it is none", () => {
  const world = aWorld();
  const wall = world.spawn(floor(0, { layer: 2 }))!;
  const ghost = world.spawn(ball(0, -70))!;
  world.setLayer(ghost, 4, 0xffffffff & ~2);
  world.setVelocity(ghost, 0, 10);
  for (let i = 0; i < 6; i++) world.step();
  expect(ghost.y).toBeCloseTo(-10, 6);
  expect(world.contacts).toEqual([]);
  world.setLayer(ghost, 1, 0xffffffff);
  world.step();
  expect(world.contacts.map(({ a, b }) => [a, b])).toEqual([[wall, ghost]]);
  world.setLayer(wall, 2, 4);
  world.step();
  expect(world.partings.map(({ a, b }) => [a, b])).toEqual([[wall, ghost]]);
});

describe("partings", () => {
  test("are told once, the older first, in the step after which they no longer touch", () => {
    const world = aWorld();
    const zone = world.spawn(floor(0, { sensor: true }))!;
    const body = world.spawn(ball(0, -100))!;
    world.setVelocity(body, 0, 20);
    const told: string[] = [];
    for (let i = 0; i < 12; i++) {
      world.step();
      for (const { a, b } of world.contacts) told.push(`meet ${a.id} ${b.id} ${Math.round(body.y)}`);
      for (const { a, b } of world.partings) told.push(`part ${a.id} ${b.id} ${Math.round(body.y)}`);
      if (i === 5) world.settle();
    }
    expect([zone.id, body.id]).toEqual([1, 2]);
    expect(told).toEqual(["meet 1 2 -40", "part 1 2 60"]);
  });

  test("of what was removed are not told", () => {
    const world = aWorld();
    world.spawn(floor(0, { sensor: true }));
    const body = world.spawn(ball(0, -30))!;
    world.step();
    expect(world.contacts).toHaveLength(1);
    world.remove(body);
    for (const _ of [1, 2]) {
      world.step();
      expect(world.partings).toEqual([]);
    }
  });

  test("in one step beyond the limit are counted, and so are contacts", () => {
    const world = createWorld({ width: 1000, height: 1000, maxEntities: 400, random: createRandom(1) });
    for (let i = 0; i < 300; i++) world.spawn(ball(i * 50, 0, { meets: 2 }));
    const zone = world.spawn(floor(0, { sensor: true, layer: 2, shape: { type: "box", width: 40_000, height: 80 } }))!;
    world.step();
    expect([world.contacts.length, world.counters.unreported]).toEqual([256, 44]);
    world.setLayer(zone, 4, 0);
    world.step();
    expect([world.partings.length, world.counters.unreported]).toEqual([256, 88]);
  });
});

describe("queries", () => {
  const corners = [
    { x: 0, y: -40 },
    { x: 40, y: 40 },
    { x: -40, y: 40 },
  ];
  const l = [
    { shape: { type: "box", width: 20, height: 100 } as const, x: 0, y: 0 },
    { shape: { type: "box", width: 100, height: 20 } as const, x: 60, y: 40 },
  ];
  const filled = () => {
    const world = aWorld();
    const [circle, box, triangle, compound, sensor] = [
      world.spawn(ball(100, 100)),
      world.spawn(ball(300, 100, { shape: { type: "box", width: 80, height: 20 }, angle: Math.PI / 2 })),
      world.spawn(ball(500, 100, { shape: { type: "polygon", corners } })),
      world.spawn(ball(700, 100, { shape: { type: "compound", parts: l } })),
      world.spawn(ball(100, 130, { sensor: true, shape: { type: "box", width: 300, height: 300 }, layer: 8 })),
    ].map((entity) => entity!);
    return { world, circle, box, triangle, compound, sensor };
  };

  test("at: the youngest whose shape is under the point", () => {
    const { world, circle, box, triangle, compound, sensor } = filled();
    expect(world.at(100, 100)).toBe(sensor);
    world.remove(sensor!);
    const table: [number, number, Entity | undefined][] = [
      [100, 100, circle],
      [119, 100, circle],
      [115, 115, undefined],
      [300, 135, box],
      [320, 100, undefined],
      [500, 100, triangle],
      [490, 50, undefined],
      [700 - 24, 60, compound],
      [700 + 40, 60, undefined],
    ];
    expect(table.map(([x, y]) => world.at(x, y))).toEqual(table.map(([, , entity]) => entity));
  });

  test("ray: the first that it enters, where, and the surface there", () => {
    const { world, circle, box, triangle, compound } = filled();
    const shot = (x0: number, y0: number, x1: number, y1: number, layers?: number) => {
      const hit = world.ray(x0, y0, x1, y1, layers);
      return (
        hit && [hit.entity, ...[hit.x, hit.y, hit.distance, hit.nx, hit.ny].map((n) => Math.round(n * 100) / 100 + 0)]
      );
    };
    expect(shot(0, 100, 1000, 100)).toEqual([circle, 80, 100, 80, -1, 0]);
    // One in which it begins is not there for it; a sensor never is.
    expect(shot(100, 100, 1000, 100)).toEqual([box, 290, 100, 190, -1, 0]);
    expect(shot(500, 300, 500, 0)).toEqual([triangle, 500, expect.closeTo(126.67, 0), expect.closeTo(173.33, 0), 0, 1]);
    expect(shot(900, 125, 600, 125)?.[0]).toBe(compound);
    expect(shot(0, 100, 79, 100)).toBeUndefined();
    expect(shot(0, 20, 1000, 20)).toBeUndefined();
    expect(shot(0, 100, 1000, 100, 2)).toBeUndefined();
    expect(shot(5, 5, 5, 5)).toBeUndefined();
  });

  test("ray: the oldest on a tie", () => {
    const world = aWorld();
    const [older] = [world.spawn(ball(100)), world.spawn(ball(100))];
    expect(world.ray(0, 0, 200, 0)!.entity).toBe(older);
  });

  test("within: whose centre lies in the box, oldest first", () => {
    const { world, circle, box, sensor } = filled();
    const found: Entity[] = [];
    world.within(200, 100, 200, 60, (entity) => found.push(entity));
    expect(found).toEqual([circle, box, sensor]);
    world.within(200, 100, 200, 59, (entity) => found.push(entity));
    expect(found.slice(3)).toEqual([circle, box]);
  });
});

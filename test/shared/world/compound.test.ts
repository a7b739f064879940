/** Compounds: one stiff body of several shapes, around its centre of mass, that touches once. */
import { expect, test } from "vitest";
import { createRandom } from "../../../shared/world/random.ts";
import { createWorld, type Shape } from "../../../shared/world/world.ts";

const aWorld = (gravity = 0) => createWorld({ width: 1000, height: 1000, gravity, random: createRandom(1) });
const box = (width: number, height: number) => ({ type: "box", width, height }) as const;
const inHalves: Shape = {
  type: "compound",
  parts: [
    { shape: box(100, 40), x: -50, y: 0 },
    { shape: box(100, 40), x: 50, y: 0 },
  ],
};
const spec = { kind: "thing", x: 300, y: 300, frictionAir: 0, restitution: 0 };

test("two halves weigh, turn and stand as the whole does", () => {
  const world = aWorld();
  const whole = world.spawn({ ...spec, shape: box(200, 40) })!;
  const halves = world.spawn({ ...spec, shape: inHalves, y: 600, meets: 0 })!;
  expect(halves.mass).toBeCloseTo(whole.mass, 9);
  for (const body of [whole, halves]) world.applyTorque(body, 20_000);
  world.step();
  expect(whole.spin).toBeGreaterThan(0);
  expect(halves.spin).toBeCloseTo(whole.spin, 9);
});

test("stands with its centre of mass where it is spawned, and says where its parts are then", () => {
  const world = aWorld();
  const parts = [
    { shape: box(40, 40), x: 400, y: 0 },
    { shape: box(40, 40), x: 400, y: 100 },
    { shape: box(40, 80), x: 500, y: 0 },
  ];
  for (const motion of ["dynamic", "fixed", "kinematic"] as const) {
    const body = world.spawn({ ...spec, shape: { type: "compound", parts }, motion, angle: 1, meets: 0 })!;
    expect([body.x, body.y]).toEqual([300, 300]);
    const placed = body.shape.type === "compound" ? body.shape.parts : [];
    expect(placed.map(({ x, y }) => [Math.round(x), Math.round(y)])).toEqual([
      [-50, -25],
      [-50, 75],
      [50, -25],
    ]);
    const [cos, sin] = [Math.cos(1), Math.sin(1)];
    const under = placed.map(({ x, y }) => world.at(300 + x * cos - y * sin, 300 + x * sin + y * cos));
    expect(under).toEqual([body, body, body]);
    world.remove(body);
  }
});

test("touches once, with as many parts as do, and parts when the last one does", () => {
  const world = aWorld();
  const zone = world.spawn({ ...spec, shape: box(600, 40), motion: "fixed", sensor: true })!;
  const body = world.spawn({ ...spec, shape: inHalves, x: 0, y: 300 })!;
  world.setVelocity(body, 10, 0);
  const told: string[] = [];
  for (let i = 0; i < 90; i++) {
    world.step();
    for (const { a, b } of world.contacts) told.push(`${a.id} meets ${b.id} at ${body.x}`);
    for (const { a, b } of world.partings) told.push(`${a.id} parts from ${b.id} at ${body.x}`);
    if (i % 20 === 0) world.settle();
  }
  expect([zone.id, told.length]).toEqual([1, 2]);
  expect(told[0]).toMatch(/^1 meets 2/);
  expect(told[1]).toMatch(/^1 parts from 2 at 7[01]0/);
});

test("rests in its notch what a hull would not let in", () => {
  const world = aWorld(0.4);
  const cup: Shape = {
    type: "compound",
    parts: [
      { shape: box(300, 80), x: 0, y: 110 },
      { shape: box(80, 300), x: -110, y: 0 },
      { shape: box(80, 300), x: 110, y: 0 },
    ],
  };
  const holder = world.spawn({ ...spec, shape: cup, motion: "fixed" })!;
  const ball = world.spawn({ ...spec, shape: { type: "circle", radius: 30 }, y: 100 })!;
  for (let i = 0; i < 240; i++) world.step();
  const bottom = holder.shape.type === "compound" ? holder.y + holder.shape.parts[0]!.y - 40 : 0;
  expect(ball.y + 30).toBeCloseTo(bottom, 0);
});

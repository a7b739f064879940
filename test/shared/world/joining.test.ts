/** Constraints: pins, rods and springs hold what they say, within their bounds, and go with what they hold. */
import { describe, expect, test } from "vitest";
import type { ConstraintSpec } from "../../../shared/world/constraint.ts";
import { createRandom } from "../../../shared/world/random.ts";
import { createWorld, type Entity, type World, worldNumbers } from "../../../shared/world/world.ts";

const aWorld = (gravity = 0) => createWorld({ width: 1000, height: 1000, gravity, random: createRandom(1) });
const spawn = (world: World, x: number, y: number, motion: Entity["motion"] = "dynamic") =>
  world.spawn({ ...{ kind: "ball", motion, shape: { type: "circle", radius: 20 }, meets: 0, frictionAir: 0 }, x, y })!;
const distance = (a: { x: number; y: number }, b: { x: number; y: number }) => Math.hypot(a.x - b.x, a.y - b.y);

test("a rod to a point is a pendulum of its length", () => {
  const world = aWorld(0.3);
  const bob = spawn(world, 700, 200);
  world.join({ type: "rod", a: bob, bx: 500, by: 200 });
  let lowest = 0;
  for (let i = 0; i < 240; i++) {
    world.step();
    lowest = Math.max(lowest, bob.y);
    expect(Math.abs(distance(bob, { x: 500, y: 200 }) - 200)).toBeLessThan(4);
  }
  expect(lowest).toBeGreaterThan(390);
});

test("a pin holds a plank where it is, and lets it turn", () => {
  const world = aWorld(0.3);
  const plank = world.spawn({ kind: "plank", shape: { type: "box", width: 300, height: 40 }, x: 500, y: 500 })!;
  const pin = world.join({ type: "pin", a: plank, ax: -100 })!;
  expect([pin.length, pin.bx, pin.by]).toEqual([0, 400, 500]);
  for (let i = 0; i < 60; i++) world.step();
  expect(Math.abs(plank.angle)).toBeGreaterThan(0.3);
  const end = { x: plank.x - 100 * Math.cos(plank.angle), y: plank.y - 100 * Math.sin(plank.angle) };
  expect(distance(end, { x: 400, y: 500 })).toBeLessThan(3);
});

test("turning 0 leaves a body's angle alone", () => {
  const angles = [0, 1].map((turning) => {
    const world = aWorld(0.3);
    const plank = world.spawn({ kind: "plank", shape: { type: "box", width: 300, height: 40 }, x: 500, y: 500 })!;
    world.join({ type: "rod", a: plank, ax: -100, bx: 400, by: 300, turning });
    for (let i = 0; i < 40; i++) world.step();
    return plank.angle;
  });
  expect(angles[0]).toBe(0);
  expect(Math.abs(angles[1]!)).toBeGreaterThan(0.05);
});

test("a spring draws two bodies to its length, a damped one comes to rest there", () => {
  const world = aWorld();
  const [a, b] = [spawn(world, 300, 500), spawn(world, 700, 500)];
  world.join({ type: "spring", a, b, length: 200, damping: 0.2 });
  for (let i = 0; i < 400; i++) world.step();
  expect(distance(a, b)).toBeCloseTo(200, 0);
  expect(a.x + b.x).toBeCloseTo(1000, 6);
  expect(a.speed).toBeLessThan(0.05);
});

test("what is pinned to a turning kinematic body goes round with it", () => {
  const world = aWorld();
  const wheel = spawn(world, 500, 500, "kinematic");
  const seat = spawn(world, 600, 500);
  world.join({ type: "pin", a: seat, b: wheel });
  for (let i = 1; i <= 60; i++) {
    world.setAngle(wheel, i * 0.02);
    world.step();
  }
  const at = { x: 500 + 100 * Math.cos(1.2), y: 500 + 100 * Math.sin(1.2) };
  expect(distance(seat, at)).toBeLessThan(6);
});

test("a body far out of place comes back over several ticks, never in one", () => {
  const world = aWorld();
  const body = spawn(world, 0, 0);
  world.join({ type: "rod", a: body, bx: 0, by: 0, length: 0 });
  world.setPosition(body, 600, 0);
  for (let i = 0; i < 400; i++) {
    const before = body.x;
    world.step();
    expect(Math.abs(body.x - before)).toBeLessThan(60);
  }
  expect(distance(body, { x: 0, y: 0 })).toBeLessThan(100);
});

describe("join", () => {
  test("fills in what was left open", () => {
    const world = aWorld();
    const [a, b] = [spawn(world, 100, 100), spawn(world, 400, 500)];
    const base = { ax: 0, ay: 0, bx: 0, by: 0, turning: 1 };
    expect(world.join({ type: "rod", a, b })).toEqual({
      ...base,
      id: 1,
      type: "rod",
      a,
      b,
      length: 500,
      stiffness: 0.7,
      damping: 0,
    });
    expect(world.join({ type: "spring", a, b, stiffness: 9, damping: -1 })).toEqual({
      ...base,
      id: 2,
      type: "spring",
      a,
      b,
      length: 500,
      stiffness: 0.7,
      damping: 0,
    });
    expect(world.join({ type: "pin", a, b, ax: 10 })).toMatchObject({ id: 3, bx: -290, by: -400, length: 0 });
    expect([...world.constraints.keys()]).toEqual([1, 2, 3]);
  });

  test.each<[string, (world: World, a: Entity, b: Entity) => ConstraintSpec]>([
    ["a body to itself", (_, a) => ({ type: "rod", a, b: a })],
    [
      "two that nothing moves",
      (world) => ({ type: "rod", a: spawn(world, 1, 1, "fixed"), b: spawn(world, 9, 9, "kinematic") }),
    ],
    ["what nothing moves to a point", (world) => ({ type: "pin", a: spawn(world, 1, 1, "fixed") })],
    ["one of another world", (_, a) => ({ type: "rod", a, b: spawn(aWorld(), 0, 0) })],
    ["no number", (_, a) => ({ type: "rod", a, bx: Number.NaN, by: 0 })],
    ["no number as a length", (_, a, b) => ({ type: "rod", a, b, length: Number.NaN })],
    ["no number as a stiffness", (_, a, b) => ({ type: "rod", a, b, stiffness: Number.NaN })],
  ])("refuses and counts %s", (_, specOf) => {
    const world = aWorld();
    const spec = specOf(world, spawn(world, 100, 100), spawn(world, 200, 200));
    expect(world.join(spec)).toBeUndefined();
    expect([world.constraints.size, world.counters.refused]).toEqual([0, 1]);
  });

  test("refuses one too many", () => {
    const world = aWorld();
    const a = spawn(world, 0, 0);
    for (let i = 0; i < worldNumbers.maxConstraints; i++) expect(world.join({ type: "pin", a })).toBeDefined();
    expect(world.join({ type: "pin", a })).toBeUndefined();
  });
});

test("cut, a body is free; once cut, it may be cut again", () => {
  const world = aWorld(0.3);
  const body = spawn(world, 500, 500);
  const pin = world.join({ type: "pin", a: body })!;
  for (let i = 0; i < 30; i++) world.step();
  expect(body.y).toBeCloseTo(500, -1);
  // A game may have kept a copy: it is known by its id.
  world.cut({ ...pin });
  world.cut(pin);
  expect(world.constraints.size).toBe(0);
  for (let i = 0; i < 60; i++) world.step();
  expect(body.y).toBeGreaterThan(700);
});

test("constraints go with either of their entities", () => {
  const world = aWorld();
  const [a, b, c] = [spawn(world, 0, 0), spawn(world, 100, 0), spawn(world, 200, 0)];
  world.join({ type: "rod", a, b });
  world.join({ type: "rod", a: b, b: c });
  const last = world.join({ type: "rod", a: c, b: a })!;
  world.remove(b);
  expect([...world.constraints.values()]).toEqual([last]);
  world.step();
  expect(world.counters.broken).toBe(0);
});

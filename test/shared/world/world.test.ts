/** The world: units, limits, contacts, our own ids. */
import { describe, expect, test } from "vitest";
import { createRandom } from "../../../shared/world/random.ts";
import { createWorld, type EntitySpec, maxSpeed } from "../../../shared/world/world.ts";

const aWorld = (fields: { gravity?: number; maxEntities?: number } = {}) =>
  createWorld({ width: 1000, height: 1000, random: createRandom(1), ...fields });
const aBall = (fields: Partial<EntitySpec> = {}): EntitySpec => ({
  kind: "ball",
  shape: { type: "circle", radius: 20 },
  x: 0,
  y: 0,
  frictionAir: 0,
  ...fields,
});

describe("world", () => {
  test("ids count from 1 and are never used twice, however many worlds there are", () => {
    const worlds = [aWorld(), aWorld()];
    for (const world of worlds) {
      const first = world.spawn(aBall())!;
      world.remove(first);
      expect([first.id, world.spawn(aBall())!.id]).toEqual([1, 2]);
      expect(first.alive).toBe(false);
    }
  });

  test("gravity is in units per tick per tick, speed in units per tick", () => {
    const world = aWorld({ gravity: 0.5 });
    const ball = world.spawn(aBall())!;
    const mover = world.spawn(aBall({ x: 300, layer: 2, meets: 0 }))!;
    world.setVelocity(mover, 3, 0);
    for (let i = 0; i < 10; i++) world.step();
    expect(ball.vy).toBeCloseTo(5, 5);
    expect(mover.x).toBeCloseTo(330, 5);
  });

  test("no body is faster than the limit, and what was cut is counted", () => {
    const world = aWorld();
    const ball = world.spawn(aBall())!;
    world.setVelocity(ball, 500, 0);
    world.step();
    expect(ball.speed).toBeLessThanOrEqual(maxSpeed + 1e-9);
    expect(world.counters.clamped).toBe(1);
  });

  test("a wall of 80 units holds the smallest ball at full speed", () => {
    const world = aWorld();
    world.spawn({ kind: "wall", motion: "fixed", shape: { type: "box", width: 80, height: 400 }, x: 300, y: 0 });
    const ball = world.spawn(aBall())!;
    for (let i = 0; i < 120; i++) {
      world.setVelocity(ball, maxSpeed, 0);
      world.step();
    }
    expect(ball.x).toBeLessThan(300);
  });

  test("a full world refuses and counts", () => {
    const world = aWorld({ maxEntities: 1 });
    expect(world.spawn(aBall())).toBeDefined();
    expect(world.spawn(aBall())).toBeUndefined();
    expect(world.counters.refused).toBe(1);
  });

  test("a contact names both, the closing speed and the direction from a to b", () => {
    const world = aWorld();
    const a = world.spawn(aBall())!;
    const b = world.spawn(aBall({ x: 45 }))!;
    world.setVelocity(a, 8, 0);
    world.step();
    const [contact] = world.contacts;
    expect([contact!.a, contact!.b]).toEqual([a, b]);
    expect(contact!.impact).toBeCloseTo(8, 1);
    expect(contact!.nx).toBeCloseTo(1, 1);
    expect(b.vx).toBeGreaterThan(0);
    world.step();
    expect(world.contacts).toHaveLength(0);
  });

  test("a kinematic body pushes what it meets, and is not pushed", () => {
    const world = aWorld();
    const bar = world.spawn({
      kind: "bar",
      motion: "kinematic",
      shape: { type: "box", width: 400, height: 80 },
      x: 0,
      y: 0,
    })!;
    const ball = world.spawn(aBall({ x: 150, y: 62, frictionAir: 0.02 }))!;
    for (let i = 1; i <= 30; i++) {
      world.setAngle(bar, i * 0.03);
      world.step();
    }
    expect(ball.speed).toBeGreaterThan(1);
    expect([bar.x, bar.y]).toEqual([0, 0]);
  });

  test("mass follows the size, an impulse moves the heavy less", () => {
    const world = aWorld();
    const small = world.spawn(aBall({ meets: 0 }))!;
    const large = world.spawn(aBall({ meets: 0, x: 200 }))!;
    world.setRadius(large, 40);
    expect(large.mass / small.mass).toBeCloseTo(4, 1);
    for (const ball of [small, large]) world.applyImpulse(ball, 1, 0);
    expect(small.vx / large.vx).toBeCloseTo(4, 1);
  });

  test("numbers that are none change nothing", () => {
    const world = aWorld();
    const ball = world.spawn(aBall())!;
    world.setPosition(ball, Number.NaN, 0);
    world.setVelocity(ball, Number.POSITIVE_INFINITY, 0);
    world.setRadius(ball, -5);
    world.step();
    expect([ball.x, ball.y, ball.radius]).toEqual([0, 0, 20]);
  });

  test("a removed entity can be named again without harm", () => {
    const world = aWorld();
    const ball = world.spawn(aBall())!;
    world.remove(ball);
    world.remove(ball);
    world.setVelocity(ball, 1, 1);
    expect(world.entities.size).toBe(0);
  });
});

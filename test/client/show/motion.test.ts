/** Motion: what lies between two frames, what jumps, and what is forgotten. */
import { expect, test } from "vitest";
import { createMotion, type Motion, type Pose, shortestArc } from "../../../client/show/motion.ts";

type Body = readonly [id: number, x: number, y: number, angle?: number];

function push(motion: Motion, tick: number, ...bodies: Body[]): void {
  motion.push(tick, (visit) => {
    for (const [id, x, y, angle = 0] of bodies) visit(id, x, y, angle);
  });
}

function at(motion: Motion, tick: number): Record<number, Pose> {
  const found: Record<number, Pose> = {};
  motion.each(tick, (id, pose) => {
    found[id] = { ...pose };
  });
  return found;
}

test("between two frames a body is on the line between its places, with its velocity", () => {
  const motion = createMotion();
  push(motion, 0, [1, 100, 200]);
  push(motion, 3, [1, 130, 185]);
  expect(at(motion, 1)[1]).toEqual({ x: 110, y: 195, angle: 0, vx: 10, vy: -5 });
  expect(at(motion, 2.5)[1]?.x).toBeCloseTo(125);
  // After the newest frame it waits there: nothing is guessed.
  expect(at(motion, 9)[1]).toMatchObject({ x: 130, vx: 0 });
});

test("angles turn the short way", () => {
  const motion = createMotion();
  push(motion, 0, [1, 0, 0, Math.PI * 1.9]);
  push(motion, 4, [1, 0, 0, Math.PI * 0.1]);
  expect(at(motion, 2)[1]?.angle).toBeCloseTo(Math.PI * 2);
  expect(shortestArc(0.1, Math.PI * 2 - 0.1)).toBeCloseTo(-0.2);
  expect(shortestArc(3, -3)).toBeCloseTo(Math.PI * 2 - 6);
});

test("a teleport is not drawn as a flight", () => {
  const motion = createMotion();
  push(motion, 0, [1, 0, 0]);
  push(motion, 3, [1, 900, 900]);
  expect(at(motion, 2.9)[1]).toMatchObject({ x: 0, y: 0, vx: 0 });
  expect(at(motion, 3)[1]).toMatchObject({ x: 900, y: 900 });
});

test("a body comes with its first frame and goes with the first frame without it", () => {
  const motion = createMotion();
  push(motion, 0, [1, 0, 0]);
  push(motion, 3, [1, 0, 0], [2, 50, 50]);
  push(motion, 6, [2, 50, 50]);
  expect(Object.keys(at(motion, 2))).toEqual(["1"]);
  expect(Object.keys(at(motion, 4))).toEqual(["1", "2"]);
  expect(Object.keys(at(motion, 6))).toEqual(["2"]);
  motion.forget(6);
  expect(motion.size).toBe(1);
});

test("eight hours of comings and goings leave nothing behind", () => {
  const motion = createMotion();
  for (let i = 0; i < 5000; i++) {
    push(motion, i * 3, [i, 0, 0], [i + 1, 1, 1]);
    motion.forget(i * 3 - 6);
    expect(motion.size).toBeLessThan(8);
  }
});

test("slow motion can look 2 s back", () => {
  const motion = createMotion();
  for (let tick = 0; tick <= 180; tick += 3) push(motion, tick, [1, tick, 0]);
  expect(at(motion, 60)[1]?.x).toBe(60);
});

test("a tick before the last starts another world", () => {
  const motion = createMotion();
  push(motion, 900, [1, 0, 0], [2, 0, 0]);
  push(motion, 3, [7, 5, 5]);
  expect(Object.keys(at(motion, 3))).toEqual(["7"]);
});

/** The pose codec: what the stage decodes is what the room saw, whenever it joined. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPoseDecoder, createPoseEncoder, type Posed, poseQuantum } from "../../../shared/protocol/poses.ts";

type Body = { -readonly [K in keyof Posed]: Posed[K] };
const decoded = (decoder: ReturnType<typeof createPoseDecoder>) => {
  const poses = new Map<number, { x: number; y: number; angle: number }>();
  decoder.each((id, x, y, angle) => poses.set(id, { x, y, angle }));
  return poses;
};
const turn = Math.PI * 2;

function expectSame(decoder: ReturnType<typeof createPoseDecoder>, bodies: ReadonlyMap<number, Body>): void {
  const poses = decoded(decoder);
  expect([...poses.keys()].sort((a, b) => a - b)).toEqual([...bodies.keys()].sort((a, b) => a - b));
  for (const body of bodies.values()) {
    const pose = poses.get(body.id)!;
    expect(Math.abs(pose.x - body.x)).toBeLessThanOrEqual(poseQuantum / 2);
    expect(Math.abs(pose.y - body.y)).toBeLessThanOrEqual(poseQuantum / 2);
    const difference = Math.abs(pose.angle - (((body.angle % turn) + turn) % turn));
    expect(Math.min(difference, turn - difference)).toBeLessThanOrEqual(turn / 256);
  }
}

const place = fc.integer({ min: -200_000, max: 200_000 }).map((n) => n / 10);
const change = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("move" as const), pick: fc.nat(50), x: place, y: place, angle: place }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("add" as const), x: place, y: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), pick: fc.nat(50) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("send" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("join" as const) }) },
);

describe("pose codec", () => {
  test("every stage sees what the room saw, from whatever moment it joined", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 80 }), (changes) => {
        const bodies = new Map<number, Body>();
        const encoder = createPoseEncoder();
        const stages: ReturnType<typeof createPoseDecoder>[] = [];
        let nextId = 1;
        let tick = 0;
        const send = () => {
          const bytes = encoder.delta(++tick, bodies);
          for (const stage of stages) {
            stage.read(bytes);
            expect(stage.tick).toBe(tick);
            expectSame(stage, bodies);
          }
        };
        for (const step of changes) {
          const target = "pick" in step ? [...bodies.values()][step.pick % Math.max(1, bodies.size)] : undefined;
          if (step.do === "add") bodies.set(nextId, { id: nextId++, x: step.x, y: step.y, angle: 0 });
          else if (step.do === "move" && target) Object.assign(target, { x: step.x, y: step.y, angle: step.angle });
          else if (step.do === "remove" && target) bodies.delete(target.id);
          else if (step.do === "send") send();
          else if (step.do === "join") {
            const stage = createPoseDecoder();
            stage.read(encoder.key());
            stages.push(stage);
          }
        }
        send();
      }),
      { numRuns: 200 },
    );
  });

  test("a body that turns where it stands, and back, is seen to do both", () => {
    const body = { id: 1, x: 10, y: 10, angle: 0 };
    const bodies = new Map([[1, body]]);
    const encoder = createPoseEncoder();
    const stage = createPoseDecoder();
    encoder.delta(1, bodies);
    stage.read(encoder.key());
    for (const angle of [1, 0, 3, 3, 0]) {
      body.angle = angle;
      stage.read(encoder.delta(2, bodies));
      expectSame(stage, bodies);
    }
  });

  test("a body that rests costs one bit", () => {
    const bodies = new Map([[1, { id: 1, x: 10, y: 10, angle: 0 }]]);
    const encoder = createPoseEncoder();
    encoder.delta(1, bodies);
    // kind, tick, removed, bitmap, added
    expect(encoder.delta(2, bodies)).toHaveLength(5);
  });

  test("bytes that are no frame are refused", () => {
    const stage = createPoseDecoder();
    expect(() => stage.read(new Uint8Array([7, 1]))).toThrow(RangeError);
    expect(() => stage.read(new Uint8Array([]))).toThrow(RangeError);
    expect(() => stage.read(new Uint8Array([2, 1, 0, 0]))).toThrow("before the key frame");
    expect(() => stage.read(new Uint8Array([1, 1, 5]))).toThrow("ended too early");
  });
});

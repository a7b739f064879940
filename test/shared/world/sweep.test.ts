/** A tall world is swept along its height, and the same things touch in it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../../../shared/world/random.ts";
import { createWorld } from "../../../shared/world/world.ts";
import { anyShape } from "./any-world.ts";

test("the same bodies touch in a tall world and in a wide one", () => {
  let touched = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
      const touching = [100, 10_000].map((height) => {
        const random = createRandom(seed);
        const world = createWorld({ width: 1000, height, random });
        for (let at = 0; at < 60; at++) {
          world.spawn({
            ...{
              kind: "thing",
              shape: anyShape(random, 10, 150),
              layer: 1 + random.index(3),
              meets: 1 + random.index(3),
            },
            motion: random.pick(["dynamic", "fixed"] as const),
            x: random.between(0, 1000),
            y: random.between(0, 1000),
            angle: random.between(-3, 3),
          });
        }
        world.step();
        return world.contacts.map(({ a, b }) => `${a.id} ${b.id}`).sort();
      });
      expect(touching[1]).toEqual(touching[0]);
      touched += touching[0]!.length;
    }),
    { numRuns: 40 },
  );
  expect(touched).toBeGreaterThan(400);
});

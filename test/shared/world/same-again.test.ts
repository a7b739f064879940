/** Whatever a game does: a world that was saved and loaded goes on like the one that was not, and stays sound. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../../../shared/world/random.ts";
import { createWorld } from "../../../shared/world/world.ts";
import { anyWorld, lookOf, playAny, settings } from "./any-world.ts";

const seeds = fc.integer({ min: 0, max: 1e6 });

test("a loaded world goes on as the settled one, to the last digit", () => {
  let constraints = 0;
  let partings = 0;
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 120 }), (seed, ticks) => {
      const world = anyWorld(seed);
      for (let tick = 0; tick < ticks; tick++) playAny(world);
      world.settle();
      const saved = JSON.parse(JSON.stringify([world.save(), world.random.save()]));
      const loaded = createWorld({ ...settings, random: createRandom(saved[1]) }, saved[0]);
      expect(lookOf(loaded)).toBe(lookOf(world));
      constraints += world.constraints.size;
      for (let tick = 0; tick < 100; tick++) {
        expect(playAny(loaded)).toBe(playAny(world));
        partings += world.partings.length;
      }
      expect(world.counters.broken).toBe(0);
    }),
    { numRuns: 20 },
  );
  expect(constraints).toBeGreaterThan(10);
  expect(partings).toBeGreaterThan(100);
}, 60_000);

test("settling twice is settling once, and changes nothing that can be seen", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const world = anyWorld(seed);
      for (let tick = 0; tick < 60; tick++) playAny(world);
      const places = () =>
        Array.from(world.entities.values(), ({ id, x, y, angle, vx, vy, spin }) =>
          [id, x, y, angle, vx, vy, spin].map((n) => n + 0),
        );
      const before = places();
      world.settle();
      expect(places()).toEqual(before);
      const saved = JSON.stringify(world.save());
      world.settle();
      expect(JSON.stringify(world.save())).toBe(saved);
    }),
    { numRuns: 10 },
  );
});

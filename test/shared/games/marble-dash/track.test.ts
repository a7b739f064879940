/** Tracks: what is planned and built from any seed, and that every module lets marbles through. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { carry, moveMachines } from "../../../../shared/games/marble-dash/machines.ts";
import { marbleMaterial } from "../../../../shared/games/marble-dash/marbles.ts";
import { moduleNames, modules } from "../../../../shared/games/marble-dash/modules.ts";
import { gravity } from "../../../../shared/games/marble-dash/pacing.ts";
import { halfWidth, layers, leftX, middleX, mirrored, rightX } from "../../../../shared/games/marble-dash/pieces.ts";
import { wearPlates } from "../../../../shared/games/marble-dash/plates.ts";
import {
  buildTrack,
  checkpointAbove,
  gateY,
  jointAbove,
  jointBelow,
  planTrack,
  screenHeight,
  type TrackKind,
  tracks,
  worldHeight,
} from "../../../../shared/games/marble-dash/track.ts";
import { createRandom } from "../../../../shared/world/random.ts";
import { createWorld } from "../../../../shared/world/world.ts";

const kinds = Object.keys(tracks) as TrackKind[];
const aPlan = fc.record({
  kind: fc.constantFrom(...kinds),
  screens: fc.integer({ min: 4, max: 9 }),
  honour: fc.boolean(),
  allowed: fc.oneof(fc.constant(moduleNames), fc.subarray(moduleNames)),
  seed: fc.integer(),
});

describe("a plan", () => {
  test("is about as long as asked, has its hazards, gates and last stretch, and fits the world", () => {
    const property = fc.property(aPlan, ({ seed, ...wishes }) => {
      const plan = planTrack(wishes, createRandom(seed));
      const names = plan.sections.map(({ module }) => module);
      const count = (role: string) => names.filter((name) => modules[name].role === role).length;
      const length = plan.finishY - gateY;
      expect(length).toBeGreaterThan((wishes.screens - 0.7) * screenHeight);
      expect(length).toBeLessThan((wishes.screens + 1.2) * screenHeight);
      expect(plan.floorY + 200).toBeLessThan(worldHeight);
      expect(names.at(-1)).toBe("finale");
      expect(count("finale")).toBe(1);
      expect(count("honour")).toBe(wishes.honour ? 1 : 0);
      expect(count("hazard")).toBeLessThanOrEqual(tracks[wishes.kind].hazards);
      if (wishes.allowed === moduleNames) {
        if (wishes.screens >= 7) expect(count("hazard")).toBe(tracks[wishes.kind].hazards);
        expect(count("gate")).toBeGreaterThan(0);
      }
      // From top to bottom without gaps but for the free stretches between.
      for (const [index, section] of plan.sections.entries()) {
        const above = plan.sections[index - 1];
        if (above) expect(section.topY).toBeGreaterThan(above.bottomY);
      }
      for (const at of plan.checkpoints) {
        expect(jointAbove(plan, at)).toBe(at);
        expect(jointBelow(plan, at)).toBe(at);
        expect(checkpointAbove(plan, at + 10)).toBe(at);
      }
    });
    fc.assert(property, { numRuns: 40 });
  });

  test("differs from seed to seed, and is the same for the same seed", () => {
    const of = (seed: number) =>
      planTrack({ kind: "normal", screens: 7, allowed: moduleNames, honour: false }, createRandom(seed));
    expect(of(5)).toEqual(of(5));
    expect(new Set([1, 900, 40_000, 7_000_000].map((seed) => JSON.stringify(of(seed)))).size).toBe(4);
  });
});

describe.each(moduleNames)("the module %s", (name) => {
  test("keeps within its height and the walls, in the mirror too", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const module = modules[name];
        for (const piece of module.pieces(createRandom(seed))) {
          const reach = piece.radius ?? 0;
          expect(piece.y).toBeGreaterThan(0);
          expect(piece.y + reach).toBeLessThan(module.height);
          expect(Math.abs(piece.x) + reach + Math.abs(piece.sway?.reach ?? 0)).toBeLessThanOrEqual(halfWidth);
          const twice = mirrored(mirrored(piece));
          expect(twice.x).toBe(piece.x);
          expect(twice.angle ?? 0).toBeCloseTo(piece.angle ?? 0, 9);
        }
      }),
      { numRuns: 5 },
    );
  });

  test.each([false, true])("lets eight marbles through without help, between the walls (mirrored: %s)", (turned) => {
    const random = createRandom(11);
    const world = createWorld({ width: 1080, height: worldHeight, gravity, maxEntities: 200, random });
    const section = { module: name, topY: 400, bottomY: 400 + modules[name].height, mirrored: turned };
    const plan = { kind: "easy", sections: [section], checkpoints: [], finishY: 9000, floorY: 9500 } as const;
    const track = buildTrack(world, plan, random, "tiktok:ana");
    for (const entity of track.gate) world.remove(entity);
    const marbles = Array.from({ length: 8 }, (_, nr) =>
      world.spawn({
        ...{ kind: "marble", shape: { type: "circle", radius: 47 }, x: leftX + 75 + nr * 105, y: 250 - (nr % 3) * 110 },
        ...marbleMaterial,
        layer: layers.marble,
      }),
    );
    const isThrough = () => marbles.every((marble) => marble!.y > section.bottomY);
    for (let tick = 0; tick < 60 * 45 && !isThrough(); tick++) {
      moveMachines(track, world, 1);
      for (const marble of marbles) carry(track, marble!, world, 1);
      world.step();
      wearPlates(
        track,
        world,
        () => false,
        () => undefined,
      );
      if (marbles.some((marble) => marble!.x < leftX || marble!.x > rightX)) throw new Error("a marble is in the wall");
    }
    expect(
      marbles.filter((marble) => marble!.y <= section.bottomY).map((marble) => [marble!.x, marble!.y - 400]),
    ).toEqual([]);
  });
});

test("a mirrored section stands the other way round", () => {
  const xs = (turned: boolean) => {
    const random = createRandom(1);
    const world = createWorld({ width: 1080, height: worldHeight, gravity: 0, maxEntities: 100, random });
    const section = { module: "zigzag", topY: 2000, bottomY: 3240, mirrored: turned } as const;
    const plan = { kind: "easy", sections: [section], checkpoints: [], finishY: 4000, floorY: 4500 } as const;
    const { standing } = buildTrack(world, plan, random, "");
    return standing.filter(({ kind }) => kind === "shelf").map(({ x, angle }) => [x - middleX, Math.sin(angle * 2)]);
  };
  const [plain, turned] = [xs(false), xs(true)];
  expect(plain).toHaveLength(3);
  for (const [nr, [x, slope]] of plain.entries()) {
    expect(turned[nr]![0]).toBeCloseTo(-x!, 6);
    expect(turned[nr]![1]).toBeCloseTo(-slope!, 6);
  }
});

test("a built track has its gates and machines at hand, and takes little of the world's room", () => {
  fc.assert(
    fc.property(aPlan, ({ seed, ...wishes }) => {
      const random = createRandom(seed);
      const world = createWorld({ width: 1080, height: worldHeight, gravity: 0, maxEntities: 420, random });
      const plan = planTrack({ ...wishes, allowed: moduleNames }, random);
      const track = buildTrack(world, plan, random, wishes.honour ? "tiktok:ana" : "");
      expect(world.counters.refused).toBe(0);
      expect(world.entities.size).toBe(track.standing.length);
      expect(world.entities.size).toBeLessThan(330);
      expect(track.gate).toHaveLength(3);
      expect(track.doors.length).toBeGreaterThan(1);
      for (const { x, y } of world.entities.values()) {
        expect(Math.abs(x - middleX)).toBeLessThanOrEqual(halfWidth + 80);
        expect(y).toBeLessThan(worldHeight);
      }
    }),
    { numRuns: 10 },
  );
});

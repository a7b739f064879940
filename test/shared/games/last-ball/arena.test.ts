/** The arena presets: what stands on each, that nothing closes them, and that each gives whole rounds. */
import { describe, expect, test } from "vitest";
import { bumpersFor } from "../../../../shared/games/last-ball/arena.ts";
import { arenaNames, arenaPresets } from "../../../../shared/games/last-ball/presets.ts";
import { aMatch, someRules } from "./a-match.ts";

const second = 60;
const largestBall = 56;
const bumperRadius = 30;

/** Gap left between two of `count` bumpers in a ring. */
const gapOf = (count: number, reach: number) => 2 * reach * Math.sin(Math.PI / count) - 2 * bumperRadius;

const countKinds = (match: ReturnType<typeof aMatch>) => {
  const kinds = { bumper: 0, bar: 0, hub: 0 };
  for (const { kind } of match.simulation.world.entities.values()) if (kind in kinds) kinds[kind as "bar"]++;
  return kinds;
};

describe.each(arenaNames)("%s", (arena) => {
  const preset = arenaPresets[arena];

  test("stands as its preset says, inside the safe zone, and again in the next round", () => {
    const match = aMatch({ arena, bots: { fillTo: 4 }, resultsSeconds: 1 });
    const middle = preset.barLengthUnits > 0 ? 1 : 0;
    const whole = { bumper: preset.rimBumpers + preset.posts, bar: middle, hub: middle };
    match.step();
    expect(countKinds(match)).toEqual(whole);
    for (const { x, y, kind } of match.simulation.world.entities.values()) {
      expect(Math.hypot(x - 485, y - 1010), kind).toBeLessThanOrEqual(431);
    }
    match.toOpenPlay();
    match.show.endPhase("sudden");
    match.until("lobby");
    expect(countKinds(match)).toEqual(whole);
  });

  test("leaves room for the largest ball between rim bumpers, however small the rim", () => {
    for (let radius = 130; radius <= 430; radius += 10) {
      expect(gapOf(bumpersFor(radius, preset.rimBumpers), radius), `${radius}`).toBeGreaterThan(2 * largestBall);
    }
  });

  test("leaves room between posts, and between posts and bar", () => {
    if (preset.posts === 0) return expect(preset.postReachUnits).toBe(0);
    expect(gapOf(preset.posts, preset.postReachUnits)).toBeGreaterThan(2 * largestBall);
    const inner = preset.postReachUnits - bumperRadius - preset.barLengthUnits / 2;
    expect(inner).toBeGreaterThan(2 * largestBall);
  });

  test("turns its bar at its own pace", () => {
    const match = aMatch({ arena, bots: { fillTo: 4 } });
    match.step();
    const before = match.game.arena.barAngle;
    match.run(10);
    expect(Math.abs(match.game.arena.barAngle - before)).toBeCloseTo(preset.barTurn * 10, 6);
  });

  test.each([
    [2, 1],
    [8, 1],
    [30, 2],
  ])("gives a whole round to %i balls (seed %i)", (balls, seed) => {
    const match = aMatch({ arena, bots: { fillTo: Math.min(20, balls) } }, seed);
    for (let i = 20; i < balls; i++) match.player(match.add(`p${i}`));
    match.until("play");
    const began = match.simulation.world.tick;
    match.until("results");
    const seconds = (match.simulation.world.tick - began) / second;
    expect(seconds).toBeGreaterThan(15);
    expect(seconds).toBeLessThanOrEqual(110);
    expect(match.show.players.active).toHaveLength(1);
    expect(match.simulation.counters.errors).toBe(0);
  });
});

describe("posts", () => {
  test("fall when the rim comes near, and all of them in sudden death", () => {
    const match = aMatch({ arena: "pinball", bots: { fillTo: 6 } });
    match.toOpenPlay();
    for (const player of match.show.players.active) player.shieldUntil = 1_000_000;
    expect(match.game.arena.posts).toHaveLength(5);
    match.game.arena.radius = 300;
    match.step();
    expect(match.game.arena.posts).toHaveLength(5);
    match.game.arena.radius = 290;
    match.step();
    expect(match.game.arena.posts).toHaveLength(0);
    expect(match.kinds().filter((kind) => kind === "bumperDrop").length).toBeGreaterThanOrEqual(5);

    const sudden = aMatch({ arena: "pinball", bots: { fillTo: 6 } });
    sudden.toOpenPlay();
    sudden.show.endPhase("sudden");
    sudden.step();
    expect(countKinds(sudden).bumper).toBe(sudden.game.arena.bumpers.length);
  });

  test("throw balls that run into them", () => {
    const match = aMatch({ arena: "pinball", bots: { fillTo: 2 } });
    match.toOpenPlay();
    const [post] = match.game.arena.posts;
    const [ball] = match.show.players.active;
    match.simulation.world.setPosition(ball!.body!, post!.x - 100, post!.y);
    match.simulation.world.setVelocity(ball!.body!, 12, 0);
    match.effects.length = 0;
    match.run(8);
    expect(match.effects.some(({ kind, other }) => kind === "bumperHit" && other === post!.id)).toBe(true);
  });

  test("are kept clear of by new balls", () => {
    const match = aMatch({ arena: "pinball", lobbySeconds: 30 });
    for (let i = 0; i < 12; i++) {
      const { body } = match.player(match.add(`p${i}`));
      for (const post of match.game.arena.posts) {
        expect(Math.hypot(post.x - body!.x, post.y - body!.y)).toBeGreaterThan(bumperRadius + body!.radius * 0.8);
      }
    }
  });
});

test("an arena that does not exist is refused", () => {
  expect(() => someRules({ arena: "moon" as "open" })).toThrow(/classic/);
});

/** Rounds: phases, shrinking, sudden death, tie rule, podium and points, mode hp. */
import { describe, expect, test } from "vitest";
import { lastToTouch } from "../../../../shared/games/last-ball/falls.ts";
import { createBall, type Player } from "../../../../shared/games/last-ball/state.ts";
import { aChat } from "../../../support/events.ts";
import { aMatch } from "./a-match.ts";

const second = 60;
const people = (count: number) => Array.from({ length: count }, (_, i) => aChat("hi", `p${i}`));

describe("a round", () => {
  test("goes through its phases by itself, again and again", () => {
    const match = aMatch({ bots: { fillTo: 4 }, resultsSeconds: 1 });
    const seen: string[] = [];
    for (let last = ""; seen.length < 10; match.step()) {
      const { name, round } = match.simulation.phase;
      if (`${name}${round}` === last) continue;
      last = `${name}${round}`;
      if (name !== "sudden") seen.push(last);
    }
    expect(seen.slice(0, 6)).toEqual(["lobby1", "countdown1", "play1", "results1", "lobby2", "countdown2"]);
    expect(match.simulation.counters.errors).toBe(0);
  });

  test("has no ring-outs before play, and none in its first 4 seconds", () => {
    const match = aMatch({ lobbySeconds: 5 });
    match.step(...people(30));
    match.until("play");
    match.run(4 * second - 2);
    expect(match.kinds()).not.toContain("knockOut");
    for (const { body } of match.show.players.active) {
      expect(Math.hypot(body!.x - 485, body!.y - 1010)).toBeLessThan(430);
    }
  });

  test("waits in the lobby for somebody to come", () => {
    const match = aMatch();
    match.run(20 * second);
    expect(match.simulation.phase.name).toBe("lobby");
    match.step(...people(2));
    match.run(8 * second);
    expect(match.simulation.phase.name).not.toBe("lobby");
  });

  test("names winner, podium and points", () => {
    const match = aMatch({ lives: 1 });
    match.step(...people(4));
    match.toOpenPlay();
    for (const id of ["p1", "p3", "p2"]) {
      match.throwOut(id, "p0");
      match.step();
    }
    match.step();
    expect(match.simulation.phase.name).toBe("results");
    expect(match.simulation.hud()).toMatchObject({
      headline: "Winner",
      leader: "tiktok:p0",
      podium: ["tiktok:p0", "tiktok:p2", "tiktok:p3"],
    });
    // 10 for the win and 5 for most knock-outs; the three knock-outs themselves count in the round only.
    expect(match.simulation.boards.show).toMatchObject([{ viewer: "tiktok:p0", score: 15, wins: 1 }]);
    expect(match.simulation.boards.round[0]).toMatchObject({ viewer: "tiktok:p0", score: 18, wins: 1 });
    expect(match.badges()).toEqual(["First win"]);
  });

  test("won without a knock-out gives the badge", () => {
    const match = aMatch({ lives: 1 });
    match.step(...people(2));
    match.toOpenPlay();
    match.throwOut("p1");
    match.run(2);
    expect(match.badges()).toContain("Peaceful win");
    expect(match.words()).toContain("p0 won without a knock-out");
  });

  test("with one ball left waits a moment for who may still return", () => {
    const match = aMatch();
    match.step(...people(2));
    match.toOpenPlay();
    match.run(second);
    match.throwOut("p1", "p0");
    match.run(2 * second);
    expect(match.simulation.phase.name).toBe("play");
    expect(match.simulation.hud().headline).toBe("Comment to return");
    match.step(aChat("back!", "p1"));
    expect(match.simulation.hud().headline).toBe("2 left");
    match.throwOut("p1", "p0");
    match.run(2);
    expect(match.simulation.phase.name).toBe("results");
  });
});

describe("a small room", () => {
  test.each([
    [2, 9],
    [4, 6.5],
    [6, 4],
    [12, 4],
  ])("of %i gets %d s before the rim opens", (count, seconds) => {
    const match = aMatch({ lobbySeconds: 5 });
    match.step(...people(count));
    match.until("play");
    const { rimOpensAtTick } = match.simulation.props();
    expect(rimOpensAtTick! - match.simulation.phase.startTick).toBe(seconds * second);
  });

  test("has gentler hits at first, and full ones later", () => {
    const heats = (count: number) => {
      const match = aMatch({ lobbySeconds: 5 });
      match.step(...people(count));
      match.until("play");
      const found: number[] = [];
      for (const wait of [15, 35]) {
        for (const player of match.show.players.active) player.shieldUntil = 1_000_000;
        match.run(wait * second);
        found.push(match.game.heat);
      }
      return found;
    };
    const [early, late] = heats(2);
    expect(early).toBeLessThan(heats(8)[0]! * 0.75);
    expect(late).toBeGreaterThan(early! * 1.5);
  });
});

describe("the platform", () => {
  test("shrinks in steps, each announced 3 s before, down to its share", () => {
    const match = aMatch({ playSeconds: 60, shrinkSteps: 3, shrinkTo: 0.7 });
    match.step(...people(6));
    match.until("play");
    for (const player of match.show.players.active) player.shieldUntil = 1_000_000;
    const radii = new Set<number>();
    let warnedAt = -1;
    while (match.simulation.phase.name === "play") {
      const before = match.game.arena.radius;
      match.step();
      const { arenaRadius, shrinkAtTick } = match.simulation.props();
      if (shrinkAtTick! > 0 && warnedAt < 0) warnedAt = match.simulation.world.tick;
      if (match.game.arena.radius < before && before === [...radii].at(-1)) {
        expect(match.simulation.world.tick - warnedAt).toBeGreaterThanOrEqual(3 * second - 1);
      }
      if (shrinkAtTick === 0) {
        radii.add(arenaRadius!);
        warnedAt = -1;
      }
    }
    expect([...radii]).toEqual([430, 387, 344, 301]);
    expect(match.kinds().filter((kind) => kind === "shrinkWarn").length).toBeGreaterThanOrEqual(3);
  });

  test("carries its bumpers inwards, fewer on a smaller rim", () => {
    const match = aMatch({ bots: { fillTo: 6 } });
    match.toOpenPlay();
    match.show.endPhase("sudden");
    match.step();
    for (const player of match.show.players.active) player.shieldUntil = 1_000_000;
    match.run(6 * second);
    for (const bumper of match.game.arena.bumpers) {
      expect(Math.hypot(bumper.x - 485, bumper.y - 1010)).toBeCloseTo(match.game.arena.radius, 0);
    }
    expect(match.game.arena.bumpers).toHaveLength(3);
    expect(match.game.arena.radius).toBeCloseTo(430 * 0.35, 0);
    expect(match.game.arena.bar).toBeUndefined();
  });

  test("stands whole again in the next round", () => {
    const match = aMatch({ bots: { fillTo: 4 } });
    match.toOpenPlay();
    match.show.endPhase("sudden");
    match.until("lobby");
    expect(match.game.arena).toMatchObject({ radius: 430, nextRadius: 430, shrinkAtTick: 0 });
    expect(match.game.arena.bumpers).toHaveLength(8);
    expect(match.game.arena.bar?.alive).toBe(true);
  });

  test("all of it lies inside the safe zone", () => {
    const match = aMatch({ bots: { fillTo: 8 } });
    match.until("play");
    for (const { x, y, kind } of match.simulation.world.entities.values()) {
      expect(x, kind).toBeGreaterThan(40);
      expect(x, kind).toBeLessThan(930);
      expect(y, kind).toBeGreaterThan(545);
      expect(y, kind).toBeLessThan(1500);
    }
  });
});

describe("sudden death", () => {
  test.each([1, 2, 3, 4])("decides within its 25 s, with weak hits too (seed %i)", (seed) => {
    const match = aMatch({ playSeconds: 20, hitPower: 0.3, seekStrength: 0.3, bots: { fillTo: 8 } }, seed);
    match.until("sudden");
    const began = match.simulation.world.tick;
    expect(match.show.players.active.length).toBeGreaterThan(1);
    match.until("results");
    expect(match.simulation.world.tick - began).toBeLessThan(25 * second);
    expect(match.show.players.active).toHaveLength(1);
  });

  test("doubles hits", () => {
    const speedAfterHit = (sudden: boolean) => {
      const match = aMatch();
      match.step(...people(2));
      match.toOpenPlay();
      if (sudden) {
        match.show.endPhase("sudden");
        match.step();
      }
      match.game.heat = 1;
      match.place("p0", -100, 200);
      match.place("p1", 20, 200);
      for (const id of ["p0", "p1"]) match.player(id).shieldUntil = 0;
      for (const id of ["p0", "p1"]) match.player(id).stunUntil = 1_000_000;
      match.simulation.world.setVelocity(match.player("p0").body!, 12, 0);
      for (let i = 0; i < 10 && match.player("p1").body!.vx < 2; i++) match.step();
      return match.player("p1").body!.vx;
    };
    expect(speedAfterHit(true)).toBeGreaterThan(speedAfterHit(false) * 1.2);
  });
});

describe("the tie rule", () => {
  const player = (key: string, contactOrder: number, knockOuts = 0): Player => ({
    ...createBall(),
    ...{ key, bot: false, team: 0, body: undefined, seat: undefined },
    ...{ playedRound: 0, actedRound: 0, toldRound: 0, turnRound: 0 },
    contactOrder,
    knockOuts,
  });

  test.each([
    ["the last contact wins", [player("a", 3), player("b", 9), player("c", 4)], "b"],
    ["then more knock-outs", [player("a", 0), player("b", 0, 2)], "b"],
    ["then who came first", [player("a", 0), player("b", 0)], "a"],
    ["nobody of none", [], undefined],
  ] as const)("%s", (_, players, wanted) => {
    expect(lastToTouch(players)?.key).toBe(wanted);
  });

  test("when all go over the rim in one tick, the last to touch stays in and wins", () => {
    const match = aMatch({ lives: 1 });
    match.step(...people(3));
    match.toOpenPlay();
    match.player("p0").contactOrder = 5;
    match.player("p1").contactOrder = 8;
    match.player("p2").contactOrder = 6;
    for (const [index, id] of ["p0", "p1", "p2"].entries()) {
      match.player(id).shieldUntil = 0;
      match.place(id, (index - 1) * 300, 600);
    }
    match.run(2);
    expect(match.simulation.phase.name).toBe("results");
    expect(match.game.winner).toBe("tiktok:p1");
  });

  test("decides also when the time of sudden death runs out", () => {
    const match = aMatch();
    match.step(...people(3));
    match.toOpenPlay();
    match.player("p2").contactOrder = 1000;
    match.show.endPhase("results");
    match.step();
    expect(match.simulation.hud().podium[0]).toBe("tiktok:p2");
    expect(match.simulation.hud().podium).toHaveLength(3);
  });
});

describe("mode hp", () => {
  test("hits cost health, the rim throws back, and a round ends with one ball", () => {
    const match = aMatch({ mode: "hp", bots: { fillTo: 6 } });
    match.toOpenPlay();
    const [first] = match.show.players.active;
    match.simulation.world.setPosition(first!.body!, 485, 1010 + 500);
    match.step();
    expect(first!.body?.alive).toBe(true);
    expect(first!.body!.wear.get("health")).toBeGreaterThan(0);
    match.until("results");
    expect(match.show.players.active).toHaveLength(1);
    expect(match.kinds().filter((kind) => kind === "knockOut")).toHaveLength(5);
  });

  test.each([1, 2])("sudden death decides with weak hits too (seed %i)", (seed) => {
    const match = aMatch({ mode: "hp", playSeconds: 20, hitPower: 0.3, health: 500, bots: { fillTo: 6 } }, seed);
    match.until("results");
    expect(match.simulation.hud().podium.length).toBe(3);
    expect(match.simulation.world.tick).toBeLessThan(60 * second);
  });
});

/** Matches of Core Clash: goals, saves, time, comebacks, and how one ends. */
import { describe, expect, test } from "vitest";
import { comebackFactor, lastFactor } from "../../../../shared/games/core-clash/pushes.ts";
import { aClash, second } from "./a-clash.ts";

const inPlay = (options = {}) => aClash(options).play("ana", "bo");

describe("a goal", () => {
  test("counts for the team of the other line, and the core comes back in the middle", () => {
    const clash = inPlay();
    clash.putCore(1, 291);
    clash.show.run();
    expect(clash.team(2).goals).toBe(1);
    expect(clash.effects("goal")).toMatchObject([{ text: "2" }]);
    expect(clash.game.core).toBeUndefined();
    clash.show.run(2 * second + 1);
    expect(Math.abs(clash.depth(1))).toBeLessThan(1);
    expect(clash.kinds()).toContain("kickOff");
  });

  test("takes nothing of what is in the air: shots are loaded again", () => {
    const clash = inPlay();
    clash.show.act("pebble", "ana");
    clash.show.gift("ana", { value: 10 });
    clash.show.run(6);
    expect(clash.shots()).toHaveLength(2);
    clash.goalFor(1);
    expect(clash.shots()).toEqual([]);
    expect(clash.team(1).charge).toBe(1);
    expect(clash.team(1).heavies).toMatchObject([{ kind: "boulder", owner: "tiktok:ana", strength: 9 }]);
    clash.show.run(4 * second);
    expect(clash.team(1).heavies).toEqual([]);
    expect(clash.team(1).charge).toBeLessThan(1);
  });

  test("is no goal a unit before the line", () => {
    const clash = inPlay();
    clash.putCore(1, 287);
    clash.show.run();
    expect(clash.team(2).goals).toBe(0);
  });
});

describe("the end", () => {
  test("comes with the goals to win, after a look at the last one", () => {
    const clash = inPlay({ goalsToWin: 2 });
    clash.goalFor(1);
    clash.goalFor(1);
    expect(clash.show.phase).toBe("play");
    clash.show.run(2 * second + 1);
    expect(clash.show.phase).toBe("results");
    expect(clash.game.winner).toBe(1);
  });

  test("comes when the time is up and a team is ahead", () => {
    const clash = inPlay({ playSeconds: 30 });
    clash.goalFor(2);
    clash.show.until(() => clash.show.phase === "results");
    expect(clash.show.tick - clash.context.phase.startTick).toBeLessThan(5);
    expect(clash.game.winner).toBe(2);
  });

  test("is a golden goal after a draw", () => {
    const clash = inPlay({ playSeconds: 30 });
    clash.show.until(() => clash.show.phase === "sudden");
    clash.goalFor(2);
    clash.show.until(() => clash.show.phase === "results", 4 * second);
    expect(clash.game.winner).toBe(2);
  });

  test.each([
    [60, 2],
    [-60, 1],
  ] as const)("of a sudden death without a goal is for who has the core %i deep in Cyan's half", (depth, winner) => {
    const clash = inPlay({ playSeconds: 30, suddenSeconds: 10, flatSeconds: 120 });
    clash.show.until(() => clash.show.phase === "sudden");
    clash.show.run(10 * second - 3);
    clash.putCore(1, depth);
    clash.show.run(3);
    expect(clash.show.phase).toBe("results");
    expect(clash.game.winner).toBe(winner);
  });

  test("is a draw when all is even", () => {
    const clash = inPlay({ playSeconds: 30, suddenSeconds: 10 });
    clash.show.until(() => clash.show.phase === "results");
    expect(clash.game.winner).toBe(0);
    expect(clash.words()).toContain("A draw");
  });
});

describe("a save", () => {
  test("is whose pushes drove the core back most, and the deepest is the best", () => {
    const clash = aClash({ bumperHits: 0 }).play("ana", "bo", "cem");
    clash.putCore(1, 200);
    clash.show.run();
    clash.show.act("pebble", "cem");
    clash.show.gift("ana", { value: 10 });
    clash.show.run(second);
    clash.putCore(1, 50);
    clash.show.run();
    expect(clash.player("ana").saves).toBe(1);
    expect(clash.player("ana").bestSave).toBeGreaterThan(180);
    expect(clash.player("cem").saves).toBe(0);
    expect(clash.words()).toContain("ana saved the line");
  });

  test("is nobody's who pushes from the other side, and none when the core goes in", () => {
    const clash = aClash({ bumperHits: 0 }).play("ana", "bo");
    clash.putCore(1, 200);
    clash.show.run();
    clash.show.act("pebble", "bo");
    clash.show.run(40);
    expect(clash.effects("shotHit").length).toBeGreaterThan(0);
    clash.putCore(1, 50);
    clash.show.run();
    expect(clash.effects("save")).toHaveLength(1);
    expect(clash.player("bo").saves).toBe(0);
    clash.putCore(1, 200);
    clash.show.run();
    clash.show.act("pebble", "ana");
    clash.show.run(20);
    clash.goalFor(2);
    clash.show.run(3 * second);
    expect(clash.player("ana").saves).toBe(0);
  });
});

describe("worth of pushes", () => {
  test("is 1.3 for who is two goals behind, until they have caught up", () => {
    const clash = inPlay();
    clash.goalFor(1);
    expect(comebackFactor(clash.game, 2, clash.context)).toBe(1);
    clash.goalFor(1);
    expect(comebackFactor(clash.game, 2, clash.context)).toBe(1.3);
    expect(comebackFactor(clash.game, 1, clash.context)).toBe(1);
    clash.goalFor(2);
    expect(comebackFactor(clash.game, 2, clash.context)).toBe(1);
  });

  test("is 1.3 for who has pushed far less and does not lead", () => {
    const clash = inPlay();
    for (const team of [1, 2] as const) {
      clash.team(team).pushes = 31;
      clash.team(team === 1 ? 2 : 1).pushes = 20;
      expect(comebackFactor(clash.game, team === 1 ? 2 : 1, clash.context)).toBe(1.3);
      expect(comebackFactor(clash.game, team, clash.context)).toBe(1);
    }
    clash.team(1).pushes = 29;
    expect(comebackFactor(clash.game, 1, clash.context)).toBe(1);
  });

  test("is 1.5 for both in the last 30 seconds and in sudden death, and shots are heavier by it", () => {
    const clash = inPlay({ playSeconds: 60 });
    const mass = () => {
      clash.show.act("pebble", "ana");
      clash.show.run(2);
      return clash.shots("pebble").at(-1)!.entity.mass;
    };
    const before = mass();
    expect(lastFactor(clash.context)).toBe(1);
    clash.show.run(32 * second);
    expect(lastFactor(clash.context)).toBe(1.5);
    expect(mass()).toBeCloseTo(before * 1.5, 3);
    clash.show.until(() => clash.show.phase === "sudden");
    expect(lastFactor(clash.context)).toBe(1.5);
  });
});

describe("results", () => {
  test("honour most pushes, best save and most free pushes, and give their points and the win's", () => {
    const clash = aClash({ goalsToWin: 1 }).play("ana", "bo", "cem", "dan");
    clash.show.gift("ana", { value: 20 });
    for (const who of ["bo", "bo", "cem"]) clash.show.act("pebble", who);
    clash.show.run(second);
    clash.player("cem").bestSave = 222;
    clash.player("cem").saves = 1;
    clash.goalFor(1);
    clash.show.until(() => clash.show.phase === "results");
    expect(clash.show.simulation.hud()).toMatchObject({
      headline: "Cyan wins",
      score: [
        { team: 1, value: 1 },
        { team: 2, value: 0 },
      ],
      awards: [
        { title: "Most pushes", viewer: "tiktok:ana", value: "9" },
        { title: "Best save", viewer: "tiktok:cem", value: "1 saved" },
        { title: "Top free player", viewer: "tiktok:bo", value: "2" },
      ],
    });
    const rows = clash.context.boards.show.map(({ viewer, score, wins }) => [viewer, score, wins]);
    expect(rows).toEqual([
      ["tiktok:ana", 15, 1],
      ["tiktok:cem", 15, 1],
      ["tiktok:bo", 5, 0],
    ]);
    expect(clash.words()).toEqual(expect.arrayContaining(["ana most pushes", "cem best save", "bo top free player"]));
  });
});

describe("the lane", () => {
  test("draws a core back at first, and rolls it off later", () => {
    const clash = inPlay({ bumperHits: 0 });
    clash.putCore(1, 150);
    clash.show.run(4 * second);
    expect(clash.depth(1)).toBeLessThan(110);
    clash.show.run(26 * second);
    clash.putCore(1, 60);
    clash.show.run(5 * second);
    expect(clash.depth(1)).toBeGreaterThan(80);
  });

  test("keeps the core in, whatever throws it", () => {
    const clash = inPlay();
    for (let i = 0; i < 20; i++) {
      clash.show.world.setVelocity(clash.core(), i % 2 === 0 ? 30 : -30, 0);
      clash.show.run(20);
      expect(Math.abs(clash.core().x - 485)).toBeLessThan(425 - 130 + 12);
    }
  });
});

describe("keep it up", () => {
  test("is played while there are no people; the core falls, and there is a record to beat", () => {
    const clash = aClash();
    clash.show.skipTo("play");
    clash.show.run();
    expect(clash.game.idle).toBe(true);
    clash.show.until(() => clash.show.phase === "results", 60 * second);
    expect(clash.game.record).toBeGreaterThan(2 * second);
    expect(clash.show.simulation.hud().headline).toMatch(/^Record \d+ s$/);
    expect(clash.context.boards.show).toEqual([]);
  });

  test("is longer with likes, and who only likes plays the match that comes next", () => {
    const kept = (likes: number) => {
      const clash = aClash();
      clash.show.skipTo("play");
      for (let left = 100; clash.show.phase === "play" && left > 0; left--) {
        if (likes > 0) clash.show.like("ana", likes);
        clash.show.run(second);
      }
      return clash;
    };
    const alone = kept(0);
    const liked = kept(30);
    expect(liked.game.record).toBeGreaterThan(alone.game.record * 1.5);
    expect(liked.player("ana").body?.kind).toBe("cannon");
    liked.show.skipTo("results");
    liked.show.skipTo("play");
    liked.show.run();
    expect(liked.game.idle).toBe(false);
  });

  test("gives way to a match as soon as somebody comes", () => {
    const clash = aClash();
    clash.show.skipTo("play");
    clash.show.run(second);
    clash.show.chat("ana", "hi");
    clash.show.run(3);
    expect(clash.show.phase).toBe("lobby");
    expect(clash.player("ana").body?.kind).toBe("cannon");
    clash.show.skipTo("play");
    clash.show.run();
    expect(clash.game.idle).toBe(false);
  });
});

describe("the machine", () => {
  test("plays Pink in coop, about as hard as viewers do, and is never helped", () => {
    const clash = aClash({ mode: "coop" }).play("ana", "bo");
    expect(clash.player("bo").team).toBe(1);
    for (let i = 0; i < 30; i++) {
      clash.show.act("pebble", "ana");
      clash.show.act("pebble", "bo");
      clash.show.run(second);
    }
    const [own, its] = [clash.team(1).pushes, clash.team(2).pushes];
    expect(its).toBeGreaterThan(own * 0.25);
    expect(its).toBeLessThan(own * 1.6);
    expect(clash.effects("shotHit").some(({ text }) => text === "2")).toBe(true);
    clash.team(2).pushes = 1;
    expect(comebackFactor(clash.game, 2, clash.context)).toBe(1);
  });

  test("answers a wind and a titan with its own, and blocks when its line is in danger", () => {
    const clash = aClash({ mode: "coop" }).play("ana", "bo");
    clash.show.gift("ana", { value: 1000 });
    clash.show.gift("bo", { value: 99 });
    clash.show.run(5 * second);
    expect(clash.effects("wind").map(({ text }) => text)).toEqual(["1", "2"]);
    expect(clash.effects("titanWarn").map(({ text }) => text)).toEqual(["1", "2"]);
    clash.show.until(() => clash.game.core !== undefined, 5 * second);
    clash.putCore(2, 200);
    clash.show.run(3);
    expect(clash.team(2).paddle?.entity.kind).toBe("paddle");
  });

  test("plays a side that nobody is on", () => {
    const clash = aClash().play("ana");
    clash.show.run(20 * second);
    expect(clash.team(2).pushes).toBeGreaterThan(5);
  });
});

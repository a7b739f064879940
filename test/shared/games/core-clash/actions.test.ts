/** What each action does to the world, one by one. */
import { describe, expect, test } from "vitest";
import { aClash, second } from "./a-clash.ts";

/** Ana is Cyan, bo is Pink, and the first half minute counts no more than the next. */
const inPlay = (options = {}) => aClash(options).play("ana", "bo");

describe("pebble", () => {
  test("pushes the core away from the own line, and counts", () => {
    const clash = inPlay();
    clash.show.chat("ana", "go");
    clash.show.run(2);
    expect(clash.shots("pebble")).toHaveLength(1);
    expect(clash.shots()[0]!.entity.wear.get("team")).toBe(1);
    clash.show.run(second);
    expect(clash.kinds()).toContain("shotHit");
    expect(clash.depth(1)).toBeLessThan(-1);
    expect(clash.player("ana")).toMatchObject({ pushes: 1, freePushes: 1 });
    expect(clash.context.boards.round).toMatchObject([{ viewer: "tiktok:ana", score: 1 }]);
  });

  test("of both teams pushes as far, each its way", () => {
    const depthAfter = (team: 1 | 2, who: string) => {
      const clash = inPlay();
      clash.show.act("pebble", who);
      clash.show.run(2 * second);
      return clash.depth(team);
    };
    expect(depthAfter(2, "ana")).toBeGreaterThan(20);
    expect(depthAfter(2, "ana")).toBeCloseTo(depthAfter(1, "bo"), 6);
  });

  test("that hits together with one of the other team helps neither: who is first changes from tick to tick", () => {
    const depthFrom = (waitTicks: number) => {
      const clash = inPlay();
      clash.show.run(waitTicks);
      clash.show.act("pebble", "ana");
      clash.show.act("pebble", "bo");
      clash.show.run(2 * second);
      return clash.depth(1);
    };
    const [even, odd] = [depthFrom(2), depthFrom(3)];
    expect(Math.abs(even)).toBeLessThan(2);
    expect(even + odd).toBeCloseTo(0, 3);
  });

  test("joins others of the same viewer to one larger shot, of five at most", () => {
    const clash = inPlay();
    for (let i = 0; i < 9; i++) clash.show.chat("ana", "go");
    clash.show.run(2 * second);
    // The first at once, the others together when its second is over.
    expect(clash.player("ana").pushes).toBe(6);
    expect(clash.effects("fire")).toHaveLength(2);
  });

  test("only warms up in the lobby", () => {
    const clash = aClash();
    clash.show.chat("ana", "hi");
    clash.show.run(10);
    expect(clash.effects("fire")).toHaveLength(1);
    expect(clash.player("ana").pushes).toBe(0);
    expect(clash.context.boards.round).toEqual([]);
  });
});

describe("aim", () => {
  test.each([
    ["left", 1],
    ["right", -1],
  ])("%s pushes the core aside", (word, way) => {
    const clash = inPlay();
    clash.show.act("aim", "ana", { at: word });
    clash.show.act("pebble", "ana");
    clash.show.run(second);
    expect(Math.sign(Math.round((clash.core().x - 485) * 10))).toBe(way);
  });

  test("turns the cannon, in the words of several languages", () => {
    const clash = inPlay();
    const angle = () => clash.player("ana").body!.angle;
    const before = angle();
    clash.show.chat("ana", "links");
    clash.show.run(2);
    expect(angle()).toBeLessThan(before - 0.1);
    clash.show.run(second);
    clash.show.chat("ana", "MITTE");
    clash.show.run(2);
    expect(angle()).toBeCloseTo(before, 1);
  });

  test("up fires as straight along the lane as it can", () => {
    const clash = aClash().play("ana", "bo", "cem", "dan");
    expect(clash.player("cem")).toMatchObject({ team: 1, slot: 1 });
    clash.show.act("aim", "cem", { at: "up" });
    clash.show.act("pebble", "cem");
    clash.show.run(2);
    const [shot] = clash.shots();
    expect(Math.abs(shot!.entity.vx)).toBeLessThan(2.5);
  });
});

describe("block", () => {
  test("throws a core back that has come close, and goes", () => {
    const clash = inPlay();
    clash.putCore(1, 130);
    clash.show.act("block", "ana");
    clash.show.run(12);
    expect(clash.team(1).paddle?.entity.kind).toBe("paddle");
    expect(clash.core().vy).toBeLessThan(-1);
    clash.show.run(2 * second);
    expect(clash.team(1).paddle).toBeUndefined();
  });

  test("is one of a team every 6 s, whoever asks", () => {
    const clash = aClash().play("ana", "bo", "cem");
    clash.show.chat("ana", "block");
    clash.show.chat("cem", "block");
    clash.show.run(5 * second);
    expect(clash.effects("paddle")).toHaveLength(1);
    clash.show.chat("bo", "block");
    clash.show.run(second + 2);
    clash.show.chat("cem", "block");
    clash.show.run(2);
    expect(clash.effects("paddle")).toHaveLength(3);
  });
});

describe("sabotage", () => {
  test("keeps the cannon across from firing for a while, and loses nothing of it", () => {
    const clash = inPlay();
    clash.show.chat("ana", "jam");
    clash.show.run(2);
    clash.show.forget();
    clash.show.act("pebble", "bo");
    clash.show.run(2 * second);
    expect(clash.player("bo").loaded).toBe(1);
    expect(clash.player("bo").body!.wear.get("jammed")).toBeGreaterThan(0);
    clash.show.run(2 * second);
    expect(clash.player("bo").loaded).toBe(0);
    expect(clash.effects("fire").length).toBeGreaterThan(0);
  });
});

describe("volley", () => {
  test("fires from the lines of both teams, by who was seen liking", () => {
    const clash = inPlay();
    clash.show.like("ana", 75);
    clash.show.like("bo", 25);
    clash.show.run();
    expect(clash.team(1).pushes).toBeCloseTo(7.5, 5);
    expect(clash.team(2).pushes).toBeCloseTo(2.5, 5);
    clash.show.run(10);
    expect(clash.shots("barrage").length).toBeGreaterThan(0);
    clash.show.run(2 * second);
    expect(clash.depth(1)).toBeLessThan(-5);
  });
});

describe("banner", () => {
  test("is raised once in a show, with three pebbles", () => {
    const clash = inPlay();
    clash.show.follow("ana");
    clash.show.run();
    clash.show.follow("ana");
    clash.show.run();
    expect(clash.effects("banner")).toHaveLength(1);
    expect(clash.player("ana").pushes).toBe(3);
    clash.show.skipTo("results");
    clash.show.skipTo("play");
    clash.show.follow("ana");
    clash.show.run();
    expect(clash.effects("banner")).toHaveLength(1);
  });
});

describe("repair", () => {
  test("mends the bumper that was broken, once per round", () => {
    const clash = inPlay({ bumperHits: 1 });
    clash.putCore(1, 170, -135);
    clash.show.world.setVelocity(clash.core(), 0, 6);
    clash.show.run(30);
    expect(clash.kinds()).toContain("bumperBreak");
    const [left] = clash.team(1).bumpers;
    expect(left!.entity).toBeUndefined();
    clash.putCore(1, 0);
    clash.show.share("ana");
    clash.show.run();
    expect(left!.entity?.alive).toBe(true);
    left!.hits = 1;
    clash.show.share("ana");
    clash.show.run();
    expect(clash.effects("repair")).toHaveLength(1);
  });
});

describe("stone", () => {
  test("grows with the logarithm of a combo, never above its limit", () => {
    const strengthOf = (count: number) => {
      const clash = inPlay();
      clash.show.gift("ana", { value: 1, count });
      clash.show.run(2);
      return clash.shots("stone")[0]!.strength;
    };
    expect(strengthOf(1)).toBe(3);
    expect(strengthOf(16)).toBe(9);
    expect(strengthOf(100_000)).toBeLessThanOrEqual(18);
  });

  test("joins another of the same viewer that still waits", () => {
    const clash = inPlay();
    clash.show.gift("ana", { value: 1 });
    clash.show.gift("ana", { value: 1 });
    clash.show.run(10);
    expect(clash.shots("stone").map(({ strength }) => strength)).toEqual([6]);
    expect(clash.player("ana")).toMatchObject({ pushes: 6, freePushes: 0 });
  });
});

describe("boulder", () => {
  test("flies four times a second at most, others wait and none is lost", () => {
    const clash = inPlay();
    const gifts = Array.from({ length: 20 }, () => clash.show.gift("ana", { value: 10 }));
    let most = 0;
    for (let tick = 0; tick < 12 * second; tick++) {
      clash.show.run();
      const fired = clash
        .effects("fire")
        .filter(({ text, tick: at }) => text === "boulder" && at > clash.show.tick - second);
      most = Math.max(most, fired.length);
    }
    expect(most).toBe(4);
    expect(clash.effects("fire").filter(({ text }) => text === "boulder").length).toBeGreaterThanOrEqual(20);
    expect(clash.player("ana").pushes).toBe(180);
    for (const id of gifts) expect(clash.show.outcomes.get(id)?.state).toBe("applied");
    expect(clash.team(1).heavies).toEqual([]);
  });
});

describe("wall", () => {
  test("holds the core up", () => {
    const end = (withWall: boolean) => {
      const clash = inPlay({ bumperHits: 0 });
      if (withWall) clash.show.gift("ana", { value: 30 });
      clash.show.run(second);
      clash.putCore(1, 60);
      clash.show.world.setVelocity(clash.core(), 0, 8);
      clash.show.run(2 * second);
      return clash.team(2).goals;
    };
    expect(end(false)).toBe(1);
    expect(end(true)).toBe(0);
  });

  test("stands where its owner aims, two of a team, and another one makes one last longer", () => {
    const clash = inPlay();
    for (const at of ["left", "right", "mid"]) {
      clash.show.act("aim", "ana", { at });
      clash.show.run();
      clash.show.gift("ana", { value: 30 });
      clash.show.run();
    }
    const { walls } = clash.team(1);
    expect(walls.map(({ entity }) => Math.sign(entity.x - 485))).toEqual([-1, 1]);
    expect(walls[0]!.untilTick - clash.show.tick).toBeGreaterThan(14 * second);
    clash.show.run(20 * second);
    expect(clash.team(1).walls).toEqual([]);
  });

  test("stops shots of the other team, and lets its own pass", () => {
    const clash = inPlay();
    clash.putCore(1, 180);
    clash.show.gift("ana", { value: 30 });
    clash.show.act("pebble", "ana");
    clash.show.run(40);
    expect(clash.effects("shotHit").map(({ text }) => text)).toContain("1");
    expect(clash.kinds()).not.toContain("blocked");
  });
});

describe("wind", () => {
  test("carries the core away, the team's next one waits, and the other team's does not", () => {
    const clash = inPlay();
    clash.show.gift("ana", { value: 99 });
    const waiting = clash.show.gift("ana", { value: 99 });
    clash.show.run(2 * second);
    expect(clash.depth(1)).toBeLessThan(-15);
    expect(clash.show.outcomes.get(waiting)?.state).toBe("banked");
    clash.show.gift("bo", { value: 99 });
    clash.show.run();
    expect(clash.effects("wind").map(({ text }) => text)).toEqual(["1", "2"]);
    clash.show.run(7 * second);
    expect(clash.effects("wind").map(({ text }) => text)).toEqual(["1", "2", "1"]);
  });
});

describe("upgrade", () => {
  test("makes pushes weigh more, twice in a round; the third waits for the next round", () => {
    const clash = inPlay();
    const massOf = () => {
      clash.show.act("pebble", "ana");
      clash.show.run(2);
      const mass = clash.shots("pebble").at(-1)!.entity.mass;
      clash.show.run(second);
      return mass;
    };
    const plain = massOf();
    const gifts = [1, 2, 3].map(() => clash.show.gift("ana", { value: 499 }));
    clash.show.run(second);
    expect(clash.player("ana").level).toBe(2);
    expect(clash.player("ana").body!.wear.get("level")).toBe(2);
    expect(massOf()).toBeCloseTo(plain * 2, 3);
    expect(clash.show.outcomes.get(gifts[2]!)?.state).toBe("banked");
    clash.show.skipTo("results");
    clash.show.skipTo("lobby");
    expect(clash.player("ana").level).toBe(0);
    clash.show.skipTo("play");
    clash.show.run(second);
    expect(clash.player("ana").level).toBe(1);
  });
});

describe("titan", () => {
  test("is announced for two seconds, then rolls and pushes the core", () => {
    const clash = inPlay();
    clash.show.gift("ana", { value: 1000 });
    clash.show.run(2 * second - 2);
    expect(clash.kinds()).toContain("titanWarn");
    expect(clash.team(1).titan?.entity).toBeUndefined();
    clash.show.run(4);
    expect(clash.team(1).titan?.entity?.kind).toBe("titan");
    const before = clash.depth(2);
    clash.show.run(2 * second);
    expect(clash.depth(2)).toBeGreaterThan(before + 60);
    clash.show.run(4 * second);
    expect(clash.team(1).titan).toBeUndefined();
  });

  test("rolls once in 25 s for a team; others wait, also over the end of the match", () => {
    const clash = inPlay();
    clash.show.gift("ana", { value: 1000 });
    const waiting = clash.show.gift("ana", { value: 1000 });
    clash.show.gift("bo", { value: 1000 });
    clash.show.run(second);
    expect(clash.effects("titanWarn").map(({ text }) => text)).toEqual(["1", "2"]);
    clash.show.run(20 * second);
    expect(clash.show.outcomes.get(waiting)?.state).toBe("banked");
    clash.show.skipTo("results");
    clash.show.skipTo("play");
    clash.show.run(26 * second);
    expect(clash.show.outcomes.get(waiting)?.state).toBe("applied");
  });

  test("that was announced when a match ended is announced anew in the next", () => {
    const clash = inPlay();
    clash.show.gift("ana", { value: 1000 });
    clash.show.run(second);
    clash.show.skipTo("results");
    clash.show.skipTo("play");
    clash.show.run(2 * second - 2);
    expect(clash.effects("titanWarn")).toHaveLength(2);
    expect(clash.effects("titan")).toEqual([]);
    clash.show.run(second);
    expect(clash.effects("titan")).toHaveLength(1);
  });
});

describe("badge, enter, cheer", () => {
  test("a subscriber's cannon is lit, for good", () => {
    const clash = inPlay();
    clash.show.subscribe("ana");
    clash.show.run(2);
    expect(clash.player("ana").body!.wear.get("subscriber")).toBe(1);
    clash.show.skipTo("results");
    clash.show.skipTo("play");
    clash.show.run(2);
    expect(clash.player("ana").body!.wear.get("subscriber")).toBe(1);
  });

  test("a like gives a team and a cannon", () => {
    const clash = inPlay();
    clash.show.like("cem", 3);
    clash.show.run();
    expect(clash.player("cem").body?.kind).toBe("cannon");
    expect(clash.team(1).likes.reduce((sum, one) => sum + one)).toBe(3);
  });

  test("a test event shows and scores nothing", () => {
    const clash = inPlay();
    clash.show.event("chat", "ana", { text: "go", test: true });
    clash.show.run(2);
    expect(clash.shots("pebble")).toHaveLength(1);
    expect(clash.player("ana").pushes).toBe(0);
  });
});

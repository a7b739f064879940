/** What each action does, one by one. */
import { describe, expect, test } from "vitest";
import type { LiveEvent } from "../../../../shared/events/live-event.ts";
import { aChat, aGift, aLike, anAct, aViewer } from "../../../support/events.ts";
import { aMatch } from "./a-match.ts";

const second = 60;

/** Ana in the middle left, three others around, in open play. */
function inPlay(options = {}) {
  const match = aMatch(options);
  match.step(...["ana", "bea", "cem", "dan"].map((who) => aChat("hi", who)));
  match.toOpenPlay();
  match.place("ana", -300, 0);
  match.place("bea", -180, 0);
  match.place("cem", 300, 0);
  match.place("dan", 0, -300);
  return match;
}
type Match = ReturnType<typeof inPlay>;

const subscribe = (who: string): LiveEvent => ({
  ...(anAct("follow", who) as LiveEvent & { type: "follow" }),
  type: "subscribe",
  months: 1,
  tier: "",
  giftCount: 0,
});

describe("each action shows itself and leaves its mark", () => {
  const table: readonly (readonly [string, LiveEvent, string, (match: Match) => void])[] = [
    ["dash", aChat("dash"), "dash", (m) => expect(m.player("ana").body!.speed).toBeGreaterThan(5)],
    ["guard", aChat("guard"), "guard", (m) => expect(m.player("ana").body!.wear.get("guard")).toBeGreaterThan(0)],
    ["aim", aChat("@cem"), "target", (m) => expect(m.player("ana").target).toBe("tiktok:cem")],
    ["rimSave", anAct("follow"), "shield", (m) => expect(m.player("ana").body!.wear.get("shield")).toBe(1)],
    ["extraLife", anAct("share"), "extraLife", (m) => expect(m.player("ana").livesLeft).toBe(2)],
    ["badge", subscribe("ana"), "subscriber", (m) => expect(m.player("ana").body!.wear.get("subscriber")).toBe(1)],
    ["grow", aGift(1), "grow", (m) => expect(m.player("ana").growth).toBeCloseTo(0.04, 3)],
    ["spikes", aGift(5), "spikes", (m) => expect(m.player("ana").body!.wear.get("spikes")).toBeGreaterThan(0)],
    ["shockwave", aGift(30), "shockwave", (m) => expect(m.player("bea").body!.vx).toBeGreaterThan(3)],
    ["ring", aGift(99), "magnet", (m) => expect(m.player("ana").body!.wear.get("magnet")).toBeGreaterThan(0)],
    ["giant", aGift(499), "giant", (m) => expect(m.player("ana").body!.wear.get("giant")).toBeGreaterThan(0)],
    ["meteors", aGift(1000), "meteorWarn", (m) => expect(m.game.meteors).toHaveLength(8)],
    [
      "pulse",
      aLike(200, "dan"),
      "pulse",
      (m) => expect(m.show.players.active.filter((p) => p.pulseUntil > 0)).toHaveLength(2),
    ],
  ];

  test.each(table)("%s", (_, event, effect, check) => {
    const match = inPlay();
    match.player("ana").shieldUntil = 0;
    match.step(event);
    expect(match.kinds()).toContain(effect);
    check(match);
    expect(match.simulation.counters.errors).toBe(0);
  });
});

describe("dash", () => {
  test("is refused while guarding", () => {
    const match = inPlay();
    match.step(aChat("guard"));
    match.step(aChat("dash"));
    expect(match.kinds()).not.toContain("dash");
  });
});

describe("guard", () => {
  test("doubles the mass and gives it back", () => {
    const match = inPlay();
    match.run(2);
    const { mass } = match.player("ana").body!;
    match.step(aChat("guard"));
    match.step();
    expect(match.player("ana").body!.mass).toBeCloseTo(2 * mass, 1);
    match.place("ana", -300, 0);
    match.player("ana").saves = 9;
    match.run(3 * second + 2);
    expect(match.player("ana").body!.mass).toBeCloseTo(mass, 1);
  });
});

describe("aim", () => {
  test.each(["@cem", "@CEM please", "cem", "@nobody"])("understands %s", (text) => {
    const match = inPlay();
    match.step(aChat(text));
    expect(match.player("ana").target).toBe(text === "@nobody" ? "" : "tiktok:cem");
  });

  test("finds names of two words", () => {
    const match = inPlay();
    match.step({
      ...(aChat("hi", "eve") as LiveEvent & { type: "chat" }),
      viewer: aViewer("eve", { name: "Eve Two" }),
    });
    match.step(aChat("@eve two"));
    expect(match.player("ana").target).toBe("tiktok:eve");
  });
});

describe("rim save", () => {
  test("throws the ball back once, and is given once per show", () => {
    const match = inPlay();
    match.step(anAct("follow"));
    match.throwOut("ana");
    match.step();
    expect(match.player("ana").body?.alive).toBe(true);
    expect(match.kinds()).toContain("save");
    match.step(anAct("follow"));
    expect(match.player("ana").saves).toBe(0);
    match.throwOut("ana");
    match.step();
    expect(match.player("ana").body).toBeUndefined();
  });
});

describe("grow", () => {
  test("adds by the logarithm of a combo, never above its limit, and wears off", () => {
    const match = inPlay();
    match.step(
      aGift(1, "ana", 1, { count: 1 }),
      aGift(1, "bea", 1, { count: 16 }),
      aGift(1, "cem", 1, { count: 50_000 }),
    );
    match.step(aGift(1, "cem", 2, { count: 50_000 }));
    const growth = ["ana", "bea", "cem"].map((id) => match.player(id).growth);
    expect(growth[0]).toBeLessThan(growth[1]!);
    expect(growth[1]).toBeLessThan(growth[0]! * 4);
    expect(growth[2]).toBeLessThanOrEqual(0.24);
    match.run(second);
    expect(match.player("ana").growth).toBeLessThan(growth[0]!);
  });
});

describe("spikes", () => {
  test("extend up to 18 s", () => {
    const match = inPlay();
    for (let i = 0; i < 8; i++) match.step(aGift(5, "ana", i));
    expect(match.player("ana").spikesUntil - match.simulation.world.tick).toBeGreaterThan(17 * second);
    expect(match.player("ana").spikesUntil - match.simulation.world.tick).toBeLessThanOrEqual(18 * second);
  });
});

describe("shockwave", () => {
  test("of the same viewer waits 3 s and is not lost", () => {
    const match = inPlay();
    match.step(aGift(30, "ana", 1), aGift(30, "ana", 2));
    expect(match.kinds().filter((kind) => kind === "shockwave")).toHaveLength(1);
    expect(match.simulation.banked).toBe(1);
    match.player("ana").shieldUntil = 10_000;
    match.run(3 * second + 2);
    expect(match.kinds().filter((kind) => kind === "shockwave")).toHaveLength(2);
  });

  test("is to blame for who falls by it", () => {
    const match = inPlay();
    // Between two bumpers.
    match.place("ana", -284, 55);
    match.place("bea", -402, 78);
    match.player("bea").shieldUntil = 0;
    match.step(aGift(30));
    match.run(15);
    expect(match.player("bea").body).toBeUndefined();
    expect(match.player("ana").knockOuts).toBe(1);
  });
});

describe("ring", () => {
  test("alternates by itself, follows the viewer's last word, and is one at a time", () => {
    const match = inPlay();
    match.player("ana").shieldUntil = 10_000;
    match.player("cem").shieldUntil = 10_000;
    const rings = () => match.kinds().filter((kind) => kind === "magnet" || kind === "freeze");
    match.step(aGift(99, "ana", 1));
    match.step(aGift(99, "ana", 2));
    expect(rings()).toEqual(["magnet"]);
    match.run(5 * second + 2);
    expect(rings()).toEqual(["magnet", "freeze"]);
    match.step(aChat("use the FREEZE now", "cem"), aGift(99, "cem"));
    match.run(5 * second + 2);
    expect(rings()).toEqual(["magnet", "freeze", "freeze"]);
  });

  test("a frozen ball stands still", () => {
    const match = inPlay();
    match.place("ana", -150, 100);
    match.place("bea", -250, 100);
    match.step(aChat("freeze"), aGift(99));
    match.run(second);
    expect(match.player("bea").body!.wear.get("frozen")).toBeGreaterThan(0);
    expect(match.player("bea").body!.speed).toBeLessThan(2);
  });
});

describe("giant", () => {
  test("cannot be knocked out, one at a time, the next waits in line", () => {
    const match = inPlay();
    match.step(aGift(499, "ana"), aGift(499, "cem"));
    expect(match.simulation.ready(5)).toMatchObject([{ viewer: "tiktok:cem", title: "Giant", position: 1 }]);
    match.run(second);
    match.throwOut("ana");
    match.step();
    expect(match.player("ana").body?.alive).toBe(true);
    match.player("cem").shieldUntil = 10_000;
    match.player("dan").shieldUntil = 10_000;
    match.player("ana").giantUntil = match.simulation.world.tick;
    match.run(11 * second);
    expect(match.player("cem").giantUntil).toBeGreaterThan(0);
  });

  test("ends after three hits, however soft the director keeps them", () => {
    const match = inPlay();
    match.step(aGift(499, "bea"));
    for (let hits = 1; hits <= 3; hits++) {
      match.player("bea").shieldUntil = 0;
      match.place("bea", -100, 200);
      match.place("ana", -320, 200);
      match.simulation.world.setVelocity(match.player("ana").body!, 12, 0);
      match.player("ana").stunUntil = 1_000_000;
      match.player("cem").stunUntil = 1_000_000;
      match.player("dan").stunUntil = 1_000_000;
      match.game.heat = 0.12;
      match.run(30);
      expect(match.player("bea").giantHits).toBe(hits);
      match.player("bea").giantHitAgainTick = 0;
    }
    expect(match.player("bea").giantUntil).toBeLessThanOrEqual(match.simulation.world.tick);
  });

  test("counts no second hit at once", () => {
    const match = inPlay();
    match.step(aGift(499, "bea"));
    match.place("bea", -180, 0);
    match.step(aGift(30, "ana"), aGift(30, "cem"));
    match.place("cem", -60, 0);
    match.step(aGift(30, "dan"));
    expect(match.player("bea").giantHits).toBe(1);
  });

  test("of the same viewer lasts shorter each time, and long again in the next round", () => {
    const match = inPlay();
    const length = (nr: number) => {
      match.step(aGift(499, "ana", nr));
      const ticks = match.player("ana").giantUntil - match.simulation.world.tick;
      match.player("ana").giantUntil = match.simulation.world.tick;
      return ticks;
    };
    const first = length(1);
    expect(first).toBeGreaterThan(7 * second);
    expect(length(2)).toBeCloseTo(first * 0.7, -1);
    expect(length(3)).toBeCloseTo(first * 0.49, -1);
    match.show.endPhase("results");
    match.until("lobby");
    expect(match.player("ana").giants).toBe(0);
  });

  test("rolls slower by itself", () => {
    const topSpeed = (isGiant: boolean) => {
      const match = inPlay({ arena: "open" });
      for (const player of match.show.players.active) player.shieldUntil = 1_000_000;
      if (isGiant) match.player("ana").giantUntil = 1_000_000;
      let top = 0;
      match.place("ana", -280, 0);
      match.place("bea", 280, 0);
      match.place("cem", 0, -330);
      for (const id of ["bea", "cem", "dan"]) match.player(id).frozenUntil = 1_000_000;
      for (let i = 0; i < 45; i++) {
        Object.assign(match.player("ana"), { charging: true, aim: match.player("bea"), aimUntil: 1_000_000 });
        match.game.heat = 1;
        match.step();
        top = Math.max(top, match.player("ana").body!.speed);
      }
      return top;
    };
    expect(topSpeed(true)).toBeLessThan(topSpeed(false) * 0.95);
  });
});

describe("meteors", () => {
  test.each([
    ["left", (x: number) => x < 485],
    ["right", (x: number) => x > 485],
    ["top", (_: number, y: number) => y < 1010],
    ["bottom", (_: number, y: number) => y > 1010],
  ] as const)("fall on the %s when the sender said so, warned 1.5 s before", (word, isThere) => {
    const match = inPlay();
    match.step(aChat(`drop it ${word}`), aGift(1000));
    const { tick } = match.simulation.world;
    expect(match.game.meteors).toHaveLength(8);
    for (const { x, y, hitTick } of match.game.meteors) {
      expect(isThere(x, y)).toBe(true);
      expect(hitTick - tick).toBeGreaterThanOrEqual(1.5 * second - 1);
      expect(Math.hypot(x - 485, y - 1010)).toBeLessThan(430);
    }
    match.run(1.5 * second + 8 * 14);
    expect(match.kinds().filter((kind) => kind === "meteorHit")).toHaveLength(8);
  });

  test("push others, never the sender, and come once in 20 s", () => {
    const match = inPlay();
    match.step(aGift(1000, "ana", 1), aGift(1000, "cem", 1));
    expect(match.simulation.banked).toBe(1);
    const [meteor] = match.game.meteors;
    match.game.meteors.splice(1);
    meteor!.hitTick = match.simulation.world.tick + 1;
    match.place("ana", meteor!.x - 485, meteor!.y - 1010);
    match.place("bea", meteor!.x - 485 + 60, meteor!.y - 1010);
    match.player("bea").shieldUntil = 0;
    match.simulation.world.setPosition(match.player("ana").body!, meteor!.x - 60, meteor!.y);
    match.run(2);
    expect(match.player("bea").lastHitBy).toBe("tiktok:ana");
    expect(match.player("bea").body!.vx).toBeGreaterThan(2);
    expect(match.player("ana").body!.speed).toBeLessThan(3);
  });
});

describe("pulse", () => {
  test("helps the weaker half", () => {
    const match = inPlay();
    match.player("ana").growth = 0.2;
    match.player("bea").trophies = 0.1;
    match.step(aLike(200));
    const helped = match.show.players.active.filter(({ pulseUntil }) => pulseUntil > 0).map(({ key }) => key);
    expect(helped.sort()).toEqual(["tiktok:cem", "tiktok:dan"]);
  });
});

describe("silence", () => {
  test("of 40 s shrinks a ball by 1 % a second; bots and talkers keep their size", () => {
    const match = inPlay({ playSeconds: 300, bots: { fillTo: 5 } });
    for (const player of match.show.players.active) player.shieldUntil = 1_000_000;
    for (let i = 0; i < 6; i++) {
      match.run(10 * second);
      match.step(aChat("here", "bea"));
    }
    const fade = (id: string) => match.player(id).fade;
    expect(fade("bea")).toBe(1);
    expect(fade("ana")).toBeGreaterThan(0.7);
    expect(fade("ana")).toBeLessThan(0.85);
    for (const player of match.show.players.active) if (player.bot) expect(player.fade).toBe(1);
    match.step(aChat("sorry"));
    match.run(3 * second);
    expect(fade("ana")).toBeGreaterThan(0.85);
  });
});

describe("a test event", () => {
  test("acts and shows, marked, but scores nothing", () => {
    const match = inPlay();
    match.step(aGift(30, "tester", 1, { test: true }));
    expect(match.effects.find(({ kind }) => kind === "shockwave")?.test).toBe(true);
    match.throwOut("bea", "tester");
    match.step();
    expect(match.simulation.boards.round.some(({ viewer }) => viewer === "tiktok:tester")).toBe(false);
  });
});

describe("between rounds", () => {
  test("gifts wait and strike when play begins", () => {
    const match = aMatch();
    match.step(aChat("hi", "bea"), aGift(5));
    expect(match.simulation.banked).toBe(1);
    expect(match.player("ana").body?.alive).toBe(true);
    match.until("play");
    match.run(5);
    expect(match.simulation.banked).toBe(0);
    expect(match.player("ana").spikesUntil).toBeGreaterThan(0);
  });
});

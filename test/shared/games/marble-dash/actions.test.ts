/** What each word, like and gift does to the marbles and the track. */
import { describe, expect, test } from "vitest";
import { gateY } from "../../../../shared/games/marble-dash/track.ts";
import { aRace } from "./a-race.ts";

const second = 60;
/** A free stretch below the gate: nothing touches a marble here for some ticks. */
const freeY = gateY + 90;

/** Two marbles side by side on a free stretch, ana at the left. */
function sideBySide(options = {}) {
  const race = aRace(options);
  race.start("ana", "bo");
  race.place("ana", 300, freeY);
  race.place("bo", 700, freeY);
  race.show.forget();
  return race;
}

describe("words", () => {
  test("left and right push the marble aside, in many languages", () => {
    const race = sideBySide();
    const words = { left: -1, derecha: 1, "👈": -1, r: 1, sağ: 1, gauche: -1 };
    for (const [word, side] of Object.entries(words)) {
      race.place("ana", 300, freeY);
      race.place("bo", 700, freeY);
      race.show.chat("ana", word);
      race.show.run();
      expect(race.body("ana").vx * side, word).toBeGreaterThan(4);
      expect(race.body("bo").vx).toBeCloseTo(0, 1);
      race.show.run(2 * second);
    }
  });

  test("left and right share their two seconds and their ten of a race", () => {
    const race = aRace({ playSeconds: 60 });
    race.start("ana");
    race.show.forget();
    for (let i = 0; i < 14; i++) {
      race.place("ana", 480, freeY);
      race.show.chat("ana", i % 2 === 0 ? "left" : "right");
      race.show.run(second);
      race.place("ana", 480, freeY);
      race.show.chat("ana", "left");
      race.show.run(second + 2);
    }
    const own = race.show.effects.filter(({ kind, viewer }) => kind === "steer" && viewer === "tiktok:ana");
    expect(own).toHaveLength(10);
  });

  test("jump throws the marble up", () => {
    const race = sideBySide();
    race.show.chat("ana", "zıpla");
    race.show.run();
    expect(race.body("ana").vy).toBeLessThan(-7);
    race.show.run(8);
    expect(race.body("ana").y).toBeLessThan(freeY - 40);
  });

  test("a colour word colours the trail, before and in the race, every ten seconds", () => {
    const race = aRace();
    race.show.chat("ana", "blau");
    race.show.run();
    expect(race.body("ana").wear.get("trail")).toBe(9);
    race.show.chat("ana", "red");
    race.show.run(3);
    expect(race.body("ana").wear.get("trail")).toBe(9);
    race.show.run(10 * second);
    race.show.chat("ana", "red");
    race.show.run(3);
    expect(race.body("ana").wear.get("trail")).toBe(4);
  });
});

describe("likes", () => {
  const gated = { modules: ["twinGates"] };

  test("150 of the room open a gate for everybody for 4 s, more keep it open, 12 s at most", () => {
    const race = aRace(gated);
    race.start("ana", "bo");
    const { doors } = race.record.track!;
    const isOpen = () => doors.filter(({ openUntil }) => openUntil > 0).length;
    race.place("ana", 480, freeY);
    race.show.like("bo", 150);
    race.show.run(2);
    expect(isOpen()).toBe(2);
    race.show.run(4 * second + 5);
    expect(isOpen()).toBe(0);
    expect(race.kinds()).toContain("gateShut");
    // Longer than the 8 s between two, the next one opens anew; then likes while it is open add their time.
    race.show.run(4 * second);
    for (let i = 0; i < 8; i++) race.show.like("ana", 150);
    race.show.run(2);
    expect(isOpen()).toBe(2);
  });

  test("an open gate lets marbles through, a shut one does not", () => {
    const falls = (open: boolean) => {
      const race = aRace(gated);
      race.start("ana", "bo");
      const door = race.record.track!.doors[0]!.entity;
      if (open) race.show.act("openGate", "bo", { seconds: 4 });
      race.show.run();
      race.place("ana", door.x, door.y - 90);
      race.show.run(second);
      return race.body("ana").y - door.y;
    };
    expect(falls(true)).toBeGreaterThan(80);
    expect(falls(false)).toBeLessThan(40);
  });

  test("a gate that a marble is in stays open until it is out", () => {
    const race = aRace(gated);
    race.start("ana");
    const door = race.record.track!.doors[0]!;
    race.show.act("openGate", "ana", { seconds: 1 });
    race.show.run();
    for (let i = 0; i < 90; i++) {
      race.place("ana", door.entity.x, door.entity.y);
      race.show.run();
    }
    expect(door.openUntil).toBeGreaterThan(0);
    race.place("ana", door.entity.x, door.entity.y + 300);
    race.show.run(2);
    expect(door.openUntil).toBe(0);
  });

  test("one's own ten likes are a tiny push, five times a race", () => {
    const race = sideBySide();
    const before = race.body("bo").vy;
    race.show.like("ana", 10);
    race.show.run();
    expect(race.body("ana").vy - before).toBeGreaterThan(1.5);
    for (let i = 0; i < 9; i++) {
      race.show.like("ana", 10);
      race.show.run(5);
    }
    expect(race.kinds().filter((kind) => kind === "spurt")).toHaveLength(5);
  });
});

describe("follow, share, subscribe", () => {
  const hard = { track: "hard", modules: ["saws"] };
  const onSaw = (race: ReturnType<typeof aRace>, id: string) => {
    const saw = race.record.track!.machines.find(({ piece }) => piece.kind === "saw")!.entity;
    race.player(id).safeUntil = 0;
    race.place(id, saw.x, saw.y - 92);
    race.context.world.setVelocity(race.body(id), 0, 6);
    race.show.run(6);
  };

  test("a saw bursts a marble; a new comment brings it back at its checkpoint, twice", () => {
    const race = aRace(hard);
    race.start("ana", "bo");
    const { checkpoints } = race.record.track!;
    for (const times of [1, 2]) {
      onSaw(race, "ana");
      expect(race.player("ana").body).toBeUndefined();
      expect(race.kinds()).toContain("burst");
      race.show.chat("ana", "too soon");
      race.show.run(2);
      expect(race.player("ana").body).toBeUndefined();
      race.show.run(90);
      race.show.chat("ana", "again");
      race.show.run();
      expect(race.player("ana").returns).toBe(times);
      expect([gateY + 60, ...checkpoints].some((y) => Math.abs(race.body("ana").y - y) < 30)).toBe(true);
    }
    onSaw(race, "ana");
    race.show.run(9 * second);
    race.show.chat("ana", "please");
    race.show.run();
    expect(race.player("ana").body).toBeUndefined();
  });

  test("whoever says nothing comes back after 8 s", () => {
    const race = aRace(hard);
    race.start("ana", "bo");
    onSaw(race, "ana");
    expect(race.show.simulation.hud().headline).toBe("Burst? Comment!");
    race.place("bo", 480, freeY);
    race.show.run(8 * second - 20);
    expect(race.player("ana").body).toBeUndefined();
    race.show.run(40);
    expect(race.player("ana").body).toBeDefined();
    expect(race.show.simulation.hud().headline).toMatch(/^\d+ m to go$/);
  });

  test("following gives a bubble that takes one hazard, once a show", () => {
    const race = aRace(hard);
    race.start("ana", "bo");
    race.show.follow("ana");
    race.show.follow("ana");
    race.show.run();
    expect(race.player("ana").bubbles).toBe(1);
    expect(race.body("ana").wear.get("shield")).toBe(1);
    onSaw(race, "ana");
    expect(race.kinds()).toContain("saved");
    expect(race.body("ana").alive).toBe(true);
    race.show.run(3 * second);
    onSaw(race, "ana");
    expect(race.player("ana").body).toBeUndefined();
  });

  test("sharing gives a ticket that brings the marble back at once, once a round", () => {
    const race = aRace({ ...hard, returns: 0 });
    race.start("ana", "bo");
    race.show.share("ana");
    race.show.share("ana");
    race.show.run();
    onSaw(race, "ana");
    race.show.run(second);
    expect(race.body("ana").alive).toBe(true);
    expect(race.player("ana").ticket).toBe(false);
    onSaw(race, "ana");
    race.show.run(9 * second);
    expect(race.player("ana").body).toBeUndefined();
  });

  test("subscribing lights the rim for good", () => {
    const race = aRace();
    race.start("ana", "bo");
    race.show.subscribe("ana");
    race.show.run();
    expect(race.body("ana").wear.get("subscriber")).toBe(1);
  });
});

describe("gifts", () => {
  test("T1 boosts down the track; a combo boosts more, by its logarithm", () => {
    const speedOf = (...counts: number[]) => {
      const race = sideBySide();
      for (const count of counts) race.show.gift("ana", { value: 1, count });
      race.show.run();
      return race.body("ana").vy - race.body("bo").vy;
    };
    const one = speedOf(1);
    expect(one).toBeGreaterThan(3.5);
    expect(speedOf(1, 1)).toBeGreaterThan(one + 1.5);
    expect(speedOf(5000)).toBeLessThanOrEqual(one * 3.2);
  });

  test("the seventh boost of a race waits for the next one and is not lost", () => {
    const race = aRace({ playSeconds: 20, suddenSeconds: 10, resultsSeconds: 1 });
    race.start("ana", "bo");
    const ids = Array.from({ length: 8 }, () => {
      race.place("ana", 300, freeY);
      const id = race.show.gift("ana", { value: 1 });
      race.show.run(30);
      return id;
    });
    const states = () => ids.map((id) => race.show.outcomes.get(id)?.state);
    expect(states().filter((state) => state === "applied")).toHaveLength(6);
    race.show.playRound();
    race.show.skipTo("play");
    race.show.run(2 * second);
    expect(states().every((state) => state === "applied")).toBe(true);
  });

  test("T2 makes heavy for 8 s: it shoves others aside, and breaks plates at once", () => {
    const race = aRace({ modules: ["plates"] });
    race.start("ana", "bo");
    const before = race.body("ana").mass;
    race.show.gift("ana", { value: 5 });
    race.show.run();
    expect(race.body("ana").mass / before).toBeCloseTo(2.5, 1);
    expect(race.body("ana").wear.get("heavy")).toBeGreaterThan(race.show.tick);
    const { plates } = race.record.track!;
    const { entity } = plates[0]!;
    race.place("ana", entity.x, entity.y - 120);
    race.show.run(40);
    expect(entity.alive).toBe(false);
    race.show.run(8 * second);
    if (race.player("ana").body) expect(race.body("ana").mass).toBeCloseTo(before, 1);
  });

  test("T3 lets the marble pass through others for 4 s", () => {
    const meet = (gift: boolean) => {
      const race = sideBySide();
      if (gift) race.show.gift("ana", { value: 30 });
      race.show.run();
      race.place("ana", 400, freeY);
      race.place("bo", 520, freeY);
      race.context.world.setVelocity(race.body("ana"), 14, 0);
      race.show.run(8);
      return race.body("bo").vx;
    };
    expect(meet(true)).toBeCloseTo(0, 0);
    expect(meet(false)).toBeGreaterThan(3);
  });

  test("T4 blows the whole pack to the sender's side; a second gust waits", () => {
    const race = sideBySide();
    race.show.chat("ana", "right");
    race.show.run();
    race.place("ana", 300, freeY);
    race.place("bo", 500, freeY);
    race.show.gift("ana", { value: 99 });
    const next = race.show.gift("bo", { value: 99 });
    race.show.run(20);
    expect(race.body("bo").vx).toBeGreaterThan(2);
    expect(race.show.simulation.props().wind).toBeGreaterThan(0);
    expect(race.show.outcomes.get(next)?.state).toBe("banked");
    race.place("bo", 300, freeY);
    race.show.run(6 * second);
    expect(race.show.outcomes.get(next)?.state).toBe("applied");
  });

  test("T5 builds a rail that throws its colour, and nobody else; a third of a race waits", () => {
    const race = aRace();
    race.start("ana", "bo", "cem");
    race.show.chat("ana", "blue");
    race.show.chat("cem", "blue");
    const ids = [0, 1, 2].map(() => race.show.gift("ana", { value: 500 }));
    race.show.run(2 * second);
    expect(race.record.rails).toHaveLength(2);
    expect(ids.map((id) => race.show.outcomes.get(id)?.state)).toEqual(["applied", "applied", "banked"]);
    const { entity } = race.record.rails[0]!;
    const speedOn = (id: string) => {
      race.place(id, entity.x, entity.y);
      race.show.run(2);
      return race.body(id).vy;
    };
    expect(speedOn("cem")).toBeGreaterThan(14);
    expect(speedOn("ana")).toBeGreaterThan(14);
    expect(speedOn("bo")).toBeLessThan(3);
  });

  test("T6 puts a carousel with the viewer's face into the next race, one a race", () => {
    const race = aRace({ resultsSeconds: 1, playSeconds: 20, suddenSeconds: 10 });
    race.start("ana", "bo");
    const ids = [race.show.gift("ana", { value: 1000 }), race.show.gift("bo", { value: 1000 })];
    race.show.run(second);
    expect(race.kinds()).toContain("fireworks");
    const patron = () => [...race.context.world.entities.values()].find(({ kind }) => kind === "patron");
    expect(patron()).toBeUndefined();
    race.show.playRound();
    expect(patron()?.viewer).toBe("tiktok:ana");
    expect(race.sectionOf("carousel")).toBeDefined();
    race.show.skipTo("play");
    race.show.run(second);
    expect(ids.map((id) => race.show.outcomes.get(id)?.state)).toEqual(["applied", "applied"]);
    race.show.playRound();
    expect(patron()?.viewer).toBe("tiktok:bo");
  });
});

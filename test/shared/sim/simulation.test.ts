/** The simulation: order of a tick, phases, bank, outcomes, faults, determinism. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LiveEvent, type LiveEventType, liveEventTypes } from "../../../shared/events/live-event.ts";
import { defineGame } from "../../../shared/game/define.ts";
import type { GiftOutcome } from "../../../shared/sim/outcome.ts";
import { createSimulation } from "../../../shared/sim/simulation.ts";
import { aChat, aGift, aLike, anEvent } from "../../support/events.ts";
import { type Tiny, tinyGame, tinyRules } from "../../support/tiny-game.ts";

const rules = tinyRules(`
  - { on: chat, do: wave }
  - { on: chat, command: jump, cooldown: { viewer: 1s }, do: jump }
  - { on: likes, every: 100, cooldown: { everyone: 1s }, do: pulse }
  - { on: gift, tier: T1, cooldown: { viewer: 1s }, do: jump }
  - { on: gift, tier: T5, do: giant }
  - { on: gift, tier: T2, cooldown: { everyone: 1s }, do: jump }
  - { on: gift, tier: T4, do: picky }
  - { on: gift, tier: T6, do: broken }
`);
const lobbyTicks = 60;

/** A show that can be stepped by hand and remembers the last word on every gift. */
function aShow(seed = 1, rulesOfShow = rules) {
  const log: Tiny["calls"] = [];
  const game = defineGame({ ...tinyGame, create: (context) => ({ ...tinyGame.create(context), calls: log }) });
  const simulation = createSimulation({ playlist: [{ game, rules: rulesOfShow }], seed });
  const last = new Map<string, GiftOutcome>();
  const step = (...events: LiveEvent[]) => {
    for (const outcome of simulation.step(events).outcomes) last.set(outcome.event.id, outcome);
  };
  const run = (ticks: number) => {
    for (let i = 0; i < ticks; i++) step();
  };
  const calls = () => log;
  return { simulation, step, run, calls, last };
}

describe("acts", () => {
  test("a comment acts at once in a phase that allows it", () => {
    const show = aShow();
    show.step(aChat("hello"));
    expect(show.calls()).toEqual([{ action: "wave", who: "ana", count: 1, tick: 0, test: false }]);
  });

  test.each(liveEventTypes)("a rule on %s makes it act", (type) => {
    const triggers: Partial<Record<LiveEventType, string>> = {
      giftStreakEnd: "on: combo.end",
      viewers: "on: viewers, reaches: 5",
    };
    const show = aShow(1, tinyRules(`  - { ${triggers[type] ?? `on: ${type}`}, do: wave }`));
    const event = anEvent(type);
    show.step(event);
    const who = "viewer" in event ? "ana" : "";
    expect(show.calls()).toMatchObject([{ action: "wave", who }]);
  });

  test("a replayed copy of a gift that still waits changes nothing of it", () => {
    const show = aShow();
    show.run(lobbyTicks + 1);
    show.step(aGift(500, "ana"), aGift(500, "bo"));
    const waiting = [...show.last.values()].find(({ state }) => state === "banked")!;
    show.step({ ...waiting.event, replay: true });
    show.run(300);
    expect(show.last.get(waiting.event.id)).toMatchObject({ state: "applied" });
  });

  test("a free act in a phase that does not allow it ends there", () => {
    const show = aShow();
    show.step(aChat("jump"));
    show.run(lobbyTicks + 10);
    expect(show.calls().map(({ action }) => action)).toEqual(["wave"]);
    expect(show.simulation.counters.refused).toBe(1);
  });

  test("a free act in its cooldown does not act, after it does", () => {
    const show = aShow();
    show.run(lobbyTicks + 1);
    show.step(aChat("jump"));
    show.step(aChat("JUMP!", "ana", { id: "2" }));
    expect(show.calls().filter(({ action }) => action === "jump")).toHaveLength(1);
    show.run(60);
    show.step(aChat("!jump", "ana", { id: "3" }));
    expect(show.calls().filter(({ action }) => action === "jump")).toHaveLength(2);
  });

  test("likes fill the meter once for each full measure, and never lose the fill during the cooldown", () => {
    const show = aShow();
    show.run(lobbyTicks + 1);
    show.step(aLike(60));
    show.step(aLike(50));
    expect(show.calls()).toMatchObject([{ action: "pulse", who: "" }]);
    show.step(aLike(300));
    expect(show.simulation.meters()[0]).toMatchObject({ value: 100, max: 100 });
    show.run(60);
    show.step(aLike(1));
    expect(show.calls()).toHaveLength(2);
  });
});

describe("gifts", () => {
  test("one that acts is applied, with rule, action and tick", () => {
    const show = aShow();
    show.run(lobbyTicks + 1);
    show.step(aGift(1));
    const outcome = show.last.get("gift-ana-1-1")!;
    expect(outcome).toMatchObject({ state: "applied", reason: "", actions: [{ rule: "rule-4", action: "jump" }] });
  });

  test("one sent in the lobby is banked, shown as ready, and acts in the next play", () => {
    const show = aShow();
    show.step(aGift(1, "ana", 1, { count: 3 }));
    expect(show.last.get("gift-ana-1-1")).toMatchObject({ state: "banked", reason: "waits for play" });
    expect(show.simulation.ready(5)).toMatchObject([{ viewer: "tiktok:ana", title: "JUMP", count: 3, position: 1 }]);
    show.run(lobbyTicks + 40);
    expect(show.last.get("gift-ana-1-1")).toMatchObject({ state: "applied" });
    expect(show.calls()).toMatchObject([{ action: "jump", count: 3 }]);
    expect(show.simulation.banked).toBe(0);
  });

  test("a cooldown never loses one: each waits its turn", () => {
    const show = aShow();
    show.run(lobbyTicks + 1);
    show.step(aGift(1, "ana", 1), aGift(1, "ana", 2), aGift(1, "ana", 3), aGift(1, "bo", 1));
    show.run(200);
    const jumps = show.calls().filter(({ who }) => who === "ana");
    expect(jumps).toHaveLength(3);
    expect(jumps[1]!.tick - jumps[0]!.tick).toBeGreaterThanOrEqual(60);
    expect(jumps[2]!.tick - jumps[1]!.tick).toBeGreaterThanOrEqual(60);
    expect([...show.last.values()].every(({ state }) => state === "applied")).toBe(true);
  });

  test("steps of one combo that wait join into one act with all units", () => {
    const show = aShow();
    const step = (nr: number, count: number) => aGift(1, "ana", nr, { count, streakKey: "ana|g1|7" });
    show.step(step(1, 1), step(2, 4), step(3, 2));
    show.run(lobbyTicks + 40);
    expect(show.calls()).toMatchObject([{ action: "jump", count: 7 }]);
    expect([...show.last.values()].map(({ state }) => state)).toEqual(["applied", "applied", "applied"]);
  });

  test("a power that is busy keeps the others in line, first come first served", () => {
    const show = aShow();
    show.run(lobbyTicks + 1);
    show.step(aGift(500, "ana"), aGift(500, "bo"), aGift(500, "cem"));
    expect(show.last.get("gift-bo-500-1")).toMatchObject({ state: "banked", reason: "another giant is here" });
    expect(show.simulation.ready(5).map(({ name, position }) => `${name} ${position}`)).toEqual(["bo 1", "cem 2"]);
    show.run(300);
    expect(show.calls().map(({ who }) => who)).toEqual(["ana", "bo", "cem"]);
  });

  test("one viewer whom a power refuses holds up nobody else", () => {
    const show = aShow();
    show.step(aGift(100, "no"), aGift(100, "ana"), aGift(100, "bo"));
    show.run(lobbyTicks + 120);
    expect(show.calls().map(({ who }) => who)).toEqual(["ana", "bo"]);
    expect(show.last.get("gift-no-100-1")).toMatchObject({ state: "banked", reason: "not you" });
  });

  test("hundreds whom a power refuses hold up nobody either", () => {
    const show = aShow();
    const refused = Array.from({ length: 400 }, (_, nr) => aGift(100, "no", nr));
    show.step(...refused, aGift(100, "ana"));
    show.run(lobbyTicks + 60);
    expect(show.calls().map(({ who }) => who)).toEqual(["ana"]);
    expect(show.simulation.banked).toBe(400);
  });

  test("steps of a combo share one place behind a cooldown, so that others get theirs", () => {
    const show = aShow();
    show.run(lobbyTicks + 1);
    const streakKey = "ana|combo";
    for (let nr = 0; nr < 20; nr++) {
      show.step(aGift(5, "ana", nr, { streakKey, streakTotal: nr + 1 }));
      show.run(2);
    }
    show.step(aGift(5, "bo"));
    show.run(240);
    expect(show.calls().map(({ who, count }) => `${who} ${count}`)).toEqual(["ana 1", "ana 19", "bo 1"]);
  });

  test("two combos of one viewer that alternate share two places, not forty", () => {
    const show = aShow();
    show.run(lobbyTicks + 1);
    for (let nr = 0; nr < 20; nr++) {
      const streakKey = nr % 2 === 0 ? "ana|even" : "ana|odd";
      show.step(aGift(5, "ana", nr, { streakKey, streakTotal: nr + 1 }));
    }
    show.step(aGift(5, "bo"));
    show.run(300);
    expect(show.calls().map(({ who, count }) => `${who} ${count}`)).toEqual(["ana 1", "ana 10", "ana 9", "bo 1"]);
    const ticks = show.calls().map(({ tick }) => tick);
    // Each place behind the cooldown is a second after the one before.
    for (let i = 1; i < ticks.length; i++) expect(ticks[i]! - ticks[i - 1]!).toBeGreaterThanOrEqual(55);
  });

  test("thousands whom a power refuses still let somebody through", () => {
    const show = aShow();
    show.step(
      ...Array.from({ length: 2500 }, (_, nr) => ({ ...aGift(100, `no`, nr), streakKey: `s${nr}` }) as LiveEvent),
    );
    show.step(aGift(100, "ana"));
    show.run(lobbyTicks + 120);
    expect(show.calls().map(({ who }) => who)).toEqual(["ana"]);
  });

  test("one event that cannot be decided does not take the others of its tick with it", () => {
    const show = aShow();
    show.run(lobbyTicks + 1);
    const broken = aGift(1, "ana", 7, { gift: undefined as never });
    show.step(aChat("hello", "bo"), broken, aChat("hello", "cem"));
    expect(show.calls().map(({ who }) => who)).toEqual(["bo", "cem"]);
    expect(show.simulation.counters.errors).toBe(1);
    expect(show.last.get(broken.id)).toMatchObject({ state: "rejected", reason: "it could not be decided" });
  });

  test("an action that throws is counted, the show goes on, its gift stays in the bank", () => {
    const show = aShow();
    show.run(lobbyTicks + 1);
    show.step(aGift(5000));
    show.run(400);
    expect(show.last.get("gift-ana-5000-1")).toMatchObject({ state: "banked", reason: "the action failed" });
    expect(show.simulation.counters).toMatchObject({ errors: 4, lastError: "action broken: a bug in the game" });
    expect(show.simulation.world.tick).toBe(lobbyTicks + 402);
  });

  test("one without a rule, and one replayed from before, are rejected with the reason", () => {
    const show = aShow();
    show.step(aGift(40), aGift(1, "bo", 1, { replay: true }));
    expect(show.last.get("gift-ana-40-1")).toMatchObject({ state: "rejected", reason: "no rule for this gift" });
    expect(show.last.get("gift-bo-1-1")).toMatchObject({ state: "rejected", reason: "sent before this connection" });
  });

  test("received = applied + banked + rejected for any gifts at any time", () => {
    const gift = fc.record({
      who: fc.constantFrom("ana", "bo", "cem"),
      value: fc.constantFrom(1, 40, 500, 5000),
      count: fc.integer({ min: 1, max: 50 }),
      pause: fc.integer({ min: 0, max: 90 }),
    });
    fc.assert(
      fc.property(fc.array(gift, { maxLength: 40 }), (gifts) => {
        const show = aShow();
        let sent = 0;
        gifts.forEach(({ who, value, count, pause }, nr) => {
          show.run(pause);
          show.step(aGift(value, who, nr, { count }));
          sent += count;
        });
        let told = 0;
        for (const { event } of show.last.values()) told += event.count;
        expect(told).toBe(sent);
        const banked = [...show.last.values()].filter(({ state }) => state === "banked");
        expect(banked.length).toBeGreaterThanOrEqual(show.simulation.banked);
        expect(banked.length === 0).toBe(show.simulation.banked === 0);
      }),
      { numRuns: 30 },
    );
  });
});

describe("determinism", () => {
  const acts = fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 30 }),
      fc.constantFrom("jump", "hello"),
      fc.constantFrom("ana", "bo"),
      fc.constantFrom(1, 500),
    ),
    { maxLength: 30 },
  );
  const play = (seed: number, script: [number, string, string, number][]) => {
    const show = aShow(seed);
    script.forEach(([pause, text, who, value], nr) => {
      show.run(pause);
      show.step(aChat(text, who, { id: `c${nr}` }), aGift(value, who, nr));
    });
    return show.simulation.hash();
  };

  test("the same seed and events give the same hash", () => {
    fc.assert(
      fc.property(fc.integer(), acts, (seed, script) => {
        expect(play(seed, script)).toBe(play(seed, script));
      }),
      { numRuns: 20 },
    );
  });

  test("another seed or one event more gives another hash", () => {
    expect(play(1, [])).not.toBe(play(2, []));
    expect(play(1, [[5, "hello", "ana", 1]])).not.toBe(play(1, [[5, "hello", "ana", 500]]));
  });
});

test("a snapshot is plain JSON with the contract's fields", () => {
  const show = aShow();
  show.step(aChat("hi"), aGift(1));
  const snapshot = show.simulation.snapshot();
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  expect(snapshot).toMatchObject({
    game: "tiny",
    phase: "lobby",
    tick: 1,
    hud: { secondsLeft: 1, ready: [{ title: "JUMP" }] },
  });
  expect(snapshot.entities).toHaveLength(11);
});

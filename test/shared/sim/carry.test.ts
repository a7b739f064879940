/** What waits when a show ends goes on waiting in the next one; checkpoints, and what the operator does. */
import { describe, expect, test } from "vitest";
import { defineGame } from "../../../shared/game/define.ts";
import { rulesOfCarried } from "../../../shared/sim/carrying.ts";
import { rulesOfSaved } from "../../../shared/sim/saved.ts";
import { createSimulation, resumeSimulation, type Simulation } from "../../../shared/sim/simulation.ts";
import { aChat, aGift } from "../../support/events.ts";
import { type Tiny, tinyGame, tinyRules } from "../../support/tiny-game.ts";

/** Compiled anew each time, as a show's rules are. */
const bigRules = () => tinyRules("  - { id: big, on: gift, do: [wave, { wait: 30s }, giant, jump] }\n");
const rules = bigRules();
const games = new Map([[tinyGame.id, tinyGame]]);
const asText = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** Steps a show and returns the outcomes of its gifts by id, the last of each. */
function run(simulation: Simulation, ticks: number, events = [aGift(1)].slice(1)) {
  const last = new Map<string, unknown>();
  for (let tick = 0; tick < ticks; tick++) {
    const { outcomes } = simulation.step(tick === 0 ? events : []);
    for (const { event, state, reason, actions } of outcomes) last.set(event.id, { state, reason, actions });
  }
  return last;
}

/** A show with two gifts in the lobby whose giants wait. */
function anEndedShow() {
  const simulation = createSimulation({ playlist: [{ game: tinyGame, rules }], seed: 1 });
  run(simulation, 30, [aGift(1, "ana", 1), aGift(1, "bo", 2)]);
  expect(simulation.banked).toBe(4);
  return asText(simulation.carry("first")!);
}

describe("what is carried over", () => {
  test("acts in the next show, and tells the gift that arrived in the one before, with what has acted of it there", () => {
    const saved = anEndedShow();
    expect(rulesOfCarried(saved)).toEqual([0]);
    const next = createSimulation({
      playlist: [{ game: tinyGame, rules: tinyRules("  - { on: chat, do: wave }\n") }],
      seed: 2,
      carried: { saved, rules: [rules] },
    });
    expect([next.rulesNumber, next.banked]).toEqual([1, 4]);
    const wave = { rule: "big", action: "wave", tick: 0, show: "first" };
    const first = run(next, 1);
    expect(first.get("gift-ana-1-1")).toEqual({
      state: "banked",
      reason: "waits for play",
      actions: [wave],
    });
    const last = run(next, 400);
    expect(next.banked).toBe(0);
    expect(last.get("gift-bo-1-2")).toMatchObject({
      state: "applied",
      actions: [wave, { rule: "big" }, { rule: "big" }],
    });
    expect(JSON.stringify(last.get("gift-bo-1-2")).match(/"show"/g)).toHaveLength(1);
    expect(next.crowd.find("bo")?.viewer.handle).toBe("bo");
    expect(next.carry("second")).toBeNull();
  });

  test("may wait again, and be carried on under the numbers of the new show", () => {
    const carried = { saved: anEndedShow(), rules: [bigRules()] };
    const second = createSimulation({ playlist: [{ game: tinyGame, rules }], seed: 2, carried });
    run(second, 5, [aGift(1, "cem", 3)]);
    const saved = asText(second.carry("second")!);
    expect(rulesOfCarried(saved)).toEqual([0, 1]);
    const again = { saved, rules: [bigRules(), bigRules()] };
    const third = createSimulation({ playlist: [{ game: tinyGame, rules }], seed: 3, carried: again });
    const last = run(third, 700);
    expect([third.rulesNumber, third.banked]).toEqual([2, 0]);
    const shows = ["ana-1-1", "cem-1-3"].map((id) => last.get(`gift-${id}`) as { actions: { show?: string }[] });
    expect(shows.map(({ actions }) => actions.map(({ show }) => show))).toEqual([
      ["first", undefined, undefined],
      ["second", undefined, undefined],
    ]);
  });

  test.each([
    [
      "an action that is not there any more",
      defineGame({ ...tinyGame, actions: { wave: tinyGame.actions.wave! } }),
      rules,
    ],
    ["rules that are not understood any more", tinyGame, undefined],
  ])("%s waits for ever, and is carried on", (_, game, known) => {
    const begin = tinyRules("  - { on: chat, do: wave }\n");
    let saved = anEndedShow();
    for (const show of ["second", "third"]) {
      const next = createSimulation({
        playlist: [{ game, rules: begin }],
        seed: 2,
        carried: { saved, rules: [known] },
      });
      const told = run(next, 900);
      expect([...told.values()].some((one) => (one as { state: string }).state !== "banked")).toBe(false);
      // Told when it is news: after that the gift's row says so already.
      if (show === "second")
        expect(told.get("gift-ana-1-1")).toMatchObject({ reason: expect.stringMatching(/^waits for /) });
      expect([next.banked, next.counters.errors]).toEqual([4, 0]);
      saved = asText(next.carry(show)!);
    }
    const last = createSimulation({
      playlist: [{ game: tinyGame, rules: begin }],
      seed: 2,
      carried: { saved, rules: [rules] },
    });
    expect(run(last, 700).get("gift-ana-1-1")).toMatchObject({ state: "applied" });
  });

  test.each(["show: 1", "round: 1"])("waits for no tick and no round of the old show (quota per %s)", (quota) => {
    const limited = () => tinyRules(`  - { id: q, on: gift, quota: { viewer: { ${quota} } }, do: jump }\n`);
    const simulation = createSimulation({ playlist: [{ game: tinyGame, rules: limited() }], seed: 1 });
    run(simulation, 80);
    run(simulation, 9, [aGift(1, "ana", 1), aGift(1, "ana", 2)]);
    expect([simulation.counters.applied, simulation.banked]).toEqual([1, 1]);
    const carried = { saved: asText(simulation.carry("first")!), rules: [limited()] };
    const next = createSimulation({ playlist: [{ game: tinyGame, rules: limited() }], seed: 1, carried });
    run(next, 90);
    expect([next.phase.round, next.counters.applied, next.banked]).toEqual([1, 1, 0]);
  });

  test("keeps what a day's quota has used up", () => {
    const daily = tinyRules("  - { id: d, on: chat, quota: { viewer: { day: 2 } }, do: wave }\n");
    const simulation = createSimulation({ playlist: [{ game: tinyGame, rules: daily }], seed: 1 });
    run(simulation, 3, [aChat("a"), aChat("b")]);
    const saved = asText(simulation.carry("first")!);
    const next = createSimulation({
      playlist: [{ game: tinyGame, rules: daily }],
      seed: 1,
      carried: { saved, rules: [] },
    });
    run(next, 3, [aChat("c"), aChat("d", "bo")]);
    expect([next.counters.applied, next.counters.rulesDropped + next.counters.refused]).toEqual([1, 0]);
  });

  test("of another form is refused", () => {
    expect(() => rulesOfCarried({ format: 3 })).toThrow("what the last show has left waiting is of a form");
    expect(() => rulesOfSaved({ format: 3 })).toThrow("the saved show is of a form");
  });
});

describe("checkpoints", () => {
  test("come with each round, and at least every minute", () => {
    const simulation = createSimulation({
      playlist: [
        { game: tinyGame, rules: tinyRules("  - { on: chat, do: wave }\n", "options: { playSeconds: 150 }\n") },
      ],
      seed: 1,
    });
    const seen: string[] = [];
    for (let tick = 0; tick < 9300; tick++) {
      const { checkpoint, entered, finishedRound } = simulation.step([]);
      if (checkpoint) seen.push(`${simulation.world.tick}`);
      if (entered) seen.push(`${tick} ${entered}`);
      if (finishedRound) seen.push(`after round ${finishedRound.round}`);
      if (!checkpoint) expect(() => simulation.save()).toThrow("only after a step that was a checkpoint");
    }
    expect(seen).toEqual([
      "60 play",
      "3600",
      "7200",
      "9060 results",
      "9121",
      "9120 lobby",
      "after round 1",
      "9180 play",
    ]);
  });

  test("at a long play go on exactly, waiting calls included", () => {
    const long = tinyRules("  - { id: big, on: gift, do: giant }\n", "options: { playSeconds: 150 }\n");
    const whole = createSimulation({ playlist: [{ game: tinyGame, rules: long }], seed: 1 });
    run(whole, 7190);
    run(
      whole,
      10,
      [1, 2, 3, 4, 5].map((nr) => aGift(1, `v${nr}`, nr)),
    );
    const resumed = resumeSimulation({ games, saved: asText(whole.save()), rulesOf: () => long });
    for (let tick = 0; tick < 900; tick++) {
      expect(run(resumed, 1)).toEqual(run(whole, 1));
      expect([resumed.fingerprint(), resumed.hash()]).toEqual([whole.fingerprint(), whole.hash()]);
    }
    expect(whole.banked).toBe(0);
  });

  test("refuse a game that keeps more than plain data, and a show of another game", () => {
    const create = (show: Parameters<typeof tinyGame.create>[0]) =>
      ({ ...tinyGame.create(show), arena: { bar: () => 1 } }) as Tiny;
    const simulation = createSimulation({ playlist: [{ game: { ...tinyGame, create }, rules }], seed: 1 });
    while (!simulation.step([]).checkpoint);
    expect(() => simulation.save()).toThrow("game data at .game.arena.bar is a function; a game keeps plain data only");
    const plain = createSimulation({ playlist: [{ game: tinyGame, rules }], seed: 1 });
    while (!plain.step([]).checkpoint);
    const saved = asText(plain.save());
    const other = { ...tinyGame, id: "other" };
    expect(() => resumeSimulation({ games: new Map([[other.id, other]]), saved, rulesOf: () => rules })).toThrow(
      "the saved show plays tiny, which is not there",
    );
  });
});

describe("the operator", () => {
  test.each([
    ["endPhase", "play 1"],
    ["endRound", "results 1"],
  ] as const)("%s in the lobby leads to %s", (act, phase) => {
    const simulation = createSimulation({ playlist: [{ game: tinyGame, rules }], seed: 1 });
    expect(simulation.step([], undefined, [act]).entered).toBe(phase.split(" ")[0]);
    expect(`${simulation.phase.name} ${simulation.phase.round}`).toBe(phase);
    run(simulation, 1);
  });

  test("endRound in the results leads to the next round", () => {
    const simulation = createSimulation({ playlist: [{ game: tinyGame, rules }], seed: 1 });
    simulation.step([], undefined, ["endRound"]);
    const { checkpoint, finishedRound } = simulation.step([], undefined, ["endRound"]);
    expect([simulation.phase.name, simulation.phase.round, checkpoint, finishedRound?.round]).toEqual([
      "lobby",
      2,
      true,
      1,
    ]);
  });
});

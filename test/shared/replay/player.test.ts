/** The player: entries enter at their ticks, traces are compared at theirs, and the first difference stands. */
import { expect, test } from "vitest";
import { createPlayer, playKnown } from "../../../shared/replay/player.ts";
import type { ShowEntry, ShowTrace } from "../../../shared/replay/show-file.ts";
import { type SavedRuleFiles, type ShowInput, savedFiles } from "../../../shared/sim/input.ts";
import { createSimulation } from "../../../shared/sim/simulation.ts";
import { aChat, aGift } from "../../support/events.ts";
import { tinyGame, tinyRules } from "../../support/tiny-game.ts";

const games = new Map([[tinyGame.id, tinyGame]]);
const rules = tinyRules("  - { id: any, on: gift, do: jump }\n  - { id: word, on: chat, command: wave, do: wave }");
const others = tinyRules("  - { id: any, on: gift, do: pulse }");
const head = { seed: 3, game: "tiny", beginning: { rules: [savedFiles(rules.files)], carried: null } };
const change: ShowInput = { type: "rules", files: savedFiles(others.files) };
const gift: ShowInput = { type: "event", event: aGift(5) };

/** A player that has been given these entries and has played as far as they go. */
function played(entries: readonly ShowEntry[], compares = true) {
  const player = createPlayer({ games, head, compares });
  for (const entry of entries) {
    player.give(entry);
    for (const _ of playKnown(player));
  }
  return player;
}

/** The trace of tick 60 when nothing enters. */
function traceOf60(): ShowTrace {
  const simulation = createSimulation({ playlist: [{ game: tinyGame, rules }], seed: 3 });
  const prints: number[] = [];
  while (simulation.world.tick < 60) {
    simulation.step([]);
    prints.push(simulation.fingerprint());
  }
  const hashes = { hash: simulation.hash(), hashes: simulation.hashes() };
  return { prints, outline: simulation.outline(), ...hashes };
}

test("what enters at a tick enters together, events, rules and acts", () => {
  const player = played([
    { tick: 70, inputs: [gift] },
    { tick: 70, inputs: [change, { type: "act", act: "endPhase" }] },
    { end: 71 },
  ]);
  const simulation = createSimulation({ playlist: [{ game: tinyGame, rules }], seed: 3 });
  for (let tick = 0; tick < 70; tick++) simulation.step([]);
  simulation.step([aGift(5)], others, ["endPhase"]);
  expect(player.simulation.hash()).toBe(simulation.hash());
  expect(player.simulation.phase.startTick).toBe(70);
  expect([player.endTick, player.simulation.world.tick]).toEqual([71, 71]);
});

test("plays as far as it knows, and no further", () => {
  const player = played([{ tick: 10, inputs: [gift] }]);
  expect([player.simulation.world.tick, player.knownTick, player.endTick]).toEqual([10, 10, undefined]);
  expect(() => player.step()).toThrow("nothing is known");
  expect(() => player.give({ tick: 9, inputs: [] })).toThrow("What belongs to tick 9 comes after tick 10");
  expect(() =>
    played([
      { tick: 3, inputs: [change] },
      { tick: 3, inputs: [change] },
    ]),
  ).toThrow("At tick 3 the rules change twice");
});

test("rules that do not compile are said with where they came from", () => {
  const broken: SavedRuleFiles = {
    main: "rules.yaml",
    texts: [["rules.yaml", "game: tiny\nrules: [{ on: gift, do: jumpp }]"]],
  };
  expect(() => played([{ tick: 3, inputs: [{ type: "rules", files: broken }] }])).toThrow(
    /^The rules that the show changed to at tick 3 cannot be played by this version of Uproar: rules\.yaml:2:\d+ .*"jumpp"/,
  );
});

test("a trace that agrees, and one that does not", () => {
  const trace = traceOf60();
  const agrees = played([{ tick: 60, trace }]);
  expect([agrees.difference, agrees.comparedTick]).toEqual([undefined, 60]);
  const differs = played([
    { tick: 30, inputs: [gift] },
    { tick: 60, trace },
  ]);
  expect(differs.difference).toMatchObject({ tick: 60, agreedTick: 0, thing: { kind: "part" } });
  const compared = played(
    [
      { tick: 30, inputs: [gift] },
      { tick: 60, trace },
    ],
    false,
  );
  expect([compared.difference, compared.comparedTick]).toEqual([undefined, 0]);
});

test("the first tick that differs stands, and a later trace says what it was", () => {
  const { prints, outline } = traceOf60();
  const early = { prints: prints.with(20, 1), outline };
  const player = played([{ tick: 60, trace: early }]);
  expect(player.difference).toEqual({ tick: 21, agreedTick: 20, thing: undefined });
  const row = outline[0]!;
  const moved = [[row[0], row[1], row[2], row[3] + 1, ...row.slice(4)]] as unknown as typeof outline;
  player.give({ tick: 120, trace: { prints: [], outline: moved } });
  for (const _ of playKnown(player));
  expect(player.difference).toMatchObject({ tick: 21, agreedTick: 20, thing: { kind: "body", id: row[0] } });
});

test("a trace is compared although one before it is missing, and phases began in between", () => {
  const whole = createPlayer({ games, head });
  whole.give({ end: 180 });
  const prints: number[] = [];
  for (const _ of playKnown(whole)) prints.push(whole.simulation.fingerprint());
  const trace = { prints: prints.slice(120), outline: whole.simulation.outline() };
  // The lobby ends within the second second.
  expect(whole.simulation.phase.startTick).toBeGreaterThan(59);
  expect(whole.simulation.phase.startTick).toBeLessThan(121);
  const player = played([{ tick: 180, trace }]);
  expect([player.difference, player.comparedTick]).toEqual([undefined, 180]);
  const told = played([
    { tick: 180, trace: { ...trace, phases: [{ tick: 150, phase: "play", round: 1, random: [] }] } },
  ]);
  expect(told.difference).toMatchObject({ tick: 150, thing: { kind: "phase" } });
});

test("a chat that nobody waits for is known in the next hash", () => {
  const player = played([
    { tick: 5, inputs: [{ type: "event", event: aChat("wave") }] },
    { tick: 60, trace: traceOf60() },
  ]);
  expect(player.difference).toMatchObject({ thing: { kind: "part" } });
});

/** A show without a room: when new rules hold, and what its log says of a tick. */
import { beforeEach, describe, expect, test } from "vitest";
import { createIngest } from "../../../server/ingest/ingest.ts";
import { createRuleShelf } from "../../../server/room/rule-shelf.ts";
import { createShow, type Show } from "../../../server/room/show.ts";
import { savedFiles } from "../../../shared/sim/input.ts";
import { createSimulation } from "../../../shared/sim/simulation.ts";
import { aChat, aGift } from "../../support/events.ts";
import { anInstantWriter, type InstantWriter } from "../../support/instant-writer.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { tinyGame, tinyRules } from "../../support/tiny-game.ts";

const waves = tinyRules("  - { id: a, on: chat, do: wave }\n  - { id: g, on: gift, do: jump }\n");
const jumps = tinyRules("  - { id: b, on: chat, do: wave }\n  - { id: g, on: gift, do: jump }\n");
let show: Show;
let writer: InstantWriter;
let clock: ManualClock;

beforeEach(() => {
  clock = createManualClock();
  writer = anInstantWriter();
  show = createShow({
    id: "show-1",
    simulation: createSimulation({ playlist: [{ game: tinyGame, rules: waves }], seed: 1 }),
    ingest: createIngest({ clock }),
    writer,
    shelf: createRuleShelf([[0, savedFiles(waves.files)]]),
    clock,
  });
});

/** Which rule acted for each comment so far. */
const acted = () => {
  const entries = show.log.recent(99, (event) => event?.type === "chat");
  return entries.map(({ acts }) => acts.map(({ rule }) => rule).join());
};

test("new rules hold from the next tick on, for all its events, and the last ones given count", () => {
  show.offer(aChat("one"));
  show.tick();
  show.offer(aChat("two"));
  show.changeRules(waves);
  show.changeRules(jumps);
  expect(show.simulation.rules).toBe(waves);
  show.offer(aChat("three"));
  show.tick();
  show.tick();
  show.offer(aChat("four"));
  show.tick();
  expect(acted()).toEqual(["a", "b", "b", "b"]);
  expect(show.simulation.rules).toBe(jumps);
});

test("a gift that waits while the rules change keeps its row, and the log says how it went on", () => {
  show.offer(aGift(1));
  show.tick();
  expect(writer.rows).toMatchObject([{ state: "banked" }]);
  show.changeRules(tinyRules("  - { id: other, on: chat, do: wave }\n"));
  for (let tick = 0; tick < 100; tick++) show.tick();
  expect(writer.rows.at(-1)).toMatchObject({ state: "applied", actions: [{ rule: "g", action: "jump" }] });
  const [entry] = show.log.recent(1, (event) => event?.type === "gift");
  expect(entry!.rules).toBe(waves);
  expect(entry!.traces).toMatchObject([{ rule: { id: "g" }, verdict: "fired" }]);
  expect(entry!.acts.map(({ state, reason }) => `${state} ${reason}`)).toEqual(["waits waits for play", "applied "]);
});

describe("the end", () => {
  test("plays what waits, and is written with what goes on in the next show", async () => {
    show.offer(aGift(1));
    await show.end();
    expect(writer.steps).toEqual([{ seq: 1, tick: 0 }]);
    expect(writer.rows).toMatchObject([{ state: "banked" }]);
    expect(JSON.parse(writer.ended!.bank)).toMatchObject({ carried: { calls: [{}] } });
    expect(show.tick()).toBeUndefined();
  });
});

test("a game that cannot be saved plays on, and what is wrong is told", () => {
  const game = { ...tinyGame, create: () => ({ calls: [], busyUntilTick: 0, helper: () => 1 }) };
  const parts = {
    writer,
    shelf: createRuleShelf([[0, savedFiles(waves.files)]]),
    clock,
    ingest: createIngest({ clock }),
  };
  const other = createShow({
    id: "show-2",
    simulation: createSimulation({ playlist: [{ game, rules: waves }], seed: 1 }),
    ...parts,
  });
  other.act("endRound");
  for (let tick = 0; tick < 200; tick++) other.tick();
  expect(other.simulation.phase.round).toBe(2);
  expect(other.trouble).toContain("cannot be saved as it is");
  expect(other.trouble).toContain(".helper");
  expect(writer.checkpoints).toEqual([]);
});

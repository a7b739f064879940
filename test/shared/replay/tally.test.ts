/** The tally: each gift is in one sum, each act in one row, and each event that concerned a rule has its outcome. */
import { describe, expect, test } from "vitest";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { createTally, isOtherOutcome, type TallyRow } from "../../../shared/replay/tally.ts";
import { createSimulation } from "../../../shared/sim/simulation.ts";
import { aChat, aGift } from "../../support/events.ts";
import { tinyGame, tinyRules } from "../../support/tiny-game.ts";

/** Plays events of the tiny game, by the tick at which they enter, for so many ticks. */
function tallied(rules: string, events: Readonly<Record<number, readonly LiveEvent[]>>, ticks: number, head = "") {
  const simulation = createSimulation({ playlist: [{ game: tinyGame, rules: tinyRules(rules, head) }], seed: 1 });
  const tally = createTally();
  for (let tick = 0; tick < ticks; tick++) tally.note(simulation.step(events[tick] ?? []));
  const rows = tally.rows().map(({ rule, action, ...counts }) => [`${rule} ${action}`, counts] as const);
  return { rows: Object.fromEntries(rows), gifts: tally.gifts(), fates: [...tally.fates().values()] };
}

/** Counts of a row; what is not given is nothing. */
const counts = (given: Partial<TallyRow>) => ({ fired: 0, spent: {}, banked: 0, refused: 0, ...given });

test("gifts are applied, wait, or are rejected, and their worth goes where it acted", () => {
  const gifts = [aGift(5, "ana", 1, { count: 3 }), aGift(5, "bob"), aGift(7, "ana", 1), aGift(9, "ana", 1)];
  const {
    rows,
    gifts: sums,
    fates,
  } = tallied(
    `  - { id: five, on: gift, gift: g5, do: giant }
  - { id: seven, on: gift, gift: g7, do: [jump, pulse] }`,
    { 80: gifts },
    100,
  );
  expect(rows).toEqual({
    "five giant": counts({ fired: 1, spent: { diamond: 15 }, banked: 1 }),
    "seven jump": counts({ fired: 1, spent: { diamond: 7 } }),
    "seven pulse": counts({ fired: 1, spent: { diamond: 7 } }),
  });
  expect(sums).toEqual({
    applied: { gifts: 2, worth: { diamond: 22 } },
    banked: { gifts: 1, worth: { diamond: 5 } },
    rejected: { gifts: 1, worth: { diamond: 9 } },
  });
  expect(fates.map(({ viewer, gift, tick, outcome }) => [viewer, gift, tick, outcome])).toEqual([
    ["ana", "3 x Gift 5", 80, "applied: giant"],
    ["bob", "1 x Gift 5", 80, "banked: another giant is here"],
    ["ana", "1 x Gift 7", 80, "applied: jump, pulse"],
    ["ana", "1 x Gift 9", 80, "rejected: no rule for this gift"],
  ]);
});

test("what has waited and acted waits no more", () => {
  const { rows, gifts } = tallied(
    "  - { id: five, on: gift, gift: g5, do: giant }",
    { 80: [aGift(5, "ana"), aGift(5, "bob")] },
    300,
  );
  expect(rows).toEqual({ "five giant": counts({ fired: 2, spent: { diamond: 10 } }) });
  expect(gifts.banked).toEqual({ gifts: 0, worth: {} });
});

test("a gift of which one call has acted waits for the other alone", () => {
  const { rows } = tallied(
    "  - { id: both, on: gift, do: [giant, picky] }",
    { 80: [aGift(5, "ana"), aGift(5, "no")] },
    300,
  );
  expect(rows).toEqual({
    "both giant": counts({ fired: 2, spent: { diamond: 5 } }),
    "both picky": counts({ fired: 1, spent: { diamond: 5 }, banked: 1 }),
  });
});

test("test gifts are worth nothing and in no sum", () => {
  const { rows, gifts } = tallied(
    "  - { on: gift, id: any, do: jump }",
    { 80: [aGift(5, "ana", 1, { test: true })] },
    90,
  );
  expect(rows).toEqual({ "any jump": counts({ fired: 1 }) });
  expect(Object.values(gifts).map((sum) => sum.gifts)).toEqual([0, 0, 0]);
});

test("free acts that are refused or meet a limit, and rules that only fill", () => {
  const { rows, fates } = tallied(
    `  - { id: picky, on: chat, command: pick, do: picky }
  - { id: slow, on: chat, command: slow, cooldown: { everyone: 1m }, do: jump }
  - { id: fill, on: chat, command: fill, do: { fill: { heat: 1 } } }`,
    {
      80: [
        aChat("pick", "no"),
        aChat("pick", "ana"),
        aChat("slow", "ana"),
        aChat("slow", "bob"),
        aChat("fill", "ana"),
        aChat("hi"),
      ],
    },
    90,
    "meters: { heat: { full: 10 } }\n",
  );
  expect(rows).toEqual({
    "picky picky": counts({ fired: 1, refused: 1 }),
    "slow jump": counts({ fired: 1, refused: 1 }),
    "fill fill": counts({ fired: 1 }),
  });
  expect(fates.map(({ outcome }) => outcome)).toEqual([
    "refused: not you",
    "applied: picky",
    "applied: jump",
    "refused: a limit",
    "applied: fill",
  ]);
});

test("one call for everyone has fired once", () => {
  const act = (viewer: string) =>
    ({
      eventIds: ["e"],
      rule: "all",
      file: "f",
      line: 1,
      action: "jump",
      params: {},
      viewer,
      tick: 1,
      state: "applied",
      reason: "",
    }) as const;
  const tally = createTally();
  tally.note({ decisions: [], outcomes: [], acts: [act("a"), act("b"), act("c")] });
  tally.note({ decisions: [], outcomes: [], acts: [act("a")] });
  expect(tally.rows()).toEqual([{ rule: "all", action: "jump", ...counts({ fired: 2 }) }]);
});

describe("outcomes", () => {
  test.each([
    ["applied: jump", "applied: jump", false],
    ["applied: jump", "applied: pulse", true],
    ["banked: waits for play", "banked: waits its turn", false],
    ["banked: waits for play", "applied: jump", true],
    ["rejected: no rule", "banked: waits", true],
    ["nothing", "refused: a limit", true],
    ["nothing", "nothing", false],
  ])("%s and %s", (a, b, isOther) => {
    expect(isOtherOutcome(a, b)).toBe(isOther);
  });
});

/** Runs of a room that are killed at any moment: what was accepted is done once, and each gift has one row. */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { aChat, aGift, anEvent } from "../../support/events.ts";
import { doneBy, gateRules, Place } from "./killed-run.ts";

let place: Place;
beforeEach(() => {
  place = new Place();
});

const gift = (kind: string, nr: number): LiveEvent =>
  aGift(1, "ana", nr, {
    ...{ id: `${kind}-${nr}`, gift: { id: kind, name: kind, unitValue: 1, currency: "diamond" }, count: nr },
    // What waits of one combo becomes one act.
    ...(kind === "combo" && { streakKey: "k", streakTotal: nr }),
  });
const subscription = (nr: number): LiveEvent => ({ ...anEvent("subscribe"), id: `subscribe-${nr}` });
const doneFor = (id: string) => place.room.done.filter(({ ids }) => ids.includes(id)).map(({ action }) => action);
const give = async (...events: LiveEvent[]) => {
  for (const event of events) place.run.ingest.offer(event);
  await place.tick(2);
};
const rowOf = (id: string) => place.rows().find((row) => row.id === id);

describe("after a kill", () => {
  test("what is applied stays so and does not act again", async () => {
    await place.open();
    await give(gift("walk", 1));
    await place.kill();
    await place.open();
    await place.tick(60);
    expect(doneFor("walk-1")).toEqual(["walk"]);
    expect(rowOf("walk-1")).toMatchObject({ state: "applied", actions: [{ rule: "walking", action: "walk" }] });
  });

  test("what was accepted and had not entered is decided, and keeps its row", async () => {
    const first = await place.open();
    first.ingest.offer(gift("walk", 1));
    // Journaled in this tick, entered in none.
    await place.tick(1);
    expect(rowOf("walk-1")).toMatchObject({ state: "banked", reason: "not played yet" });
    await place.kill();
    const second = await place.open();
    expect(second.again.mayHaveActed("walk-1")).toBe(true);
    await place.tick(3);
    expect(doneFor("walk-1")).toEqual(["walk"]);
    expect(rowOf("walk-1")).toMatchObject({
      state: "applied",
      show: first.show.id,
      actions: [{ rule: "walking", action: "walk", show: second.show.id }],
    });
  });

  test("of a gift with two actions only that acts which had not, over several kills and a stop", async () => {
    place.room.isOpen = false;
    const first = await place.open();
    await give(gift("both", 1), gift("twice", 2), subscription(3));
    expect([doneFor("both-1"), doneFor("twice-2"), doneFor("subscribe-3")]).toEqual([
      ["walk"],
      ["walk", "walk"],
      ["walk", "walk"],
    ]);
    for (let kills = 0; kills < 3; kills++) {
      await place.kill();
      await place.open();
      await place.tick(20);
    }
    await place.stop();
    await place.open();
    await place.tick(60);
    expect(rowOf("both-1")).toMatchObject({ state: "banked", reason: "the gate is closed", show: first.show.id });
    expect(rowOf("twice-2")).toMatchObject({ state: "banked", show: first.show.id });
    place.room.isOpen = true;
    await place.tick(120);
    expect(doneFor("both-1").sort()).toEqual(doneBy.both);
    expect(doneFor("twice-2").sort()).toEqual(doneBy.twice);
    expect(doneFor("subscribe-3").sort()).toEqual(doneBy.subscribe);
    expect(rowOf("both-1")!.state).toBe("applied");
    expect(
      rowOf("both-1")!
        .actions.map(({ action }) => action)
        .sort(),
    ).toEqual(doneBy.both);
    expect(
      rowOf("twice-2")!
        .actions.map(({ action }) => action)
        .sort(),
    ).toEqual(doneBy.twice);
    expect(place.rows()).toHaveLength(2);
  });

  test("a subscription that was carried over and has acted since does not act again", async () => {
    place.room.isOpen = false;
    await place.open();
    await give(subscription(1), subscription(2));
    await place.stop();
    place.room.isOpen = true;
    await place.open();
    await place.tick(2);
    expect(doneFor("subscribe-1").sort()).toEqual(doneBy.subscribe);
    for (let kills = 0; kills < 2; kills++) {
      await place.kill();
      await place.open();
      await place.tick(60);
    }
    for (const id of ["subscribe-1", "subscribe-2"]) expect(doneFor(id).sort()).toEqual(doneBy.subscribe);
  });

  test("what a run had not come to before it was killed too is left to the next", async () => {
    const many = Array.from({ length: 110 }, (_, i) => [gift("enter", i + 1), subscription(i + 1)]).flat();
    place.room.isOpen = false;
    await place.open();
    await give(...many);
    await place.tick(10);
    for (let kills = 0; kills < 3; kills++) {
      await place.kill();
      await place.open();
      // 200 events come in with each tick.
      await place.tick(kills + 1);
    }
    expect(place.run.ingest.counters().queue.length).toBe(0);
    place.room.isOpen = true;
    await place.tick(2000);
    for (const { id } of many) expect({ id, done: doneFor(id).sort() }).toEqual({ id, done: doneBy[kindOf(id)] });
  });

  test("comments and what cost nothing are not told again", async () => {
    await place.open();
    place.run.ingest.offer(aChat("hi"));
    await place.tick(1);
    await place.kill();
    await place.open();
    await place.tick(5);
    expect(place.room.done).toEqual([]);
  });

  test("a gift that waited stays banked while no rule knows it, also over a stop, and acts once one does", async () => {
    place.room.isOpen = false;
    await place.open();
    await give(gift("enter", 1));
    await place.kill();
    place.rules = gateRules.replace(/.*entering.*\n/, "");
    place.room.isOpen = true;
    await place.open();
    await place.tick(10);
    expect(rowOf("enter-1")).toMatchObject({ state: "banked", reason: "no rule for this gift; it waits for one" });
    await place.stop();
    place.rules = gateRules;
    const third = await place.open();
    expect(third.again.mayHaveActed("enter-1")).toBe(true);
    await place.tick(10);
    expect(doneFor("enter-1")).toEqual(["enter"]);
    expect(rowOf("enter-1")).toMatchObject({ state: "applied" });
  });

  test("what this version does not understand any more waits on, and keeps no room from starting", async () => {
    place.room.isOpen = false;
    await place.open();
    await give(gift("enter", 1));
    await place.kill();
    place.rules = gateRules.replace(/.*entering.*\n/, "");
    await place.open();
    await place.tick(10);
    await place.stop();
    const [bank] = place.disk.bank;
    const body = bank!.body.replace('"type":"gift"', '"type":"gift of old"');
    place.disk.bank = [{ ...bank!, body }];
    await place.open();
    await place.tick(10);
    await place.stop();
    expect(place.disk.bank[0]!.body).toContain("gift of old");
    expect(rowOf("enter-1")).toMatchObject({ state: "banked" });
  });

  test("a gift that nobody had looked at may be refused by the rules of the next run", async () => {
    await place.open();
    place.run.ingest.offer(gift("enter", 1));
    await place.tick(1);
    await place.kill();
    place.rules = gateRules.replace(/.*entering.*\n/, "");
    await place.open();
    await place.tick(3);
    expect(rowOf("enter-1")).toMatchObject({ state: "rejected", reason: "no rule for this gift" });
  });

  test("a run that was stopped in order leaves no doubt", async () => {
    place.room.isOpen = false;
    await place.open();
    await give(gift("enter", 1));
    await place.stop();
    const second = await place.open();
    expect(second.again.mayHaveActed("enter-1")).toBe(false);
    expect(second.show.simulation.banked).toBe(1);
  });
});

test("while the disk does not answer nothing that was paid for acts, and what costs nothing does", async () => {
  place.room.isOpen = false;
  await place.open();
  await give(gift("enter", 1));
  place.isStuck = true;
  place.run.ingest.offer(gift("walk", 2));
  place.run.tick();
  await place.settle();
  place.clock.advance(501);
  place.room.isOpen = true;
  place.run.ingest.offer(aChat("hi"));
  for (let i = 0; i < 60; i++) place.run.tick();
  expect(place.room.done).toMatchObject([{ action: "walk", ids: ["chat-ana-hi"] }]);
  expect(place.run.whyNot()).toBe("waits for the disk");
  place.isStuck = false;
  await place.settle();
  await place.tick(60);
  expect(place.room.done.flatMap(({ ids }) => ids).sort()).toEqual(["chat-ana-hi", "enter-1", "walk-2"]);
});

type Step =
  | { readonly do: "give"; readonly kind: string }
  | { readonly do: "tick"; readonly times: number }
  | { readonly do: "open" | "close" | "lobby" | "play" | "kill" | "stop" | "stick" };

const kinds = Object.keys(doneBy);
const someStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("give" as const), kind: fc.constantFrom(...kinds) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("tick" as const), times: fc.integer({ min: 1, max: 30 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom("open", "close", "lobby", "play", "kill", "stop", "stick") }),
  },
);

/** Goes through the steps, then lets all that waits act; returns the ids of what was accepted, and of what acted while that may not be its first time. */
async function live(steps: readonly Step[]): Promise<{ accepted: Set<string>; hasDoubt: Set<string> }> {
  place = new Place();
  await place.open();
  const given: string[] = [];
  /** Subscriptions that were safe: no ledger tells of them. */
  const safe = new Set<string>();
  let nr = 0;
  const tick = async (times: number) => {
    await place.tick(times);
    if (!place.isStuck && times > 1) for (const id of given) safe.add(id);
  };
  for (const step of [...steps, ...lastSteps]) {
    if (step.do === "give") {
      const event = step.kind === "subscribe" ? subscription(++nr) : gift(step.kind, ++nr);
      given.push(event.id);
      place.run.ingest.offer(event);
    } else if (step.do === "tick") await tick(step.times);
    else if (step.do === "open" || step.do === "close") place.room.isOpen = step.do === "open";
    else if (step.do === "lobby" || step.do === "play") place.enter(step.do);
    else if (step.do === "stick") place.isStuck = true;
    else {
      if (step.do === "kill") await place.kill();
      else {
        place.isStuck = false;
        await place.stop();
        for (const id of given) safe.add(id);
      }
      const kept = new Set(place.rows().map(({ id }) => id));
      // What had not reached the disk is gone with the process.
      given.splice(0, given.length, ...given.filter((id) => kept.has(id) || safe.has(id)));
      await place.open();
    }
  }
  await place.stop();
  const hasDoubt = new Set(place.room.done.filter(({ mayHaveActed }) => mayHaveActed).flatMap(({ ids }) => ids));
  return { accepted: new Set(given), hasDoubt };
}

const lastSteps: readonly Step[] = [
  { do: "tick", times: 2 },
  { do: "stop" },
  { do: "open" },
  { do: "play" },
  { do: "tick", times: 600 },
];

/** Units that acted of a kind of gift. */
const unitsOf = (kind: string, action: string) =>
  place.room.done
    .filter((act) => act.action === action && act.ids.some((id) => kindOf(id) === kind))
    .reduce((sum, { count }) => sum + count, 0);

const kindOf = (id: string) => id.slice(0, id.indexOf("-"));

test("whatever happens when, each gift has one row, and what was accepted is done", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(someStep, { maxLength: 40 }), async (steps) => {
      const { accepted, hasDoubt } = await live(steps);
      const rows = place.rows();
      expect(new Set(rows.map(({ id }) => id))).toEqual(
        new Set([...accepted].filter((id) => kindOf(id) !== "subscribe")),
      );
      for (const { id, state, actions } of rows) {
        expect({ id, state, actions: actions.map(({ action }) => action).sort() }).toEqual({
          ...{ id, state: "applied" },
          actions: doneBy[kindOf(id)],
        });
      }
      for (const id of accepted) {
        const wanted = doneBy[kindOf(id)]!;
        const done = doneFor(id).sort();
        if (!hasDoubt.has(id)) expect({ id, done }).toEqual({ id, done: wanted });
        else for (const action of wanted) expect(done, id).toContain(action);
      }
    }),
    { numRuns: 25 },
  );
});

test("a process that dies between two commits lets nothing act twice", { timeout: 120_000 }, async () => {
  const calm = fc.array(someStep, { maxLength: 40 }).map((steps) =>
    steps
      .filter((step) => step.do !== "stick")
      // All is safe before it dies.
      .flatMap((step): Step[] => (step.do === "kill" ? [{ do: "tick", times: 1 }, step] : [step])),
  );
  await fc.assert(
    fc.asyncProperty(calm, async (steps) => {
      const { accepted } = await live(steps);
      for (const id of accepted) expect({ id, done: doneFor(id).sort() }).toEqual({ id, done: doneBy[kindOf(id)] });
      const units = [...accepted]
        .filter((id) => kindOf(id) === "combo")
        .reduce((sum, id) => sum + Number(id.slice(6)), 0);
      for (const action of ["walk", "enter"]) expect(unitsOf("combo", action)).toBe(units);
    }),
    { numRuns: 25 },
  );
});

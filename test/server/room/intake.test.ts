/** Intake: what enters a show only when it is safe, what goes on while the disk does not answer, and what is refused. */
import { beforeEach, describe, expect, test } from "vitest";
import { createIngest, type Ingest } from "../../../server/ingest/ingest.ts";
import { createIntake, type Intake } from "../../../server/room/intake.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import type { ShowInput } from "../../../shared/sim/input.ts";
import { aChat, aGift } from "../../support/events.ts";
import { anInstantWriter, type InstantWriter } from "../../support/instant-writer.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { tinyRules } from "../../support/tiny-game.ts";

let clock: ManualClock;
let ingest: Ingest;
let writer: InstantWriter;
let intake: Intake;
let banned: Set<string>;
let tick: number;

function anIntake(before: Parameters<typeof createIntake>[0]["before"] = []): Intake {
  const rowContext = () => ({ show: "show-1", round: 3 });
  return createIntake({ ingest, writer, clock, before, rowContext, isBanned: (key) => banned.has(key) });
}

beforeEach(() => {
  clock = createManualClock();
  ingest = createIngest({ clock });
  writer = anInstantWriter();
  banned = new Set();
  intake = anIntake();
  tick = 0;
});

/** Takes what is offered and tells what enters in the next tick, comments by their text, gifts as "gift". */
function next(...events: LiveEvent[]): string[] {
  for (const event of events) ingest.offer(event);
  intake.take();
  return intake.enter(tick++).events.map((event) => (event.type === "chat" ? event.text : event.type));
}

const journaled = () => writer.inputs.map(({ body }) => JSON.parse(body) as ShowInput[]);

describe("a disk that answers", () => {
  test("lets enter what is safe, in the order of the journal, and the journal knows the tick", () => {
    writer.disk.isSafe = false;
    expect(next(aChat("one"), aGift(1), aChat("two"))).toEqual([]);
    expect(journaled().map((inputs) => inputs.length)).toEqual([2, 1]);
    expect(next()).toEqual([]);
    writer.disk.isSafe = true;
    expect(next(aChat("three"))).toEqual(["one", "two", "gift", "three"]);
    expect(writer.steps).toEqual([
      { seq: 1, tick: 2 },
      { seq: 2, tick: 2 },
      { seq: 3, tick: 2 },
    ]);
  });

  test("has the row of every gift with the gift itself", () => {
    const gift = aGift(5, "ana", 1, { count: 3 });
    writer.disk.isSafe = false;
    next(gift);
    expect(writer.received).toMatchObject([
      {
        id: gift.id,
        show: "show-1",
        round: 3,
        count: 3,
        value: 15,
        state: "banked",
        reason: "not played yet",
        actions: [],
      },
    ]);
    expect(writer.rows).toEqual([]);
  });

  test("is told each viewer once, and again under another name", () => {
    const { viewer } = aChat("hi") as { viewer: { id: string; name: string; handle: string; platform: string } };
    next(aChat("hi"), aChat("ho"));
    next(aChat("hi"));
    const renamed = { ...aChat("hello"), viewer: { ...viewer, name: "Another" } } as LiveEvent;
    next(renamed, { ...aChat("test"), viewer: { ...viewer, id: "tested" }, test: true } as LiveEvent);
    const key = `${viewer.platform}:${viewer.id}`;
    expect(writer.people.map((person) => [person.key, person.name])).toEqual([
      [key, viewer.name],
      [key, "Another"],
    ]);
  });
});

describe("a disk that does not answer", () => {
  beforeEach(() => {
    writer.disk.isSafe = false;
  });

  test.each([
    ["is in trouble", { trouble: "The disk is full." }],
    ["takes half a second", { waitingMs: 501 }],
  ])("that %s holds gifts, and comments go on", (_, status) => {
    Object.assign(writer.disk, status);
    expect(next(aGift(1), aChat("one"), aGift(2))).toEqual(["one"]);
    expect(intake.heldGifts).toBe(2);
    expect(intake.counters.unsafe).toBe(1);
    expect(next(aChat("two"))).toEqual(["two"]);
    Object.assign(writer.disk, { isSafe: true, trouble: "", waitingMs: 0 });
    expect(next(aChat("three"))).toEqual(["gift", "gift", "three"]);
    expect(intake.heldGifts).toBe(0);
    expect(intake.waiting).toBe(0);
  });

  test("that is only as slow as disks are is waited for by all", () => {
    Object.assign(writer.disk, { waitingMs: 500 });
    expect(next(aGift(1), aChat("one"))).toEqual([]);
    expect(intake.heldGifts).toBe(0);
    expect(intake.waiting).toBe(2);
  });

  test("and has no room in memory left leaves all in the queue, where gifts are never lost", () => {
    Object.assign(writer.disk, { trouble: "full", isFull: true });
    expect(next(aGift(1), aChat("one"))).toEqual([]);
    expect(ingest.counters().queue.length).toBe(2);
    Object.assign(writer.disk, { trouble: "", isFull: false, isSafe: true });
    expect(next()).toEqual(["one", "gift"]);
  });
});

test("banned viewers do nothing, but a gift of theirs is accounted for", () => {
  const chat = aChat("hi");
  if (chat.type === "chat") banned.add(`${chat.viewer.platform}:${chat.viewer.id}`);
  expect(next(chat, aGift(5, "ana", 1, { count: 3 }))).toEqual([]);
  expect(journaled()).toEqual([]);
  expect(writer.rows).toMatchObject([{ count: 3, state: "rejected", reason: "its sender is banned" }]);
  expect(intake.counters.banned).toBe(2);
  banned.clear();
  expect(next(aChat("again"))).toEqual(["again"]);
});

test("rules and what the operator does are journaled and enter like events, one change of rules a tick", () => {
  const [first, second] = [tinyRules("  - { on: chat, do: wave }\n"), tinyRules("  - { on: chat, do: jump }\n")];
  writer.disk.isSafe = false;
  intake.changeRules(first);
  intake.act("endRound");
  intake.changeRules(second);
  expect(intake.enter(0)).toMatchObject({ events: [], acts: [], rules: undefined });
  writer.disk.isSafe = true;
  expect(intake.enter(1)).toMatchObject({ acts: [], rules: first });
  expect(intake.enter(2)).toMatchObject({ acts: ["endRound"], rules: second });
  expect(intake.enter(3)).toMatchObject({ acts: [], rules: undefined });
  expect(journaled()).toMatchObject([[{ type: "rules" }], [{ type: "act", act: "endRound" }], [{ type: "rules" }]]);
});

test("what had not entered when the process ended enters first", () => {
  writer = anInstantWriter(7);
  intake = anIntake([
    { seq: 6, events: [aGift(1)], acts: [] },
    { seq: 7, events: [aChat("before")], acts: [] },
  ]);
  expect(next(aChat("after"))).toEqual(["gift", "before", "after"]);
  expect(writer.steps.map(({ seq }) => seq)).toEqual([6, 7, 8]);
});

describe("who asks whether events are safe", () => {
  test("hears it when those that were in the queue are", async () => {
    ingest.offer(aGift(1));
    const answer = intake.whenSafe();
    intake.take();
    expect(await answer).toBe(true);
    expect(clock.pending()).toBe(0);
  });

  test.each([
    ["when the disk refuses", () => intake.take()],
    ["after a second in vain", () => clock.advance(1000)],
  ])("hears that they are not, %s", async (_, happen) => {
    writer.disk.isSafe = false;
    ingest.offer(aGift(1));
    const answer = intake.whenSafe();
    happen();
    expect(await answer).toBe(false);
  });
});

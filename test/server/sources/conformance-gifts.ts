/** The part of the sources' suite about gifts: combos and single ones, each unit counted once whatever the provider does. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import type { GiftFrame, Rig, SourceUnderTest } from "./conformance-rig.ts";

/** Units that `events` add to the combo of one group, over all its events. */
export function unitsOf(events: readonly LiveEvent[], viewerId: string): number {
  return events.reduce((sum, event) => {
    return event.type === "gift" && event.viewer.id === viewerId ? sum + event.count : sum;
  }, 0);
}

export function endsOf(events: readonly LiveEvent[], viewerId: string): LiveEvent[] {
  return events.filter((event) => event.type === "giftStreakEnd" && event.viewer.id === viewerId);
}

/** The frames of a combo as sent: running totals 1, 3, 7 and its end. */
export function comboOf(viewerId: string, atMs: number): GiftFrame[] {
  return [1, 3, 7, 7].map((total, index) => ({
    viewerId,
    giftId: "5655",
    groupId: `1795344${viewerId}`,
    messageId: `${viewerId}00${index}`,
    streakable: true,
    total,
    end: index === 3,
    atMs: atMs + index,
  }));
}

/** Tests of combos. */
export function testCombos(under: SourceUnderTest, start: () => Promise<Rig>): void {
  testNastyCombos(under, start);

  it("counts a combo once, whatever is sent twice or in another order", async () => {
    const rig = await start();
    await rig.goLive();
    let serial = 0;
    const orders = fc.shuffledSubarray([0, 1, 2, 3, 0, 1, 2, 3], { minLength: 4 });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const viewerId = String(1_000_000 + serial++);
        const frames = comboOf(viewerId, rig.clock.now());
        for (const index of order) rig.server.send(under.gift(frames[index]!));
        const events = await rig.heard();
        expect(unitsOf(events, viewerId)).toBe(Math.max(...order.map((index) => frames[index]!.total)));
        expect(endsOf(events, viewerId)).toHaveLength(order.includes(3) ? 1 : 0);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps two combos of one gift apart by their groups", async () => {
    const rig = await start();
    await rig.goLive();
    for (const frame of comboOf("1", rig.clock.now())) {
      rig.server.send(under.gift(frame));
      rig.server.send(under.gift({ ...frame, groupId: "77", messageId: `8${frame.messageId}` }));
    }
    expect(unitsOf(await rig.heard(), "1")).toBe(14);
  });

  it("counts a combo once across a reconnect that sends it again under the same and under new message ids", async () => {
    const rig = await start();
    await rig.goLive();
    const frames = comboOf("1", rig.clock.now());
    for (const frame of frames.slice(0, 2)) rig.server.send(under.gift(frame));
    const before = await rig.heard();
    await rig.breakLine();
    rig.retry();
    await rig.goLive();
    for (const frame of frames) rig.server.send(under.gift(frame));
    for (const frame of frames) rig.server.send(under.gift({ ...frame, messageId: `9${frame.messageId}` }));
    const after = await rig.heard();
    expect([unitsOf(before, "1"), unitsOf(after, "1")]).toEqual([3, 4]);
    expect(endsOf([...before, ...after], "1")).toMatchObject([{ streakTotal: 7, inferred: false }]);
    expect(rig.counters()).toMatchObject({ giftUnits: 7, broken: 0 });
  });
}

/** Combos as protocols 16 has them at their nastiest; each gives its units, told in one go or after a pause of `pauseMs`. */
const nastyCombos: readonly {
  name: string;
  frames: readonly Partial<GiftFrame & { pauseMs: number }>[];
  units: number;
  ends: number;
}[] = [
  {
    name: "whose end never comes and then does, with more",
    frames: [{ total: 1 }, { total: 7 }, { total: 9, end: true, pauseMs: 20_000 }],
    units: 9,
    ends: 1,
  },
  { name: "of which only the end is heard", frames: [{ total: 5, end: true }], units: 5, ends: 1 },
  {
    name: "without a group, one after the other",
    frames: [
      { groupId: "", total: 5 },
      { groupId: "", total: 5, end: true },
      { groupId: "", total: 1, pauseMs: 2000 },
      { groupId: "0", total: 2, end: true },
    ],
    units: 7,
    ends: 2,
  },
  {
    name: "of two gifts in turn, in groups of the same name",
    frames: [
      { total: 2 },
      { giftId: "7001", total: 3 },
      { total: 4, end: true },
      { giftId: "7001", total: 6, end: true },
    ],
    units: 10,
    ends: 2,
  },
  {
    name: "without message ids",
    frames: [
      { messageId: "", total: 1 },
      { messageId: "", total: 2 },
      { messageId: "", total: 2, end: true },
    ],
    units: 2,
    ends: 1,
  },
  {
    name: "with totals that cannot be",
    frames: [{ total: 2 }, { total: -5 }, { total: 0 }, { total: 2, end: true }],
    units: 2,
    ends: 1,
  },
];

/** A whole frame of a combo or single gift from what a test says of it. */
export function frameOf(serial: number, atMs: number, part: Partial<GiftFrame>): GiftFrame {
  const base = { viewerId: "31", giftId: "7000", groupId: "1795344999000", messageId: `31${serial}` };
  return { ...base, streakable: true, total: 1, end: false, atMs, ...part };
}

function testNastyCombos(under: SourceUnderTest, start: () => Promise<Rig>): void {
  it.each(nastyCombos)("counts combos $name", async ({ frames, units, ends }) => {
    const rig = await start();
    await rig.goLive();
    const events: LiveEvent[] = [];
    for (const [serial, { pauseMs = 0, ...part }] of frames.entries()) {
      events.push(...(await rig.heard()));
      rig.clock.advance(pauseMs);
      rig.server.send(under.gift(frameOf(serial, rig.clock.now(), part)));
    }
    events.push(...(await rig.heard()));
    expect(unitsOf(events, "31")).toBe(units);
    expect(endsOf(events, "31")).toHaveLength(ends);
  });

  it("keeps apart two viewers who send the same gift in groups of the same name", async () => {
    const rig = await start();
    await rig.goLive();
    for (const viewerId of ["41", "42"]) {
      for (const frame of comboOf(viewerId, rig.clock.now())) rig.server.send(under.gift({ ...frame, groupId: "1" }));
    }
    const events = await rig.heard();
    expect([unitsOf(events, "41"), unitsOf(events, "42")]).toEqual([7, 7]);
  });
}

/** Tests of single gifts. */
export function testSingles(under: SourceUnderTest, start: () => Promise<Rig>): void {
  const single = (serial: number, atMs: number, part: Partial<GiftFrame> = {}): string =>
    under.gift(frameOf(serial, atMs, { streakable: false, groupId: "", ...part }));

  it("counts a single gift at once, and once however often it is sent", async () => {
    const rig = await start();
    await rig.goLive();
    for (const serial of [1, 2, 1, 1, 2]) rig.server.send(single(serial, rig.clock.now()));
    const events = await rig.heard();
    expect(unitsOf(events, "31")).toBe(2);
    expect(events).toMatchObject([{ type: "gift", count: 1, streakKey: "" }, { type: "gift" }]);
    expect(rig.counters()).toMatchObject({ duplicates: 3, giftUnits: 2 });
  });

  it("counts a single gift once that is sent again after a reconnect", async () => {
    const rig = await start();
    await rig.goLive();
    const atMs = rig.clock.now();
    rig.server.send(single(1, atMs));
    const before = await rig.heard();
    await rig.breakLine();
    rig.retry();
    await rig.goLive();
    for (const serial of [1, 2]) rig.server.send(single(serial, atMs));
    const events = [...before, ...(await rig.heard())];
    expect(unitsOf(events, "31")).toBe(2);
  });

  it("drops nothing for want of a message id", async () => {
    const rig = await start();
    await rig.goLive();
    for (const serial of [1, 2, 3]) rig.server.send(single(serial, rig.clock.now(), { messageId: "" }));
    const events = await rig.heard();
    expect(unitsOf(events, "31")).toBe(3);
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  });
}

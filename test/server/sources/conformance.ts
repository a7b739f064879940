/** What every live source must do, told once: testSource drives a source through the real ingest, over a real socket, by a manual clock. */
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SourceEvent } from "../../../server/ingest/source.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { someListener } from "../../support/source.ts";
import { comboOf, frameOf, testCombos, testSingles } from "./conformance-gifts.ts";
import { type Rig, type SourceUnderTest, startRig } from "./conformance-rig.ts";

export { type FakeServer, type GiftFrame, type SourceUnderTest, startFakeSocketServer } from "./conformance-rig.ts";

const notJson = ["", "not json", "null", "[1]", '"text"', "7", "NaN", '{"event":', "{}", Buffer.from([1, 2, 3])];
const longId = "6892636847263982501";
/** Differs from `longId` beyond what a number can hold. */
const nextId = "6892636847263982502";

/** Declares the tests that every source passes. */
export function testSource(under: SourceUnderTest): void {
  describe(`${under.source.id} conforms`, () => {
    const rigs: Rig[] = [];
    const start = async (): Promise<Rig> => {
      const rig = await startRig(under);
      rigs.push(rig);
      return rig;
    };
    afterEach(async () => {
      for (const rig of rigs.splice(0)) await rig.cleanUp();
      vi.restoreAllMocks();
    });
    testMapping(under, start);
    testGarbage(under, start);
    if (under.gifts !== "single") testCombos(under, start);
    testSingles(under, start);
    testBacklog(under, start);
    testLikes(under, start);
    testLines(under, start);
    testRecording(under, start);
    testRooms(under, start);
  });
}

function testMapping(under: SourceUnderTest, start: () => Promise<Rig>): void {
  it.each(under.messages)("maps %s", async (_kind, frames, expected) => {
    const rig = await start();
    await rig.goLive();
    for (const frame of frames) rig.server.send(frame);
    const events = await rig.heard();
    expect(rig.ends.length > 0 ? rig.ends : events).toMatchObject(expected);
    for (const event of events) expect(event).toMatchObject({ source: under.source.id, replay: false, test: false });
    expect(rig.counters().broken).toBe(0);
  });

  it("keeps ids as strings with all their digits, and text as it was written", async () => {
    const rig = await start();
    await rig.goLive();
    const text = '<b>"1795344000200":6892636847263982509</b> Çelik 🎮';
    rig.server.send(under.chat(longId, text));
    rig.server.send(under.chat(nextId, text));
    // The same with the id as a JSON number.
    rig.server.send(under.chat(longId, text).replaceAll(`"${longId}"`, longId));
    const platform = under.viewerPlatform ?? under.source.platform;
    expect(await rig.heard()).toMatchObject(
      [longId, nextId, longId].map((id) => ({ type: "chat", text, viewer: { platform, id } })),
    );
  });
}

function testGarbage(under: SourceUnderTest, start: () => Promise<Rig>): void {
  it("counts what it does not know or need, and goes on", async () => {
    const rig = await start();
    await rig.goLive();
    const before = rig.counters();
    for (const frame of under.control) rig.server.send(frame);
    rig.server.send(under.unknown);
    rig.server.send(under.chat("1", "still here"));
    expect(await rig.heard()).toMatchObject([{ type: "chat", text: "still here" }]);
    expect(rig.counters()).toMatchObject({
      ignoredControl: before.ignoredControl + under.control.length,
      // One of them by `heard`.
      ignoredUnknown: before.ignoredUnknown + 2,
      broken: 0,
      connects: 1,
    });
  });

  it("counts broken messages, and goes on", async () => {
    const rig = await start();
    await rig.goLive();
    const broken = [...notJson, ...(under.broken ?? [])];
    for (const frame of broken) rig.server.send(frame);
    rig.server.send(under.chat("1", "x".repeat(200_000)));
    rig.server.send(under.chat("1", "still here"));
    expect(await rig.heard()).toMatchObject([
      { type: "chat", text: expect.stringMatching(/^x{400,500}…?$/) },
      { type: "chat", text: "still here" },
    ]);
    expect(rig.counters()).toMatchObject({ broken: broken.length, connects: 1 });
  });

  it("counts a message of 5 MB as broken and hears again what comes later", async () => {
    const rig = await start();
    await rig.goLive();
    rig.server.send("x".repeat(5 * 1024 * 1024));
    await rig.settled(() => rig.counters().broken === 1);
    if (rig.status().retryAtMs !== undefined) {
      rig.retry();
      await rig.settled(() => rig.server.connects() === 2 && rig.server.lines() === 1);
      await rig.goLive();
    }
    rig.server.send(under.chat("1", "still here"));
    expect(await rig.heard()).toMatchObject([{ type: "chat", text: "still here" }]);
  });
}

function testBacklog(under: SourceUnderTest, start: () => Promise<Rig>): void {
  it.runIf(under.datesMessages ?? true)("marks what was before the connection, and what is now not", async () => {
    const rig = await start();
    const old = rig.clock.now() - 5 * 60_000;
    await rig.goLive();
    const part = { streakable: false, groupId: "", atMs: old };
    rig.server.send(under.chat("31", "old", old));
    rig.server.send(under.gift(frameOf(1, old, part)));
    rig.server.send(under.chat("31", "new", rig.clock.now()));
    rig.clock.advance(3000);
    rig.server.send(under.chat("31", "newer", rig.clock.now()));
    rig.server.send(under.gift(frameOf(2, rig.clock.now(), { ...part, atMs: rig.clock.now() })));
    const events = await rig.heard();
    const told = events.map((event) => `${event.type}${"text" in event ? ` ${event.text}` : ""} ${event.replay}`);
    expect(told.sort()).toEqual(["chat new false", "chat newer false", "chat old true", "gift false", "gift true"]);
    expect(rig.counters().replayed).toBe(2);
  });
}

function testLikes(under: SourceUnderTest, start: () => Promise<Rig>): void {
  const { like } = under;
  it.runIf(like)(
    "credits likes by their batch and grows the room by its total, never down, never by both",
    async () => {
      const rig = await start();
      await rig.goLive();
      const totals = [1000, 1010, 6010, 6005, 0, 6020];
      for (const total of totals) rig.server.send(like!("31", 3, total));
      const events = await rig.heard();
      const numbers = events.map((event) => (event.type === "like" ? [event.count, event.roomDelta] : []));
      expect(numbers).toEqual([
        [3, 0],
        [3, 10],
        [3, 5000],
        [3, 0],
        [3, 3],
        [3, 7],
      ]);
    },
  );
}

function testRecording(under: SourceUnderTest, start: () => Promise<Rig>): void {
  it.runIf(under.source.listen)("hears from its recorded frames what it heard from its line", async () => {
    const rig = await start();
    await rig.goLive();
    rig.server.send(under.chat("31", "on record"));
    rig.server.send(under.gift(frameOf(1, rig.clock.now(), { streakable: false, groupId: "" })));
    const heard = await rig.heard();
    const events: SourceEvent[] = [];
    const listener = someListener({
      event(event) {
        events.push(event);
        return "accepted";
      },
    });
    const ear = under.source.listen!(under.settings(rig.server.url), listener);
    for (const frame of rig.frames) ear.hear(frame);
    const shown = ({ type, ...rest }: LiveEvent | SourceEvent) => `${type} ${"viewer" in rest ? rest.viewer?.id : ""}`;
    expect(events.map(shown).filter((event) => event !== "streamStart ")).toEqual(heard.map(shown));
  });
}

function testLines(under: SourceUnderTest, start: () => Promise<Rig>): void {
  it("comes back by itself, once, when the line breaks", async () => {
    const rig = await start();
    await rig.goLive();
    await rig.breakLine();
    expect(rig.status().state).toBe("reconnecting");
    expect(rig.clock.pending()).toBe(1);
    rig.retry();
    await rig.goLive();
    expect(rig.server.connects()).toBe(2);
    expect(rig.counters().reconnects).toBe(1);
    rig.server.send(under.chat("1", "back"));
    expect(await rig.heard()).toMatchObject([{ type: "chat", text: "back" }]);
    expect(rig.marks).toEqual(["streamStart"]);
  });

  it("leaves neither socket nor timer when stopped while live", async () => {
    const rig = await start();
    await rig.goLive();
    await rig.stop();
    expect(rig.clock.pending()).toBe(0);
    rig.clock.advance(24 * 3_600_000);
    expect(rig.server.connects()).toBe(1);
  });

  it("leaves neither socket nor timer when stopped while it connects", async () => {
    const rig = await start();
    await rig.stop();
    expect(rig.clock.pending()).toBe(0);
  });

  it("leaves neither socket nor timer when stopped while it waits to reconnect", async () => {
    const rig = await start();
    await rig.goLive();
    await rig.breakLine();
    await rig.stop();
    expect(rig.clock.pending()).toBe(0);
    rig.clock.advance(24 * 3_600_000);
    expect(rig.server.connects()).toBe(1);
  });
}

function testRooms(under: SourceUnderTest, start: () => Promise<Rig>): void {
  const { follow } = under;
  if (!follow || under.gifts === "single") return;
  it("counts anew in another room, and goes on counting in the same one", async () => {
    const rig = await start();
    const play = async (nth: number): Promise<LiveEvent[]> => {
      rig.server.send(follow("1", `${nth}01`));
      const frame = comboOf("1", rig.clock.now())[1]!;
      rig.server.send(under.gift({ ...frame, messageId: `${nth}02` }));
      return rig.heard();
    };
    await rig.goLive("7400000000000000001");
    const first = [
      { type: "follow", roomId: "7400000000000000001" },
      { type: "gift", count: 3 },
    ];
    expect(await play(1)).toMatchObject(first);
    await rig.goLive("7400000000000000001");
    expect(await play(2)).toEqual([]);
    rig.server.send(under.live("7400000000000000002"));
    if (under.roomPerLine) {
      await rig.breakLine();
      rig.retry();
      await rig.settled(() => rig.server.lines() === 1);
    }
    // What was open in the room before is closed with it; a line that broke between is told of too.
    const closing = (await rig.heard()).filter(({ type }) => type !== "error");
    expect(closing).toMatchObject([{ type: "giftStreakEnd", streakTotal: 3, inferred: true }]);
    expect(await play(3)).toMatchObject([
      { type: "follow", roomId: "7400000000000000002" },
      { type: "gift", count: 3 },
    ]);
    expect(rig.marks).toEqual(["streamStart", "streamEnd", "streamStart"]);
  });
}

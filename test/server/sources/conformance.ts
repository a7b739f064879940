/** What every live source must do, told once: testSource drives a source through the real ingest, over a real socket, by a manual clock. */
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocketServer } from "ws";
import { createIngest } from "../../../server/ingest/ingest.ts";
import type { SourceCounters } from "../../../server/ingest/run.ts";
import type { Frame, SourceDefinition, SourceEvent, SourceSettings } from "../../../server/ingest/source.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { someListener } from "../../support/source.ts";
import { until } from "../../support/until.ts";
import { watchTimers } from "./open-timers.ts";

/** A provider played by a test. */
export interface FakeServer {
  url: string;
  /** Lines open now; where a source asks instead of listening: 1 from its first question on, until dropped. */
  lines(): number;
  /** Lines ever opened. */
  connects(): number;
  /** Sends a frame to every open line. */
  send(frame: string | Buffer): void;
  /** Cuts every line without a word. */
  drop(): void;
  stop(): Promise<void>;
}

/** One gift frame, in words that every provider has. Ids are made of digits; those of the group and the message can be "". */
export interface GiftFrame {
  viewerId: string;
  giftId: string;
  groupId: string;
  messageId: string;
  /** A combo's; others are single messages. */
  streakable: boolean;
  /** Running total of the combo, units of a single gift. */
  total: number;
  /** The combo's end frame. */
  end: boolean;
  atMs: number;
}

/** What the suite must know of a source. */
export interface SourceUnderTest {
  source: SourceDefinition;
  /** Default: a plain WebSocket server that waits to be told what to send. */
  fakeServer?: () => Promise<FakeServer>;
  settings(url: string): SourceSettings;
  /** The frame by which the provider says that this room is live. */
  live(roomId: string): string;
  /** For each kind of message: frames, and the LiveEvents (parts of them) that they alone become. */
  messages: readonly (readonly [kind: string, frames: readonly string[], expected: readonly object[]])[];
  /** `atMs` is the platform's time, missing where the test does not care. */
  chat(viewerId: string, text: string, atMs?: number): string;
  /** Missing where the platform tells of none. */
  follow?(viewerId: string, messageId: string): string;
  /** A gift, also one that is no combo. Where the platform knows no combos, only single ones are asked for. */
  gift(frame: GiftFrame): string;
  /** What the platform's gifts are: combos and single ones (the default), or only single ones, whose units are their total. */
  gifts?: "combos" | "single";
  /** Likes of a viewer with the room's total, missing where the platform tells of none. */
  like?(viewerId: string, count: number, roomTotal: number): string;
  /** What time must pass for the source to look for news, ms; missing where it is told. */
  looksEveryMs?: number;
  /** The provider sends what was before: its messages from before the connection come as replays. Default true. */
  datesMessages?: boolean;
  /** A frame with a name that nobody knows. */
  unknown: string;
  /** Frames known to need no event. */
  control: readonly string[];
  /** Frames that cannot be understood, each one message, beside those that no JSON protocol understands. */
  broken?: readonly (string | Buffer)[];
}

const notJson = ["", "not json", "null", "[1]", '"text"', "7", "NaN", '{"event":', "{}", Buffer.from([1, 2, 3])];
const longId = "6892636847263982501";
/** Differs from `longId` beyond what a number can hold. */
const nextId = "6892636847263982502";

/** Just after what the fixtures tell of: messages from the future would make ingest doubt its clock. */
const startMs = 1_800_000_010_000;

/** A plain WebSocket server. */
export async function startFakeSocketServer(): Promise<FakeServer> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise((resolve) => server.once("listening", resolve));
  let connects = 0;
  server.on("connection", (line) => {
    connects++;
    line.on("error", () => undefined);
  });
  const drop = (): void => {
    for (const line of server.clients) line.terminate();
  };
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lines: () => server.clients.size,
    connects: () => connects,
    send(frame) {
      for (const line of server.clients) line.send(frame);
    },
    drop,
    async stop() {
      drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;
}

/** Starts the source against a fake server; `heard` collects all events but the marks of a stream's start and end. */
async function startRig(under: SourceUnderTest) {
  const server = await (under.fakeServer ?? startFakeSocketServer)();
  const clock = createManualClock(startMs);
  const ingest = createIngest({ clock, random: () => 0.5 });
  const socketsBefore = openSockets();
  const openTimers = watchTimers();
  const frames: Frame[] = [];
  ingest.start(under.source, under.settings(server.url), {
    frame: (frame) => frames.push(frame),
    line: () => undefined,
  });
  const status = () => ingest.status()[0]!;
  const counters = (): SourceCounters => status().counters;
  const marks: string[] = [];
  const ends: LiveEvent[] = [];
  /** Waits, and lets time pass where the source needs it to. */
  const settled = (condition: () => boolean): Promise<void> =>
    until(() => {
      if (condition()) return true;
      if (under.looksEveryMs !== undefined) clock.advance(under.looksEveryMs);
      return false;
    });
  const take = (events: readonly LiveEvent[]): LiveEvent[] => {
    const marking = events.filter(({ type }) => type === "streamStart" || type === "streamEnd");
    marks.push(...marking.map(({ type }) => type));
    ends.push(...marking.filter(({ type }) => type === "streamEnd"));
    return events.filter((event) => !marking.includes(event));
  };
  const rig = {
    server,
    clock,
    /** Every frame heard so far, as it came. */
    frames,
    status,
    counters,
    settled,
    /** Every `streamStart` and `streamEnd` taken so far. */
    marks,
    /** The `streamEnd` among them. */
    ends,
    /** Resolves once all that was sent so far has been heard: lines keep order, so one last message tells. */
    async heard(): Promise<LiveEvent[]> {
      const before = counters().ignoredUnknown;
      server.send(under.unknown);
      await settled(() => counters().ignoredUnknown > before);
      return take(ingest.drain(100_000));
    },
    /** Waits for the line and says that the room is live. */
    async goLive(roomId: string = "7400000000000000001"): Promise<void> {
      await settled(() => server.lines() === 1);
      server.send(under.live(roomId));
      await settled(() => status().state === "live");
      await rig.heard();
    },
    /** Lets the wait for the next attempt pass. */
    retry(): void {
      clock.advance(Math.max(0, status().retryAtMs! - clock.now()));
    },
    async breakLine(): Promise<void> {
      server.drop();
      await settled(() => status().retryAtMs !== undefined && server.lines() === 0);
    },
    async stop(): Promise<void> {
      await ingest.stop();
      await until(() => server.lines() === 0 && openSockets() <= socketsBefore && openTimers() === 0);
    },
    async cleanUp(): Promise<void> {
      await ingest.stop();
      await server.stop();
    },
  };
  return rig;
}

type Rig = Awaited<ReturnType<typeof startRig>>;

/** Units that `events` add to the combo of one group, over all its events. */
function unitsOf(events: readonly LiveEvent[], viewerId: string): number {
  return events.reduce((sum, event) => {
    return event.type === "gift" && event.viewer.id === viewerId ? sum + event.count : sum;
  }, 0);
}

function endsOf(events: readonly LiveEvent[], viewerId: string): LiveEvent[] {
  return events.filter((event) => event.type === "giftStreakEnd" && event.viewer.id === viewerId);
}

/** The frames of a combo as sent: running totals 1, 3, 7 and its end. */
function comboOf(viewerId: string, atMs: number): GiftFrame[] {
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
    const platform = under.source.platform;
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

function testCombos(under: SourceUnderTest, start: () => Promise<Rig>): void {
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
function frameOf(serial: number, atMs: number, part: Partial<GiftFrame>): GiftFrame {
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

function testSingles(under: SourceUnderTest, start: () => Promise<Rig>): void {
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
    // What was open in the room before is closed with it.
    expect(await rig.heard()).toMatchObject([{ type: "giftStreakEnd", streakTotal: 3, inferred: true }]);
    expect(await play(3)).toMatchObject([
      { type: "follow", roomId: "7400000000000000002" },
      { type: "gift", count: 3 },
    ]);
    expect(rig.marks).toEqual(["streamStart", "streamEnd", "streamStart"]);
  });
}

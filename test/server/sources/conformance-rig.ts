/** The rig of the sources' suite: a provider played by a test, a real ingest that listens to it, and time that moves by hand. */
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { createIngest } from "../../../server/ingest/ingest.ts";
import type { SourceCounters } from "../../../server/ingest/run.ts";
import type { Frame, SourceDefinition, SourceSettings } from "../../../server/ingest/source.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { createManualClock } from "../../support/manual-clock.ts";
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
  /** Platform of the viewers in these frames, where the source's come from several. Default the source's. */
  viewerPlatform?: string;
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
  /** A line belongs to one room: `live` tells to which room the next one leads. Default: a line can change rooms. */
  roomPerLine?: true;
  /** The provider sends what was before: its messages from before the connection come as replays. Default true. */
  datesMessages?: boolean;
  /** A frame with a name that nobody knows. */
  unknown: string;
  /** Frames known to need no event. */
  control: readonly string[];
  /** Frames that cannot be understood, each one message, beside those that no JSON protocol understands. */
  broken?: readonly (string | Buffer)[];
}

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
export async function startRig(under: SourceUnderTest) {
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
      // A source that asks leaves its provider nothing to see of its end.
      const left = () => (under.looksEveryMs === undefined ? server.lines() : 0);
      await until(() => left() === 0 && openSockets() <= socketsBefore && openTimers() === 0);
    },
    async cleanUp(): Promise<void> {
      await ingest.stop();
      await server.stop();
    },
  };
  return rig;
}

export type Rig = Awaited<ReturnType<typeof startRig>>;

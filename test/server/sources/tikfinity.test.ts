/** Source tikfinity: passes the suite of all sources; what is special is that an open line is not yet a live show. */
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { createIngest, type Ingest } from "../../../server/ingest/ingest.ts";
import type { SourceSettings } from "../../../server/ingest/source.ts";
import tikfinity from "../../../server/sources/tikfinity.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { someSettings } from "../../support/source.ts";
import { until } from "../../support/until.ts";
import { type FakeServer, startFakeSocketServer, testSource } from "./conformance.ts";

const lines = readFileSync(new URL("../../fixtures/tikfinity/messages.ndjson", import.meta.url), "utf8")
  .trim()
  .split("\n");
const settings = (TIKFINITY_URL?: string, user: string = ""): SourceSettings =>
  someSettings({ user, env: { TIKFINITY_URL } });
const message = (event: string, data: object) => JSON.stringify({ event, data });
const connected = (roomId: string) => message("connected", { roomId });
const chat = (userId: string, comment: string, createTime?: number) =>
  message("chat", { comment, userId, uniqueId: `u${userId}`, ...(createTime && { createTime: String(createTime) }) });
const join = message("member", { actionId: 1, userId: "5", uniqueId: "five" });

/** The fixture's lines that hold messages of one name. */
function framesOf(name: string): string[] {
  const frames = lines.filter((line) => line.includes(`"event": "${name}"`) || line.includes(`"type": "${name}"`));
  expect(frames.length, `fixture has ${name}`).toBeGreaterThan(0);
  return frames;
}

const lea = {
  platform: "tiktok",
  id: "6900000000000000201",
  handle: "lea.k",
  name: "Lea 🦊",
  avatarUrl: "https://p16-sign-va.tiktokcdn.com/tos-avt/1~tplv.webp?x-expires=1800003600&x-signature=s%2B1%3D",
  roles: { moderator: false, subscriber: false, follower: true, owner: false },
  levels: { gifter: 12, team: 3 },
};

testSource({
  source: tikfinity,
  settings: (url) => settings(url),
  live: connected,
  chat,
  follow: (userId, msgId) => message("follow", { userId, msgId, uniqueId: `u${userId}` }),
  like: (userId, likeCount, totalLikeCount) => message("like", { userId, likeCount, totalLikeCount }),
  gift: ({
    viewerId: userId,
    giftId,
    groupId,
    messageId: msgId,
    streakable,
    total: repeatCount,
    end: repeatEnd,
    atMs,
  }) =>
    message("gift", {
      ...{ userId, uniqueId: `u${userId}`, giftId: Number(giftId), giftName: "Rose", diamondCount: 1 },
      giftType: streakable ? 1 : 2,
      ...{ groupId, msgId, repeatCount, repeatEnd, timestamp: atMs },
    }),
  unknown: message("somethingNew", {}),
  control: framesOf("questionNew"),
  broken: [message("chat", { comment: 7 }), message("gift", { userId: "1" }), '{"event":5}'],
  messages: [
    [
      "chat, also with a nested user and with `type` for `event`",
      framesOf("chat"),
      [
        { type: "chat", text: "!jump", viewer: lea, ts: 1_800_000_000_100, id: "tikfinity:7500000000000000001" },
        { text: "nested", viewer: { handle: "omer_tr", roles: { moderator: true } } },
        { text: "by type" },
      ],
    ],
    [
      "gift",
      framesOf("gift"),
      [
        {
          type: "gift",
          viewer: lea,
          gift: { id: "9101", name: "Pebble", unitValue: 2, currency: "diamond" },
          count: 1,
        },
        { count: 3, streakTotal: 4 },
        { count: 2, streakTotal: 6 },
        { type: "giftStreakEnd", streakTotal: 6, inferred: false },
        { type: "gift", gift: { id: "9109", unitValue: 700 }, count: 1, streakKey: "" },
      ],
    ],
    [
      "like, several in a list",
      framesOf("like"),
      [
        { type: "like", count: 12, roomTotal: 4012 },
        { count: 3, roomDelta: 8 },
      ],
    ],
    ["member", framesOf("member"), [{ type: "join", viewer: { handle: "linh99" } }]],
    ["follow", framesOf("follow"), [{ type: "follow", viewer: { roles: { follower: true } } }]],
    ["share", framesOf("share"), [{ type: "share" }]],
    ["subscribe", framesOf("subscribe"), [{ type: "subscribe", months: 4, viewer: { roles: { subscriber: true } } }]],
    ["emote", framesOf("emote"), [{ type: "emote", emoteId: "7012", url: "https://p16-webcast.tiktokcdn.com/e.webp" }]],
    ["envelope", framesOf("envelope"), [{ type: "envelope", value: 250, people: 8, viewer: { handle: "linh99" } }]],
    ["roomUser", framesOf("roomUser"), [{ type: "viewers", count: 52 }]],
    ["linkMicBattle", framesOf("linkMicBattle"), [{ type: "battle", phase: "starting", scores: [] }]],
    ["linkMicArmies", framesOf("linkMicArmies"), [{ type: "battleScores", scores: [140, 95] }]],
    ["liveIntro", framesOf("liveIntro"), [{ type: "intro", text: "Type !jump", viewer: { name: "Some Streamer" } }]],
    ["streamEnd", framesOf("streamEnd"), [{ type: "streamEnd" }]],
  ],
});

describe("an open line is not yet a live show", () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  async function start(): Promise<{
    server: FakeServer;
    clock: ManualClock;
    ingest: Ingest;
    hears: (frame: string) => Promise<string>;
  }> {
    const server = await startFakeSocketServer();
    const clock = createManualClock();
    const ingest = createIngest({ clock, random: () => 0.5 });
    cleanups.push(() => server.stop(), ingest.stop);
    ingest.start(tikfinity, settings(server.url));
    await until(() => server.lines() === 1 && ingest.status()[0]!.detail.startsWith("Connected"));
    return {
      server,
      clock,
      ingest,
      /** The source's state once it has heard the frame. */
      async hears(frame) {
        const before = ingest.status()[0]!.counters.ignoredUnknown;
        server.send(frame);
        server.send(message("somethingNew", {}));
        await until(() => ingest.status()[0]!.counters.ignoredUnknown > before);
        return ingest.status()[0]!.state;
      },
    };
  }

  it("goes live with `connected`", async () => {
    const { hears, ingest } = await start();
    expect(await hears(message("disconnected", {}))).toBe("waitingForLive");
    expect(await hears(framesOf("questionNew")[0]!)).toBe("waitingForLive");
    expect(await hears(message("chat", {}))).toBe("waitingForLive");
    expect(ingest.drain(9)).toEqual([]);
    expect(await hears(connected("77"))).toBe("live");
    expect(ingest.drain(9)).toMatchObject([{ type: "streamStart", roomId: "77" }]);
  });

  it("goes live with the first event of a room, which is not lost", async () => {
    const { hears, ingest } = await start();
    expect(await hears(chat("1", "first"))).toBe("live");
    expect(ingest.drain(9)).toMatchObject([{ type: "streamStart" }, { type: "chat", text: "first" }]);
  });

  it.each([
    ["streamEnd", message("streamEnd", { action: 3 }), "3"],
    ["disconnected", message("disconnected", {}), "disconnected"],
  ])(
    "is over with %s, told once; late events count but tell of no new show, someone entering does",
    async (_name, end, reason) => {
      const { hears, ingest, server, clock } = await start();
      await hears(chat("1", "first"));
      ingest.drain(9);
      expect(await hears(end)).not.toBe("live");
      expect(await hears(message("disconnected", {}))).not.toBe("live");
      expect(await hears(chat("1", "late"))).not.toBe("live");
      expect(ingest.drain(9)).toMatchObject([
        { type: "streamEnd", reason },
        { type: "chat", text: "late" },
      ]);
      clock.advance(10_000);
      expect(await hears(join)).not.toBe("live");
      expect(ingest.drain(9)).toMatchObject([{ type: "join" }]);
      clock.advance(1);
      expect(await hears(join)).toBe("live");
      expect(ingest.drain(9)).toMatchObject([{ type: "streamStart" }, { type: "join" }]);
      expect([server.connects(), server.lines()]).toEqual([1, 1]);
    },
  );
});

describe("settings", () => {
  it("needs nothing, and says what is wrong with an address", () => {
    expect(tikfinity.check(settings())).toBeUndefined();
    expect(tikfinity.check(settings("http://x"))).toContain("You wrote http://x");
    expect(tikfinity.check(settings("nonsense"))).toContain("ws://");
    expect(tikfinity.target(settings())).toBe("the account in TikFinity");
    expect(tikfinity.target(settings(undefined, "@ana"))).toBe("@ana");
  });

  it("says that the app is not running, and keeps trying for ever", async () => {
    const server = await startFakeSocketServer();
    await server.stop();
    const clock = createManualClock();
    const ingest = createIngest({ clock, random: () => 0.5 });
    ingest.start(tikfinity, settings(server.url));
    for (let tries = 1; tries <= 20; tries++) {
      await until(() => ingest.status()[0]!.retryAtMs !== undefined);
      expect(ingest.status()[0]).toMatchObject({ state: "connecting", counters: { connects: tries } });
      expect(ingest.status()[0]!.detail).toContain("is TikFinity running on this computer?");
      clock.advance(ingest.status()[0]!.retryAtMs! - clock.now());
    }
    await ingest.stop();
  });
});

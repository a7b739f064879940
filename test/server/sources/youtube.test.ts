/** Source youtube: passes the suite of all sources; what is special is that it asks, pays for each question, and begins with history. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createIngest, type Ingest } from "../../../server/ingest/ingest.ts";
import type { SourceSettings } from "../../../server/ingest/source.ts";
import youtube from "../../../server/sources/youtube.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { someListener, someSettings } from "../../support/source.ts";
import { until } from "../../support/until.ts";
import { testSource } from "./conformance.ts";
import { anError, aVideo, aVideoList, type FakeYoutube, fakeVideoId, startFakeYoutube } from "./fake-youtube.ts";

const lines = readFileSync(new URL("../../fixtures/youtube/items.ndjson", import.meta.url), "utf8")
  .trim()
  .split("\n");
/** Where thrift is not what a test is about. */
const plenty = "100000000";
const settings = (
  YOUTUBE_API_URL?: string,
  user: string = fakeVideoId,
  env: SourceSettings["env"] = { YOUTUBE_DAILY_UNITS: plenty },
): SourceSettings => someSettings({ user, env: { YOUTUBE_API_URL, ...env } });

/** The fixture's lines that hold messages of one type. */
function itemsOf(type: string): string[] {
  const items = lines.filter((line) => line.includes(`"type": "${type}"`));
  expect(items.length, `fixture has ${type}`).toBeGreaterThan(0);
  return items;
}

const at = (atMs: number | undefined) => (atMs === undefined ? {} : { publishedAt: new Date(atMs).toISOString() });
const anItem = (id: string, type: string, channelId: string, details: object, atMs?: number): string =>
  JSON.stringify({ id, snippet: { type, ...at(atMs), ...details }, authorDetails: { channelId, displayName: "Ana" } });
const chat = (channelId: string, messageText: string, atMs?: number): string =>
  anItem("", "textMessageEvent", channelId, { textMessageDetails: { messageText } }, atMs);
const superChat = (id: string, channelId: string, atMs?: number): string =>
  anItem(id, "superChatEvent", channelId, { superChatDetails: { amountMicros: "5000000", currency: "USD" } }, atMs);
const jewels = (id: string, channelId: string, comboCount: number, atMs?: number): string =>
  anItem(id, "giftEvent", channelId, { giftDetails: { giftName: "Rose", jewelsAmount: 10, comboCount } }, atMs);
const unknown = anItem("", "somethingNewEvent", "1", {});
const aLiveVideo = (details: object = {}): string =>
  aVideoList(aVideo(fakeVideoId, { activeLiveChatId: "LC1", actualStartTime: "2027-01-15T07:00:00Z", ...details }));

const bo = {
  platform: "youtube",
  id: "UCbo00000000000000000002",
  handle: "",
  name: "Bo 🦊",
  avatarUrl: "https://yt3.ggpht.com/UCbo00000000000000000002=s88-c-k",
  roles: { moderator: false, subscriber: true, follower: false, owner: false },
};

testSource({
  source: youtube,
  fakeServer: startFakeYoutube,
  settings: (url) => settings(url),
  looksEveryMs: 250,
  live: () => aLiveVideo(),
  chat,
  gifts: "single",
  gift: ({ messageId, viewerId, atMs }) => superChat(messageId, viewerId, atMs),
  unknown,
  control: [
    "giftMembershipReceivedEvent",
    "tombstone",
    "messageDeletedEvent",
    "userBannedEvent",
    "pollEvent",
    "sponsorOnlyModeStartedEvent",
  ].flatMap(itemsOf),
  broken: [
    anItem("x", "textMessageEvent", "1", {}),
    anItem("x", "superChatEvent", "1", {}),
    anItem("x", "giftEvent", "1", {}),
    anItem("x", "textMessageEvent", "", { displayMessage: "nobody" }),
    JSON.stringify({ snippet: { type: 5 } }),
  ],
  messages: [
    [
      "textMessageEvent",
      itemsOf("textMessageEvent"),
      [
        {
          type: "chat",
          text: "!jump",
          id: "youtube:m1",
          roomId: fakeVideoId,
          ts: 1_800_000_012_123,
          viewer: { handle: "ana.plays", name: "@ana.plays", roles: { moderator: true, subscriber: false } },
        },
      ],
    ],
    [
      "superChatEvent, what is written with it too",
      itemsOf("superChatEvent"),
      [
        {
          type: "gift",
          id: "youtube:m2",
          viewer: bo,
          gift: { id: "superchat", name: "Super Chat", unitValue: 5, currency: "USD" },
          count: 1,
          streakKey: "",
        },
        { type: "chat", id: "youtube:m2/chat", text: "go!", viewer: bo },
        { type: "gift", gift: { unitValue: 1.99, currency: "EUR" } },
      ],
    ],
    [
      "superStickerEvent",
      itemsOf("superStickerEvent"),
      [{ type: "gift", gift: { id: "supersticker", name: "Super Sticker", unitValue: 500, currency: "JPY" } }],
    ],
    [
      "newSponsorEvent",
      itemsOf("newSponsorEvent"),
      [{ type: "subscribe", months: 1, tier: "Fan", giftCount: 0, viewer: bo }],
    ],
    [
      "memberMilestoneChatEvent, what is written with it too",
      itemsOf("memberMilestoneChatEvent"),
      [
        { type: "subscribe", months: 14, tier: "Big fan of this channel, really ", giftCount: 0 },
        { type: "chat", text: "hi" },
      ],
    ],
    [
      "membershipGiftingEvent, and nothing for those who receive them",
      [...itemsOf("membershipGiftingEvent"), ...itemsOf("giftMembershipReceivedEvent")],
      [{ type: "subscribe", giftCount: 5, tier: "Fan", viewer: { name: "@ana.plays" } }],
    ],
    [
      "giftEvent, in both documented places, by what its combo grew",
      itemsOf("giftEvent"),
      [
        { type: "gift", gift: { id: "Rose", name: "Rose", unitValue: 10, currency: "jewel" }, count: 1 },
        { type: "gift", count: 2, streakTotal: 3 },
      ],
    ],
    ["chatEndedEvent", itemsOf("chatEndedEvent"), [{ type: "streamEnd", reason: "the chat is over" }]],
  ],
});

const startMs = 1_800_000_010_000;
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Rig {
  server: FakeYoutube;
  clock: ManualClock;
  ingest: Ingest;
  status: () => ReturnType<Ingest["status"]>[number];
  /** Waits, and lets time pass. */
  settled(condition: () => boolean): Promise<void>;
  /** Resolves when `pages` more pages were answered. */
  pages(pages: number): Promise<LiveEvent[]>;
  asked(path: string): FakeYoutube["asked"];
}

async function start(prepare: (server: FakeYoutube) => void = () => undefined, given = settings): Promise<Rig> {
  const server = await startFakeYoutube();
  prepare(server);
  const clock = createManualClock(startMs);
  const ingest = createIngest({ clock, random: () => 0.5 });
  cleanups.push(server.stop, ingest.stop);
  ingest.start(youtube, given(server.url));
  const settled = (condition: () => boolean): Promise<void> =>
    until(() => {
      if (condition()) return true;
      clock.advance(250);
      return false;
    });
  const asked = (path: string) => server.asked.filter((one) => one.path === path);
  return {
    server,
    clock,
    ingest,
    status: () => ingest.status()[0]!,
    settled,
    asked,
    async pages(pages) {
      const before = asked("/liveChat/messages").length;
      // The one after it is only asked for when the last was heard.
      await settled(() => asked("/liveChat/messages").length > before + pages);
      return ingest.drain(10_000);
    },
  };
}

/** The source's state once it has settled into one that waits or fails. */
async function ending(rig: Rig): Promise<{ state: string; detail: string; retryInMs: number | undefined }> {
  await until(() => rig.status().state !== "connecting" || rig.status().retryAtMs !== undefined);
  const { state, detail, retryAtMs } = rig.status();
  return { state, detail, retryInMs: retryAtMs === undefined ? undefined : retryAtMs - rig.clock.now() };
}

const units = (events: readonly LiveEvent[]): number =>
  events.reduce((sum, event) => (event.type === "gift" ? sum + event.count : sum), 0);

describe("asking", () => {
  it("asks for the page after the last one, and never sooner than the service says", async () => {
    const rig = await start((server) => {
      server.pollingIntervalMillis = 3000;
      server.send(chat("1", "0"));
    });
    for (let page = 1; page <= 4; page++) {
      await until(() => rig.status().counters.accepted === page);
      rig.clock.advance(2999);
      expect(rig.asked("/liveChat/messages")).toHaveLength(page);
      rig.server.send(chat("1", `${page}`));
      rig.clock.advance(1);
    }
    await until(() => rig.status().counters.accepted === 5);
    const tokens = rig.asked("/liveChat/messages").map(({ query }) => query.get("pageToken"));
    expect(tokens).toEqual([null, "p1", "p2", "p3", "p4"]);
    expect(rig.ingest.drain(99)).toMatchObject([
      { type: "streamStart" },
      ...["0", "1", "2", "3", "4"].map((text) => ({ text })),
    ]);
  });

  it("shows the key to the service only", async () => {
    const key = "very-secret";
    const rig = await start(
      (server) => server.answer("/liveChat/messages", { status: 418, body: anError(418, "teapot") }),
      (url) => settings(url, fakeVideoId, { YOUTUBE_API_KEY: key }),
    );
    await until(() => rig.status().state === "failed");
    expect(rig.server.asked.map(({ query }) => query.get("key"))).toEqual([key, key]);
    expect(JSON.stringify([rig.status(), rig.ingest.drain(99)])).not.toContain(key);
  });

  it("tells once a minute how many watch", async () => {
    const rig = await start((server) => server.send(aLiveVideo({ concurrentViewers: "123" })));
    await rig.pages(1);
    rig.server.send(aLiveVideo({ concurrentViewers: "456" }));
    await rig.settled(() => rig.asked("/videos").length === 2);
    const tookMs = rig.clock.now() - startMs;
    expect(tookMs).toBeGreaterThanOrEqual(60_000);
    expect(tookMs).toBeLessThan(70_000);
    expect(await rig.pages(1)).toMatchObject([{ type: "viewers", count: 456, total: 0 }]);
  });

  it("hears of the end from the video", async () => {
    const rig = await start();
    await rig.pages(1);
    rig.server.send(aLiveVideo({ actualEndTime: "2027-01-15T09:00:00Z" }));
    await rig.settled(() => rig.status().state === "ended");
    expect(rig.ingest.drain(99)).toMatchObject([{ type: "streamEnd", reason: "the broadcast is over" }]);
  });

  it("tells of the end once, when the stream went offline", async () => {
    const rig = await start();
    await rig.pages(1);
    rig.server.send(chat("1", "last words"));
    rig.server.pageFields = { offlineAt: "2027-01-15T08:10:00Z" };
    const events = await rig.pages(3);
    expect(events.map(({ type }) => type)).toEqual(["chat", "streamEnd"]);
    await rig.settled(() => rig.status().retryAtMs !== undefined);
    expect(rig.status().state).toBe("ended");
  });
});

it("tells its listener of the end once, however often it is told", () => {
  const told: string[] = [];
  const event = ({ type }: { type: string }) => {
    told.push(type);
    return "accepted" as const;
  };
  const ear = youtube.listen(settings(), someListener({ event }));
  for (let page = 0; page < 3; page++) ear.hear(`{"items":[${itemsOf("chatEndedEvent")[0]}],"offlineAt":"2027-01-15"}`);
  expect(told).toEqual(["streamEnd"]);
});

describe("history", () => {
  const day = 24 * 3_600_000;

  it("counts what was before the line without letting it act, also what is days old", async () => {
    const rig = await start((server) => {
      server.nowMs = startMs + 5000;
      server.send(aLiveVideo({ concurrentViewers: "12" }));
      server.send(superChat("old", "1", startMs - 60_000));
      server.send(superChat("ancient", "1", startMs - 3 * day));
      server.send(superChat("undated", "1"));
    });
    const events = (await rig.pages(2)).filter(({ type }) => type === "gift");
    expect(events.map(({ id, replay }) => [id, replay])).toEqual([
      ["youtube:old", true],
      ["youtube:ancient", true],
      ["youtube:undated", false],
    ]);
    rig.server.send(superChat("slow clock", "1", rig.clock.now() - 3 * day));
    expect(await rig.pages(2)).toMatchObject([{ type: "gift", replay: false }]);
  });
});

describe("trouble on the way", () => {
  it("keeps its place in the chat while the network is gone for some seconds", async () => {
    const rig = await start();
    await rig.pages(1);
    rig.server.send(superChat("before", "1"));
    const before = await rig.pages(1);
    rig.server.answer("/liveChat/messages", "cut");
    const asked = rig.asked("/liveChat/messages").length;
    rig.server.send(superChat("meanwhile", "1"));
    await rig.settled(() => rig.asked("/liveChat/messages").length === asked + 3);
    rig.server.answer("/liveChat/messages", undefined);
    expect(units([...before, ...(await rig.pages(2))])).toBe(2);
    expect(rig.status()).toMatchObject({ state: "live", counters: { connects: 1, duplicates: 0 } });
  });

  it.each([500, 503])("waits out HTTP %i and gives up when it stays", async (status) => {
    const rig = await start();
    await rig.pages(1);
    rig.server.answer("/liveChat/messages", { status, body: "<html>" });
    const asked = rig.asked("/liveChat/messages").length;
    await rig.settled(() => rig.status().retryAtMs !== undefined);
    expect(rig.status()).toMatchObject({ state: "reconnecting" });
    const tries = rig.asked("/liveChat/messages").length - asked;
    expect(tries).toBeGreaterThanOrEqual(3);
    expect(tries).toBeLessThanOrEqual(4);
  });

  it("waits as long as the service asks to", async () => {
    const rig = await start();
    await rig.pages(1);
    const headers = { "retry-after": "120" };
    rig.server.answer("/liveChat/messages", { status: 503, body: "", headers });
    const asked = rig.asked("/liveChat/messages").length;
    await rig.settled(() => rig.status().retryAtMs !== undefined);
    expect(rig.asked("/liveChat/messages").length - asked).toBeLessThanOrEqual(1);
    expect((await ending(rig)).retryInMs).toBeGreaterThan(100_000);
  });

  it("neither loses nor doubles a gift over a new line that begins with history", async () => {
    const rig = await start((server) => {
      server.history = 3;
    });
    await rig.pages(1);
    for (const id of ["a", "b"]) rig.server.send(superChat(id, "1", rig.clock.now()));
    rig.server.send(jewels("combo", "1", 4, rig.clock.now()));
    const events = await rig.pages(1);
    rig.server.drop();
    await rig.settled(() => rig.status().retryAtMs !== undefined);
    rig.server.send(superChat("in between", "1", rig.clock.now()));
    rig.server.send(jewels("combo", "1", 6, rig.clock.now()));
    rig.clock.advance(rig.status().retryAtMs! - rig.clock.now());
    await rig.settled(() => rig.server.connects() === 2);
    events.push(...(await rig.pages(2)));
    const gifts = events.filter(({ type }) => type === "gift");
    expect(gifts.map(({ id, replay }) => [id, replay])).toEqual(
      ["a", "b", "combo:4", "in between", "combo:6"].map((id) => [`youtube:${id}`, false]),
    );
    expect(units(gifts)).toBe(9);
    expect(rig.status().counters).toMatchObject({ duplicates: 3, giftUnits: 9 });
  });

  it("begins anew where the service no longer knows the place", async () => {
    const rig = await start((server) => {
      server.history = 1;
    });
    rig.server.send(superChat("a", "1"));
    const events = await rig.pages(1);
    rig.server.answer("/liveChat/messages", { status: 400, body: anError(400, "pageTokenInvalid") });
    await rig.settled(
      () => rig.server.asked.filter(({ query }) => query.get("part")?.startsWith("snippet,live")).length > 1,
    );
    rig.server.answer("/liveChat/messages", undefined);
    rig.server.send(superChat("b", "1"));
    await rig.settled(() => rig.status().counters.giftUnits === 2);
    expect(units([...events, ...rig.ingest.drain(99)])).toBe(2);
  });

  it("gives up a service whose answers cannot be read", async () => {
    const rig = await start();
    await rig.pages(1);
    rig.server.answer("/liveChat/messages", { status: 200, body: "hello" });
    await rig.settled(() => rig.status().retryAtMs !== undefined);
    expect(rig.status().detail).toContain("cannot be understood");
    expect(rig.status().counters.broken).toBe(5);
  });

  it("reads no answer that is larger than any can be, also one that makes sense", async () => {
    const rig = await start();
    await rig.pages(1);
    const body = `{"pollingIntervalMillis":1000,"items":[${chat("1", "hidden")}${" ".repeat(5 * 1024 * 1024)}]}`;
    rig.server.answer("/liveChat/messages", { status: 200, body });
    await rig.settled(() => rig.status().counters.broken > 0);
    rig.server.answer("/liveChat/messages", undefined);
    expect(await rig.pages(1)).toEqual([]);
    expect(rig.status()).toMatchObject({ state: "live", counters: { connects: 1 } });
  });

  it("can be stopped while an answer does not come", async () => {
    const rig = await start((server) => {
      server.silent = true;
    });
    await until(() => rig.asked("/liveChat/messages").length === 1);
    await rig.ingest.stop();
    expect(rig.clock.pending()).toBe(0);
  });

  it("does not wait for an answer for ever", async () => {
    const rig = await start();
    await rig.pages(1);
    const { server } = rig;
    server.silent = true;
    await rig.settled(() => rig.status().retryAtMs !== undefined);
    expect(rig.status().detail).toContain("no answer within 30 s");
  });
});

describe("Jewels", () => {
  it("count each combo by what it grew, in any order and however often it is told", async () => {
    const rig = await start();
    await rig.pages(1);
    let serial = 0;
    const totals = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(totals, totals, async (ana, ben) => {
        const combo = `combo${serial++}`;
        for (const total of ana) rig.server.send(jewels(`${combo}a`, "ana", total));
        for (const total of ben) rig.server.send(jewels(`${combo}b`, "ben", total));
        const events = await rig.pages(1);
        const of = (id: string) => units(events.filter((event) => "viewer" in event && event.viewer?.id === id));
        expect([of("ana"), of("ben")]).toEqual([Math.max(...ana), Math.max(...ben)]);
      }),
      { numRuns: 30 },
    );
  });

  it("close a combo when nothing more of it comes, as no end is told", async () => {
    const rig = await start();
    await rig.pages(1);
    for (const total of [1, 2, 7]) rig.server.send(jewels("combo", "1", total));
    await rig.pages(1);
    rig.clock.advance(16_000);
    expect(rig.ingest.drain(99)).toMatchObject([{ type: "giftStreakEnd", streakTotal: 7, inferred: true }]);
  });
});

describe("refusals", () => {
  it.each([
    ["a used-up quota", 403, "quotaExceeded", "quotaUsedUp", "used up"],
    ["too many requests", 429, "rateLimitExceeded", "rateLimited", "too many requests"],
    ["a wrong key", 400, "keyInvalid", "wrongKey", "keyInvalid"],
    ["a key that may not", 403, "forbidden", "wrongKey", "forbidden"],
    ["a project without the API", 403, "accessNotConfigured", "wrongKey", "not enabled"],
    ["a chat switched off", 403, "liveChatDisabled", "failed", "switch it on"],
    ["a chat that is over", 403, "liveChatEnded", "ended", "has ended"],
    ["a chat that is gone", 404, "liveChatNotFound", "ended", "has ended"],
  ])("tells of %s", async (_name, status, reason, state, words) => {
    const rig = await start((server) => server.answer("/liveChat/messages", { status, body: anError(status, reason) }));
    await until(() => rig.status().state === state);
    expect(rig.status().detail).toContain(words);
    expect(rig.asked("/liveChat/messages")).toHaveLength(1);
  });

  it("asks again when California's next day gives new units", async () => {
    const rig = await start((server) => server.answer("/videos", { status: 403, body: anError(403, "quotaExceeded") }));
    // 08:00:10 UTC in winter is ten seconds past midnight there.
    expect((await ending(rig)).retryInMs).toBeGreaterThanOrEqual(24 * 3_600_000 - 10_000);
  });
});

describe("which broadcast", () => {
  const found = (server: FakeYoutube, ...videos: object[]): void => {
    const json = (value: object) => ({ status: 200, body: JSON.stringify(value) });
    server.answer("/channels", json({ items: [{ contentDetails: { relatedPlaylists: { uploads: "UU1" } } }] }));
    const items = ["aaaaaaaaaaa", "bbbbbbbbbbb"].map((videoId) => ({ contentDetails: { videoId } }));
    server.answer("/playlistItems", json({ items }));
    server.send(aVideoList(...videos));
  };
  const on = (id: string, actualStartTime: string) => aVideo(id, { activeLiveChatId: `chat ${id}`, actualStartTime });

  it.each([
    ["a handle", "some.body", "forHandle", "some.body"],
    ["a channel", "UC0123456789abcdefghijkl", "id", "UC0123456789abcdefghijkl"],
    ["a channel's address", "https://www.youtube.com/@some.body/live", "forHandle", "@some.body"],
  ])("finds the one that is on by %s, for three units", async (_name, user, by, name) => {
    const rig = await start(
      (server) =>
        found(
          server,
          aVideo("uploaded", undefined, "none"),
          aVideo("soon", { activeLiveChatId: "chat soon" }, "upcoming"),
          on("earlier", "2027-01-15T05:00:00Z"),
          on("latest", "2027-01-15T07:00:00Z"),
          aVideo("over", { actualEndTime: "2027-01-15T07:59:00Z" }, "none"),
        ),
      (url) => settings(url, user),
    );
    await rig.pages(1);
    expect(rig.status()).toMatchObject({ state: "live", roomId: "latest" });
    expect(rig.server.asked.slice(0, 4).map(({ path }) => path)).toEqual([
      "/channels",
      "/playlistItems",
      "/videos",
      "/liveChat/messages",
    ]);
    const queries = rig.server.asked.map(({ query }) => query);
    expect(queries[0]!.get(by)?.replace("@", "")).toBe(name.replace("@", ""));
    expect(queries[1]!.get("playlistId")).toBe("UU1");
    expect(queries[2]!.get("id")).toBe("aaaaaaaaaaa,bbbbbbbbbbb");
    expect(queries[3]!.get("liveChatId")).toBe("chat latest");
  });

  it("waits two minutes for a channel that is not live, and says when there is none", async () => {
    const waiting = await start(
      (server) => found(server),
      (url) => settings(url, "some.body"),
    );
    expect(await ending(waiting)).toMatchObject({
      state: "waitingForLive",
      detail: expect.stringContaining("@some.body"),
    });
    expect((await ending(waiting)).retryInMs).toBeGreaterThanOrEqual(120_000);
    const nobody = await start(
      (server) => server.answer("/channels", { status: 200, body: '{"items":[]}' }),
      (url) => settings(url, "nobody"),
    );
    expect(await ending(nobody)).toMatchObject({ state: "failed", detail: expect.stringContaining("no channel") });
  });

  it.each([
    [
      "is announced",
      aVideoList(aVideo(fakeVideoId, { activeLiveChatId: "LC1" }, "upcoming")),
      "waitingForLive",
      "go live",
    ],
    [
      "has just begun",
      aVideoList(aVideo(fakeVideoId, { actualStartTime: "2027-01-15T08:00:00Z" })),
      "waitingForLive",
      "",
    ],
    [
      "has no chat",
      aVideoList(aVideo(fakeVideoId, { actualStartTime: "2027-01-15T07:00:00Z" })),
      "failed",
      "switched off",
    ],
    [
      "is over",
      aVideoList(aVideo(fakeVideoId, { actualEndTime: "2027-01-15T07:00:00Z" }, "none")),
      "failed",
      "is over",
    ],
    ["is a mere video", aVideoList(aVideo(fakeVideoId, undefined, "none")), "failed", "no live broadcast"],
    ["does not exist", aVideoList(), "failed", "no video"],
  ])("says what is the matter with a broadcast that %s", async (_name, video, state, words) => {
    const rig = await start((server) => server.send(video));
    expect(await ending(rig)).toMatchObject({ state, detail: expect.stringContaining(words) });
    expect(rig.asked("/liveChat/messages")).toEqual([]);
  });
});

describe("settings", () => {
  const check = (user: string, env: SourceSettings["env"]) => youtube.check(someSettings({ user, env }));

  it("says what is missing or wrong", () => {
    expect(check("", { YOUTUBE_API_KEY: "k" })).toContain("--user");
    expect(check("https://example.com/watch?v=dQw4w9WgXcQ", { YOUTUBE_API_KEY: "k" })).toContain(
      "You wrote https://ex",
    );
    expect(check(fakeVideoId, {})).toContain("YOUTUBE_API_KEY");
    expect(check(fakeVideoId, { YOUTUBE_API_KEY: "k" })).toBeUndefined();
    expect(check(fakeVideoId, { YOUTUBE_API_URL: "ws://x" })).toContain("You wrote ws://x");
    expect(check(fakeVideoId, { YOUTUBE_API_URL: "http://127.0.0.1:1" })).toBeUndefined();
    for (const wrong of ["1e9", "-5", "99", "many"]) {
      expect(check(fakeVideoId, { YOUTUBE_API_KEY: "k", YOUTUBE_DAILY_UNITS: wrong })).toContain(`You wrote ${wrong}`);
    }
  });

  it("names whom it follows", () => {
    const target = (user: string) => youtube.target(someSettings({ user }));
    expect(target("https://youtu.be/dQw4w9WgXcQ")).toBe("the broadcast dQw4w9WgXcQ");
    expect(target("some.body")).toBe("@some.body");
  });
});

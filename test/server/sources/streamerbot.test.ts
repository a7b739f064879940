/** Source streamerbot: passes the suite of all sources; what is special is the talk before the events, and that it has several platforms. */
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { createIngest } from "../../../server/ingest/ingest.ts";
import type { SourceSettings } from "../../../server/ingest/source.ts";
import streamerbot from "../../../server/sources/streamerbot.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { someSettings } from "../../support/source.ts";
import { until } from "../../support/until.ts";
import { testSource } from "./conformance.ts";
import { type FakeStreamerbotOptions, startFakeStreamerbot } from "./fake-streamerbot.ts";

const lines = readFileSync(new URL("../../fixtures/streamerbot/events.ndjson", import.meta.url), "utf8")
  .trim()
  .split("\n");
const settings = (STREAMERBOT_URL?: string, STREAMERBOT_PASSWORD?: string): SourceSettings =>
  someSettings({ env: { STREAMERBOT_URL, STREAMERBOT_PASSWORD } });
const event = (name: string, data: object, atMs?: number): string => {
  const [source, type] = name.split(".");
  const timeStamp = atMs === undefined ? undefined : new Date(atMs).toISOString();
  return JSON.stringify({ timeStamp, event: { source, type }, data });
};
const chat = (id: string, text: string, atMs?: number): string =>
  event("Twitch.ChatMessage", { user: { id, login: `u${id}`, name: `U${id}` }, text }, atMs);
const online = (id: string): string => event("Twitch.StreamOnline", { id });
const unknown = event("Twitch.SomethingNew", {});

/** The fixture's lines of these events. */
function framesOf(...names: string[]): string[] {
  const of = (name: string) => {
    const [source, type] = name.split(".");
    return lines.filter((line) => line.includes(`{"source": "${source}", "type": "${type}"}`));
  };
  const frames = lines.filter((line) => names.some((name) => of(name).includes(line)));
  expect(frames.length, `fixture has ${names}`).toBeGreaterThanOrEqual(names.length);
  return frames;
}

const lea = {
  platform: "twitch",
  id: "162909743",
  handle: "lea_k",
  name: "Lea_K 🦊",
  roles: { moderator: true, subscriber: true, follower: false, owner: false },
};
const bo = {
  platform: "youtube",
  id: "UCbo00000000000000000002",
  handle: "bo",
  name: "@bo",
  avatarUrl: "https://yt3.ggpht.com/bo",
  roles: { moderator: false, subscriber: true, follower: false, owner: false },
};
const kim = { platform: "kick", id: "55501", handle: "kim", name: "Kim", avatarUrl: "https://files.kick.com/kim.webp" };
const bits = { id: "bits", name: "Bits", unitValue: 1, currency: "bit" };

testSource({
  source: streamerbot,
  fakeServer: startFakeStreamerbot,
  settings: (url) => settings(url),
  viewerPlatform: "twitch",
  live: online,
  chat,
  gifts: "single",
  gift: ({ viewerId: userId, messageId: msgId, total, atMs }) =>
    event("Twitch.Cheer", { msgId, userId, username: `u${userId}`, message: "", bits: total }, atMs),
  unknown,
  control: [
    ...framesOf("General.Custom", "YouTube.GiftMembershipReceived"),
    JSON.stringify({ id: "somebody else's", status: "ok" }),
    event("Twitch.GiftSub", { user: { id: "1" }, fromSubBomb: true }),
    event("Twitch.Cheer", { user: { id: "1" }, bits: 5, isFromSharedChatGuest: true }),
  ],
  broken: [
    event("Twitch.Cheer", {}),
    event("Twitch.Follow", {}),
    event("Twitch.RewardRedemption", { user_id: "1" }),
    event("YouTube.Message", { message: "nobody" }),
    event("YouTube.StatisticsUpdated", { concurrentViewers: "many" }),
    JSON.stringify({ event: { source: "Twitch" }, data: {} }),
    JSON.stringify({ request: "Goodbye" }),
  ],
  messages: [
    [
      "Twitch.ChatMessage and Cheer in both shapes, bits once whoever tells of them",
      framesOf("Twitch.ChatMessage", "Twitch.Cheer"),
      [
        { type: "chat", id: "streamerbot:twitch:tw-1", text: "!jump", viewer: lea, ts: 1_800_000_011_500 },
        {
          type: "chat",
          text: "in the newer shape",
          viewer: { ...lea, roles: { ...lea.roles, moderator: false, subscriber: false, owner: true } },
        },
        { type: "gift", id: "streamerbot:twitch:tw-3/bits", viewer: lea, gift: bits, count: 100, streakKey: "" },
        { type: "chat", id: "streamerbot:twitch:tw-3", text: "Cheer100 hi" },
        { type: "gift", viewer: { id: "anonymous", name: "Anonymous" }, gift: bits, count: 50 },
      ],
    ],
    [
      "Twitch.Sub and ReSub",
      framesOf("Twitch.Sub", "Twitch.ReSub"),
      [
        {
          type: "subscribe",
          viewer: { id: "1001", handle: "sub_one", name: "Sub_One" },
          months: 1,
          tier: "1000",
          giftCount: 0,
        },
        { viewer: { id: "1002", handle: "subtwo", roles: { subscriber: true } }, months: 1, tier: "3000" },
        { viewer: { id: "1003" }, months: 25, tier: "prime", giftCount: 0 },
      ],
    ],
    [
      "Twitch.GiftBomb once, whatever GiftSub says of it",
      framesOf("Twitch.GiftBomb", "Twitch.GiftSub"),
      [
        { type: "subscribe", viewer: { id: "1004", name: "Gifter" }, giftCount: 3, tier: "2000" },
        { viewer: { id: "1005", handle: "newer" }, giftCount: 2, tier: "1000", id: "streamerbot:twitch:tw-7/gifted" },
        { viewer: { id: "274598607" }, giftCount: 1, tier: "3000" },
      ],
    ],
    [
      "Twitch.Follow, Raid and RewardRedemption",
      framesOf("Twitch.Follow", "Twitch.Raid", "Twitch.RewardRedemption"),
      [
        { type: "follow", viewer: { platform: "twitch", id: "1006", handle: "fay", name: "Fay" } },
        { type: "raid", viewer: { id: "1007", handle: "raider", name: "Raider" }, viewers: 42 },
        { type: "redeem", rewardId: "rw-1", title: "Hydrate", cost: 100, text: "hi there", viewer: { id: "1006" } },
      ],
    ],
    [
      "YouTube.Message, SuperChat and SuperSticker",
      framesOf("YouTube.Message", "YouTube.SuperChat", "YouTube.SuperSticker"),
      [
        { type: "chat", text: "hello", viewer: bo },
        {
          type: "gift",
          viewer: bo,
          gift: { id: "superchat", name: "Super Chat", unitValue: 5, currency: "CAD" },
          count: 1,
        },
        { type: "chat", id: "streamerbot:youtube:yt-2", text: "go!" },
        { type: "gift", gift: { unitValue: 1234.5, currency: "EUR" } },
        { type: "gift", gift: { id: "supersticker", unitValue: 500, currency: "JPY" } },
      ],
    ],
    [
      "YouTube's members and subscribers",
      framesOf("YouTube.NewSponsor", "YouTube.MemberMileStone", "YouTube.MembershipGift", "YouTube.NewSubscriber"),
      [
        { type: "subscribe", viewer: { id: "UC5" }, months: 1, tier: "Fan", giftCount: 0 },
        { type: "subscribe", viewer: { id: "UC6" }, months: 14, tier: "Fan", giftCount: 0 },
        { type: "chat", text: "over a year" },
        { type: "subscribe", viewer: bo, giftCount: 5, tier: "Fan" },
        { type: "follow", viewer: { platform: "youtube", id: "UC9", name: "Nine" } },
      ],
    ],
    [
      "YouTube.JewelsGifted by what its combo grew, one by one without an id",
      framesOf("YouTube.JewelsGifted"),
      [
        { type: "gift", gift: { id: "Rose", unitValue: 10, currency: "jewel" }, count: 1 },
        { type: "gift", count: 2, streakTotal: 3 },
        { type: "gift", count: 1, streakKey: "" },
      ],
    ],
    [
      "Kick",
      framesOf("Kick.ChatMessage", "Kick.Follow", "Kick.Subscription", "Kick.Resubscription", "Kick.RewardRedemption"),
      [
        { type: "chat", text: "kick it", viewer: kim },
        { type: "follow", viewer: kim },
        { type: "subscribe", viewer: { id: "55502" }, months: 1, giftCount: 0 },
        { type: "subscribe", viewer: { id: "55503" }, months: 7, giftCount: 0 },
        { type: "redeem", rewardId: "01KK", title: "My Reward", cost: 100, text: "text" },
      ],
    ],
    [
      "Kick's gifts",
      framesOf("Kick.GiftSubscription", "Kick.MassGiftSubscription", "Kick.KicksGifted"),
      [
        { type: "subscribe", viewer: kim, giftCount: 1 },
        { type: "subscribe", viewer: { id: "anonymous" }, giftCount: 3 },
        {
          type: "gift",
          viewer: kim,
          gift: { id: "Rage Quit", name: "Rage Quit", unitValue: 500, currency: "kick" },
          count: 1,
        },
        { type: "gift", viewer: { id: "55505", handle: "kai" }, gift: { id: "hell_yeah", unitValue: 1 } },
      ],
    ],
    [
      "tips",
      framesOf("StreamElements.Tip", "Streamlabs.Donation"),
      [
        {
          type: "gift",
          id: "streamerbot:streamelements:se-1/tip",
          viewer: { platform: "streamelements", id: "tess tip", name: "Tess Tip" },
          gift: { id: "tip", name: "Tip", unitValue: 4.2, currency: "USD" },
          count: 1,
        },
        { viewer: { platform: "streamlabs", id: "don", name: "Don" }, gift: { unitValue: 10, currency: "EUR" } },
      ],
    ],
    [
      "viewers, of all platforms together",
      framesOf("Twitch.ViewerCountUpdate", "YouTube.StatisticsUpdated"),
      [
        { type: "viewers", count: 40 },
        { type: "viewers", count: 52 },
      ],
    ],
    ["the end", [event("Twitch.StreamOffline", {})], [{ type: "streamEnd", reason: "Twitch is offline" }]],
  ],
});

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A source that talks to a fake. */
async function start(options: FakeStreamerbotOptions = {}, password?: string) {
  const server = await startFakeStreamerbot(options);
  const clock = createManualClock();
  const ingest = createIngest({ clock, random: () => 0.5 });
  cleanups.push(server.stop, ingest.stop);
  ingest.start(streamerbot, settings(server.url, password));
  const status = () => ingest.status()[0]!;
  return {
    server,
    clock,
    ingest,
    status,
    /** The source's state once it has heard the frames, and what came of them. */
    async hears(...frames: string[]) {
      const before = status().counters.ignoredUnknown;
      for (const frame of [...frames, unknown]) server.send(frame);
      await until(() => status().counters.ignoredUnknown > before);
      return { state: status().state, events: ingest.drain(99) };
    },
  };
}

const subscribedTo = (server: Awaited<ReturnType<typeof start>>["server"]) =>
  server.requests.find(({ request }) => request === "Subscribe")?.events;

describe("the talk", () => {
  it("asks which events there are, and subscribes to those it reads", async () => {
    const has = ["Twitch.Cheer", "Twitch.HypeTrainStart", "YouTube.Message", "Obs.Connected", "General.Custom"];
    const { server } = await start({ has });
    await until(() => server.lines() === 1);
    expect(server.requests.map(({ request }) => request)).toEqual(["GetEvents", "Subscribe"]);
    expect(subscribedTo(server)).toEqual({ Twitch: ["Cheer"], YouTube: ["Message"], General: ["Custom"] });
  });

  it("subscribes to all it reads where the app does not say what it has", async () => {
    const { server } = await start({ old: true });
    await until(() => server.lines() === 1);
    expect(subscribedTo(server)?.Twitch).toContain("StreamOnline");
    expect(subscribedTo(server)?.Kick).toContain("ViewerCountUpdate");
  });

  it("says why the app refuses, and tries again", async () => {
    const { status } = await start({ old: true, has: ["Twitch.Cheer"] });
    await until(() => status().retryAtMs !== undefined);
    expect(status().detail).toContain("Unknown event Twitch.ChatMessage");
  });

  it.each([false, true])("gives the password when asked, enforced: %s", async (enforce) => {
    const { server, hears } = await start({ password: "secret", enforce }, "secret");
    await until(() => server.lines() === 1);
    expect(server.requests.map(({ request }) => request)).toEqual(["Authenticate", "GetEvents", "Subscribe"]);
    expect(JSON.stringify(server.requests)).not.toContain("secret");
    expect((await hears(chat("1", "in"))).state).toBe("live");
  });

  it("needs no password where the app asks for one but does not insist", async () => {
    const { server } = await start({ password: "secret" });
    await until(() => server.lines() === 1);
  });

  it.each([
    ["a wrong one", { password: "secret" }, "guess", "is not the password"],
    ["a wrong one, and closes", { password: "secret", closesOnWrong: true }, "guess", "is not the password"],
    ["none", { password: "secret", enforce: true }, undefined, "STREAMERBOT_PASSWORD="],
  ])("says what to do about the password when it gave %s", async (_name, options, password, words) => {
    const { status, server } = await start(options, password);
    await until(() => status().retryAtMs !== undefined);
    expect(status()).toMatchObject({ state: "wrongKey", detail: expect.stringContaining(words) });
    expect(JSON.stringify(status())).not.toContain("guess");
    expect(server.lines()).toBe(0);
  });

  it("gives up what does not say Hello", async () => {
    const { status, server, clock } = await start({ mute: true });
    await until(() => server.connects() === 1 && status().detail.startsWith("Connected"));
    clock.advance(9999);
    expect(status().retryAtMs).toBeUndefined();
    clock.advance(1);
    expect(status().detail).toContain("does not say Hello");
    expect(clock.pending()).toBe(1);
  });
});

describe("when the show is live", () => {
  const offline = (source: string) =>
    event(source === "YouTube" ? "YouTube.BroadcastEnded" : `${source}.StreamOffline`, {});
  const started = async () => {
    const rig = await start();
    await until(() => rig.server.lines() === 1);
    return rig;
  };
  const kinds = ({ events }: { events: { type: string }[] }) => events.map(({ type }) => type);

  it("waits for the first event, which is not lost", async () => {
    const { hears } = await started();
    expect(await hears()).toMatchObject({ state: "waitingForLive", events: [] });
    const heard = await hears(chat("1", "first"));
    expect([heard.state, kinds(heard)]).toEqual(["live", ["streamStart", "chat"]]);
  });

  it("is over with the last platform, told once; the offline chat tells of no new show, the next broadcast does", async () => {
    const { hears, server } = await started();
    await hears(online("1"), event("YouTube.Message", { user: { id: "UC1", name: "a" }, message: "hi" }));
    expect(await hears(offline("Twitch"))).toMatchObject({ state: "live", events: [] });
    expect(kinds(await hears(offline("YouTube"), offline("YouTube")))).toEqual(["streamEnd"]);
    const late = await hears(
      chat("1", "late"),
      event("StreamElements.Tip", { username: "T", amount: 5, currency: "EUR" }),
    );
    expect([late.state, kinds(late)]).toEqual(["waitingForLive", ["chat", "gift"]]);
    const next = await hears(online("2"));
    expect(next).toMatchObject({ state: "live", events: [{ type: "streamStart", roomId: "twitch:2" }] });
    expect([server.connects(), server.lines()]).toEqual([1, 1]);
  });

  it("keeps its room when another platform joins in, and changes it with the next broadcast of its own", async () => {
    const { hears, status } = await started();
    await hears(chat("1", "early"), online("1"), event("YouTube.BroadcastStarted", { id: "yt" }), online("1"));
    expect(status().roomId).toBe("twitch:1");
    expect(kinds(await hears(online("2")))).toEqual(["streamEnd", "streamStart"]);
    expect(status().roomId).toBe("twitch:2");
  });

  it("takes a platform that went offline out of the viewers' number", async () => {
    const { hears } = await started();
    const viewers = (source: string, viewerCount: number) => event(`${source}.ViewerCountUpdate`, { viewerCount });
    const heard = await hears(viewers("Twitch", 40), viewers("Kick", 7), offline("Twitch"), viewers("Kick", 8));
    expect(heard.events.filter(({ type }) => type === "viewers")).toMatchObject([
      { count: 40 },
      { count: 47 },
      { count: 8 },
    ]);
  });
});

it("marks tests, and tells each of them", async () => {
  const { server, hears } = await start();
  await until(() => server.lines() === 1);
  const cheer = event("Twitch.Cheer", { msgId: "same", userId: "1", displayName: "A", bits: 5, isTest: true });
  const { events } = await hears(cheer, cheer, event("Twitch.Cheer", { msgId: "same", userId: "1", bits: 5 }));
  expect(events.filter(({ type }) => type === "gift").map(({ test }) => test)).toEqual([true, true, false]);
});

describe("settings", () => {
  it("needs nothing, and says what is wrong with an address", () => {
    expect(streamerbot.check(settings())).toBeUndefined();
    expect(streamerbot.check(settings("http://x"))).toContain("You wrote http://x");
    expect(streamerbot.target(settings())).toBe("the accounts in Streamer.bot");
    expect(streamerbot.target(someSettings({ user: "ana" }))).toBe("@ana");
  });

  it("says that the app is not running, and keeps trying", async () => {
    const server = await startFakeStreamerbot();
    await server.stop();
    const clock = createManualClock();
    const ingest = createIngest({ clock, random: () => 0.5 });
    ingest.start(streamerbot, settings(server.url));
    const status = () => ingest.status()[0]!;
    for (let tries = 1; tries <= 8; tries++) {
      await until(() => status().retryAtMs !== undefined);
      expect(status().detail).toContain("is Streamer.bot running");
      const waitMs = status().retryAtMs! - clock.now();
      expect(waitMs).toBeLessThanOrEqual(10_000);
      clock.advance(waitMs);
    }
    await ingest.stop();
  });
});

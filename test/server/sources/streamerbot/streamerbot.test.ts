/** Source streamerbot passes the suite of all sources; its viewers come from several platforms, whose events changed their shape. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import streamerbot from "../../../../server/sources/streamerbot.ts";
import { testSource } from "../conformance.ts";
import { chat, event, online, settings, startFakeStreamerbot, unknown } from "./fake-streamerbot.ts";

const lines = readFileSync(new URL("../../../fixtures/streamerbot/events.ndjson", import.meta.url), "utf8")
  .trim()
  .split("\n");
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
    event("Twitch.ChatMessage", { user: { id: "1" } }),
    event("Twitch.Follow", {}),
    event("Twitch.RewardRedemption", { user_id: "1" }),
    event("YouTube.Message", { message: "nobody" }),
    event("YouTube.StatisticsUpdated", { concurrentViewers: "many" }),
    JSON.stringify({ event: { source: "Twitch" }, data: {} }),
    JSON.stringify({ request: "Goodbye" }),
  ],
  messages: [
    [
      "Twitch.ChatMessage and Cheer in both shapes, bits once although both tell of them",
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
          viewer: { platform: "streamelements", id: "tess tip", name: "Tess Tip" },
          gift: { id: "tip", name: "Tip", unitValue: 4.2, currency: "USD" },
          count: 1,
        },
        { viewer: { platform: "streamlabs", id: "don", name: "Don" }, gift: { unitValue: 10, currency: "EUR" } },
      ],
    ],
    [
      "amounts of a currency with three decimals, told beside them",
      [
        event("StreamElements.Tip", { username: "Tess Tip", amount: "1.500", currency: "kwd" }),
        event("YouTube.SuperChat", { amount: "2.500", currencyCode: "KWD", user: { id: "1" } }),
      ],
      [1.5, 2.5].map((unitValue) => ({ type: "gift", gift: { unitValue, currency: "KWD" } })),
    ],
    [
      "what comes again under an id that may be a user's or a gift kind's, and a redemption told twice",
      [
        ...framesOf("StreamElements.Tip"),
        event("StreamElements.Tip", { id: "se-1", username: "Tess Tip", amount: 3, currency: "usd" }),
        event("Kick.KicksGifted", { id: "rage", user: { id: "1" }, kicks: { amount: 5, name: "Rage Quit" } }),
        event("Kick.KicksGifted", { id: "rage", user: { id: "2" }, kicks: { amount: 5, name: "Rage Quit" } }),
        ...framesOf("Twitch.RewardRedemption"),
        ...framesOf("Twitch.RewardRedemption"),
      ],
      [
        { type: "gift", gift: { unitValue: 4.2 } },
        { type: "gift", gift: { unitValue: 3 } },
        { type: "gift", viewer: { id: "1" } },
        { type: "gift", viewer: { id: "2" } },
        { type: "redeem", id: "streamerbot:twitch:red-1/redeem" },
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

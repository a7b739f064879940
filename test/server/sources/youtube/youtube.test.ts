/** Source youtube passes the suite of all sources, and says what its settings lack. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { SourceSettings } from "../../../../server/ingest/source.ts";
import youtube from "../../../../server/sources/youtube.ts";
import { someListener, someSettings } from "../../../support/source.ts";
import { testSource } from "../conformance.ts";
import { fakeVideoId, startFakeYoutube } from "./fake-youtube.ts";
import { aLiveVideo, anItem, chat, settings, superChat, unknown } from "./rig.ts";

const lines = readFileSync(new URL("../../../fixtures/youtube/items.ndjson", import.meta.url), "utf8")
  .trim()
  .split("\n");
/** The fixture's lines that hold messages of one type. */
function itemsOf(type: string): string[] {
  const items = lines.filter((line) => line.includes(`"type": "${type}"`));
  expect(items.length, `fixture has ${type}`).toBeGreaterThan(0);
  return items;
}
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
    expect(target("https://youtu.be/dQw4w9WgXcQ")).toBe("video dQw4w9WgXcQ");
    expect(target("some.body")).toBe("@some.body");
  });
});

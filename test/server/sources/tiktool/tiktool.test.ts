/** Source tiktool: every kind of message and garbage, through a real socket where sockets matter. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { SourceEvent } from "../../../../server/ingest/source.ts";
import tiktool, { parseMessage, translate } from "../../../../server/sources/tiktool.ts";
import { someSettings } from "../../../support/source.ts";
import { testSource } from "../conformance.ts";

const lines = readFileSync(new URL("../../../fixtures/tiktool/messages.ndjson", import.meta.url), "utf8")
  .trim()
  .split("\n");
const owner = { roomId: "7400000000000000001", owner: "some.streamer" };

/** The fixture's lines of one name. */
function framesOf(name: string): string[] {
  const found = lines.filter((line) => {
    const message = JSON.parse(line);
    return (message.event ?? message.type) === name;
  });
  expect(found.length, `fixture has ${name}`).toBeGreaterThan(0);
  return found;
}

/** What the fixture's messages of one name translate to. */
function eventsOf(name: string): SourceEvent[] {
  return framesOf(name).flatMap((line) => {
    const translation = translate(JSON.parse(line), owner);
    return translation.kind === "events" ? translation.events : [];
  });
}

/** What each kind of message says but gifts, whose numbers are counted later. */
const meanings: [string, object[]][] = [
  [
    "chat",
    [
      { type: "chat", text: "!dash", ts: 1_800_000_000_100 },
      { text: "merhaba [emote]", viewer: { name: "Gülçe" } },
    ],
  ],
  [
    "like",
    [
      { type: "like", count: 15, roomTotal: 915 },
      { count: 3, roomTotal: 960 },
    ],
  ],
  ["member", [{ type: "join" }, { type: "subscribe" }]],
  ["follow", [{ type: "follow", viewer: { handle: "minh_3", roles: { follower: true } } }]],
  ["share", [{ type: "share" }]],
  ["social", [{ type: "follow" }, { type: "share" }]],
  ["subscribe", [{ type: "subscribe", viewer: { roles: { subscriber: true } }, giftCount: 0 }]],
  ["roomUserSeq", [{ type: "viewers", count: 41, total: 310 }]],
  ["battle", [{ type: "battle", phase: "active", scores: [22, 5], battleId: "7410000000000000001" }]],
  ["linkMicBattle", [{ type: "battle", phase: "starting", scores: [30, 12] }]],
  ["battleArmies", [{ type: "battleScores", scores: [31, 8] }]],
  ["roomPin", [{ type: "pin", text: "!dash", pinned: true, viewer: { handle: "otter_disco1" } }]],
  ["pinnedMessage", [{ type: "pin", text: "be kind", pinned: false }]],
  [
    "caption",
    [
      { text: "welcome in", final: true, language: "en" },
      { final: false, ts: 1_800_000_009_000 },
    ],
  ],
  ["envelope", [{ type: "envelope", value: 100, people: 5 }]],
  ["emote", [{ type: "emote", emoteId: "801", url: "https://p16-webcast.tiktokcdn.com/e1.webp" }]],
  ["emoteChat", [{ type: "emote", emoteId: "802", url: "https://p16-webcast.tiktokcdn.com/e2.webp" }]],
  ["liveIntro", [{ type: "intro", text: "Type !dash", viewer: { roles: { owner: true } } }]],
  ["streamEnd", [{ type: "streamEnd", reason: "3" }]],
];

const message = (event: string, data: object) => JSON.stringify({ event, data });

testSource({
  source: tiktool,
  settings: (url) => someSettings({ user: "some.streamer", env: { TIKTOOL_URL: url } }),
  live: (roomId) => JSON.stringify({ event: "roomInfo", roomId }),
  chat: (userId, comment, timestamp) => message("chat", { comment, user: { userId }, ...(timestamp && { timestamp }) }),
  follow: (userId, msgId) => message("follow", { msgId, user: { userId } }),
  like: (userId, likeCount, totalLikeCount) => message("like", { user: { userId }, likeCount, totalLikeCount }),
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
      ...{ user: { userId }, giftId: Number(giftId), giftName: "Rose", giftType: streakable ? 1 : 2, diamondCount: 1 },
      ...{ groupId, msgId, repeatCount, repeatEnd, timestamp: atMs },
    }),
  unknown: message("somethingNew", {}),
  control: [message("ping", {}), message("_journal", {}), message("connected", {}), '{"type":"credits"}'],
  broken: [message("chat", { comment: 7, user: {} }), message("gift", { user: { userId: "1" } }), '{"event":5}'],
  messages: [
    ...meanings.map(([name, expected]) => [name, framesOf(name), expected] as const),
    [
      "gift",
      framesOf("gift"),
      [
        { type: "gift", count: 1 },
        { count: 2 },
        { count: 4, streakTotal: 7 },
        { type: "giftStreakEnd", streakTotal: 7, inferred: false },
        { type: "gift", gift: { id: "9009", unitValue: 1500 }, count: 1, streakKey: "" },
        { type: "gift", count: 2 },
        { type: "giftStreakEnd", streakTotal: 2 },
      ],
    ],
  ],
});

describe("translate", () => {
  it.each(meanings)("%s", (name, expected) => expect(eventsOf(name)).toMatchObject(expected));

  it("gifts keep the provider's running total, end, group and transaction", () => {
    const gifts = eventsOf("gift");
    expect(gifts).toMatchObject([
      { total: 1, end: false, streakable: true, groupId: "1800000000200", transactionId: "f1" },
      { total: 3 },
      { total: 7 },
      { total: 7, end: true },
      { total: 1, streakable: false, gift: { id: "9009", name: "Supernova", unitValue: 1500, currency: "diamond" } },
      { total: 2, end: true, streakable: true, groupId: "", transactionId: "" },
    ]);
  });

  it.each([
    [
      { event: "roomInfo", roomId: "7" },
      { kind: "room", roomId: "7" },
    ],
    [
      { event: "roomInfo", data: { roomId: "8", wsHost: "x" } },
      { kind: "room", roomId: "8" },
    ],
    [
      { event: "ping", data: {} },
      { kind: "ignored", reason: "control" },
    ],
    [{ event: "_journal" }, { kind: "ignored", reason: "control" }],
    [
      { event: "connected", data: {} },
      { kind: "ignored", reason: "control" },
    ],
    [
      { type: "credits_low", total: 1 },
      { kind: "notice", detail: "The captions' credits are nearly used up." },
    ],
    [
      { event: "rankUpdate", data: {} },
      { kind: "ignored", reason: "unknown" },
    ],
    [{ ready: true }, { kind: "ignored", reason: "control" }],
    [
      { type: "rate_limited", error: "too many frames" },
      { kind: "ending", ending: { class: "rateLimited", detail: "too many frames" } },
    ],
    [{ error: "no session" }, { kind: "trouble", detail: "no session" }],
    [
      { event: "__proto__", data: {} },
      { kind: "ignored", reason: "unknown" },
    ],
    [{ event: "constructor" }, { kind: "ignored", reason: "unknown" }],
    [
      { event: "error", data: { error: "upstream" } },
      { kind: "trouble", detail: "upstream" },
    ],
    [
      { event: "chat", data: { comment: 7, user: {} } },
      { kind: "ignored", reason: "broken" },
    ],
    [
      { event: "chat", data: { comment: "hi", user: null } },
      { kind: "ignored", reason: "broken" },
    ],
    [
      { event: "gift", data: { user: { userId: "1" } } },
      { kind: "ignored", reason: "broken" },
    ],
    [{ event: 5 }, { kind: "ignored", reason: "broken" }],
    [null, { kind: "ignored", reason: "broken" }],
    [[1, 2], { kind: "ignored", reason: "broken" }],
    ["text", { kind: "ignored", reason: "broken" }],
  ])("%j", (message, expected) => expect(translate(message)).toEqual(expected));

  it.each([
    [{ type: "session_limit", message: "Session limit reached", sessionMaxMs: 7_200_000 }, "refresh"],
    [{ type: "session_limit", message: "15 sessions per day reached" }, "quota"],
    [{ type: "demo_limit", message: "Daily Demo Limit Reached" }, "quota"],
    [{ type: "anon_limit" }, "quota"],
  ])("nudge %j ends the line as %s", (message, why) => {
    expect(translate(message)).toMatchObject({ kind: "ending", ending: { class: why } });
  });

  it("takes a user's fields from any of their places", () => {
    const of = (data: object) => {
      const translation = translate({ event: "chat", data: { comment: "x", ...data } });
      return translation.kind === "events"
        ? (translation.events[0] as SourceEvent & { type: "chat" }).viewer
        : undefined;
    };
    expect(of({ user: { id: "5", uniqueId: "a" } })).toMatchObject({ id: "5", handle: "a", name: "a" });
    expect(of({ user: { userId: "5", payGrade: 9, level: 4, isModerator: 1 } })).toMatchObject({
      levels: { gifter: 4 },
      roles: { moderator: true },
    });
    expect(of({ userId: "6", nickname: "Flat" })).toMatchObject({ id: "6", name: "Flat" });
    expect(of({ user: { uniqueId: "only.handle" } })).toMatchObject({ id: "only.handle" });
    expect(of({ user: { userId: "1", profilePictureUrl: "javascript:alert(1)" } })).not.toHaveProperty("avatarUrl");
    expect(of({ user: JSON.parse('{"__proto__":{"userId":"9"}}') })).toBeUndefined();
  });

  it.each(["0", 0])("never takes an unset id, %j, for an id", (unset) => {
    const user = { userId: unset, uniqueId: "bo" };
    const data = { msgId: unset, senderUserId: unset, roomId: unset, transactionId: unset, groupId: unset, giftId: 5 };
    expect(translate({ event: "gift", data: { ...data, user } })).toMatchObject({
      events: [{ id: "", roomId: "", transactionId: "", groupId: "", viewer: { id: "bo" } }],
    });
    const sender = translate({ event: "gift", data: { ...data, senderUserId: "12", user } });
    expect(sender).toMatchObject({ events: [{ viewer: { id: "12" } }] });
    expect(translate({ event: "gift", data: { ...data, user: { id: "13", ...user } } })).toMatchObject({
      events: [{ viewer: { id: "13" } }],
    });
    expect(translate({ event: "gift", data })).toEqual({ kind: "ignored", reason: "broken" });
    expect(translate({ event: "roomInfo", roomId: unset })).toEqual({ kind: "room", roomId: "" });
  });

  it("takes a message's own room where the line has told none", () => {
    const chat = { event: "chat", data: { comment: "x", user: { userId: "1" }, roomId: "77" } };
    expect(translate(chat)).toMatchObject({ events: [{ roomId: "77" }] });
    expect(translate(chat, owner)).toMatchObject({ events: [{ roomId: owner.roomId }] });
  });

  it("learns from messages that name it whether a gift is a combo's; without a type it is unknown", () => {
    const context = { ...owner, streakableGifts: new Map<string, boolean>() };
    const streakable = (data: object) => {
      const said = translate(
        { event: "gift", data: { msgId: "1", giftId: 5, user: { userId: "1" }, ...data } },
        context,
      );
      return said.kind === "events" && (said.events[0] as SourceEvent & { type: "gift" }).streakable;
    };
    expect(streakable({})).toBe("unknown");
    expect(streakable({ msgId: "", timestamp: 1_800_000_000_000 })).toBe("unknown");
    // Nothing would tell it from itself sent again.
    expect(streakable({ msgId: "" })).toBe(true);
    expect([streakable({ giftType: 2 }), streakable({}), streakable({ giftId: 6 })]).toEqual([false, false, "unknown"]);
    expect([streakable({ gift: { gift_type: 1 } }), streakable({})]).toEqual([true, true]);
    expect([streakable({ giftId: 7, combo: false }), streakable({ giftId: 7 })]).toEqual([false, "unknown"]);
    for (let giftId = 10; giftId < 3000; giftId++) streakable({ giftId, giftType: 2 });
    expect(context.streakableGifts.size).toBe(2000);
    expect([streakable({}), streakable({ giftType: 2 }), streakable({})]).toEqual([true, false, false]);
  });

  it("keeps the digits of ids that come as large numbers", () => {
    const text =
      '{"event":"chat","data":{"comment":"say \\"userId\\":12345678901234567890","user":{"userId":6892636847263982501,"nickname":"x"},"timestamp":1800000000000}}';
    expect(translate(parseMessage(text))).toMatchObject({
      events: [
        { viewer: { id: "6892636847263982501" }, text: 'say "userId":12345678901234567890', ts: 1_800_000_000_000 },
      ],
    });
  });
});

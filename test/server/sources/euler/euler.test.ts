/** Source euler: what messages mean in the service's three schemas, why a line is over, and its settings. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SourceEvent, SourceSettings } from "../../../../server/ingest/source.ts";
import euler, {
  classifyClose,
  classifyUpgrade,
  messagesOf,
  parseFrame,
  translate,
} from "../../../../server/sources/euler.ts";
import { someSettings } from "../../../support/source.ts";

const context = { roomId: "7400000000000000001", owner: "some.streamer", sentAt: 0 };
const schemas = ["v1", "v2", "v3"] as const;
type Schema = (typeof schemas)[number];

/** Frames of the fixture: v1 and v2 come in bundles, v3 without. */
function framesOf(schema: Schema): string[] {
  const file = new URL(`../../../fixtures/euler/show-${schema}.ndjson`, import.meta.url);
  return readFileSync(file, "utf8").trim().split("\n");
}
function messagesIn(schema: Schema): unknown[] {
  return framesOf(schema).flatMap((frame) => messagesOf(parseFrame(frame)).messages);
}
/** What a schema's messages of one name translate to. */
function eventsOf(schema: Schema, name?: string): SourceEvent[] {
  const found = messagesIn(schema).filter((message) => !name || (message as { type: string }).type === name);
  expect(found.length, `fixture has ${name}`).toBeGreaterThan(0);
  return found.flatMap((message) => {
    const translation = translate(message, context);
    return translation.kind === "events" ? translation.events : [];
  });
}
/** The viewer of a chat message by this user. */
function viewerOf(user: unknown, data: object = {}) {
  const translation = translate({ type: "WebcastChatMessage", data: { comment: "x", user, ...data } }, context);
  return translation.kind === "events" ? (translation.events[0] as SourceEvent & { type: "chat" }).viewer : undefined;
}

describe.each(schemas)("translate, schema %s", (schema) => {
  it.each<[string, object[]]>([
    [
      "WebcastChatMessage",
      [
        {
          id: "7420000000000000011",
          type: "chat",
          text: "!dash",
          ts: 1_800_000_000_100,
          roomId: "7400000000000000001",
          viewer: {
            id: "7011000000000000101",
            handle: "lantern.fox",
            name: "Gülçe 🦊",
            avatarUrl: "https://p16-sign.tiktokcdn-us.com/a1.webp?x-signature=a%2Bb%3D",
            roles: { moderator: true, subscriber: false, follower: true, owner: false },
            levels: { gifter: 21, team: 7 },
          },
        },
        { type: "chat", text: "merhaba [wave]", viewer: { roles: { owner: true, moderator: false, follower: false } } },
      ],
    ],
    [
      "WebcastGiftMessage",
      [
        {
          type: "gift",
          gift: { id: "5655", name: "Rose", unitValue: 1, currency: "diamond" },
          total: 1,
          end: false,
          streakable: true,
          groupId: "1800000000200",
          transactionId: "",
        },
        { total: 3, end: false },
        { total: 7, end: false },
        { total: 7, end: true },
        { gift: { id: "9009", unitValue: 1500 }, total: 1, end: false, streakable: false, groupId: "" },
        { gift: { id: "6064" }, total: 5, end: true, streakable: true, viewer: { handle: "ada.k" } },
      ],
    ],
    [
      "WebcastLikeMessage",
      [
        { type: "like", count: 15, roomTotal: 915 },
        { count: 3, roomTotal: 960 },
      ],
    ],
    ["WebcastMemberMessage", [{ type: "join" }, { type: "subscribe", viewer: { roles: { subscriber: true } } }]],
    ["WebcastSocialMessage", [{ type: "follow" }, { type: "share" }, { type: "share" }]],
    [
      "WebcastSubNotifyMessage",
      [
        { type: "subscribe", months: 2, giftCount: 0 },
        { type: "subscribe", months: 1, viewer: { handle: "ada.k" } },
      ],
    ],
    ["WebcastRoomUserSeqMessage", [{ type: "viewers", count: 41, total: 310 }]],
    [
      "WebcastLinkMicBattle",
      [
        { type: "battle", phase: "preparing", battleId: "7410000000000000001", scores: [] },
        { phase: "starting" },
        { phase: "active" },
        { phase: "ended" },
      ],
    ],
    ["WebcastLinkMicArmies", [{ type: "battleScores", battleId: "7410000000000000001", scores: [31, 8] }]],
    [
      "WebcastRoomPinMessage",
      [
        { type: "pin", text: "!dash", pinned: true, viewer: { handle: "lantern.fox" } },
        { text: "", pinned: false },
      ],
    ],
    [
      "WebcastCaptionMessage",
      [{ type: "caption", text: "welcome in", final: true, language: "en", ts: 1_800_000_008_200 }],
    ],
    ["WebcastEnvelopeMessage", [{ type: "envelope", value: 100, people: 5, viewer: { name: "Ada" } }]],
    ["WebcastEmoteChatMessage", [{ type: "emote", emoteId: "801", url: "https://p16-webcast.tiktokcdn.com/e1.webp" }]],
    ["WebcastLiveIntroMessage", [{ type: "intro", text: "Type !dash", viewer: { roles: { owner: true } } }]],
    ["WebcastControlMessage", [{ type: "streamEnd", reason: "ended by the streamer" }]],
  ])("%s", (name, expected) => expect(eventsOf(schema, name)).toMatchObject(expected));

  it("tells the same show as the other schemas, to the last field", () => {
    expect(eventsOf(schema)).toEqual(eventsOf("v2"));
  });
});

describe("translate", () => {
  const control = { kind: "ignored", reason: "control" };
  const broken = { kind: "ignored", reason: "broken" };
  const unknown = { kind: "ignored", reason: "unknown" };
  const user = { userId: "1" };
  it.each<[unknown, object]>([
    [
      { type: "roomInfo", data: { id_str: "7", status: 2 } },
      { kind: "room", roomId: "7" },
    ],
    [
      { type: "roomInfo", data: { id_str: "7", status: 4 } },
      { kind: "ending", ending: { class: "notLive", detail: "the room is closed" } },
    ],
    [{ type: "roomInfo" }, { kind: "room", roomId: "" }],
    [
      { type: "tiktok.connect", data: { agentId: "a" } },
      { kind: "room", roomId: "" },
    ],
    [
      { type: "tiktok.disconnect", data: { reason: 4500 } },
      { kind: "ending", ending: { class: "refresh", detail: "TikTok closed its line" } },
    ],
    [
      { type: "tiktok.disconnect", data: { reason: "tired" } },
      { kind: "trouble", detail: "tired" },
    ],
    [
      { type: "error", data: { message: "upstream" } },
      { kind: "trouble", detail: "upstream" },
    ],
    [{ type: "workerInfo", data: {} }, control],
    [{ type: "SyntheticJoinMessage", data: { user } }, control],
    [{ type: "SyntheticLeaveMessage", data: { user } }, control],
    [{ type: "tiktok.rawBytes", data: { raw: "AA==" } }, control],
    [{ type: "WebcastControlMessage", data: { action: 2 } }, control],
    [{ type: "WebcastSubNotifyMessage", data: { user, messageType: "1" } }, control],
    [{ type: "WebcastSubNotifyMessage", data: { user, messageType: 11 } }, control],
    [{ type: "WebcastSocialMessage", data: { user, action: "5" } }, control],
    [{ type: "WebcastLinkMicBattle", data: { action: 3, battleSettings: { status: 1 } } }, control],
    [{ type: "WebcastRankUpdateMessage", data: {} }, unknown],
    [{ type: "__proto__", data: {} }, unknown],
    [{ type: "constructor" }, unknown],
    [{ type: "WebcastChatMessage", data: { comment: 7, user } }, broken],
    [{ type: "WebcastChatMessage", data: { comment: "hi", user: null } }, broken],
    [{ type: "WebcastChatMessage" }, broken],
    [{ type: "WebcastGiftMessage", data: { user } }, broken],
    [{ type: "WebcastGiftMessage", data: { giftId: 0, user } }, broken],
    [{ type: "WebcastEmoteChatMessage", data: { user, emoteList: [null] } }, broken],
    [{ type: "WebcastCaptionMessage", data: { content: [{ lang: "en" }] } }, broken],
    [{ type: 5 }, broken],
    [{}, broken],
    [null, broken],
    [[1, 2], broken],
    ["text", broken],
  ])("%j", (message, expected) => expect(translate(message)).toEqual(expected));

  it("a stream suspended by TikTok ends too", () => {
    expect(translate({ type: "WebcastControlMessage", data: { action: "4" } })).toMatchObject({
      events: [{ type: "streamEnd", reason: "suspended by TikTok" }],
    });
  });

  it.each([
    [{ battleSettings: { status: 1 } }, "active"],
    [{ battleSettings: { status: 2 } }, "ended"],
    [{ battleSetting: { status: 3 } }, "ended"],
    [{ action: 6 }, "ended"],
  ])("battle %j is %s", (data, phase) => {
    expect(translate({ type: "WebcastLinkMicBattle", data })).toMatchObject({ events: [{ type: "battle", phase }] });
  });

  it.each([
    [{ armies: [{ key: "1", value: { hostscore: "12" } }, { hostScore: 3 }] }, [12, 3]],
    [{ battleItems: {}, battleArmies: [{ points: 5 }, null, { points: -1 }] }, [5, 0, 0]],
    [{ armies: Array.from({ length: 30 }, () => ({ score: 1 })) }, Array(16).fill(1)],
    [{ armies: "many" }, []],
  ])("scores of %j", (data, scores) => {
    expect(translate({ type: "WebcastLinkMicArmies", data })).toMatchObject({ events: [{ scores }] });
  });

  it("knows combos by type and by flag; without details by nothing, and takes what could be sent again for a combo's", () => {
    const streakable = (data: object) => {
      const said = translate({ type: "WebcastGiftMessage", data: { giftId: 5, user, ...data } });
      return said.kind === "events" && (said.events[0] as SourceEvent & { type: "gift" }).streakable;
    };
    expect(streakable({ giftDetails: { giftType: "1" } })).toBe(true);
    expect(streakable({ giftDetails: { giftType: 4, combo: true } })).toBe(false);
    expect(streakable({ gift: { combo: false } })).toBe(false);
    expect(streakable({})).toBe(true);
    expect(streakable({ common: { msgId: "1" } })).toBe("unknown");
    expect(streakable({ common: { createTime: "1800000000000" } })).toBe("unknown");
  });

  it("never takes an unset id for an id, and takes the bundle's time for a message without one", () => {
    const message = {
      type: "WebcastChatMessage",
      data: {
        common: { msgId: "0", roomId: "0", createTime: "0" },
        comment: "x",
        user: { userId: "0", uniqueId: "a" },
      },
    };
    expect(translate(message, { roomId: "", owner: "", sentAt: 1_800_000_000_000 })).toMatchObject({
      events: [{ id: "", roomId: "", ts: 1_800_000_000_000, viewer: { id: "a" } }],
    });
  });

  it("takes roles and levels from any of their places", () => {
    const roles = { moderator: false, subscriber: false, follower: false, owner: false };
    expect(viewerOf({ id: "5", displayId: "a" })).toMatchObject({ id: "5", handle: "a", name: "a", roles });
    const identity = {
      isModeratorOfAnchor: true,
      isSubscriberOfAnchor: true,
      isFollowerOfAnchor: true,
      isAnchor: true,
    };
    expect(viewerOf({ id: "5" }, { userIdentity: identity })).toMatchObject({
      roles: { moderator: true, subscriber: true, follower: true, owner: true },
    });
    expect(viewerOf({ id: "5", userAttr: { isAdmin: true } })).toMatchObject({ roles: { ...roles, moderator: true } });
    expect(viewerOf({ id: "5", badges: [], badgeList: [{ sceneType: 7 }, null] })).toMatchObject({
      roles: { ...roles, subscriber: true },
    });
    expect(viewerOf({ id: "5", badges: [{ badgeSceneType: "10", logExtra: { level: "6" } }] })).toMatchObject({
      levels: { team: 6, gifter: 0 },
    });
    expect(viewerOf({ id: "5", profilePicture: { url: ["javascript:alert(1)"] } })).not.toHaveProperty("avatarUrl");
    expect(viewerOf(JSON.parse('{"__proto__":{"userId":"9"}}'))).toBeUndefined();
    expect(viewerOf({ userId: "9".repeat(200) })).toBeUndefined();
  });

  it("keeps the digits of ids that come as large numbers, in a bundle too", () => {
    const text =
      '{"timestamp":1800000000000,"messages":[{"type":"WebcastChatMessage","data":{"comment":"say \\"userId\\":12345678901234567890","user":{"userId":6892636847263982501}}}]}';
    const [message] = messagesOf(parseFrame(text)).messages;
    expect(translate(message)).toMatchObject({
      events: [{ viewer: { id: "6892636847263982501" }, text: 'say "userId":12345678901234567890' }],
    });
  });

  it("never throws, whatever comes", () => {
    const names = [...new Set(messagesIn("v2").map((message) => (message as { type: string }).type))];
    const keys = [
      "common",
      "event",
      "user",
      "gift",
      "giftDetails",
      "armies",
      "badges",
      "chatMessage",
      "content",
      "data",
    ];
    const data = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue());
    fc.assert(
      fc.property(fc.constantFrom(...names), data, (type, fields) => {
        expect(["events", "room", "ending", "trouble", "ignored"]).toContain(translate({ type, data: fields }).kind);
      }),
      { numRuns: 500 },
    );
  });
});

describe("why a line is over (16.12)", () => {
  it.each([
    [1000, "", "network"],
    [1006, "", "network"],
    [1011, "", "network"],
    [4005, "", "ended"],
    [4006, "", "network"],
    [4400, "", "config"],
    [4401, "", "wrongKey"],
    [4403, "", "config"],
    [4403, "JWT does not include this creator", "config"],
    [4403, "The token has expired", "wrongKey"],
    [4403, "Invalid API key", "wrongKey"],
    [4404, "", "notLive"],
    [4429, "", "rateLimited"],
    [4429, "Connecting too fast", "rateLimited"],
    [4500, "", "refresh"],
    [4555, "", "refresh"],
    [4556, "", "network"],
    [4557, "", "network"],
    [4999, "", "network"],
  ])("code %i %j is %s", (code, reason, why) => {
    const ending = classifyClose(code, reason);
    expect(ending.class).toBe(why);
    expect(ending.detail).toContain(reason);
    expect(ending.detail).not.toBe("");
  });

  it("tells what can be wrong with a key that the service only refuses", () => {
    expect(classifyClose(4401, "").detail).toContain("EULER_API_KEY: it is wrong, or a JWT that has expired");
  });

  it.each([
    [401, {}, "", { class: "wrongKey" }],
    [403, {}, '{"message":"Invalid key"}', { class: "wrongKey", detail: "HTTP 403: Invalid key" }],
    [403, {}, '{"message":"Creator not allowed"}', { class: "config" }],
    [404, {}, "<html>", { class: "notLive" }],
    [404, {}, '{"message":"This creator is not live"}', { class: "notLive" }],
    [429, { "retry-after": "90" }, "", { class: "rateLimited", retryAfterMs: 90_000 }],
    [400, {}, '{"message":"schemaVersion"}', { class: "config", detail: "HTTP 400: schemaVersion" }],
    [503, { "retry-after": "5" }, "", { class: "network", retryAfterMs: 5000 }],
  ])("HTTP %i %j %s", (status, headers, body, expected) => {
    expect(classifyUpgrade(status, headers, body, 0)).toMatchObject(expected);
  });
});

describe("settings", () => {
  const settings = (env: SourceSettings["env"], user: string = "ana"): SourceSettings => someSettings({ user, env });
  it.each([
    [settings({}, ""), "--user"],
    [settings({}), "EULER_API_KEY"],
    [settings({ EULER_API_KEY: "  " }), "EULER_API_KEY"],
    [settings({ EULER_WS_URL: "wss://ws.eulerstream.com/" }), "EULER_API_KEY"],
    [settings({ EULER_WS_URL: "http://x" }), "ws://"],
    [settings({ EULER_WS_URL: "nonsense" }), "You wrote nonsense"],
  ])("%j lacks something", (given, says) => expect(euler.check(given)).toContain(says));

  it("is content with a key, or with a local server", () => {
    for (const env of [{ EULER_API_KEY: "k" }, { EULER_WS_URL: "ws://127.0.0.1:1" }]) {
      expect(euler.check(settings(env, "@ana"))).toBeUndefined();
    }
    expect(euler.target(settings({}, "@ana"))).toBe("@ana");
  });
});

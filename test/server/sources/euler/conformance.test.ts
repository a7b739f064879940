/** Source euler: passes the suite of all sources, with messages in bundles and one by one. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import euler, { messagesOf, parseFrame } from "../../../../server/sources/euler.ts";
import { someListener, someSettings } from "../../../support/source.ts";
import { type SourceUnderTest, testSource } from "../conformance.ts";

type Message = { type: string; data: object };
/** Makes frames of messages; `atMs` is when they were sent. */
type Pack = (messages: readonly Message[], atMs?: number) => string[];

const bundled: Pack = (messages, timestamp) => [JSON.stringify({ timestamp, messages })];
const bare: Pack = (messages) => messages.map((message) => JSON.stringify(message));

/** The fixture's messages of one name in a schema. */
function fixture(schema: string, name: string): Message[] {
  const file = new URL(`../../../fixtures/euler/show-${schema}.ndjson`, import.meta.url);
  const frames = readFileSync(file, "utf8").trim().split("\n");
  const messages = frames.flatMap((frame) => messagesOf(parseFrame(frame)).messages as Message[]);
  const found = messages.filter(({ type }) => type === name);
  expect(found.length, `fixture ${schema} has ${name}`).toBeGreaterThan(0);
  return found;
}

const fox = { handle: "lantern.fox", name: "Gülçe 🦊", roles: { moderator: true }, levels: { gifter: 21, team: 7 } };

/** What each kind of message comes to. */
const meanings: readonly (readonly [name: string, expected: readonly object[]])[] = [
  [
    "WebcastChatMessage",
    [
      { type: "chat", text: "!dash", viewer: fox },
      { type: "chat", text: "merhaba [wave]", viewer: { roles: { owner: true } } },
    ],
  ],
  [
    "WebcastGiftMessage",
    [
      { type: "gift", gift: { id: "5655", name: "Rose", unitValue: 1, currency: "diamond" }, count: 1 },
      { count: 2 },
      { count: 4, streakTotal: 7 },
      { type: "giftStreakEnd", streakTotal: 7, inferred: false },
      { type: "gift", gift: { id: "9009", unitValue: 1500 }, count: 1, streakKey: "" },
      { type: "gift", gift: { id: "6064" }, count: 5 },
      { type: "giftStreakEnd", streakTotal: 5 },
    ],
  ],
  ["WebcastLikeMessage", [{ type: "like", count: 15, roomTotal: 915 }, { count: 3 }]],
  ["WebcastMemberMessage", [{ type: "join" }, { type: "subscribe" }]],
  ["WebcastRoomUserSeqMessage", [{ type: "viewers", count: 41, total: 310 }]],
  ["WebcastLinkMicArmies", [{ type: "battleScores", scores: [31, 8] }]],
  ["WebcastRoomPinMessage", [{ type: "pin" }, { type: "pin" }]],
  ["WebcastCaptionMessage", [{ type: "caption" }]],
  ["WebcastLiveIntroMessage", [{ type: "intro" }]],
];

/** The suite's view of the source where frames are made by `pack`. */
function underTest(pack: Pack, schema: string): SourceUnderTest {
  const one = (type: string, data: object, atMs?: number): string => pack([{ type, data }], atMs)[0]!;
  const heading = (msgId: string, createTime?: number) => ({ common: { msgId, ...(createTime && { createTime }) } });
  return {
    source: euler,
    settings: (url) => someSettings({ user: "some.streamer", env: { EULER_WS_URL: url } }),
    live: (id_str) => one("roomInfo", { id_str, status: 2 }),
    chat: (userId, comment, atMs) => one("WebcastChatMessage", { ...heading("", atMs), comment, user: { userId } }),
    follow: (userId, msgId) => one("WebcastSocialMessage", { ...heading(msgId), action: "1", user: { userId } }),
    like: (userId, likeCount, totalLikeCount) =>
      one("WebcastLikeMessage", { user: { userId }, likeCount, totalLikeCount: String(totalLikeCount) }),
    gift: ({ viewerId, giftId, groupId, messageId, streakable, total: repeatCount, end, atMs }) =>
      one("WebcastGiftMessage", {
        ...heading(messageId, atMs),
        ...{ user: { userId: viewerId }, giftId: Number(giftId), groupId, repeatCount, repeatEnd: end ? 1 : 0 },
        giftDetails: { giftName: "Rose", giftType: streakable ? 1 : 2, diamondCount: 1 },
      }),
    unknown: one("WebcastSomethingNew", {}),
    control: ["workerInfo", "SyntheticJoinMessage", "ping"].map((type) => one(type, {})),
    broken: [
      one("WebcastChatMessage", { comment: 7, user: { userId: "1" } }),
      one("WebcastGiftMessage", { user: { userId: "1" } }),
      '{"type":5}',
      '{"messages":{}}',
    ],
    messages: meanings.map(([name, expected]) => [name, pack(fixture(schema, name)), expected] as const),
  };
}

describe("in bundles", () => testSource(underTest(bundled, "v2")));
describe("one by one", () => testSource(underTest(bare, "v3")));

it("understands text that comes in a binary frame", () => {
  const told: string[] = [];
  const ear = euler.listen(
    someSettings({ user: "ana" }),
    someListener({
      live: (roomId) => told.push(`live ${roomId}`),
      ignored: (reason) => told.push(reason),
    }),
  );
  ear.hear(Buffer.from('{"messages":[{"type":"roomInfo","data":{"id_str":"7"}}]}'));
  // The beginning of a WebcastPushFrame.
  ear.hear(Buffer.from([8, 1, 16, 130, 200, 1]));
  expect(told).toEqual(["live 7", "broken"]);
});

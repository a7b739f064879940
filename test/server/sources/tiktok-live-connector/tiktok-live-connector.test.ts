/** Source tiktok-live-connector: with the real package against a fake Webcast it passes the suite of all sources; its translation. */
import { readFileSync } from "node:fs";
import { WebcastEvent } from "tiktok-live-connector";
import { describe, expect, it } from "vitest";
import type { RunMemory } from "../../../../server/ingest/source.ts";
import connector, { frameOf, translate } from "../../../../server/sources/tiktok-live-connector.ts";
import { someListener } from "../../../support/source.ts";
import { testSource } from "../conformance.ts";
import { pushFrame, roomFrame, startFakeWebcast } from "./fake-webcast.ts";
import { chatMessage, giftMessage, settingsFor, standInForTiktok, user, wire } from "./webcast-messages.ts";

interface Emitted {
  emit: string;
  data: { common?: { method: string } & Record<string, unknown> } & Record<string, unknown>;
}

const emitted = readFileSync(
  new URL("../../../fixtures/tiktok-live-connector/messages.ndjson", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Emitted);

standInForTiktok();

/** The fixture's messages of one name as frames of the wire. */
function framesOf(name: string): string[] {
  const found = emitted.filter(({ emit, data }) => emit === name && data.common);
  expect(found.length, `fixture has ${name}`).toBeGreaterThan(0);
  return found.map(({ data }) => wire(data.common!.method, data));
}

const bo = {
  platform: "tiktok",
  id: "6892636847263982501",
  handle: "viewer_1",
  name: "Bo 🎮",
  avatarUrl: expect.stringContaining("x-signature=abc%2BDEF%3D"),
  roles: { moderator: false, subscriber: false, follower: true, owner: false },
  levels: { gifter: 5, team: 12 },
};

testSource({
  source: connector,
  fakeServer: startFakeWebcast,
  settings: settingsFor,
  live: roomFrame,
  roomPerLine: true,
  chat: chatMessage,
  follow: (viewerId, msgId) =>
    wire("WebcastSocialMessage", {
      common: { msgId, displayText: { key: "pm_main_follow_message_viewer_2", defaultPattern: "", pieces: [] } },
      user: user(viewerId),
      action: "1",
    }),
  like: (viewerId, count, total) => wire("WebcastLikeMessage", { user: user(viewerId), count, total: String(total) }),
  gift: (frame) => JSON.stringify(giftMessage(frame)),
  unknown: wire("WebcastSomethingNewMessage", {}),
  control: [
    ...framesOf("questionNew"),
    wire("WebcastRankUpdateMessage", {}),
    wire("WebcastControlMessage", { action: 2 }),
  ],
  broken: [
    wire("WebcastChatMessage", { content: "by nobody" }),
    wire("WebcastGiftMessage", { user: user("1") }),
    JSON.stringify({ method: "WebcastRoomUserSeqMessage", base64: "/////w==" }),
    pushFrame("msg", Buffer.from("nonsense")),
  ],
  messages: [
    ["chat", framesOf("chat"), [{ type: "chat", text: "!jump", viewer: bo, ts: 1_800_000_000_100 }]],
    [
      "gift, whose frames came in another order",
      framesOf("gift"),
      [
        { type: "gift", viewer: bo, gift: { id: "5655", name: "Rose", unitValue: 1, currency: "diamond" }, count: 1 },
        { count: 6, streakTotal: 7 },
        { type: "giftStreakEnd", streakTotal: 7, inferred: false },
        { type: "gift", gift: { id: "7168", name: "Galaxy", unitValue: 1000 }, count: 1, streakKey: "" },
      ],
    ],
    ["like", framesOf("like"), [{ type: "like", count: 15, roomTotal: 5693 }]],
    [
      "member, who enters or subscribes",
      framesOf("member"),
      [
        { type: "join", viewer: { handle: "viewer_3" } },
        { type: "subscribe", viewer: { handle: "subscriber_7" } },
      ],
    ],
    ["follow", framesOf("follow"), [{ type: "follow", viewer: { handle: "viewer_3" } }]],
    ["share", framesOf("share"), [{ type: "share" }]],
    ["social that is neither", framesOf("social"), []],
    [
      "subNotify, but for reminders",
      framesOf("subNotify"),
      [{ type: "subscribe", months: 1, viewer: { handle: "viewer_2" } }],
    ],
    ["barrage of a new super fan", framesOf("barrage"), [{ type: "subscribe", viewer: { handle: "superfan_8" } }]],
    ["roomUser", framesOf("roomUser"), [{ type: "viewers", count: 1241, total: 20310 }]],
    [
      "linkMicBattle, but for what is taken back",
      framesOf("linkMicBattle"),
      [
        { type: "battle", battleId: "7571000000000000001", phase: "active" },
        { type: "battle", phase: "ended" },
      ],
    ],
    ["linkMicArmies", framesOf("linkMicArmies"), [{ type: "battleScores", scores: [122] }]],
    [
      "roomPin",
      framesOf("roomPin"),
      [
        { type: "pin", text: "!jump", pinned: true, viewer: { handle: "viewer_1" } },
        { type: "pin", pinned: false },
      ],
    ],
    [
      "captionMessage",
      framesOf("captionMessage"),
      [{ type: "caption", text: "hello everyone", final: true, language: "en", ts: 1_800_000_008_600 }],
    ],
    [
      "envelope, but for its hiding",
      framesOf("envelope"),
      [{ type: "envelope", value: 100, people: 5, viewer: { id: "6892636847263982503", name: "Çelik" } }],
    ],
    [
      "emote",
      framesOf("emote"),
      [{ type: "emote", emoteId: "7012345", url: "https://p16-webcast.tiktokcdn.com/e.webp" }],
    ],
    ["liveIntro", framesOf("liveIntro"), [{ type: "intro", text: "Welcome, type !join", viewer: { name: "Ana" } }]],
    ["controlMessage", framesOf("controlMessage"), [{ type: "streamEnd", reason: "ended by the streamer" }]],
  ],
});

describe("translation", () => {
  it("gives each emitted message its event or the reason why it has none", () => {
    const told = emitted.map(({ emit, data }) => {
      const said = translate(emit, data);
      if (said.kind === "events") return `${emit}: ${said.events.map(({ type }) => type).join()}`;
      return `${emit}: ${said.kind}${said.kind === "ignored" ? ` ${said.reason}` : ""}`;
    });
    expect(told).toEqual([
      "connected: room",
      "chat: chat",
      ...Array.from({ length: 5 }, () => "gift: gift"),
      "like: like",
      "member: join",
      "follow: follow",
      "share: share",
      "subNotify: subscribe",
      "roomUser: viewers",
      "linkMicBattle: battle",
      "linkMicArmies: battleScores",
      "roomPin: pin",
      "captionMessage: caption",
      "envelope: envelope",
      "emote: emote",
      "liveIntro: intro",
      "controlMessage: streamEnd",
      "streamEnd: streamEnd",
      "disconnected: ending",
      "error: trouble",
      "subNotify: ignored control",
      "member: subscribe",
      "social: ignored control",
      "barrage: subscribe",
      "barrage: ignored control",
      "barrage: ignored control",
      "envelope: ignored control",
      "controlMessage: ignored control",
      "linkMicBattle: ignored control",
      "linkMicBattle: battle",
      "questionNew: ignored control",
      "roomPin: pin",
    ]);
  });

  it("knows every name under which the package emits a message", () => {
    const names: string[] = Object.values(WebcastEvent);
    expect(names.length).toBeGreaterThan(60);
    const unknown = names.filter((name) => {
      const said = translate(name, {});
      return said.kind === "ignored" && said.reason === "unknown";
    });
    expect(unknown).toEqual([]);
  });

  it("never throws, whatever comes", () => {
    const nonsense = [undefined, null, 7, "text", [], { user: 7, common: "x", content: {} }, { gift: [], giftId: {} }];
    for (const name of [...new Set(emitted.map(({ emit }) => emit)), "", "__proto__", "constructor"]) {
      for (const data of nonsense) expect(translate(name, data).kind).toMatch(/^(events|room|ending|trouble|ignored)$/);
    }
    expect(translate("__proto__", {})).toEqual({ kind: "ignored", reason: "unknown" });
  });

  it("writes frames of what JSON lacks, and counts frames of which nothing is known", () => {
    const frame = frameOf("chat", { content: "x", user: { id: 7n, bytes: Buffer.from([1]) } });
    expect(JSON.parse(frame)).toMatchObject({ emit: "chat", data: { content: "x", user: { id: "7" } } });
    const reasons: string[] = [];
    const ear = connector.listen(settingsFor(""), someListener({ ignored: (reason) => reasons.push(reason) }));
    for (const text of ["nonsense", "{}", '{"emit":"somethingNew"}', '{"emit":"chat"}']) ear.hear(text);
    ear.hear(new Uint8Array([1]));
    expect(reasons).toEqual(["broken", "broken", "unknown", "broken", "broken"]);
  });
});

it("tells what a later line hears before it is told its room once it is, in that room", () => {
  const told: string[] = [];
  const memory: RunMemory = new Map();
  const nextLine = () => {
    const listener = someListener({
      live: (roomId) => told.push(`live ${roomId}`),
      event(event) {
        told.push(`${event.type} ${event.id}`);
        return "accepted";
      },
    });
    const ear = connector.listen(settingsFor("ana"), listener, memory);
    return (emit: string, data: object) => ear.hear(JSON.stringify({ emit, data }));
  };
  const chat = (msgId: string) => ({ common: { msgId }, user: { id: "9" }, content: "hi" });
  const first = nextLine();
  first("chat", chat("1"));
  first("connected", { roomId: "7000" });
  expect(told).toEqual(["live ", "chat 1", "live 7000"]);
  const second = nextLine();
  second("chat", chat("2"));
  expect(told).toHaveLength(3);
  second("connected", { roomId: "7001" });
  expect(told.slice(3)).toEqual(["live 7001", "chat 2"]);
});

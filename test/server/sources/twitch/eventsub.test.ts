/** Source twitch with a token: passes the suite of all sources over EventSub. */
import { describe, expect, it } from "vitest";
import type { SourceEvent } from "../../../../server/ingest/source.ts";
import twitch from "../../../../server/sources/twitch.ts";
import { someListener, someSettings } from "../../../support/source.ts";
import { testSource } from "../conformance.ts";
import {
  bits,
  by,
  chat,
  fixtureLines,
  line,
  notification,
  online,
  startFakeTwitch,
  twitchSettings,
  unknown,
  welcome,
} from "./fake-twitch.ts";

const ana = { platform: "twitch", id: "12345", handle: "ana", name: "Ana" };
const anonymous = { platform: "twitch", id: "anonymous", handle: "", name: "Anonymous" };
const gift = { id: "bits", name: "Bits", unitValue: 1, currency: "bit" };

testSource({
  source: twitch,
  fakeServer: () => startFakeTwitch("eventSub"),
  settings: (url) => twitchSettings(url, "t0ken"),
  live: online,
  chat,
  follow: (userId, id) => notification(id, "channel.follow", by(userId)),
  gift: ({ viewerId, messageId, total, atMs }) => bits(viewerId, messageId, total, atMs),
  gifts: "single",
  unknown,
  control: ["k1", "m7", "x1"].map(line),
  broken: [
    notification("1", "channel.bits.use", { ...by("1"), bits: 0 }),
    notification("2", "channel.bits.use", { bits: 5 }),
    notification("3", "channel.chat.message", { chatter_user_id: "1", message: { text: 7 } }),
    notification("4", "channel.follow", {}),
    notification("5", "channel.raid", { viewers: 3 }),
    JSON.stringify({ metadata: { message_type: "notification", subscription_type: "channel.follow" } }),
    JSON.stringify({ metadata: { message_type: 7 } }),
    JSON.stringify({ metadata: { message_type: "session_welcome" }, payload: { session: {} } }),
  ],
  messages: [
    [
      "chat",
      [line("m1")],
      [
        {
          type: "chat",
          text: "!jump",
          id: "twitch:cm-1",
          viewer: { ...ana, roles: { moderator: true } },
          ts: Date.parse("2026-11-22T10:00:00.123Z"),
        },
      ],
    ],
    [
      "cheer, delivered twice",
      [line("m2"), line("m2")],
      [{ type: "gift", id: "twitch:m2", gift, count: 100, viewer: ana }],
    ],
    ["cheer without a name", [line("m3")], [{ type: "gift", gift, count: 500, viewer: anonymous }]],
    [
      "bits of all kinds",
      [line("m4"), line("x3")],
      [
        { type: "gift", count: 100, viewer: ana },
        { type: "gift", count: 30, viewer: anonymous },
      ],
    ],
    ["follow", [line("m5")], [{ type: "follow", viewer: { ...ana, roles: { follower: true } } }]],
    [
      "subscribe",
      [line("m6")],
      [{ type: "subscribe", months: 1, tier: "1000", giftCount: 0, viewer: { roles: { subscriber: true } } }],
    ],
    [
      "given subscriptions, and not who got them",
      [line("m8"), line("m7")],
      [{ type: "subscribe", giftCount: 5, tier: "1000", viewer: ana }],
    ],
    [
      "subscriptions given without a name",
      [line("x4")],
      [{ type: "subscribe", giftCount: 3, tier: "3000", viewer: anonymous }],
    ],
    ["resubscription", [line("m9")], [{ type: "subscribe", months: 14, tier: "2000", giftCount: 0, viewer: ana }]],
    ["raid", [line("m10")], [{ type: "raid", viewers: 120, viewer: { id: "999", handle: "friend" } }]],
    [
      "redemption",
      [line("m11")],
      [{ type: "redeem", rewardId: "rw-1", title: "Drop a bomb", cost: 500, text: "", viewer: ana }],
    ],
    ["stream.offline", [line("x6")], [{ type: "streamEnd", reason: "the stream went offline" }]],
  ],
});

const chatLine = "@id=i1;bits=10;room-id=1;user-id=5;display-name=Five :five!f@f PRIVMSG #streamer :Cheer10 hi";
const subLine =
  "@id=i2;login=six;msg-id=sub;msg-param-cumulative-months=1;msg-param-sub-plan=1000;room-id=1;user-id=6 :tmi.twitch.tv USERNOTICE #streamer";

describe("recordings", () => {
  it("know from their frames who counted what, and what was late", () => {
    const events: SourceEvent[] = [];
    const rooms: string[] = [];
    const ear = twitch.listen(
      someSettings(),
      someListener({
        live: (roomId) => rooms.push(roomId),
        event(event) {
          events.push(event);
          return "accepted";
        },
      }),
    );
    const counts = (subscribed: string[], streamId: string) =>
      JSON.stringify({ metadata: { message_type: "uproar_counts" }, payload: { subscribed, streamId } });
    const now = 1_800_000_000_000;
    for (const frame of [
      welcome("a"),
      counts(["chat", "bits"], "31"),
      chatLine,
      subLine,
      bits("5", "x", 9, now),
      bits("5", "y", 9, now - 601_000),
    ]) {
      ear.hear(frame);
    }
    expect(rooms).toEqual(["31"]);
    expect(events).toMatchObject([
      { type: "subscribe", roomId: "31" },
      { type: "gift", id: "x", replay: false },
      { type: "gift", id: "y", replay: true },
    ]);
  });

  it("make one thing of every line of the samples", () => {
    for (const frame of fixtureLines) {
      let told = 0;
      const count = () => {
        told++;
      };
      const listener = someListener({
        live: count,
        ignored: (reason) => {
          expect(reason, frame).toBe("control");
          told++;
        },
        closed: count,
        event() {
          told++;
          return "accepted";
        },
      });
      const ear = twitch.listen(someSettings(), listener);
      ear.hear(welcome("a"));
      told = 0;
      ear.hear(frame);
      expect(told, frame).toBe(frame.includes('"x2"') ? 2 : 1);
    }
  });
});

/** Source twitch with a token: who counts what, and what refusals say. */
import { describe, expect, it } from "vitest";
import { createIngest } from "../../../../server/ingest/ingest.ts";
import twitch from "../../../../server/sources/twitch.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { until } from "../../../support/until.ts";
import { bits, by, chat, everyScope, line, notification, startFakeTwitch, twitchSettings } from "./fake-twitch.ts";
import { cleanups, ircBomb, ircChat, ircRaid, ircSub, settled, start } from "./token-rig.ts";

describe("what the token allows", () => {
  it("asks for all of it in Twitch's words, says nothing on the socket, and leaves the chat alone", async () => {
    const show = await start();
    await settled(show);
    const ofChannel = { broadcaster_user_id: "1" };
    expect(show.server.granted.map(({ type, version, condition }) => [type, version, condition]).sort()).toEqual([
      ["channel.bits.use", "1", ofChannel],
      ["channel.channel_points_custom_reward_redemption.add", "1", ofChannel],
      ["channel.chat.message", "1", { ...ofChannel, user_id: "1" }],
      ["channel.follow", "2", { ...ofChannel, moderator_user_id: "1" }],
      ["channel.raid", "1", { to_broadcaster_user_id: "1" }],
      ["channel.subscribe", "1", ofChannel],
      ["channel.subscription.gift", "1", ofChannel],
      ["channel.subscription.message", "1", ofChannel],
      ["stream.offline", "1", ofChannel],
      ["stream.online", "1", ofChannel],
    ]);
    expect(show.server.granted.at(-1)?.type).toBe("channel.chat.message");
    expect(new Set(show.server.granted.map(({ transport }) => JSON.stringify(transport)))).toEqual(
      new Set(['{"method":"websocket","session_id":"session1"}']),
    );
    expect([show.server.spoken, show.server.said, show.status().counters.troubles]).toEqual([[], [], 0]);
  });

  it("does without what is missing, tells of it once in a run, and reads from the chat what that tells", async () => {
    const show = await start((server) => {
      server.scopes = ["user:read:chat"];
      server.streamId = "77";
    });
    await settled(show, 1);
    await until(() => show.status().state === "live");
    show.server.sendChat(ircChat);
    show.server.sendChat(ircSub);
    show.server.sendChat(ircRaid);
    show.server.send(chat("8", "by EventSub"));
    show.server.send(line("x2"));
    show.server.send(notification("r1", "channel.raid", { from_broadcaster_user_id: "9", viewers: 3 }));
    const events = await show.heard();
    const trouble = events.find(({ type }) => type === "error");
    expect(trouble).toMatchObject({
      reason: expect.stringContaining("follows (moderator:read:followers), channel points"),
    });
    const told = events.map(
      (event) => `${event.type} ${"text" in event ? event.text : "count" in event ? event.count : ""}`,
    );
    expect(told.sort()).toEqual(
      ["chat Cheer50 go", "chat by EventSub", "error ", "gift 50", "raid ", "streamStart ", "subscribe "].sort(),
    );
    expect(events.find(({ type }) => type === "raid")).toMatchObject({ viewers: 3 });
    expect(events.filter(({ type }) => type === "subscribe")).toMatchObject([{ viewer: { id: "6" } }]);
    show.server.drop();
    await until(() => show.status().retryAtMs !== undefined);
    show.clock.advance(show.status().retryAtMs! - show.clock.now());
    await until(() => show.server.connects() === 2 && show.server.chats().length === 1);
    await until(() => show.server.requests.filter((request) => request.startsWith("GET /helix/streams")).length === 2);
    const again = await show.heard();
    expect(again.filter((event) => event.type === "error" && event.reason.includes("TWITCH_TOKEN"))).toEqual([]);
  });

  it.each([
    { scopes: everyScope, refused: {}, chats: 0, counted: ["chat E", "gift 20"] },
    { scopes: everyScope, refused: { "channel.chat.message": 403 }, chats: 1, counted: ["chat Cheer10 hi", "gift 20"] },
    { scopes: everyScope, refused: { "channel.bits.use": 403 }, chats: 0, counted: ["chat E", "gift 50"] },
    { scopes: everyScope, refused: { "channel.bits.use": 400 }, chats: 0, counted: ["chat E", "gift 20"] },
    {
      scopes: everyScope,
      refused: { "channel.subscription.gift": 403 },
      chats: 1,
      counted: ["chat E", "gift 20"],
    },
    { scopes: ["bits:read"], refused: {}, chats: 1, counted: ["chat Cheer10 hi", "gift 20"] },
    { scopes: [], refused: { "channel.raid": 403 }, chats: 1, counted: ["chat Cheer10 hi", "gift 10"] },
  ])("counts each kind once with $scopes but for $refused", async ({ scopes, refused, chats, counted }) => {
    const show = await start((server) => {
      server.scopes = [...scopes];
      server.refused = new Map(Object.entries(refused));
    });
    await settled(show, chats);
    const granted = (type: string) => show.server.granted.some((asked) => asked.type === type);
    // The same acts as both tell them; Twitch sends what it granted.
    const byEventSub: [type: string, frame: string][] = [
      [
        "channel.chat.message",
        notification("e1", "channel.chat.message", {
          chatter_user_id: "5",
          message_id: "i1",
          message: { text: "E" },
          cheer: { bits: 50 },
        }),
      ],
      ["channel.bits.use", bits("5", "e2", 20)],
      ["channel.cheer", notification("e2", "channel.cheer", { ...by("5"), bits: 20 })],
      ["channel.subscribe", notification("e3", "channel.subscribe", { ...by("6"), tier: "1000", is_gift: false })],
      ["channel.raid", notification("e4", "channel.raid", { from_broadcaster_user_id: "7", viewers: 7 })],
    ];
    for (const [type, frame] of byEventSub) if (granted(type)) show.server.send(frame);
    for (const frame of [ircChat, ircSub, ircRaid]) show.server.sendChat(frame);
    const told = (await show.heard())
      .filter(({ type }) => type !== "error")
      .map((event) => `${event.type} ${"text" in event ? event.text : "count" in event ? event.count : ""}`.trim());
    expect(told.sort()).toEqual([...counted, "raid", "subscribe"]);
  });

  it.each(["channel.subscribe", "channel.subscription.gift", "channel.subscription.message"])(
    "leaves all subscriptions to the chat when Twitch refuses %s, and says so",
    async (type) => {
      const show = await start((server) => server.refused.set(type, 403));
      await settled(show, 1);
      // Twitch sends what it granted beside what the chat tells.
      for (const id of ["m6", "m7", "m8", "m9"]) if (!line(id).includes(type)) show.server.send(line(id));
      show.server.sendChat(ircSub);
      show.server.sendChat(ircBomb);
      const events = await show.heard();
      expect(events.filter((event) => event.type === "subscribe")).toMatchObject([
        { viewer: { id: "6" }, giftCount: 0 },
        { viewer: { id: "8" }, giftCount: 5 },
      ]);
      expect(events.filter((event) => event.type === "error")).toMatchObject([
        { reason: "TWITCH_TOKEN does not allow subscriptions; read from the chat instead." },
      ]);
    },
  );

  it("counts bits once that are told by the very first chat message", async () => {
    const show = await start((server) => {
      server.whenGranted = ({ type }) => type === "channel.chat.message" && server.send(line("x2"));
    });
    await settled(show);
    expect(await show.heard()).toMatchObject([{ type: "chat", text: "Cheer50 go" }]);
  });

  it("follows another channel than the token's", async () => {
    const show = await start(undefined, { user: "friend" });
    await settled(show);
    expect(show.server.granted.find(({ type }) => type === "channel.follow")?.condition).toEqual({
      broadcaster_user_id: "999",
      moderator_user_id: "1",
    });
  });

  it("follows the token's own channel when none is named", async () => {
    const show = await start(undefined, { user: "" });
    await settled(show);
    expect(show.server.granted.find(({ type }) => type === "stream.online")?.condition).toEqual({
      broadcaster_user_id: "1",
    });
  });

  it("says that nobody has this name", async () => {
    const show = await start(undefined, { user: "nobody" });
    await until(() => show.status().state === "failed");
    expect(show.status().detail).toContain("Twitch knows nobody called nobody");
  });
});

describe("refusals", () => {
  it("of the token say which one to make, and nothing of this one", async () => {
    const server = await startFakeTwitch("eventSub");
    const ingest = createIngest({ clock: createManualClock(), random: () => 0.5 });
    cleanups.push(() => server.stop(), ingest.stop);
    ingest.start(twitch, twitchSettings(server.url, "wr0ng"));
    await until(() => ingest.status()[0]!.state === "wrongKey");
    const { detail } = ingest.status()[0]!;
    for (const part of ["TWITCH_TOKEN is not valid", ...everyScope, "https://dev.twitch.tv/docs/cli"])
      expect(detail).toContain(part);
    expect(JSON.stringify([ingest.status(), ingest.drain(9)])).not.toContain("wr0ng");
    expect(server.connects()).toBe(0);
  });

  it.each(["/oauth2/validate", "channel.follow", "/helix/streams"])(
    "for too much asked (%s) wait as Twitch says",
    async (path) => {
      const show = await start((server) => server.refused.set(path, 429));
      await until(() => show.status().state === "rateLimited");
      // The fake's Ratelimit-Reset is 100 s after the clock's start, more than Twitch ever asks for; the policy spreads the wait.
      expect(show.status().retryAtMs! - show.clock.now()).toBe(63_000);
      await until(() => show.server.lines() === 0);
    },
  );

  it("for too many lines say what to stop, and wait longer each time", async () => {
    const show = await start((server) => {
      server.refused.set("stream.online", 429);
      server.refusal = "number of websocket transports limit exceeded";
    });
    for (const waitMs of [63_000, 126_000]) {
      await until(() => show.status().retryAtMs !== undefined);
      expect(show.status().detail).toContain("stop one of them");
      expect(show.status().retryAtMs! - show.clock.now()).toBe(waitMs);
      show.clock.advance(waitMs);
      await until(() => show.status().retryAtMs === undefined);
    }
  });

  it.each(["/oauth2/validate", "channel.raid"])("for trouble inside Twitch (%s) try again", async (path) => {
    const show = await start((server) => server.refused.set(path, 503));
    await until(() => show.status().retryAtMs !== undefined);
    expect(show.status().detail).toContain("HTTP 503");
    show.server.refused.clear();
    show.clock.advance(show.status().retryAtMs! - show.clock.now());
    await settled(show);
    expect(show.status().state).toBe("waitingForLive");
  });
});

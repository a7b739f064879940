/** Source twitch with a token: how its lines go from broadcast to broadcast, move and end. */
import { describe, expect, it } from "vitest";
import { classifyEventSubClose } from "../../../../server/sources/twitch/token-line.ts";
import { until } from "../../../support/until.ts";
import { bits, line, online, welcome } from "./fake-twitch.ts";
import { ircChat, settled, start } from "./token-rig.ts";

describe("broadcasts", () => {
  it("are not told by an open chat beside EventSub, which tells of them", async () => {
    const show = await start((server) => {
      server.scopes = [];
    });
    await settled(show, 1);
    show.server.sendChat("@room-id=1;slow=0 :tmi.twitch.tv ROOMSTATE #streamer");
    show.server.sendChat(ircChat);
    expect((await show.heard()).map(({ type }) => type)).toEqual(["error", "chat", "gift"]);
    expect(show.status().state).toBe("waitingForLive");
  });

  it("is live at once when one is on, and goes on from one to the next on the same line", async () => {
    const show = await start((server) => {
      server.streamId = "501";
    });
    await until(() => show.status().state === "live");
    expect(show.status().roomId).toBe("501");
    show.server.send(line("x6"));
    await until(() => show.status().state === "waitingForLive");
    show.server.send(bits("5", "between", 3));
    expect(await show.heard()).toMatchObject([
      { type: "streamStart" },
      { type: "streamEnd" },
      { type: "gift", count: 3 },
    ]);
    expect(show.status().state).toBe("waitingForLive");
    show.server.send(online("502"));
    await until(() => show.status().state === "live");
    expect([show.status().roomId, show.server.connects()]).toEqual(["502", 1]);
  });

  it("goes on when the end of the one before is delivered again on another line", async () => {
    const show = await start((server) => {
      server.streamId = "501";
    });
    await until(() => show.status().state === "live");
    show.server.send(line("x6"));
    await until(() => show.status().state === "waitingForLive");
    show.server.send(online("502"));
    await until(() => show.status().roomId === "502");
    show.server.streamId = "502";
    show.server.drop();
    await until(() => show.status().retryAtMs !== undefined);
    show.clock.advance(show.status().retryAtMs! - show.clock.now());
    await until(() => show.status().state === "live" && show.server.connects() === 2);
    show.server.send(line("x6"));
    const marks = (await show.heard()).map(({ type }) => type).filter((type) => type !== "error");
    expect(marks).toEqual(["streamStart", "streamEnd", "streamStart"]);
    expect(show.status()).toMatchObject({ state: "live", roomId: "502" });
  });
});

describe("lines", () => {
  const reconnect = (url: string) =>
    JSON.stringify({
      metadata: { message_id: "rc", message_type: "session_reconnect" },
      payload: { session: { reconnect_url: url } },
    });

  it("move without a gap: both are heard, what both deliver counts once, and nothing is subscribed again", async () => {
    const show = await start();
    await settled(show);
    const before = show.server.granted.length;
    show.server.welcomes = false;
    const [old] = show.server.sockets();
    old!.send(bits("5", "a", 1));
    old!.send(reconnect(`${show.server.url.replace("http", "ws")}/ws?challenge=x`));
    await until(() => show.server.lines() === 2);
    const next = show.server.sockets().find((one) => one !== old)!;
    // Until the new one is welcomed the old one goes on.
    for (const id of ["b", "c"]) old!.send(bits("5", id, 2));
    await show.heard();
    // Nor is lost what it sent before it saw that it is left.
    old!.pause();
    next.send(welcome("session1"));
    for (const id of ["c", "d"]) next.send(bits("5", id, 4));
    await until(() => show.status().counters.giftUnits === 9);
    for (const id of ["d", "e"]) old!.send(bits("5", id, 4));
    await until(() => show.status().counters.giftUnits === 13);
    old!.resume();
    await until(() => show.server.lines() === 1);
    expect((await show.heard()).map(({ id }) => id)).toEqual(["twitch:d", "twitch:e"]);
    expect(show.status().counters).toMatchObject({ duplicates: 2, connects: 1 });
    expect(show.server.granted).toHaveLength(before);
    expect(show.server.sockets()).toEqual([next]);
  });

  it("end when neither the old socket nor the new one is there", async () => {
    const show = await start();
    await settled(show);
    show.server.welcomes = false;
    const [old] = show.server.sockets();
    old!.send(reconnect(`${show.server.url.replace("http", "ws")}/ws?challenge=x`));
    await until(() => show.server.lines() === 2);
    old!.close(4004, "grace is over");
    await until(() => show.server.lines() === 1);
    expect(show.status().retryAtMs).toBeUndefined();
    show.server.sockets()[0]!.close(4007);
    await until(() => show.status().retryAtMs !== undefined);
    expect(show.status().state).toBe("reconnecting");
  });

  it.each(["nowhere", "http://[", "ws://127.0.0.1:1/#x", ""])(
    "come back when there is nowhere to move to: %s",
    async (url) => {
      const show = await start();
      await settled(show);
      show.server.send(reconnect(url));
      await until(() => show.status().retryAtMs !== undefined);
      expect(show.status().retryAtMs).toBe(show.clock.now());
    },
  );

  it.each([
    ["authorization_revoked", "wrongKey"],
    ["user_removed", "failed"],
    ["version_removed", "reconnecting"],
  ])("end when Twitch takes a subscription away for %s", async (why, state) => {
    const show = await start();
    await settled(show);
    show.server.send(line("rv1").replace("authorization_revoked", why));
    await until(() => show.status().state === state);
    await until(() => show.server.lines() === 0);
  });

  it.each([
    [4000, "network"],
    [4001, "network"],
    [4002, "network"],
    [4003, "network"],
    [4004, "refresh"],
    [4005, "network"],
    [4006, "network"],
    [4007, "refresh"],
    [1006, "network"],
  ])("closed with %d mean %s", (code, why) => {
    expect(classifyEventSubClose(code, "said")).toMatchObject({ class: why, detail: expect.stringContaining("said") });
  });

  it("end together with the chat beside them", async () => {
    const show = await start((server) => {
      server.scopes = [];
    });
    await settled(show, 1);
    show.server.sendChat(":tmi.twitch.tv RECONNECT");
    await until(() => show.status().retryAtMs !== undefined);
    await until(() => show.server.lines() + show.server.chats().length === 0);
    expect(show.status().state).toBe("reconnecting");
  });
});

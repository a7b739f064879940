/** What is special about source streamerbot: the talk before the events, and a show on several platforms. */
import { afterEach, describe, expect, it } from "vitest";
import { createIngest } from "../../../../server/ingest/ingest.ts";
import { createTalk } from "../../../../server/sources/streamerbot/talk.ts";
import streamerbot from "../../../../server/sources/streamerbot.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { someListener, someSettings } from "../../../support/source.ts";
import { until } from "../../../support/until.ts";
import {
  chat,
  event,
  type FakeStreamerbotOptions,
  online,
  settings,
  startFakeStreamerbot,
  unknown,
} from "./fake-streamerbot.ts";

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
    for (const line of server.open) line.send('{"hi":1}');
    await until(() => status().counters.broken === 1);
    clock.advance(9999);
    expect(status().retryAtMs).toBeUndefined();
    clock.advance(1);
    expect(status().detail).toContain("does not say Hello");
    expect(clock.pending()).toBe(1);
  });

  it("does not wait for Hello once it was said, nor when the line is gone", async () => {
    const polite = await start();
    await until(() => polite.server.lines() === 1);
    polite.clock.advance(30_000);
    expect(polite.status()).toMatchObject({ state: "waitingForLive", counters: { connects: 1 } });
    const mute = await start({ mute: true });
    await until(() => mute.status().detail.startsWith("Connected"));
    mute.server.drop();
    await until(() => mute.status().retryAtMs !== undefined);
    expect(mute.clock.pending()).toBe(1);
    mute.clock.advance(mute.status().retryAtMs! - mute.clock.now());
    await until(() => mute.server.connects() === 2 && mute.status().detail.startsWith("Connected"));
    await mute.ingest.stop();
    expect(mute.clock.pending()).toBe(0);
  });

  it("pays no heed to answers to what it did not ask", () => {
    const talk = createTalk(["Twitch.Cheer"], "");
    expect(talk.take({ request: "Hello" })).toMatchObject({ kind: "say", message: { request: "GetEvents" } });
    expect(talk.take({ id: "other", status: "ok", events: {} })).toEqual({ kind: "nothing" });
    expect(talk.take({ id: "uproar-events", status: "ok", events: { Twitch: ["Cheer"] } })).toMatchObject({
      kind: "say",
    });
    expect(talk.take({ id: "uproar-subscribe", status: "ok" })).toEqual({ kind: "ready" });
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
    const heard = await hears(chat("1", "early"), online("1"), event("YouTube.BroadcastStarted", { id: "yt" }));
    expect(kinds(heard)).toEqual(["streamStart", "chat"]);
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

it("tells its listener of the end once, however often it is told", () => {
  const told: string[] = [];
  const ear = streamerbot.listen(
    settings(),
    someListener({
      event({ type }) {
        told.push(type);
        return "accepted";
      },
    }),
  );
  for (const name of ["StreamOnline", "StreamOffline", "StreamOffline"]) ear.hear(event(`Twitch.${name}`, {}));
  expect(told).toEqual(["streamEnd"]);
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

/** The simulated TikTool server: what it says it sent is what ingest counts over the real socket. */
import { crc32, inflateSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { systemClock } from "../../../server/clock.ts";
import { createIngest } from "../../../server/ingest/ingest.ts";
import { avatarSize, drawAvatar } from "../../../server/simulator/avatar.ts";
import { loadScenario } from "../../../server/simulator/scenario.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../server/simulator/simulator.ts";
import simulated from "../../../server/sources/simulated.ts";
import tiktool from "../../../server/sources/tiktool.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { viewerKey } from "../../../shared/events/viewer.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { someSettings } from "../../support/source.ts";
import { until } from "../../support/until.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: Partial<SimulatorOptions> = {}) {
  const clock = createManualClock();
  const scenario = options.scenario ?? loadScenario("demo");
  const simulator = await startSimulator({ scenario, seed: 5, clock, ...options });
  cleanups.push(() => simulator.stop());
  return { clock, simulator };
}
function follow(simulator: Simulator, user: string = "ana", clock = systemClock) {
  const ingest = createIngest({ clock, capacity: 1_000_000 });
  cleanups.push(() => ingest.stop());
  ingest.start(tiktool, someSettings({ user, env: { TIKTOOL_URL: simulator.url } }));
  return ingest;
}
function userIdOf(data: Record<string, unknown> | undefined): string | undefined {
  return (data?.user as { userId: string } | undefined)?.userId;
}
/** Everything a plain client hears, parsed. */
function listen(url: string, query: string = "?uniqueId=ana") {
  const messages: { event: string; data?: Record<string, unknown>; [field: string]: unknown }[] = [];
  const socket = new WebSocket(`${url}/${query}`);
  const heard = { messages, socket, closed: "" };
  socket.on("message", (data) => messages.push(JSON.parse(String(data))));
  socket.on("close", (code, reason) => {
    heard.closed = `${code} ${reason}`;
  });
  cleanups.push(async () => socket.terminate());
  return heard;
}

describe("simulated TikTool", () => {
  it("what it says it sent is what ingest counts, to the unit and per viewer and gift", async () => {
    const { clock, simulator } = await start({ scenario: loadScenario("crowd") });
    const ingest = follow(simulator, "ana", clock);
    await until(() => ingest.status()[0]?.state === "live");
    for (let i = 0; i < 9; i++) {
      clock.advance(10_000);
      const { likes, gifts } = simulator.sent();
      const counted = () => ingest.counters().sources;
      await until(() => counted().likes === likes && counted().giftUnits === gifts.units);
    }
    simulator.send({ event: "ping" });
    await until(() => ingest.counters().sources.ignoredControl === 1);
    const { gifts, chats, joins, follows } = simulator.sent();
    const events = ingest.drain(1_000_000);
    const pairs: Record<string, number> = {};
    let value = 0;
    for (const event of events) {
      if (event.type !== "gift") continue;
      const pair = `${event.viewer.id}|${event.gift.id}`;
      pairs[pair] = (pairs[pair] ?? 0) + event.count;
      value += event.count * event.gift.unitValue;
    }
    expect(gifts.units).toBeGreaterThan(200);
    expect(pairs).toEqual(gifts.byViewerAndGift);
    expect(value).toBe(gifts.value);
    const count = (type: string) => events.filter((event) => event.type === type).length;
    expect([count("chat"), count("join"), count("follow")]).toEqual([chats, joins, follows]);
    expect(ingest.counters().sources).toMatchObject({ broken: 0, ignoredUnknown: 0, clamped: 0 });
    expect(ingest.counters().queue.dropped).toEqual({});
  });

  it("loses and repeats nothing when the line is cut in the middle of combos", async () => {
    const { clock, simulator } = await start({ scenario: loadScenario("crowd") });
    const ingest = follow(simulator, "ana", clock);
    for (let i = 0; i < 4; i++) {
      await until(() => simulator.clients() === 1 && ingest.status()[0]?.state === "live");
      clock.advance(10_000);
      const { gifts } = simulator.sent();
      await until(() => ingest.counters().sources.giftUnits === gifts.units);
      simulator.closeClients(1001, "going away");
      await until(() => simulator.clients() === 0 && ingest.status()[0]?.state === "reconnecting");
      clock.advance(31_000);
    }
    expect(ingest.counters().sources.giftUnits).toBe(simulator.sent().gifts.units);
    expect(ingest.drain(1e6).filter(({ type }) => type === "streamStart")).toHaveLength(1);
  });

  it("tells the same story for the same seed", async () => {
    const tell = async (seed: number) => {
      const { clock, simulator } = await start({ seed });
      const { messages } = listen(simulator.url);
      await until(() => messages.length === 1);
      clock.advance(20_000);
      // A line keeps order: once this is here, everything is.
      simulator.send({ event: "marker" });
      await until(() => messages.at(-1)?.event === "marker");
      return messages
        .slice(1, -1)
        .filter(({ event }) => event !== "roomUserSeq")
        .map(({ event, data }) => [event, data?.comment, data?.repeatCount, userIdOf(data)]);
    };
    const first = await tell(9);
    expect(first.length).toBeGreaterThan(50);
    expect(await tell(9)).toEqual(first);
    expect(await tell(10)).not.toEqual(first);
  });

  it("begins with the room, then ids, times and users as the service writes them, and counts viewers now and then", async () => {
    const { clock, simulator } = await start();
    const { messages } = listen(simulator.url);
    await until(() => messages.length === 1);
    expect(messages[0]).toMatchObject({
      event: "roomInfo",
      roomId: simulator.roomId,
      roomInfo: { owner: { uniqueId: "ana" } },
    });
    clock.advance(15_000);
    await until(() => messages.filter(({ event }) => event === "roomUserSeq").length >= 3);
    const ids = messages.slice(1).map(({ data }) => data?.msgId);
    expect(new Set(ids).size).toBe(ids.length);
    const chat = messages.find(({ event }) => event === "chat");
    expect(chat?.data).toMatchObject({ type: "chat", protoVersion: 3, emotes: [], user: { userBadges: [] } });
    expect(userIdOf(chat?.data)).toMatch(/^69\d{17}$/);
  });

  it("sends a gift by hand at once", async () => {
    const { clock, simulator } = await start();
    const ingest = follow(simulator, "ana", clock);
    await until(() => ingest.status()[0]?.state === "live");
    const sent = simulator.sendGift({ gift: "Comet", count: 1 });
    clock.advance(100);
    await until(() => ingest.counters().sources.giftUnits === 1);
    const [gift] = ingest.drain(100).filter((event) => event.type === "gift");
    expect(gift).toMatchObject({ gift: { name: "Comet", unitValue: 500 }, viewer: { id: sent.viewer.id } });
    expect(viewerKey(gift!.viewer)).toBe(`tiktok:${sent.viewer.id}`);
    expect(() => simulator.sendGift({ gift: "Rosebud" })).toThrow("no gift Rosebud");
    expect(() => simulator.sendGift({ viewer: "nobody" })).toThrow("Nobody called nobody");
  });

  it("turns away a handle that is not live, a missing one and a wrong key, as the service does", async () => {
    const { simulator } = await start({ keys: ["good"] });
    const offline = listen(simulator.url, "?uniqueId=offline&apiKey=good");
    const nameless = listen(simulator.url, "?apiKey=good");
    const locked = listen(simulator.url, "?uniqueId=ana&apiKey=bad");
    const welcome = listen(simulator.url, "?uniqueId=ana&jwtKey=good");
    await until(
      () => offline.closed !== "" && nameless.closed !== "" && locked.closed !== "" && welcome.messages.length > 0,
    );
    expect([offline.closed, nameless.closed, locked.closed]).toEqual([
      "4404 Creator is not currently live",
      "4004 uniqueId is missing",
      "4401 Invalid API key",
    ]);
  });

  it("waits politely for a handle that is not live", async () => {
    const { simulator } = await start();
    const ingest = follow(simulator, "offline");
    await until(() => ingest.status()[0]?.state === "waitingForLive");
    expect(ingest.status()[0]).toMatchObject({ detail: expect.stringContaining("aiting for @offline to go live") });
    expect(ingest.status()[0]!.retryAtMs! - Date.now()).toBeGreaterThan(50_000);
  });

  it("answers whether somebody is live, draws pictures, and nothing else", async () => {
    const { clock, simulator } = await start();
    const { messages } = listen(simulator.url);
    await until(() => messages.length === 1);
    clock.advance(5000);
    const http = simulator.url.replace("ws", "http");
    const alive = async (id: string) => (await fetch(`${http}/webcast/check_alive?unique_id=${id}`)).json();
    expect(await alive("ana")).toMatchObject({ status_code: 0, data: [{ alive: true, room_id: simulator.roomId }] });
    expect(await alive("offline")).toMatchObject({ data: [{ alive: false, userCount: 0 }] });
    await until(() => messages.filter(({ data }) => data?.user).length > 6);
    const pictures = messages.map(({ data }) => (data?.user as { profilePictureUrl: string })?.profilePictureUrl);
    const address = pictures.find((url) => url?.startsWith(http));
    expect(pictures).toContain("");
    const picture = await fetch(address!);
    expect(picture.headers.get("content-type")).toBe("image/png");
    expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(300);
    for (const path of ["/avatars/x.png", "/avatars/../../etc/passwd", "/", "//"]) {
      expect((await fetch(http + path)).status).toBe(404);
    }
  });

  it("rests while nobody listens, and leaves nothing behind when stopped", async () => {
    const { clock, simulator } = await start();
    clock.advance(60_000);
    expect(simulator.sent().joins).toBe(0);
    const heard = listen(simulator.url);
    await until(() => simulator.clients() === 1);
    await simulator.stop();
    await until(() => heard.closed !== "");
    expect(clock.pending()).toBe(0);
    await expect(fetch(simulator.url.replace("ws", "http"))).rejects.toThrow();
  });

  it("says so when its port is taken", async () => {
    const { simulator } = await start();
    await expect(start({ port: simulator.port })).rejects.toThrow("EADDRINUSE");
  });
});

describe("pictures", () => {
  it("are whole PNG files, the same for the same id", () => {
    const png = drawAvatar("6900000000000000101");
    expect(png.equals(drawAvatar("6900000000000000101"))).toBe(true);
    expect(png.equals(drawAvatar("6900000000000000102"))).toBe(false);
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    let at = 8;
    const chunks: Record<string, Buffer> = {};
    while (at < png.length) {
      const length = png.readUInt32BE(at);
      const body = png.subarray(at + 4, at + 8 + length);
      expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body));
      chunks[body.subarray(0, 4).toString()] = body.subarray(4);
      at += 12 + length;
    }
    expect(Object.keys(chunks)).toEqual(["IHDR", "IDAT", "IEND"]);
    expect(chunks.IHDR?.readUInt32BE(0)).toBe(avatarSize);
    expect(inflateSync(chunks.IDAT!).length).toBe(avatarSize * (1 + avatarSize * 3));
  });
});

describe("source simulated", () => {
  const settings = someSettings({ seed: 4 });

  it("brings a whole audience through its own socket, and takes it away again", async () => {
    const ingest = createIngest({ clock: systemClock });
    cleanups.push(() => ingest.stop());
    ingest.start(simulated, settings);
    const events: LiveEvent[] = [];
    const picture = () => events.map((event) => "viewer" in event && event.viewer?.avatarUrl).find(Boolean);
    await until(() => {
      events.push(...ingest.drain(100));
      return ingest.counters().sources.accepted >= 3 && Boolean(picture());
    });
    expect(ingest.status()[0]).toMatchObject({
      id: "simulated",
      platform: "tiktok",
      target: "a simulated audience",
      state: "live",
    });
    expect(events[0]).toMatchObject({ type: "streamStart", source: "simulated" });
    const { origin } = new URL(String(picture()));
    expect((await fetch(`${origin}/webcast/check_alive?unique_id=demo`)).status).toBe(200);
    await ingest.stop();
    await expect(fetch(origin)).rejects.toThrow();
  });

  it("can be stopped while it starts", async () => {
    const ingest = createIngest({ clock: systemClock });
    ingest.start(simulated, settings);
    await ingest.stop();
    expect(ingest.counters().sources.received).toBe(0);
  });

  it("names what is wrong with its scenario before anything starts", () => {
    expect(simulated.check(settings)).toBeUndefined();
    expect(simulated.check({ ...settings, scenario: "nowhere.yaml" })).toContain(
      "Cannot read the scenario file nowhere.yaml",
    );
  });
});

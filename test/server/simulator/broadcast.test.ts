/** The simulated broadcast over real sockets: every protocol, waiting for its beginning, keeping what nobody heard, its end. */
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createIngest } from "../../../server/ingest/ingest.ts";
import type { SourceDefinition } from "../../../server/ingest/source.ts";
import type { FaultName } from "../../../server/simulator/faults.ts";
import { type ProtocolId, protocols } from "../../../server/simulator/protocols.ts";
import { loadScenario } from "../../../server/simulator/scenario.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../server/simulator/simulator.ts";
import euler from "../../../server/sources/euler.ts";
import tikfinity from "../../../server/sources/tikfinity.ts";
import tiktool from "../../../server/sources/tiktool.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { someSettings } from "../../support/source.ts";
import { until } from "../../support/until.ts";

const sources: Record<ProtocolId, SourceDefinition> = { tiktool, euler, tikfinity };
const ids = Object.keys(protocols) as ProtocolId[];
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: Partial<SimulatorOptions> = {}) {
  const clock = createManualClock();
  const simulator = await startSimulator({ scenario: loadScenario("storm"), seed: 5, clock, ...options });
  cleanups.push(() => simulator.stop());
  return { clock, simulator };
}
function follow(simulator: Simulator, protocol: ProtocolId, clock: ManualClock) {
  const ingest = createIngest({ clock, capacity: 1_000_000 });
  cleanups.push(() => ingest.stop());
  const settings = someSettings({ user: "ana", env: { [protocols[protocol].variable]: simulator.url } });
  ingest.start(sources[protocol], settings);
  return ingest;
}
function listen(simulator: Simulator) {
  const socket = new WebSocket(`${simulator.url}/?uniqueId=ana`);
  const heard = { socket, frames: [] as string[], closed: 0, opened: false };
  socket.on("open", () => {
    heard.opened = true;
  });
  socket.on("message", (data) => heard.frames.push(String(data)));
  socket.on("close", (code) => {
    heard.closed = code;
  });
  cleanups.push(async () => socket.terminate());
  return heard;
}
/** Lets time go by in small steps, with the sockets' turns between them. */
async function run(clock: ManualClock, ms: number) {
  for (let passed = 0; passed < ms; passed += 100) {
    clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
const none: ReadonlySet<FaultName> = new Set();

describe.each(ids)("a broadcast over %s", (protocol) => {
  it("is heard in full: what arrived is what is counted", async () => {
    const { clock, simulator } = await start({ protocol, faults: none });
    const ingest = follow(simulator, protocol, clock);
    await until(() => ingest.status()[0]?.state === "live");
    await run(clock, 15_000);
    simulator.finish();
    await run(clock, 25_000);
    await until(() => simulator.isSettled());
    const { gifts, likes } = simulator.sent();
    const pairs: Record<string, number> = {};
    for (const event of ingest.drain(1_000_000)) {
      if (event.type !== "gift") continue;
      const pair = `${event.viewer.id}|${event.gift.id}`;
      pairs[pair] = (pairs[pair] ?? 0) + event.count;
    }
    expect(gifts.units).toBeGreaterThan(100);
    expect(pairs).toEqual(gifts.byViewerAndGift);
    expect(ingest.counters().sources).toMatchObject({ likes, broken: 0, clamped: 0 });
    expect(ingest.status()[0]?.roomId).toBe(simulator.roomId);
  });

  it("waits for its beginning, and tells of its end", async () => {
    const { clock, simulator } = await start({ protocol, waits: true });
    const heard = listen(simulator);
    await until(() => simulator.clients() === 1 && heard.opened);
    await run(clock, 5000);
    const { needsBroadcast, goodbye } = protocols[protocol];
    if (needsBroadcast) expect(heard.frames).toEqual([]);
    else await until(() => heard.frames.length > 0);
    const greetings = heard.frames.length;
    expect(simulator.sent().joins).toBe(0);
    simulator.begin();
    await run(clock, 3000);
    await until(() => heard.frames.length > greetings + 10);
    expect(simulator.sent().joins).toBeGreaterThan(3);
    simulator.endStream();
    await until(() => /streamEnd|WebcastControlMessage/.test(heard.frames.join()));
    if (goodbye.close) await until(() => heard.closed === 4005);
    expect(clock.pending()).toBeLessThanOrEqual(1);
    await run(clock, 200);
    expect(clock.pending()).toBe(0);
    if (needsBroadcast) return;
    const late = listen(simulator);
    await until(() => late.closed === 4404);
  });

  it("keeps what happens while nobody is connected and tells it the next client, with its old times", async () => {
    const { clock, simulator } = await start({ protocol, faults: none });
    const first = listen(simulator);
    await until(() => simulator.clients() === 1);
    await run(clock, 2000);
    first.socket.terminate();
    await until(() => simulator.clients() === 0);
    const awaySince = clock.now();
    await run(clock, 8000);
    const { units } = simulator.sent().gifts;
    const second = listen(simulator);
    await until(() => second.frames.length > 1);
    const backAt = clock.now();
    await run(clock, 300);
    await until(() => simulator.sent().gifts.units > units + 20);
    const times = [...second.frames.join().matchAll(/"(?:timestamp|createTime)":"?(\d+)/g)].map(([, ms]) => Number(ms));
    expect(times.filter((ms) => ms > awaySince && ms < backAt - 5000).length).toBeGreaterThan(20);
  });
});

describe("what has arrived", () => {
  it("is only what the client's side confirms", async () => {
    const { clock, simulator } = await start({ faults: none });
    const heard = listen(simulator);
    await until(() => heard.frames.length === 1);
    heard.socket.pause();
    await run(clock, 6000);
    expect(simulator.sent()).toMatchObject({ joins: 0, gifts: { units: 0 } });
    expect(simulator.isSettled()).toBe(false);
    heard.socket.resume();
    await until(() => simulator.sent().gifts.units > 0);
  });

  it("cannot be known of a single gift without an id when the line breaks by itself", async () => {
    const { clock, simulator } = await start({ faults: new Set(["missing-ids"]) });
    const heard = listen(simulator);
    await until(() => heard.frames.length === 1);
    heard.socket.pause();
    await run(clock, 15_000);
    expect(simulator.unsure()).toBe(0);
    heard.socket.terminate();
    await until(() => simulator.unsure() > 0);
    expect(simulator.faults()["missing-ids"]).toBeGreaterThan(simulator.unsure());
  });

  it("includes likes and chats of floods, in numbers", async () => {
    const { clock, simulator } = await start({ scenario: loadScenario("quiet"), faults: new Set(["floods"]) });
    const ingest = follow(simulator, "tiktool", clock);
    await until(() => ingest.status()[0]?.state === "live");
    await run(clock, 12_000);
    await until(() => ingest.counters().sources.likes === simulator.sent().likes);
    expect(simulator.faults().floods).toBeGreaterThan(0);
    expect(simulator.sent().likeMessages).toBeGreaterThan(150);
    expect(simulator.sent().chats).toBeGreaterThan(100);
  });
});

describe("TikTool's other addresses", () => {
  it("tells captions on a line of their own, and nothing that is paid for", async () => {
    const { clock, simulator } = await start({ faults: none });
    const ingest = createIngest({ clock, capacity: 1_000_000 });
    cleanups.push(() => ingest.stop());
    ingest.start(tiktool, someSettings({ user: "ana", captions: "en", env: { TIKTOOL_URL: simulator.url } }));
    await until(() => ingest.status()[0]?.state === "live");
    const beside = new WebSocket(`${simulator.url}/captions?uniqueId=ana&language=en`);
    const names: string[] = [];
    beside.on("message", (data) => names.push(JSON.parse(String(data)).type));
    cleanups.push(async () => beside.terminate());
    await until(() => names.length === 1);
    await run(clock, 6000);
    await until(() => names.includes("credits"));
    expect(new Set(names)).toEqual(new Set(["status", "caption", "credits"]));
    expect(simulator.clients()).toBe(1);
    const ofLine = (event: LiveEvent) => event.type === "caption" && event.weakId;
    await until(() => ingest.drain(1_000_000).some(ofLine));
  });

  it("gives tokens to those with the key, and lets in whoever has one", async () => {
    const { clock, simulator } = await start({ keys: ["good"] });
    const expired = `x.${Buffer.from(JSON.stringify({ exp: 1 })).toString("base64url")}.x`;
    const ingest = createIngest({ clock });
    cleanups.push(() => ingest.stop());
    const env = { TIKTOOL_URL: simulator.url, TIKTOOL_API_KEY: "good", TIKTOOL_JWT_KEY: expired };
    ingest.start(tiktool, someSettings({ user: "ana", env }));
    await until(() => ingest.status()[0]?.state === "live");
    const ask = (key: string, body: string) =>
      fetch(`${simulator.url.replace("ws", "http")}/authentication/jwt`, {
        method: "POST",
        headers: { "x-api-key": key },
        body,
      });
    expect((await ask("bad", "{}")).status).toBe(401);
    const { data } = (await (await ask("good", "no json")).json()) as { data: { token: string } };
    const claims = JSON.parse(Buffer.from(data.token.split(".")[1]!, "base64url").toString());
    expect(claims).toEqual({ allowedCreators: [], maxWebSockets: 1, exp: Math.floor(clock.now() / 1000) + 3600 });
  });

  it("opens no line at an address that it does not have", async () => {
    const { simulator } = await start();
    const socket = new WebSocket(`${simulator.url}/decode?apiKey=x`);
    let said = "";
    socket.on("error", (error) => {
      said = error.message;
    });
    await until(() => said !== "");
    expect(said).toBe("Unexpected server response: 404");
  });
});

/** Source tiktool in direct mode (protocols 1.1): passes the suite of all sources; TikTok's own line and the decoder are played here. */
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { createIngest } from "../../../../server/ingest/ingest.ts";
import tiktool from "../../../../server/sources/tiktool.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { someListener, someSettings } from "../../../support/source.ts";
import { until } from "../../../support/until.ts";
import { type FakeServer, testSource } from "../conformance.ts";
import { type Asked, type ServiceScript, startTiktoolService } from "./service.ts";

const enterFrame = Buffer.from([10, 1, 255, 0]);
const heartbeatFrame = Buffer.from([58, 2, 104, 98]);
const base64 = (bytes: Buffer) => bytes.toString("base64");
const startMs = 1_800_000_010_000;

/** A service whose decoder is ready at once, beside TikTok's own server (path /im). */
async function startBoth({ answers = {}, sockets = {} }: ServiceScript = {}) {
  const service = await startTiktoolService({
    answers: {
      "/webcast/live_status": () => [200, { status_code: 0, data: { is_live: true, room_id: "7400000000000000001" } }],
      "/webcast/ws_credentials": () => [
        200,
        {
          status_code: 0,
          data: {
            ws_url: `${service.url}/im?room=1&x=%2F`,
            cookies: "ttwid=1; msToken=a",
            user_agent: "Mozilla/5.0 (fake)",
            binary_frames: { im_enter_room_b64: base64(enterFrame), heartbeat_b64: base64(heartbeatFrame) },
          },
        },
      ],
      ...answers,
    },
    sockets: { "/decode": (socket) => socket.send('{"ready":true}'), ...sockets },
  });
  return service;
}

async function startFakeServer(): Promise<FakeServer> {
  const service = await startBoth();
  return {
    url: service.url,
    lines: () => Math.min(service.on("/im").length, service.on("/decode").length),
    connects: () => service.dialled.filter((path) => path.startsWith("/im")).length,
    send(frame) {
      for (const socket of service.on("/decode")) socket.send(frame);
    },
    drop() {
      for (const socket of [...service.on("/im"), ...service.on("/decode")]) socket.terminate();
    },
    stop: service.stop,
  };
}

const settings = (url: string, mode: string = "direct", env: Record<string, string> = {}) =>
  someSettings({ user: "some.streamer", env: { TIKTOOL_URL: url, TIKTOOL_MODE: mode, ...env } });
const decoded = (type: string, fields: object) => JSON.stringify({ events: [{ type, ...fields }] });

/** The fixture's messages of one name as the decoder sends them: flat, all in one frame. */
function decodedFixture(name: string): string {
  const lines = readFileSync(new URL("../../../fixtures/tiktool/messages.ndjson", import.meta.url), "utf8");
  const messages = lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === name);
  expect(messages.length, `fixture has ${name}`).toBeGreaterThan(0);
  return JSON.stringify({ events: messages.map(({ data }) => ({ ...data, type: name })) });
}

testSource({
  source: tiktool,
  fakeServer: startFakeServer,
  settings,
  live: (roomId) => decoded("roomInfo", { roomId }),
  chat: (userId, comment, timestamp) => decoded("chat", { comment, user: { userId }, ...(timestamp && { timestamp }) }),
  follow: (userId, msgId) => decoded("follow", { msgId, user: { userId } }),
  like: (userId, likeCount, totalLikeCount) => decoded("like", { user: { userId }, likeCount, totalLikeCount }),
  gift: ({ viewerId, giftId, groupId, messageId: msgId, streakable, total: repeatCount, end: repeatEnd, atMs }) =>
    decoded("gift", {
      ...{ user: { userId: viewerId }, giftId: Number(giftId), giftName: "Rose", diamondCount: 1 },
      giftType: streakable ? 1 : 2,
      ...{ groupId, msgId, repeatCount, repeatEnd, timestamp: atMs },
    }),
  unknown: decoded("somethingNew", {}),
  control: ['{"ready":true}', decoded("ping", {})],
  broken: [decoded("chat", { comment: 7, user: {} }), '{"events":[7]}'],
  messages: [
    [
      "chat, several in one frame",
      [decodedFixture("chat")],
      [
        { type: "chat", text: "!dash" },
        { text: "merhaba [emote]", viewer: { name: "Gülçe" } },
      ],
    ],
    ["gift", [decodedFixture("gift")], [1, 2, 4, undefined, 1, 2, undefined].map((count) => (count ? { count } : {}))],
    ["streamEnd", [decodedFixture("streamEnd")], [{ type: "streamEnd" }]],
  ],
});

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A run of the source by a manual clock. */
async function start(script: ServiceScript & { mode?: string; env?: Record<string, string> } = {}) {
  const service = await startBoth(script);
  const clock = createManualClock(startMs);
  const ingest = createIngest({ clock, random: () => 0 });
  cleanups.push(
    () => service.stop(),
    () => ingest.stop(),
  );
  const recorded: unknown[] = [];
  ingest.start(tiktool, settings(service.url, script.mode, script.env), {
    frame: (frame) => recorded.push(frame),
    line: () => undefined,
  });
  const status = () => ingest.status()[0]!;
  return { service, clock, ingest, recorded, status, over: () => until(() => status().retryAtMs !== undefined) };
}

describe("TikTok's own line", () => {
  it("is opened as the service says, entered once, and its heart beats every 10 s by the clock", async () => {
    const heard: Buffer[] = [];
    const headers: object[] = [];
    const rig = await start({
      env: { TIKTOOL_API_KEY: "k&1" },
      sockets: {
        "/im"(socket, request) {
          headers.push({ cookie: request.headers.cookie, agent: request.headers["user-agent"] });
          socket.on("message", (data) => heard.push(data as Buffer));
        },
      },
    });
    await until(() => rig.status().state === "live" && heard.length === 1);
    rig.clock.advance(9999);
    rig.clock.advance(1);
    rig.clock.advance(10_000);
    await until(() => heard.length === 3);
    expect(heard).toEqual([enterFrame, heartbeatFrame, heartbeatFrame]);
    expect(headers).toEqual([{ cookie: "ttwid=1; msToken=a", agent: "Mozilla/5.0 (fake)" }]);
    expect(rig.service.dialled).toEqual(["/decode?apiKey=k%261", "/im?room=1&x=%2F"]);
    expect(rig.service.asked).toMatchObject([
      { path: "/webcast/live_status", key: "k&1", body: { unique_id: "some.streamer" } },
      { path: "/webcast/ws_credentials", body: { unique_id: "some.streamer", room_id: "7400000000000000001" } },
    ]);
    expect(rig.ingest.drain(9)).toMatchObject([{ type: "streamStart", roomId: "7400000000000000001" }]);
  });

  it("has its binary frames decoded one by one, in order; recorded is what came back", async () => {
    const piped: Buffer[] = [];
    const rig = await start({
      sockets: {
        "/decode"(socket) {
          socket.send('{"ready":true}');
          socket.on("message", (data, isBinary) => {
            expect(isBinary).toBe(true);
            piped.push(data as Buffer);
            socket.send(decoded("chat", { comment: `frame ${(data as Buffer)[0]}`, user: { userId: "1" } }));
          });
        },
        "/im"(socket) {
          socket.on("message", () => {
            for (const serial of [1, 2, 3]) socket.send(Buffer.from([serial, 0, 128]));
            socket.send("no frame");
          });
        },
      },
    });
    const texts: string[] = [];
    await until(() => {
      for (const event of rig.ingest.drain(9)) if (event.type === "chat") texts.push(event.text);
      return texts.length === 3;
    });
    expect(texts).toEqual(["frame 1", "frame 2", "frame 3"]);
    expect(piped.map((frame) => [...frame])).toEqual([1, 2, 3].map((serial) => [serial, 0, 128]));
    expect(rig.recorded).toHaveLength(2 + 3);
    expect(rig.recorded.every((frame) => typeof frame === "string")).toBe(true);
    expect(JSON.parse(rig.recorded[1] as string)).toEqual({ event: "roomInfo", roomId: "7400000000000000001" });
  });

  it("is opened after 3 s when the decoder does not say that it is ready", async () => {
    const rig = await start({ sockets: { "/decode": () => undefined } });
    await until(() => rig.service.on("/decode").length === 1 && rig.clock.pending() === 2);
    rig.clock.advance(2999);
    expect(rig.service.dialled).toHaveLength(1);
    rig.clock.advance(1);
    await until(() => rig.status().state === "live");
  });

  it("is not opened when there is no broadcast", async () => {
    const answers = {
      "/webcast/live_status": (): [number, object] => [200, { data: { is_live: false, room_id: "7" } }],
    };
    const rig = await start({ answers });
    await rig.over();
    expect(rig.status().state).toBe("waitingForLive");
    expect(rig.service.dialled).toEqual([]);
    expect(rig.service.asked).toHaveLength(1);
  });

  it.each([
    ["http://127.0.0.1/im", base64(enterFrame)],
    ["nonsense", base64(enterFrame)],
    ["ws://127.0.0.1:1/im", ""],
    ["ws://127.0.0.1:1/im", undefined],
  ])("is not opened where the service gives no way to it: %s %s", async (ws_url, frame) => {
    const way = { ws_url, binary_frames: { im_enter_room_b64: frame, heartbeat_b64: frame } };
    const rig = await start({ answers: { "/webcast/ws_credentials": () => [200, { status_code: 0, data: way }] } });
    await rig.over();
    expect(rig.status().detail).toContain("TikTool gave no way to TikTok's own line");
    expect(rig.service.dialled).toEqual([]);
  });

  it("a header that cannot be ends the line, nothing more", async () => {
    const frames = { im_enter_room_b64: base64(enterFrame), heartbeat_b64: base64(heartbeatFrame) };
    const way = { ws_url: "ws://127.0.0.1:1/im", cookies: "a\r\nb", binary_frames: frames };
    const rig = await start({ answers: { "/webcast/ws_credentials": () => [200, { status_code: 0, data: way }] } });
    await rig.over();
    expect(rig.status()).toMatchObject({ state: "connecting", detail: expect.stringContaining("TikTok's line: ") });
    await until(() => rig.service.on("/decode").length === 0);
  });
});

describe("either line's end is the end of both", () => {
  it.each([
    ["TikTok closes", "/im", 1000, "", "reconnecting", "TikTok closed its line, code 1000"],
    ["the decoder closes", "/decode", 1011, "overloaded", "reconnecting", "overloaded"],
    ["the decoder refuses the key", "/decode", 4401, "invalid key", "wrongKey", "invalid key"],
    ["the plan is used up", "/decode", 4429, "Daily limit reached", "quotaUsedUp", "Daily limit reached"],
  ])("%s", async (_what, path, code, reason, state, detail) => {
    const rig = await start();
    await until(() => rig.status().state === "live");
    rig.service.on(path)[0]!.close(code, reason);
    await rig.over();
    expect(rig.status()).toMatchObject({ state, detail: expect.stringContaining(detail) });
    await until(() => rig.service.on("/im").length + rig.service.on("/decode").length === 0);
    // The next attempt.
    expect(rig.clock.pending()).toBe(1);
  });

  it("a key that the decoder refuses is no matter of the JWT", async () => {
    const env = { TIKTOOL_API_KEY: "k", TIKTOOL_JWT_KEY: "j" };
    const rig = await start({ env, sockets: { "/decode": (socket) => socket.close(4401, "invalid key") } });
    await rig.over();
    expect(rig.status()).toMatchObject({ state: "wrongKey", detail: expect.stringContaining("(invalid key)") });
  });

  it("the decoder has no more for this hour", async () => {
    const rig = await start();
    await until(() => rig.status().state === "live");
    rig.service.on("/decode")[0]!.send('{"error":"too many frames","type":"rate_limited"}');
    await rig.over();
    expect(rig.status()).toMatchObject({ state: "rateLimited", detail: expect.stringContaining("too many frames") });
  });

  it.each(["/im", "/decode"])(
    "frees all by itself when %s ends, which after the broadcast's end is that",
    async (path) => {
      const service = await startBoth();
      cleanups.push(() => service.stop());
      const clock = createManualClock(startMs);
      const heard: string[] = [];
      const listener = someListener({
        event({ type }) {
          heard.push(type);
          return "accepted";
        },
        closed: ({ class: why }) => heard.push(why),
      });
      const connection = tiktool.connect(settings(service.url), listener, clock);
      cleanups.push(() => connection.stop());
      await until(() => service.on("/im").length === 1 && clock.pending() === 1);
      service.on("/decode")[0]!.send(decodedFixture("streamEnd"));
      await until(() => heard.length === 1);
      service.on(path)[0]!.close(1000);
      await until(() => heard.length === 2 && service.on("/im").length + service.on("/decode").length === 0);
      expect(heard).toEqual(["streamEnd", "ended"]);
      expect(clock.pending()).toBe(0);
    },
  );
});

describe("TIKTOOL_MODE", () => {
  const advice = (recommended_mode: string) => ({
    "/webcast/connection_mode": (): [number, object] => [200, { status_code: 0, data: { recommended_mode } }],
  });
  const paths = (asked: Asked[]) => asked.map(({ path }) => path);
  const env = { TIKTOOL_API_KEY: "k" };

  it("auto goes the way that the service recommends", async () => {
    const direct = await start({ mode: "auto", env, answers: advice("direct") });
    await until(() => direct.service.on("/im").length === 1);
    expect(direct.service.asked[0]).toMatchObject({ key: "k", body: { unique_id: "some.streamer" } });
    const managed = await start({ mode: "auto", env, answers: advice("managed") });
    await until(() => managed.service.on("/").length === 1);
    expect(paths(managed.service.asked)).toEqual(["/webcast/connection_mode"]);
  });

  it("auto is managed where the service gives no advice, or cannot be asked", async () => {
    const silent = await start({ mode: "auto", env });
    await until(() => silent.service.on("/").length === 1);
    const keyless = await start({ mode: "auto" });
    await until(() => keyless.service.on("/").length === 1);
    expect(keyless.service.asked).toEqual([]);
  });

  it("managed asks nothing", async () => {
    const rig = await start({ mode: "managed", env });
    await until(() => rig.service.on("/").length === 1);
    expect(rig.service.asked).toEqual([]);
  });

  it("is checked before anything else happens", () => {
    expect(tiktool.check(settings("ws://127.0.0.1:1", "fast"))).toBe(
      "TIKTOOL_MODE must be one of managed, direct, auto. You wrote fast.",
    );
    expect(tiktool.check(settings("", "direct", { TIKTOOL_JWT_KEY: "j" }))).toContain("TIKTOOL_API_KEY");
    expect(tiktool.check(settings("", "direct", env))).toBeUndefined();
  });
});

/** Source tiktok-live-connector, with the real package: what it asks of whom, how its lines and attempts end, what it must be told. */
import { SignConfig } from "tiktok-live-connector";
import { afterEach, describe, expect, it } from "vitest";
import { createIngest, type Ingest } from "../../../../server/ingest/ingest.ts";
import type { SourceSettings } from "../../../../server/ingest/source.ts";
import { endingOf } from "../../../../server/sources/tiktok-live-connector/endings.ts";
import {
  licenceNotice,
  loadConnector,
  packageProblem,
} from "../../../../server/sources/tiktok-live-connector/package.ts";
import connector from "../../../../server/sources/tiktok-live-connector.ts";
import type { LiveEvent } from "../../../../shared/events/live-event.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { someSettings } from "../../../support/source.ts";
import { until } from "../../../support/until.ts";
import type { GiftFrame } from "../conformance.ts";
import { type FakeWebcast, messageFrame, pushFrame, startFakeWebcast, type WireMessage } from "./fake-webcast.ts";
import { chatMessage, giftMessage, settingsFor, standInForTiktok } from "./webcast-messages.ts";

const tiktok = standInForTiktok();

const giftFrame = (part: Partial<GiftFrame>): WireMessage =>
  giftMessage({
    ...{ viewerId: "31", giftId: "7000", groupId: "1795344999000", messageId: "", streakable: true },
    ...{ total: 1, end: false, atMs: 1_800_000_010_000 },
    ...part,
  });

interface Started {
  server: FakeWebcast;
  ingest: Ingest;
  clock: ReturnType<typeof createManualClock>;
  status(): ReturnType<Ingest["status"]>[number];
  /** Resolves once this many events of any kind were heard, and gives all so far. */
  heard(count: number): Promise<LiveEvent[]>;
}

/** Whom to follow, and settings beside the sign server's address. */
interface Follow {
  user?: string;
  keys?: SourceSettings["env"];
}

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(
  prepare: (server: FakeWebcast) => void = () => undefined,
  { user = "@Streamer", keys = {} }: Follow = {},
): Promise<Started> {
  const server = await startFakeWebcast();
  prepare(server);
  const clock = createManualClock(1_800_000_010_000);
  const ingest = createIngest({ clock, random: () => 0.5 });
  cleanups.push(() => server.stop(), ingest.stop);
  ingest.start(connector, { ...settingsFor(server.url, keys), user });
  const events: LiveEvent[] = [];
  return {
    server,
    ingest,
    clock,
    status: () => ingest.status()[0]!,
    async heard(count) {
      await until(() => {
        events.push(...ingest.drain(1000));
        return events.length >= count;
      });
      return events;
    },
  };
}

/** Like `start`, and waits for the line. */
async function startLive(prepare?: (server: FakeWebcast) => void, follow?: Follow): Promise<Started> {
  const started = await start(prepare, follow);
  await until(() => started.status().state === "live" && started.server.lines() === 1);
  return started;
}

describe("a line", () => {
  it("asks for the room by the handle in lower case and has the line signed with the key, once each", async () => {
    const { server, status } = await startLive();
    expect(server.questions.map(({ path }) => path)).toEqual([
      "/webcast/anchors/streamer/room_id",
      "/webcast/rooms/7400000000000000001/connect",
    ]);
    expect(server.questions.map(({ headers }) => headers["x-api-key"])).toEqual(["secret-1", "secret-1"]);
    expect(server.questions[1]!.query.get("client")).toBe("ttlive-node");
    expect(status().roomId).toBe("7400000000000000001");
  });

  it.each([
    ["SIGN_API_KEY before EULER_API_KEY", { SIGN_API_KEY: " a ", EULER_API_KEY: "b" }, "a"],
    ["EULER_API_KEY", { SIGN_API_KEY: "", EULER_API_KEY: "b" }, "b"],
    ["none", { SIGN_API_KEY: undefined }, undefined],
  ])("signs with %s, and leaves the package's own settings as they were", async (_name, keys, sent) => {
    const before = { ...SignConfig };
    const { server } = await startLive(undefined, { keys });
    expect(server.questions.at(-1)!.headers["x-api-key"]).toBe(sent);
    expect({ ...SignConfig }).toEqual(before);
  });

  it("takes a room's id in place of a handle", async () => {
    const { server } = await startLive((fake) => (fake.behaviour.roomId = "7400000000000000009"), {
      user: "7400000000000000009",
    });
    expect(server.questions.map(({ path }) => path)).toEqual(["/webcast/rooms/7400000000000000009/connect"]);
  });

  it("tells nothing of what came with the signature, and acknowledges what comes after", async () => {
    const { server, heard } = await startLive((fake) => {
      fake.behaviour.backlog = [giftFrame({ total: 5 })];
    });
    server.send(chatMessage("1", "first"));
    expect(await heard(2)).toMatchObject([{ type: "streamStart" }, { type: "chat", text: "first" }]);
    await until(() => server.received.length === 2);
    expect(server.received).toMatchObject([
      { kind: "im_enter_room" },
      { kind: "ack", logId: "77", payload: "internal-1" },
    ]);
  });

  it("counts a combo once whose first frame is large and compressed, and so comes last", async () => {
    const { server, heard } = await startLive();
    const padding = Buffer.alloc(100_000).toString("base64");
    const large = Array.from({ length: 100 }, () => ({ method: "WebcastPaddingMessage", base64: padding }));
    server.send(messageFrame([...large, giftFrame({ total: 1 }), JSON.parse(chatMessage("1", "large"))], true));
    for (const total of [2, 5]) server.send(messageFrame([giftFrame({ total })], true));
    server.send(messageFrame([giftFrame({ total: 5, end: true }), JSON.parse(chatMessage("1", "small"))]));
    let events: readonly LiveEvent[] = [];
    while (!events.some((event) => event.type === "chat" && event.text === "large"))
      events = await heard(events.length + 1);
    const texts = events.flatMap((event) => (event.type === "chat" ? [event.text] : []));
    expect(texts).toEqual(["small", "large"]);
    expect(events.reduce((sum, event) => (event.type === "gift" ? sum + event.count : sum), 0)).toBe(5);
    expect(events.filter(({ type }) => type === "giftStreakEnd")).toHaveLength(1);
  });

  it("counts a frame that cannot be decompressed as broken", async () => {
    const { server, status, heard } = await startLive();
    server.send(pushFrame("msg", Buffer.from([31, 139, 8, 0, 1, 2, 3])));
    await until(() => status().counters.broken === 1);
    server.send(chatMessage("1", "still here"));
    expect(await heard(2)).toMatchObject([{ type: "streamStart" }, { type: "chat" }]);
  });

  it("hears a gift that stands behind the end in one frame, closes and waits for the next broadcast", async () => {
    const { server, heard, status } = await startLive();
    server.send(
      messageFrame([
        { method: "WebcastControlMessage", data: { action: 4 } },
        giftFrame({ total: 3, streakable: false }),
      ]),
    );
    expect(await heard(3)).toMatchObject([
      { type: "streamStart" },
      { type: "streamEnd", reason: "suspended by TikTok" },
      { type: "gift", count: 3 },
    ]);
    await until(() => status().retryAtMs !== undefined && server.sockets() === 0);
    expect(status()).toMatchObject({ state: "ended", retryAtMs: 1_800_000_010_000 + 63_000 });
    expect(server.closes).toEqual([1005]);
  });

  it("closes politely when stopped", async () => {
    const { server, ingest } = await startLive();
    await ingest.stop();
    await until(() => server.sockets() === 0);
    expect(server.closes).toEqual([1005]);
  });

  it("says with which words TikTok closed it, and comes back", async () => {
    const { server, status, clock } = await startLive();
    server.close(1011, "maintenance");
    await until(() => status().retryAtMs !== undefined);
    expect(status()).toMatchObject({ state: "reconnecting", detail: expect.stringContaining("maintenance") });
    clock.advance(status().retryAtMs! - clock.now());
    await until(() => status().state === "live");
    expect(server.connects()).toBe(2);
  });

  it.each(["sign", "line"] as const)("stops while an answer to its %s is awaited", async (hangs) => {
    const { server, ingest } = await start((fake) => (fake.behaviour.hangs = hangs));
    await until(() => (hangs === "line" ? server.upgrades() === 1 : server.questions.length === 2));
    const stopped = ingest.stop();
    // Not only once the wait for the answer is over.
    await until(() => server.sockets() === 0);
    await stopped;
  });
});

const limits = (limit: string): string =>
  JSON.stringify({ message: "Too many requests", limit_label: `rate_limit_account_${limit}` });

describe("an attempt that fails", () => {
  const fails: readonly (readonly [
    name: string,
    prepare: (server: FakeWebcast) => void,
    expected: { state: string; detail: string; waitMs: number | undefined },
  ])[] = [
    [
      "rate limit with a wait",
      ({ behaviour }) =>
        (behaviour.refusal = { status: 429, headers: { "retry-after": "120" }, body: limits("minute") }),
      { state: "rateLimited", detail: "Too many requests", waitMs: 126_000 },
    ],
    [
      "rate limit without a wait",
      ({ behaviour }) => (behaviour.refusal = { status: 429, body: limits("hour") }),
      { state: "rateLimited", detail: "Too many requests", waitMs: 63_000 },
    ],
    [
      "rate limit in no JSON",
      ({ behaviour }) => (behaviour.refusal = { status: 429, body: "<html>slow down</html>" }),
      { state: "rateLimited", detail: "HTTP 429", waitMs: 63_000 },
    ],
    [
      "the day's limit",
      ({ behaviour }) => (behaviour.refusal = { status: 429, body: limits("day") }),
      { state: "quotaUsedUp", detail: "Too many requests", waitMs: 2 * 3_600_000 * 1.05 },
    ],
    [
      "unknown key",
      ({ behaviour }) => (behaviour.refusal = { status: 401, body: '{"message":"Invalid API key"}' }),
      { state: "wrongKey", detail: "Invalid API key", waitMs: 31_500 },
    ],
    [
      "forbidden",
      ({ behaviour }) => (behaviour.refusal = { status: 403, body: "{}" }),
      { state: "wrongKey", detail: "HTTP 403", waitMs: 31_500 },
    ],
    [
      "what the plan lacks",
      ({ behaviour }) => (behaviour.refusal = { status: 402, body: '{"message":"Needs a paid plan"}' }),
      { state: "failed", detail: "Needs a paid plan", waitMs: undefined },
    ],
    [
      "trouble of the sign server",
      ({ behaviour }) => (behaviour.refusal = { status: 503, body: "" }),
      { state: "connecting", detail: "HTTP 503", waitMs: 1250 },
    ],
    [
      "signature without a cursor",
      ({ behaviour }) => (behaviour.cursor = ""),
      { state: "connecting", detail: "the sign server gives no signature", waitMs: 60_000 },
    ],
    [
      "a line refused with HTTP 200",
      ({ behaviour }) => (behaviour.lineStatus = 200),
      { state: "connecting", detail: "TikTok refuses the line", waitMs: 60_000 },
    ],
  ];
  it.each(fails)("%s: says why and waits, asking once", async (_name, prepare, { state, detail, waitMs }) => {
    const { server, status, clock } = await start(prepare, {
      user: "7400000000000000001",
    });
    await until(() => status().retryAtMs !== undefined || status().state === "failed");
    expect(status()).toMatchObject({ state, detail: expect.stringContaining(detail) });
    expect(status().detail).not.toContain("secret-1");
    expect(status().retryAtMs).toBe(waitMs === undefined ? undefined : clock.now() + waitMs);
    expect(server.questions).toHaveLength(1);
  });

  it("offline: waits without asking for a signature, and connects once live", async () => {
    const { server, status, clock } = await start(({ behaviour }) => (behaviour.room = "over"));
    await until(() => status().retryAtMs !== undefined);
    expect(status()).toMatchObject({
      state: "waitingForLive",
      detail: expect.stringContaining("@streamer to go live"),
    });
    expect(server.questions.map(({ path }) => path)).toEqual(["/webcast/anchors/streamer/room_id"]);
    server.behaviour.room = "live";
    clock.advance(status().retryAtMs! - clock.now());
    await until(() => status().state === "live");
  });

  it("offline by TikTok's own word, where the sign server knows no room: the same", async () => {
    Object.assign(tiktok, { roomId: "7400000000000000001", roomStatus: 4 });
    const { server, status, clock } = await start(({ behaviour }) => (behaviour.room = "unknown"));
    await until(() => status().retryAtMs !== undefined);
    expect(status().state).toBe("waitingForLive");
    expect(server.questions.map(({ path }) => path)).toEqual(["/webcast/anchors/streamer/room_id"]);
    tiktok.roomStatus = 2;
    clock.advance(status().retryAtMs! - clock.now());
    await until(() => status().state === "live");
  });

  it("limited already when it asks for the room: waits as asked", async () => {
    const { server, status, clock } = await start(({ behaviour }) => {
      behaviour.refusal = { status: 429, headers: { "retry-after": "90" }, body: limits("minute") };
    });
    await until(() => status().retryAtMs !== undefined);
    expect(status()).toMatchObject({ state: "rateLimited", retryAtMs: clock.now() + 94_500 });
    expect(server.questions).toHaveLength(1);
  });

  it("user of whom nobody knows a room: waits like for one who is not live", async () => {
    const { status } = await start(({ behaviour }) => (behaviour.room = "unknown"));
    await until(() => status().retryAtMs !== undefined);
    expect(status().state).toBe("waitingForLive");
  });

  it("again and again: tries ever less often, down to once a minute", async () => {
    const refuse = ({ behaviour }: FakeWebcast) => (behaviour.refusal = { status: 503, body: "" });
    const { server, status, clock } = await start(refuse, { user: "7400000000000000001" });
    const waits: number[] = [];
    for (let tries = 1; tries <= 9; tries++) {
      await until(() => status().counters.connects === tries && status().retryAtMs !== undefined);
      waits.push(status().retryAtMs! - clock.now());
      clock.advance(waits.at(-1)!);
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect([waits[0], waits.at(-1)]).toEqual([1250, 50_000]);
    expect(server.questions).toHaveLength(9);
  });

  it("no sign server: tries again by itself", async () => {
    const gone = await startFakeWebcast();
    await gone.stop();
    const { status } = await start(undefined, { keys: { SIGN_API_URL: gone.url } });
    await until(() => status().retryAtMs !== undefined);
    expect(status()).toMatchObject({ state: "connecting", detail: expect.stringContaining("ECONNREFUSED") });
  });

  it("is understood by the package's error alone", async () => {
    const library = await loadConnector();
    const { ConnectTimeoutError, ...errors } = (await import("tiktok-live-connector")) as unknown as Record<
      string,
      new (
        ...args: unknown[]
      ) => Error
    >;
    const limit = new errors.SignatureRateLimitError!(null, "wait %s", { headers: { "retry-after": "7" } });
    const cases: [error: unknown, why: string, retryAfterMs?: number][] = [
      [limit, "rateLimited", 7000],
      [new TypeError("Cannot read properties of undefined (reading 'retry-after')"), "rateLimited"],
      [new RangeError("Invalid count value: -1"), "rateLimited"],
      [new TypeError("something else"), "network"],
      [new errors.UserOfflineError!("offline"), "notLive"],
      [new errors.InvalidUniqueIdError!("no name"), "config"],
      [new errors.PremiumFeatureError!("Needs a plan for that", "x"), "config"],
      [new errors.AuthenticatedWebSocketConnectionError!("no host"), "config"],
      [new ConnectTimeoutError!("slow"), "network"],
      ["words", "network"],
    ];
    for (const [error, why, retryAfterMs] of cases) {
      expect(endingOf(library, error, undefined, 0)).toEqual({
        class: why,
        detail: expect.stringMatching(/./),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      });
    }
  });
});

describe("settings", () => {
  it("say what is missing", () => {
    expect(connector.check(settingsFor("http://127.0.0.1:1"))).toBeUndefined();
    expect(connector.check(someSettings({ user: "ana" }))).toBeUndefined();
    expect(connector.check(someSettings())).toContain("--user");
    expect(connector.check(settingsFor("ws://x"))).toContain("You wrote ws://x");
    expect(connector.target(settingsFor(""))).toBe("@streamer");
    expect(connector.target(someSettings({ user: "7400000000000000001" }))).toBe("room 7400000000000000001");
  });

  it("need the package, and say how to add it and under which licence", () => {
    for (const found of [undefined, { version: "1.2.3", licence: "MIT" }, { version: "2.1.0", licence: "MIT" }]) {
      const problem = packageProblem(found);
      expect(problem).toContain("npm install tiktok-live-connector@2.4.0");
      expect(problem).toContain("MIT up to 2.4.0, AGPL-3.0-only");
    }
    for (const version of ["2.4.0", "2.5.0", "2.10.1", "3.0.0"]) {
      expect(packageProblem({ version, licence: "MIT" })).toBeUndefined();
    }
  });

  it("tell of the licence of the package that is installed", () => {
    expect(connector.notice()).toMatch(/^version 2\.4\.0: MIT licence/);
    const notice = licenceNotice({ version: "2.5.0", licence: "AGPL-3.0-only" });
    expect(notice).toMatch(
      /2\.5\.0: AGPL-3\.0-only with added permissions; .* npm install tiktok-live-connector@2\.4\.0$/,
    );
    expect(licenceNotice({ version: "9.0.0", licence: "" })).toContain("a licence not named");
  });
});

/** Source twitch without a token: passes the suite of all sources over its chat; what is special is IRC, and gift bombs. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createIngest, type Ingest } from "../../../../server/ingest/ingest.ts";
import type { SourceEvent } from "../../../../server/ingest/source.ts";
import { parseIrcLine } from "../../../../server/sources/twitch/irc.ts";
import twitch from "../../../../server/sources/twitch.ts";
import type { LiveEvent } from "../../../../shared/events/live-event.ts";
import { createManualClock, type ManualClock } from "../../../support/manual-clock.ts";
import { someListener, someSettings } from "../../../support/source.ts";
import { until } from "../../../support/until.ts";
import { testSource } from "../conformance.ts";
import { type FakeTwitch, startFakeTwitch, twitchSettings } from "./fake-twitch.ts";

const lines = readFileSync(new URL("../../../fixtures/twitch/chat.txt", import.meta.url), "utf8")
  .trim()
  .split("\n");
let serial = 0;
const tagged = (tags: string, rest: string) => `@${tags} ${rest}`;
const said = (tags: string, userId: string, text: string) =>
  tagged(
    `${tags};display-name=U${userId};room-id=1;user-id=${userId}`,
    `:u${userId}!u@u.tmi.twitch.tv PRIVMSG #streamer :${text}`,
  );
const chat = (userId: string, text: string, atMs?: number) =>
  said(`id=c${serial++}${atMs === undefined ? "" : `;tmi-sent-ts=${atMs}`}`, userId, text);
const notice = (tags: string) =>
  tagged(`${tags};login=ana;room-id=1;user-id=12345`, ":tmi.twitch.tv USERNOTICE #streamer");
const roomState = (roomId: string) => tagged(`room-id=${roomId};slow=0`, ":tmi.twitch.tv ROOMSTATE #streamer");
const unknown = ":tmi.twitch.tv SOMETHINGNEW #streamer";
const bomb = (origin: string, size: number) =>
  notice(
    `id=${origin}b;msg-id=submysterygift;msg-param-mass-gift-count=${size};msg-param-origin-id=${origin};msg-param-sub-plan=1000`,
  );
const given = (origin: string, nth: number) =>
  notice(
    `id=${origin}g${nth};msg-id=subgift;msg-param-origin-id=${origin};msg-param-recipient-id=${nth};msg-param-sub-plan=1000`,
  );

/** The fixture's line with this id or these words. */
function line(words: string): string {
  const found = lines.filter((text) => text.includes(`;id=${words};`) || text.includes(words));
  expect(found.length, `fixture has ${words}`).toBeGreaterThan(0);
  return found[0]!;
}

/** What a line's frames become, heard as from a recording. */
function heard(frames: readonly string[]): { events: SourceEvent[]; told: string[] } {
  const events: SourceEvent[] = [];
  const told: string[] = [];
  const ear = twitch.listen(
    someSettings({ user: "streamer" }),
    someListener({
      live: (roomId) => told.push(`live ${roomId}`),
      ignored: (reason) => told.push(reason),
      closed: (ending) => told.push(`${ending.class}: ${ending.detail}`),
      event(event) {
        events.push(event);
        return "accepted";
      },
    }),
  );
  for (const frame of frames) ear.hear(frame);
  return { events, told };
}

const ana = { platform: "twitch", id: "12345", handle: "ana", name: "Ana" };
const anonymous = { platform: "twitch", id: "anonymous", handle: "", name: "Anonymous" };

testSource({
  source: twitch,
  fakeServer: () => startFakeTwitch("chat"),
  settings: (url) => twitchSettings(url, ""),
  live: roomState,
  chat,
  gift: ({ viewerId, messageId, total, atMs }) =>
    said(`bits=${total};id=${messageId};tmi-sent-ts=${atMs}`, viewerId, ""),
  gifts: "single",
  unknown,
  control: [
    ...[
      "PING",
      "JOIN #streamer",
      "sharedchatnotice",
      "giftpaidupgrade",
      "CLEARCHAT",
      "CLEARMSG",
      "slow_on",
      " 001 ",
    ].map(line),
    line("source-id=x"),
    roomState("1"),
    chat("1", "elsewhere").replace("#streamer", "#other"),
  ],
  broken: [
    ":tmi.twitch.tv PRIVMSG #streamer",
    ":u1!u@u PRIVMSG #streamer :without an account",
    ":tmi.twitch.tv USERNOTICE #streamer",
    notice("id=1;msg-id=sub").replace("user-id=12345", "user-id="),
    "@only-tags=1",
    ":only.a.prefix",
    "PRIVMSG",
    "\r\n",
  ],
  messages: [
    [
      "chat",
      [line("b3f0")],
      [
        {
          type: "chat",
          text: "!jump",
          id: "twitch:b3f0",
          roomId: "7400000000000000001",
          ts: 1_795_344_000_100,
          viewer: { ...ana, roles: { moderator: true, owner: false } },
        },
      ],
    ],
    [
      "what was said by /me",
      [line("ACTION")],
      [
        {
          type: "chat",
          text: "waves",
          viewer: { id: "1", roles: { owner: true, subscriber: true, moderator: false } },
        },
      ],
    ],
    [
      "bits beside their text",
      [line("c1")],
      [
        { type: "chat", text: "Cheer100 go", id: "twitch:c1" },
        {
          type: "gift",
          id: "twitch:c1/bits",
          count: 100,
          gift: { id: "bits", name: "Bits", unitValue: 1, currency: "bit" },
          viewer: ana,
        },
      ],
    ],
    [
      "bits without a name",
      [line("e2")],
      [
        { type: "chat", viewer: anonymous },
        { type: "gift", count: 500, viewer: anonymous },
      ],
    ],
    [
      "sub, with escaped values",
      [line("e3")],
      [
        {
          type: "subscribe",
          months: 1,
          tier: "Prime",
          giftCount: 0,
          viewer: { name: "Zoe B", roles: { subscriber: true } },
        },
      ],
    ],
    ["resub", [line("s1")], [{ type: "subscribe", months: 14, tier: "1000", giftCount: 0, viewer: ana }]],
    ["a gift bomb, once", [line("s2"), line("s3")], [{ type: "subscribe", giftCount: 5, tier: "1000", viewer: ana }]],
    [
      "a subscription given without a name",
      [line("e4")],
      [{ type: "subscribe", giftCount: 1, tier: "3000", viewer: anonymous }],
    ],
    ["raid", [line("s4")], [{ type: "raid", viewers: 120, viewer: { id: "999", handle: "friend", name: "Friend" } }]],
    ["announcement", [line("e5")], [{ type: "chat", text: "Round two!", viewer: ana }]],
  ],
});

describe("lines of the chat", () => {
  it("are read apart when several come in one frame", () => {
    const { events, told } = heard([`${chat("1", "a")}\r\n${chat("2", ":b c")}\r\n\r\nnonsense\r\n${unknown}\n`]);
    expect(events.map((event) => "text" in event && event.text)).toEqual(["a", ":b c"]);
    expect(told).toEqual(["live 1", "broken", "unknown"]);
  });

  it("keep their tags whatever stands in them", () => {
    const message = parseIrcLine("@a=\\:\\s\\\\\\r\\n\\x;b;=c;__proto__=d;e=f=g\\;h= :n!u@h  FOO  x :y :z");
    expect([...message!.tags]).toEqual([
      ["a", "; \\\r\nx"],
      ["b", ""],
      ["__proto__", "d"],
      ["e", "f=g"],
      ["h", ""],
    ]);
    expect(message).toMatchObject({ sender: "n", command: "FOO", params: ["x", "y :z"] });
  });

  it("are read in one go however many words they have", () => {
    // A reader that looks at the rest anew for each word would not come to an end.
    const message = parseIrcLine(`FOO ${"a ".repeat(1_500_000)}`);
    expect(message?.params).toHaveLength(15);
    expect(message?.params.slice(0, 14)).toEqual(Array(14).fill("a"));
  });

  it("read what any client writes", () => {
    const word = fc.stringMatching(/^[^\s:@][^\s]{0,9}$/);
    const value = fc.string({ maxLength: 20 }).filter((text) => !/[\0]/.test(text));
    const written = (text: string) =>
      text.replace(
        /[\\; \r\n]/g,
        (letter) => ({ "\\": "\\\\", ";": "\\:", " ": "\\s", "\r": "\\r", "\n": "\\n" })[letter]!,
      );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 5 }),
        fc.array(word, { maxLength: 5 }),
        value,
        (values, words, last) => {
          const tags = values.map((text, index) => `t${index}=${written(text)}`).join(";");
          const message = parseIrcLine(`@${tags} :who PRIVMSG ${[...words, `:${last}`].join(" ")}`);
          expect([...message!.tags.values()]).toEqual(values);
          expect(message!.params).toEqual([...words, last]);
        },
      ),
    );
  });

  it("throw for none, and make one thing of each", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 40 }),
        fc.constantFrom("", "@id=1;user-id=2 :a PRIVMSG #streamer ", "@msg-id=sub "),
        (text, start) => {
          const frame = start + text.replace(/[\r\n]/g, "");
          const { events, told } = heard([frame]);
          expect(events.length + told.filter((what) => !what.startsWith("live")).length, frame).toBe(1);
        },
      ),
    );
  });

  it("count bits only where there are some", () => {
    for (const bits of ["-5", "0", "abc", "", "NaN", "0.5"]) {
      expect(heard([said(`id=1;bits=${bits}`, "1", "x")]).events).toMatchObject([{ type: "chat" }]);
    }
  });
});

describe("a gift bomb", () => {
  const total = (frames: readonly string[]) =>
    heard(frames).events.reduce((sum, event) => sum + (event.type === "subscribe" ? event.giftCount : 0), 0);

  it("counts once in every order, however often its messages come, and by its gifts when the first is lost", () => {
    const size = fc.integer({ min: 1, max: 12 });
    const plays = size.chain((n) =>
      fc.record({
        n: fc.constant(n),
        // 0 is the announcement; each can come more than once, or not at all.
        order: fc.array(fc.integer({ min: 0, max: n }), { maxLength: 40 }),
      }),
    );
    fc.assert(
      fc.property(plays, ({ n, order }) => {
        const frames = order.map((nth) => (nth === 0 ? bomb("og", n) : given("og", nth)));
        const gifts = new Set(order.filter((nth) => nth > 0)).size;
        expect(total(frames)).toBe(order.includes(0) ? n : gifts);
      }),
      { numRuns: 300 },
    );
  });

  it("is kept apart from another one and from gifts that are none", () => {
    expect(total([bomb("a", 5), given("b", 1), given("a", 1), bomb("c", 2), given("d", 1)])).toBe(9);
    expect(total([given("", 1), given("", 1)])).toBe(2);
  });
});

describe("the line of the chat", () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  async function start(): Promise<{ server: FakeTwitch; ingest: Ingest; clock: ManualClock }> {
    const server = await startFakeTwitch("chat");
    const clock = createManualClock();
    const ingest = createIngest({ clock, random: () => 0.5 });
    cleanups.push(() => server.stop(), ingest.stop);
    ingest.start(twitch, twitchSettings(server.url, "", { user: "https://www.twitch.tv/Streamer?x" }));
    await until(() => server.said.some((message) => message.startsWith("JOIN")));
    return { server, ingest, clock };
  }
  const state = (ingest: Ingest) => ingest.status()[0]!;

  it("logs in as nobody, answers the server, and asks its API nothing", async () => {
    const { server, ingest, clock } = await start();
    expect(server.said).toEqual([
      "CAP REQ :twitch.tv/tags twitch.tv/commands",
      expect.stringMatching(/^NICK justinfan\d{4,6}$/),
      "JOIN #streamer",
    ]);
    server.send("PING :tmi.twitch.tv\r\n");
    await until(() => server.said.includes("PONG :tmi.twitch.tv"));
    expect(server.requests).toEqual([]);
    await ingest.stop();
    expect(clock.pending()).toBe(0);
  });

  it("waits until the channel is joined, which counts as live", async () => {
    const { server, ingest, clock } = await start();
    await until(() => state(ingest).state === "waitingForLive");
    server.send(roomState("1"));
    await until(() => state(ingest).state === "live");
    clock.advance(15_000);
    expect(state(ingest)).toMatchObject({ state: "live", roomId: "1" });
  });

  it("comes back at once when Twitch asks for it", async () => {
    const { server, ingest, clock } = await start();
    server.send(roomState("1"));
    await until(() => state(ingest).state === "live");
    server.send(line("RECONNECT"));
    await until(() => state(ingest).retryAtMs !== undefined);
    expect(state(ingest).retryAtMs).toBe(clock.now());
    clock.advance(0);
    await until(() => server.connects() === 2);
  });

  it("counts the rest of a bomb no second time after it broke in the middle", async () => {
    const { server, ingest, clock } = await start();
    server.send(roomState("1"));
    for (const frame of [bomb("og", 4), given("og", 1), given("og", 2)]) server.send(frame);
    server.send(line("RECONNECT"));
    await until(() => state(ingest).retryAtMs !== undefined);
    clock.advance(0);
    await until(() => server.connects() === 2 && server.lines() === 1);
    for (const frame of [given("og", 3), given("og", 4), chat("1", "done")]) server.send(frame);
    const events: LiveEvent[] = [];
    await until(() => {
      events.push(...ingest.drain(99));
      return events.some(({ type }) => type === "chat");
    });
    expect(events.filter(({ type }) => type === "subscribe")).toMatchObject([{ giftCount: 4 }]);
  });

  it("says that there is no such channel", async () => {
    const { server, ingest } = await start();
    server.send(
      "@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #streamer :This channel does not exist or has been suspended.",
    );
    await until(() => state(ingest).state === "failed");
    expect(state(ingest).detail).toContain("the channel streamer does not exist or is suspended");
  });

  it("asks whether the name is right when the chat does not open, and tries again later", async () => {
    const { server, ingest, clock } = await start();
    await until(() => state(ingest).state === "waitingForLive");
    clock.advance(15_000);
    await until(() => state(ingest).retryAtMs !== undefined);
    expect(state(ingest)).toMatchObject({
      state: "waitingForLive",
      detail: expect.stringContaining("check the name"),
    });
    clock.advance(state(ingest).retryAtMs! - clock.now());
    await until(() => server.connects() === 2);
  });
});

describe("settings", () => {
  it("take the channel as people write it", () => {
    for (const user of [
      "Streamer",
      "#streamer",
      "@Streamer ",
      "twitch.tv/streamer",
      "https://m.twitch.tv/Streamer/videos?x=1",
    ]) {
      expect(twitch.check(someSettings({ user }))).toBeUndefined();
      expect(twitch.target(someSettings({ user }))).toBe("@streamer");
    }
  });

  it("say what is not heard without a token", () => {
    expect(twitch.notice(someSettings({ user: "a" }))).toContain("an open chat counts as live");
    expect(twitch.notice(someSettings({ env: { TWITCH_TOKEN: "t" } }))).toBeUndefined();
  });

  it("say what is wrong, and nothing of the token", () => {
    const env = (part: Record<string, string>) => twitch.check(someSettings({ user: "a", env: part }));
    expect(twitch.check(someSettings())).toContain("--user NAME");
    expect(twitch.check(someSettings({ user: "two words" }))).toContain("You wrote two words");
    expect(env({ TWITCH_IRC_URL: "http://x" })).toContain("TWITCH_IRC_URL must be an address that starts with ws://");
    expect(env({ TWITCH_EVENTSUB_URL: "x" })).toContain("TWITCH_EVENTSUB_URL");
    expect(env({ TWITCH_API_URL: "ws://x" })).toContain("starts with http://");
    expect(env({ TWITCH_TOKEN: "s3cret\nx" })).toMatch(/^TWITCH_TOKEN must be(?!.*s3cret)/);
    expect(twitch.check(someSettings({ env: { TWITCH_TOKEN: "oauth:t" } }))).toBeUndefined();
  });
});

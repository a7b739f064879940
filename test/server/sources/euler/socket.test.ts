/** Source euler over a real socket: whole shows through ingest, repeats and bundles, garbage, endings, and what stopping leaves. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { systemClock } from "../../../../server/clock.ts";
import { createIngest } from "../../../../server/ingest/ingest.ts";
import euler, { messagesOf, parseFrame } from "../../../../server/sources/euler.ts";
import { someSettings, tiktokEventTypes } from "../../../support/source.ts";
import { until } from "../../../support/until.ts";
import { createSocketRig } from "../socket-rig.ts";

/** Frames of the fixture: v1 and v2 come in bundles, v3 without. */
function framesOf(schema: string): string[] {
  const file = new URL(`../../../fixtures/euler/show-${schema}.ndjson`, import.meta.url);
  return readFileSync(file, "utf8").trim().split("\n");
}

describe("over a real socket", () => {
  const { cleanups, listen, serve, connect, cleanUp } = createSocketRig(euler, "EULER_WS_URL");
  afterEach(cleanUp);

  /** A show through ingest; ends when the source's state is `ended`. */
  async function play(url: string) {
    const ingest = createIngest({ clock: systemClock });
    cleanups.push(() => ingest.stop());
    ingest.start(euler, someSettings({ user: "some.streamer", env: { EULER_WS_URL: url } }));
    await until(() => ingest.status()[0]?.state === "ended");
    return { events: ingest.drain(1000), counters: ingest.status()[0]!.counters };
  }

  it.each(["v1", "v2", "v3"])(
    "the show in schema %s comes through ingest whole, each gift counted once",
    async (schema) => {
      const frames = framesOf(schema);
      const { url } = await serve((client) => {
        for (const frame of frames) client.send(frame);
      });
      const { events, counters } = await play(url);
      const types = new Set(events.map(({ type }) => type));
      // The fixtures' show has no trouble to tell of.
      expect(tiktokEventTypes.filter((type) => !types.has(type))).toEqual(["error"]);
      // workerInfo; another social text, a reminder, a battle refused, an envelope hidden, a pause.
      expect(counters).toMatchObject({ ignoredControl: 6, ignoredUnknown: 1, broken: 0, duplicates: 0 });
      expect(counters.giftUnits).toBe(7 + 1 + 5);
      expect(events.filter(({ type }) => type === "subscribe")).toHaveLength(3);
      expect(events.at(-1)).toMatchObject({ type: "streamEnd", source: "euler", roomId: "7400000000000000001" });
    },
  );

  it("frames sent twice, out of order, bundled and bare add nothing to a streak", async () => {
    const messages = framesOf("v2").flatMap((frame) => messagesOf(parseFrame(frame)).messages) as {
      type: string;
      data: { common: { msgId: string } };
    }[];
    const gifts = messages.filter(({ type }) => type === "WebcastGiftMessage");
    // The same update by another connection of the provider: another id, the same group.
    const again = gifts.map((gift, index) => ({
      ...gift,
      data: { ...gift.data, common: { ...gift.data.common, msgId: `9${index}` } },
    }));
    const streaks = again.filter((_, index) => index !== 4);
    const { url } = await serve((client) => {
      const send = (frame: unknown) => client.send(JSON.stringify(frame));
      send(messages[2]);
      send({ timestamp: 1_800_000_000_000, messages: [gifts[2], gifts[0], gifts[1], gifts[0]] });
      for (const gift of gifts) send(gift);
      send({ timestamp: 1_800_000_000_000, messages: streaks });
      client.close(4005);
    });
    const { events, counters } = await play(url);
    expect(counters.giftUnits).toBe(7 + 1 + 5);
    const sums = new Map<string, number>();
    for (const event of events) {
      if (event.type === "gift") sums.set(event.gift.name, (sums.get(event.gift.name) ?? 0) + event.count);
    }
    expect(Object.fromEntries(sums)).toEqual({ Rose: 7, Supernova: 1, GG: 5 });
    expect(counters.duplicates).toBeGreaterThanOrEqual(4);
  });

  it("encodes the handle, says every feature, and sends the key by its kind", async () => {
    const { url, asked } = await serve(() => undefined);
    connect(url, "@a&b#c d", { EULER_API_KEY: "euler_1&2" });
    connect(url, "ana", { EULER_API_KEY: "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.s-g_n" });
    connect(url, "zoe");
    await until(() => asked.length === 3);
    const features = {
      "features.bundleEvents": "true",
      "features.rawMessages": "false",
      "features.normalizeUniqueId": "true",
      "features.syntheticPresence": "false",
      "features.closeInactiveWebSocketAfter": "60",
      "features.schemaVersion": "v2",
      "features.includeRawBytes": "false",
      "features.useEnterpriseApi": "false",
    };
    expect(asked.find((path) => path.includes("euler_1"))).toContain("/?uniqueId=a%26b%23c%20d&apiKey=euler_1%262&");
    const queries = asked.map((path) => Object.fromEntries(new URL(path, url).searchParams));
    expect(queries).toContainEqual({ uniqueId: "a&b#c d", apiKey: "euler_1&2", ...features });
    expect(queries).toContainEqual({ uniqueId: "ana", jwtKey: "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.s-g_n", ...features });
    expect(queries).toContainEqual({ uniqueId: "zoe", ...features });
  });

  it("counts garbage and goes on", async () => {
    const chat = (comment: string) =>
      `{"type":"WebcastChatMessage","data":{"comment":"${comment}","user":{"userId":"1"}}}`;
    const { url } = await serve((client) => {
      client.send('{"type":"roomInfo","data":{"id_str":"7"}}');
      for (const junk of ["", "not json", "[1,2]", "null", '{"messages":[', '"x"', '{"messages":{}}'])
        client.send(junk);
      client.send(Buffer.from([8, 1, 18, 3]));
      client.send(`{"timestamp":"soon","messages":[null,5,${chat("x".repeat(200_000))},{"type":"Webcast"}]}`);
      client.send('{"messages":[]}');
      client.send(chat("still here"));
    });
    const { heard, events } = connect(url);
    await until(() => events.length === 2);
    expect(heard).toEqual(["opened", "live 7", ...Array(8).fill("broken"), "broken", "broken", "unknown"]);
    expect(events[1]).toMatchObject({ text: "still here", roomId: "7" });
  });

  it("a frame of 5 MB costs the line and is counted, nothing more", async () => {
    const { url } = await serve((client) => client.send("x".repeat(5 * 1024 * 1024)));
    const { heard } = connect(url);
    await until(() => heard.length === 3);
    expect(heard).toEqual(["opened", "broken", "closed network"]);
  });

  it("being connected is not yet live; an event without roomInfo is, in its own room", async () => {
    let client: WebSocket | undefined;
    const { url } = await serve((opened) => {
      client = opened;
      client.send('{"type":"workerInfo","data":{}}');
    });
    const { heard, events } = connect(url);
    await until(() => heard.length === 2);
    expect(heard).toEqual(["opened", "control"]);
    client?.send('{"type":"WebcastRoomUserSeqMessage","data":{"common":{"roomId":"77"},"viewerCount":3}}');
    await until(() => events.length === 1);
    expect(heard.slice(2)).toEqual(["live 77"]);
  });

  it("knows its room whichever message tells of it, and is live without knowing it", async () => {
    const late = await serve((client) => {
      client.send('{"type":"roomInfo","data":{"id_str":"7"}}');
      client.send('{"type":"tiktok.connect"}');
    });
    const nameless = await serve((client) => client.send('{"type":"WebcastRoomUserSeqMessage","data":{"total":"3"}}'));
    const first = connect(late.url);
    const second = connect(nameless.url);
    await until(() => first.heard.length === 3 && second.events.length === 1);
    expect(first.heard).toEqual(["opened", "live 7", "live 7"]);
    expect(second.heard).toEqual(["opened", "live "]);
  });

  it("uses an error's text when the close has none", async () => {
    const { url } = await serve((client) => {
      client.send('{"type":"error","data":{"message":"Invalid API key"}}');
      client.close(4403);
    });
    const { heard } = connect(url);
    await until(() => heard.length === 3);
    expect(heard).toEqual(["opened", "trouble", "closed wrongKey"]);
  });

  it("a closed room is not live, and what follows the end of a stream is its end", async () => {
    const closed = await serve((client) => client.send('{"type":"roomInfo","data":{"id_str":"7","status":4}}'));
    const ended = await serve((client) => {
      client.send(
        '{"messages":[{"type":"tiktok.connect"},{"type":"WebcastControlMessage","data":{"action":3}},{"type":"tiktok.disconnect","data":{"reason":4500}},{"type":"WebcastChatMessage","data":{"comment":"bye","user":{"userId":"1"}}}]}',
      );
    });
    const first = connect(closed.url);
    const second = connect(ended.url);
    await until(() => first.heard.length === 2 && second.heard.length === 3);
    expect(first.heard).toEqual(["opened", "closed notLive"]);
    expect(second.heard).toEqual(["opened", "live ", "closed ended"]);
    expect(second.events).toMatchObject([{ type: "streamEnd" }, { type: "chat", text: "bye" }]);
  });

  it.each([
    [4401, "closed wrongKey"],
    [4404, "closed notLive"],
    [4429, "closed rateLimited"],
    [4555, "closed refresh"],
  ])("hears close code %i", async (code, says) => {
    const { url } = await serve((client) => client.close(code));
    const { heard } = connect(url);
    await until(() => heard.length === 2);
    expect(heard).toEqual(["opened", says]);
  });

  it("reads why an upgrade is refused", async () => {
    const server = createServer();
    server.on("upgrade", (_request, socket) => {
      const body = '{"message":"Too many connects"}';
      socket.end(`HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
    const { heard } = connect(await listen(server));
    await until(() => heard.length > 0);
    expect(heard).toEqual(["closed rateLimited 7000"]);
  });

  it("stop closes the line at the server and says nothing more", async () => {
    const { url, sockets } = await serve((client) => client.send('{"type":"roomInfo","data":{"id_str":"7"}}'));
    const { heard, connection } = connect(url);
    await until(() => heard.length === 2);
    await connection.stop();
    await until(() => sockets.clients.size === 0);
    expect(heard).toEqual(["opened", "live 7"]);
    const early = connect(url);
    await early.connection.stop();
    expect(early.heard).toEqual([]);
  });
});

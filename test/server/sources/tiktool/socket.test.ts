/** Source tiktool over a real socket: its address, a whole show through ingest, and what each end of a line means. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../../server/clock.ts";
import { createIngest } from "../../../../server/ingest/ingest.ts";
import type { SourceSettings } from "../../../../server/ingest/source.ts";
import tiktool from "../../../../server/sources/tiktool.ts";
import { someSettings, tiktokEventTypes } from "../../../support/source.ts";
import { until } from "../../../support/until.ts";
import { createSocketRig } from "../socket-rig.ts";

const lines = readFileSync(new URL("../../../fixtures/tiktool/messages.ndjson", import.meta.url), "utf8")
  .trim()
  .split("\n");

describe("settings", () => {
  const settings = (env: SourceSettings["env"], user: string = "ana"): SourceSettings => someSettings({ user, env });
  it.each([
    [settings({}, ""), "--user"],
    [settings({}), "TIKTOOL_API_KEY"],
    [settings({ TIKTOOL_URL: "http://x" }), "ws://"],
    [settings({ TIKTOOL_URL: "nonsense" }), "You wrote nonsense"],
  ])("%j lacks something", (given, says) => expect(tiktool.check(given)).toContain(says));

  it("is content with a key, or with a local server", () => {
    for (const env of [{ TIKTOOL_API_KEY: "k" }, { TIKTOOL_JWT_KEY: "j" }, { TIKTOOL_URL: "ws://127.0.0.1:1" }]) {
      expect(tiktool.check(settings(env, "@ana"))).toBeUndefined();
    }
    expect(tiktool.target(settings({}, "@ana"))).toBe("@ana");
  });
});

describe("over a real socket", () => {
  const { cleanups, listen, serve, connect, cleanUp } = createSocketRig(tiktool, "TIKTOOL_URL");
  afterEach(cleanUp);

  it("every fixture message becomes its event, in order, or is counted; nothing is lost on the way through ingest", async () => {
    const { url } = await serve((client) => {
      for (const line of lines) client.send(line);
      client.close(4005, "stream ended");
    });
    const ingest = createIngest({ clock: systemClock });
    cleanups.push(() => ingest.stop());
    ingest.start(tiktool, someSettings({ user: "some.streamer", env: { TIKTOOL_URL: url } }));
    await until(() => ingest.status()[0]?.state === "ended");
    const events = ingest.drain(1000);
    const { counters } = ingest.status()[0]!;
    const types = new Set(events.map(({ type }) => type));
    expect(tiktokEventTypes.filter((type) => !types.has(type))).toEqual([]);
    expect(counters).toMatchObject({
      ignoredControl: 4,
      troubles: 1,
      ignoredUnknown: 1,
      broken: 0,
      received: lines.length - 1,
    });
    // The subscription told by member and the follow told by social are not counted again.
    expect(counters.duplicates).toBe(2);
    expect(counters.giftUnits).toBe(7 + 1 + 2);
    expect(events.at(-1)).toMatchObject({ type: "streamEnd" });
  });

  it("encodes the handle and sends the key as the service wants it", async () => {
    const { url, asked } = await serve(() => undefined);
    connect(url, "@a&b#c d", { TIKTOOL_API_KEY: "tk_1&2" });
    connect(url, "ana", { TIKTOOL_JWT_KEY: "j" });
    await until(() => asked.length === 2);
    expect(asked.sort()).toEqual(["/?uniqueId=a%26b%23c%20d&apiKey=tk_1%262", "/?uniqueId=ana&jwtKey=j"]);
  });

  it("a frame of 5 MB costs the line and is counted, nothing more", async () => {
    const { url } = await serve((client) => client.send("x".repeat(5 * 1024 * 1024)));
    const { heard } = connect(url);
    await until(() => heard.length === 3);
    expect(heard).toEqual(["opened", "broken", "closed network"]);
  });

  it("takes an end of the stream and the close after it for the same", async () => {
    const { url } = await serve((client) => {
      client.send(lines.at(-1)!);
      client.close(1000);
    });
    const { heard, events } = connect(url);
    await until(() => heard.includes("closed ended"));
    expect(events).toMatchObject([{ type: "streamEnd" }]);
  });

  it("ends at a nudge without waiting for the close, and uses an error's text when the close has none", async () => {
    const nudged = await serve((client) => client.send('{"type":"demo_limit","message":"Daily Demo Limit Reached"}'));
    const told = await serve((client) => {
      client.send('{"event":"error","data":{"error":"Invalid API key"}}');
      client.close(1008);
    });
    const first = connect(nudged.url);
    const second = connect(told.url);
    await until(() => first.heard.includes("closed quota") && second.heard.includes("closed wrongKey"));
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

  it("nobody there is network trouble", async () => {
    const { url, sockets } = await serve(() => undefined);
    sockets.close();
    await cleanups.pop()?.();
    const { heard } = connect(url);
    await until(() => heard.length > 0);
    expect(heard).toEqual(["closed network"]);
  });
});

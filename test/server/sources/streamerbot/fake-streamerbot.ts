/** A Streamer.bot WebSocket server played by a test: says Hello, asks for its password, sends events to those who subscribed. */
import { createHash, randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import type { SourceSettings } from "../../../../server/ingest/source.ts";
import { someSettings } from "../../../support/source.ts";
import type { FakeServer } from "../conformance-rig.ts";

/** Settings that lead to this address. */
export const settings = (STREAMERBOT_URL?: string, STREAMERBOT_PASSWORD?: string): SourceSettings =>
  someSettings({ env: { STREAMERBOT_URL, STREAMERBOT_PASSWORD } });
/** An event as it is sent, "Twitch.Cheer"; `atMs` is when it was. */
export const event = (name: string, data: object, atMs?: number): string => {
  const [source, type] = name.split(".");
  const timeStamp = atMs === undefined ? undefined : new Date(atMs).toISOString();
  return JSON.stringify({ timeStamp, event: { source, type }, data });
};
/** A chat message on Twitch. */
export const chat = (id: string, text: string, atMs?: number): string =>
  event("Twitch.ChatMessage", { user: { id, login: `u${id}`, name: `U${id}` }, text }, atMs);
/** Twitch's broadcast begins. */
export const online = (id: string): string => event("Twitch.StreamOnline", { id });
/** An event that nobody knows. */
export const unknown = event("Twitch.SomethingNew", {});

export interface FakeStreamerbot extends FakeServer {
  /** Every open line, also those that have not subscribed. */
  readonly open: ReadonlySet<WebSocket>;
  /** Every request so far. */
  readonly requests: { request: string; id: string; events?: Record<string, string[]> }[];
}

export interface FakeStreamerbotOptions {
  /** "" for none. */
  password?: string;
  /** Refuses everything without the password. */
  enforce?: boolean;
  /** Closes the line on a wrong password instead of saying so. */
  closesOnWrong?: boolean;
  /** Event types that it has, "Twitch.Cheer"; `undefined`: all that anybody asks for. */
  has?: readonly string[];
  /** It does not know GetEvents. */
  old?: boolean;
  /** It never says Hello. */
  mute?: boolean;
}

type Answer = { status: "ok" | "error" } & Record<string, unknown>;

/** Starts it. `lines` counts those that subscribed, as only they hear anything. */
export async function startFakeStreamerbot(options: FakeStreamerbotOptions = {}): Promise<FakeStreamerbot> {
  const { password = "", enforce = false, closesOnWrong = false, has, old = false, mute = false } = options;
  const requests: FakeStreamerbot["requests"] = [];
  const subscribed = new Set<WebSocket>();
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64");

  const greet = (line: WebSocket): void => {
    const salt = randomBytes(8).toString("base64");
    const challenge = randomBytes(8).toString("base64");
    let trusted = password === "";
    const answerTo = (asked: (typeof requests)[number] & { authentication?: string }): Answer => {
      if (asked.request === "Authenticate") {
        trusted = asked.authentication === sha256(sha256(password + salt) + challenge);
        if (!trusted && closesOnWrong) line.close(1008);
        return trusted ? { status: "ok" } : { status: "error", error: "Authentication failed" };
      }
      if (enforce && !trusted) return { status: "error", error: "Authentication required" };
      if (asked.request === "GetEvents") return old ? { status: "error", error: "unknown request" } : eventsOf(has);
      const named = Object.entries(asked.events ?? {}).flatMap(([source, types]) =>
        types.map((type) => `${source}.${type}`),
      );
      const strange = has && named.find((name) => !has.includes(name));
      if (strange) return { status: "error", error: `Unknown event ${strange}` };
      subscribed.add(line);
      return { status: "ok", events: asked.events };
    };
    line.on("close", () => subscribed.delete(line));
    line.on("message", (data) => {
      const asked = JSON.parse(String(data));
      requests.push(asked);
      line.send(JSON.stringify({ ...answerTo(asked), id: asked.id }));
    });
    if (mute) return;
    const authentication = password === "" ? {} : { authentication: { salt, challenge } };
    const info = { name: "Streamer.bot", version: "1.0.5", source: "websocketServer" };
    line.send(
      JSON.stringify({ timestamp: new Date(0).toISOString(), session: "s", request: "Hello", info, ...authentication }),
    );
  };
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise((resolve) => server.once("listening", resolve));
  let connects = 0;
  server.on("connection", (line) => {
    connects++;
    line.on("error", () => undefined);
    greet(line);
  });
  const drop = (): void => {
    for (const line of server.clients) line.terminate();
  };
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    open: server.clients,
    connects: () => connects,
    lines: () => subscribed.size,
    drop,
    async stop() {
      drop();
      await new Promise((resolve) => server.close(resolve));
    },
    send(frame) {
      for (const line of subscribed) if (line.readyState === WebSocket.OPEN) line.send(frame);
    },
  };
}

/** What GetEvents answers. Without a list it does not say which there are. */
function eventsOf(has: readonly string[] | undefined): Answer {
  if (!has) return { status: "ok" };
  const events: Record<string, string[]> = {};
  for (const name of has) {
    const [source, type] = name.split(".") as [string, string];
    events[source] = [...(events[source] ?? []), type];
  }
  return { status: "ok", events };
}

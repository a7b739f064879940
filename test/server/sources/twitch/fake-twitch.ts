/** Twitch played by a test: its chat, EventSub's sockets and as much of its API as a source asks, all on one port. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { expect } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import type { SourceSettings } from "../../../../server/ingest/source.ts";
import { someSettings } from "../../../support/source.ts";
import type { FakeServer } from "../conformance.ts";

/** Scopes of a token that may hear all. */
export const everyScope = [
  "user:read:chat",
  "bits:read",
  "channel:read:subscriptions",
  "moderator:read:followers",
  "channel:read:redemptions",
];

/** A subscription that a source asked for. */
export interface Asked {
  type: string;
  version: string;
  condition: Record<string, string>;
  transport: { method: string; session_id: string };
}

export interface FakeTwitch extends FakeServer {
  /** What the token may do; a test sets it before the source connects. */
  scopes: string[];
  /** Status by which a request is refused, by subscription type or path. */
  refused: Map<string, number>;
  /** What a refusal says. */
  refusal: string;
  /** The broadcast that is on, "" for none. */
  streamId: string;
  /** Whether sockets are welcomed as they open; otherwise a test does it. */
  welcomes: boolean;
  /** Told of each subscription before the source hears that it was granted. */
  whenGranted(asked: Asked): void;
  /** Subscriptions granted, in the order in which they were asked for. */
  readonly granted: Asked[];
  /** Messages of the source to the chat. */
  readonly said: string[];
  /** Messages of the source to EventSub, pings with them: it must send none. */
  readonly spoken: string[];
  /** EventSub's open sockets and the chat's. */
  sockets(): WebSocket[];
  chats(): WebSocket[];
  sendChat(frame: string): void;
  /** Paths of requests so far. */
  readonly requests: string[];
}

/** One message of EventSub about something that happened. */
export function notification(id: string, type: string, event: object, atMs?: number): string {
  const at = atMs === undefined ? {} : { message_timestamp: new Date(atMs).toISOString() };
  const metadata = { message_id: id, message_type: "notification", ...at, subscription_type: type };
  return JSON.stringify({ metadata, payload: { subscription: { id: `s-${type}`, type }, event } });
}

export function welcome(sessionId: string): string {
  const session = { id: sessionId, status: "connected", keepalive_timeout_seconds: 30, reconnect_url: null };
  return JSON.stringify({
    metadata: { message_id: `w ${sessionId}`, message_type: "session_welcome" },
    payload: { session },
  });
}

/** The viewer's fields of most messages. */
export const by = (userId: string) => ({ user_id: userId, user_login: `u${userId}`, user_name: `U${userId}` });
/** A chat message. */
export const chat = (userId: string, text: string, atMs?: number) => {
  const id = `chat${randomUUID()}`;
  const chatter = { chatter_user_id: userId, chatter_user_login: `u${userId}`, chatter_user_name: `U${userId}` };
  return notification(id, "channel.chat.message", { ...chatter, message_id: id, message: { text }, badges: [] }, atMs);
};
/** Bits of a viewer. */
export const bits = (userId: string, id: string, count: number, atMs?: number) =>
  notification(id, "channel.bits.use", { ...by(userId), bits: count, type: "cheer" }, atMs);
/** A broadcast begins. */
export const online = (id: string) => notification(`online${randomUUID()}`, "stream.online", { id, type: "live" });
/** A message that nobody knows. */
export const unknown = notification("", "channel.something_new", {});

/** Every line of EventSub's fixture. */
export const fixtureLines: readonly string[] = readFileSync(
  new URL("../../../fixtures/twitch/eventsub.ndjson", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n");

/** The fixture's line with this message id. */
export function line(id: string): string {
  const found = fixtureLines.find((text) => text.includes(`"message_id": "${id}", "message_type"`));
  expect(found, `fixture has ${id}`).toBeDefined();
  return found!;
}

/** Settings that lead to a fake; `token` "" for none. */
export function twitchSettings(url: string, token: string, part: Partial<SourceSettings> = {}): SourceSettings {
  const socketUrl = url.replace("http:", "ws:");
  const env = {
    TWITCH_TOKEN: token,
    TWITCH_IRC_URL: `${socketUrl}/chat`,
    TWITCH_EVENTSUB_URL: `${socketUrl}/ws`,
    TWITCH_API_URL: url,
  };
  return someSettings({ user: "streamer", env, ...part });
}

/** Starts Twitch. Lines and what is sent to them are the chat's, or EventSub's when `line` says so. */
export async function startFakeTwitch(line: "chat" | "eventSub"): Promise<FakeTwitch> {
  const chats = new Set<WebSocket>();
  const sockets = new Set<WebSocket>();
  const lines = line === "chat" ? chats : sockets;
  let chatConnects = 0;
  let connects = 0;
  const twitch: FakeTwitch = {
    url: "",
    scopes: [...everyScope],
    refused: new Map(),
    refusal: "as the test wants",
    streamId: "",
    welcomes: true,
    whenGranted: () => undefined,
    granted: [],
    said: [],
    spoken: [],
    requests: [],
    lines: () => lines.size,
    connects: () => (line === "chat" ? chatConnects : connects),
    sockets: () => [...sockets],
    chats: () => [...chats],
    send(frame) {
      for (const socket of lines) socket.send(frame);
    },
    sendChat(frame) {
      for (const socket of chats) socket.send(frame);
    },
    drop() {
      for (const socket of [...chats, ...sockets]) socket.terminate();
    },
    async stop() {
      twitch.drop();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  const http = createServer((request, response) => void answer(twitch, request, response));
  const server = new WebSocketServer({ noServer: true });
  http.on("upgrade", (request, socket: Socket, head) => {
    server.handleUpgrade(request, socket, head, (opened) => {
      const isChat = request.url?.startsWith("/chat") ?? false;
      const all = isChat ? chats : sockets;
      all.add(opened);
      opened.on("close", () => all.delete(opened));
      opened.on("error", () => undefined);
      if (isChat) {
        chatConnects++;
        opened.on("message", (data) => chatWith(twitch, opened, data.toString()));
        return;
      }
      connects++;
      opened.on("message", (data) => twitch.spoken.push(data.toString()));
      opened.on("ping", () => twitch.spoken.push("ping"));
      if (twitch.welcomes) opened.send(welcome(`session${connects}`));
    });
  });
  http.listen(0, "127.0.0.1");
  await new Promise((resolve) => http.once("listening", resolve));
  twitch.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return twitch;
}

/** The chat's side of the login, as Twitch says it. */
function chatWith({ said }: FakeTwitch, socket: WebSocket, message: string): void {
  said.push(message);
  const answers: Record<string, string> = {
    CAP: ":tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands\r\n",
    NICK: ":tmi.twitch.tv 001 x :Welcome, GLHF!\r\n:tmi.twitch.tv 376 x :>\r\n",
    JOIN: ":x!x@x.tmi.twitch.tv JOIN #streamer\r\n:x.tmi.twitch.tv 366 x #streamer :End of /NAMES list\r\n",
  };
  const answer = answers[message.split(" ", 1)[0]!];
  if (answer) socket.send(answer);
}

async function answer(twitch: FakeTwitch, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  const url = new URL(request.url ?? "", "http://fake");
  // Where @twurple looks for Twitch's own fake.
  url.pathname = url.pathname.replace(/^\/auth\//, "/oauth2/").replace(/^(\/mock)?\/(?=eventsub\/)/, "/helix/");
  twitch.requests.push(`${request.method} ${url.pathname}${url.search}`);
  // As Twitch does, every answer tells the rate limit; its reset is just after the manual clock's start.
  const limit = { "ratelimit-limit": "800", "ratelimit-remaining": "799", "ratelimit-reset": "1800000100" };
  const give = (status: number, value: object): void => {
    response.writeHead(status, { "content-type": "application/json", ...limit }).end(JSON.stringify(value));
  };
  const asked = body === "" ? undefined : (JSON.parse(body) as Asked);
  const status = twitch.refused.get(asked?.type ?? url.pathname);
  const isCheck = url.pathname === "/oauth2/validate";
  const { authorization, "client-id": clientId } = request.headers;
  if (status) give(status, { status, message: twitch.refusal });
  else if (authorization !== `${isCheck ? "OAuth" : "Bearer"} t0ken`) give(401, { message: "Invalid OAuth token" });
  else if (isCheck) give(200, { client_id: "client", login: "streamer", user_id: "1", scopes: twitch.scopes });
  else if (clientId !== "client") give(401, { message: "Client ID and OAuth token do not match" });
  else if (url.pathname === "/helix/users") {
    const known = url.searchParams.get("login") === "friend";
    give(200, { data: known ? [{ id: "999", login: "friend" }] : [] });
  } else if (url.pathname === "/helix/streams") {
    give(200, { data: twitch.streamId === "" ? [] : [{ id: twitch.streamId, type: "live" }] });
  } else if (url.pathname === "/helix/eventsub/subscriptions" && asked) {
    twitch.granted.push(asked);
    twitch.whenGranted(asked);
    give(202, { data: [{ id: `s-${asked.type}`, status: "enabled", ...asked }] });
  } else give(404, { message: "not found" });
}

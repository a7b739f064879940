/** Source "euler": TikTok LIVE through Euler Stream's WebSocket service (protocols 4.2). Its raw messages never leave this file. */

import type { Clock } from "../clock.ts";
import { addressIn } from "../ingest/address.ts";
import { asFields, asNumber, asText, cut, type Fields, milliseconds, reasonOf } from "../ingest/fields.ts";
import { LastWords } from "../ingest/last-words.ts";
import { tiktokPictureHosts } from "../ingest/picture-hosts.ts";
import { classifyRefusal } from "../ingest/refusal.ts";
import { RoomEntry } from "../ingest/room-entry.ts";
import { type Ending, type LineEar, lineTo, openSocketLine } from "../ingest/socket-line.ts";
import {
  type CloseClass,
  type Connection,
  defineSource,
  type Ear,
  type Frame,
  type RunMemory,
  type SourceEvent,
  type SourceListener,
  type SourceSettings,
} from "../ingest/source.ts";
import { realId } from "../ingest/tiktok-fields.ts";
import type { Translation } from "../ingest/translation.ts";
import { readWebcastMessage, type WebcastContext } from "../ingest/webcast-fields.ts";

const serviceUrl = "wss://ws.eulerstream.com";
/** Silence after which the service itself gives a line up (its close code 4006), seconds. */
const inactiveSeconds = 60;

/** What the service is to do; all said, as its defaults have changed between releases (protocols 4.2). */
const features = [
  ["bundleEvents", "true"],
  ["rawMessages", "false"],
  ["normalizeUniqueId", "true"],
  ["syntheticPresence", "false"],
  ["closeInactiveWebSocketAfter", String(inactiveSeconds)],
  ["schemaVersion", "v2"],
  ["includeRawBytes", "false"],
  ["useEnterpriseApi", "false"],
] as const;

/**
 * Messages that need no event. Synthetic presence is guessed by the service from other messages: it is not asked for, and the
 * real WebcastMemberMessage tells who enters.
 */
const controlNames = new Set([
  "workerInfo",
  "tiktok.rawBytes",
  "SyntheticJoinMessage",
  "SyntheticLeaveMessage",
  "ping",
  "pong",
]);

/** Translates one parsed message (`{type, data}`), of schema v1, v2 or v3. Pure; never throws, whatever the message is. */
export function translate(
  message: unknown,
  context: WebcastContext = { roomId: "", owner: "", sentAt: 0 },
): Translation {
  const envelope = asFields(message);
  const name = asText(envelope?.type);
  if (!envelope || name === "") return { kind: "ignored", reason: "broken" };
  const data = asFields(envelope.data) ?? {};
  if (name === "roomInfo") return readRoom(data);
  if (name === "tiktok.connect") return { kind: "room", roomId: "" };
  if (name === "tiktok.disconnect") return readDisconnect(data);
  if (name === "error") return { kind: "trouble", detail: reasonOf(data.message ?? data.error ?? envelope.message) };
  if (controlNames.has(name)) return { kind: "ignored", reason: "control" };
  const event = readWebcastMessage(name, data, context);
  return typeof event === "string" ? { kind: "ignored", reason: event } : { kind: "events", events: [event] };
}

/** The room as TikTok describes it: status 2 is live, 4 is over. */
function readRoom(data: Fields): Translation {
  if (asNumber(data.status) === 4)
    return { kind: "ending", ending: { class: "notLive", detail: "the room is closed" } };
  return { kind: "room", roomId: cut(realId(data.id_str) || realId(data.roomId) || realId(data.id), 128) };
}

/** TikTok's side of the line broke; the reason is the code that the service then closes with. */
function readDisconnect(data: Fields): Translation {
  const code = asNumber(data.reason ?? data.code);
  if (!Number.isInteger(code)) return { kind: "trouble", detail: reasonOf(data.reason ?? data.message) };
  return { kind: "ending", ending: classifyClose(code, reasonOf(data.message)) };
}

/** What each close code means, and what to tell when the service adds no words (protocols 4.2). */
const codes: ReadonlyMap<number, readonly [CloseClass, string]> = new Map<number, readonly [CloseClass, string]>([
  [1011, ["network", "trouble inside Euler Stream"]],
  [4005, ["ended", "the stream ended"]],
  [4006, ["network", "Euler Stream had nothing to send for a while"]],
  [4400, ["config", "Euler Stream does not accept the options"]],
  [4401, ["wrongKey", "Euler Stream refuses EULER_API_KEY: it is wrong, or a JWT that has expired"]],
  [4404, ["notLive", "not live"]],
  [4429, ["rateLimited", "too many connections, or connecting too fast"]],
  [4500, ["refresh", "TikTok closed its line"]],
  [4555, ["refresh", "the line has reached its 8 hours"]],
  [4556, ["network", "Euler Stream could not reach the room"]],
  [4557, ["network", "Euler Stream could not read the room"]],
]);

const forbidden = "this key may not listen to this streamer; use one that allows the handle given with --user";

/** Class of a closed line by code and reason text. Codes without a meaning of their own are network trouble. */
export function classifyClose(code: number, reason: string): Ending {
  const said = cut(reason, 200);
  if (code === 4403) return classifyForbidden(said);
  const [why, sentence] = codes.get(code) ?? (["network", `code ${code}`] as const);
  return { class: why, detail: said || sentence };
}

/** The key is valid but lacks this streamer, which no further attempt changes; unless the words say that it is the key. */
function classifyForbidden(said: string): Ending {
  const isKey =
    /\b(invalid|expired|missing|bad|unknown|wrong|revoked)\b.*\b(key|token|jwt)\b/i.test(said) ||
    /\b(key|token|jwt)\b.*\b(invalid|expired|missing|unknown|revoked)\b/i.test(said);
  if (isKey) return { class: "wrongKey", detail: said };
  return { class: "config", detail: said === "" ? forbidden : `${said}: ${forbidden}` };
}

/** Class of an upgrade refused by HTTP, with the wait it asks for; a 403 means what close code 4403 does. */
export function classifyUpgrade(
  status: number,
  headers: Readonly<Record<string, unknown>>,
  body: string,
  nowMs: number,
): Ending {
  const ending = classifyRefusal(status, headers, body, nowMs);
  const allowed = /creator|streamer|unique.?id|not allowed|permission/i;
  return status === 403 && allowed.test(ending.detail) ? classifyForbidden(ending.detail) : ending;
}

/**
 * Parses a frame. Ids written as numbers lose digits above 2^53; a frame that has such numbers is parsed with them as text.
 * (An unescaped quote cannot stand inside JSON text, so only real keys match.)
 */
export function parseFrame(text: string): unknown {
  const frame: unknown = JSON.parse(text);
  if (!/:\s*\d{16}/.test(text)) return frame;
  return JSON.parse(text.replace(/("\w+"\s*:\s*)(\d{16,})(?=\s*[,}])/g, '$1"$2"'));
}

/** The messages of a parsed frame: a bundle's, or the frame itself when the service does not bundle. */
export function messagesOf(frame: unknown): { sentAt: number; messages: readonly unknown[] } {
  const fields = asFields(frame);
  const sentAt = milliseconds(fields?.timestamp);
  return { sentAt, messages: Array.isArray(fields?.messages) ? fields.messages : [frame] };
}

function handleOf(settings: SourceSettings): string {
  return settings.user.trim().replace(/^@+/, "");
}

/** The address to connect to; a sentence for the streamer when the settings do not give one. */
function addressOf(settings: SourceSettings): URL | string {
  const handle = handleOf(settings);
  if (handle === "") return "Euler Stream needs the streamer's name: add --user HANDLE (without @).";
  const url = addressIn(settings.env, "EULER_WS_URL", serviceUrl, "ws");
  if (typeof url === "string") return url;
  const key = settings.env.EULER_API_KEY?.trim() ?? "";
  if (key === "" && url.hostname === new URL(serviceUrl).hostname) {
    return "Euler Stream needs a key: put EULER_API_KEY=... into the environment or .env (get one at https://www.eulerstream.com).";
  }
  const parts: [name: string, value: string][] = [["uniqueId", handle]];
  if (key !== "") parts.push([isJwt(key) ? "jwtKey" : "apiKey", key]);
  for (const [name, value] of features) parts.push([`features.${name}`, value]);
  url.search = `?${parts.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
  return url;
}

/** A JWT is three parts with dots between, the first of which is JSON in base64. */
function isJwt(key: string): boolean {
  return /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/.test(key);
}

/** Opens one line; everything it hears goes to the listener. */
function connect(
  settings: SourceSettings,
  listener: SourceListener,
  clock: Clock,
  memory: RunMemory = new Map(),
): Connection {
  return lineTo(addressOf(settings), listener, (url) => {
    const entry = new RoomEntry({ listener, memory, clock });
    const words = new LastWords(() => clock.now());
    const closed = (ending: Ending): void => {
      entry.settle();
      listener.closed(ending);
    };
    const line = openSocketLine({
      url,
      listener: { ...listener, closed },
      listen: (own) => createEar(settings, own, entry, words),
      refused: (status, headers, body) => classifyUpgrade(status, headers, body, clock.now()),
    });
    return {
      async stop() {
        entry.stop();
        await line.stop();
      },
    };
  });
}

function listen(settings: SourceSettings, listener: SourceListener, memory?: RunMemory): Ear {
  return createEar(settings, listener, new RoomEntry({ listener, memory }), new LastWords());
}

/** Hears one line's frames in order, and knows from them what the line's close means. */
function createEar(settings: SourceSettings, listener: SourceListener, entry: RoomEntry, words: LastWords): LineEar {
  const context: WebcastContext = {
    get roomId() {
      return entry.roomId;
    },
    owner: handleOf(settings),
    sentAt: 0,
    streakableGifts: new Map(),
  };
  let ended = false;
  const tell = (event: SourceEvent): void => {
    words.forget();
    if (event.type === "streamEnd") ended = true;
    entry.tell(event);
  };
  const enter = (roomId: string): void => {
    ended = false;
    entry.enter(roomId);
  };
  const meaning = (ending: Ending): Ending =>
    ended && (ending.class === "network" || ending.class === "refresh") ? { ...ending, class: "ended" } : ending;
  return {
    /** Takes one frame. An ending waits until the rest of its bundle has been told. */
    hear(frame: Frame): void {
      const bundle = readFrame(frame);
      if (bundle === "broken") {
        listener.ignored(bundle);
        return;
      }
      context.sentAt = bundle.sentAt;
      let ending: Ending | undefined;
      for (const message of bundle.messages) {
        const said = translate(message, context);
        if (said.kind === "events") said.events.forEach(tell);
        else if (said.kind === "room") enter(said.roomId);
        else if (said.kind === "ending") ending ??= said.ending;
        else if (said.kind === "ignored") listener.ignored(said.reason);
        else {
          words.say(said.detail);
          listener.trouble(said.detail);
        }
      }
      if (ending) listener.closed(meaning(ending));
    },
    meaningOf: (code: number, reason: string): Ending => meaning(classifyClose(code, words.reasonOf(reason))),
  };
}

/** Some of the service's pages say that its text comes in binary frames; protobuf, as any other bytes, is broken. */
function readFrame(frame: Frame): ReturnType<typeof messagesOf> | "broken" {
  try {
    return messagesOf(parseFrame(typeof frame === "string" ? frame : new TextDecoder().decode(frame)));
  } catch {
    return "broken";
  }
}

export default defineSource({
  id: "euler",
  summary: "TikTok LIVE through Euler Stream (needs EULER_API_KEY, an API key or a JWT)",
  platform: "tiktok",
  // Longer than the service's own limit, so that its close code is what tells of silence.
  silenceMs: (inactiveSeconds + 15) * 1000,
  avatarHosts: tiktokPictureHosts,
  check(settings) {
    const address = addressOf(settings);
    return typeof address === "string" ? address : undefined;
  },
  target: (settings) => `@${handleOf(settings)}`,
  listen,
  connect,
});

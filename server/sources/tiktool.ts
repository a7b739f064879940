/** Source "tiktool": TikTok LIVE through the TikTool WebSocket service (protocols 1). Its raw messages never leave this file. */
import type { Clock } from "../clock.ts";
import { asFields, asId, asText, type Fields } from "../ingest/fields.ts";
import { classifyRefusal, classOfReason } from "../ingest/refusal.ts";
import { type Ending, type LineEar, lineTo, openSocketLine, textOf } from "../ingest/socket-line.ts";
import {
  type CloseClass,
  type Connection,
  defineSource,
  type Frame,
  type SourceListener,
  type SourceSettings,
} from "../ingest/source.ts";
import { cut, parseMessage, readTiktokEvent, reasonOf, type TiktokContext } from "../ingest/tiktok-fields.ts";
import type { Translation } from "../ingest/translation.ts";

const serviceUrl = "wss://api.tik.tools";

/** Messages that need no event: heartbeats, bookkeeping, and the captions service's status lines (protocols 1.4). */
const controlNames = new Set([
  "ping",
  "pong",
  "_journal",
  "connected",
  "status",
  "credits",
  "credits_low",
  "translation",
]);

/** Translates one parsed message; a nudge (protocols 1.3) gives the line up. Pure; never throws, whatever the message is. */
export function translate(message: unknown, context: TiktokContext = { roomId: "", owner: "" }): Translation {
  const envelope = asFields(message);
  if (!envelope) return { kind: "ignored", reason: "broken" };
  const name = asText(envelope.event) || asText(envelope.type);
  const data = asFields(envelope.data) ?? envelope;
  if (envelope.event === undefined && /^(anon|demo|session)_limit$/.test(name)) {
    return { kind: "ending", ending: nudge(name, envelope) };
  }
  if (name === "roomInfo") return { kind: "room", roomId: cut(asId(envelope.roomId) || asId(data.roomId), 128) };
  if (name === "error") return { kind: "trouble", detail: reasonOf(data.error ?? data.message) };
  if (controlNames.has(name)) return { kind: "ignored", reason: "control" };
  const event = readTiktokEvent(name, data, context);
  if (event === "unknown" && name === "") return { kind: "ignored", reason: "broken" };
  return typeof event === "string" ? { kind: "ignored", reason: event } : { kind: "events", events: [event] };
}

/** A limit told before closing; the line is of no use after it. */
function nudge(name: string, message: Fields): Ending {
  const detail = reasonOf(message.message) || name;
  const session = name === "session_limit" && !/daily|quota|per day|24 ?h/i.test(detail);
  return { class: session ? "refresh" : "quota", detail };
}

/** Codes that mean one thing, whatever the text says. */
const codeClasses: ReadonlyMap<number, CloseClass> = new Map<number, CloseClass>([
  [4000, "notLive"],
  [4001, "ended"],
  [4003, "wrongKey"],
  [4004, "config"],
  [4006, "refresh"],
  [4007, "network"],
  [4401, "wrongKey"],
  [4404, "notLive"],
]);

/** Class of a closed line by code and reason text; the provider's own tables contradict each other (protocols 1.3). */
export function classifyClose(code: number, reason: string): Ending {
  const detail = cut(reason, 200) || `code ${code}`;
  const known = codeClasses.get(code);
  if (known) return { class: known, detail };
  if (code === 4005) return { class: /limit|tier|upgrade/i.test(reason) ? "quota" : "ended", detail };
  const byReason = classOfReason(reason);
  if (code === 1008 || code === 4002 || code === 4429) return { class: byReason ?? "rateLimited", detail };
  return { class: byReason ?? "network", detail };
}

function handleOf(settings: SourceSettings): string {
  return settings.user.trim().replace(/^@+/, "");
}

/** The address to connect to; a sentence for the streamer when the settings do not give one. */
function addressOf(settings: SourceSettings): URL | string {
  const handle = handleOf(settings);
  if (handle === "") return "TikTool needs the streamer's name: add --user HANDLE (without @).";
  const base = settings.env.TIKTOOL_URL || serviceUrl;
  if (!URL.canParse(base) || !/^wss?:$/.test(new URL(base).protocol)) {
    return `TIKTOOL_URL must be an address that starts with ws:// or wss://. You wrote ${base}.`;
  }
  const url = new URL(base);
  const { TIKTOOL_API_KEY: apiKey, TIKTOOL_JWT_KEY: jwtKey } = settings.env;
  if (!apiKey && !jwtKey && url.hostname === new URL(serviceUrl).hostname) {
    return "TikTool needs a key: put TIKTOOL_API_KEY=... into the environment or .env (get one at https://tik.tools).";
  }
  const credential = apiKey
    ? `&apiKey=${encodeURIComponent(apiKey)}`
    : jwtKey
      ? `&jwtKey=${encodeURIComponent(jwtKey)}`
      : "";
  url.search = `?uniqueId=${encodeURIComponent(handle)}${credential}`;
  return url;
}

/** Opens one line; everything it hears goes to the listener. */
function connect(settings: SourceSettings, listener: SourceListener, clock: Clock): Connection {
  return lineTo(addressOf(settings), listener, (url) => {
    return openSocketLine({
      url,
      listener,
      listen: (line) => listen(settings, line),
      refused: (status, headers, body) => classifyRefusal(status, headers, body, clock.now()),
    });
  });
}

/** Hears one line's messages in order, and knows from them what the line's close means. */
function listen(settings: SourceSettings, listener: SourceListener): LineEar {
  const context: TiktokContext = { roomId: "", owner: handleOf(settings) };
  let live = false;
  let ended = false;
  let lastTrouble = "";
  const goLive = (roomId: string): void => {
    context.roomId = roomId || context.roomId;
    live = true;
    ended = false;
    listener.live(context.roomId);
  };
  return {
    hear(frame: Frame): void {
      const said = readText(textOf(frame), context);
      if (said.kind === "room") goLive(said.roomId);
      else if (said.kind === "ending") listener.closed(said.ending);
      else if (said.kind === "ignored") listener.ignored(said.reason);
      else if (said.kind === "trouble") {
        lastTrouble = said.detail;
        listener.trouble(said.detail);
      } else {
        if (!live) goLive("");
        for (const event of said.events) {
          if (event.type === "streamEnd") ended = true;
          listener.event(event);
        }
      }
    },
    meaningOf(code: number, reason: string): Ending {
      const ending = classifyClose(code, reason || lastTrouble);
      return ended && ending.class === "network" ? { ...ending, class: "ended" } : ending;
    },
  };
}

function readText(text: string | undefined, context: TiktokContext): Translation {
  if (text === undefined) return { kind: "ignored", reason: "broken" };
  try {
    return translate(parseMessage(text), context);
  } catch {
    return { kind: "ignored", reason: "broken" };
  }
}

export { parseMessage };

export default defineSource({
  id: "tiktool",
  summary: "TikTok LIVE through the TikTool service (needs TIKTOOL_API_KEY or TIKTOOL_JWT_KEY)",
  platform: "tiktok",
  avatarHosts: ["*.tiktokcdn.com", "*.tiktokcdn-us.com", "*.tiktokcdn-eu.com"],
  check(settings) {
    const address = addressOf(settings);
    return typeof address === "string" ? address : undefined;
  },
  target: (settings) => `@${handleOf(settings)}`,
  listen,
  connect,
});

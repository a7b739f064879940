/** Source "tiktool": TikTok LIVE through the TikTool WebSocket service (protocols 1). Its raw messages never leave this file. */
import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { maxTextLength } from "../../shared/events/live-event.ts";
import type { Viewer } from "../../shared/events/viewer.ts";
import { asCount, asFields, asFlag, asId, asList, asNumber, asText, type Fields } from "../ingest/fields.ts";
import {
  type CloseClass,
  type Connection,
  defineSource,
  type SourceEvent,
  type SourceListener,
  type SourceSettings,
} from "../ingest/source.ts";

const serviceUrl = "wss://api.tik.tools";
/** Largest message accepted, bytes: real ones are below 20 kB; a larger one counts as broken and costs the line. */
const maxMessageBytes = 1024 * 1024;
const handshakeMs = 15_000;
/** A ping in this distance; a line that leaves one unanswered until the next is dead. */
const pingEveryMs = 20_000;
/** Time a line gets to close politely before it is cut, ms. */
const closeWithinMs = 500;
/** Most of a refused upgrade's answer that is read for its reason, bytes. */
const maxReasonBytes = 4096;

/** Why a line is over, as the supervisor takes it. */
export interface Ending {
  class: CloseClass;
  detail: string;
  retryAfterMs?: number;
}

/** What one message means. */
export type Translation =
  | { kind: "events"; events: SourceEvent[] }
  /** The room is live; always the first message. */
  | { kind: "room"; roomId: string }
  /** The provider gives this connection up (nudges, protocols 1.3). */
  | { kind: "ending"; ending: Ending }
  /** Trouble that the provider tells of without closing. */
  | { kind: "trouble"; detail: string }
  | { kind: "ignored"; reason: "control" | "unknown" | "broken" };

/** What is known of the connection that a message came on. */
export interface TranslateContext {
  roomId: string;
  /** Handle of the streamer, to know the owner of the room among its viewers. */
  owner: string;
}

type Read = (data: Fields, base: Base, context: TranslateContext) => SourceEvent | undefined;
interface Base {
  id: string;
  roomId: string;
  ts: number;
  replay: false;
  test: false;
}

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

const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["chat", readChat],
  ["gift", readGift],
  ["like", readLike],
  ["member", readMember],
  ["follow", (data, base, context) => byViewer(data, context, (viewer) => ({ ...base, type: "follow", viewer }))],
  ["share", (data, base, context) => byViewer(data, context, (viewer) => ({ ...base, type: "share", viewer }))],
  ["social", readSocial],
  ["subscribe", readSubscribe],
  ["roomUserSeq", readViewers],
  ["battle", readBattle],
  ["linkMicBattle", readBattle],
  ["battleArmies", readBattleScores],
  ["linkMicArmies", readBattleScores],
  ["roomPin", readPin],
  ["pinnedMessage", readPin],
  ["caption", readCaption],
  ["envelope", readEnvelope],
  ["emote", readEmote],
  ["emoteChat", readEmote],
  ["liveIntro", readIntro],
  ["streamEnd", (data, base) => ({ ...base, type: "streamEnd", reason: reasonOf(data.reason ?? data.action) })],
]);

/** Translates one parsed message. Pure; never throws, whatever the message is. */
export function translate(message: unknown, context: TranslateContext = { roomId: "", owner: "" }): Translation {
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
  const read = readers.get(name);
  if (!read) return { kind: "ignored", reason: name === "" ? "broken" : "unknown" };
  const base: Base = {
    id: asId(data.msgId),
    roomId: context.roomId,
    ts: milliseconds(data.timestamp),
    replay: false,
    test: false,
  };
  const event = read(data, base, context);
  return event ? { kind: "events", events: [event] } : { kind: "ignored", reason: "broken" };
}

function readChat(data: Fields, base: Base, context: TranslateContext): SourceEvent | undefined {
  const text = data.comment;
  if (typeof text !== "string") return undefined;
  return byViewer(data, context, (viewer) => ({ ...base, type: "chat", viewer, text }));
}

function readGift(data: Fields, base: Base, context: TranslateContext): SourceEvent | undefined {
  const giftId = cut(asId(data.giftId), 64);
  if (giftId === "") return undefined;
  const unitValue = asNumber(data.diamondCount);
  return byViewer(data, context, (viewer) => ({
    ...base,
    type: "gift",
    viewer,
    gift: {
      id: giftId,
      name: asText(data.giftName),
      unitValue: unitValue > 0 && Number.isFinite(unitValue) ? unitValue : 0,
      currency: "diamond",
    },
    total: asNumber(data.repeatCount ?? 1),
    end: asFlag(data.repeatEnd),
    streakable: isStreakable(data),
    groupId: asId(data.groupId),
    transactionId: asId(data.transactionId),
  }));
}

/** Gift type 1 comes as a combo (protocols 10.1.1). Some servers leave the type out; then most gifts are combos. */
function isStreakable(data: Fields): boolean {
  if (data.giftType !== undefined) return asNumber(data.giftType) === 1;
  return data.combo === undefined || asFlag(data.combo);
}

function readLike(data: Fields, base: Base, context: TranslateContext): SourceEvent | undefined {
  const roomTotal = asCount(data.totalLikes ?? data.totalLikeCount);
  const count = asNumber(data.likeCount ?? 0);
  return byViewer(data, context, (viewer) => ({ ...base, type: "like", viewer, count, roomTotal }));
}

/** Action 3 announces a subscription; all others are someone entering (protocols 10.4). */
function readMember(data: Fields, base: Base, context: TranslateContext): SourceEvent | undefined {
  if (asNumber(data.actionId ?? data.action) === 3) return readSubscribe(data, base, context);
  return byViewer(data, context, (viewer) => ({ ...base, type: "join", viewer }));
}

function readSocial(data: Fields, base: Base, context: TranslateContext): SourceEvent | undefined {
  const type = data.action ?? data.eventType;
  if (type !== "follow" && type !== "share") return undefined;
  return byViewer(data, context, (viewer) => ({ ...base, type, viewer }));
}

function readSubscribe(data: Fields, base: Base, context: TranslateContext): SourceEvent | undefined {
  const months = asCount(data.subMonth ?? data.months, 1200);
  return byViewer(data, context, (viewer) => ({ ...base, type: "subscribe", viewer, months, tier: "", giftCount: 0 }));
}

function readViewers(data: Fields, base: Base): SourceEvent {
  const count = asCount(data.viewerCount ?? data.viewer_count);
  return { ...base, type: "viewers", count, total: asCount(data.totalViewers ?? data.totalUser) };
}

/** `battle` and `linkMicBattle` number their phases differently (protocols 1.4). */
function readBattle(data: Fields, base: Base): SourceEvent | undefined {
  const phases = { 1: "active", 2: "starting", 3: "ended", 4: "preparing" } as const;
  const linkPhases = { 1: "starting", 2: "active", 3: "ended" } as const;
  const status = asNumber(data.status);
  const phase =
    phases[status as keyof typeof phases] ?? linkPhases[asNumber(data.battleStatus) as keyof typeof linkPhases];
  if (!phase) return undefined;
  return { ...base, type: "battle", battleId: cut(asId(data.battleId), 128), phase, scores: scoresOf(data) };
}

function readBattleScores(data: Fields, base: Base): SourceEvent {
  return { ...base, type: "battleScores", battleId: cut(asId(data.battleId), 128), scores: scoresOf(data) };
}

function readPin(data: Fields, base: Base, context: TranslateContext): SourceEvent {
  const text = asText(data.comment ?? data.content ?? data.text ?? data.message);
  return { ...base, ...maybeViewer(data, context), type: "pin", text, pinned: asNumber(data.action) !== 2 };
}

function readCaption(data: Fields, base: Base): SourceEvent | undefined {
  if (typeof data.text !== "string") return undefined;
  const text = cut(data.text, maxTextLength);
  return { ...base, type: "caption", text, final: asFlag(data.isFinal), language: cut(asText(data.language), 16) };
}

function readEnvelope(data: Fields, base: Base, context: TranslateContext): SourceEvent {
  const value = asCount(data.coins ?? data.diamondCount);
  return { ...base, ...maybeViewer(data, context), type: "envelope", value, people: asCount(data.canOpen) };
}

function readEmote(data: Fields, base: Base, context: TranslateContext): SourceEvent | undefined {
  const first = asFields(asList(data.emotes ?? data.emoteList, 1)[0]) ?? data;
  const emoteId = cut(asId(first.emoteId), 128);
  if (emoteId === "") return undefined;
  const url = webAddress(first.emoteUrl ?? first.imageUrl ?? first.image) ?? "";
  return byViewer(data, context, (viewer) => ({ ...base, type: "emote", viewer, emoteId, url }));
}

function readIntro(data: Fields, base: Base, context: TranslateContext): SourceEvent {
  return { ...base, ...maybeViewer(data, context), type: "intro", text: asText(data.description ?? data.content) };
}

/** Team scores, from whichever of the known places has them. */
function scoresOf(data: Fields): number[] {
  for (const list of [data.teams, data.hosts, data.battleUsers, data.scores]) {
    const items = asList(list, 16);
    if (items.length === 0) continue;
    return items.map((item) => {
      const fields = asFields(item);
      return asCount(fields ? (fields.score ?? fields.teamTotalScore) : item);
    });
  }
  return [];
}

function byViewer<T extends SourceEvent>(
  data: Fields,
  context: TranslateContext,
  build: (viewer: Viewer) => T,
): T | undefined {
  const viewer = readViewer(data, context);
  return viewer && build(viewer);
}

function maybeViewer(data: Fields, context: TranslateContext): { viewer?: Viewer } {
  const viewer = asFields(data.user) && readViewer(data, context);
  return viewer ? { viewer } : {};
}

/** The viewer of a message. Some put the user's fields beside their own; gifts repeat the id as `senderUserId`. */
function readViewer(data: Fields, context: TranslateContext): Viewer | undefined {
  const user = asFields(data.user) ?? data;
  const handle = asText(user.uniqueId);
  const name = asText(user.nickname) || handle;
  const id = asId(user.userId) || asId(user.id) || asId(data.senderUserId) || roundedId(user) || asText(user.uniqueId);
  if (id === "" || id.length > 128) return undefined;
  const avatarUrl = webAddress(user.profilePictureUrl);
  return {
    platform: "tiktok",
    id,
    handle,
    name,
    ...(avatarUrl === undefined ? {} : { avatarUrl }),
    roles: {
      moderator: asFlag(user.isModerator),
      subscriber: asFlag(user.isSubscriber),
      follower: asNumber(user.followRole) >= 1,
      owner: handle !== "" && handle.toLowerCase() === context.owner.toLowerCase(),
    },
    levels: { gifter: asCount(user.level ?? user.payGrade, 1000), team: asCount(user.teamMemberLevel, 1000) },
  };
}

/** An id that was a number too large to be exact: better than none, as it is rounded the same way each time. */
function roundedId(user: Fields): string {
  const id = user.userId ?? user.id;
  return typeof id === "number" && Number.isFinite(id) ? String(id) : "";
}

function webAddress(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= 2048 && /^https?:\/\//.test(value) ? value : undefined;
}

/** ms since 1970; some messages carry seconds. 0 when there is no time. */
function milliseconds(value: unknown): number {
  const time = asNumber(value);
  if (!Number.isFinite(time) || time <= 0) return 0;
  return time < 100_000_000_000 ? time * 1000 : time;
}

function cut(text: string, max: number): string {
  return text.length > max ? text.slice(0, max) : text;
}

function reasonOf(value: unknown): string {
  return cut(typeof value === "string" ? value : typeof value === "number" ? String(value) : "", 200);
}

/** A limit told before closing; the line is of no use after it. */
function nudge(name: string, message: Fields): Ending {
  const detail = reasonOf(message.message) || name;
  const session = name === "session_limit" && !/daily|quota|per day|24 ?h/i.test(detail);
  return { class: session ? "refresh" : "quota", detail };
}

const reasonClasses: readonly (readonly [RegExp, CloseClass])[] = [
  [/evict|newer connection|fifo/i, "evicted"],
  [/daily|quota|limit reached|upgrade|per day/i, "quota"],
  [/(invalid|expired|missing|bad|unknown|wrong)\b.*\b(key|token|jwt)|unauthori[sz]ed/i, "wrongKey"],
  [/not (currently )?live|offline/i, "notLive"],
  [/stream (has )?ended|live (has )?ended/i, "ended"],
  [/rate.?limit|too many/i, "rateLimited"],
];

function classOfReason(reason: string): CloseClass | undefined {
  return reasonClasses.find(([pattern]) => pattern.test(reason))?.[1];
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

/** Class of an upgrade refused by HTTP, with the wait it asks for. */
export function classifyUpgrade(
  status: number,
  headers: Readonly<Record<string, unknown>>,
  body: string,
  nowMs: number,
): Ending {
  const reason = bodyReason(body);
  const detail = `HTTP ${status}${reason === "" ? "" : `: ${reason}`}`;
  const byReason = classOfReason(reason);
  const retryAfterMs = retryAfter(headers, nowMs);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 401) return { class: "wrongKey", detail };
  if (status === 403) return { class: byReason ?? "wrongKey", detail, ...wait };
  if (status === 404) return { class: "notLive", detail };
  if (status === 429) return { class: byReason === "quota" ? "quota" : "rateLimited", detail, ...wait };
  if (status >= 400 && status < 500 && status !== 408) return { class: byReason ?? "config", detail, ...wait };
  return { class: "network", detail, ...wait };
}

function bodyReason(body: string): string {
  try {
    const fields = asFields(JSON.parse(body));
    return reasonOf(fields?.message ?? fields?.error);
  } catch {
    return "";
  }
}

/** Wait asked for by `Retry-After` (seconds or date) or `X-RateLimit-Reset` (seconds, from now or since 1970), ms. */
function retryAfter(headers: Readonly<Record<string, unknown>>, nowMs: number): number | undefined {
  const after = asText(headers["retry-after"]);
  if (after !== "") {
    const waitMs = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - nowMs;
    if (Number.isFinite(waitMs)) return Math.max(0, waitMs);
  }
  const reset = asNumber(headers["x-ratelimit-reset"]);
  if (!Number.isFinite(reset) || reset <= 0) return undefined;
  return Math.max(0, reset > 1_000_000_000 ? milliseconds(reset) - nowMs : reset * 1000);
}

/**
 * Parses a message. Ids written as numbers lose digits above 2^53; when the viewer's did, the message is parsed again with
 * its long numbers as text. (An unescaped quote cannot stand inside JSON text, so only real keys match.)
 */
export function parseMessage(text: string): unknown {
  const message: unknown = JSON.parse(text);
  const user = asFields(asFields(asFields(message)?.data)?.user);
  const id = user?.userId ?? user?.id;
  if (typeof id !== "number" || Number.isSafeInteger(id)) return message;
  return JSON.parse(text.replace(/("\w+"\s*:\s*)(\d{16,})(?=\s*[,}])/g, '$1"$2"'));
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
function connect(settings: SourceSettings, listener: SourceListener): Connection {
  const url = addressOf(settings);
  if (typeof url === "string") {
    listener.closed({ class: "config", detail: url });
    return { stop: async () => undefined };
  }
  const socket = new WebSocket(url, {
    maxPayload: maxMessageBytes,
    handshakeTimeout: handshakeMs,
    perMessageDeflate: false,
    followRedirects: false,
  });
  let over = false;
  let answered = true;
  const end = (ending: Ending): void => {
    if (over) return;
    over = true;
    clearInterval(pinging);
    socket.terminate();
    listener.closed(ending);
  };
  const ear = createEar(handleOf(settings), listener, end);
  const pinging = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (!answered) end({ class: "network", detail: "no answer to pings" });
    else socket.ping();
    answered = false;
  }, pingEveryMs);

  socket.on("open", () => {
    if (!over) listener.opened();
  });
  socket.on("pong", () => {
    answered = true;
  });
  socket.on("message", (data, isBinary) => {
    if (over) return;
    answered = true;
    listener.alive();
    ear.hear(isBinary ? undefined : data.toString());
  });
  socket.on("unexpected-response", async (_request, response) => {
    const body = await readBody(response);
    end(classifyUpgrade(response.statusCode ?? 0, response.headers, body, Date.now()));
  });
  socket.on("error", (error) => {
    if (over) return;
    if ("code" in error && error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") listener.ignored("broken");
    end({ class: "network", detail: error.message });
  });
  socket.on("close", (code, reason) => end(ear.meaningOf(code, reason.toString())));

  return {
    async stop() {
      over = true;
      clearInterval(pinging);
      await closeSocket(socket);
    },
  };
}

/** Hears one line's messages in order, and knows from them what the line's close means. */
function createEar(owner: string, listener: SourceListener, end: (ending: Ending) => void) {
  const context: TranslateContext = { roomId: "", owner };
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
    /** Takes one message's text, undefined for a binary one. */
    hear(text: string | undefined): void {
      const said = readText(text, context);
      if (said.kind === "room") goLive(said.roomId);
      else if (said.kind === "ending") end(said.ending);
      else if (said.kind === "ignored") listener.ignored(said.reason);
      else if (said.kind === "trouble") {
        lastTrouble = said.detail;
        listener.ignored("control");
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

function readText(text: string | undefined, context: TranslateContext): Translation {
  if (text === undefined) return { kind: "ignored", reason: "broken" };
  try {
    return translate(parseMessage(text), context);
  } catch {
    return { kind: "ignored", reason: "broken" };
  }
}

/** The beginning of a refused upgrade's body; "" when it does not come. */
async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= maxReasonBytes) break;
    }
  } catch {
    // The status alone tells enough.
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Closes politely, as the provider counts open lines; cuts the line when no answer comes. */
function closeSocket(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => {
    const cutter = setTimeout(() => socket.terminate(), closeWithinMs);
    socket.once("close", () => {
      clearTimeout(cutter);
      resolve();
    });
    socket.close(1000);
  });
}

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
  connect,
});

/** Source "euler": TikTok LIVE through Euler Stream's WebSocket service (protocols 4.2). Its raw messages never leave this file. */
import { maxTextLength } from "../../shared/events/live-event.ts";
import type { Viewer } from "../../shared/events/viewer.ts";
import type { Clock } from "../clock.ts";
import { asCount, asFields, asFlag, asId, asList, asNumber, asText, type Fields } from "../ingest/fields.ts";
import { classifyRefusal } from "../ingest/refusal.ts";
import { type Ending, type LineEar, lineTo, openSocketLine } from "../ingest/socket-line.ts";
import {
  type CloseClass,
  type Connection,
  defineSource,
  type Frame,
  type SourceEvent,
  type SourceListener,
  type SourceSettings,
} from "../ingest/source.ts";
import { cut, milliseconds, reasonOf, type TiktokContext } from "../ingest/tiktok-fields.ts";
import type { Translation } from "../ingest/translation.ts";

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

/** What is known of the connection and the frame that a message came on. */
export interface EulerContext extends TiktokContext {
  /** When the frame was sent, ms since 1970, 0 when it does not say: for messages without a time of their own. */
  sentAt: number;
}

/** A reader gives the event, "control" for a message that tells of none, undefined for one that lacks what it must have. */
type Read = (data: Fields, base: Base, context: EulerContext) => SourceEvent | "control" | undefined;
interface Base {
  id: string;
  roomId: string;
  ts: number;
  replay: false;
  test: false;
}

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

const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["WebcastChatMessage", readChat],
  ["WebcastGiftMessage", readGift],
  ["WebcastLikeMessage", readLike],
  ["WebcastMemberMessage", readMember],
  ["WebcastSocialMessage", readSocial],
  ["WebcastSubNotifyMessage", readSubscribe],
  ["WebcastRoomUserSeqMessage", readViewers],
  ["WebcastLinkMicBattle", readBattle],
  ["WebcastLinkMicArmies", readBattleScores],
  ["WebcastRoomPinMessage", readPin],
  ["WebcastCaptionMessage", readCaption],
  ["WebcastEnvelopeMessage", readEnvelope],
  ["WebcastEmoteChatMessage", readEmote],
  ["WebcastLiveIntroMessage", readIntro],
  ["WebcastControlMessage", readControl],
]);

/** Translates one parsed message (`{type, data}`), of schema v1, v2 or v3. Pure; never throws, whatever the message is. */
export function translate(message: unknown, context: EulerContext = { roomId: "", owner: "", sentAt: 0 }): Translation {
  const envelope = asFields(message);
  const name = asText(envelope?.type);
  if (!envelope || name === "") return { kind: "ignored", reason: "broken" };
  const data = asFields(envelope.data) ?? {};
  if (name === "roomInfo") return readRoom(data);
  if (name === "tiktok.connect") return { kind: "room", roomId: "" };
  if (name === "tiktok.disconnect") return readDisconnect(data);
  if (name === "error") return { kind: "trouble", detail: reasonOf(data.message ?? data.error ?? envelope.message) };
  if (controlNames.has(name)) return { kind: "ignored", reason: "control" };
  const read = readers.get(name);
  if (!read) return { kind: "ignored", reason: "unknown" };
  const event = read(data, baseOf(data, context), context);
  if (event === "control") return { kind: "ignored", reason: "control" };
  return event ? { kind: "events", events: [event] } : { kind: "ignored", reason: "broken" };
}

/** What every message has; v1 keeps it in `event`, v2 and v3 in `common`. */
function baseOf(data: Fields, context: EulerContext): Base {
  const header = asFields(data.common) ?? asFields(data.event) ?? data;
  return {
    id: realId(header.msgId),
    roomId: context.roomId || cut(realId(header.roomId), 128),
    ts: milliseconds(header.createTime) || context.sentAt,
    replay: false,
    test: false,
  };
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

function readChat(data: Fields, base: Base, context: EulerContext): SourceEvent | undefined {
  const text = data.comment ?? data.content;
  if (typeof text !== "string") return undefined;
  return byViewer(data, context, (viewer) => ({ ...base, type: "chat", viewer, text }));
}

/** `repeatCount` runs within the streak, the price is per unit (protocols 10.1). No field tells one frame's retries apart. */
function readGift(data: Fields, base: Base, context: EulerContext): SourceEvent | undefined {
  const details = asFields(data.giftDetails) ?? asFields(data.gift) ?? data;
  const giftId = cut(realId(data.giftId) || realId(details.id), 64);
  if (giftId === "") return undefined;
  const unitValue = asNumber(details.diamondCount);
  return byViewer(data, context, (viewer) => ({
    ...base,
    type: "gift",
    viewer,
    gift: {
      id: giftId,
      name: asText(details.giftName ?? details.name),
      unitValue: unitValue > 0 && Number.isFinite(unitValue) ? unitValue : 0,
      currency: "diamond",
    },
    total: asNumber(data.repeatCount ?? data.comboCount ?? 1),
    end: asFlag(data.repeatEnd),
    streakable: isStreakable(details),
    groupId: realId(data.groupId),
    transactionId: "",
  }));
}

/** Gift type 1 comes as a combo (protocols 10.1.1). When the details are missing, most gifts are combos. */
function isStreakable(details: Fields): boolean {
  const type = details.giftType ?? details.type;
  if (type !== undefined) return asNumber(type) === 1;
  return details.combo === undefined || asFlag(details.combo);
}

function readLike(data: Fields, base: Base, context: EulerContext): SourceEvent | undefined {
  const count = asNumber(data.likeCount ?? data.count ?? 0);
  const roomTotal = asCount(data.totalLikeCount ?? data.total);
  return byViewer(data, context, (viewer) => ({ ...base, type: "like", viewer, count, roomTotal }));
}

/** Action 3 announces a subscription; all others are someone entering (protocols 10.4). */
function readMember(data: Fields, base: Base, context: EulerContext): SourceEvent | undefined {
  if (asNumber(data.action ?? data.actionId) === 3) return subscription(data, base, context);
  return byViewer(data, context, (viewer) => ({ ...base, type: "join", viewer }));
}

/** Follows and shares come under one name; the key of the text that TikTok shows tells them apart, or else the action. */
function readSocial(data: Fields, base: Base, context: EulerContext): SourceEvent | "control" | undefined {
  const shown =
    asFields(asFields(data.common)?.displayText) ??
    asFields(asFields(data.event)?.eventDetails) ??
    asFields(data.displayText);
  const key = asText(shown?.key) || asText(shown?.displayType) || asText(data.displayType);
  const action = asNumber(data.action ?? data.actionId);
  const told = key.includes("follow") ? 1 : key.includes("share") ? 3 : action;
  const type = told === 1 ? "follow" : told === 3 ? "share" : undefined;
  if (type === undefined) return "control";
  return byViewer(data, context, (viewer) => ({ ...base, type, viewer }));
}

/**
 * Type 0 tells of a subscription and 6 to 10 of one that was given; the others are reminders and goals (protocols 2.2). Which
 * of its people a gifted one names is not documented, so it counts as that viewer's own: never twice for the same person.
 */
function readSubscribe(data: Fields, base: Base, context: EulerContext): SourceEvent | "control" | undefined {
  const kind = asNumber(data.messageType ?? 0);
  const isNew = kind === 0 || (kind >= 6 && kind <= 10);
  return isNew ? subscription(data, base, context) : "control";
}

function subscription(data: Fields, base: Base, context: EulerContext): SourceEvent | undefined {
  const months = asCount(data.subMonth, 1200);
  return byViewer(data, context, (viewer) => ({ ...base, type: "subscribe", viewer, months, tier: "", giftCount: 0 }));
}

function readViewers(data: Fields, base: Base): SourceEvent {
  const count = asCount(data.viewerCount ?? data.total);
  return { ...base, type: "viewers", count, total: asCount(data.totalUser) };
}

/** Phases by the battle's action; 2 and 3 take an invitation back, which is no end of a battle (protocols 2.2). */
function readBattle(data: Fields, base: Base): SourceEvent | "control" {
  const phases = { 1: "preparing", 4: "active", 5: "ended", 6: "ended", 7: "starting" } as const;
  const statusPhases = { 1: "active", 2: "ended", 3: "ended" } as const;
  const action = asNumber(data.action ?? 0);
  const status = asNumber(asFields(data.battleSettings ?? data.battleSetting)?.status);
  const phase =
    phases[action as keyof typeof phases] ??
    (action === 0 ? statusPhases[status as keyof typeof statusPhases] : undefined);
  if (!phase) return "control";
  return { ...base, type: "battle", battleId: cut(realId(data.battleId), 128), phase, scores: scoresOf(data) };
}

function readBattleScores(data: Fields, base: Base): SourceEvent {
  return { ...base, type: "battleScores", battleId: cut(realId(data.battleId), 128), scores: scoresOf(data) };
}

/** Scores by host, from whichever of the known places has them: lists, or objects by the host's id. */
function scoresOf(data: Fields): number[] {
  for (const place of [data.armies, data.battleItems, data.battleArmies, data.battleResult]) {
    const items = Array.isArray(place) ? place : Object.values(asFields(place) ?? {});
    if (items.length === 0) continue;
    return items.slice(0, 16).map((item) => {
      const side = asFields(asFields(item)?.value) ?? asFields(item) ?? {};
      return asCount(side.hostScore ?? side.hostscore ?? side.score ?? side.points);
    });
  }
  return [];
}

/** Any message can be pinned; a chat message has a text. */
function readPin(data: Fields, base: Base, context: EulerContext): SourceEvent {
  const chat = asFields(data.chatMessage);
  const pinned = chat ?? asFields(data.giftMessage) ?? asFields(data.socialMessage) ?? asFields(data.memberMessage);
  const text = asText(chat?.comment ?? chat?.content);
  return { ...base, ...maybeViewer(pinned?.user, context), type: "pin", text, pinned: asNumber(data.action) !== 2 };
}

function readCaption(data: Fields, base: Base): SourceEvent | undefined {
  const line = asFields(asList(data.content, 1)[0]) ?? asFields(data.captionData);
  const text = line?.content ?? line?.text;
  if (typeof text !== "string") return undefined;
  const language = cut(asText(line?.lang ?? line?.language), 16);
  const ts = milliseconds(data.timestampMs) || base.ts;
  return { ...base, ts, type: "caption", text: cut(text, maxTextLength), final: asFlag(data.definite), language };
}

/** Display 2 hides an envelope again. v2 leaves out who sent it but for the name, which is no identity. */
function readEnvelope(data: Fields, base: Base, context: EulerContext): SourceEvent | "control" {
  if (asNumber(data.display) === 2) return "control";
  const info = asFields(data.envelopeInfo) ?? asFields(data.treasureBoxData) ?? data;
  const sender = asFields(data.user) ?? { userId: info.sendUserId, nickname: info.sendUserName };
  const value = asCount(info.diamondCount ?? info.coins);
  const people = asCount(info.peopleCount ?? info.canOpen);
  return { ...base, ...maybeViewer(sender, context), type: "envelope", value, people };
}

function readEmote(data: Fields, base: Base, context: EulerContext): SourceEvent | undefined {
  const emote = asFields(asList(data.emoteList, 1)[0]) ?? asFields(data.emote) ?? {};
  const emoteId = cut(asId(emote.emoteId), 128);
  if (emoteId === "") return undefined;
  const url = pictureOf(emote.image) ?? "";
  return byViewer(data, context, (viewer) => ({ ...base, type: "emote", viewer, emoteId, url }));
}

function readIntro(data: Fields, base: Base, context: EulerContext): SourceEvent {
  const text = asText(data.description ?? data.content);
  return { ...base, ...maybeViewer(data.host ?? data.user, context), type: "intro", text };
}

/** Actions 3 and 4 end the broadcast; 1 and 2 pause and resume it. */
function readControl(data: Fields, base: Base): SourceEvent | "control" {
  const action = asNumber(data.action ?? data.actionId);
  if (action === 3) return { ...base, type: "streamEnd", reason: "ended by the streamer" };
  if (action === 4) return { ...base, type: "streamEnd", reason: "suspended by TikTok" };
  return "control";
}

function byViewer<T extends SourceEvent>(
  data: Fields,
  context: EulerContext,
  build: (viewer: Viewer) => T,
): T | undefined {
  const viewer = readViewer(data.user, context, asFields(data.userIdentity));
  return viewer && build(viewer);
}

function maybeViewer(user: unknown, context: EulerContext): { viewer?: Viewer } {
  const viewer = readViewer(user, context);
  return viewer ? { viewer } : {};
}

/** The viewer of a message; v3 says `displayId` for the handle, `id` for the id, and tells roles in `userIdentity`. */
function readViewer(value: unknown, context: EulerContext, identity: Fields = {}): Viewer | undefined {
  const user = asFields(value) ?? {};
  const handle = asText(user.uniqueId) || asText(user.displayId);
  const id = realId(user.userId) || realId(user.idStr) || realId(user.id) || handle;
  if (id === "" || id.length > 128) return undefined;
  const levels = badgeLevels(user);
  const club = asFields(asFields(user.fansClub)?.data);
  const avatarUrl =
    pictureOf(user.profilePicture) ??
    pictureOf(user.avatarThumb) ??
    pictureOf(user.avatarMedium) ??
    webAddress(user.profilePictureUrl);
  return {
    platform: "tiktok",
    id,
    handle,
    name: asText(user.nickname) || handle,
    ...(avatarUrl === undefined ? {} : { avatarUrl }),
    roles: {
      moderator:
        asFlag(identity.isModeratorOfAnchor) || asFlag(asFields(user.userAttr)?.isAdmin) || levels.has(badge.moderator),
      subscriber:
        asFlag(identity.isSubscriberOfAnchor) ||
        asFlag(user.isSubscribe) ||
        levels.has(badge.subscriber) ||
        levels.has(badge.newSubscriber),
      follower: asFlag(identity.isFollowerOfAnchor) || asNumber(asFields(user.followInfo)?.followStatus) >= 1,
      owner: asFlag(identity.isAnchor) || (handle !== "" && handle.toLowerCase() === context.owner.toLowerCase()),
    },
    levels: {
      gifter: levels.get(badge.gifter) ?? 0,
      team: asCount(club?.level, 1000) || (levels.get(badge.team) ?? 0),
    },
  };
}

/** Scenes of TikTok's badges (protocols 2.2). */
const badge = { moderator: 1, subscriber: 4, newSubscriber: 7, gifter: 8, team: 10 } as const;

/** Level by scene of a viewer's badges, 0 for badges without level. */
function badgeLevels(user: Fields): ReadonlyMap<number, number> {
  const levels = new Map<number, number>();
  for (const item of [...asList(user.badges, 16), ...asList(user.badgeList, 16)]) {
    const fields = asFields(item) ?? {};
    const scene = asNumber(fields.sceneType ?? fields.badgeSceneType ?? fields.badgeScene);
    const extra = asFields(fields.privilegeLogExtra) ?? asFields(fields.logExtra) ?? fields;
    levels.set(scene, asCount(extra.level, 1000));
  }
  return levels;
}

/** Address of a picture: `urls` in v1, `url` in v2, `urlList` in v3. */
function pictureOf(value: unknown): string | undefined {
  const picture = asFields(value) ?? {};
  return [picture.url, picture.urls, picture.urlList].map((list) => webAddress(asList(list, 1)[0])).find(Boolean);
}

function webAddress(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= 2048 && /^https?:\/\//.test(value) ? value : undefined;
}

/** An id; "0" is what an unset one looks like. */
function realId(value: unknown): string {
  const id = asId(value);
  return id === "0" ? "" : id;
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
  const base = settings.env.EULER_WS_URL || serviceUrl;
  if (!URL.canParse(base) || !/^wss?:$/.test(new URL(base).protocol)) {
    return `EULER_WS_URL must be an address that starts with ws:// or wss://. You wrote ${base}.`;
  }
  const url = new URL(base);
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
function connect(settings: SourceSettings, listener: SourceListener, clock: Clock): Connection {
  return lineTo(addressOf(settings), listener, (url) => {
    return openSocketLine({
      url,
      listener,
      listen: (line) => listen(settings, line),
      refused: (status, headers, body) => classifyUpgrade(status, headers, body, clock.now()),
    });
  });
}

/** Hears one line's frames in order, and knows from them what the line's close means. */
function listen(settings: SourceSettings, listener: SourceListener): LineEar {
  const context: EulerContext = { roomId: "", owner: handleOf(settings), sentAt: 0 };
  let live = false;
  let ended = false;
  let lastTrouble = "";
  const goLive = (roomId: string): void => {
    context.roomId = roomId || context.roomId;
    live = true;
    ended = false;
    listener.live(context.roomId);
  };
  const tell = (event: SourceEvent): void => {
    if (!live || (context.roomId === "" && event.roomId !== "")) goLive(event.roomId);
    if (event.type === "streamEnd") ended = true;
    listener.event(event);
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
        else if (said.kind === "room") goLive(said.roomId);
        else if (said.kind === "ending") ending ??= said.ending;
        else if (said.kind === "ignored") listener.ignored(said.reason);
        else {
          lastTrouble = said.detail;
          listener.trouble(said.detail);
        }
      }
      if (ending) listener.closed(meaning(ending));
    },
    meaningOf: (code: number, reason: string): Ending => meaning(classifyClose(code, reason || lastTrouble)),
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
  avatarHosts: ["*.tiktokcdn.com", "*.tiktokcdn-us.com", "*.tiktokcdn-eu.com"],
  check(settings) {
    const address = addressOf(settings);
    return typeof address === "string" ? address : undefined;
  },
  target: (settings) => `@${handleOf(settings)}`,
  listen,
  connect,
});

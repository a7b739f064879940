/** Translation of EventSub's messages (protocols 7): what one means. Pure but for the date and the marks it remembers; never throws. */
import { maxTextLength } from "../../../shared/events/live-event.ts";
import type { Viewer } from "../../../shared/events/viewer.ts";
import { asCount, asFields, asId, asList, asText, cut, type Fields } from "../../ingest/fields.ts";
import type { CloseClass, SourceEvent } from "../../ingest/source.ts";
import type { Translation } from "../../ingest/translation.ts";
import {
  anonymousViewer,
  bitsEvent,
  bitsIdOf,
  type Marks,
  rolesOf,
  type TwitchBase,
  type TwitchContext,
  type TwitchKind,
  twitchViewer,
} from "./fields.ts";
import { type Counts, kindByType } from "./topics.ts";

/** Messages about broadcasts remembered; Twitch delivers again within minutes. */
const maxMarks = 100;
/** A message older than the newest one by more than this was delivered again, ms: Twitch asks not to act on it. */
const lateMs = 10 * 60_000;

/** What a message asks of the line itself. */
export type SessionSignal =
  | { type: "welcome"; sessionId: string }
  /** A new line is to take over at this address. */
  | { type: "reconnect"; url: string };

export type EventSubReading =
  | Translation
  | { kind: "signal"; signal: SessionSignal }
  /** What this program noted for its own recording, see `countsFrame`. */
  | { kind: "counts"; subscribed: readonly TwitchKind[]; partial: readonly TwitchKind[]; streamId: string };

type Read = (event: Fields, base: TwitchBase, context: TwitchContext) => Translation | undefined;

const control: Translation = { kind: "ignored", reason: "control" };
const unknown: Translation = { kind: "ignored", reason: "unknown" };
const broken: Translation = { kind: "ignored", reason: "broken" };

const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["channel.chat.message", readChat],
  ["channel.cheer", readBits],
  ["channel.bits.use", readBits],
  ["channel.follow", readFollow],
  ["channel.subscribe", readSubscribe],
  ["channel.subscription.gift", readGifted],
  ["channel.subscription.message", readResubscribe],
  ["channel.raid", readRaid],
  ["channel.channel_points_custom_reward_redemption.add", readRedeem],
  ["stream.online", (event) => ({ kind: "room", roomId: cut(asId(event.id), 128) })],
  ["stream.offline", (_event, base) => one({ ...base, type: "streamEnd", reason: "the stream went offline" })],
]);

/**
 * Parses a frame. Ids written as numbers lose digits above 2^53; a frame that has such numbers is parsed with them as text. (An
 * unescaped quote cannot stand inside JSON text, so only real keys match.) Throws when it is no JSON.
 */
export function parseEventSub(text: string): unknown {
  const message: unknown = JSON.parse(text);
  if (!/:\s*\d{16}/.test(text)) return message;
  return JSON.parse(text.replace(/("\w+"\s*:\s*)(\d{16,})(?=\s*[,}])/g, '$1"$2"'));
}

/**
 * The frame by which a recording knows what Twitch granted: who counts what, and the broadcast that was on ("" for none). Twitch says
 * this by HTTP, which is not recorded.
 */
export function countsFrame({ subscribed, partial }: Counts, streamId: string): string {
  return JSON.stringify({
    metadata: { message_type: "uproar_counts" },
    payload: { subscribed: [...subscribed], partial: [...partial], streamId },
  });
}

/** What a parsed message means. */
export function readEventSub(message: unknown, context: TwitchContext): EventSubReading {
  const metadata = asFields(asFields(message)?.metadata);
  const payload = asFields(asFields(message)?.payload) ?? {};
  const type = asText(metadata?.message_type);
  if (!metadata || type === "") return broken;
  const ts = Date.parse(asText(metadata.message_timestamp)) || 0;
  context.newestMs = Math.max(context.newestMs, ts);
  const session = asFields(payload.session) ?? {};
  switch (type) {
    case "session_welcome":
      return asText(session.id) === "" ? broken : signal({ type: "welcome", sessionId: asText(session.id) });
    case "session_reconnect":
      return signal({ type: "reconnect", url: asText(session.reconnect_url) });
    case "session_keepalive":
      return control;
    case "uproar_counts":
      return {
        kind: "counts",
        subscribed: asList(payload.subscribed, 4) as TwitchKind[],
        partial: asList(payload.partial, 4) as TwitchKind[],
        streamId: asText(payload.streamId),
      };
    case "revocation":
      return readRevocation(asFields(payload.subscription) ?? {});
    case "notification":
      return readNotification(metadata, payload, ts, context);
    default:
      return unknown;
  }
}

function signal(said: SessionSignal): EventSubReading {
  return { kind: "signal", signal: said };
}

function one(event: SourceEvent): Translation {
  return { kind: "events", events: [event] };
}

/** What a revocation's status means; others are put right by a fresh line. */
const revoked: ReadonlyMap<string, CloseClass> = new Map<string, CloseClass>([
  ["authorization_revoked", "wrongKey"],
  ["user_removed", "config"],
]);

/** A fresh line subscribes anew and so finds out who can count what is revoked. */
function readRevocation(subscription: Fields): Translation {
  const status = cut(asText(subscription.status), 60);
  const detail = `Twitch took ${cut(asText(subscription.type), 80)} away: ${status}`;
  return { kind: "ending", ending: { class: revoked.get(status) ?? "refresh", detail } };
}

function readNotification(metadata: Fields, payload: Fields, ts: number, context: TwitchContext): Translation {
  const type = asText(metadata.subscription_type) || asText(asFields(payload.subscription)?.type);
  const event = asFields(payload.event);
  const read = readers.get(type);
  if (!event || type === "") return broken;
  if (!read) return unknown;
  const kind = kindByType.get(type);
  if (kind !== undefined && context.partial.has(kind)) return control;
  const id = asId(metadata.message_id);
  if (markTypes.has(type) && isRepeatedMark(context.marks, id)) return control;
  const replay = ts > 0 && context.newestMs - ts > lateMs;
  const base: TwitchBase = { id, roomId: context.roomId, ts, replay, test: false };
  return read(event, base, context) ?? broken;
}

const markTypes = new Set(["stream.online", "stream.offline"]);

/** Whether a mark was told before; remembers it if not. One without an id never was. */
function isRepeatedMark(marks: Marks, id: string): boolean {
  if (marks.has(id)) return true;
  if (id !== "") marks.add(id);
  if (marks.size > maxMarks) marks.delete(marks.values().next().value!);
  return false;
}

/** A message's own id is the one that the chat by IRC knows, too. */
function readChat(event: Fields, base: TwitchBase, context: TwitchContext): Translation | undefined {
  const origin = asId(event.source_broadcaster_user_id);
  if (origin !== "" && origin !== asId(event.broadcaster_user_id)) return control;
  const badges = asList(event.badges, 32).map((badge) => asText(asFields(badge)?.set_id));
  const viewer = viewerOf(event, "chatter_", rolesOf(new Set(badges)));
  const text = asFields(event.message)?.text;
  if (!viewer || typeof text !== "string") return undefined;
  const said = { ...base, id: asId(event.message_id) || base.id };
  const events: SourceEvent[] = [];
  if (text.trim() !== "") events.push({ ...said, type: "chat", viewer, text: cut(text, maxTextLength) });
  const bits = asCount(asFields(event.cheer)?.bits);
  if (bits > 0 && !context.subscribed.has("bits"))
    events.push(bitsEvent({ ...said, id: bitsIdOf(said.id) }, viewer, bits));
  return events.length === 0 ? control : { kind: "events", events };
}

/** `channel.cheer` and `channel.bits.use` alike; only one of them is subscribed to. */
function readBits(event: Fields, base: TwitchBase): Translation | undefined {
  const bits = asCount(event.bits);
  const viewer = maybeAnonymous(event);
  return viewer && bits > 0 ? one(bitsEvent(base, viewer, bits)) : undefined;
}

function readFollow(event: Fields, base: TwitchBase): Translation | undefined {
  const viewer = viewerOf(event, "", { follower: true });
  return viewer && one({ ...base, type: "follow", viewer });
}

/** Who was given a subscription is told, too; the one who gave it is told by `channel.subscription.gift` (protocols 16.15). */
function readSubscribe(event: Fields, base: TwitchBase): Translation | undefined {
  if (event.is_gift === true) return control;
  const viewer = viewerOf(event, "", { subscriber: true });
  return viewer && one({ ...base, type: "subscribe", viewer, months: 1, tier: tierOf(event), giftCount: 0 });
}

function readGifted(event: Fields, base: TwitchBase): Translation | undefined {
  const viewer = maybeAnonymous(event);
  const giftCount = Math.max(1, asCount(event.total, 100_000));
  return viewer && one({ ...base, type: "subscribe", viewer, months: 0, tier: tierOf(event), giftCount });
}

function readResubscribe(event: Fields, base: TwitchBase): Translation | undefined {
  const viewer = viewerOf(event, "", { subscriber: true });
  const months = asCount(event.cumulative_months, 1200);
  return viewer && one({ ...base, type: "subscribe", viewer, months, tier: tierOf(event), giftCount: 0 });
}

function readRaid(event: Fields, base: TwitchBase): Translation | undefined {
  const viewer = viewerOf(event, "from_broadcaster_");
  return viewer && one({ ...base, type: "raid", viewer, viewers: asCount(event.viewers) });
}

function readRedeem(event: Fields, base: TwitchBase): Translation | undefined {
  const reward = asFields(event.reward);
  const viewer = viewerOf(event, "");
  if (!viewer || !reward) return undefined;
  return one({
    ...base,
    type: "redeem",
    viewer,
    rewardId: cut(asId(reward.id), 128),
    title: asText(reward.title),
    cost: asCount(reward.cost),
    text: cut(asText(event.user_input), maxTextLength),
  });
}

function tierOf(event: Fields): string {
  return cut(asText(event.tier), 32);
}

/** The viewer whose fields begin with `prefix`. */
function viewerOf(event: Fields, prefix: string, roles: Partial<Viewer["roles"]> = {}): Viewer | undefined {
  const field = (name: string): unknown => event[`${prefix}user_${name}`];
  return twitchViewer(asId(field("id")), asText(field("login")), asText(field("name")), roles);
}

function maybeAnonymous(event: Fields): Viewer | undefined {
  return event.is_anonymous === true || event.user_id === null ? anonymousViewer() : viewerOf(event, "");
}

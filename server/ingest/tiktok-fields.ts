/** TikTok's events in the flat shape of connector 1.x, which TikTool and TikFinity copy with small differences (protocols 2.3, 11). */
import { maxTextLength } from "../../shared/events/live-event.ts";
import type { Viewer } from "../../shared/events/viewer.ts";
import {
  asCount,
  asFields,
  asFlag,
  asId,
  asList,
  asNumber,
  asText,
  cut,
  type Fields,
  milliseconds,
  reasonOf,
} from "./fields.ts";
import type { SourceEvent, SourceGift } from "./source.ts";

/** What is known of the connection that a message came on. */
export interface TiktokContext {
  roomId: string;
  /** Handle of the streamer, to know the owner of the room among its viewers. */
  owner: string;
  /** What the line's messages said of each gift so far: whether it comes as a combo. Missing where nothing is kept. */
  streakableGifts?: Map<string, boolean>;
}

/** Gifts of which a line keeps whether they are combos: TikTok sells a few hundred. */
const maxGiftsKnown = 2000;

type Read = (data: Fields, base: Base, context: TiktokContext) => SourceEvent | undefined;
interface Base {
  id: string;
  roomId: string;
  ts: number;
  replay: false;
  test: false;
}

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
  ["roomUser", readViewers],
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

/**
 * Reads the event called `name` from its fields. "unknown": no event has this name; "broken": its fields make none.
 * Never throws, whatever the fields are.
 */
export function readTiktokEvent(
  name: string,
  data: Fields,
  context: TiktokContext,
): SourceEvent | "unknown" | "broken" {
  const read = readers.get(name);
  if (!read) return "unknown";
  const base: Base = {
    id: realId(data.msgId),
    roomId: context.roomId || cut(realId(data.roomId), 128),
    ts: milliseconds(data.timestamp ?? data.createTime),
    replay: false,
    test: false,
  };
  return read(data, base, context) ?? "broken";
}

/**
 * Parses a message, or several in a list (also in one called `events`). Ids written as numbers lose digits above 2^53; when one that counts did, the message is
 * parsed again with its long numbers as text. (An unescaped quote cannot stand inside JSON text, so only real keys match.)
 */
export function parseMessage(text: string): unknown {
  const message: unknown = JSON.parse(text);
  const list = Array.isArray(message) ? message : asFields(message)?.events;
  const lost = Array.isArray(list) ? list.some(hasLostDigits) : hasLostDigits(message);
  return lost ? JSON.parse(text.replace(/("\w+"\s*:\s*)(\d{16,})(?=\s*[,}])/g, '$1"$2"')) : message;
}

function hasLostDigits(message: unknown): boolean {
  // Some messages are flat.
  const data = asFields(asFields(message)?.data) ?? asFields(message);
  const user = asFields(data?.user);
  const ids = [user?.userId, user?.id, data?.userId, data?.msgId, data?.groupId, data?.roomId];
  return ids.some((id) => typeof id === "number" && !Number.isSafeInteger(id));
}

function readChat(data: Fields, base: Base, context: TiktokContext): SourceEvent | undefined {
  const text = data.comment;
  if (typeof text !== "string") return undefined;
  return byViewer(data, context, (viewer) => ({ ...base, type: "chat", viewer, text }));
}

function readGift(data: Fields, base: Base, context: TiktokContext): SourceEvent | undefined {
  const giftId = cut(asId(data.giftId), 64);
  if (giftId === "") return undefined;
  const unitValue = asNumber(data.diamondCount);
  const type = data.giftType ?? asFields(data.gift)?.gift_type;
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
    end: asFlag(data.repeatEnd ?? asFields(data.gift)?.repeat_end),
    streakable: isStreakable({ giftId, type, combo: data.combo, message: base }, context),
    groupId: realId(data.groupId),
    transactionId: realId(data.transactionId),
  }));
}

/** What a message says of the kind of its gift. */
interface GiftKind {
  giftId: string;
  /** 1 for a combo's, undefined when it does not say. */
  type: unknown;
  /** Whether it is a combo's, undefined when it does not say. */
  combo: unknown;
  /** The message's own id and date, "" and 0 when it has none. */
  message: { readonly id: string; readonly ts: number };
}

/**
 * Whether a gift comes as a combo: those of type 1 do (protocols 10.1.1). Some servers leave the type out, of all gifts or of single
 * ones; then what other messages of the line said of this gift tells. A message that neither id nor date tells from one sent again
 * is taken for a combo's, as most gifts are: that counts nothing twice.
 */
export function isStreakable(
  { giftId, type, combo, message }: GiftKind,
  { streakableGifts }: TiktokContext,
): SourceGift["streakable"] {
  if (type === undefined || type === null) {
    if (combo !== undefined) return asFlag(combo);
    return streakableGifts?.get(giftId) ?? (message.id === "" && message.ts === 0 ? true : "unknown");
  }
  const streakable = asNumber(type) === 1;
  if (streakableGifts && (streakableGifts.has(giftId) || streakableGifts.size < maxGiftsKnown)) {
    streakableGifts.set(giftId, streakable);
  }
  return streakable;
}

function readLike(data: Fields, base: Base, context: TiktokContext): SourceEvent | undefined {
  const roomTotal = asCount(data.totalLikes ?? data.totalLikeCount);
  const count = asNumber(data.likeCount ?? 0);
  return byViewer(data, context, (viewer) => ({ ...base, type: "like", viewer, count, roomTotal }));
}

/** Action 3 announces a subscription; all others are someone entering (protocols 10.4). */
function readMember(data: Fields, base: Base, context: TiktokContext): SourceEvent | undefined {
  if (asNumber(data.actionId ?? data.action) === 3) return readSubscribe(data, base, context);
  return byViewer(data, context, (viewer) => ({ ...base, type: "join", viewer }));
}

function readSocial(data: Fields, base: Base, context: TiktokContext): SourceEvent | undefined {
  const type = data.action ?? data.eventType;
  if (type !== "follow" && type !== "share") return undefined;
  return byViewer(data, context, (viewer) => ({ ...base, type, viewer }));
}

function readSubscribe(data: Fields, base: Base, context: TiktokContext): SourceEvent | undefined {
  const months = asCount(data.subMonth ?? data.months, 1200);
  return byViewer(data, context, (viewer) => ({ ...base, type: "subscribe", viewer, months, tier: "", giftCount: 0 }));
}

function readViewers(data: Fields, base: Base): SourceEvent {
  const count = asCount(data.viewerCount ?? data.viewer_count);
  return { ...base, type: "viewers", count, total: asCount(data.totalViewers ?? data.totalUser) };
}

/** `battle` and `linkMicBattle` number their phases differently (protocols 1.4); without a number it only tells who will battle. */
function readBattle(data: Fields, base: Base): SourceEvent | undefined {
  const phases = { 1: "active", 2: "starting", 3: "ended", 4: "preparing" } as const;
  const linkPhases = { 1: "starting", 2: "active", 3: "ended" } as const;
  const announced = data.status === undefined && data.battleStatus === undefined && Array.isArray(data.battleUsers);
  const phase = announced
    ? "starting"
    : (phases[asNumber(data.status) as keyof typeof phases] ??
      linkPhases[asNumber(data.battleStatus) as keyof typeof linkPhases]);
  if (!phase) return undefined;
  return { ...base, type: "battle", battleId: cut(asId(data.battleId), 128), phase, scores: scoresOf(data) };
}

function readBattleScores(data: Fields, base: Base): SourceEvent {
  return { ...base, type: "battleScores", battleId: cut(asId(data.battleId), 128), scores: scoresOf(data) };
}

function readPin(data: Fields, base: Base, context: TiktokContext): SourceEvent {
  const text = asText(data.comment ?? data.content ?? data.text ?? data.message);
  return { ...base, ...maybeViewer(data, context), type: "pin", text, pinned: asNumber(data.action) !== 2 };
}

function readCaption(data: Fields, base: Base): SourceEvent | undefined {
  if (typeof data.text !== "string") return undefined;
  const text = cut(data.text, maxTextLength);
  return { ...base, type: "caption", text, final: asFlag(data.isFinal), language: cut(asText(data.language), 16) };
}

function readEnvelope(data: Fields, base: Base, context: TiktokContext): SourceEvent {
  const value = asCount(data.coins ?? data.diamondCount);
  return { ...base, ...maybeViewer(data, context), type: "envelope", value, people: asCount(data.canOpen) };
}

function readEmote(data: Fields, base: Base, context: TiktokContext): SourceEvent | undefined {
  const first = asFields(asList(data.emotes ?? data.emoteList, 1)[0]) ?? data;
  const emoteId = cut(asId(first.emoteId), 128);
  if (emoteId === "") return undefined;
  const url = webAddress(first.emoteUrl ?? first.emoteImageUrl ?? first.imageUrl ?? first.image) ?? "";
  return byViewer(data, context, (viewer) => ({ ...base, type: "emote", viewer, emoteId, url }));
}

function readIntro(data: Fields, base: Base, context: TiktokContext): SourceEvent {
  return { ...base, ...maybeViewer(data, context), type: "intro", text: asText(data.description ?? data.content) };
}

/** Team scores, from whichever of the known places has them. */
function scoresOf(data: Fields): number[] {
  for (const list of [data.teams, data.hosts, data.battleArmies, data.battleUsers, data.scores]) {
    const scores = asList(list, 16).map((item) => {
      const fields = asFields(item);
      return fields ? (fields.score ?? fields.teamTotalScore ?? fields.points) : item;
    });
    if (scores.some((score) => score !== undefined)) return scores.map((score) => asCount(score));
  }
  return [];
}

function byViewer<T extends SourceEvent>(
  data: Fields,
  context: TiktokContext,
  build: (viewer: Viewer) => T,
): T | undefined {
  const viewer = readViewer(data, context);
  return viewer && build(viewer);
}

function maybeViewer(data: Fields, context: TiktokContext): { viewer?: Viewer } {
  const viewer = readViewer(data, context);
  return viewer ? { viewer } : {};
}

/** The viewer of a message. Some put the user's fields beside their own; gifts repeat the id as `senderUserId`. */
function readViewer(data: Fields, context: TiktokContext): Viewer | undefined {
  const nested = asFields(data.user);
  const user = nested ?? data;
  const handle = asText(user.uniqueId);
  const name = asText(user.nickname) || handle;
  // Beside the message's own fields `id` is the message's.
  const userId = user.userId ?? nested?.id;
  const id = realId(userId) || realId(nested?.id) || realId(data.senderUserId) || roundedId(userId) || handle;
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
    levels: {
      gifter: asCount(user.level ?? user.payGrade ?? user.gifterLevel, 1000),
      team: asCount(user.teamMemberLevel, 1000),
    },
  };
}

/** An id that was a number too large to be exact: better than none, as it is rounded the same way each time. */
function roundedId(id: unknown): string {
  return typeof id === "number" && Number.isFinite(id) && id !== 0 ? String(id) : "";
}

/** An id of TikTok's; "0" is what an unset one looks like. */
export function realId(value: unknown): string {
  const id = asId(value);
  return id === "0" ? "" : id;
}

function webAddress(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= 2048 && /^https?:\/\//.test(value) ? value : undefined;
}

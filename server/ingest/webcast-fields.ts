/** TikTok's messages under their names on the wire, in the shapes v1, v2 and v3 that services hand them out in (protocols 2.2, 4.2, 11). */
import { maxTextLength } from "../../shared/events/live-event.ts";
import type { Viewer } from "../../shared/events/viewer.ts";
import { asCount, asFields, asFlag, asId, asList, asNumber, asText, cut, type Fields, milliseconds } from "./fields.ts";
import type { SourceEvent } from "./source.ts";
import { isStreakable, realId, type TiktokContext } from "./tiktok-fields.ts";

/** What is known of the connection and the frame that a message came on. */
export interface WebcastContext extends TiktokContext {
  /** When the frame was sent, ms since 1970, 0 when it does not say: for messages without a time of their own. */
  sentAt: number;
}

/** A reader gives the event, "control" for a message that tells of none, undefined for one that lacks what it must have. */
type Read = (data: Fields, base: Base, context: WebcastContext) => SourceEvent | "control" | undefined;
interface Base {
  id: string;
  roomId: string;
  ts: number;
  replay: false;
  test: false;
}

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

/**
 * Reads the message called `name` from its fields. "control": known, and nothing to tell of; "unknown": no message has this name;
 * "broken": its fields make none. Pure; never throws, whatever the fields are.
 */
export function readWebcastMessage(
  name: string,
  data: Fields,
  context: WebcastContext,
): SourceEvent | "control" | "unknown" | "broken" {
  const read = readers.get(name);
  if (!read) return "unknown";
  return read(data, baseOf(data, context), context) ?? "broken";
}

/** What every message has; v1 keeps it in `event`, v2 and v3 in `common`. */
function baseOf(data: Fields, context: WebcastContext): Base {
  const header = asFields(data.common) ?? asFields(data.event) ?? data;
  return {
    id: realId(header.msgId),
    roomId: context.roomId || cut(realId(header.roomId), 128),
    ts: milliseconds(header.createTime) || context.sentAt,
    replay: false,
    test: false,
  };
}

function readChat(data: Fields, base: Base, context: WebcastContext): SourceEvent | undefined {
  const text = data.comment ?? data.content;
  if (typeof text !== "string") return undefined;
  return byViewer(data, context, (viewer) => ({ ...base, type: "chat", viewer, text }));
}

/** `repeatCount` runs within the streak, the price is per unit (protocols 10.1). No field tells one frame's retries apart. */
function readGift(data: Fields, base: Base, context: WebcastContext): SourceEvent | undefined {
  const details = asFields(data.giftDetails) ?? asFields(data.gift) ?? data;
  const giftId = cut(realId(data.giftId) || realId(details.id), 64);
  if (giftId === "") return undefined;
  const unitValue = asNumber(details.diamondCount);
  const kind = { giftId, type: details.giftType ?? details.type, combo: details.combo, message: base };
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
    streakable: isStreakable(kind, context),
    groupId: realId(data.groupId),
    transactionId: "",
  }));
}

function readLike(data: Fields, base: Base, context: WebcastContext): SourceEvent | undefined {
  const count = asNumber(data.likeCount ?? data.count ?? 0);
  const roomTotal = asCount(data.totalLikeCount ?? data.total);
  return byViewer(data, context, (viewer) => ({ ...base, type: "like", viewer, count, roomTotal }));
}

/** Action 3 announces a subscription; all others are someone entering (protocols 10.4). */
function readMember(data: Fields, base: Base, context: WebcastContext): SourceEvent | undefined {
  if (asNumber(data.action ?? data.actionId) === 3) return subscription(data, base, context);
  return byViewer(data, context, (viewer) => ({ ...base, type: "join", viewer }));
}

/** Follows and shares come under one name; the key of the text that TikTok shows tells them apart, or else the action. */
function readSocial(data: Fields, base: Base, context: WebcastContext): SourceEvent | "control" | undefined {
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
function readSubscribe(data: Fields, base: Base, context: WebcastContext): SourceEvent | "control" | undefined {
  const kind = asNumber(data.messageType ?? 0);
  const isNew = kind === 0 || (kind >= 6 && kind <= 10);
  return isNew ? subscription(data, base, context) : "control";
}

function subscription(data: Fields, base: Base, context: WebcastContext): SourceEvent | undefined {
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
function readPin(data: Fields, base: Base, context: WebcastContext): SourceEvent {
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
function readEnvelope(data: Fields, base: Base, context: WebcastContext): SourceEvent | "control" {
  if (asNumber(data.display) === 2) return "control";
  const info = asFields(data.envelopeInfo) ?? asFields(data.treasureBoxData) ?? data;
  const sender = asFields(data.user) ?? { userId: info.sendUserId, nickname: info.sendUserName };
  const value = asCount(info.diamondCount ?? info.coins);
  const people = asCount(info.peopleCount ?? info.canOpen);
  return { ...base, ...maybeViewer(sender, context), type: "envelope", value, people };
}

function readEmote(data: Fields, base: Base, context: WebcastContext): SourceEvent | undefined {
  const emote = asFields(asList(data.emoteList, 1)[0]) ?? asFields(data.emote) ?? {};
  const emoteId = cut(asId(emote.emoteId), 128);
  if (emoteId === "") return undefined;
  const url = pictureOf(emote.image) ?? "";
  return byViewer(data, context, (viewer) => ({ ...base, type: "emote", viewer, emoteId, url }));
}

function readIntro(data: Fields, base: Base, context: WebcastContext): SourceEvent {
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
  context: WebcastContext,
  build: (viewer: Viewer) => T,
): T | undefined {
  const viewer = readViewer(data.user, context, asFields(data.userIdentity));
  return viewer && build(viewer);
}

function maybeViewer(user: unknown, context: WebcastContext): { viewer?: Viewer } {
  const viewer = readViewer(user, context);
  return viewer ? { viewer } : {};
}

/** The viewer of a message; v3 says `displayId` for the handle, `id` for the id, and tells roles in `userIdentity`. */
function readViewer(value: unknown, context: WebcastContext, identity: Fields = {}): Viewer | undefined {
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

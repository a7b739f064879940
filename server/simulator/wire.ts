/** TikTool's messages as the simulator writes them (protocols 1.4, protoVersion 3). */
import type { Act } from "./audience.ts";
import type { Person } from "./people.ts";

/** What the messages of one broadcast have in common; `messages` and `everSeen` grow. */
export interface RoomFacts {
  readonly roomId: string;
  readonly title: string;
  /** Where its pictures are: `http://host:port`. */
  readonly base: string;
  /** Messages so far, from which their ids are made. */
  messages: number;
  /** Viewers so far. */
  everSeen: number;
}

interface Message {
  event: string;
  roomId?: string;
  [field: string]: unknown;
}

/** The first message on every connection. */
export function roomInfoMessage(facts: RoomFacts, handle: string, viewers: number, likes: number): Message {
  const owner = { nickname: handle, uniqueId: handle };
  const roomInfo = { title: facts.title, user_count: viewers, like_count: likes, owner };
  return { event: "roomInfo", roomId: facts.roomId, uniqueId: handle, roomInfo };
}

/** The regular count of viewers, which also shows that the line lives. */
export function viewersMessage(facts: RoomFacts, present: readonly Person[], nowMs: number): Message {
  const topViewers = present.slice(0, 3).map((person, i) => ({ user: userOf(person, facts), coinCount: 30 - i * 10 }));
  const numbers = { viewerCount: present.length, totalViewers: facts.everSeen, topViewers };
  return { event: "roomUserSeq", data: { ...baseOf("roomUserSeq", facts, nowMs), ...numbers } };
}

/** The message about an act; undefined for leaving, of which the service tells nothing. */
export function messageOf(act: Act, facts: RoomFacts, nowMs: number): Message | undefined {
  if (act.type === "leave") return undefined;
  const name = act.type === "join" ? "member" : act.type;
  const base = { ...baseOf(name, facts, nowMs), user: userOf(act.person, facts) };
  return { event: name, data: { ...base, ...payloadOf(act, nowMs) } };
}

function payloadOf(act: Act, nowMs: number): object {
  switch (act.type) {
    case "chat":
      return { comment: act.text, emotes: [], language: "en", messageUuid: `u${nowMs}` };
    case "like":
      return { likeCount: act.count, totalLikes: act.roomTotal };
    case "gift":
      return {
        giftId: act.gift.id,
        giftName: act.gift.name,
        diamondCount: act.gift.diamonds,
        repeatCount: act.total,
        repeatEnd: act.end,
        giftType: act.gift.type,
        groupId: act.groupId,
        senderUserId: act.person.id,
        transactionId: act.transactionId,
      };
    case "join":
      return { actionId: 1, actionCode: 38, entrySource: "homepage_hot-live_cell", entryAction: "draw" };
    default:
      return { eventType: act.type };
  }
}

function baseOf(type: string, facts: RoomFacts, nowMs: number) {
  facts.messages++;
  // Like the service's ids: 19 digits, growing, and others in each broadcast.
  const msgId = `7${facts.roomId.slice(4, 14)}${String(facts.messages).padStart(8, "0")}`;
  return { type, timestamp: nowMs, msgId, protoVersion: 3 };
}

function userOf(person: Person, facts: RoomFacts) {
  return {
    userId: person.id,
    uniqueId: person.handle,
    nickname: person.nickname,
    profilePictureUrl: person.hasPicture ? `${facts.base}/avatars/${person.id}.png` : "",
    followRole: person.follower ? 1 : 0,
    userBadges: [],
    isModerator: person.moderator,
    isSubscriber: person.subscriber,
    isNewGifter: false,
    topGifterRank: null,
    level: person.level,
  };
}

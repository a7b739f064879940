/**
 * TikFinity's event API as the simulator speaks it (protocols 5): `{event, data}` with the viewer's fields among the message's own. The
 * line is open whether or not a broadcast is on; `connected` tells that one is.
 */
import { hostileNames, pickGarbage } from "./garbage.ts";
import type { Person } from "./people.ts";
import type { Happening, Note, Protocol, Room } from "./protocol.ts";

/** Names of what the app tells of; pins and captions it knows not. */
const names: Readonly<Partial<Record<Happening["type"], string>>> = {
  chat: "chat",
  gift: "gift",
  like: "like",
  join: "member",
  follow: "follow",
  share: "share",
  subscribe: "subscribe",
  viewers: "roomUser",
  battle: "linkMicBattle",
  battleScores: "linkMicArmies",
  envelope: "envelope",
  emote: "emote",
  intro: "liveIntro",
  streamEnd: "streamEnd",
};

/** What the app shows of an act that is no message of its own. */
const displayTypes: Readonly<Partial<Record<Happening["type"], string>>> = {
  like: "pm_mt_msg_viewer",
  join: "live_room_enter_toast",
  follow: "pm_main_follow_message_viewer_2",
  share: "pm_mt_guidance_share",
};

function messageOf(note: Note, room: Room): object | undefined {
  const { what } = note;
  const event = names[what.type];
  if (event === undefined) return undefined;
  const displayType = displayTypes[what.type];
  return {
    event,
    data: {
      ...payloadOf(what, note.atMs, room),
      ...("person" in what ? userOf(what.person, room) : {}),
      ...header(note),
      ...(displayType === undefined ? {} : { displayType }),
    },
  };
}

/** Id and time, which battles and the end of a broadcast come without. */
function header({ what, atMs, id }: Note): object {
  if (what.type === "battle" || what.type === "battleScores" || what.type === "streamEnd") return {};
  return { msgId: id, createTime: String(atMs) };
}

function payloadOf(what: Happening, atMs: number, room: Room): object {
  switch (what.type) {
    case "chat":
      return { comment: what.text, emotes: [] };
    case "gift":
      return giftOf(what, atMs, room);
    case "like":
      return { likeCount: what.count, totalLikeCount: what.roomTotal };
    case "join":
      return { actionId: 1 };
    case "subscribe":
      return { subMonth: 1, oldSubscribeStatus: 2, subscribingStatus: 1 };
    case "viewers": {
      const topViewers = what.top.map((person, i) => ({ user: userOf(person, room), coinCount: 30 - i * 10 }));
      return { viewerCount: what.count, topViewers };
    }
    case "battle":
      return {
        battleStatus: what.phase === "active" ? 2 : 3,
        battleUsers: what.hosts.map(({ id, score }) => ({ userId: id, uniqueId: `host${id}`, score })),
      };
    case "battleScores":
      return {
        battleStatus: 2,
        battleArmies: what.hosts.map(({ id, score }) => ({ hostUserId: id, points: score, participants: [] })),
      };
    case "envelope":
      return { coins: what.diamonds, canOpen: what.people, timestamp: atMs };
    case "emote":
      return { emoteId: what.emoteId, emoteImageUrl: `${room.base}/avatars/${what.emoteId}.png` };
    case "intro":
      return { description: what.text };
    case "streamEnd":
      return { action: 3 };
    default:
      return {};
  }
}

/** A single gift belongs to no streak: its group is "0". */
function giftOf({ gift, total, end, groupId }: Happening & { type: "gift" }, atMs: number, room: Room): object {
  return {
    giftId: gift.id,
    repeatCount: total,
    groupId: gift.type === 1 ? groupId : "0",
    repeatEnd: end,
    gift: { gift_id: gift.id, repeat_count: total, repeat_end: end ? 1 : 0, gift_type: gift.type },
    describe: `Sent ${gift.name}`,
    giftType: gift.type,
    diamondCount: gift.diamonds,
    giftName: gift.name,
    giftPictureUrl: `${room.base}/avatars/${gift.id}.png`,
    timestamp: atMs,
  };
}

function userOf(person: Person, room: Room): object {
  return {
    userId: person.id,
    secUid: `MS4wLjABAAAA${person.id}`,
    uniqueId: person.handle,
    nickname: person.nickname,
    profilePictureUrl: person.hasPicture ? `${room.base}/avatars/${person.id}.png` : "",
    followRole: person.follower ? 1 : 0,
    userBadges: [{ type: "privilege", privilegeId: "1", level: person.level, badgeSceneType: 8 }],
    isModerator: person.moderator,
    isNewGifter: false,
    isSubscriber: person.subscriber,
    topGifterRank: null,
    gifterLevel: person.level,
    teamMemberLevel: 0,
  };
}

function connected({ roomId }: Room): string {
  return JSON.stringify({ event: "connected", data: { isConnected: true, roomId } });
}

const special = [
  { event: "questionNew", data: { questionText: "when did you start?", userId: "1", uniqueId: "zed" } },
  { event: "chat", data: "text" },
  { event: "chat", data: { comment: ["x"], userId: {} } },
  { event: "gift", data: { userId: "1", giftId: null } },
  [null, 7, { event: "somethingNew" }],
].map((message) => JSON.stringify(message));

/** Speaks TikFinity's event API. It asks no client for a name or key, so it turns none away. */
export const tikfinity: Protocol = {
  id: "tikfinity",
  port: 21213,
  variable: "TIKFINITY_URL",
  startFlags: "--source tikfinity",
  needsBroadcast: true,
  namesRetries: false,
  refusal: () => undefined,
  greeting: (_visit, room) => [connected(room)],
  frames: (notes, _visit, room) =>
    notes
      .map((note) => messageOf(note, room))
      .filter((message) => message !== undefined)
      .map((message) => JSON.stringify(message)),
  goodbye: { frames: [] },
  closes: [{ code: 1000, reason: "" }, { code: 1001, reason: "" }, "cut"],
  // The app lost TikTok for a moment: the line stays open.
  nudge: (room) => ({ frames: [JSON.stringify({ event: "disconnected", data: {} }), connected(room)] }),
  waits: { quota: undefined, evicted: undefined, wrongKey: undefined },
  garbage(random) {
    const user = (nickname: string) => ({ userId: "66600000000000001", uniqueId: "hostile", nickname });
    return pickGarbage(random, [
      ...special,
      ...["NaN", -5, 1e12].map((likeCount) => JSON.stringify({ event: "like", data: { ...user("h"), likeCount } })),
      ...hostileNames.map((name) => JSON.stringify({ event: "chat", data: { ...user(name), comment: name } })),
    ]);
  },
};

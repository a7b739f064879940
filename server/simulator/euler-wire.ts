/**
 * Euler Stream's protocol as the simulator speaks it (protocols 4.2): bundles `{timestamp, messages:[{type, data}]}` of schema v2, or v1
 * and single messages where a client asks for them.
 */
import { hostileNames, pickGarbage } from "./garbage.ts";
import type { Person } from "./people.ts";
import type { BattleHost, Happening, Note, Protocol, Room, Standing, Visit } from "./protocol.ts";

/** Most messages in one bundle. */
const maxBundle = 100;

interface Message {
  type: string;
  data: object;
}
type Schema = "v1" | "v2";

const names: Readonly<Record<Happening["type"], string>> = {
  chat: "WebcastChatMessage",
  gift: "WebcastGiftMessage",
  like: "WebcastLikeMessage",
  join: "WebcastMemberMessage",
  follow: "WebcastSocialMessage",
  share: "WebcastSocialMessage",
  subscribe: "WebcastSubNotifyMessage",
  viewers: "WebcastRoomUserSeqMessage",
  battle: "WebcastLinkMicBattle",
  battleScores: "WebcastLinkMicArmies",
  pin: "WebcastRoomPinMessage",
  caption: "WebcastCaptionMessage",
  envelope: "WebcastEnvelopeMessage",
  emote: "WebcastEmoteChatMessage",
  intro: "WebcastLiveIntroMessage",
  streamEnd: "WebcastControlMessage",
};

/** Keys of the text that TikTok shows: what tells a follow from a share. */
const displayKeys: Readonly<Partial<Record<Happening["type"], string>>> = {
  follow: "pm_main_follow_message_viewer_2",
  share: "pm_mt_guidance_share",
};

function messageOf(note: Note, schema: Schema, room: Room): Message {
  const { what } = note;
  const user = "person" in what && what.type !== "pin" ? { user: userOf(what.person, schema, room) } : {};
  return { type: names[what.type], data: { ...header(note, schema, room), ...user, ...payloadOf(note, schema, room) } };
}

/** What every message begins with; v1 calls it `event`. */
function header({ what, atMs, id }: Note, schema: Schema, { roomId }: Room): object {
  const key = displayKeys[what.type];
  if (schema === "v1") {
    const eventDetails = key === undefined ? {} : { eventDetails: { displayType: key, label: "{0:user} …" } };
    return { event: { msgId: id, createTime: String(atMs), ...eventDetails } };
  }
  const displayText = key === undefined ? {} : { displayText: { key, defaultPattern: "{0:user} …", pieces: [] } };
  const method = names[what.type];
  return { common: { method, msgId: id, roomId, createTime: String(atMs), isShowMsg: true, ...displayText } };
}

function payloadOf({ what, atMs }: Note, schema: Schema, room: Room): object {
  switch (what.type) {
    case "chat":
      return { comment: what.text, emotes: [] };
    case "like":
      return { likeCount: what.count, totalLikeCount: what.roomTotal };
    case "gift":
      return giftOf(what, schema, room);
    case "join":
      return schema === "v1" ? { actionId: 1 } : { action: 1 };
    case "follow":
      return { action: "1" };
    case "share":
      return { action: "3" };
    case "subscribe":
      return { subMonth: "1", subscribeType: 0, messageType: 0, subscribingStatus: 1 };
    default:
      return extraPayload(what, atMs, schema, room);
  }
}

/** A single gift belongs to no streak: its group is "0" (protocols 10.1.4). */
function giftOf(what: Happening & { type: "gift" }, schema: Schema, room: Room): object {
  const { gift, total, end, groupId } = what;
  const picture = `${room.base}/avatars/${gift.id}.png`;
  return {
    giftId: gift.id,
    repeatCount: total,
    comboCount: total,
    groupCount: 1,
    repeatEnd: end ? 1 : 0,
    groupId: gift.type === 1 ? groupId : "0",
    giftDetails: {
      id: String(gift.id),
      giftName: gift.name,
      giftType: gift.type,
      combo: gift.type === 1,
      diamondCount: gift.diamonds,
      describe: `Sent ${gift.name}`,
      giftImage: schema === "v1" ? { giftPictureUrl: picture } : { url: [picture] },
    },
  };
}

function extraPayload(what: Happening, atMs: number, schema: Schema, room: Room): object {
  switch (what.type) {
    case "viewers":
      return viewersOf(what, schema, room);
    case "battle":
      return {
        battleId: what.battleId,
        action: what.phase === "active" ? 4 : 5,
        battleSetting: { duration: what.seconds },
        battleResult: sidesOf(what.hosts, "score"),
      };
    case "battleScores":
      return { battleId: what.battleId, battleStatus: 1, battleItems: sidesOf(what.hosts, "hostScore") };
    case "pin":
      return {
        method: "WebcastChatMessage",
        action: what.pinned ? 1 : 2,
        displayDuration: "60",
        chatMessage: { comment: what.text, user: userOf(what.person, schema, room) },
      };
    case "caption":
      return { timestampMs: String(atMs), definite: what.final, content: [{ lang: "en", content: what.text }] };
    case "envelope": {
      const { person, diamonds, people } = what;
      const envelopeInfo = { sendUserName: person.nickname, diamondCount: diamonds, peopleCount: people };
      return { display: 1, envelopeInfo };
    }
    case "emote":
      return {
        emoteList: [{ emoteId: what.emoteId, image: pictureOf(`${room.base}/avatars/${what.emoteId}.png`, schema) }],
      };
    case "intro":
      return { description: what.text, language: "en" };
    default:
      return { action: 3 };
  }
}

function viewersOf(what: Happening & { type: "viewers" }, schema: Schema, room: Room): object {
  const ranks = what.top.map((person, i) => ({
    coinCount: 30 - i * 10,
    rank: i + 1,
    delta: "0",
    user: userOf(person, schema, room),
  }));
  return {
    viewerCount: what.count,
    totalUser: what.total,
    ...(schema === "v1" ? { topViewers: ranks } : { ranksList: ranks }),
  };
}

/** Scores by the host's id, as text. */
function sidesOf(hosts: readonly BattleHost[], field: "score" | "hostScore"): object {
  return Object.fromEntries(hosts.map(({ id, score }) => [id, { [field]: String(score) }]));
}

function pictureOf(url: string, schema: Schema): object {
  return schema === "v1" ? { urls: [url] } : { url: [url] };
}

/** Badge 1 is a moderator's, 8 the gifter level (protocols 2.2). */
function userOf(person: Person, schema: Schema, room: Room): object {
  const badges = [{ badgeSceneType: 8, privilegeLogExtra: { level: String(person.level) } }];
  if (person.moderator) badges.push({ badgeSceneType: 1, privilegeLogExtra: { level: "0" } });
  return {
    userId: person.id,
    nickname: person.nickname,
    uniqueId: person.handle,
    secUid: `MS4wLjABAAAA${person.id}`,
    ...(person.hasPicture ? { profilePicture: pictureOf(`${room.base}/avatars/${person.id}.png`, schema) } : {}),
    followInfo: {
      followStatus: person.follower ? "1" : "0",
      followerCount: "10",
      followingCount: "3",
      pushStatus: "0",
    },
    badges,
    isSubscribe: person.subscriber,
  };
}

const feature = ({ query }: Visit, name: string): string | null => query.get(`features.${name}`);
const bundles = (visit: Visit): boolean => feature(visit, "bundleEvents") !== "false";
const schemaOf = (visit: Visit): Schema => (feature(visit, "schemaVersion") === "v1" ? "v1" : "v2");

function handleOf({ query }: Visit): string {
  return (query.get("uniqueId") ?? "").replace(/^@/, "");
}

/** Puts messages into frames, as the client asked for them. */
function framesOf(messages: readonly Message[], visit: Visit, timestamp: number): string[] {
  if (!bundles(visit)) return messages.map((message) => JSON.stringify(message));
  const frames: string[] = [];
  for (let at = 0; at < messages.length; at += maxBundle) {
    frames.push(JSON.stringify({ timestamp, messages: messages.slice(at, at + maxBundle) }));
  }
  return frames;
}

function greeting(visit: Visit, room: Room, { viewers, nowMs }: Standing): string[] {
  const features = { bundleEvents: bundles(visit), rawMessages: false, syntheticPresence: false };
  const worker = { webSocketId: `ws-${room.roomId}`, schemaVersion: schemaOf(visit), features };
  const info = { id_str: room.roomId, title: room.title, user_count: viewers, status: 2 };
  // Each in a frame of its own, as the service sends them.
  return [
    { type: "workerInfo", data: worker },
    { type: "tiktok.connect", data: { agentId: "agent-1" } },
    { type: "roomInfo", data: info },
  ].flatMap((message) => framesOf([message], visit, nowMs));
}

/** What the service says of a line to TikTok that broke, told in a bundle even to clients that asked for none. */
function disconnected(code: number): string {
  return JSON.stringify({ messages: [{ type: "tiktok.disconnect", data: { reason: code } }] });
}

const special = [
  { type: "ping", data: {} },
  { type: "tiktok.rawBytes", data: { raw: "AAAA" } },
  { type: "SyntheticJoinMessage", data: { user: { userId: "1", uniqueId: "zed", nickname: "Zed" } } },
  { type: "WebcastChatMessage", data: null },
  { type: "WebcastChatMessage", data: { comment: { deep: true }, user: 5 } },
  { type: "WebcastGiftMessage", data: { user: { userId: "1" } } },
  { type: "error", data: { message: "upstream hiccup" } },
];

/** Speaks Euler Stream's protocol. */
export const euler: Protocol = {
  id: "euler",
  port: 7788,
  variable: "EULER_WS_URL",
  startFlags: "--source euler --user anyone",
  needsBroadcast: false,
  namesRetries: false,
  refusal(visit, door) {
    const { query } = visit;
    const handle = handleOf(visit);
    if (!door.isKey(query.get("apiKey") ?? query.get("jwtKey") ?? "")) return { code: 4401, reason: "Invalid API key" };
    if (handle === "") return { code: 4400, reason: "uniqueId is missing" };
    if (feature(visit, "rawMessages") === "true") return { code: 4400, reason: "rawMessages is not simulated" };
    const schema = feature(visit, "schemaVersion");
    if (schema !== null && schema !== "v1" && schema !== "v2") return { code: 4400, reason: "unknown schemaVersion" };
    return door.isOffline(handle) ? { code: 4404, reason: "Not live" } : undefined;
  },
  greeting,
  frames(notes, visit, room) {
    const schema = schemaOf(visit);
    const messages = notes.map((note) => messageOf(note, schema, room));
    return framesOf(messages, visit, notes.at(-1)?.atMs ?? 0);
  },
  goodbye: { frames: [disconnected(4005)], close: { code: 4005, reason: "Stream ended" } },
  closes: [
    { code: 1000, reason: "" },
    "cut",
    { code: 1011, reason: "internal error" },
    { code: 4500, reason: "TikTok closed the connection" },
    { code: 4555, reason: "Max lifetime reached" },
  ],
  nudge: () => ({ frames: [disconnected(4500)], close: { code: 4500, reason: "TikTok closed the connection" } }),
  waits: {
    quota: { code: 4429, reason: "Too many connections" },
    evicted: undefined,
    wrongKey: { code: 4401, reason: "Invalid API key" },
  },
  garbage(random, { roomId }) {
    const user = (nickname: string) => ({ userId: "66600000000000001", uniqueId: "hostile", nickname });
    const common = { msgId: "", roomId };
    const messages: object[] = [
      ...special,
      ...["NaN", -5, 1e12].map((likeCount) => ({
        type: "WebcastLikeMessage",
        data: { common, user: user("h"), likeCount },
      })),
      ...hostileNames.map((name) => ({
        type: "WebcastChatMessage",
        data: { common, user: user(name), comment: name },
      })),
    ];
    const bundle = [null, 7, [], random.pick(messages)];
    return pickGarbage(random, [JSON.stringify({ timestamp: "soon", messages: bundle }), '{"messages":{"0":{}}}']);
  },
};

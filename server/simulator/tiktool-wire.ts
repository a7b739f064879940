/** TikTool's protocol as the simulator speaks it (protocols 1.3 and 1.4, protoVersion 3): one message per frame. */
import { hostileNames, pickGarbage } from "./garbage.ts";
import type { Person } from "./people.ts";
import type { BattleHost, Farewell, Happening, Note, Protocol, Room, Standing } from "./protocol.ts";

interface Message {
  event: string;
  [field: string]: unknown;
}

const names: Readonly<Partial<Record<Happening["type"], string>>> = {
  join: "member",
  viewers: "roomUserSeq",
  battleScores: "battleArmies",
  pin: "roomPin",
  intro: "liveIntro",
};

/** The message that tells of a note. */
export function messageOf({ what, atMs, id }: Note, room: Room): Message {
  const name = names[what.type] ?? what.type;
  const base = { type: name, timestamp: atMs, msgId: id, protoVersion: 3 };
  const user = "person" in what ? { user: userOf(what.person, room) } : {};
  return { event: name, data: { ...base, ...user, ...payloadOf(what, atMs, room) } };
}

function payloadOf(what: Happening, atMs: number, room: Room): object {
  switch (what.type) {
    case "chat":
      return { comment: what.text, emotes: [], language: "en", messageUuid: `u${atMs}` };
    case "like":
      return { likeCount: what.count, totalLikes: what.roomTotal };
    case "gift":
      return {
        giftId: what.gift.id,
        giftName: what.gift.name,
        diamondCount: what.gift.diamonds,
        repeatCount: what.total,
        repeatEnd: what.end,
        giftType: what.gift.type,
        groupId: what.groupId,
        senderUserId: what.person.id,
        transactionId: what.transactionId,
      };
    case "join":
      return { actionId: 1, actionCode: 38, entrySource: "homepage_hot-live_cell", entryAction: "draw" };
    case "follow":
    case "share":
    case "subscribe":
      return { eventType: what.type };
    default:
      return extraPayload(what, atMs, room);
  }
}

function extraPayload(what: Happening, atMs: number, room: Room): object {
  switch (what.type) {
    case "viewers":
      return { viewerCount: what.count, totalViewers: what.total, topViewers: topViewers(what.top, room) };
    case "battle":
      return {
        battleId: what.battleId,
        status: what.phase === "active" ? 1 : 3,
        battleDuration: what.seconds,
        teams: teamsOf(what.hosts),
        scores: what.hosts.map(({ score }) => score),
        extraHostUserIds: [],
        layoutSubtype: "cohost_normal",
      };
    case "battleScores":
      return {
        battleId: what.battleId,
        status: 1,
        serverTsMs: atMs,
        teams: teamsOf(what.hosts),
        hosts: what.hosts.map(({ id, score }, teamIdx) => ({
          hostUserId: id,
          teamTotalScore: score,
          teamIdx,
          contributors: [],
        })),
      };
    case "pin":
      return {
        comment: what.text,
        action: what.pinned ? 1 : 2,
        durationSeconds: 60,
        pinnedAt: atMs,
        originalMsgType: "WebcastChatMessage",
      };
    case "caption":
      return {
        text: what.text,
        isFinal: what.final,
        startedAtMs: atMs - 1000,
        endsAtMs: atMs + 1000,
        language: "en",
      };
    case "envelope":
      return { coins: what.diamonds, canOpen: what.people };
    case "emote":
      return { emoteId: what.emoteId, emoteUrl: `${room.base}/avatars/${what.emoteId}.png` };
    case "intro":
      return { description: what.text };
    default:
      return { reason: 3, action: 3 };
  }
}

function teamsOf(hosts: readonly BattleHost[]): object[] {
  return hosts.map(({ id, score }) => ({ hostUserId: id, score, users: [] }));
}

function topViewers(top: readonly Person[], room: Room): object[] {
  return top.map((person, i) => ({ user: userOf(person, room), coinCount: 30 - i * 10 }));
}

function userOf(person: Person, room: Room) {
  return {
    userId: person.id,
    uniqueId: person.handle,
    nickname: person.nickname,
    profilePictureUrl: person.hasPicture ? `${room.base}/avatars/${person.id}.png` : "",
    followRole: person.follower ? 1 : 0,
    userBadges: [],
    isModerator: person.moderator,
    isSubscriber: person.subscriber,
    isNewGifter: false,
    topGifterRank: null,
    level: person.level,
  };
}

function roomInfo(handle: string, { roomId, title }: Room, { viewers, likes }: Standing): Message {
  const owner = { nickname: handle, uniqueId: handle };
  const info = { title, user_count: viewers, like_count: likes, owner };
  return { event: "roomInfo", roomId, uniqueId: handle, roomInfo: info };
}

/** The captions' line has flat messages without ids (protocols 1.4). */
function captionOf({ what, atMs }: Note): string[] {
  if (what.type !== "caption") return [];
  const { text, final } = what;
  const words = { text, isFinal: final, speaker: "Speaker 1", language: "en", timestamp: Math.floor(atMs / 1000) };
  const frames = [JSON.stringify({ type: "caption", ...words })];
  if (final) frames.push(JSON.stringify({ type: "credits", total: 500, used: 50, remaining: 450 }));
  return frames;
}

const nudge: Farewell = {
  frames: [JSON.stringify({ type: "session_limit", message: "Session limit reached", sessionMaxMs: 7_200_000 })],
  close: { code: 4006, reason: "Max duration reached" },
};

const special = [
  { event: "ping", data: {} },
  { event: "_journal", data: {} },
  { event: "unknown", data: { type: "unknown", method: "WebcastNewThingMessage", msgId: "" } },
  { event: "error", data: { error: "upstream hiccup" } },
  { event: "chat", data: null },
  { event: "chat", data: { comment: 7, user: [] } },
  { event: "gift", data: { user: null } },
].map((message) => JSON.stringify(message));

/** Speaks TikTool's protocol. */
export const tiktool: Protocol = {
  id: "tiktool",
  port: 7788,
  variable: "TIKTOOL_URL",
  startFlags: "--source tiktool --user anyone",
  needsBroadcast: false,
  namesRetries: true,
  refusal({ query }, door) {
    const handle = query.get("uniqueId") ?? "";
    if (!door.isKey(query.get("apiKey") ?? query.get("jwtKey") ?? "")) return { code: 4401, reason: "Invalid API key" };
    if (handle === "") return { code: 4004, reason: "uniqueId is missing" };
    return door.isOffline(handle) ? { code: 4404, reason: "Creator is not currently live" } : undefined;
  },
  greeting: ({ query }, room, standing) => [JSON.stringify(roomInfo(query.get("uniqueId") ?? "", room, standing))],
  frames: (notes, _visit, room) => notes.map((note) => JSON.stringify(messageOf(note, room))),
  captions: {
    path: "/captions",
    greeting: () => [JSON.stringify({ type: "status", status: "connected" })],
    frames: (notes) => notes.flatMap(captionOf),
  },
  goodbye: { frames: [], close: { code: 4005, reason: "Stream ended" } },
  closes: [
    { code: 1000, reason: "" },
    { code: 1001, reason: "going away" },
    "cut",
    { code: 1011, reason: "internal error" },
    { code: 4006, reason: "Max duration reached" },
    { code: 4007, reason: "Server overloaded" },
  ],
  nudge: () => nudge,
  waits: {
    quota: { code: 4429, reason: "Daily Demo Limit Reached" },
    evicted: { code: 4429, reason: "Evicted - newer connection arrived (FIFO)" },
    wrongKey: { code: 4401, reason: "Invalid API key" },
  },
  garbage(random) {
    const user = (nickname: string) => ({ userId: "66600000000000001", uniqueId: "hostile", nickname });
    return pickGarbage(random, [
      ...special,
      ...[Number.NaN, -5, 1e12, "lots"].map((likeCount) =>
        JSON.stringify({ event: "like", data: { msgId: "", user: user("h"), likeCount: String(likeCount) } }),
      ),
      ...hostileNames.map((name) =>
        JSON.stringify({ event: "chat", data: { msgId: "", user: user(name), comment: name } }),
      ),
    ]);
  },
};

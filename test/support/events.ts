/** Builders of events and viewers for tests: everything filled in, what matters set by the test. */
import {
  type LiveEvent,
  type LiveEventOf,
  type LiveEventType,
  liveEventSchema,
} from "../../shared/events/live-event.ts";
import type { Viewer } from "../../shared/events/viewer.ts";

/** A viewer of platform "tiktok" whose id, handle and name come from one word. */
export function aViewer(id = "ana", fields: Partial<Viewer> = {}): Viewer {
  return {
    platform: "tiktok",
    id,
    handle: id,
    name: id,
    roles: { moderator: false, subscriber: false, follower: false, owner: false },
    levels: { gifter: 0, team: 0 },
    ...fields,
  };
}

const base = (id: string) => ({
  id,
  source: "test-source",
  roomId: "room",
  ts: 0,
  receivedAt: 0,
  replay: false,
  weakId: false,
  test: false,
});

export function aChat(text: string, who = "ana", fields: Partial<LiveEventOf<"chat">> = {}): LiveEvent {
  return { ...base(`chat-${who}-${text}`), type: "chat", viewer: aViewer(who), text, ...fields };
}

/** A single gift; `unitValue` decides its tier. Its id holds `nr`, so that two gifts differ. */
export function aGift(unitValue: number, who = "ana", nr = 1, fields: Partial<LiveEventOf<"gift">> = {}): LiveEvent {
  return {
    ...base(`gift-${who}-${unitValue}-${nr}`),
    type: "gift",
    viewer: aViewer(who),
    gift: { id: `g${unitValue}`, name: `Gift ${unitValue}`, unitValue, currency: "diamond" },
    count: 1,
    streakKey: "",
    streakTotal: 1,
    ...fields,
  };
}

export function aLike(roomDelta: number, who = "ana"): LiveEvent {
  return { ...base(`like-${who}-${roomDelta}`), type: "like", viewer: aViewer(who), count: 1, roomDelta, roomTotal: 0 };
}

export function anAct(type: "follow" | "share" | "join", who = "ana"): LiveEvent {
  return { ...base(`${type}-${who}`), type, viewer: aViewer(who) };
}

const rose = { id: "5655", name: "Rose", unitValue: 1, currency: "diamond" };
const own: Readonly<Record<LiveEventType, object>> = {
  chat: { text: "hi" },
  gift: { gift: rose, count: 2, streakKey: "tiktok:ana|5655|gk", streakTotal: 5 },
  giftStreakEnd: { gift: rose, streakKey: "tiktok:ana|5655|gk", streakTotal: 5, inferred: true },
  like: { count: 3, roomDelta: 9, roomTotal: 0 },
  join: {},
  follow: {},
  share: {},
  subscribe: { months: 3, tier: "1000", giftCount: 0 },
  emote: { emoteId: "e1", url: "https://example.com/e.png" },
  viewers: { count: 5, total: 9 },
  battle: { battleId: "b", phase: "active", scores: [1, 2] },
  battleScores: { battleId: "b", scores: [3, 4] },
  pin: { text: "read this", pinned: true },
  caption: { text: "said", final: true, language: "en" },
  envelope: { value: 5, people: 2 },
  intro: { text: "welcome" },
  raid: { viewers: 30 },
  redeem: { rewardId: "r", title: "Hydrate", cost: 300, text: "now" },
  streamStart: {},
  streamEnd: { reason: "over" },
  error: { reason: "their line is gone" },
};
const nobodys: ReadonlySet<LiveEventType> = new Set([
  "viewers",
  "battle",
  "battleScores",
  "caption",
  "streamStart",
  "streamEnd",
  "error",
]);

/** An event of any type, with plausible fields. */
export function anEvent(type: LiveEventType): LiveEvent {
  return liveEventSchema.parse({
    ...base(`of-${type}`),
    type,
    ...(nobodys.has(type) ? {} : { viewer: aViewer() }),
    ...own[type],
  });
}

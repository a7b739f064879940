/** Builders of events and viewers for tests: everything filled in, what matters set by the test. */
import type { LiveEvent, LiveEventOf } from "../../shared/events/live-event.ts";
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

/** Builders of what sources say, for the ingest's tests. */

import type { SourceEvent, SourceGift, SourceLike } from "../../../server/ingest/source.ts";
import type { Viewer } from "../../../shared/events/viewer.ts";

const base = { id: "", roomId: "", ts: 0, replay: false, test: false };

export function aViewer(id: string = "1", changes: Partial<Viewer> = {}): Viewer {
  return {
    platform: "tiktok",
    id,
    handle: `viewer_${id}`,
    name: `Viewer ${id}`,
    roles: { moderator: false, subscriber: false, follower: false, owner: false },
    levels: { gifter: 0, team: 0 },
    ...changes,
  };
}

export function aChat(text: string, changes: Partial<SourceEvent & { type: "chat" }> = {}): SourceEvent {
  return { ...base, type: "chat", viewer: aViewer(), text, ...changes };
}

export function aGift(changes: Partial<SourceGift> = {}): SourceGift {
  return {
    ...base,
    type: "gift",
    viewer: aViewer(),
    gift: { id: "9001", name: "Spark", unitValue: 1, currency: "diamond" },
    total: 1,
    end: false,
    streakable: true,
    groupId: "g1",
    transactionId: "",
    ...changes,
  };
}

export function aLike(count: number, roomTotal: number, changes: Partial<SourceLike> = {}): SourceLike {
  return { ...base, type: "like", viewer: aViewer(), count, roomTotal, ...changes };
}

/** An event of a type that has only a viewer. */
export function anAct(type: "join" | "follow" | "share", viewerId: string = "1", id: string = ""): SourceEvent {
  return { ...base, id, type, viewer: aViewer(viewerId) };
}

export function aSubscribe(
  viewerId: string = "1",
  changes: Partial<SourceEvent & { type: "subscribe" }> = {},
): SourceEvent {
  return { ...base, type: "subscribe", viewer: aViewer(viewerId), months: 0, tier: "", giftCount: 0, ...changes };
}

/** Built events: what viewers do, made up for tests of games, with everything filled in that a test does not care about. */
import { type LiveEvent, type LiveEventType, liveEventSchema } from "../events/live-event.ts";
import type { Viewer } from "../events/viewer.ts";
import { ticksPerSecond } from "../world/world.ts";

/** A viewer of platform "tiktok" whose id, handle and name are one word. `fields` replace parts of it. */
export function aViewer(handle: string, fields: Partial<Viewer> = {}): Viewer {
  return {
    platform: "tiktok",
    id: handle,
    handle,
    name: handle,
    roles: { moderator: false, subscriber: false, follower: false, owner: false },
    levels: { gifter: 0, team: 0 },
    ...fields,
  };
}

/** A gift as tests name it: its price in diamonds, and how many at once (default 1). */
export interface BuiltGift {
  readonly value: number;
  readonly count?: number;
  /** Name and id. Default: made from the price, so that no rule names it by chance. */
  readonly name?: string;
}

/** Makes events with ids of their own; one for each show of a test. */
export interface EventBuilder {
  /** An event of any type; `fields` are those of its LiveEvent. Throws on what no LiveEvent can be. */
  event(type: LiveEventType, who: string | Viewer, tick: number, fields?: Readonly<Record<string, unknown>>): LiveEvent;
  gift(who: string | Viewer, tick: number, gift: BuiltGift): LiveEvent;
}

/** Creates a builder; the same calls give the same events. */
export function createEventBuilder(source = "test"): EventBuilder {
  let nr = 0;
  const event: EventBuilder["event"] = (type, who, tick, fields = {}) => {
    const at = Math.round((tick * 1000) / ticksPerSecond);
    const base = { id: `${source}:${++nr}`, source, roomId: "", ts: at, receivedAt: at };
    const viewer = typeof who === "string" ? aViewer(who) : who;
    return liveEventSchema.parse({ ...base, viewer, ...fields, type });
  };
  return {
    event,
    gift(who, tick, { value, count = 1, name = `${value} diamonds` }) {
      const gift = { id: name, name, unitValue: value, currency: "diamond" };
      return event("gift", who, tick, { gift, count, streakKey: "", streakTotal: count });
    },
  };
}

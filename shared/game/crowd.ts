/** Crowd: everyone known to a show, viewers and bots, by key; bounded, the longest silent forgotten first. */
import { type Viewer, type ViewerKey, viewerKey } from "../events/viewer.ts";

export interface Member {
  readonly key: ViewerKey;
  viewer: Viewer;
  readonly bot: boolean;
  /** Tick of the first and the last act. */
  readonly sinceTick: number;
  lastActTick: number;
  /** Only ever seen in test events. */
  test: boolean;
}

export interface Crowd {
  get(key: ViewerKey): Member | undefined;
  values(): IterableIterator<Member>;
  readonly size: number;
  /** The member whose handle or name is `text` (case and "@" do not matter), the latest to act first. */
  find(text: string): Member | undefined;
  /** Notes an act and returns the member, new or known. */
  meet(viewer: Viewer, tick: number, options?: { bot?: boolean; test?: boolean }): Member;
  remove(key: ViewerKey): void;
}

/** Most members kept. */
export const maxMembers = 20_000;

/** Creates an empty crowd. `isNeeded` tells whether a silent member may not be forgotten (has a body, a banked gift). */
export function createCrowd(isNeeded: (key: ViewerKey) => boolean): Crowd {
  // A Map keeps insertion order; members move to its end when they act, so its start is who was silent longest.
  const members = new Map<ViewerKey, Member>();
  const forgetOne = () => {
    let looked = 0;
    for (const key of members.keys()) {
      if (!isNeeded(key)) return members.delete(key);
      if (++looked > 100) return false;
    }
    return false;
  };
  return {
    get: (key) => members.get(key),
    values: () => members.values(),
    get size() {
      return members.size;
    },
    find(text) {
      const wanted = text.replace(/^@/, "").toLowerCase();
      let found: Member | undefined;
      if (!wanted) return undefined;
      for (const member of members.values()) {
        const { handle, name } = member.viewer;
        if (handle.toLowerCase() === wanted || name.toLowerCase() === wanted) found = member;
      }
      return found;
    },
    meet(viewer, tick, options = {}) {
      const key = viewerKey(viewer);
      const known = members.get(key);
      if (known) {
        known.viewer = viewer;
        known.lastActTick = tick;
        known.test &&= options.test ?? false;
        members.delete(key);
        members.set(key, known);
        return known;
      }
      if (members.size >= maxMembers) forgetOne();
      const fresh: Member = {
        key,
        viewer,
        bot: options.bot ?? false,
        sinceTick: tick,
        lastActTick: tick,
        test: options.test ?? false,
      };
      members.set(key, fresh);
      return fresh;
    },
    remove: (key) => void members.delete(key),
  };
}

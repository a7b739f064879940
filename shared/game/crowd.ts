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

/** Members looked at for one that may be forgotten; needed ones met on the way move to the end. */
const maxLooks = 100;

/** Creates an empty crowd. `isNeeded` tells whether a silent member may not be forgotten (has a body, a banked gift). */
export function createCrowd(isNeeded: (key: ViewerKey) => boolean): Crowd {
  // A Map keeps insertion order; members move to its end when they act, so its start is who was silent longest.
  const members = new Map<ViewerKey, Member>();
  const byName = createNameIndex();

  const remove = (key: ViewerKey) => {
    const member = members.get(key);
    if (!member) return;
    byName.remove(member);
    members.delete(key);
  };
  const forgetOne = () => {
    let looked = 0;
    for (const [key, member] of members) {
      if (!isNeeded(key)) return remove(key);
      if (++looked > maxLooks) return;
      members.delete(key);
      members.set(key, member);
    }
  };
  const know = (viewer: Viewer, key: ViewerKey, tick: number, bot: boolean, test: boolean): Member => {
    const known = members.get(key);
    if (!known) {
      if (members.size >= maxMembers) forgetOne();
      return { key, viewer, bot, sinceTick: tick, lastActTick: tick, test };
    }
    byName.remove(known);
    known.viewer = viewer;
    known.lastActTick = tick;
    known.test &&= test;
    members.delete(key);
    return known;
  };
  return {
    get: (key) => members.get(key),
    values: () => members.values(),
    get size() {
      return members.size;
    },
    find: (text) => byName.find(text),
    meet(viewer, tick, { bot = false, test = false } = {}) {
      const key = viewerKey(viewer);
      const member = know(viewer, key, tick, bot, test);
      members.set(key, member);
      byName.add(member);
      return member;
    },
    remove,
  };
}

/** Finds members by handle or name, the latest to act first. */
function createNameIndex() {
  const byName = new Map<string, Member>();
  const namesOf = ({ viewer }: Member) => [viewer.handle.toLowerCase(), viewer.name.toLowerCase()];
  return {
    add(member: Member) {
      for (const name of namesOf(member)) if (name) byName.set(name, member);
    },
    remove(member: Member) {
      for (const name of namesOf(member)) if (byName.get(name) === member) byName.delete(name);
    },
    find: (text: string) => byName.get(text.replace(/^@/, "").toLowerCase()),
  };
}

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
  save(): SavedCrowd;
}

/** A crowd as plain JSON, in its order: viewer, first and last act, and bits for what is true of the member (`bits`). */
export type SavedCrowd = readonly (readonly [viewer: Viewer, sinceTick: number, lastActTick: number, bits: number])[];

/** Bot, seen only in test events; found by their handle, by their name. */
const bits = { bot: 1, test: 2, handle: 4, name: 8 };

/** Most members kept. */
export const maxMembers = 20_000;

/** Members looked at for one that may be forgotten; needed ones met on the way move to the end. */
const maxLooks = 100;

/**
 * Creates an empty crowd, or goes on with a saved one. `isNeeded` tells whether a silent member may not be forgotten (has a body, a banked
 * gift).
 */
export function createCrowd(isNeeded: (key: ViewerKey) => boolean, saved: SavedCrowd = []): Crowd {
  // A Map keeps insertion order; members move to its end when they act, so its start is who was silent longest.
  const members = new Map<ViewerKey, Member>();
  const byName = createNameIndex();
  for (const [viewer, sinceTick, lastActTick, has] of saved) {
    const key = viewerKey(viewer);
    const member = { key, viewer, bot: (has & bits.bot) > 0, sinceTick, lastActTick, test: (has & bits.test) > 0 };
    members.set(key, member);
    byName.restore(member, has);
  }

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
    save: () =>
      Array.from(members.values(), (member) => {
        const { viewer, bot, sinceTick, lastActTick, test } = member;
        const has = (bot ? bits.bot : 0) + (test ? bits.test : 0) + byName.foundBy(member);
        return [viewer, sinceTick, lastActTick, has];
      }),
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
    /** Of the bits, whether the member is who is found by their handle, and by their name. */
    foundBy(member: Member): number {
      const [handle, name] = namesOf(member) as [string, string];
      return (byName.get(handle) === member ? bits.handle : 0) + (byName.get(name) === member ? bits.name : 0);
    },
    restore(member: Member, has: number) {
      const [handle, name] = namesOf(member) as [string, string];
      if (has & bits.handle) byName.set(handle, member);
      if (has & bits.name) byName.set(name, member);
    },
    find: (text: string) => byName.get(text.replace(/^@/, "").toLowerCase()),
  };
}

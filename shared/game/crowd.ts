/** Crowd: everyone known to a show, viewers and bots, by key; bounded, the longest silent forgotten first. */
import { type Viewer, type ViewerKey, viewerKey } from "../events/viewer.ts";

/** Somebody whom the show knows: who acted, or a bot. */
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

/** Everybody whom the show knows, in `show.crowd`. */
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

/** A member as plain JSON, in little room; `bits` tell what is true of it. */
type SavedMember = readonly [
  ...viewer: [platform: string, id: string, handle: string, name: string, avatarUrl: string | null],
  ...levels: [gifter: number, team: number],
  bits: number,
  sinceTick: number,
  lastActTick: number,
];

/** A crowd as plain JSON, in its order. */
export type SavedCrowd = readonly SavedMember[];

/** Bot, seen only in test events; found by their handle, by their name; then the roles. */
const bits = { bot: 1, test: 2, handle: 4, name: 8, moderator: 16, subscriber: 32, follower: 64, owner: 128 };

/** Most members kept. */
export const maxMembers = 20_000;

/** Members looked at for one that may be forgotten; needed ones met on the way move to the end. */
const maxLooks = 100;

/** A member with what the crowd itself keeps of them. */
interface Known {
  readonly member: Member;
  /** Handle and name as they are looked for. */
  handle: string;
  name: string;
  /** As it was saved last, as long as it still is so: most of a large crowd is silent from one checkpoint to the next. */
  saved: SavedMember | undefined;
}

/**
 * Creates an empty crowd, or goes on with a saved one. `isNeeded` tells whether a silent member may not be forgotten (has a body, a banked
 * gift).
 */
export function createCrowd(isNeeded: (key: ViewerKey) => boolean, saved: SavedCrowd = []): Crowd {
  // A Map keeps insertion order; members move to its end when they act, so its start is who was silent longest.
  const members = new Map<ViewerKey, Known>();
  const byName = createNameIndex();
  for (const one of saved) {
    const member = memberOf(one);
    const known = { member, ...namesOf(member.viewer), saved: one };
    members.set(member.key, known);
    byName.restore(known, one[7]);
  }

  const remove = (key: ViewerKey) => {
    const known = members.get(key);
    if (!known) return;
    byName.remove(known);
    members.delete(key);
  };
  const forgetOne = () => {
    let looked = 0;
    for (const [key, known] of members) {
      if (!isNeeded(key)) return remove(key);
      if (++looked > maxLooks) return;
      members.delete(key);
      members.set(key, known);
    }
  };
  const know = (viewer: Viewer, key: ViewerKey, tick: number, bot: boolean, test: boolean): Known => {
    const known = members.get(key);
    if (!known) {
      if (members.size >= maxMembers) forgetOne();
      const member = { key, viewer, bot, sinceTick: tick, lastActTick: tick, test };
      return { member, ...namesOf(viewer), saved: undefined };
    }
    byName.remove(known);
    const { member } = known;
    member.viewer = viewer;
    member.lastActTick = tick;
    member.test &&= test;
    known.saved = undefined;
    Object.assign(known, namesOf(viewer));
    members.delete(key);
    return known;
  };
  return {
    get: (key) => members.get(key)?.member,
    *values() {
      for (const { member } of members.values()) yield member;
    },
    get size() {
      return members.size;
    },
    find: (text) => byName.find(text)?.member,
    meet(viewer, tick, { bot = false, test = false } = {}) {
      const key = viewerKey(viewer);
      const known = know(viewer, key, tick, bot, test);
      members.set(key, known);
      byName.add(known);
      return known.member;
    },
    remove,
    save: () =>
      Array.from(members.values(), (known) => {
        known.saved ??= savedMember(known.member, byName.foundBy(known));
        return known.saved;
      }),
  };
}

function namesOf({ handle, name }: Viewer): Pick<Known, "handle" | "name"> {
  return { handle: handle.toLowerCase(), name: name.toLowerCase() };
}

function savedMember({ viewer, bot, test, sinceTick, lastActTick }: Member, found: number): SavedMember {
  const { platform, id, handle, name, avatarUrl = null, roles, levels } = viewer;
  let has = found + (bot ? bits.bot : 0) + (test ? bits.test : 0);
  for (const role of roleNames) if (roles[role]) has += bits[role];
  return [platform, id, handle, name, avatarUrl, levels.gifter, levels.team, has, sinceTick, lastActTick];
}

const roleNames = ["moderator", "subscriber", "follower", "owner"] as const;

function memberOf(saved: SavedMember): Member {
  const [platform, id, handle, name, avatarUrl, gifter, team, has, sinceTick, lastActTick] = saved;
  const is = (bit: number) => (has & bit) > 0;
  const roles = {
    moderator: is(bits.moderator),
    subscriber: is(bits.subscriber),
    follower: is(bits.follower),
    owner: is(bits.owner),
  };
  const picture = avatarUrl === null ? {} : { avatarUrl };
  const viewer: Required<Omit<Viewer, "avatarUrl">> = {
    platform,
    id,
    handle,
    name,
    ...picture,
    roles,
    levels: { gifter, team },
  };
  return { key: viewerKey(viewer), viewer, bot: is(bits.bot), sinceTick, lastActTick, test: is(bits.test) };
}

/** Finds members by handle or name, the latest to act first. */
function createNameIndex() {
  const byName = new Map<string, Known>();
  const add = (name: string, known: Known) => {
    if (name === "") return;
    // Whoever was found by it before is not any more, and would be saved otherwise.
    const before = byName.get(name);
    if (before) before.saved = undefined;
    byName.set(name, known);
  };
  const remove = (name: string, known: Known) => {
    if (byName.get(name) === known) byName.delete(name);
  };
  return {
    add(known: Known) {
      add(known.handle, known);
      add(known.name, known);
    },
    remove(known: Known) {
      remove(known.handle, known);
      remove(known.name, known);
    },
    /** Of the bits, whether the member is who is found by their handle, and by their name. */
    foundBy(known: Known): number {
      const { handle, name } = known;
      return (byName.get(handle) === known ? bits.handle : 0) + (byName.get(name) === known ? bits.name : 0);
    },
    restore(known: Known, has: number) {
      if (has & bits.handle) byName.set(known.handle, known);
      if (has & bits.name) byName.set(known.name, known);
    },
    find: (text: string) => byName.get(text.replace(/^@/, "").toLowerCase()),
  };
}

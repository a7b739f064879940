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

/**
 * Creates an empty crowd, or goes on with a saved one. `isNeeded` tells whether a silent member may not be forgotten (has a body, a banked
 * gift).
 */
export function createCrowd(isNeeded: (key: ViewerKey) => boolean, saved: SavedCrowd = []): Crowd {
  // A Map keeps insertion order; members move to its end when they act, so its start is who was silent longest.
  const members = new Map<ViewerKey, Member>();
  const byName = createNameIndex();
  for (const one of saved) {
    const member = memberOf(one);
    members.set(member.key, member);
    byName.restore(member, one[7]);
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
    save: () => Array.from(members.values(), (member) => savedMember(member, byName.foundBy(member))),
  };
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
  const byName = new Map<string, Member>();
  /** Handle and name of each member as they are looked for. */
  const names = new Map<Member, readonly [handle: string, name: string]>();
  const keep = (member: Member) => {
    const { handle, name } = member.viewer;
    const kept = [handle.toLowerCase(), name.toLowerCase()] as const;
    names.set(member, kept);
    return kept;
  };
  return {
    add(member: Member) {
      for (const name of keep(member)) if (name) byName.set(name, member);
    },
    remove(member: Member) {
      for (const name of names.get(member) ?? []) if (byName.get(name) === member) byName.delete(name);
      names.delete(member);
    },
    /** Of the bits, whether the member is who is found by their handle, and by their name. */
    foundBy(member: Member): number {
      const [handle, name] = names.get(member)!;
      return (byName.get(handle) === member ? bits.handle : 0) + (byName.get(name) === member ? bits.name : 0);
    },
    restore(member: Member, has: number) {
      const [handle, name] = keep(member);
      if (has & bits.handle) byName.set(handle, member);
      if (has & bits.name) byName.set(name, member);
    },
    find: (text: string) => byName.get(text.replace(/^@/, "").toLowerCase()),
  };
}

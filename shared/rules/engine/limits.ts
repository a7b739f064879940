/**
 * Limits: cooldowns and quotas. An act that must not be lost reserves the next moment that is free: of a cooldown the tick after all
 * that reserved before, of a quota per round the first round that still has room.
 */

import type { BoundedMap } from "../../game/bounded.ts";
import { allSteps } from "../all-steps.ts";
import type { CompiledLimit, CompiledRule, CompiledStep } from "../compiled.ts";
import { type HeldState, takenOver } from "./held.ts";
import type { Present } from "./present.ts";

/** A moment that never comes in this show. */
export const never = Number.MAX_SAFE_INTEGER;

/** Rounds ahead that are looked at for room; what finds none shares the last of them. */
const maxRoundsAhead = 100;

/** Asked again after this much when a round has no room left for what was late. */
const nextTryTicks = 60;

/** Who an act is by: "" for nobody, and for no team. */
interface Who {
  readonly key: string;
  readonly team: string;
}

/** A call, or a change or line that is due, as limits see it. */
export interface Due {
  readonly firing: number;
  readonly notBeforeTick: number;
  readonly notBeforeRound: number;
  readonly delayTicks: number;
}

/** What is kept of a limit. */
type Part = "used" | "acted" | "late";
const parts: readonly Part[] = ["used", "acted", "late"];

interface Now {
  readonly tick: number;
  readonly round: number;
  readonly day: number;
}

/** One limit and what is used of it, shared by all rules that have it. */
export class LimitNow {
  readonly limit: CompiledLimit;
  /** Names it in saved state. */
  readonly name: string;
  /** For people. */
  readonly words: string;
  /** Of a cooldown, the tick until which it holds, by viewer or team; of a quota, how much is used, by window and viewer or team. */
  readonly used: BoundedMap<number>;
  /** What of it has really acted: of a cooldown, the tick of the last firing; of a quota per round, how many did. */
  readonly acted: BoundedMap<number>;
  /** Of a cooldown, the tick of the last firing that acted later than it should have. */
  readonly late: BoundedMap<number>;

  /** A cooldown that was longer before. */
  readonly isShorter: boolean;
  /** Longest time that a rule of it waits by itself before it acts. */
  delayTicks = 0;

  constructor(limit: CompiledLimit, name: string, before: HeldState | undefined) {
    const { cooldownTicks } = limit;
    this.limit = limit;
    this.name = name;
    this.words = limitWords(limit);
    this.used = takenOver(before?.limits[name]);
    this.acted = takenOver(before?.acted[name]);
    this.late = takenOver(before?.late[name]);
    this.isShorter = before !== undefined && cooldownTicks < (before.cooldowns[name] ?? 0);
    if (before && this.isShorter) this.#shorten(before.tick + cooldownTicks);
  }

  /** The cooldown has become shorter: nobody waits longer than a whole one. */
  #shorten(mostTick: number): void {
    for (const [key, untilTick] of this.used.entries()) if (untilTick > mostTick) this.used.set(key, mostTick);
  }

  /** Whose it is for who is present, "" for everyone's; undefined when it does not hold for them. */
  keyOf(who: Who): string | undefined {
    if (this.limit.scope === "everyone") return "";
    return (this.limit.scope === "viewer" ? who.key : who.team) || undefined;
  }

  /** Whether a part of it still matters at this time. */
  keeps(part: Part, value: number, key: string, { tick, round, day }: Now): boolean {
    const { cooldownTicks, per } = this.limit;
    if (cooldownTicks > 0) return (part === "used" ? value : value + cooldownTicks + this.delayTicks) > tick;
    if (per === "show") return true;
    return Number.parseInt(key, 10) >= (per === "round" ? round : day);
  }
}

/** When something may act. One object, used again. */
export interface Slot {
  tick: number;
  round: number;
  /** The limit that made it wait, "" for none. */
  words: string;
  /** So many reserved before it, about. */
  ahead: number;
}

export class Limits {
  readonly #byName = new Map<string, LimitNow>();
  readonly #byRule = new WeakMap<CompiledRule, readonly LimitNow[]>();
  readonly #formerKeys: WeakMap<CompiledRule, string>;
  #firings: number;
  /** Firings of which a call has acted, by number. */
  readonly #begun: BoundedMap<true>;
  /** Result of the last `seek`. */
  readonly slot: Slot = { tick: 0, round: 0, words: "", ahead: 0 };

  /** `keys`: of the rules, what names their own limits; of rules before a change too. */
  constructor(
    keys: ReadonlyMap<CompiledRule, string>,
    formerKeys: WeakMap<CompiledRule, string>,
    before: HeldState | undefined,
  ) {
    this.#formerKeys = formerKeys;
    this.#firings = before?.firings ?? 0;
    this.#begun = takenOver(before?.begun);
    for (const [rule, key] of keys) {
      const limits = rule.limits.map((limit) => this.#make(limit, nameOf(limit, key), before));
      for (const now of limits) now.delayTicks = Math.max(now.delayTicks, longestDelay(rule.steps));
      this.#byRule.set(rule, limits);
    }
  }

  /** Limits of a group or of all rules are the same objects for each. */
  #make(limit: CompiledLimit, name: string, before: HeldState | undefined): LimitNow {
    const now = this.#byName.get(name) ?? new LimitNow(limit, name, before);
    this.#byName.set(name, now);
    return now;
  }

  /** A number for one more firing. */
  nextFiring(): number {
    return ++this.#firings;
  }

  /** The limits of a rule; of one that has been changed, and whose calls still wait, those that there still are. */
  of(rule: CompiledRule): readonly LimitNow[] {
    const known = this.#byRule.get(rule);
    if (known) return known;
    const key = this.#formerKeys.get(rule) ?? "";
    const left = rule.limits.map((limit) => this.#byName.get(nameOf(limit, key))).filter((now) => now !== undefined);
    this.#byRule.set(rule, left);
    return left;
  }

  /** Forgets what is over of a rule's limits. */
  prune(limits: readonly LimitNow[], time: Now): void {
    for (const now of limits) {
      for (const part of parts) now[part].prune((value, key) => now.keeps(part, value, key, time));
    }
  }

  /** Finds the first free moment from this round on; true when something makes it wait. Changes nothing but `slot`. */
  seek(limits: readonly LimitNow[], present: Present, round: number, fromRound: number): boolean {
    const { slot } = this;
    const { tick } = present;
    slot.tick = tick;
    slot.round = fromRound;
    slot.words = "";
    slot.ahead = 0;
    for (const now of limits) {
      const key = now.keyOf(present);
      if (key === undefined) continue;
      if (now.limit.cooldownTicks > 0) this.#seekTick(now, now.used.get(key) ?? 0, tick);
      else if (now.limit.per === "round") this.#seekRound(now, key, round);
      else if (slot.round !== never && isFull(now, windowOf(now, present), key)) {
        slot.round = never;
        slot.words = now.words;
      }
    }
    if (slot.round !== never && slot.round > fromRound) this.#agreeOnRound(limits, present, fromRound);
    return slot.words !== "";
  }

  #seekTick(now: LimitNow, untilTick: number, tick: number): void {
    if (untilTick <= tick) return;
    const { slot } = this;
    slot.ahead = Math.max(slot.ahead, Math.ceil((untilTick - tick) / now.limit.cooldownTicks));
    if (untilTick <= slot.tick) return;
    slot.tick = untilTick;
    slot.words = now.words;
  }

  #seekRound(now: LimitNow, key: string, round: number): void {
    const { slot } = this;
    if (slot.round === never) return;
    const last = round + maxRoundsAhead;
    const first = slot.round;
    while (slot.round < last && isFull(now, slot.round, key)) slot.round++;
    slot.ahead = Math.max(slot.ahead, (slot.round - round) * now.limit.quota);
    if (slot.round > first) slot.words = now.words;
  }

  /** Several quotas per round: goes on until all of them have room in the same one. */
  #agreeOnRound(limits: readonly LimitNow[], present: Present, fromRound: number): void {
    const { slot } = this;
    const last = fromRound + maxRoundsAhead;
    const isFullHere = (now: LimitNow) => {
      const key = now.limit.quota > 0 && now.limit.per === "round" ? now.keyOf(present) : undefined;
      return key !== undefined && isFull(now, slot.round, key);
    };
    while (slot.round < last && limits.some(isFullHere)) slot.round++;
  }

  /** Uses the moment that `seek` found. What acts in a later round, or never, holds up nobody's cooldown now. */
  take(limits: readonly LimitNow[], present: Present, round: number): void {
    const { slot } = this;
    if (slot.round === never) return;
    for (const now of limits) {
      const key = now.keyOf(present);
      if (key === undefined) continue;
      const { cooldownTicks, per } = now.limit;
      if (cooldownTicks > 0) {
        if (slot.round <= round) now.used.set(key, slot.tick + cooldownTicks);
        continue;
      }
      add(now.used, entryOf(per === "round" ? slot.round : windowOf(now, present), key));
    }
  }

  /**
   * Ticks until something that is due may act, by what really has acted: after a phase or a busy action, what waited would come all at
   * once. What acts on its time gives way only to what came late, because every firing reserved a moment of its own.
   */
  waitOf(limits: readonly LimitNow[], due: Due, who: Who, tick: number, round: number): number {
    if (due.firing === 0 || this.#begun.get(String(due.firing))) return 0;
    const fromTick = tick - due.delayTicks;
    let wait = 0;
    for (const now of limits) {
      const key = now.keyOf(who);
      if (key === undefined) continue;
      const { cooldownTicks, quota, per } = now.limit;
      if (cooldownTicks > 0) {
        const last = (isLate(due, tick) ? now.acted : now.late).get(key);
        if (last !== undefined) wait = Math.max(wait, last + cooldownTicks - fromTick);
      } else if (per === "round" && (now.acted.get(entryOf(round, key)) ?? 0) >= quota) {
        wait = Math.max(wait, nextTryTicks);
      }
    }
    return wait;
  }

  /** Something that was due has acted. Whoever comes from now on reserves a moment after it. */
  started(limits: readonly LimitNow[], due: Due, who: Who, tick: number, round: number): void {
    if (due.firing === 0 || limits.length === 0 || this.#begun.get(String(due.firing))) return;
    this.#begun.set(String(due.firing), true);
    const fromTick = tick - due.delayTicks;
    for (const now of limits) {
      const key = now.keyOf(who);
      if (key === undefined) continue;
      const { cooldownTicks, per } = now.limit;
      if (cooldownTicks > 0) {
        raise(now.acted, key, fromTick);
        if (!isLate(due, tick)) continue;
        raise(now.late, key, fromTick);
        raise(now.used, key, fromTick + cooldownTicks);
      } else if (per === "round") {
        add(now.acted, entryOf(round, key));
        if (due.notBeforeRound < round) add(now.used, entryOf(round, key));
      }
    }
  }

  held(): Pick<HeldState, "limits" | "acted" | "late" | "firings" | "begun" | "cooldowns"> {
    const all = [...this.#byName.values()];
    const mapsOf = (part: Part) =>
      Object.fromEntries(all.filter((now) => now[part].size > 0).map((now) => [now.name, now[part]]));
    const cooldowns = all.filter(({ limit, used }) => limit.cooldownTicks > 0 && used.size > 0);
    return {
      limits: mapsOf("used"),
      acted: mapsOf("acted"),
      late: mapsOf("late"),
      firings: this.#firings,
      begun: this.#begun,
      cooldowns: Object.fromEntries(cooldowns.map(({ name, limit }) => [name, limit.cooldownTicks])),
    };
  }
}

/** Names a limit in traces: "cooldown viewer", "quota everyone per round of group:heavy", "cooldown team of all". */
export function limitWords({ owner, scope, cooldownTicks, per }: CompiledLimit): string {
  const whose = owner.startsWith("rule:") ? "" : ` of ${owner}`;
  return `${cooldownTicks > 0 ? `cooldown ${scope}` : `quota ${scope} per ${per}`}${whose}`;
}

/** Names a limit in saved state: that of a rule by the rule's key, so that it goes where the rule goes. */
function nameOf({ owner, scope, cooldownTicks, per }: CompiledLimit, ruleKey: string): string {
  const whose = owner.startsWith("rule:") ? `rule:${ruleKey}` : owner;
  return cooldownTicks > 0 ? `${whose}|${scope}|cooldown` : `${whose}|${scope}|quota|${per}`;
}

/** No step of a rule waits longer than this by itself. */
function longestDelay(steps: readonly CompiledStep[]): number {
  let ticks = 0;
  for (const step of allSteps(steps)) ticks += step.delayTicks;
  return ticks;
}

function isLate({ notBeforeTick }: Due, tick: number): boolean {
  return tick > notBeforeTick;
}

function raise(ticks: BoundedMap<number>, key: string, tick: number): void {
  if (tick > (ticks.get(key) ?? -1)) ticks.set(key, tick);
}

function add(counts: BoundedMap<number>, entry: string): void {
  counts.set(entry, (counts.get(entry) ?? 0) + 1);
}

function entryOf(window: number, key: string): string {
  return key === "" ? String(window) : `${window} ${key}`;
}

function isFull(now: LimitNow, window: number, key: string): boolean {
  return (now.used.get(entryOf(window, key)) ?? 0) >= now.limit.quota;
}

/** The window of a quota per show or day. */
function windowOf({ limit }: LimitNow, present: Present): number {
  return limit.per === "day" ? present.day : 0;
}

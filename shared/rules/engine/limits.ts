/**
 * Limits: cooldowns and quotas. An act that must not be lost reserves the next moment that is free: of a cooldown the tick after all
 * that reserved before, of a quota per round the first round that still has room.
 */
import type { CompiledLimit } from "../compiled.ts";
import type { RuleState } from "../decision.ts";
import { BoundedMap } from "./bounded.ts";
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

/** One limit and what is used of it, shared by all rules that have it. */
export class LimitNow {
  readonly limit: CompiledLimit;
  /** Names it in saved state. */
  readonly name: string;
  /** For people: "cooldown viewer", "quota everyone per round". */
  readonly words: string;
  /** Of a cooldown, the tick until which it holds, by viewer or team; of a quota, how much is used, by window and viewer or team. */
  readonly used = new BoundedMap<number>();
  /** What of it has really acted: of a cooldown, the tick of the last firing; of a quota per round, how many did. */
  readonly acted = new BoundedMap<number>();
  /** Of a cooldown, the tick of the last firing that acted later than it should have. */
  readonly late = new BoundedMap<number>();

  constructor(limit: CompiledLimit) {
    const { owner, scope, cooldownTicks, per } = limit;
    this.limit = limit;
    this.name = cooldownTicks > 0 ? `${owner}|${scope}|cooldown` : `${owner}|${scope}|quota|${per}`;
    this.words = cooldownTicks > 0 ? `cooldown ${scope}` : `quota ${scope} per ${per}`;
  }

  /** Whose it is for who is present, "" for everyone's; undefined when it does not hold for them. */
  keyOf(who: Who): string | undefined {
    if (this.limit.scope === "everyone") return "";
    return (this.limit.scope === "viewer" ? who.key : who.team) || undefined;
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
  readonly #before: RuleState | undefined;
  #firings: number;
  /** Firings of which a call has acted, by number. */
  readonly #begun = new BoundedMap<true>();
  /** Result of the last `seek`. */
  readonly slot: Slot = { tick: 0, round: 0, words: "", ahead: 0 };

  constructor(before: RuleState | undefined) {
    this.#before = before;
    this.#firings = before?.firings ?? 0;
    for (const firing of before?.begun ?? []) this.#begun.set(firing, true);
  }

  /** A number for one more firing. */
  nextFiring(): number {
    return ++this.#firings;
  }

  /** The limits of a rule; those of a group or of all rules are the same objects for each. */
  of(limits: readonly CompiledLimit[]): LimitNow[] {
    return limits.map((limit) => {
      const made = new LimitNow(limit);
      const known = this.#byName.get(made.name);
      if (known) return known;
      for (const [key, value] of this.#before?.limits[made.name] ?? []) made.used.set(key, value);
      for (const [key, value] of this.#before?.acted[made.name] ?? []) made.acted.set(key, value);
      for (const [key, value] of this.#before?.late[made.name] ?? []) made.late.set(key, value);
      this.#byName.set(made.name, made);
      return made;
    });
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

  state(): Pick<RuleState, "limits" | "acted" | "late" | "firings" | "begun"> {
    const all = [...this.#byName.values()];
    const filled = (what: "used" | "acted" | "late") =>
      Object.fromEntries(all.filter((now) => now[what].size > 0).map((now) => [now.name, now[what].entries()]));
    return {
      limits: filled("used"),
      acted: filled("acted"),
      late: filled("late"),
      firings: this.#firings,
      begun: this.#begun.entries().map(([firing]) => firing),
    };
  }
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

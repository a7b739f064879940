/**
 * Failover: two providers of the same broadcast become one stream of events. Both lines are always open. One of the two leads: what it
 * tells goes through at once. The other follows: what it tells is compared with what the leader told, and waits a little for it. Paid
 * events that the leader does not tell in time go through all the same; the rest goes through when the follower takes the lead.
 * Combos that the provider names need no comparing: their running total says what is new, whoever tells it.
 */
import type { LiveEvent } from "../../shared/events/live-event.ts";
import { viewerKey } from "../../shared/events/viewer.ts";
import { isNamedStreak, maxStreaks } from "./gifts.ts";

/** Two tellings of one event differ by no more than this in the platform's time, ms; two like acts of a viewer seldom follow so fast. */
export const sameWithinMs = 5000;
/** How long a paid event of the follower waits for the leader to tell it, ms. */
export const patienceMs = 5000;
/** How long tellings are remembered, ms: longer than any line stays dead without being noticed. */
export const overlapMs = 120_000;
/** The leader is silent when the follower told of something new and it told of nothing for this long after, ms. */
export const silentMs = 15_000;
/** Tellings remembered at most. Paid ones are forgotten last. */
export const maxTellings = 20_000;

/** 0 is the source itself, 1 its backup. */
export type Member = 0 | 1;

export interface FailoverCounters {
  /** Events that the second of the two told again. */
  overlaps: number;
  /** Paid events that only the follower told. */
  rescued: number;
  /** Times that the lead changed. */
  switches: number;
  /** Tellings forgotten early for want of space. */
  forgottenEarly: number;
}

export interface Failover {
  /** Takes an event that a member's counting let out at `nowMs`. */
  take(member: Member, event: LiveEvent, nowMs: number): void;
  /** Lets go what has waited long enough, takes the lead from one that is not live or fell silent. Call it about once a second. */
  idle(nowMs: number): void;
  /** Lets go every paid event that waits: both are stopped. */
  settle(): void;
  leader(): Member;
  counters(): FailoverCounters;
}

/** Something one member told; `waits` until it is told through or matched. */
interface Telling {
  readonly member: Member;
  readonly event: LiveEvent;
  readonly content: string;
  readonly atMs: number;
  waits: boolean;
  /** The other told it too: it matches nothing else. */
  matched: boolean;
}

/**
 * Creates the merging of two members. Each event comes out through `out` once; the first member leads at first. `isLive` says whether
 * a member receives a broadcast now.
 */
export function createFailover(out: (event: LiveEvent) => void, isLive: (member: Member) => boolean): Failover {
  return new Pair(out, isLive);
}

class Pair implements Failover {
  readonly #out: (event: LiveEvent) => void;
  /** In the order they were told. */
  readonly #tellings = new Set<Telling>();
  readonly #byContent = new Map<string, Telling[]>();
  /** Named combos: what of each was let out. */
  readonly #combos = new Map<string, { total: number; ended: boolean }>();
  readonly #isLive: (member: Member) => boolean;
  readonly #counters: FailoverCounters = { overlaps: 0, rescued: 0, switches: 0, forgottenEarly: 0 };
  #leader: Member = 0;
  #streaming = false;
  /** Since when the follower tells of what the leader does not, while the leader tells of nothing at all. */
  #unansweredSinceMs: number | undefined;

  constructor(out: (event: LiveEvent) => void, isLive: (member: Member) => boolean) {
    this.#out = out;
    this.#isLive = isLive;
  }

  take(member: Member, event: LiveEvent, nowMs: number): void {
    if (event.type === "streamStart" || event.type === "streamEnd") this.#mark(member, event);
    else if (event.type === "error") this.#out(event);
    else {
      const isNews = this.#takeCombo(event) ?? this.#takeSingle(member, event, nowMs);
      if (member === this.#leader) this.#unansweredSinceMs = undefined;
      else if (isNews) this.#unansweredSinceMs ??= nowMs;
    }
  }

  idle(nowMs: number): void {
    this.#decideLead(nowMs);
    for (const telling of this.#tellings) {
      const age = nowMs - telling.atMs;
      if (age < patienceMs) break;
      if (telling.waits && isPaid(telling.event)) {
        this.#counters.rescued++;
        this.#letOut(telling);
      }
      if (age >= overlapMs) this.#forget(telling);
    }
  }

  settle(): void {
    for (const telling of this.#tellings) if (telling.waits && isPaid(telling.event)) this.#letOut(telling);
  }

  leader(): Member {
    return this.#leader;
  }

  counters(): FailoverCounters {
    return { ...this.#counters };
  }

  /** The broadcast began when either says so, and is over when neither is live any more. */
  #mark(member: Member, event: LiveEvent): void {
    const starts = event.type === "streamStart";
    if (!starts && this.#isLive(other(member))) return;
    if (this.#streaming === starts) return;
    this.#streaming = starts;
    this.#out(event);
  }

  /** Takes a step or the end of a combo with a name and says whether it is news; undefined for all other events. */
  #takeCombo(event: LiveEvent): boolean | undefined {
    if ((event.type !== "gift" && event.type !== "giftStreakEnd") || !isNamedStreak(event.streakKey)) return undefined;
    const combo = this.#combos.get(event.streakKey) ?? { total: 0, ended: false };
    this.#combos.delete(event.streakKey);
    this.#combos.set(event.streakKey, combo);
    if (this.#combos.size > maxStreaks) {
      this.#combos.delete(this.#combos.keys().next().value!);
      this.#counters.forgottenEarly++;
    }
    if (event.type === "giftStreakEnd") {
      const isFirst = !combo.ended;
      combo.ended = true;
      if (isFirst) this.#out({ ...event, streakTotal: Math.max(combo.total, event.streakTotal) });
      else this.#counters.overlaps++;
      return isFirst;
    }
    // Never more than the member's counting found new: that knows how far an earlier run of the program was.
    const count = Math.min(event.count, event.streakTotal - combo.total);
    combo.total = Math.max(combo.total, event.streakTotal);
    if (count > 0) {
      this.#out({ ...event, count });
    } else this.#counters.overlaps++;
    return count > 0;
  }

  /** Takes any other event and says whether it is news. */
  #takeSingle(member: Member, event: LiveEvent, nowMs: number): boolean {
    const content = contentOf(event);
    const told = this.#match(member, event, content);
    if (told) {
      told.matched = true;
      this.#counters.overlaps++;
      // Told by the follower first: now that the leader tells it too, it goes through in the leader's words.
      if (told.waits) {
        told.waits = false;
        this.#out(event);
      }
      return false;
    }
    const telling: Telling = { member, event, content, atMs: nowMs, waits: member !== this.#leader, matched: false };
    this.#remember(telling);
    if (!telling.waits) this.#out(event);
    return true;
  }

  /** What the other member told of the same event: under the same id, else the nearest in time with the same content. */
  #match(member: Member, event: LiveEvent, content: string): Telling | undefined {
    let nearest: Telling | undefined;
    for (const telling of this.#byContent.get(content) ?? []) {
      if (telling.member === member || telling.matched) continue;
      if (telling.event.id === event.id) return telling;
      if (distance(telling, event) > sameWithinMs) continue;
      if (!nearest || distance(telling, event) < distance(nearest, event)) nearest = telling;
    }
    return nearest;
  }

  #remember(telling: Telling): void {
    this.#tellings.add(telling);
    const same = this.#byContent.get(telling.content);
    if (same) same.push(telling);
    else this.#byContent.set(telling.content, [telling]);
    if (this.#tellings.size <= maxTellings) return;
    const oldest = this.#cheapestOld();
    if (oldest.waits && isPaid(oldest.event)) this.#letOut(oldest);
    this.#forget(oldest);
    this.#counters.forgottenEarly++;
  }

  /** The oldest telling that is not paid among the first few; if all are, the oldest. */
  #cheapestOld(): Telling {
    let looked = 0;
    for (const telling of this.#tellings) {
      if (!isPaid(telling.event)) return telling;
      if (++looked >= 100) break;
    }
    return this.#tellings.values().next().value!;
  }

  #forget(telling: Telling): void {
    this.#tellings.delete(telling);
    const same = this.#byContent.get(telling.content)!;
    if (same.length === 1) this.#byContent.delete(telling.content);
    else same.splice(same.indexOf(telling), 1);
  }

  #letOut(telling: Telling): void {
    telling.waits = false;
    this.#out(telling.event);
  }

  /** Gives the lead to the member that is live and not silent; what it told meanwhile and nobody else did goes through. */
  #decideLead(nowMs: number): void {
    const follower = other(this.#leader);
    if (!this.#isLive(follower)) return;
    const isSilent = this.#unansweredSinceMs !== undefined && nowMs - this.#unansweredSinceMs >= silentMs;
    if (this.#isLive(this.#leader) && !isSilent) return;
    this.#leader = follower;
    this.#unansweredSinceMs = undefined;
    this.#counters.switches++;
    const sinceMs = nowMs - overlapMs;
    for (const telling of this.#tellings) {
      if (telling.member === follower && telling.waits && telling.atMs >= sinceMs) this.#letOut(telling);
    }
  }
}

function other(member: Member): Member {
  return member === 0 ? 1 : 0;
}

function distance(telling: Telling, event: LiveEvent): number {
  return Math.abs(telling.event.ts - event.ts);
}

function isPaid({ type }: LiveEvent): boolean {
  return type === "gift" || type === "giftStreakEnd" || type === "subscribe";
}

/** What two tellings of one event have in common. */
function contentOf(event: LiveEvent): string {
  const who = "viewer" in event && event.viewer ? viewerKey(event.viewer) : "";
  switch (event.type) {
    case "gift":
    case "giftStreakEnd":
      return `${event.type} ${who} ${event.gift.id} ${event.streakTotal}`;
    case "like":
      return `like ${who} ${event.count}`;
    case "chat":
      return `chat ${who} ${event.text}`;
    case "subscribe":
      return `subscribe ${who} ${event.tier} ${event.giftCount}`;
    case "viewers":
      return `viewers ${event.count}`;
    case "battle":
      return `battle ${event.battleId} ${event.phase}`;
    case "battleScores":
      return `battleScores ${event.battleId} ${event.scores.join()}`;
    case "pin":
    case "intro":
    case "caption":
      return `${event.type} ${event.text}`;
    case "emote":
      return `emote ${who} ${event.emoteId}`;
    case "redeem":
      return `redeem ${who} ${event.rewardId}`;
    default:
      return `${event.type} ${who}`;
  }
}

/**
 * Failover: two providers of the same broadcast become one stream of events. Both lines are always open. One of the two leads: what it
 * tells goes through at once. The other follows: what it tells is compared with what the leader told, and waits a little for it. Paid
 * events that the leader does not tell in time go through all the same; the rest goes through when the follower takes the lead.
 *
 * Gifts are compared by units of one viewer and gift, so it does not matter in which steps each provider tells a combo, and whether
 * it names it. Where both name it, its running total alone says what is new.
 */
import type { LiveEvent, LiveEventOf } from "../../shared/events/live-event.ts";
import { viewerKey } from "../../shared/events/viewer.ts";
import { isNamedStreak, maxStreaks, streakIdleMs } from "./gifts.ts";
import { createTellings, type Telling } from "./tellings.ts";

/** How long a paid event of the follower waits for the leader to tell it, ms. */
export const patienceMs = 5000;
/** The leader is silent when the follower told of something new and it told of nothing for this long after, ms. */
export const silentMs = 15_000;

/** 0 is the source itself, 1 its backup. */
export type Member = 0 | 1;

export interface FailoverCounters {
  /** Events, or parts of combos, that the second of the two told again. */
  overlaps: number;
  /** Paid events that only the follower told. */
  rescued: number;
  /** Times that the lead changed. */
  switches: number;
  /** Tellings and combos forgotten early for want of space. */
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

type Start = LiveEventOf<"streamStart">;

/** A combo as far as it is known: of one name, or of one viewer and gift where it has none. */
interface Combo {
  /** Largest running total told; 0 for one without a name, whose totals begin anew each time. */
  total: number;
  /** When each member told a step of it last, ms. */
  readonly steppedAtMs: [number, number];
}

/**
 * Creates the merging of two members. Each event comes out through `out` once; the first member leads at first. `isLive` says whether
 * a member receives a broadcast now.
 */
export function createFailover(out: (event: LiveEvent) => void, isLive: (member: Member) => boolean): Failover {
  return new Pair(out, isLive);
}

class Pair implements Failover {
  readonly #emit: (event: LiveEvent) => void;
  readonly #isLive: (member: Member) => boolean;
  readonly #tellings = createTellings();
  readonly #combos = new Map<string, Combo>();
  readonly #counters = { overlaps: 0, rescued: 0, switches: 0, forgottenEarly: 0 };
  #leader: Member = 0;
  /** What each member told last of a broadcast's start. */
  readonly #starts: [Start | undefined, Start | undefined] = [undefined, undefined];
  #streaming = false;
  #restarts = 0;
  /** Since when the follower tells of what the leader does not, while the leader tells of nothing at all. */
  #unansweredSinceMs: number | undefined;
  /** Largest total of the room's likes let out, 0 before the first. */
  #likesTotal = 0;

  constructor(out: (event: LiveEvent) => void, isLive: (member: Member) => boolean) {
    this.#emit = out;
    this.#isLive = isLive;
  }

  take(member: Member, event: LiveEvent, nowMs: number): void {
    if (event.type === "error") this.#emit(event);
    else if (event.type === "streamStart" || event.type === "streamEnd") this.#mark(member, event);
    // What was before a member's first line, the other one was there to tell.
    else if (event.replay && this.#starts[other(member)]) this.#counters.overlaps++;
    else this.#compare(member, event, nowMs);
  }

  idle(nowMs: number): void {
    this.#decideLead(nowMs);
    this.#startAgain(nowMs);
    for (const telling of this.#tellings.waiting(nowMs - patienceMs)) {
      this.#counters.rescued++;
      this.#letOut(telling);
    }
    this.#tellings.forget(nowMs);
  }

  settle(): void {
    for (const telling of this.#tellings.waiting(Number.POSITIVE_INFINITY)) this.#letOut(telling);
  }

  leader(): Member {
    return this.#leader;
  }

  counters(): FailoverCounters {
    return { ...this.#counters, forgottenEarly: this.#counters.forgottenEarly + this.#tellings.forgottenEarly() };
  }

  /** The broadcast began when either says so, and is over when neither is live any more, or the leader is in another one. */
  #mark(member: Member, event: LiveEventOf<"streamStart" | "streamEnd">): void {
    if (event.type === "streamEnd") {
      if (this.#streaming && !this.#isLive(other(member))) this.#end(event);
      return;
    }
    const before = this.#starts[member];
    this.#starts[member] = event;
    const isAnother = before && before.roomId !== "" && event.roomId !== "" && before.roomId !== event.roomId;
    if (this.#streaming && isAnother && member === this.#leader) {
      const { type: _type, id, ...base } = event;
      this.#end({
        ...base,
        roomId: before.roomId,
        id: `${id}/end`,
        type: "streamEnd",
        reason: "another broadcast began",
      });
    }
    if (this.#streaming) return;
    this.#streaming = true;
    this.#likesTotal = 0;
    this.#emit(event);
  }

  #end(event: LiveEvent): void {
    this.#streaming = false;
    this.#emit(event);
  }

  /** A member whose line was cut while the other told of the end is back in a broadcast that goes on. */
  #startAgain(nowMs: number): void {
    if (this.#streaming) return;
    const start = ([0, 1] as const)
      .map((member) => (this.#isLive(member) ? this.#starts[member] : undefined))
      .find(Boolean);
    if (!start) return;
    this.#streaming = true;
    this.#emit({ ...start, id: `${start.id}/${++this.#restarts}`, ts: nowMs, receivedAt: nowMs });
  }

  #compare(member: Member, event: LiveEvent, nowMs: number): void {
    const isNews =
      event.type === "giftStreakEnd"
        ? this.#takeEnd(member, event, nowMs)
        : event.type === "gift"
          ? this.#takeGift(member, event, nowMs)
          : this.#takeUnits(member, event, 1, nowMs);
    if (member === this.#leader) this.#unansweredSinceMs = undefined;
    else if (isNews) this.#unansweredSinceMs ??= nowMs;
  }

  /** A gift's units, less those that a combo of the same name is known to have. Says whether any is news. */
  #takeGift(member: Member, event: LiveEventOf<"gift">, nowMs: number): boolean {
    if (event.streakKey === "") return this.#takeUnits(member, event, event.count, nowMs);
    const combo = this.#comboOf(comboKey(event));
    combo.steppedAtMs[member] = nowMs;
    if (!isNamedStreak(event.streakKey)) return this.#takeUnits(member, event, event.count, nowMs);
    const fresh = Math.max(0, Math.min(event.count, event.streakTotal - combo.total));
    combo.total = Math.max(combo.total, event.streakTotal);
    // Told under the same name by the other: nothing waits for it any more, and what waited goes through in the leader's words.
    const known = this.#tellings.takeNamed(other(member), event, event.count - fresh);
    if (known.waited > 0) this.#emit({ ...event, count: known.waited });
    if (fresh === 0) this.#counters.overlaps++;
    return fresh > 0 && this.#takeUnits(member, event, fresh, nowMs);
  }

  /** Takes units of an event, less those that the other member told already. Says whether any is news. */
  #takeUnits(member: Member, event: LiveEvent, units: number, nowMs: number): boolean {
    const { matched, waited } = this.#tellings.match(other(member), event, units, nowMs);
    if (matched > 0) this.#counters.overlaps++;
    const fresh = units - matched;
    const leads = member === this.#leader;
    if (fresh > 0) this.#tellings.add({ member, event, units: fresh, atMs: nowMs, waits: !leads });
    const due = waited + (leads ? fresh : 0);
    if (due > 0) this.#out(withUnits(event, due));
    return fresh > 0;
  }

  /**
   * An end is matched like any other event. One that is only inferred says nothing while the other member still tells steps: that one
   * will tell the end.
   */
  #takeEnd(member: Member, event: LiveEventOf<"giftStreakEnd">, nowMs: number): boolean {
    const combo = this.#comboOf(comboKey(event));
    if (event.inferred && nowMs - combo.steppedAtMs[other(member)] <= streakIdleMs) {
      this.#counters.overlaps++;
      return false;
    }
    const streakTotal = Math.max(combo.total, event.streakTotal);
    return this.#takeUnits(member, { ...event, streakTotal }, 1, nowMs);
  }

  #comboOf(key: string): Combo {
    const combo = this.#combos.get(key) ?? { total: 0, steppedAtMs: [0, 0] as [number, number] };
    this.#combos.delete(key);
    this.#combos.set(key, combo);
    if (this.#combos.size > maxStreaks) {
      this.#combos.delete(this.#combos.keys().next().value!);
      this.#counters.forgottenEarly++;
    }
    return combo;
  }

  #letOut(telling: Telling): void {
    const units = telling.units;
    this.#tellings.told(telling);
    this.#out(withUnits(telling.event, units));
  }

  #out(event: LiveEvent): void {
    this.#emit(event.type === "like" ? this.#like(event) : event);
  }

  /** Both members' likes grow from totals of their own; the room's growth is that of the largest total. */
  #like(event: LiveEventOf<"like">): LiveEvent {
    if (event.roomTotal <= 0) return event;
    const grown = this.#likesTotal === 0 ? event.roomDelta : Math.max(0, event.roomTotal - this.#likesTotal);
    this.#likesTotal = Math.max(this.#likesTotal, event.roomTotal);
    return { ...event, roomDelta: Math.min(event.roomDelta, grown) };
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
    for (const telling of this.#tellings.allWaiting()) this.#letOut(telling);
  }
}

function other(member: Member): Member {
  return member === 0 ? 1 : 0;
}

function comboKey({ streakKey, viewer, gift }: LiveEventOf<"gift" | "giftStreakEnd">): string {
  return isNamedStreak(streakKey) ? streakKey : `${viewerKey(viewer)}|${gift.id}|open`;
}

/** The event with so many units of its own; only gifts have more than one. */
function withUnits(event: LiveEvent, units: number): LiveEvent {
  return event.type === "gift" && event.count !== units ? { ...event, count: units } : event;
}

/** Tellings: what each of two providers told of one broadcast and the other has not told yet, for failover.ts to compare. */
import type { LiveEvent } from "../../shared/events/live-event.ts";
import { viewerKey } from "../../shared/events/viewer.ts";
import { isNamedStreak } from "./gifts.ts";

/** Two tellings of one event differ by no more than this in the platform's time, ms; two like acts of a viewer seldom follow so fast. */
export const sameWithinMs = 5000;
/** The same where a telling has no date of the platform and arrivals must do, ms. */
export const sameArrivalWithinMs = 10_000;
/** Two providers' steps of one combo differ by no more than this, ms: one may tell at its end what the other told in steps. */
export const sameComboWithinMs = 60_000;
/** How long unpaid tellings are remembered, ms: longer than any line stays dead without being noticed. */
export const overlapMs = 120_000;
/** How long paid ones are, ms: a line that is back after a long wait sends its last gifts again. */
export const overlapPaidMs = 30 * 60_000;
/** Tellings remembered at most, paid and unpaid ones each; beyond it the oldest is forgotten early. */
export const maxTellings = 20_000;

/** Something that one member told and the other has not. */
export interface Telling {
  readonly member: 0 | 1;
  readonly event: LiveEvent;
  readonly atMs: number;
  /** Units that the other has not told. */
  units: number;
  /** Not let out yet. */
  waits: boolean;
}

export interface Tellings {
  add(telling: Telling): void;
  /**
   * Finds up to `units` of what `member` told of the same thing, nearest in time first, and forgets them: `matched` in all, of which
   * `waited` were not let out.
   */
  match(member: 0 | 1, event: LiveEvent, units: number, nowMs: number): { matched: number; waited: number };
  /** The same among steps of the combo with this event's name, whenever they were told. */
  takeNamed(member: 0 | 1, event: LiveEvent & { type: "gift" }, units: number): { matched: number; waited: number };
  /** A waiting one was let out. */
  told(telling: Telling): void;
  /** Paid ones told before `beforeMs` that still wait, oldest first. */
  waiting(beforeMs: number): Telling[];
  allWaiting(): Telling[];
  forget(nowMs: number): void;
  /** Tellings forgotten before their time. */
  forgottenEarly(): number;
}

/** Whether somebody paid for what an event tells of. */
function isPaid({ type }: LiveEvent): boolean {
  return type === "gift" || type === "giftStreakEnd" || type === "subscribe";
}

/** Creates an empty memory. */
export function createTellings(): Tellings {
  return new Memory();
}

class Memory implements Tellings {
  /** By what they tell of, for each member; in the order they were told. */
  readonly #byContent = [new Map<string, Telling[]>(), new Map<string, Telling[]>()] as const;
  /** All of them, paid and unpaid apart, in the order they were told. */
  readonly #paid = new Set<Telling>();
  readonly #unpaid = new Set<Telling>();
  readonly #waiting = new Set<Telling>();
  #forgottenEarly = 0;

  add(telling: Telling): void {
    const same = this.#byContent[telling.member].get(contentOf(telling.event));
    if (same) same.push(telling);
    else this.#byContent[telling.member].set(contentOf(telling.event), [telling]);
    const all = this.#setOf(telling);
    all.add(telling);
    if (telling.waits) this.#waiting.add(telling);
    if (all.size <= maxTellings) return;
    this.#drop(all.values().next().value!);
    this.#forgottenEarly++;
  }

  match(member: 0 | 1, event: LiveEvent, units: number, nowMs: number): { matched: number; waited: number } {
    const found = this.#byContent[member].get(contentOf(event)) ?? [];
    const near = found
      .map((telling) => ({ telling, apartMs: distance(telling, event, nowMs) }))
      .filter(({ telling, apartMs }) => apartMs <= reachOf(telling.event, event))
      .sort((a, b) => a.apartMs - b.apartMs);
    return this.#consume(
      near.map(({ telling }) => telling),
      units,
    );
  }

  takeNamed(member: 0 | 1, event: LiveEvent & { type: "gift" }, units: number): { matched: number; waited: number } {
    if (units <= 0) return { matched: 0, waited: 0 };
    const found = this.#byContent[member].get(contentOf(event)) ?? [];
    const same = found.filter(
      (telling) => telling.event.type === "gift" && telling.event.streakKey === event.streakKey,
    );
    return this.#consume(same, units);
  }

  told(telling: Telling): void {
    telling.waits = false;
    this.#waiting.delete(telling);
  }

  waiting(beforeMs: number): Telling[] {
    return this.allWaiting().filter(({ event, atMs }) => isPaid(event) && atMs <= beforeMs);
  }

  allWaiting(): Telling[] {
    return [...this.#waiting];
  }

  forget(nowMs: number): void {
    for (const [all, ageMs] of [[this.#paid, overlapPaidMs] as const, [this.#unpaid, overlapMs] as const]) {
      for (const telling of all) {
        if (nowMs - telling.atMs < ageMs) break;
        this.#drop(telling);
      }
    }
  }

  forgottenEarly(): number {
    return this.#forgottenEarly;
  }

  #setOf({ event }: Telling): Set<Telling> {
    return isPaid(event) ? this.#paid : this.#unpaid;
  }

  #consume(tellings: readonly Telling[], units: number): { matched: number; waited: number } {
    let matched = 0;
    let waited = 0;
    for (const telling of tellings) {
      const taken = Math.min(telling.units, units - matched);
      if (taken <= 0) break;
      matched += taken;
      if (telling.waits) waited += taken;
      telling.units -= taken;
      if (telling.units === 0) this.#drop(telling);
    }
    return { matched, waited };
  }

  #drop(telling: Telling): void {
    this.#setOf(telling).delete(telling);
    this.#waiting.delete(telling);
    const byContent = this.#byContent[telling.member];
    const content = contentOf(telling.event);
    const same = byContent.get(content)!;
    if (same.length === 1) byContent.delete(content);
    else same.splice(same.indexOf(telling), 1);
  }
}

/** How far apart two tellings are: in the platform's time where both have one, else by their arrival, ms. */
function distance({ event, atMs }: Telling, later: LiveEvent, nowMs: number): number {
  if (sameId(event, later)) return 0;
  return isDated(event) && isDated(later) ? Math.abs(event.ts - later.ts) : Math.abs(nowMs - atMs);
}

function reachOf(a: LiveEvent, b: LiveEvent): number {
  if (sameId(a, b)) return 0;
  if ("streakKey" in a && "streakKey" in b && (a.streakKey !== "" || b.streakKey !== "")) {
    if (!isNamedStreak(a.streakKey) || !isNamedStreak(b.streakKey)) return sameComboWithinMs;
    // Two names are two combos, whatever their time.
    return a.streakKey === b.streakKey ? Number.POSITIVE_INFINITY : -1;
  }
  return isDated(a) && isDated(b) ? sameWithinMs : sameArrivalWithinMs;
}

function sameId(a: LiveEvent, b: LiveEvent): boolean {
  return !a.weakId && !b.weakId && a.id === b.id;
}

/** Ingest fills a missing date in with the arrival. */
function isDated(event: LiveEvent): boolean {
  return event.ts !== event.receivedAt;
}

/** What two tellings of one event have in common. */
function contentOf(event: LiveEvent): string {
  const who = "viewer" in event && event.viewer ? viewerKey(event.viewer) : "";
  switch (event.type) {
    case "gift":
    case "giftStreakEnd":
      return `${event.type} ${who} ${event.gift.id}`;
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

/**
 * Simulated audience: a seeded crowd that arrives, chats, likes, gifts and leaves. Pure: time moves only by `advance`, in steps of
 * `stepMs`, so that the same scenario and seed give the same acts however the time is cut.
 */
import { createRandom, type Random } from "../../shared/world/random.ts";
import { createPerson, type Person } from "./people.ts";
import type { Scenario, ScenarioGift } from "./scenario.ts";

/** Time that passes between two looks at the crowd, ms. */
export const stepMs = 50;
/** Most likes the provider's app puts into one message (protocols 10.3). */
const maxLikeBatch = 15;
/** What one burst of taps adds up to on average. */
const likesPerBurst = 12;
/** People who left and may come back. */
const maxFormer = 300;
/** End frame after the last tap of a combo, ms. */
const comboEndMs = 2500;

/** What a gift frame says; `total` is the combo's running total. */
export interface GiftAct {
  type: "gift";
  gift: ScenarioGift;
  total: number;
  end: boolean;
  /** Names the combo. */
  groupId: string;
  /** Names this very frame. */
  transactionId: string;
}

/** What somebody did, `atMs` after the start. */
export type Act = { atMs: number; person: Person } & (
  | { type: "leave" }
  | { type: "join" | "follow" | "share" | "subscribe" }
  | { type: "chat"; text: string }
  | { type: "like"; count: number; roomTotal: number }
  | GiftAct
);
type Doing = Act extends infer T ? (T extends unknown ? Omit<T, "atMs"> : never) : never;

export interface AudienceOptions {
  scenario: Scenario;
  /** 32-bit whole number. */
  seed: number;
}

export interface Audience {
  /** Moves time on and gives what was done in it, in order. */
  advance(ms: number): Act[];
  /** Who is here. */
  present(): readonly Person[];
  /** Lets somebody send a gift now: `count` units as a combo, or as that many single messages when it is no combo gift. */
  sendGift(wish: { person?: Person; gift?: ScenarioGift; count?: number }): { person: Person; gift: ScenarioGift };
  roomLikes(): number;
  /** Adds likes that the crowd did not give by itself; the room's total with them. */
  addLikes(count: number): number;
  /** From now on nobody begins anything new: what was begun (combos above all) is brought to its end. */
  rest(): void;
  /** Whether something begun is still to be done. */
  busy(): boolean;
}

/** Creates an audience at the moment before anybody is here. */
export function createAudience(options: AudienceOptions): Audience {
  return new Crowd(options);
}

interface Planned {
  atMs: number;
  order: number;
  doing: Doing;
}

class Crowd implements Audience {
  readonly #scenario: Scenario;
  readonly #random: Random;
  readonly #present: { person: Person; leavesAtMs: number }[] = [];
  readonly #former: Person[] = [];
  readonly #planned: Planned[] = [];
  readonly #words: readonly [string, number][];
  readonly #firstName: number;
  #deck: ScenarioGift[] = [];
  #nowMs = 0;
  #restMs = 0;
  #serial = 0;
  #order = 0;
  #combos = 0;
  #roomLikes = 0;
  #resting = false;

  constructor({ scenario, seed }: AudienceOptions) {
    this.#scenario = scenario;
    this.#random = createRandom(seed);
    this.#words = Object.entries(scenario.words);
    this.#firstName = this.#random.index(1000);
  }

  advance(ms: number): Act[] {
    const acts: Act[] = [];
    this.#restMs += ms;
    while (this.#restMs >= stepMs) {
      this.#restMs -= stepMs;
      this.#nowMs += stepMs;
      if (!this.#resting) this.#live();
      this.#perform(acts);
    }
    return acts;
  }

  present(): readonly Person[] {
    return this.#present.map(({ person }) => person);
  }

  roomLikes(): number {
    return this.#roomLikes;
  }

  addLikes(count: number): number {
    this.#roomLikes += count;
    return this.#roomLikes;
  }

  rest(): void {
    this.#resting = true;
  }

  busy(): boolean {
    return this.#planned.length > 0;
  }

  sendGift(wish: { person?: Person; gift?: ScenarioGift; count?: number }): { person: Person; gift: ScenarioGift } {
    const person = wish.person ?? this.#pick("gifts") ?? this.#arrive();
    const gift = wish.gift ?? this.#drawGift();
    this.#planGift(person, gift, Math.max(1, Math.floor(wish.count ?? 1)), 0);
    return { person, gift };
  }

  /** One step of everybody's life. */
  #live(): void {
    const { size, fillSeconds } = this.#scenario.crowd;
    const mood = this.#mood();
    const wanted = Math.min(size, Math.ceil((size * (this.#nowMs + 1000)) / (fillSeconds * 1000)));
    this.#leave();
    // Every free place is taken in about half a second: a stream of people and not a wall of them.
    this.#often((wanted - this.#present.length) * 120, () => this.#arrive());
    const fullness = this.#present.length / size;
    const { perMinute } = this.#scenario;
    this.#often(perMinute.chats * mood * fullness, () => this.#chat());
    this.#often((perMinute.likes * mood * fullness) / likesPerBurst, () => this.#like());
    this.#often(perMinute.gifts * mood * fullness, () => this.#gift());
    this.#often(perMinute.follows * mood * fullness, () => this.#follow());
    this.#often(perMinute.shares * mood * fullness, () => this.#share());
    this.#often(perMinute.subscribes * mood * fullness, () => this.#subscribe());
  }

  /** How lively everybody is now; 1 is normal. */
  #mood(): number {
    const { waves, quiet } = this.#scenario;
    const seconds = this.#nowMs / 1000;
    const wave = 1 + waves.strength * Math.sin((2 * Math.PI * seconds) / waves.periodSeconds);
    const calm = seconds % quiet.everySeconds >= quiet.everySeconds - quiet.forSeconds;
    return calm ? wave * quiet.level : wave;
  }

  /** Does something about `perMinute` times a minute. */
  #often(perMinute: number, act: () => void): void {
    let expected = (perMinute * stepMs) / 60_000;
    while (expected > 0) {
      if (this.#random.next() < expected) act();
      expected -= 1;
    }
  }

  #plan(afterMs: number, doing: Doing): void {
    this.#planned.push({ atMs: this.#nowMs + Math.round(afterMs), order: this.#order++, doing });
  }

  #perform(acts: Act[]): void {
    const due = this.#planned.filter(({ atMs }) => atMs <= this.#nowMs);
    if (due.length === 0) return;
    due.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
    const later = this.#planned.filter(({ atMs }) => atMs > this.#nowMs);
    this.#planned.splice(0, this.#planned.length, ...later);
    for (const { atMs, doing } of due) acts.push(this.#finish({ ...doing, atMs } as Act));
  }

  /** Puts in what is known only when an act is done. */
  #finish(act: Act): Act {
    if (act.type !== "like") return act;
    this.#roomLikes += act.count;
    return { ...act, roomTotal: this.#roomLikes };
  }

  #arrive(): Person {
    const random = this.#random;
    const { staySeconds, returning } = this.#scenario.crowd;
    const back = this.#former.length > 20 && random.next() < returning;
    const person = back
      ? this.#former.splice(random.index(this.#former.length), 1)[0]!
      : createPerson(this.#serial++, this.#firstName, random);
    this.#present.push({ person, leavesAtMs: this.#nowMs + random.between(staySeconds[0], staySeconds[1]) * 1000 });
    this.#plan(0, { type: "join", person });
    // Most say something soon: that is how one gets into the game.
    if (person.temperament.name !== "lurker" && random.next() < 0.85) {
      this.#plan(random.between(200, 2500), { type: "chat", person, text: this.#talk(person) });
    }
    return person;
  }

  #leave(): void {
    for (let i = this.#present.length - 1; i >= 0; i--) {
      const { person, leavesAtMs } = this.#present[i]!;
      if (leavesAtMs > this.#nowMs) continue;
      this.#present.splice(i, 1);
      this.#former.push(person);
      if (this.#former.length > maxFormer) this.#former.shift();
      this.#plan(0, { type: "leave", person });
    }
  }

  /** Somebody present, likelier the more it suits the temperament. */
  #pick(suits: "chats" | "likes" | "gifts"): Person | undefined {
    const total = this.#present.reduce((sum, { person }) => sum + person.temperament[suits], 0);
    let left = this.#random.next() * total;
    for (const { person } of this.#present) {
      left -= person.temperament[suits];
      if (left < 0) return person;
    }
    return this.#present.at(-1)?.person;
  }

  #chat(): void {
    const person = this.#pick("chats");
    if (person) this.#plan(0, { type: "chat", person, text: this.#talk(person) });
  }

  #talk(person: Person): string {
    const { playing, smalltalk } = this.#scenario;
    if (this.#random.next() >= playing) return this.#random.pick(smalltalk);
    const word = this.#weighted(this.#words, ([, weight]) => weight)[0];
    if (!word.includes("@name")) return word;
    const others = this.#present.filter((other) => other.person !== person);
    return others.length === 0 ? "hi" : word.replace("@name", `@${this.#random.pick(others).person.nickname}`);
  }

  /** A burst of taps: a few batches, each one message. */
  #like(): void {
    const person = this.#pick("likes");
    if (!person) return;
    const batches = 1 + this.#random.index(2);
    for (let i = 0; i < batches; i++) {
      const count = 1 + this.#random.index(maxLikeBatch);
      this.#plan(i * 900, { type: "like", person, count, roomTotal: 0 });
    }
  }

  #gift(): void {
    const person = this.#pick("gifts");
    if (!person) return;
    const gift = this.#drawGift();
    const [least, most] = gift.combo;
    this.#planGift(person, gift, Math.floor(this.#random.between(least, most + 1)), 0);
  }

  /** All frames of one sending, as the real service sends them (protocols 10.1). */
  #planGift(person: Person, gift: ScenarioGift, units: number, afterMs: number): void {
    if (gift.type !== 1) {
      for (let unit = 0; unit < units; unit++) this.#planFrames(person, gift, 1, afterMs + unit * 400);
    } else this.#planFrames(person, gift, units, afterMs);
  }

  #planFrames(person: Person, gift: ScenarioGift, units: number, afterMs: number): void {
    const groupId = String(1_795_344_000_000 + this.#combos++ * 997);
    const frame = (atMs: number, total: number, end: boolean) => {
      const transactionId = `t${groupId}.${total}${end ? "e" : ""}`;
      this.#plan(atMs, { type: "gift", person, gift, total, end, groupId, transactionId });
    };
    let atMs = afterMs;
    let total = 1;
    frame(atMs, total, false);
    if (gift.type !== 1) return;
    while (total < units) {
      // Frames skip numbers when the taps are quick: 1, 3, 7.
      total = Math.min(units, total + 1 + this.#random.index(Math.max(4, Math.floor(units / 20))));
      atMs += this.#random.between(250, 700);
      frame(atMs, total, false);
    }
    frame(atMs + comboEndMs, units, true);
  }

  /** Gifts are drawn from a shuffled deck, so that rare ones come regularly instead of by luck. */
  #drawGift(): ScenarioGift {
    if (this.#deck.length === 0) this.#deck = this.#shuffle(this.#fullDeck());
    return this.#deck.pop()!;
  }

  #fullDeck(): ScenarioGift[] {
    const { gifts } = this.#scenario;
    const least = Math.min(...gifts.map((gift) => gift.weight).filter((weight) => weight > 0));
    return gifts.flatMap((gift) => Array<ScenarioGift>(Math.min(200, Math.round(gift.weight / least))).fill(gift));
  }

  #shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const other = this.#random.index(i + 1);
      [items[i], items[other]] = [items[other]!, items[i]!];
    }
    return items;
  }

  #follow(): void {
    const person = this.#pick("chats");
    if (!person || person.follower) return;
    person.follower = true;
    this.#plan(0, { type: "follow", person });
  }

  #share(): void {
    const person = this.#pick("likes");
    if (person) this.#plan(0, { type: "share", person });
  }

  #subscribe(): void {
    const person = this.#pick("gifts");
    if (!person || person.subscriber) return;
    person.subscriber = true;
    this.#plan(0, { type: "subscribe", person });
  }

  #weighted<T>(items: readonly T[], weightOf: (item: T) => number): T {
    let left = this.#random.next() * items.reduce((sum, item) => sum + weightOf(item), 0);
    for (const item of items) {
      left -= weightOf(item);
      if (left < 0) return item;
    }
    return items.at(-1)!;
  }
}

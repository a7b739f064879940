/** ShowScope: the names that expressions read, each computed when it is read. One object for all expressions of an engine. */
import type { Scope, ScopeViewer, Value } from "../compiled.ts";
import type { ShowFacts } from "../decision.ts";
import type { Present } from "./present.ts";
import { ticksPerSecond } from "./ticks.ts";
import type { Values } from "./values.ts";

const firstNumber = /-?\d+(?:\.\d+)?/;

export class ShowScope implements Scope {
  readonly #present: Present;
  readonly #facts: ShowFacts;
  readonly #values: Values;
  readonly gift: Scope["gift"];
  readonly viewer: ScopeViewer;

  constructor(present: Present, facts: ShowFacts, values: Values) {
    this.#present = present;
    this.#facts = facts;
    this.#values = values;
    this.gift = new PresentGift(present);
    this.viewer = new PresentViewer(present);
  }

  get count(): number {
    const { event, count } = this.#present;
    if (event?.type === "raid") return event.viewers;
    // Of all sources together; a test says itself how many there are.
    if (event?.type === "viewers") return event.test ? event.count : this.#facts.watching;
    return event?.type === "giftStreakEnd" ? event.streakTotal : count;
  }

  get diamonds(): number {
    return this.count * this.gift.value;
  }

  get tier(): string {
    return this.#present.tier;
  }

  get combo(): number {
    const { event } = this.#present;
    return event && "streakTotal" in event ? event.streakTotal : 0;
  }

  get text(): string {
    return this.#present.text;
  }

  get argument(): string {
    const text = this.#present.text.trim();
    const space = text.search(/\s/);
    return space < 0 ? "" : text.slice(space).trim();
  }

  get number(): number {
    const found = firstNumber.exec(this.argument);
    return found ? Number(found[0]) : 0;
  }

  get likes(): number {
    const { event } = this.#present;
    return event?.type === "like" ? event.count : 0;
  }

  get months(): number {
    const { event } = this.#present;
    return event?.type === "subscribe" ? event.months : 0;
  }

  get cost(): number {
    const { event } = this.#present;
    return event?.type === "redeem" ? event.cost : 0;
  }

  get reward(): string {
    const { event } = this.#present;
    return event?.type === "redeem" ? event.title : "";
  }

  get phase(): string {
    return this.#facts.phase.name;
  }

  get round(): number {
    return this.#facts.phase.round;
  }

  get seconds(): number {
    return Math.max(0, this.#present.tick - this.#facts.phase.startTick) / ticksPerSecond;
  }

  get secondsLeft(): number {
    return Math.max(0, this.#facts.phase.endTick - this.#present.tick) / ticksPerSecond;
  }

  get watching(): number {
    return this.#facts.watching;
  }

  get playing(): number {
    return this.#facts.playing;
  }

  get vars(): Readonly<Record<string, Value>> {
    return this.#values.vars;
  }

  get meters(): Readonly<Record<string, number>> {
    return this.#values.meterValues;
  }
}

/** The gift of now; empty when the event is none. */
class PresentGift {
  readonly #present: Present;

  constructor(present: Present) {
    this.#present = present;
  }

  get name(): string {
    return this.#present.gift?.name ?? "";
  }

  get id(): string {
    return this.#present.gift?.id ?? "";
  }

  get value(): number {
    return this.#present.gift?.unitValue ?? 0;
  }
}

/** Who did it; empty when nobody did. */
class PresentViewer implements ScopeViewer {
  readonly #present: Present;

  constructor(present: Present) {
    this.#present = present;
  }

  get name(): string {
    return this.#present.viewer?.name ?? "";
  }

  get handle(): string {
    return this.#present.viewer?.handle ?? "";
  }

  get platform(): string {
    return this.#present.viewer?.platform ?? "";
  }

  get team(): string {
    return this.#present.team;
  }

  get follower(): boolean {
    return this.#present.viewer?.roles.follower ?? false;
  }

  get subscriber(): boolean {
    return this.#present.viewer?.roles.subscriber ?? false;
  }

  get moderator(): boolean {
    return this.#present.viewer?.roles.moderator ?? false;
  }

  get owner(): boolean {
    return this.#present.viewer?.roles.owner ?? false;
  }

  get gifterLevel(): number {
    return this.#present.viewer?.levels.gifter ?? 0;
  }

  get teamLevel(): number {
    return this.#present.viewer?.levels.team ?? 0;
  }
}

/**
 * Test show: a game run without server, clock or screen, a tick at a time, with events made up by the test. The rules, bank, limits and
 * physics are those of a real show; a minute of it takes some milliseconds.
 */
import type { LiveEvent, LiveEventType } from "../events/live-event.ts";
import { type Viewer, viewerKey } from "../events/viewer.ts";
import type { AnyGame, ShowContext } from "../game/define.ts";
import type { PhaseName } from "../game/phases.ts";
import type { Acted } from "../sim/acted.ts";
import type { OperatorAct } from "../sim/input.ts";
import type { GiftOutcome } from "../sim/outcome.ts";
import type { FeedLine } from "../sim/show-memory.ts";
import { createSimulation, type FinishedRound, type Simulation } from "../sim/simulation.ts";
import type { Effect } from "../world/effect.ts";
import type { Entity, World } from "../world/world.ts";
import { aViewer, type BuiltGift, createEventBuilder } from "./built-events.ts";
import { type HiddenCall, testRules } from "./test-rules.ts";

/** What a test show is made of. */
export interface TestShowOptions {
  readonly game: AnyGame;
  /** Text of the rule file to play by. Default: none, and only what `act` calls happens. */
  readonly rules?: string;
  /** Options of the game that replace those of the rule file. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Default 1. */
  readonly seed?: number;
}

/** How `act` calls an action. */
export interface CallOptions {
  /** As somebody who paid: the call is never lost, it waits for its moment. Default false. */
  readonly paid?: boolean;
  /** Units of a paid call. Default 1. */
  readonly count?: number;
  /** What a free call says, for actions that read it ("@bo"). Default "". */
  readonly text?: string;
}

/** Who: a handle, or a whole viewer. */
export type Who = string | Viewer;

/** A show that a test plays by hand, tick by tick. */
export interface TestShow<Game = unknown> {
  readonly simulation: Simulation;
  readonly world: World;
  /** What the game keeps. */
  readonly game: Game;
  /** What the game is handed. */
  readonly context: ShowContext<unknown>;
  readonly phase: PhaseName;
  readonly round: number;
  readonly tick: number;
  /** The simulation may be saved now. */
  readonly isCheckpoint: boolean;
  /** What was called since the last `forget`, oldest first. */
  readonly acts: readonly Acted[];
  readonly effects: readonly Effect[];
  readonly feed: readonly FeedLine[];
  /** What became of each gift, by event id. */
  readonly outcomes: ReadonlyMap<string, GiftOutcome>;
  /** Rounds that are over. */
  readonly rounds: readonly FinishedRound[];
  /** What viewers do; it enters with the next tick. */
  chat(who: Who, text: string): void;
  like(who: Who, count?: number): void;
  /** Returns the event's id, for `outcomes`. */
  gift(who: Who, gift: BuiltGift): string;
  follow(who: Who): void;
  share(who: Who): void;
  subscribe(who: Who): void;
  /** An event that was made elsewhere. */
  send(event: LiveEvent): void;
  /** Any event; `fields` are those of its LiveEvent. */
  event(type: LiveEventType, who: Who, fields?: Readonly<Record<string, unknown>>): void;
  /** Calls an action for a viewer with the next tick; missing params have their defaults. Throws on params that it does not have. */
  act(action: string, who: Who, params?: Readonly<Record<string, unknown>>, options?: CallOptions): void;
  /** Runs so many ticks. Default 1. Throws what the game threw. */
  run(ticks?: number): void;
  /** Runs until `isSo`. Throws when it is not so after `maxTicks`; default ten minutes. */
  until(isSo: () => boolean, maxTicks?: number): void;
  /** Ends phases, as an operator would, until this one has begun. */
  skipTo(phase: PhaseName): void;
  /** Runs until the next round begins, and returns the one that ended. Throws when it does not within `maxTicks`; default ten minutes. */
  playRound(maxTicks?: number): FinishedRound;
  /** The body of a viewer in play, undefined for none; in a game that declares no players, their oldest entity. */
  body(who: Who): Entity | undefined;
  /** Forgets acts, effects and outcomes so far. */
  forget(): void;
}

const tenMinutes = 36_000;
/** A phase begins in the tick after it was asked for; five phases make a round. */
const maxSkips = 20;

/** Creates a show at tick 0. Throws an Error with every mistake in its rules. */
export function createTestShow<Game = unknown>(options: TestShowOptions): TestShow<Game> {
  return new SteppedShow<Game>(options);
}

/** A game whose data and context the test may look at. */
function opened(game: AnyGame, tell: (data: unknown, context: ShowContext<unknown>) => void): AnyGame {
  return {
    ...game,
    create(context: ShowContext<unknown>) {
      const data = game.create(context);
      tell(data, context);
      return data;
    },
  };
}

class SteppedShow<Game> implements TestShow<Game> {
  readonly simulation: Simulation;
  readonly acts: Acted[] = [];
  readonly effects: Effect[] = [];
  readonly outcomes = new Map<string, GiftOutcome>();
  readonly rounds: FinishedRound[] = [];
  readonly #builder = createEventBuilder();
  readonly #options: Required<TestShowOptions>;
  readonly #calls: HiddenCall[] = [];
  #events: LiveEvent[] = [];
  #hasNewCalls = false;
  #data: unknown;
  #context!: ShowContext<unknown>;
  #errors = 0;
  isCheckpoint = false;

  constructor({ game, rules = "", options = {}, seed = 1 }: TestShowOptions) {
    const open = opened(game, (data, context) => {
      this.#data = data;
      this.#context = context;
    });
    this.#options = { game: open, rules, options, seed };
    this.simulation = createSimulation({
      playlist: [{ game: open, rules: testRules({ ...this.#options, calls: [] }) }],
      seed,
    });
    this.#throwErrors();
  }

  get world() {
    return this.simulation.world;
  }
  get game() {
    return this.#data as Game;
  }
  get context() {
    return this.#context;
  }
  get phase() {
    return this.simulation.phase.name;
  }
  get round() {
    return this.simulation.phase.round;
  }
  get tick() {
    return this.world.tick;
  }
  get feed() {
    return this.simulation.feed;
  }

  send(event: LiveEvent): void {
    this.#events.push(event);
  }
  event(type: LiveEventType, who: Who, fields?: Readonly<Record<string, unknown>>): void {
    this.send(this.#builder.event(type, who, this.tick, fields));
  }
  chat(who: Who, text: string): void {
    this.event("chat", who, { text });
  }
  like(who: Who, count = 1): void {
    this.event("like", who, { count, roomDelta: count, roomTotal: 0 });
  }
  gift(who: Who, gift: BuiltGift): string {
    const event = this.#builder.gift(who, this.tick, gift);
    this.send(event);
    return event.id;
  }
  follow(who: Who): void {
    this.event("follow", who);
  }
  share(who: Who): void {
    this.event("share", who);
  }
  subscribe(who: Who): void {
    this.event("subscribe", who, { months: 1, tier: "", giftCount: 0 });
  }
  act(
    action: string,
    who: Who,
    params: Readonly<Record<string, unknown>> = {},
    { paid = false, count = 1, text = "" }: CallOptions = {},
  ): void {
    const name = this.#callOf(action, params, paid);
    if (paid) this.gift(who, { value: 1, count, name });
    else this.event("redeem", who, { rewardId: name, title: name, cost: 1, text });
  }

  /** Name by which the hidden rules know this call; made when it is new. */
  #callOf(action: string, params: Readonly<Record<string, unknown>>, paid: boolean): string {
    const text = JSON.stringify(params);
    const known = this.#calls.find(
      (call) => call.action === action && call.paid === paid && JSON.stringify(call.params) === text,
    );
    if (known) return known.name;
    const name = `call ${this.#calls.length + 1}`;
    const call = { name, action, params, paid };
    testRules({ ...this.#options, calls: [...this.#calls, call] });
    this.#calls.push(call);
    this.#hasNewCalls = true;
    return name;
  }

  run(ticks = 1): void {
    for (let left = ticks; left > 0; left--) this.#step();
  }

  #step(operator: readonly OperatorAct[] = []): void {
    const events = this.#events;
    this.#events = [];
    const rules = this.#hasNewCalls ? testRules({ ...this.#options, calls: this.#calls }) : undefined;
    this.#hasNewCalls = false;
    const result = this.simulation.step(events, rules, operator);
    this.isCheckpoint = result.checkpoint;
    this.acts.push(...result.acts);
    this.effects.push(...result.effects);
    for (const outcome of result.outcomes) this.outcomes.set(outcome.event.id, outcome);
    if (result.finishedRound) this.rounds.push(result.finishedRound);
    this.#throwErrors();
  }

  #throwErrors(): void {
    const { errors, lastError } = this.simulation.counters;
    if (errors === this.#errors) return;
    this.#errors = errors;
    throw new Error(`The game threw in tick ${this.tick}: ${lastError}`);
  }

  until(isSo: () => boolean, maxTicks = tenMinutes): void {
    for (let left = maxTicks; !isSo(); left--) {
      if (left === 0)
        throw new Error(`It was not so after ${maxTicks} ticks, in ${this.phase} of round ${this.round}.`);
      this.#step();
    }
  }

  skipTo(phase: PhaseName): void {
    for (let left = maxSkips; this.phase !== phase; left--) {
      if (left === 0) throw new Error(`The phase ${phase} never comes: it has no length, or another one never ends.`);
      this.#step(["endPhase"]);
    }
  }

  playRound(maxTicks?: number): FinishedRound {
    const before = this.rounds.length;
    this.until(() => this.rounds.length > before, maxTicks);
    return this.rounds.at(-1)!;
  }

  body(who: Who): Entity | undefined {
    const key = viewerKey(typeof who === "string" ? aViewer(who) : who);
    if (this.simulation.game.players) return this.#context.players.get(key)?.body;
    for (const entity of this.world.entities.values()) if (entity.viewer === key) return entity;
    return undefined;
  }

  forget(): void {
    this.acts.length = 0;
    this.effects.length = 0;
    this.outcomes.clear();
  }
}

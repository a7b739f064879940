/**
 * Watched show: a recorded show on the stage, that can be held, made faster and slower, and taken to any time. It knows no socket: the room
 * calls `tick`, the page's addresses the rest.
 */
import type { Games } from "../../shared/replay/beginning.ts";
import { type Difference, differenceSentence } from "../../shared/replay/compare.ts";
import { createPlayer, type PlayedState, type Player } from "../../shared/replay/player.ts";
import type { Simulation } from "../../shared/sim/simulation.ts";
import type { Effect } from "../../shared/world/effect.ts";
import { ticksPerSecond } from "../../shared/world/world.ts";
import type { Clock } from "../clock.ts";
import type { RecordedShow } from "../recorded-show.ts";
import type { StagedShow } from "../room/show-room.ts";
import { createFeed, type Feed } from "./feed.ts";
import { createKeptStates, type KeptStates } from "./kept-states.ts";
import { createSpeedMeter } from "./speed-meter.ts";

/** How long it plays without letting others do something, ms. */
const sliceMs = 8;
/** A turn that comes sooner than this after the last one was owed by a room that is late; there is no time to make good for it, ms. */
const leastRestMs = 2;
/** What the room may be late before ticks are left out, ms of playing. */
const mostOwedMs = 100;

export interface WatchOptions {
  readonly show: RecordedShow;
  /** The head's games. */
  readonly games: Games;
  /** The record's last tick. */
  readonly endTick: number;
  readonly clock: Clock;
  /** From 0.25 to 16. */
  readonly speed: number;
  /** Default: room for the states of some hours. */
  readonly states?: KeptStates;
}

/** Where a watched show is, for its page. */
export interface WatchStatus {
  readonly tick: number;
  readonly endTick: number;
  readonly phase: string;
  readonly round: number;
  readonly paused: boolean;
  /** The record is over, and the show stands still. */
  readonly ended: boolean;
  readonly speed: number;
  /** How fast it really plays; undefined while the machine keeps up. */
  readonly realSpeed: number | undefined;
  /** The way to another time, in ticks; `tick` is how far it is. */
  readonly seeking: { readonly from: number; readonly to: number } | undefined;
  /** Where it differs from its record first, as far as it was played. */
  readonly difference: { readonly tick: number; readonly sentence: string } | undefined;
  /** Why the record cannot be read on, "" while it can. */
  readonly trouble: string;
}

export interface WatchedShow extends StagedShow {
  readonly speed: number;
  pause(): void;
  /** Goes on; after the end from the beginning. */
  resume(): void;
  /** From 0.25 to 16. */
  setSpeed(speed: number): void;
  /** Goes to a tick, to the nearest one that there is, and plays or stands there as it did before. */
  seek(tick: number): void;
  status(): WatchStatus;
  /** Stops reading. */
  close(): void;
}

/** Creates a watched show at its first tick, playing. Throws a ShowFileError when its rules cannot be played. */
export function createWatchedShow(options: WatchOptions): WatchedShow {
  return new Watched(options);
}

class Watched implements WatchedShow {
  readonly id: string;
  readonly #options: WatchOptions;
  readonly #states: KeptStates;
  readonly #meter: ReturnType<typeof createSpeedMeter>;
  #player!: Player;
  #feed!: Feed;
  #speed: number;
  #isHeld = false;
  #seeking: { from: number; to: number } | undefined;
  /** Parts of a tick that are due. */
  #dueTicks = 0;
  #lastTurnMs: number;
  #restSinceMs = 0;
  #difference: Difference | undefined;
  #cancelWork = () => {};

  constructor(options: WatchOptions) {
    this.id = options.show.head.id;
    this.#options = options;
    this.#speed = options.speed;
    this.#states = options.states ?? createKeptStates();
    this.#meter = createSpeedMeter(options.clock);
    this.#lastTurnMs = options.clock.now();
    this.#begin(undefined);
  }

  get simulation(): Simulation {
    return this.#player.simulation;
  }
  get isPaused(): boolean {
    return this.#isHeld || this.#hasEnded;
  }
  get isSeeking(): boolean {
    return this.#seeking !== undefined;
  }
  get speed(): number {
    return this.#realSpeed ?? this.#speed;
  }
  get trouble(): string {
    return this.#feed.trouble;
  }
  sources() {
    return [];
  }

  tick() {
    const { clock } = this.#options;
    const now = clock.now();
    const elapsedMs = now - this.#lastTurnMs;
    this.#feed.fill();
    if (this.isSeeking || this.isPaused || now - this.#restSinceMs < leastRestMs) {
      if (this.isSeeking || this.isPaused) this.#rest(now);
      return undefined;
    }
    this.#lastTurnMs = now;
    const ticksPerMs = (this.#speed * ticksPerSecond) / 1000;
    this.#dueTicks = Math.min(this.#dueTicks + elapsedMs * ticksPerMs, Math.max(1, mostOwedMs * ticksPerMs));
    const effects: Effect[] = [];
    let ticks = 0;
    while (this.#dueTicks >= 1 && this.#canStep() && clock.now() < now + sliceMs) {
      effects.push(...this.#step().effects);
      this.#dueTicks--;
      ticks++;
    }
    this.#meter.note(ticks);
    this.#restSinceMs = clock.now();
    return ticks > 0 ? { effects } : undefined;
  }

  pause(): void {
    this.#isHeld = true;
  }

  resume(): void {
    this.#isHeld = false;
    if (this.#hasEnded) this.seek(0);
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#meter.restart();
  }

  seek(tick: number): void {
    const to = Math.max(0, Math.min(this.#options.endTick, Math.round(tick)));
    const from = this.simulation.world.tick;
    const kept = this.#states.before(to);
    if (kept && (from > to || kept.tick > from)) this.#begin(kept.state);
    else if (from > to) this.#begin(undefined);
    this.#seeking = { from: this.simulation.world.tick, to };
    this.#cancelWork();
    this.#work();
  }

  status(): WatchStatus {
    const { phase, world } = this.simulation;
    const difference = this.#difference;
    return {
      tick: world.tick,
      endTick: this.#options.endTick,
      phase: phase.name,
      round: phase.round,
      paused: this.isPaused,
      ended: this.#hasEnded,
      speed: this.#speed,
      realSpeed: this.#realSpeed,
      seeking: this.#seeking,
      difference: difference && { tick: difference.tick, sentence: differenceSentence(difference) },
      trouble: this.trouble,
    };
  }

  close(): void {
    this.#cancelWork();
    this.#seeking = undefined;
    this.#isHeld = true;
    this.#feed.close();
  }

  get #hasEnded(): boolean {
    return !this.isSeeking && this.simulation.world.tick >= this.#options.endTick;
  }
  get #realSpeed(): number | undefined {
    return this.isPaused || this.isSeeking ? undefined : this.#meter.below(this.#speed);
  }

  /** Plays from a kept state, or from the beginning. */
  #begin(from: PlayedState | undefined): void {
    const { show, games, clock } = this.#options;
    this.#feed?.close();
    this.#player = createPlayer({ games, head: show.head, ...(from ? { from } : {}) });
    this.#feed = createFeed(show, this.#player, clock);
    this.#feed.fill();
  }

  #canStep(): boolean {
    return this.simulation.world.tick < this.#player.knownTick;
  }

  #step() {
    const player = this.#player;
    const result = player.step();
    if (result.checkpoint) this.#keep();
    const { difference } = player;
    const known = this.#difference;
    // A run that began later may find it later; a trace that came later may say what it is.
    const isNews =
      !known || !difference || difference.tick < known.tick || (difference.tick === known.tick && !known.thing);
    if (difference && isNews) this.#difference = difference;
    return result;
  }

  #keep(): void {
    const { simulation, rules } = this.#player;
    const { tick } = simulation.world;
    if (this.#states.has(tick)) return;
    try {
      this.#states.add(tick, { saved: simulation.save(), rules });
    } catch {
      // A game whose state cannot be saved: going back takes longer, and that is all.
    }
  }

  /** A piece of the way to where it was sent. */
  readonly #work = (): void => {
    const { clock } = this.#options;
    const tick = () => this.simulation.world.tick;
    const { to } = this.#seeking!;
    const untilMs = clock.now() + sliceMs;
    while (tick() < to && this.#canStep() && clock.now() < untilMs) this.#step();
    if (this.trouble !== "") this.#isHeld = true;
    if (tick() < to && this.trouble === "") {
      this.#feed.fill();
      this.#cancelWork = clock.after(0, this.#work);
      return;
    }
    this.#seeking = undefined;
    this.#rest(clock.now());
  };

  /** Time that passes while it stands still is not owed. */
  #rest(now: number): void {
    this.#lastTurnMs = now;
    this.#dueTicks = 0;
    this.#meter.restart();
  }
}

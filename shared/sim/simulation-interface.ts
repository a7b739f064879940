/** What a simulation offers to whoever steps it; simulation.ts makes it. */
import type { LiveEvent } from "../events/live-event.ts";
import type { RoundRow } from "../game/boards.ts";
import type { Crowd } from "../game/crowd.ts";
import type { AnyGame, Hud } from "../game/define.ts";
import type { PhaseName, PhaseView } from "../game/phases.ts";
import type { CompiledRules } from "../rules/compiled.ts";
import type { MeterView } from "../rules/decision.ts";
import type { Effect } from "../world/effect.ts";
import type { World } from "../world/world.ts";
import type { Acted, Decided } from "./acted.ts";
import type { CarriedCalls, CarriedOver } from "./carrying.ts";
import type { SimulationCounters } from "./counters.ts";
import type { OperatorAct } from "./input.ts";
import type { GiftOutcome } from "./outcome.ts";
import type { SavedSimulation } from "./saved.ts";
import type { FeedLine, ShowMemory } from "./show-memory.ts";
import type { ReadyRow, SimulationSnapshot } from "./snapshot.ts";
import type { PlaylistTurn, Turn } from "./turns.ts";

/** A game, and how it takes its turn in a show. */
export interface PlaylistEntry {
  readonly game: AnyGame;
  /** Compiled for that game; the same for every entry of a game. */
  readonly rules: CompiledRules;
  /** Rounds in a row. Default 1. */
  readonly rounds?: number | undefined;
}

export interface SimulationOptions {
  /** Games that take turns, round by round; at least one. */
  playlist: readonly PlaylistEntry[];
  /** 32-bit whole number. */
  seed: number;
  /** Paid calls that still waited when the last show ended: they wait here from the first tick on. Default none. */
  carried?: CarriedOver | undefined;
}

export interface ResumeOptions {
  /** The games of the show by their ids. */
  games: ReadonlyMap<string, AnyGame>;
  /** As `Simulation.save` gave it, read again from its text. */
  saved: unknown;
  /**
   * The rules of a number, compiled for their game: the same texts as then; undefined when they are not understood any more. Asked once
   * for each number that is still needed.
   */
  rulesOf(number: number): CompiledRules | undefined;
}

/** What one tick gave. Valid until the next step. */
export interface StepResult {
  readonly outcomes: readonly GiftOutcome[];
  readonly effects: readonly Effect[];
  /** What the rules said about each event, and about moments of the show that concerned a rule. */
  readonly decisions: readonly Decided[];
  /** What became of the actions they called. */
  readonly acts: readonly Acted[];
  /** Phase that began in this tick. */
  readonly entered: PhaseName | undefined;
  /** The last board of the round that ended, when another one began in this tick. */
  readonly finishedRound: FinishedRound | undefined;
  /** `save` may be called now: a round has begun, or 3,600 ticks have passed since the last checkpoint. */
  readonly checkpoint: boolean;
}

export interface FinishedRound {
  readonly round: number;
  /** Best first. */
  readonly rows: readonly RoundRow[];
}

/** One body: id, kind, viewer, x, y, angle, vx, vy, radius; numbers rounded to a thousandth. */
export type OutlineRow = readonly [
  id: number,
  kind: string,
  viewer: string,
  x: number,
  y: number,
  angle: number,
  vx: number,
  vy: number,
  radius: number,
];

/** Parts of a show that have a hash of their own. */
export const hashParts = ["phase", "bodies", "waiting", "crowd", "boards", "random", "rules", "facts", "game"] as const;
export type HashPart = (typeof hashParts)[number];

export interface Simulation {
  readonly playlist: readonly PlaylistTurn[];
  readonly turn: Turn;
  /** The game that plays now; another one when its turn is over. */
  readonly game: AnyGame;
  /** The rules that hold now. */
  readonly rules: CompiledRules;
  /** Their number: first come the rules of carried calls, then those of each game the show began with, then each change in its order. */
  readonly rulesNumber: number;
  /** Rules and their number of any game of the show; undefined for others. */
  rulesOf(game: string): { readonly rules: CompiledRules; readonly number: number } | undefined;
  /** Of the game that plays now; another one with the next game. Ticks and ids of bodies go on in it. */
  readonly world: World;
  readonly phase: PhaseView;
  readonly crowd: Crowd;
  readonly boards: ShowMemory["boards"];
  readonly feed: readonly FeedLine[];
  readonly counters: Readonly<SimulationCounters>;
  /** Paid acts that wait, also those that wait for another game. */
  readonly banked: number;
  /** People watching, as the sources last said; 0 unknown. */
  readonly watching: number;
  /**
   * One tick. Events must be valid LiveEvents, in their order of arrival. `rules`, compiled for a game of the show, take over from this tick
   * on: what still exists under its name keeps its cooldowns, meters and counts, what waits still acts; options hold from its next round.
   * `operator`: what the operator does, before anything else.
   */
  step(events: readonly LiveEvent[], rules?: CompiledRules, operator?: readonly OperatorAct[]): StepResult;
  hud(): Hud;
  props(): Readonly<Record<string, number>>;
  /** Centre of what the stage shows, in world units. */
  camera(): { readonly x: number; readonly y: number };
  meters(): readonly MeterView[];
  /** Paid acts that wait, oldest first, at most `limit`. */
  ready(limit: number): ReadyRow[];
  snapshot(): SimulationSnapshot;
  /** 16 hex digits over everything that can change what comes next. */
  hash(): string;
  /** The same by parts, of which `hash` is made. */
  hashes(): Readonly<Record<HashPart, string>>;
  /** 32-bit whole number from bodies, chance and phase: for a look at every tick. Costs microseconds and no memory. */
  fingerprint(): number;
  /** All bodies, oldest first. */
  outline(): OutlineRow[];
  /** The whole show, for `resumeSimulation`. Throws unless the last step was a checkpoint; one that was just resumed is at one. */
  save(): SavedSimulation;
  /** The paid calls that wait, for the next show, null for none. `show` names this one in what it has applied of their gifts. */
  carry(show: string): CarriedCalls | null;
}

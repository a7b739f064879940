/**
 * Running simulation: one tick after the other.
 *
 * The order of a tick is a contract, golden shows depend on it:
 *   1. the operator's acts; the phase moves on when its time is up; with a new round the game whose turn it is takes the stage
 *      (rotation.ts), the options of its newest rules hold, and the round begins (round-order.ts); the phase begins: bots and teams, the
 *      game's `enterPhase`, badges
 *   2. new rules take over
 *   3. rules decide about the show's own moments: phases, rounds, timers, full meters, what was delayed; then, when the game is another
 *      one than before, anew about paid events that wait
 *   4. events, in order: rules decide, actions act or wait in the bank
 *   5. the bank releases what can act now
 *   6. players: who lost their body, bots; the game's `step`, one step of physics, the game's `afterStep`
 *   7. in a tick in which a round has begun, and every 3,600 ticks besides: the world settles, and the show may be saved
 * A hook or action that throws is skipped and counted; the show goes on and its gift waits in the bank.
 */
import type { LiveEvent } from "../events/live-event.ts";
import type { AnyGame, Hud } from "../game/define.ts";
import { createPhaseMachine, type PhaseMachine, phaseSeconds } from "../game/phases.ts";
import type { CompiledRules } from "../rules/compiled.ts";
import type { RuleState } from "../rules/decision.ts";
import { isPaid } from "../rules/engine.ts";
import { hashOf } from "../world/hash.ts";
import { createRandom, type Random } from "../world/random.ts";
import { tryAction } from "./acting.ts";
import { type CarriedCalls, carriedFrom } from "./carrying.ts";
import type { SimulationCounters } from "./counters.ts";
import { Deciding } from "./deciding.ts";
import { createFacts, type Facts } from "./facts.ts";
import type { OperatorAct } from "./input.ts";
import type { PlayedGame } from "./played-game.ts";
import { fingerprintOf, hashesOf, outlineOf } from "./prints.ts";
import { Rotation } from "./rotation.ts";
import { beginPhase, giveBadges } from "./round-order.ts";
import { createRuleBooks, type RuleBook, type RuleBooks } from "./rule-books.ts";
import { rulesIn, type SavedSimulation } from "./saved.ts";
import { createRuleNumbers, type RuleNumbers } from "./saved-calls.ts";
import { createShowMemory, type ShowMemory } from "./show-memory.ts";
import type { HashPart, OutlineRow, Simulation, StepResult } from "./simulation-interface.ts";
import { type ReadyRow, readyRowsOf, type SimulationSnapshot, snapshotOf } from "./snapshot.ts";
import { gamesIn, type PlaylistTurn } from "./turns.ts";

/** What a simulation starts from: nothing but rules and a seed, what was carried over, or all that was saved. */
export interface Start {
  readonly playlist: readonly PlaylistTurn[];
  readonly seed: number;
  /** Rules by number: those that hold, and others whose calls wait or whose options hold. */
  readonly known: ReadonlyMap<number, CompiledRules>;
  /** Numbers of the rules that hold, in the order of the games, and of the last that were given. */
  readonly numbers: { readonly now: readonly number[]; readonly last: number };
  /** States of the engines, in the order of the games. */
  readonly engines: readonly (RuleState | undefined)[];
  /** What waits, and of which gifts, from the last show; all of it from a checkpoint. */
  readonly from: Pick<Partial<SavedSimulation>, "waiting" | "outcomes">;
  readonly saved: SavedSimulation | undefined;
}

const noCounts = {
  ...{ applied: 0, refused: 0, rulesDropped: 0, effectsDropped: 0, gamesFailed: 0, errors: 0, lastError: "" },
};

/** Most ticks between two checkpoints. */
export const checkpointTicks = 3600;

/** A show that is stepped. */
export class RunningSimulation implements Simulation {
  readonly playlist: readonly PlaylistTurn[];
  readonly phase: PhaseMachine;
  readonly #games: ReadonlyMap<string, AnyGame>;
  readonly #memory: ShowMemory;
  readonly #random: Random;
  readonly #ruleNumbers: RuleNumbers;
  readonly #facts: Facts;
  readonly #books: RuleBooks;
  readonly #rotation: Rotation;
  readonly #deciding: Deciding;
  readonly #counters: SimulationCounters;
  readonly #result: { -readonly [K in keyof StepResult]: StepResult[K] };
  /** The game that has left since the rules decided anew, "" when the show has just begun; undefined for none. */
  #left: string | undefined;
  #checkpointTick: number;

  constructor({ playlist, seed, known, numbers, engines, from, saved }: Start) {
    this.playlist = playlist;
    this.#games = gamesIn(playlist);
    this.#ruleNumbers = createRuleNumbers(this.#games);
    for (const [number, rules] of known) this.#ruleNumbers.note(number, rules);
    this.#random = createRandom(saved?.random ?? seed);
    this.#counters = { ...noCounts, ...saved?.counters };
    const { game } = playlist[saved?.turn.entry ?? 0]!;
    const optionsNumber = saved?.numbers.options ?? numbers.now[0]!;
    const { options } = known.get(optionsNumber)!;
    this.phase = createPhaseMachine(phaseSeconds(game.phases, options), saved?.phase);
    const isNeeded = (viewer: string) => this.#deciding.waiting.bank.holds(viewer) || this.#played.needs(viewer);
    this.#memory = createShowMemory(isNeeded, saved?.memory);
    this.#facts = createFacts({
      ...{ phase: this.phase, memory: this.#memory, saved: saved?.facts },
      played: () => this.#played,
      declared: () => this.rules.teams,
    });
    this.#books = createRuleBooks({ games: this.#games, numbers, known, engines, facts: this.#facts });
    const parts = { playlist, phase: this.phase, memory: this.#memory, random: this.#random, books: this.#books };
    const noteFailure = () => void this.#counters.gamesFailed++;
    const play = saved && { ...saved, options, number: optionsNumber };
    this.#rotation = new Rotation({ ...parts, guard: this.#guard, noteFailure }, play);
    const rulesNow = { numbers: this.#ruleNumbers, facts: this.#facts, counters: this.#counters };
    const now = { played: () => this.#played, book: () => this.#book };
    this.#deciding = new Deciding({ ...rulesNow, ...now, guard: this.#guard }, from);
    this.#checkpointTick = this.world.tick;
    this.#result = {
      outcomes: this.#deciding.outcomes.changed,
      effects: this.#memory.effects,
      decisions: this.#deciding.decisions,
      acts: this.#deciding.acts,
      entered: undefined,
      finishedRound: undefined,
      checkpoint: saved !== undefined,
    };
    this.#left = saved?.left ?? undefined;
    if (!saved) this.#begin();
  }

  /** The show begins; who has something waiting from the last one is there. */
  #begin(): void {
    this.#rotation.begin();
    this.#left = "";
    this.#enter("waits since the last show");
    for (const { eventIds, reason } of [...this.#deciding.waiting.bank.paid, ...this.#deciding.waiting.elsewhere]) {
      for (const id of eventIds) this.#deciding.outcomes.waits(id, reason);
    }
    if (this.#played.works) beginPhase(this.#played.round, this.phase.name);
  }

  /** What waits for the game that plays now may act again; who it is of is there. */
  #enter(reason: string): void {
    const { game } = this;
    this.#deciding.waiting.enter(game.id, (id) => `waits for ${this.#games.get(id)?.title ?? id}`);
    for (const entry of this.#deciding.waiting.bank.paid) {
      const { event } = entry.call;
      entry.reason = reason;
      if (event && isPaid(event)) this.#deciding.meet(event);
    }
  }

  /** Runs something of the game or the rules that may throw; counts and swallows it. */
  readonly #guard = <T>(what: string, run: () => T, otherwise: T): T => {
    try {
      return run();
    } catch (error) {
      this.#counters.errors++;
      this.#counters.lastError = `${what}: ${error instanceof Error ? error.message : String(error)}`;
      return otherwise;
    }
  };

  get #played(): PlayedGame {
    return this.#rotation.played;
  }
  get #book(): RuleBook {
    return this.#books.of(this.game.id);
  }
  get game(): AnyGame {
    return this.#played.game;
  }
  get turn() {
    return this.#rotation.turn;
  }
  get world() {
    return this.#played.world;
  }
  get rules(): CompiledRules {
    return this.#book.rules;
  }
  get rulesNumber(): number {
    return this.#book.number;
  }
  rulesOf(game: string) {
    return this.#games.has(game) ? this.#books.of(game) : undefined;
  }
  get crowd() {
    return this.#memory.crowd;
  }
  get boards() {
    return this.#memory.boards;
  }
  get feed() {
    return this.#memory.feedLines;
  }
  get counters(): SimulationCounters {
    const { effectsDropped } = this.#memory;
    return { ...this.#counters, effectsDropped, rulesDropped: this.#counters.rulesDropped + this.#books.dropped };
  }
  get banked(): number {
    return this.#deciding.waiting.bank.paid.size + this.#deciding.waiting.elsewhere.length;
  }
  get watching(): number {
    return this.#facts.watching;
  }

  step(events: readonly LiveEvent[], rules?: CompiledRules, operator: readonly OperatorAct[] = []): StepResult {
    const deciding = this.#deciding;
    deciding.clear();
    this.#memory.effects.length = 0;
    const { round } = this.phase;
    for (const act of operator) {
      if (act === "endPhase") this.phase.skip();
      else if (act === "endRound") this.phase.endRound();
    }
    this.#advancePhase();
    if (rules) this.#guard("new rules", () => this.#changeRules(rules), undefined);
    deciding.passTick();
    this.#decideAnew();
    for (const act of operator) if (typeof act === "object") tryAction(act, deciding.acting());
    for (const event of events) deciding.take(event);
    deciding.waiting.release();
    deciding.outcomes.settle();
    this.#stepWorld();
    const { world } = this;
    this.#result.checkpoint = this.phase.round !== round || world.tick - this.#checkpointTick >= checkpointTicks;
    if (this.#result.checkpoint) {
      world.settle();
      this.#checkpointTick = world.tick;
    }
    return this.#result;
  }

  #stepWorld(): void {
    const { game, context, data, works } = this.#played;
    if (works) {
      this.#guard("players", () => context.players.tick(), undefined);
      this.#guard("step", () => game.step(data, context), undefined);
    }
    this.#guard("physics", () => context.world.step(), undefined);
    if (works) this.#guard("afterStep", () => game.afterStep?.(data, context), undefined);
  }

  #advancePhase(): void {
    const { phase, boards } = this;
    const { round } = phase;
    const entered = phase.advance(this.world.tick);
    this.#result.entered = entered;
    this.#result.finishedRound = undefined;
    if (!entered) return;
    if (phase.round !== round) {
      this.#guard("badges", () => giveBadges(this.#played.round, round), undefined);
      this.#result.finishedRound = { round, rows: boards.roundRows() };
      boards.nextRound();
      this.#passTurn();
      // Another game may begin with another phase.
      this.#result.entered = phase.name;
    }
    if (this.#played.works) beginPhase(this.#played.round, phase.name);
  }

  /** The game whose turn it is begins the round; when it is another one, what waits for the one before is left to be decided anew. */
  #passTurn(): void {
    const before = this.game;
    this.#rotation.pass();
    const { game } = this;
    if (game.id === before.id) return;
    this.#left = before.id;
    this.#deciding.waiting.leave(
      before.id,
      `waits for ${before.title}`,
      `${before.title} has made way for ${game.title}`,
    );
    this.#enter(`waited for ${game.title}`);
  }

  #changeRules(next: CompiledRules): void {
    const { number } = this.#books.change(next);
    this.#ruleNumbers.note(number, next);
  }

  /** What waits for the game that has left, or for one that this show has not, is for the game that plays now to take. */
  #decideAnew(): void {
    const left = this.#left;
    if (left === undefined || !this.#played.works) return;
    this.#deciding.decideAnew((game) => game === left || !this.#games.has(game));
    this.#left = undefined;
  }

  hud(): Hud {
    return this.#played.hud();
  }
  props(): Readonly<Record<string, number>> {
    return this.#played.props();
  }
  camera() {
    return this.#played.camera();
  }
  meters() {
    return this.#book.engine.meters;
  }
  ready(limit: number): ReadyRow[] {
    return readyRowsOf(this.#deciding.waiting.bank.paid, this.crowd, this.game, limit);
  }
  snapshot(): SimulationSnapshot {
    const { game, world, phase, feed } = this;
    const { bank } = this.#deciding.waiting;
    const parts = { game, world, phase, feed, crowd: this.crowd, boards: this.boards, engine: this.#book.engine, bank };
    return snapshotOf({ ...parts, hud: this.hud(), props: this.props() });
  }

  hash(): string {
    return hashOf(this.hashes());
  }
  hashes(): Readonly<Record<HashPart, string>> {
    return hashesOf({
      ...{ world: this.world, phase: this.phase, random: this.#random, memory: this.#memory, turn: this.turn },
      ...{ waiting: this.#deciding.waiting, outcomes: this.#deciding.outcomes, facts: this.#facts },
      ...{ engines: this.#books.all().map(({ engine }) => engine), game: this.#played.shown() },
    });
  }
  fingerprint(): number {
    return fingerprintOf(this.world, this.phase);
  }
  outline(): OutlineRow[] {
    return outlineOf(this.world);
  }

  save(): SavedSimulation {
    if (!this.#result.checkpoint) throw new Error("a show can be saved only after a step that was a checkpoint");
    const books = this.#books.all();
    const saved = {
      format: 2 as const,
      playlist: this.playlist.map(({ game, rounds }) => ({ game: game.id, rounds })),
      turn: this.turn,
      left: this.#left ?? null,
      numbers: {
        now: books.map(({ number }) => number),
        last: this.#books.last,
        options: this.#rotation.optionsNumber,
      },
      random: this.#random.save(),
      world: this.world.save(),
      phase: this.phase.save(),
      memory: this.#memory.save(),
      facts: this.#facts.save(),
      engines: books.map(({ engine }) => engine.save()),
      outcomes: this.#deciding.outcomes.save(),
      waiting: this.#deciding.waiting.save(),
      counters: this.counters,
      data: this.#played.save(),
    };
    return { ...saved, rules: rulesIn(saved) };
  }
  carry(show: string): CarriedCalls | null {
    const engines = [...this.#games.keys()].map((game) => ({ game, state: this.#books.of(game).engine.save() }));
    const [waiting, gifts] = [this.#deciding.waiting.save(), this.#deciding.outcomes.save()];
    return carriedFrom({ waiting, gifts, game: this.game.id, engines, show });
  }
}

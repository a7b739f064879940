/**
 * Running simulation: one tick after the other.
 *
 * The order of a tick is a contract, golden shows depend on it:
 *   1. the operator's acts; the phase moves on when its time is up; with a new round the game's options of the newest rules hold, and
 *      the round begins (round-order.ts); the phase begins: bots and teams, the game's `enterPhase`, badges
 *   2. new rules take over
 *   3. rules decide about the show's own moments: phases, rounds, timers, full meters, what was delayed
 *   4. events, in order: rules decide, actions act or wait in the bank
 *   5. the bank releases what can act now
 *   6. players: who lost their body, bots; the game's `step`, one step of physics, the game's `afterStep`
 *   7. in a tick in which a round has begun, and every 3,600 ticks besides: the world settles, and the show may be saved
 * A hook or action that throws is skipped and counted; the show goes on and its gift waits in the bank.
 */
import type { LiveEvent } from "../events/live-event.ts";
import type { Viewer } from "../events/viewer.ts";
import type { AnyGame, Hud } from "../game/define.ts";
import { createPhaseMachine, type PhaseMachine, phaseSeconds } from "../game/phases.ts";
import type { PlayersRecord } from "../game/players.ts";
import type { CompiledRules } from "../rules/compiled.ts";
import type { RuleCall, RuleDecision, RuleEngine } from "../rules/decision.ts";
import { createRuleEngine } from "../rules/engine.ts";
import { hashOf } from "../world/hash.ts";
import { createRandom, type Random } from "../world/random.ts";
import { createWorld, type World } from "../world/world.ts";
import { type Acted, actedOf, type Decided } from "./acted.ts";
import { type ActingParts, failed, tryCall } from "./acting.ts";
import { type CarriedCalls, carriedFrom } from "./carrying.ts";
import { createContext, type SimulationContext } from "./context.ts";
import type { SimulationCounters } from "./counters.ts";
import { createFacts, type Facts } from "./facts.ts";
import type { OperatorAct } from "./input.ts";
import { createOutcomes, type OutcomeKeeper, whyNone } from "./outcome.ts";
import { type Outside, type PackedData, packData, unpackData } from "./pack.ts";
import { fingerprintOf, hashesOf, outlineOf } from "./prints.ts";
import { beginPhase, beginRound, giveBadges, type RoundParts } from "./round-order.ts";
import type { SavedSimulation } from "./saved.ts";
import { createRuleNumbers, type RuleNumbers } from "./saved-calls.ts";
import type { HashPart, OutlineRow, Simulation, StepResult } from "./simulation-interface.ts";
import { type ReadyRow, readyRowsOf, type SimulationSnapshot, snapshotOf } from "./snapshot.ts";
import { createWaiting, type SavedWaiting, type Waiting } from "./waiting.ts";

/** What a simulation starts from: nothing but rules and a seed, what was carried over, or all that was saved. */
export interface Start {
  readonly game: AnyGame;
  readonly seed: number;
  /** Rules by number: those that hold, and others whose calls wait or whose options hold. */
  readonly known: ReadonlyMap<number, CompiledRules>;
  readonly numbers: SavedSimulation["numbers"];
  readonly from: Partial<SavedSimulation>;
}

const noCounts = { applied: 0, refused: 0, rulesDropped: 0, effectsDropped: 0, errors: 0, lastError: "" };

/** Most ticks between two checkpoints. */
export const checkpointTicks = 3600;

/** A show that is stepped. */
export class RunningSimulation implements Simulation {
  readonly game: AnyGame;
  readonly world: World;
  readonly phase: PhaseMachine;
  readonly #context: SimulationContext;
  readonly #random: Random;
  readonly #numbers: { -readonly [K in keyof SavedSimulation["numbers"]]: number };
  readonly #ruleNumbers: RuleNumbers;
  readonly #facts: Facts;
  readonly #waiting: Waiting;
  readonly #round: RoundParts;
  readonly #outcomes: OutcomeKeeper;
  readonly #counters: SimulationCounters;
  readonly #decisions: Decided[] = [];
  readonly #acts: Acted[] = [];
  readonly #result: { -readonly [K in keyof StepResult]: StepResult[K] };
  #rules: CompiledRules;
  #engine: RuleEngine;
  #data: unknown;
  #checkpointTick: number;

  constructor({ game, seed, known, numbers, from }: Start) {
    this.game = game;
    this.#numbers = { ...numbers };
    this.#rules = known.get(numbers.now)!;
    this.#ruleNumbers = createRuleNumbers(game);
    for (const [number, rules] of known) this.#ruleNumbers.note(number, rules);
    this.#random = createRandom(from.random ?? seed);
    this.world = createWorld({ ...game.world, random: this.#random }, from.world);
    this.#checkpointTick = this.world.tick;
    const { options } = known.get(numbers.options)!;
    this.phase = createPhaseMachine(phaseSeconds(game.phases, options), from.phase);
    const isNeeded = (viewer: string) =>
      this.#waiting.bank.holds(viewer) || (this.#data !== undefined && game.needs?.(this.#data, viewer) === true);
    const data = () => this.#data;
    this.#context = createContext(
      { game, world: this.world, phase: this.phase, options, data, isNeeded },
      from.context,
    );
    this.#round = { game, context: this.#context, data, guard: this.#guard };
    this.#counters = { ...(from.counters ?? noCounts) };
    const { teams } = this.#rules;
    this.#facts = createFacts({ ...this.#round, teams, saved: from.facts });
    this.#engine = createRuleEngine(this.#rules, this.#facts, from.engine, known.values());
    this.#outcomes = createOutcomes(from.outcomes);
    this.#waiting = this.#createWaiting(from.waiting);
    this.#result = {
      outcomes: this.#outcomes.changed,
      effects: this.#context.effects,
      decisions: this.#decisions,
      acts: this.#acts,
      entered: undefined,
      finishedRound: undefined,
      checkpoint: from.data !== undefined,
    };
    if (from.data) this.#unpack(from.data);
    else this.#begin();
  }

  /** The game begins; who has something waiting from the last show is there. */
  #begin(): void {
    const { game, phase, world } = this;
    const { bank, stranded } = this.#waiting;
    for (const { call, eventIds, reason } of [...bank.paid, ...stranded]) {
      const { event } = call;
      if (event && "viewer" in event && event.viewer) this.crowd.meet(event.viewer, world.tick, { test: event.test });
      for (const id of eventIds) this.#outcomes.waits(id, reason);
    }
    this.#data = game.create(this.#context);
    beginRound(this.#round);
    beginPhase(this.#round, phase.name);
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

  #createWaiting(saved: SavedWaiting | undefined): Waiting {
    const acting: ActingParts = {
      ...this.#round,
      engine: () => this.#engine,
      leader: () => this.hud().leader,
      teamOf: this.#facts.teamOf,
      note: (acted) => this.#acts.push(acted),
    };
    const parts = {
      numbers: this.#ruleNumbers,
      releaseGapTicks: this.game.bank?.gapTicks,
      tick: () => this.world.tick,
      placesIn: (queue: string) => this.#rules.queues.find(({ name }) => name === queue)?.most,
      hasActed: ({ event, rule, step }: RuleCall) =>
        event !== undefined && (this.game.host?.hasActed(event.id, rule.id, step.action) ?? false),
      attempt: (call: RuleCall, count: number, calls: number, ids: readonly string[]) =>
        this.#guard("call", () => tryCall(call, { count, calls, ids }, acting), failed),
      applied: ({ rule, step }: RuleCall, ids: readonly string[]) => {
        this.#counters.applied++;
        const action = { rule: rule.id, action: step.action, tick: this.world.tick };
        for (const id of ids) this.#outcomes.applied(id, action);
      },
      waits: (call: RuleCall, ids: readonly string[], reason: string) => {
        for (const id of ids) this.#outcomes.waits(id, reason);
        this.#note(call, ids, "waits", reason);
      },
      ended: (call: RuleCall, reason: string, wasDropped: boolean) => {
        if (wasDropped) this.#counters.rulesDropped++;
        else this.#counters.refused++;
        this.#note(call, call.event ? [call.event.id] : [], "refused", reason);
      },
    };
    return createWaiting(parts, saved);
  }

  /** Notes what waits or has ended without acting; who acted is noted by acting itself. */
  #note(call: RuleCall, eventIds: readonly string[], state: Acted["state"], reason: string): void {
    const { tick } = this.world;
    this.#acts.push(actedOf(call, { eventIds, params: {}, viewer: call.viewer, tick, state, reason }));
  }

  get rules(): CompiledRules {
    return this.#rules;
  }
  get rulesNumber(): number {
    return this.#numbers.now;
  }
  get crowd() {
    return this.#context.crowd;
  }
  get boards() {
    return this.#context.boards;
  }
  get feed() {
    return this.#context.feedLines;
  }
  get counters(): SimulationCounters {
    const { effectsDropped } = this.#context;
    return { ...this.#counters, effectsDropped, rulesDropped: this.#counters.rulesDropped + this.#engine.dropped };
  }
  get banked(): number {
    return this.#waiting.bank.paid.size + this.#waiting.stranded.length;
  }
  get watching(): number {
    return this.#facts.watching;
  }

  step(events: readonly LiveEvent[], rules?: CompiledRules, operator: readonly OperatorAct[] = []): StepResult {
    const { world, game } = this;
    this.#outcomes.clear();
    this.#context.effects.length = 0;
    this.#decisions.length = 0;
    this.#acts.length = 0;
    const { round } = this.phase;
    for (const act of operator) act === "endPhase" ? this.phase.skip() : this.phase.endRound();
    this.#advancePhase();
    if (rules) this.#guard("new rules", () => this.#changeRules(rules), undefined);
    this.#guard("rules", () => this.#follow(this.#engine.passTick(world.tick), undefined, undefined), undefined);
    for (const event of events) this.#takeSafely(event);
    this.#waiting.release();
    this.#outcomes.settle();
    this.#guard("players", () => this.#context.players.tick(), undefined);
    this.#guard("step", () => game.step(this.#data, this.#context), undefined);
    this.#guard("physics", () => world.step(), undefined);
    this.#guard("afterStep", () => game.afterStep?.(this.#data, this.#context), undefined);
    this.#result.checkpoint = this.phase.round !== round || world.tick - this.#checkpointTick >= checkpointTicks;
    if (this.#result.checkpoint) {
      world.settle();
      this.#checkpointTick = world.tick;
    }
    return this.#result;
  }

  #advancePhase(): void {
    const { phase, boards, game } = this;
    const { round } = phase;
    const entered = phase.advance(this.world.tick);
    this.#result.entered = entered;
    this.#result.finishedRound = undefined;
    if (!entered) return;
    if (phase.round !== round) {
      this.#guard("badges", () => giveBadges(this.#round, round), undefined);
      this.#result.finishedRound = { round, rows: boards.roundRows() };
      boards.nextRound();
      if (this.#numbers.options !== this.#numbers.now) {
        this.#numbers.options = this.#numbers.now;
        this.#context.options = this.#rules.options;
        phase.retime(phaseSeconds(game.phases, this.#rules.options));
      }
      beginRound(this.#round);
    }
    beginPhase(this.#round, entered);
  }

  #changeRules(next: CompiledRules): void {
    const number = ++this.#numbers.last;
    const engine = createRuleEngine(next, this.#facts, this.#engine);
    this.#counters.rulesDropped += this.#engine.dropped;
    this.#engine = engine;
    this.#rules = next;
    this.#numbers.now = number;
    this.#ruleNumbers.note(number, next);
    this.#facts.declare(next.teams);
  }

  /** One event that breaks something must not take the others of its tick with it, and a gift keeps its outcome. */
  #takeSafely(event: LiveEvent): void {
    const isTaken = this.#guard(`event ${event.type}`, () => this.#take(event), false);
    if (!isTaken && event.type === "gift") this.#outcomes.open(event, 0, "it could not be decided", []);
  }

  #take(event: LiveEvent): true {
    this.#facts.hear(event);
    const decision = this.#engine.evaluate(event, this.world.tick);
    if (event.type === "gift") this.#openGift(event, decision);
    this.#follow(decision, event, "viewer" in event ? event.viewer : undefined);
    return true;
  }

  /** Opens the gift's row: its calls decide what becomes of it. Rules that only fill or count have done so already. */
  #openGift(event: LiveEvent & { type: "gift" }, { calls, traces, done: isDone, later }: RuleDecision): void {
    const hasOther = calls.length === 0 && (isDone || later > 0);
    const done = hasOther ? traces.filter(({ verdict }) => verdict === "fired" || verdict === "waits") : [];
    const actions = done.map(({ rule }) => ({ rule: rule.id, action: rule.steps[0]!.kind, tick: this.world.tick }));
    this.#outcomes.open(event, calls.length, event.replay ? "sent before this connection" : whyNone(traces), actions);
  }

  /** Lets act what a decision says, for the viewer behind it. */
  #follow(decision: RuleDecision, event: LiveEvent | undefined, viewer: Viewer | undefined): void {
    const { calls, lines, traces, joinsTeam } = decision;
    const { tick } = this.world;
    const context = this.#context;
    // The engine's lists are its own again as soon as it is asked anew.
    if (event || traces.length > 0) this.#decisions.push({ event, tick, traces: [...traces], rules: this.#rules });
    if (calls.length === 0 && lines.length === 0 && joinsTeam === "") return;
    const member = viewer && this.crowd.meet(viewer, tick, { test: event?.test ?? false });
    for (const { viewer: key, words, test } of lines) {
      context.isTest = test;
      context.feed(this.crowd.get(key), words, "plain");
      context.isTest = false;
    }
    for (const call of calls) this.#waiting.decide(call);
    // After the calls, so that the comment that brings somebody in can choose their team too.
    if (member && joinsTeam !== "") this.#guard("teams", () => this.#facts.joinTeam(member, joinsTeam), undefined);
  }

  hud(): Hud {
    const none = { headline: "", leader: "", podium: [] };
    return this.#guard("hud", () => this.game.hud(this.#data, this.#context), none);
  }
  props(): Readonly<Record<string, number>> {
    return this.#guard("props", () => this.game.props?.(this.#data, this.#context) ?? {}, {});
  }
  camera() {
    const middle = { x: this.world.width / 2, y: this.world.height / 2 };
    return this.#guard("camera", () => this.game.camera?.(this.#data, this.#context) ?? middle, middle);
  }
  meters() {
    return this.#engine.meters;
  }
  ready(limit: number): ReadyRow[] {
    return readyRowsOf(this.#waiting.bank.paid, this.crowd, this.game, limit);
  }
  snapshot(): SimulationSnapshot {
    const { game, world, phase } = this;
    const { bank } = this.#waiting;
    const parts = { game, world, phase, context: this.#context, engine: this.#engine, bank };
    return snapshotOf({ ...parts, hud: this.hud(), props: this.props() });
  }

  hash(): string {
    return hashOf(this.hashes());
  }
  hashes(): Readonly<Record<HashPart, string>> {
    const shown = () => (this.game.snapshot ? this.game.snapshot(this.#data) : this.#data);
    const game = this.#guard("snapshot", () => this.#pack(shown()), null);
    return hashesOf({
      ...{ world: this.world, phase: this.phase, random: this.#random, context: this.#context },
      ...{ waiting: this.#waiting, outcomes: this.#outcomes, engine: this.#engine, facts: this.#facts, game },
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
    const waiting = this.#waiting.save();
    const { now, options } = this.#numbers;
    const places = [...waiting.entries, ...waiting.stranded].map(({ call }) => call.place[0]);
    return {
      format: 1,
      game: this.game.id,
      rules: [...new Set([now, options, ...places])].sort((a, b) => a - b),
      numbers: { ...this.#numbers },
      random: this.#random.save(),
      world: this.world.save(),
      phase: this.phase.save(),
      context: this.#context.save(),
      facts: this.#facts.save(),
      engine: this.#engine.save(),
      outcomes: this.#outcomes.save(),
      waiting,
      counters: this.counters,
      data: this.#pack(this.#data),
    };
  }
  carry(show: string): CarriedCalls | null {
    const gifts = this.#outcomes.save();
    return carriedFrom({ waiting: this.#waiting.save(), gifts, engine: this.#engine.save(), show });
  }

  /** The game's data and its players as one, so that what they share stays one and the same. */
  #pack(game: unknown): PackedData {
    return packData({ game, players: this.#context.players.record }, this.#outside);
  }
  #unpack(packed: PackedData): void {
    const { game, players } = unpackData(packed, this.#outside) as { game: unknown; players: PlayersRecord };
    this.#data = game;
    this.#context.players.record = players;
  }
  /** What the data may refer to. */
  get #outside(): Outside {
    return { entity: (id) => this.world.entities.get(id), member: (key) => this.crowd.get(key) };
  }
}

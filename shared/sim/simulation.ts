/**
 * Simulation: rules + game + world + random. `step(events)` is the whole show between "an event arrived" and "a snapshot
 * exists": pure and deterministic, time is the tick number. The same game, rules, seed, events and changes of rules give the same
 * hash on any run.
 *
 * The order of a tick is a contract, golden shows depend on it:
 *   1. the phase moves on when its time is up; with a new round the game's options of the newest rules hold; `enterPhase` runs
 *   2. new rules take over
 *   3. rules decide about the show's own moments: phases, rounds, timers, full meters, what was delayed
 *   4. events, in order: rules decide, actions act or wait in the bank
 *   5. the bank releases what can act now
 *   6. the game's `beforeStep`, one step of physics, the game's `afterStep`
 * A hook or action that throws is skipped and counted; the show goes on and its gift waits in the bank.
 */
import type { LiveEvent } from "../events/live-event.ts";
import type { Viewer } from "../events/viewer.ts";
import type { BoardRow } from "../game/boards.ts";
import type { AnyGame, Hud } from "../game/define.ts";
import { createPhaseMachine, type PhaseName, type PhaseView } from "../game/phases.ts";
import type { CompiledRules } from "../rules/compiled.ts";
import type { MeterView, RuleCall, RuleDecision, RuleTrace } from "../rules/decision.ts";
import { createRuleEngine } from "../rules/engine.ts";
import type { Effect } from "../world/effect.ts";
import { hashOf } from "../world/hash.ts";
import { createRandom } from "../world/random.ts";
import { createWorld, type World } from "../world/world.ts";
import { type Acted, actedOf, type Decided } from "./acted.ts";
import { type ActingParts, failed, tryCall } from "./acting.ts";
import { createContext, type FeedLine, type SimulationContext } from "./context.ts";
import { createFacts } from "./facts.ts";
import type { OperatorAct } from "./input.ts";
import { createOutcomes, type GiftOutcome } from "./outcome.ts";
import type { CarriedCalls, CarriedOver, SavedSimulation } from "./saved.ts";
import { type ReadyRow, readyRowsOf, type SimulationSnapshot, snapshotOf } from "./snapshot.ts";
import { createWaiting } from "./waiting.ts";

export interface SimulationOptions {
  game: AnyGame;
  /** Compiled for that game. */
  rules: CompiledRules;
  /** 32-bit whole number. */
  seed: number;
  /** Paid calls that still waited when the last show ended: they wait here from the first tick on. Default none. */
  carried?: CarriedOver | undefined;
}

export interface ResumeOptions {
  game: AnyGame;
  /** As `Simulation.save` gave it, read again from its text. */
  saved: unknown;
  /** The rules of a number, compiled for the game: the same texts as then. Asked once for each number that is still needed. */
  rulesOf(number: number): CompiledRules;
}

export interface SimulationCounters {
  /** Calls applied, free calls refused (wrong phase, cooldown of the action, no place). */
  applied: number;
  refused: number;
  /** Free acts that a limit of the rules, a full queue or a full bank lost. */
  rulesDropped: number;
  /** Effects that found no place in their tick. */
  effectsDropped: number;
  /** Hooks or actions that threw; `lastError` says which and why. */
  errors: number;
  lastError: string;
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
  /** `save` may be called now: a round has begun, or 7,200 ticks have passed since the last checkpoint. */
  readonly checkpoint: boolean;
}

export interface FinishedRound {
  readonly round: number;
  /** Best first. */
  readonly rows: readonly Readonly<BoardRow>[];
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
  readonly game: AnyGame;
  /** The rules that hold now. */
  readonly rules: CompiledRules;
  /** Their number: first come the rules of carried calls, then those the show began with, then each change in its order. */
  readonly rulesNumber: number;
  readonly world: World;
  readonly phase: PhaseView;
  readonly crowd: SimulationContext["crowd"];
  readonly boards: SimulationContext["boards"];
  readonly feed: readonly FeedLine[];
  readonly counters: Readonly<SimulationCounters>;
  /** Paid acts waiting in the bank. */
  readonly banked: number;
  /** People watching, as the sources last said; 0 unknown. */
  readonly watching: number;
  /**
   * One tick. Events must be valid LiveEvents, in their order of arrival. `rules`, compiled for the same game, take over from this tick
   * on: what still exists under its name keeps its cooldowns, meters and counts, what waits still acts; options hold from the next round.
   * `operator`: what the operator does, before anything else.
   */
  step(events: readonly LiveEvent[], rules?: CompiledRules, operator?: readonly OperatorAct[]): StepResult;
  hud(): Hud;
  props(): Readonly<Record<string, number>>;
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
  /** The whole show, for `resumeSimulation`. Throws unless the last step was a checkpoint. */
  save(): SavedSimulation;
  /** The paid calls that wait, for the next show, null for none. `show` names this one in what it has applied of their gifts. */
  carry(show: string): CarriedCalls | null;
}

/** Why a gift has no effect, for people: nothing was written for it, or what was does not hold now. */
function whyNone(traces: readonly RuleTrace[]): string {
  const failing = traces.find(({ verdict }) => verdict === "condition");
  return failing
    ? `no rule for it now: ${failing.detail} of rule ${failing.rule.id} does not hold`
    : "no rule for this gift";
}

function notYet(): never {
  throw new Error("not yet");
}

/** Goes on from what was saved at a checkpoint. Throws when it is of another game or format. */
export function resumeSimulation(_options: ResumeOptions): Simulation {
  return notYet();
}

/** Creates a show at tick 0, in the lobby of round 1. */
export function createSimulation({ game, rules: firstRules, seed }: SimulationOptions): Simulation {
  let rules = firstRules;
  const random = createRandom(seed);
  const world = createWorld({ ...game.world, random });
  const phase = createPhaseMachine(game.phases(rules.options));
  const outcomes = createOutcomes();
  const counters = { applied: 0, refused: 0, rulesDropped: 0, effectsDropped: 0, errors: 0, lastError: "" };
  const decisions: Decided[] = [];
  const acts: Acted[] = [];
  let data: unknown;
  const needs = (viewer: string) => waiting.bank.holds(viewer) || (data !== undefined && game.needs(data, viewer));
  const context = createContext(world, phase, rules.options, needs);
  const result: StepResult = {
    outcomes: outcomes.changed,
    effects: context.effects,
    decisions,
    acts,
    entered: undefined,
    finishedRound: undefined,
    checkpoint: false,
  };

  const guard = <T>(what: string, run: () => T, otherwise: T): T => {
    try {
      return run();
    } catch (error) {
      counters.errors++;
      counters.lastError = `${what}: ${error instanceof Error ? error.message : String(error)}`;
      return otherwise;
    }
  };
  const hud = (): Hud => guard("hud", () => game.hud(data, context), { headline: "", leader: "", podium: [] });
  const facts = createFacts({ game, context, data: () => data, teams: rules.teams, guard });
  let engine = createRuleEngine(rules, facts);
  const acting: ActingParts = {
    game,
    world,
    crowd: context.crowd,
    context,
    data: () => data,
    engine: () => engine,
    guard,
    leader: () => hud().leader,
    teamOf: facts.teamOf,
    note: (acted) => acts.push(acted),
  };
  /** Notes what waits or has ended without acting; who acted is noted by acting itself. */
  const note = (call: RuleCall, eventIds: readonly string[], state: Acted["state"], reason: string) => {
    acts.push(actedOf(call, { eventIds, params: {}, viewer: call.viewer, tick: world.tick, state, reason }));
  };
  const waiting = createWaiting({
    tick: () => world.tick,
    placesIn: (queue) => rules.queues.find(({ name }) => name === queue)?.most,
    attempt: (call, count, calls, ids) => guard("call", () => tryCall(call, { count, calls, ids }, acting), failed),
    applied({ rule, step }, ids) {
      counters.applied++;
      const action = { rule: rule.id, action: step.action, tick: world.tick };
      for (const id of ids) outcomes.applied(id, action);
    },
    waits(call, ids, reason) {
      for (const id of ids) outcomes.waits(id, reason);
      note(call, ids, "waits", reason);
    },
    ended(call, reason, wasDropped) {
      if (wasDropped) counters.rulesDropped++;
      else counters.refused++;
      note(call, call.event ? [call.event.id] : [], "refused", reason);
    },
  });
  data = game.create(context);
  guard("enterPhase", () => game.enterPhase(data, phase.name, context), undefined);

  /** Lets act what a decision says, for the viewer behind it. */
  const follow = (decision: RuleDecision, event: LiveEvent | undefined, viewer: Viewer | undefined) => {
    const { calls, lines, traces, joinsTeam } = decision;
    // The engine's lists are its own again as soon as it is asked anew.
    if (event || traces.length > 0) decisions.push({ event, tick: world.tick, traces: [...traces], rules });
    if (calls.length === 0 && lines.length === 0 && joinsTeam === "") return;
    const member = viewer && context.crowd.meet(viewer, world.tick, { test: event?.test ?? false });
    for (const { viewer: key, words, test } of lines) {
      context.isTest = test;
      context.feed(context.crowd.get(key), words, "plain");
      context.isTest = false;
    }
    for (const call of calls) waiting.decide(call);
    // After the calls, so that the comment that brings somebody in can choose their team too.
    if (member && joinsTeam !== "") guard("teams", () => facts.joinTeam(member, joinsTeam), undefined);
  };

  const take = (event: LiveEvent) => {
    facts.hear(event);
    const decision = engine.evaluate(event, world.tick);
    if (event.type === "gift") openGift(event, decision);
    follow(decision, event, "viewer" in event ? event.viewer : undefined);
  };

  /** Opens the gift's row: its calls decide what becomes of it. Rules that only fill or count have done so already. */
  const openGift = (event: LiveEvent & { type: "gift" }, { calls, traces, done: isDone, later }: RuleDecision) => {
    const hasOther = calls.length === 0 && (isDone || later > 0);
    const done = hasOther ? traces.filter(({ verdict }) => verdict === "fired" || verdict === "waits") : [];
    const actions = done.map(({ rule }) => ({ rule: rule.id, action: rule.steps[0]!.kind, tick: world.tick }));
    outcomes.open(event, calls.length, event.replay ? "sent before this connection" : whyNone(traces), actions);
  };

  /** One event that breaks something must not take the others of its tick with it, and a gift keeps its outcome. */
  const takeSafely = (event: LiveEvent) => {
    const isTaken = guard(
      `event ${event.type}`,
      () => {
        take(event);
        return true;
      },
      false,
    );
    if (!isTaken && event.type === "gift") outcomes.open(event, 0, "it could not be decided", []);
  };

  const advancePhase = () => {
    const roundBefore = phase.round;
    const entered = phase.advance(world.tick);
    if (!entered) return;
    if (phase.round !== roundBefore) {
      context.boards.nextRound();
      if (context.options !== rules.options) {
        context.options = rules.options;
        phase.retime(game.phases(rules.options));
      }
    }
    guard(`enterPhase ${entered}`, () => game.enterPhase(data, entered, context), undefined);
  };

  const changeRules = (next: CompiledRules) => {
    const nextEngine = createRuleEngine(next, facts, engine);
    counters.rulesDropped += engine.dropped;
    engine = nextEngine;
    rules = next;
    facts.declare(next.teams);
  };

  return {
    game,
    get rules() {
      return rules;
    },
    world,
    phase,
    crowd: context.crowd,
    boards: context.boards,
    feed: context.feedLines,
    get counters() {
      return { ...counters, rulesDropped: counters.rulesDropped + engine.dropped };
    },
    get banked() {
      return waiting.bank.paid.size;
    },
    get watching() {
      return facts.watching;
    },
    step(events, nextRules) {
      outcomes.clear();
      context.effects.length = 0;
      decisions.length = 0;
      acts.length = 0;
      advancePhase();
      if (nextRules) guard("new rules", () => changeRules(nextRules), undefined);
      guard("rules", () => follow(engine.passTick(world.tick), undefined, undefined), undefined);
      for (const event of events) takeSafely(event);
      waiting.release();
      outcomes.settle();
      guard("beforeStep", () => game.beforeStep(data, context), undefined);
      guard("physics", () => world.step(), undefined);
      guard("afterStep", () => game.afterStep(data, context), undefined);
      counters.effectsDropped = context.effectsDropped;
      return result;
    },
    hud,
    props: () => guard("props", () => game.props(data, context), {}),
    meters: () => engine.meters,
    ready: (limit) => readyRowsOf(waiting.bank.paid, context.crowd, game, limit),
    snapshot() {
      const { bank } = waiting;
      return snapshotOf({ game, world, phase, context, engine, bank, hud: hud(), props: this.props() });
    },
    rulesNumber: 0,
    hashes: notYet,
    fingerprint: notYet,
    outline: notYet,
    save: notYet,
    carry: notYet,
    hash() {
      const bodies = [...world.entities.values()].map((e) => [
        e.id,
        e.kind,
        e.x,
        e.y,
        e.angle,
        e.vx,
        e.vy,
        e.radius,
        [...e.wear],
      ]);
      const crowd = [...context.crowd.values()].map(({ key, lastActTick, test }) => [key, lastActTick, test]);
      const { name, round, startTick, endTick } = phase;
      const boards = [context.boards.round, context.boards.show];
      const own = guard("snapshot", () => game.snapshot(data), null);
      const ticks = [world.tick, name, round, startTick, endTick];
      return hashOf([
        ticks,
        bodies,
        waiting.state(),
        crowd,
        boards,
        random.save(),
        engine.state(),
        facts.state(),
        own,
      ]);
    },
  };
}

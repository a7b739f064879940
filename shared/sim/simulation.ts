/**
 * Simulation: rules + game + world + random. `step(events)` is the whole show between "an event arrived" and "a snapshot
 * exists": pure and deterministic, time is the tick number. The same game, rules, seed and events give the same hash on any run.
 *
 * The order of a tick is a contract, golden shows depend on it:
 *   1. the phase moves on when its time is up, the game's `enterPhase` runs
 *   2. events, in order: rules decide, actions act or their paid calls go to the bank
 *   3. the bank releases what can act now
 *   4. the game's `beforeStep`, one step of physics, the game's `afterStep`
 * A hook or action that throws is skipped and counted; the show goes on and its gift waits in the bank.
 */
import type { LiveEvent } from "../events/live-event.ts";
import type { Member } from "../game/crowd.ts";
import type { ActionResult, AnyGame, Hud } from "../game/define.ts";
import { createPhaseMachine, type PhaseName, type PhaseView } from "../game/phases.ts";
import type { CompiledRules } from "../rules/compile.ts";
import { createRuleEngine, isPaid, type MeterView, type RuleCall } from "../rules/engine.ts";
import type { Effect } from "../world/effect.ts";
import { hashOf } from "../world/hash.ts";
import { createRandom } from "../world/random.ts";
import { createWorld, type World } from "../world/world.ts";
import { type BankEntry, createBank } from "./bank.ts";
import { createContext, type FeedLine, type SimulationContext } from "./context.ts";
import { createOutcomes, type GiftOutcome } from "./outcome.ts";
import { type ReadyRow, readyRowsOf, type SimulationSnapshot, snapshotOf } from "./snapshot.ts";

/** Ticks between two releases from the bank, so that powers that waited do not all strike at once. */
const releaseGapTicks = 6;
/** A release every tick from this many waiting entries on. */
const hurryAbove = 200;
/** Most entries asked in one tick, so that a bank full of refused ones stays cheap. */
const maxTriesPerTick = 64;
/** An action that threw this often for one entry is asked again only once a minute. */
const maxFailures = 3;
const failedRetryTicks = 3600;
/** When an action refuses a paid call without saying for how long, it is asked again after this; later when very many wait. */
const refusedRetryTicks = 30;

export interface SimulationOptions {
  game: AnyGame;
  /** Compiled for that game. */
  rules: CompiledRules;
  /** 32-bit whole number. */
  seed: number;
}

export interface SimulationCounters {
  /** Calls applied, free calls refused (wrong phase, cooldown of the action, no place). */
  applied: number;
  refused: number;
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
}

export interface Simulation {
  readonly game: AnyGame;
  readonly world: World;
  readonly phase: PhaseView;
  readonly crowd: SimulationContext["crowd"];
  readonly boards: SimulationContext["boards"];
  readonly feed: readonly FeedLine[];
  readonly counters: Readonly<SimulationCounters>;
  /** Entries waiting in the bank. */
  readonly banked: number;
  /** One tick. Events must be valid LiveEvents, in their order of arrival. */
  step(events: readonly LiveEvent[]): StepResult;
  hud(): Hud;
  props(): Readonly<Record<string, number>>;
  meters(): readonly MeterView[];
  /** Paid acts that wait, oldest first, at most `limit`. */
  ready(limit: number): ReadyRow[];
  snapshot(): SimulationSnapshot;
  /** 16 hex digits over everything that can change what comes next. */
  hash(): string;
}

/** Creates a show at tick 0, in the lobby of round 1. */
export function createSimulation({ game, rules, seed }: SimulationOptions): Simulation {
  const random = createRandom(seed);
  const world = createWorld({ ...game.world, random });
  const phase = createPhaseMachine(game.phases(rules.options));
  const engine = createRuleEngine(rules);
  const bank = createBank();
  const outcomes = createOutcomes();
  const counters: SimulationCounters = { applied: 0, refused: 0, effectsDropped: 0, errors: 0, lastError: "" };
  let data: unknown;
  const needs = (viewer: string) => bank.holds(viewer) || (data !== undefined && game.needs(data, viewer));
  const context = createContext(world, phase, rules.options, needs);
  const result: StepResult = { outcomes: outcomes.changed, effects: context.effects };
  let nextReleaseTick = 0;
  /** Actions whose line does not move in this tick. */
  const held = new Set<string>();

  const guard = <T>(what: string, run: () => T, otherwise: T): T => {
    try {
      return run();
    } catch (error) {
      counters.errors++;
      counters.lastError = `${what}: ${error instanceof Error ? error.message : String(error)}`;
      return otherwise;
    }
  };
  data = game.create(context);
  guard("enterPhase", () => game.enterPhase(data, phase.name, context), undefined);

  const failed = { refused: "the action failed" } as const;
  const apply = (call: RuleCall, event: LiveEvent, member: Member | undefined, count: number): ActionResult => {
    const { action: name, params } = call.call;
    const action = game.actions[name]!;
    const phases: readonly PhaseName[] = action.phases ?? ["play", "sudden"];
    if (!phases.includes(phase.name)) return { refused: `waits for ${phases[0]}` };
    const text = event.type === "chat" ? event.text : "";
    const act = { member, count, text, paid: isPaid(event), test: event.test, event };
    context.isTest = event.test;
    const outcome = guard(`action ${name}`, () => action.apply(data, params, act, context), failed);
    context.isTest = false;
    return outcome;
  };

  const waitOf = (outcome: NonNullable<ActionResult>): { reason: string; ticks: number } =>
    "later" in outcome
      ? { reason: outcome.why, ticks: Math.max(1, Math.round(outcome.later)) }
      : { reason: outcome.refused, ticks: refusedRetryTicks };

  const noteApplied = (call: RuleCall, eventIds: readonly string[]) => {
    counters.applied++;
    const action = { rule: call.rule.id, action: call.call.action, tick: world.tick };
    for (const id of eventIds) outcomes.applied(id, action);
  };

  const decide = (call: RuleCall, event: LiveEvent, member: Member | undefined) => {
    const early = call.notBeforeTick > world.tick;
    const outcome = early
      ? { later: call.notBeforeTick - world.tick, why: "waits its turn" }
      : apply(call, event, member, call.count);
    if (!outcome) return noteApplied(call, [event.id]);
    if (!isPaid(event)) {
      counters.refused++;
      return;
    }
    const { reason, ticks } = waitOf(outcome);
    const notBeforeTick = world.tick + ticks;
    bank.add({ call, member: member?.key ?? "", event, count: call.count, notBeforeTick, reason });
    outcomes.waits(event.id, reason);
  };

  const take = (event: LiveEvent) => {
    const { calls } = engine.evaluate(event, world.tick);
    if (event.type === "gift") {
      outcomes.open(event, calls.length, event.replay ? "sent before this connection" : "no rule for this gift");
    }
    if (calls.length === 0) return;
    const viewer = "viewer" in event ? event.viewer : undefined;
    // Likes of the room belong to nobody, whoever sent the last one.
    const member = viewer ? context.crowd.meet(viewer, world.tick, { test: event.test }) : undefined;
    for (const call of calls) decide(call, event, call.rule.on === "likes" ? undefined : member);
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
    if (!isTaken && event.type === "gift") outcomes.open(event, 0, "it could not be decided");
  };

  const release = () => {
    if (bank.entries.size === 0 || world.tick < nextReleaseTick) return;
    held.clear();
    let tries = 0;
    for (const entry of bank.entries) {
      const name = entry.call.call.action;
      // Who waits for the same busy power waits in line: one whom it told "later" holds back those behind.
      if (held.has(name)) continue;
      if (entry.notBeforeTick <= world.tick) {
        if (tryEntry(entry) || ++tries >= maxTriesPerTick) return;
      }
      if (entry.isInLine) held.add(name);
    }
  };

  const tryEntry = (entry: BankEntry): boolean => {
    const outcome = apply(entry.call, entry.event, context.crowd.get(entry.member), entry.count);
    if (!outcome) {
      bank.remove(entry);
      noteApplied(entry.call, entry.eventIds);
      nextReleaseTick = bank.entries.size > hurryAbove ? world.tick + 1 : world.tick + releaseGapTicks;
      return true;
    }
    const { reason, ticks } = waitOf(outcome);
    if (outcome === failed) entry.failures++;
    entry.isInLine = "later" in outcome;
    entry.reason = reason;
    // So that all who wait are asked once before anybody is asked again.
    const turnTicks = Math.ceil(bank.entries.size / maxTriesPerTick) + 1;
    entry.notBeforeTick = world.tick + (entry.failures >= maxFailures ? failedRetryTicks : Math.max(ticks, turnTicks));
    for (const id of entry.eventIds) outcomes.waits(id, reason);
    return false;
  };

  const advancePhase = () => {
    const roundBefore = phase.round;
    const entered = phase.advance(world.tick);
    if (!entered) return;
    if (phase.round !== roundBefore) context.boards.nextRound();
    guard(`enterPhase ${entered}`, () => game.enterPhase(data, entered, context), undefined);
  };

  return {
    game,
    world,
    phase,
    crowd: context.crowd,
    boards: context.boards,
    feed: context.feedLines,
    counters,
    get banked() {
      return bank.entries.size;
    },
    step(events) {
      outcomes.clear();
      context.effects.length = 0;
      advancePhase();
      for (const event of events) takeSafely(event);
      release();
      outcomes.settle();
      guard("beforeStep", () => game.beforeStep(data, context), undefined);
      guard("physics", () => world.step(), undefined);
      guard("afterStep", () => game.afterStep(data, context), undefined);
      counters.effectsDropped = context.effectsDropped;
      return result;
    },
    hud: () => guard("hud", () => game.hud(data, context), { headline: "", leader: "", podium: [] }),
    props: () => guard("props", () => game.props(data, context), {}),
    meters: () => engine.meters,
    ready: (limit) => readyRowsOf(bank.entries, context.crowd, game, limit),
    snapshot() {
      return snapshotOf({ game, world, phase, context, engine, bank, hud: this.hud(), props: this.props() });
    },
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
      const waiting = [...bank.entries].map(({ call, member, count, notBeforeTick, failures, isInLine }) => {
        return [call.rule.id, member, count, notBeforeTick, failures, isInLine];
      });
      const crowd = [...context.crowd.values()].map(({ key, lastActTick, test }) => [key, lastActTick, test]);
      const { name, round, startTick, endTick } = phase;
      const boards = [context.boards.round, context.boards.show];
      const own = guard("snapshot", () => game.snapshot(data), null);
      const ticks = [world.tick, name, round, startTick, endTick, nextReleaseTick];
      return hashOf([ticks, bodies, waiting, crowd, boards, random.state(), engine.snapshot(), own]);
    },
  };
}

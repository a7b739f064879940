/** Decision: what the rules say about an event or a moment of the show, and why. The engine's words to the simulation. */
import type { LiveEvent } from "../events/live-event.ts";
import type { ViewerKey } from "../events/viewer.ts";
import type { PhaseName, PhaseView } from "../game/phases.ts";
import type { CallStep, CompiledRule } from "./compiled.ts";

/** What the engine may ask about the show. Read while it decides, never kept. */
export interface ShowFacts {
  readonly phase: PhaseView;
  /** People watching the stream, as last told; viewers with a body. */
  readonly watching: number;
  readonly playing: number;
  /** Name of a viewer's team, "" for none. */
  teamOf(viewer: ViewerKey): string;
  /** Seeded; 0 up to but not 1. Asked only by `oneOf`. */
  random(): number;
}

/** How long a call may wait: not at all; for its turn, and then acts or never; until it can act. Paid calls wait forever. */
export type Patience = "none" | "turn" | "forever";

/** A call of an action that a rule asks for. */
export interface RuleCall {
  readonly rule: CompiledRule;
  readonly step: CallStep;
  /** The event behind it; undefined for phases, timers, meters and crowds. */
  readonly event: LiveEvent | undefined;
  /** Who caused it, "" for nobody. Of a meter or a crowd, who came last. */
  readonly viewer: ViewerKey;
  /** Units behind it: gifts of this step, fills of a meter, else 1. */
  readonly count: number;
  /** Tick and round from which it may act. `never` (Number.MAX_SAFE_INTEGER) for not in this show. */
  readonly notBeforeTick: number;
  readonly notBeforeRound: number;
  /** Of its tick, so much is the rule's own `wait` and `after`. */
  readonly delayTicks: number;
  /**
   * Number of the firing, which all its calls share: it counts once against limits, and when one of them has acted, the others may. 0 when
   * no limit can hold it back (a test; what extends an effect).
   */
  readonly firing: number;
  /** Phases it waits for because of its rule's `phase:`, beyond those of the action itself; empty for none. */
  readonly phases: readonly PhaseName[];
  readonly patience: Patience;
  /** Joins the waiting call of the same rule, step and viewer. */
  readonly merges: boolean;
}

/** A line of the feed. */
export interface RuleLine {
  readonly rule: CompiledRule;
  readonly viewer: ViewerKey;
  readonly words: string;
  readonly test: boolean;
}

/**
 * Why a rule did or did not fire: it `fired`; it fired and `waits`; a limit `dropped` it; its `condition` does not hold; a rule
 * before it had `stop`; its meter or number is not reached (`below`). Rules whose filter does not fit the event have no trace; explain.ts says why.
 */
export type Verdict = "fired" | "waits" | "dropped" | "condition" | "stopped" | "below" | "named";

export interface RuleTrace {
  readonly rule: CompiledRule;
  readonly verdict: Verdict;
  /**
   * What decided: a limit ("cooldown viewer", "quota everyone per round of group:heavy"), a condition ("phase", "viewer.follower", "if"), what
   * is still missing of a meter, how many people watch, "its turn" when it acts together with what waits already; "" when fired.
   */
  readonly detail: string;
  /** Ticks until a limit is over or the call may act; 0 when there is nothing to wait for. */
  readonly ticks: number;
}

/** All that follows from one event or moment. Valid until the engine is asked again. */
export interface RuleDecision {
  readonly calls: readonly RuleCall[];
  readonly lines: readonly RuleLine[];
  readonly traces: readonly RuleTrace[];
  /** A change or line was done at once; of a test event, changes are only taken note of here. */
  readonly done: boolean;
  /**
   * Changes and lines that come later: after a `wait`, or at the tick, in the round or phase that a limit or `phase:` leaves, or never in
   * this show. Nobody is told when they come, so a gift that has nothing else counts as applied when it is accepted.
   */
  readonly later: number;
  /** Team the viewer asks for, "" for none. */
  readonly joinsTeam: string;
}

/** How far a meter is: a `likes` rule's, or a declared one. */
export interface MeterView {
  readonly filledBy: "likes" | "rules";
  /** Of a `likes` rule the name of its first action, else the title in the rule file. */
  readonly title: string;
  readonly value: number;
  readonly max: number;
}

/**
 * Decides what follows from events and from the show itself, holds cooldowns, quotas, meters, variables, timers and queues, and
 * counts in ticks, so that it replays. Knows no world. Delayed changes and lines come with the `passTick` at which they are due.
 */
export interface RuleEngine {
  /**
   * Decides about one event. One with `test` acts at once, whatever limits say, uses up none of them, and fills and changes nothing; it
   * fills a meter of likes with its own likes alone. Its conditions must hold.
   */
  evaluate(event: LiveEvent, tick: number): RuleDecision;
  /** Once a tick, before its events: phases, rounds, timers, full meters, crowds, what was delayed. */
  passTick(tick: number): RuleDecision;
  /**
   * Ticks until the call's queue, its lasting effect and the limits of its rule let it act for this member; 0 when now. Limits speak up
   * only when it, or another, has waited for something else and comes late.
   */
  waitOf(call: RuleCall, member: ViewerKey, tick: number): number;
  /**
   * The call's params now: computed with `count` units, lasting time filled in. Checked by the game's declaration. `joined`: so many calls
   * have become this one (1 when it is alone); an effect that each of them would have made longer gets so many times the length.
   */
  paramsOf(
    call: RuleCall,
    count: number,
    joined: number,
    member: ViewerKey,
    tick: number,
  ): Readonly<Record<string, unknown>>;
  /** The call has acted for this member: its queue, its lasting effect and the limits of its rule take note. */
  started(call: RuleCall, member: ViewerKey, tick: number, params: Readonly<Record<string, unknown>>): void;
  /** Meters in the file's order: `likes` rules, then declared ones. */
  readonly meters: readonly MeterView[];
  /** Free acts that a full queue or a bound lost, ever. */
  readonly dropped: number;
  /** All that can change what comes next, as plain data; another engine can go on from it. */
  save(): RuleState;
}

/**
 * State of an engine as plain JSON data. An engine created with it takes over what still exists: cooldowns, quotas and timers of rules with
 * the same id and trigger, or, without an id, that say the same; meters, variables of the same type, queues, crowds. One with the same rules
 * goes on as if it were the one that was saved.
 */
export interface RuleState {
  readonly tick: number;
  readonly phaseStartTick: number;
  readonly roundStartTick: number;
  readonly round: number;
  readonly phase: string;
  readonly day: number;
  /** By limit (owner, scope, kind, per): by key of viewer or team, what is used up or until when it waits. */
  readonly limits: Readonly<Record<string, readonly (readonly [string, number])[]>>;
  /** By limit: by key, when it last acted, or of a quota how often in a round. */
  readonly acted: Readonly<Record<string, readonly (readonly [string, number])[]>>;
  /** By cooldown: by key, when a firing last acted that came late. */
  readonly late: Readonly<Record<string, readonly (readonly [string, number])[]>>;
  /** Number of the last firing; those of which a call has acted. */
  readonly firings: number;
  readonly begun: readonly (readonly [string, true])[];
  /** By cooldown, its ticks. */
  readonly cooldowns: Readonly<Record<string, number>>;
  /** By rule: like meters, own meters, crossings, timers, crowds. */
  readonly rules: Readonly<Record<string, unknown>>;
  /** By name: how full, and who filled it last. */
  readonly meters: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, readonly (readonly [string, number | string | boolean])[]>>;
  readonly queues: Readonly<Record<string, unknown>>;
  /** By action: by member, when its effects end; when the last of them all does. */
  readonly lasting: Readonly<Record<string, unknown>>;
  readonly lastEnds: Readonly<Record<string, number>>;
  readonly delayed: readonly unknown[];
  /** So many rules have been looked through for what is over since the round began. */
  readonly pruned: number;
}

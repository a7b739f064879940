/** Steps: what a rule that fires does - calls for the game, changes and lines, at once or when they are due. */
import type { LiveEvent } from "../../events/live-event.ts";
import type { Viewer } from "../../events/viewer.ts";
import type { PhaseName } from "../../game/phases.ts";
import type {
  ChangeStep,
  CompiledRule,
  CompiledStep,
  Expression,
  OneOfStep,
  SayStep,
  Scope,
  Value,
} from "../compiled.ts";
import type { Patience, RuleCall, RuleLine, RuleState, ShowFacts } from "../decision.ts";
import { type Limits, never } from "./limits.ts";
import type { LiveRule } from "./live-rule.ts";
import type { Present } from "./present.ts";
import type { Values } from "./values.ts";

/**
 * Most changes and lines that wait. Beyond it, what a `wait` alone delays is done at once; of what a limit or a phase holds back, free
 * ones are dropped and counted. Those of who paid are kept.
 */
const maxDelayed = 2000;
/** Longest line of the feed. */
const maxLineLength = 200;

/** How a rule fires. */
export interface Firing {
  /** Tick and round from which it acts. */
  readonly tick: number;
  readonly round: number;
  /** RuleCall.firing. */
  readonly number: number;
  readonly phases: readonly PhaseName[];
  readonly patience: Patience;
  readonly merges: boolean;
}

/** A change or line that is due later. */
interface Delayed {
  readonly live: LiveRule;
  readonly step: ChangeStep | SayStep;
  readonly notBeforeTick: number;
  readonly delayTicks: number;
  readonly firing: number;
  /** Round from which it is due, and phases in one of which; empty for any. */
  readonly notBeforeRound: number;
  readonly phases: readonly PhaseName[];
  readonly event: LiveEvent | undefined;
  readonly viewer: Viewer | undefined;
  readonly count: number;
}

interface SavedDelayed
  extends Omit<Delayed, "live" | "step" | "event" | "viewer">,
    Partial<Pick<Delayed, "event" | "viewer">> {
  readonly rule: string;
  /** Number of the step among all of the rule. */
  readonly step: number;
  readonly kind: CompiledStep["kind"];
}

export class Steps {
  readonly #present: Present;
  readonly #scope: Scope;
  readonly #values: Values;
  readonly #facts: ShowFacts;
  readonly #limits: Limits;
  #delayed: Delayed[] = [];
  /** What the present decision asks for. */
  readonly calls: RuleCall[] = [];
  readonly lines: RuleLine[] = [];
  /** Of the present decision: a change or line was done at once; so many come later. */
  done = false;
  later = 0;
  /** Free changes and lines that found no place among those that wait, ever. */
  dropped = 0;

  constructor(present: Present, scope: Scope, values: Values, facts: ShowFacts, limits: Limits) {
    this.#present = present;
    this.#scope = scope;
    this.#values = values;
    this.#facts = facts;
    this.#limits = limits;
  }

  /** Begins a new decision. */
  begin(): void {
    // Only where there is something: to shorten a list costs more than all the rest of an event that no rule hears.
    if (this.calls.length > 0) this.calls.length = 0;
    if (this.lines.length > 0) this.lines.length = 0;
    this.done = false;
    this.later = 0;
  }

  /** Does all steps of a rule that fires. */
  fire(live: LiveRule, firing: Firing): void {
    this.#run(live, live.rule.steps, firing, 0);
  }

  #run(live: LiveRule, steps: readonly CompiledStep[], firing: Firing, afterTicks: number): void {
    for (const step of steps) {
      const delayTicks = afterTicks + step.delayTicks;
      if (step.kind === "call") this.calls.push(this.#call(live, step, firing, delayTicks));
      else if (step.kind === "oneOf") this.#run(live, this.#drawn(step), firing, delayTicks);
      else this.#change(live, step, firing, delayTicks);
    }
  }

  #call(live: LiveRule, step: RuleCall["step"], firing: Firing, delayTicks: number): RuleCall {
    const { event, key, count } = this.#present;
    return {
      rule: live.rule,
      step,
      event,
      viewer: key,
      count,
      notBeforeTick: Math.min(never, firing.tick + delayTicks),
      notBeforeRound: firing.round,
      delayTicks,
      firing: firing.number,
      phases: firing.phases,
      patience: firing.patience === "none" && delayTicks > 0 ? "turn" : firing.patience,
      merges: firing.merges,
    };
  }

  #drawn({ choices }: OneOfStep): readonly CompiledStep[] {
    let left = this.#facts.random() * choices.reduce((sum, { weight }) => sum + weight, 0);
    const drawn = choices.find(({ weight }) => {
      left -= weight;
      return left < 0;
    });
    return (drawn ?? choices.at(-1))?.steps ?? [];
  }

  #change(live: LiveRule, step: ChangeStep | SayStep, firing: Firing, delayTicks: number): void {
    const { tick, round, phases } = firing;
    const { event, viewer, count } = this.#present;
    if (this.#present.test && step.kind !== "say") {
      this.done = true;
      return;
    }
    const isHeld = tick > this.#present.tick || round > this.#facts.phase.round || phases.length > 0;
    const isFull = this.#delayed.length >= maxDelayed;
    if (!isHeld && (delayTicks === 0 || isFull)) {
      this.done = true;
      this.#do(live, step);
      return;
    }
    this.later++;
    if (round === never) return;
    if (isFull && !this.#present.paid) this.dropped++;
    else {
      const when = {
        notBeforeTick: tick + delayTicks,
        delayTicks,
        notBeforeRound: round,
        phases,
        firing: firing.number,
      };
      this.#delayed.push({ live, step, ...when, event, viewer, count });
    }
  }

  #do(live: LiveRule, step: ChangeStep | SayStep): void {
    if (step.kind === "say") {
      const words = step.parts.map((part) => String(this.#value(part))).join("");
      const { key, event } = this.#present;
      this.lines.push({
        rule: live.rule,
        viewer: key,
        words: words.slice(0, maxLineLength),
        test: event?.test ?? false,
      });
      return;
    }
    const value = this.#value(step.value);
    if (step.kind === "set") this.#values.set(step.name, value);
    else if (typeof value === "number") this.#values[step.kind](step.name, value);
  }

  #value(value: Value | Expression): Value {
    return typeof value === "object" ? value.evaluate(this.#scope) : value;
  }

  /** Does what is due, in the order in which it was asked for. */
  doDue(tick: number): void {
    const { name, round } = this.#facts.phase;
    const isDue = (one: Delayed) =>
      one.notBeforeTick <= tick &&
      one.notBeforeRound <= round &&
      (one.phases.length === 0 || one.phases.includes(name));
    if (!this.#delayed.some(isDue)) return;
    const limits = this.#limits;
    this.#delayed = this.#delayed.filter((one) => {
      if (!isDue(one)) return true;
      const { live, step, event, viewer, count } = one;
      this.#present.turnBack(event, viewer, count, tick);
      if (limits.waitOf(live.limits, one, this.#present, tick, round) > 0) return true;
      limits.started(live.limits, one, this.#present, tick, round);
      this.#do(live, step);
      return false;
    });
  }

  /** What waits; `keyOf` names each rule. */
  held(keyOf: (rule: CompiledRule) => string): RuleState["delayed"] {
    return this.#delayed.map(({ live, step, event, viewer, ...when }): SavedDelayed => {
      const number = live.steps.indexOf(step);
      const behind = { ...(event && { event }), ...(viewer && { viewer }) };
      return { rule: keyOf(live.rule), step: number, kind: step.kind, ...when, ...behind };
    });
  }

  /** Goes on from a saved state, with the rules and steps that still exist. */
  load(delayed: RuleState["delayed"], ruleOf: (key: string) => LiveRule | undefined): void {
    for (const { rule, step: number, kind, event, viewer, ...when } of delayed as readonly SavedDelayed[]) {
      const live = ruleOf(rule);
      const step = live?.steps[number];
      if (!live || !step || step.kind !== kind || step.kind === "call" || step.kind === "oneOf") continue;
      this.#delayed.push({ live, step, ...when, event, viewer });
    }
  }
}

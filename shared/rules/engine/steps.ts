/** Steps: what a rule that fires does - calls for the game, changes and lines, at once or when they are due. */
import type { LiveEvent } from "../../events/live-event.ts";
import type { Viewer } from "../../events/viewer.ts";
import type { PhaseName } from "../../game/phases.ts";
import type { ChangeStep, CompiledStep, Expression, OneOfStep, SayStep, Scope, Value } from "../compiled.ts";
import type { Patience, RuleCall, RuleLine, RuleState, ShowFacts } from "../decision.ts";
import { never } from "./limits.ts";
import type { LiveRule } from "./live-rule.ts";
import type { Present } from "./present.ts";
import type { Values } from "./values.ts";

/** Most changes and lines that wait; what is more is done at once. */
const maxDelayed = 2000;
/** Longest line of the feed. */
const maxLineLength = 200;

/** How a rule fires. */
export interface Firing {
  /** Tick and round from which it acts. */
  readonly tick: number;
  readonly round: number;
  readonly phases: readonly PhaseName[];
  readonly patience: Patience;
  readonly merges: boolean;
}

/** A change or line that is due later. */
interface Delayed {
  readonly live: LiveRule;
  readonly step: ChangeStep | SayStep;
  readonly dueTick: number;
  readonly event: LiveEvent | undefined;
  readonly viewer: Viewer | undefined;
  readonly count: number;
}

interface SavedDelayed extends Partial<Pick<Delayed, "event" | "viewer">> {
  readonly rule: string;
  /** Number of the step among all of the rule. */
  readonly step: number;
  readonly kind: CompiledStep["kind"];
  readonly dueTick: number;
  readonly count: number;
}

export class Steps {
  readonly #present: Present;
  readonly #scope: Scope;
  readonly #values: Values;
  readonly #facts: ShowFacts;
  #delayed: Delayed[] = [];
  /** What the present decision asks for. */
  readonly calls: RuleCall[] = [];
  readonly lines: RuleLine[] = [];

  constructor(present: Present, scope: Scope, values: Values, facts: ShowFacts) {
    this.#present = present;
    this.#scope = scope;
    this.#values = values;
    this.#facts = facts;
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
      else this.#change(live, step, firing.tick + delayTicks);
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

  #change(live: LiveRule, step: ChangeStep | SayStep, dueTick: number): void {
    const { event, viewer, count, tick } = this.#present;
    if (dueTick <= tick || this.#delayed.length >= maxDelayed) this.#do(live, step);
    else this.#delayed.push({ live, step, dueTick, event, viewer, count });
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
    if (!this.#delayed.some(({ dueTick }) => dueTick <= tick)) return;
    const due = this.#delayed.filter(({ dueTick }) => dueTick <= tick);
    this.#delayed = this.#delayed.filter(({ dueTick }) => dueTick > tick);
    for (const { live, step, event, viewer, count } of due) {
      this.#present.turnBack(event, viewer, count, tick);
      this.#do(live, step);
    }
  }

  state(): RuleState["delayed"] {
    return this.#delayed.map(({ live, step, dueTick, event, viewer, count }): SavedDelayed => {
      const number = live.steps.indexOf(step);
      const behind = { ...(event && { event }), ...(viewer && { viewer }) };
      return { rule: live.rule.id, step: number, kind: step.kind, dueTick, count, ...behind };
    });
  }

  /** Goes on from a saved state, with the rules and steps that still exist. */
  load(delayed: RuleState["delayed"], ruleOf: (id: string) => LiveRule | undefined): void {
    for (const { rule, step: number, kind, dueTick, count, event, viewer } of delayed as readonly SavedDelayed[]) {
      const live = ruleOf(rule);
      const step = live?.steps[number];
      if (!live || !step || step.kind !== kind || step.kind === "call" || step.kind === "oneOf") continue;
      this.#delayed.push({ live, step, dueTick, event, viewer, count });
    }
  }
}

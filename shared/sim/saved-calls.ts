/** Saved calls: a rule's call as plain JSON, which names its rule and step by their numbers, and the way back. */
import type { z } from "zod";
import type { AnyGame } from "../game/define.ts";
import { allSteps } from "../rules/all-steps.ts";
import type { CallStep, CompiledRule, CompiledRules } from "../rules/compiled.ts";
import type { RuleCall } from "../rules/decision.ts";

/** Number of the rules, of the rule in them, and of the step among all that are calls in the rule. */
export type CallPlace = readonly [rules: number, rule: number, step: number];

/** A call as plain JSON. */
export interface SavedCall extends Omit<RuleCall, "rule" | "step" | "event"> {
  readonly place: CallPlace;
  readonly event?: NonNullable<RuleCall["event"]>;
}

/** Knows the rules of a show by their numbers. */
export interface RuleNumbers {
  /** Rules with this number have begun to hold, or their calls wait. */
  note(number: number, rules: CompiledRules): void;
  save(call: RuleCall): SavedCall;
  /** The call again; a reason, for people, when its rules are not understood any more or the game cannot act so. */
  load(saved: SavedCall): RuleCall | string;
}

/** Creates the numbers of a show's rules, with none noted. */
export function createRuleNumbers(games: ReadonlyMap<string, AnyGame>): RuleNumbers {
  const byNumber = new Map<number, CompiledRules>();
  const places = new WeakMap<CompiledRule, readonly [number, number]>();
  return {
    note(number, rules) {
      byNumber.set(number, rules);
      for (const [index, rule] of rules.rules.entries()) places.set(rule, [number, index]);
    },
    save({ rule, step, event, ...rest }) {
      const [rules, index] = places.get(rule)!;
      return { place: [rules, index, callSteps(rule).indexOf(step)], ...(event && { event }), ...rest };
    },
    load({ place: [rules, index, number], event, ...rest }) {
      const known = byNumber.get(rules);
      const game = games.get(known?.game ?? "");
      const rule = known?.rules[index];
      const step = rule && callSteps(rule)[number];
      if (!step) return "waits for rules that are understood";
      return game && canAct(step, game)
        ? { rule, step, event, ...rest }
        : `waits for an action ${step.action} that takes what its rule gives`;
    },
  };
}

function callSteps(rule: CompiledRule): CallStep[] {
  return allSteps(rule.steps).filter((step) => step.kind === "call");
}

/** Whether the game has the action, and it takes the params; what is computed is kept within its range later. */
function canAct({ action, params, computed }: CallStep, game: AnyGame): boolean {
  const shape = game.actions[action]?.params.shape;
  if (!shape) return false;
  const isComputed = (name: string) => computed.some((param) => param.name === name);
  return Object.entries<z.ZodType>(shape).every(
    ([name, schema]) => isComputed(name) || schema.safeParse(params[name]).success,
  );
}

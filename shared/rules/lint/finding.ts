/** What the parts of the linter share: a finding, the steps of a rule, and the phases in which something can happen. */
import { type AnyGame, actingPhases } from "../../game/define.ts";
import { type PhaseName, type PhaseSeconds, phaseNames, phaseSeconds } from "../../game/phases.ts";
import { allSteps } from "../all-steps.ts";
import type { CallStep, CompiledRule, CompiledRules, CompiledStep, Place } from "../compiled.ts";
import type { Problem, ProblemCode } from "../problem.ts";
import { type PriceRange, pricesOf } from "./prices.ts";

export type LintCode = Extract<
  ProblemCode,
  | "RULES_UNKNOWN_NAME"
  | "RULES_UNKNOWN_GIFT"
  | "RULES_NEVER_FIRES"
  | "RULES_UNREACHABLE"
  | "RULES_FIGHT"
  | "RULES_GIFT_WASTED"
  | "RULES_GIFT_WITHOUT_RULE"
>;

export function warning(code: LintCode, { file, line, column }: Place, message: string): Problem {
  return { severity: "warning", code, file, line, column, message };
}

/** A rule with what is asked about it again and again. */
export interface AskedRule {
  readonly rule: CompiledRule;
  /** Place in the order of asking. */
  readonly order: number;
  /** Its calls of actions, those inside `oneOf` among them. */
  readonly calls: readonly AskedCall[];
  /** What it sets variables to, by name and moment; those inside `oneOf` among them. */
  readonly settings: readonly Setting[];
  /** Names of the actions, each once. */
  readonly actions: readonly string[];
  /** Prices of gifts that it takes, whatever their names. */
  readonly prices: readonly PriceRange[];
}

/** A value that a variable is set to. */
export interface Setting {
  readonly variable: string;
  readonly delayTicks: number;
  /** The value, or its expression, as a text. */
  readonly value: string;
}

/** A call with what is compared between many of them, as texts. */
export interface AskedCall {
  readonly action: string;
  /** When after the rule fires, and whose body. */
  readonly when: string;
  /** Params as they are written. */
  readonly params: string;
}

/** What the linter knows of the show. */
export interface Show {
  readonly rules: CompiledRules;
  /** Its rules in the order in which they are asked. */
  readonly asked: readonly AskedRule[];
  readonly game: AnyGame;
  /** Phases that have a length under the file's options. */
  readonly phases: readonly PhaseName[];
  readonly seconds: PhaseSeconds;
}

export function showOf(rules: CompiledRules, game: AnyGame): Show {
  const seconds = phaseSeconds(game.phases, rules.options);
  const asked = rules.rules.map((rule, order) => {
    const calls = allSteps(rule.steps)
      .filter((step) => step.kind === "call")
      .map(askedCall);
    const actions = [...new Set(calls.map(({ action }) => action))];
    const settings = allSteps(rule.steps).flatMap(settingOf);
    return { rule, order, calls, settings, actions, prices: pricesOf(rule.filter, rules.tiers) };
  });
  return { rules, game, asked, seconds, phases: phaseNames.filter((name) => seconds[name] > 0) };
}

function settingOf(step: CompiledStep): Setting[] {
  if (step.kind !== "set") return [];
  const { name, delayTicks, value } = step;
  return [{ variable: name, delayTicks, value: typeof value === "object" ? `= ${value.text}` : JSON.stringify(value) }];
}

function askedCall({ action, delayTicks, target, params, computed }: CallStep): AskedCall {
  const written = [params, computed.map(({ name, expression }) => [name, expression.text])];
  return { action, when: JSON.stringify([delayTicks, target]), params: JSON.stringify(written) };
}

/** Phases in which the action can act. */
export function phasesOf(action: string, { game }: Show): readonly PhaseName[] {
  const known = game.actions[action];
  return known ? actingPhases(known) : [];
}

/** 'rule "tier-1" (line 12)'. */
export function nameOf({ id, place }: CompiledRule, from: CompiledRule): string {
  return `rule "${id}" (${place.file === from.place.file ? "" : `${place.file} `}line ${place.line})`;
}

/** "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

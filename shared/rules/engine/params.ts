/** Params: what a call gives to its action, computed at the moment it acts. */
import type { CallStep, ComputedParam, Scope, Value } from "../compiled.ts";

/** The step's params with the computed ones filled in, each kept within what the action takes. */
export function computedParams(step: CallStep, scope: Scope): Record<string, unknown> {
  const params: Record<string, unknown> = { ...step.params };
  for (const param of step.computed) {
    const value = param.expression.evaluate(scope);
    // A text that is not among the choices leaves the param at what it is without.
    if (isAllowed(param, value)) params[param.name] = typeof value === "number" ? within(param, value) : value;
  }
  return params;
}

function isAllowed({ choices }: ComputedParam, value: Value): boolean {
  return typeof value !== "string" || choices.length === 0 || choices.includes(value);
}

/** A number as a param takes it: rounded where it must be whole, and kept between its bounds; what is no number counts as 0. */
export function within({ min, max, whole }: Pick<ComputedParam, "min" | "max" | "whole">, value: number): number {
  const number = Number.isNaN(value) ? 0 : value;
  const rounded = whole ? Math.round(number) : number;
  return Math.max(min, Math.min(max, rounded)) + 0;
}

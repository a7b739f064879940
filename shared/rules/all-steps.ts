/** All steps of a rule in one list, for whoever looks for something in them. */
import type { CompiledStep } from "./compiled.ts";

/** The steps, each `oneOf` followed by all that stands in its choices. */
export function allSteps(steps: readonly CompiledStep[]): CompiledStep[] {
  return steps.flatMap((step) =>
    step.kind === "oneOf" ? [step, ...step.choices.flatMap((choice) => allSteps(choice.steps))] : [step],
  );
}

/** Portable rules: compiled rules as plain data that a thread can hand to another one, and the way back. */
import type { CompiledRule, CompiledRules, CompiledStep, Expression, Value } from "./compiled.ts";
import { compileExpression, type Declared } from "./expression.ts";

/** An expression as it is written: what it was compiled from, and nothing that runs. */
export type PackedExpression = Omit<Expression, "evaluate">;

/** T with expressions that are of type E. */
type With<E, T> = T extends PackedExpression ? E : T extends object ? { readonly [K in keyof T]: With<E, T[K]> } : T;
type RuleOf<E> = With<E, CompiledRule>;
type StepOf<E> = With<E, CompiledStep>;

/** Rules that structuredClone can carry. */
export type PackedRules = Omit<CompiledRules, "rules"> & { readonly rules: readonly PackedRule[] };
export type PackedRule = RuleOf<PackedExpression>;

/** Makes rules plain data. Shares with them all that holds no expression. */
export function packRules(rules: CompiledRules): PackedRules {
  const bare = ({ text, type, place }: Expression): PackedExpression => ({ text, type, place });
  return { ...rules, rules: rules.rules.map((rule) => withExpressions(rule, bare)) };
}

/** Makes rules of plain data, at once. Throws when an expression cannot be compiled, which those of compiled rules always can. */
export function unpackRules(packed: PackedRules): CompiledRules {
  const unpacking = unpackByRule(packed);
  for (;;) {
    const { done, value } = unpacking.next();
    if (done) return value;
  }
}

/**
 * The same with a pause after each rule, for a thread that has other things to do: the expressions of a large file take a while, and
 * so may the rules, which are asked for one by one.
 */
export function* unpackByRule(
  packed: Omit<PackedRules, "rules"> & { readonly rules: Iterable<PackedRule> },
): Generator<undefined, CompiledRules, undefined> {
  const declared = declaredBy(packed);
  const rules: CompiledRule[] = [];
  for (const rule of packed.rules) {
    rules.push(withExpressions(rule, (bare) => compiled(bare, rule.on, declared)));
    yield;
  }
  return { ...packed, rules };
}

/** What expressions of these rules can name. */
function declaredBy({ variables, meters, words }: Omit<PackedRules, "rules">): Declared {
  return {
    variables: new Map(variables.map(({ name, type }) => [name, type])),
    meters: new Set(meters.map(({ name }) => name)),
    words,
  };
}

function compiled({ text, type, place }: PackedExpression, on: CompiledRule["on"], declared: Declared): Expression {
  const result = compileExpression(text, { type, on, declared, place });
  if (!result.ok) throw new Error(`${place.file}:${place.line}:${place.column}: ${result.message}`);
  return result.expression;
}

/**
 * A rule with each of its expressions changed. Generic in what expressions are before and after, which is all that tells compiled
 * rules from packed ones.
 */
function withExpressions<From extends PackedExpression, To extends PackedExpression>(
  rule: RuleOf<From>,
  change: (from: From) => To,
): RuleOf<To> {
  const { conditions, steps } = rule;
  return {
    ...rule,
    conditions: { ...conditions, if: conditions.if && change(conditions.if) },
    steps: steps.map((step) => stepWith(step, change)),
  };
}

function stepWith<From extends PackedExpression, To extends PackedExpression>(
  step: StepOf<From>,
  change: (from: From) => To,
): StepOf<To> {
  /** Where a plain value may stand in place of an expression. */
  const changed = <V extends Value>(value: V | From): V | To => (typeof value === "object" ? change(value) : value);
  switch (step.kind) {
    case "call": {
      const { computed, lasting } = step;
      return {
        ...step,
        computed: computed.map((param) => ({ ...param, expression: change(param.expression) })),
        lasting: lasting && { ...lasting, seconds: changed(lasting.seconds) },
      };
    }
    case "say":
      return { ...step, parts: step.parts.map((part) => changed(part)) };
    case "oneOf": {
      const choices = step.choices.map(({ weight, steps }) => ({
        weight,
        steps: steps.map((each) => stepWith(each, change)),
      }));
      return { ...step, choices };
    }
    default:
      return { ...step, value: changed(step.value) };
  }
}

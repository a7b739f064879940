/** Compiles what happens: calls of actions, changes of variables and meters, lines of the feed, one of several. */
import type {
  CallStep,
  ChangeStep,
  CompiledStep,
  Expression,
  OneOfStep,
  SayStep,
  Target,
  Value,
  ValueType,
} from "../compiled.ts";
import { fold } from "../fold.ts";
import { stepWords } from "../rule-file/steps.ts";
import { type TriggerName, triggers } from "../triggers.ts";
import { type Context, expressionAt, unknownName, warnOfForgottenSign } from "./context.ts";
import { lastingAt } from "./lasting.ts";
import { ticksAt } from "./limits.ts";
import { paramsAt } from "./params.ts";
import type { Spot } from "./spot.ts";
import { templateAt } from "./template.ts";

/** Compiles an action, a step, or a list of steps. Delays count from the moment the rule fires, within `oneOf` from its turn. */
export function stepsAt(context: Context, spot: Spot, on: TriggerName): CompiledStep[] {
  let passed = 0;
  const steps: CompiledStep[] = [];
  for (const item of spot.items) {
    const after = item.at("after");
    const wait = item.at("wait");
    steps.push(...itemSteps(context, item, on, passed + (after.isSound ? ticksAt(after) : 0)));
    if (wait.isSound) passed += ticksAt(wait);
  }
  return steps;
}

/** Steps of one item of the list, in the order in which its words stand. */
function itemSteps(context: Context, item: Spot, on: TriggerName, delayTicks: number): CompiledStep[] {
  if (typeof item.value === "string") {
    return item.isSound ? [callAt(context, item, item, on, delayTicks, item.value)] : [];
  }
  const steps: CompiledStep[] = [];
  for (const [key, spot] of item.entries) {
    if (key === "say") steps.push(...sayAt(context, spot, on, delayTicks));
    else if (key === "oneOf") steps.push(oneOfAt(context, spot, on, delayTicks));
    else if (key === "set" || key === "add" || key === "fill")
      steps.push(...changesAt(context, spot, on, key, delayTicks));
    else if (isAction(context, key)) steps.push(callAt(context, item, spot, on, delayTicks, key));
  }
  if (item.isSound) refuseIdle(context, item);
  return steps;
}

function isAction({ game }: Context, key: string): boolean {
  return !(stepWords as readonly string[]).includes(key) && Object.hasOwn(game.actions, key);
}

/** Tells words that do nothing without an action beside them, and steps of no words. */
function refuseIdle(context: Context, item: Spot): void {
  const keys = item.entries.map(([key]) => key);
  if (keys.some((key) => isAction(context, key))) return;
  for (const key of ["target", "lasts"]) {
    if (!keys.includes(key)) continue;
    const message = `"${key}" needs an action beside it in the same step. Write one, or take it out.`;
    context.problems.addAtKey("RULES_SHAPE", item.at(key), message);
  }
  if (keys.some((key) => key !== "after")) return;
  const message = `This step does nothing. Name an action, such as "${Object.keys(context.game.actions)[0]}".`;
  context.problems.add("RULES_SHAPE", item, message);
}

function callAt(
  context: Context,
  item: Spot,
  spot: Spot,
  on: TriggerName,
  delayTicks: number,
  action: string,
): CallStep {
  const isBare = typeof item.value === "string";
  const lasts = item.at("lasts");
  const { params, computed } = paramsAt(context, isBare ? undefined : spot, on, action);
  return {
    kind: "call",
    action,
    params,
    computed,
    target: isBare ? { kind: "me" } : targetAt(item.at("target")),
    delayTicks,
    lasting: !isBare && lasts.exists ? lastingAt(context, lasts, spot, on, action) : undefined,
    place: isBare ? spot.place : spot.keyPlace,
  };
}

function targetAt(spot: Spot): Target {
  if (!spot.isSound || typeof spot.value !== "string") return { kind: "me" };
  if (spot.value.startsWith("@")) return { kind: "viewer", handle: fold(spot.value).replace(/^@/, "") };
  return { kind: spot.value as Exclude<Target["kind"], "viewer"> };
}

function sayAt(context: Context, spot: Spot, on: TriggerName, delayTicks: number): SayStep[] {
  if (!spot.isSound) return [];
  return [{ kind: "say", parts: templateAt(context, spot, on), delayTicks, place: spot.place }];
}

function oneOfAt(context: Context, spot: Spot, on: TriggerName, delayTicks: number): OneOfStep {
  const choices = spot.items.map((choice) => {
    const weight = choice.at("weight");
    const isNumber = weight.isSound && typeof weight.value === "number";
    return {
      weight: isNumber ? (weight.value as number) : 1,
      steps: stepsAt(context, choice.at("do"), on),
    };
  });
  return { kind: "oneOf", choices, delayTicks, place: spot.keyPlace };
}

function changesAt(
  context: Context,
  spot: Spot,
  on: TriggerName,
  kind: ChangeStep["kind"],
  delayTicks: number,
): ChangeStep[] {
  return spot.entries.flatMap(([name, entry]) => {
    const type = changedType(context, entry, on, kind, name);
    if (!type || !entry.isSound) return [];
    const value = changeValue(context, entry, on, type);
    return value === undefined ? [] : [{ kind, name, value, delayTicks }];
  });
}

/** Type of what is changed; undefined, and told, when it cannot be changed so. */
function changedType(
  context: Context,
  entry: Spot,
  on: TriggerName,
  kind: ChangeStep["kind"],
  name: string,
): ValueType | undefined {
  const { problems, declarations } = context;
  const { meters, variables } = declarations;
  if (kind === "fill") {
    if (meters.has(name)) return "number";
    problems.addAtKey("RULES_UNKNOWN_NAME", entry, unknownName("meter", name, [...meters.keys()]));
    return undefined;
  }
  const variable = variables.get(name);
  if (!variable) {
    problems.addAtKey("RULES_UNKNOWN_NAME", entry, unknownName("variable", name, [...variables.keys()]));
    return undefined;
  }
  if (kind === "add" && variable.type !== "number") {
    problems.addAtKey(
      "RULES_SHAPE",
      entry,
      `"${name}" is a ${variable.type}; only to a number can be added. Use "set".`,
    );
    return undefined;
  }
  const names: readonly string[] = triggers[on].names;
  if (variable.of !== "everyone" && !names.includes("viewer")) {
    problems.addAtKey(
      "RULES_SHAPE",
      entry,
      `Each ${variable.of} has a "${name}" of its own, and nobody stands behind "on: ${on}". Use one that is "of: everyone".`,
    );
    return undefined;
  }
  return variable.type;
}

/** What is set or added: a value, or an expression. A text is an expression, too, where a text is wanted only after "=". */
function changeValue(context: Context, entry: Spot, on: TriggerName, type: ValueType): Value | Expression | undefined {
  const { value } = entry;
  if (typeof value === "string") {
    if (type !== "text") return expressionAt(context, on, entry, type);
    if (value.startsWith("=")) return expressionAt(context, on, entry, "text", value.slice(1), 1);
    warnOfForgottenSign(context, on, entry);
    return value;
  }
  if (typeof value === (type === "number" ? "number" : "boolean") && type !== "text") return value as Value;
  const wanted = { number: "a number", text: "a text in quotes", flag: "true or false" }[type];
  context.problems.add("RULES_SHAPE", entry, `This is a ${type}: write ${wanted}, or an expression that gives one.`);
  return undefined;
}

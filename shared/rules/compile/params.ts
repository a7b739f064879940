/** Compiles the params of a call: fixed ones checked by the action itself, computed ones with the range they are kept in. */
import { z } from "zod";
import type { ComputedParam } from "../compiled.ts";
import type { TriggerName } from "../triggers.ts";
import { type Context, expressionAt, type ParamRange, warnOfForgottenSign } from "./context.ts";
import type { Spot } from "./spot.ts";

/** Reads a param's range from its schema; type "" for one that no expression can give (a list). */
export function rangeOf({ ranges }: Context, schema: z.ZodType): ParamRange {
  const known = ranges.get(schema) ?? rangeIn(schema);
  ranges.set(schema, known);
  return known;
}

function rangeIn(schema: z.ZodType): ParamRange {
  const json = z.toJSONSchema(schema, { io: "input" }) as {
    type?: string;
    minimum?: number;
    maximum?: number;
    enum?: readonly unknown[];
  };
  const { type, minimum = -Number.MAX_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = json;
  const choices = (json.enum ?? []).filter((choice) => typeof choice === "string");
  const whole = type === "integer";
  if (type === "number" || whole) return { type: "number", min: minimum, max: maximum, whole, choices: [] };
  const other = type === "boolean" ? "flag" : type === "string" || type === undefined ? "text" : "";
  return { type: other, min: minimum, max: maximum, whole, choices };
}

/** Params of a call; undefined spot for an action that is just named. Params of a wrong shape, told already, are left out. */
export function paramsAt(
  context: Context,
  spot: Spot | undefined,
  on: TriggerName,
  action: string,
): { params: Readonly<Record<string, unknown>>; computed: readonly ComputedParam[] } {
  const shape = context.game.actions[action]!.params.shape as Record<string, z.ZodType>;
  const params: Record<string, unknown> = {};
  const computed: ComputedParam[] = [];
  for (const [name, schema] of Object.entries(shape)) {
    const at = spot?.at(name);
    const range = rangeOf(context, schema);
    const text = at?.isSound ? expressionText(at.value, range.type) : undefined;
    if (at && text !== undefined && range.type !== "") {
      const from = range.type === "text" ? 1 : 0;
      const expression = expressionAt(context, on, at, range.type, text, from);
      const { min, max, whole, choices } = range;
      if (expression) computed.push({ name, expression, min, max, whole, choices });
    }
    if (at?.isSound && typeof at.value === "string" && text === undefined && range.choices.length === 0)
      warnOfForgottenSign(context, on, at);
    const given = at?.isSound && text === undefined ? at.value : undefined;
    const parsed = schema.safeParse(given);
    if (parsed.success) params[name] = parsed.data;
    else if (given === undefined && text === undefined && (!at || at.isSound)) tellMissing(context, spot, action, name);
  }
  return { params, computed };
}

function expressionText(value: unknown, type: ParamRange["type"]): string | undefined {
  if (typeof value !== "string") return undefined;
  if (type === "number" || type === "flag") return value;
  return value.startsWith("=") ? value.slice(1) : undefined;
}

function tellMissing(context: Context, spot: Spot | undefined, action: string, name: string): void {
  if (spot)
    context.problems.addAtKey(
      "RULES_SHAPE",
      spot,
      `"${action}" needs "${name}". Write { ${action}: { ${name}: ... } }.`,
    );
}

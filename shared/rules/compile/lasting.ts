/** Compiles `lasts`: how long an action's effect lasts, and what another one does meanwhile. */
import type { z } from "zod";
import type { Lasting } from "../compiled.ts";
import { parseDurationSeconds } from "../duration.ts";
import type { TriggerName } from "../triggers.ts";
import { type Context, expressionAt } from "./context.ts";
import { rangeOf } from "./params.ts";
import { quoted, type Spot } from "./spot.ts";

/** Effects of one viewer that may run at once when a rule stacks them and names no bound. */
const defaultStack = 100;

/** The lasting time of a call; `call` is where its params stand. Undefined, and told, when the action has none. */
export function lastingAt(
  context: Context,
  spot: Spot,
  call: Spot,
  on: TriggerName,
  action: string,
): Lasting | undefined {
  const { game, problems } = context;
  const param = game.actions[action]!.lasts as string | undefined;
  if (param === undefined) {
    const lasting = Object.keys(game.actions).filter((name) => game.actions[name]!.lasts !== undefined);
    const hint = lasting.length > 0 ? ` These last: ${lasting.join(", ")}.` : "";
    problems.addAtKey(
      "RULES_NO_DURATION",
      spot,
      `"${action}" has no duration that a rule could set. Take "lasts" out.${hint}`,
    );
    return undefined;
  }
  if (call.at(param).exists) {
    problems.addAtKey("RULES_SHAPE", call.at(param), `"lasts" sets "${param}" already. Take one of them out.`);
  }
  const range = rangeOf(context, context.game.actions[action]!.params.shape[param] as z.ZodType);
  const seconds = spot.at("for").isSound ? secondsAt(context, spot.at("for"), on) : undefined;
  const again = spot.at("again");
  const upTo = spot.at("upTo");
  const most = spot.at("most");
  const upToSeconds = (upTo.isSound && parseDurationSeconds(String(upTo.value))) || range.max;
  if (typeof seconds === "number") refuseOutside(context, spot.at("for"), seconds, action, range);
  if (upTo.exists) refuseOutside(context, upTo, upToSeconds, action, range);
  if (typeof seconds === "number" && upTo.exists && upToSeconds < seconds) {
    problems.add(
      "RULES_SHAPE",
      upTo,
      `One lasts ${seconds} s, which is more than "upTo" allows. Write a longer "upTo".`,
    );
  }
  return {
    param,
    seconds: seconds ?? range.min,
    again: again.isSound ? ((again.value as Lasting["again"] | undefined) ?? "extend") : "extend",
    upToSeconds,
    most: most.isSound ? ((most.value as number | undefined) ?? defaultStack) : defaultStack,
    min: range.min,
    max: range.max,
    whole: range.whole,
  };
}

function secondsAt(context: Context, spot: Spot, on: TriggerName): Lasting["seconds"] | undefined {
  const text = String(spot.value);
  const seconds = parseDurationSeconds(text);
  if (seconds !== undefined || !/^\s*[\d.]+\s*[a-z]+\s*$/i.test(text))
    return seconds ?? expressionAt(context, on, spot, "number");
  const message = `${quoted(text)} is no duration. Write a number and ms, s, m or h, such as 4s, at most 24h.`;
  context.problems.add("RULES_SHAPE", spot, message);
  return undefined;
}

function refuseOutside(
  context: Context,
  at: Spot,
  seconds: number,
  action: string,
  { min, max }: { min: number; max: number },
): void {
  if (seconds >= min && seconds <= max) return;
  context.problems.add(
    "RULES_SHAPE",
    at,
    `"${action}" lasts ${min} to ${max} seconds, not ${seconds}. Write a time in between.`,
  );
}

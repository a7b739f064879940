/** Compiles one rule: its conditions and limits; what its event must be is filter.ts, what happens then is steps.ts. */
import type { PhaseName } from "../../game/phases.ts";
import type { CompiledRule, CompiledStep, Conditions, ViewerCondition, WhenLimited } from "../compiled.ts";
import { fold } from "../fold.ts";
import { problemCodes } from "../problem.ts";
import { type TriggerName, triggers } from "../triggers.ts";
import { type Context, declaredOf, expressionAt, unknownName } from "./context.ts";
import { filterAt } from "./filter.ts";
import { limitsAt } from "./limits.ts";
import { idOf } from "./merge.ts";
import type { Spot } from "./spot.ts";
import { stepsAt } from "./steps.ts";

/** Compiles a rule by parts; parts of a wrong shape, told already, are left out. Undefined when even its trigger is not known. */
export function ruleAt(context: Context, spot: Spot, index: number): CompiledRule | undefined {
  const trigger = spot.at("on").value;
  if (!spot.at("on").isSound || typeof trigger !== "string" || !Object.hasOwn(triggers, trigger)) return undefined;
  const on = trigger as TriggerName;
  const written = sound(spot);
  const id = idOf(spot, index);
  const group = soundText(spot.at("group"));
  const groupLimits = group && declaredOf(context, context.declarations.groups, "group", spot.at("group"), group);
  const queue = soundText(spot.at("queue"));
  if (queue) declaredOf(context, context.declarations.queues, "queue", spot.at("queue"), queue);
  const filter = filterAt(context, spot, on);
  const conditions = conditionsAt(context, spot, on);
  const steps = spot.at("do").exists ? stepsAt(context, spot.at("do"), on) : [];
  return {
    id,
    place: spot.place,
    on,
    filter,
    conditions,
    limits: [...limitsAt(spot, `rule:${id}`), ...(groupLimits || []), ...context.declarations.limits],
    whenLimited: whenLimitedAt(context, spot, on, steps),
    queue,
    priority: (written.priority as number | undefined) ?? 0,
    stop: written.stop === true,
    also: written.also === true,
    steps,
    allow: allowAt(context, spot.at("allow")),
  };
}

/** Names of findings that are allowed knowingly; tells those that are none. */
export function allowAt(context: Context, spot: Spot): string[] {
  const known = Object.keys(problemCodes).filter((code) => code.startsWith("COMPLIANCE_"));
  const allowed: string[] = [];
  for (const item of spot.items) {
    if (!item.isSound) continue;
    const name = String(item.value);
    if (known.includes(name)) allowed.push(name);
    else context.problems.add("RULES_UNKNOWN_NAME", item, unknownName("finding", name, known));
  }
  return allowed;
}

function sound(spot: Spot): Readonly<Record<string, unknown>> {
  return Object.fromEntries(spot.entries.filter(([, entry]) => entry.isSound).map(([key, { value }]) => [key, value]));
}

function soundText(spot: Spot): string {
  return spot.isSound && typeof spot.value === "string" ? spot.value : "";
}

function conditionsAt(context: Context, spot: Spot, on: TriggerName): Conditions {
  const phases = spot.at("phase");
  const sources = spot.at("source");
  const question = spot.at("if");
  return {
    phases: phases.isSound ? phases.items.map(({ value }) => value as PhaseName) : [],
    sources: sources.isSound ? sources.items.map(({ value }) => fold(String(value))) : [],
    viewer: viewerAt(context, spot.at("viewer")),
    if: question.exists && question.isSound ? expressionAt(context, on, question, "flag") : undefined,
  };
}

function viewerAt(context: Context, spot: Spot): ViewerCondition | undefined {
  if (!spot.exists || spot.entries.length === 0) return undefined;
  const written = sound(spot) as {
    follower?: boolean;
    subscriber?: boolean;
    moderator?: boolean;
    owner?: boolean;
    gifterLevel?: number;
    teamLevel?: number;
  };
  const { follower, subscriber, moderator, owner, gifterLevel = 0, teamLevel = 0 } = written;
  const foldedAt = (key: string) =>
    spot.at(key).isSound ? spot.at(key).items.map(({ value }) => fold(String(value))) : [];
  return {
    ...(follower !== undefined && { follower }),
    ...(subscriber !== undefined && { subscriber }),
    ...(moderator !== undefined && { moderator }),
    ...(owner !== undefined && { owner }),
    teams: teamsAt(context, spot.at("team")),
    platforms: foldedAt("platform"),
    handles: foldedAt("handle").map((handle) => handle.replace(/^@/, "")),
    gifterLevel,
    teamLevel,
  };
}

function teamsAt(context: Context, spot: Spot): string[] {
  if (!spot.isSound) return [];
  const { teamNames } = context.declarations;
  return spot.items.map((item) => {
    const name = String(item.value);
    if (!teamNames.some((team) => fold(team) === fold(name))) {
      context.problems.add("RULES_UNKNOWN_NAME", item, unknownName("team", name, teamNames));
    }
    return fold(name);
  });
}

function whenLimitedAt(context: Context, spot: Spot, on: TriggerName, steps: readonly CompiledStep[]): WhenLimited {
  const { paid } = triggers[on];
  const at = spot.at("whenLimited");
  const written = at.isSound ? (at.value as WhenLimited | undefined) : undefined;
  if (written === "drop" && paid) {
    const message = `"drop" would lose what a viewer has paid for. Use queue, merge, extend or bank, or leave whenLimited out.`;
    context.problems.add("RULES_GIFT_DROPPED", at, message);
  }
  const extends_ = (list: readonly CompiledStep[]): boolean =>
    list.some((step) =>
      step.kind === "call"
        ? step.lasting?.again === "extend"
        : step.kind === "oneOf" && step.choices.some((choice) => extends_(choice.steps)),
    );
  if (written === "extend" && spot.at("do").isSound && !extends_(steps)) {
    const message = `"extend" needs an effect that it can make longer: give the action "lasts: { for: 5s, again: extend }".`;
    context.problems.add("RULES_SHAPE", at, message);
  }
  return written ?? (paid ? "queue" : "drop");
}

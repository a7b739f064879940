/** Compiles one rule: its conditions and limits; what its event must be is filter.ts, what happens then is steps.ts. */
import type { PhaseName } from "../../game/phases.ts";
import type { CompiledRule, CompiledStep, Conditions, ViewerCondition, WhenLimited } from "../compiled.ts";
import { fold } from "../fold.ts";
import { knownPlatforms, knownSources } from "../platforms.ts";
import { didYouMean, problemCodes } from "../problem.ts";
import { type TriggerName, triggers } from "../triggers.ts";
import { type Context, declaredOf, expressionAt, unknownName } from "./context.ts";
import { filterAt, giftsAt } from "./filter.ts";
import { limitsAt } from "./limits.ts";
import { idOf } from "./merge.ts";
import { cut, quoted, type Spot } from "./spot.ts";
import { stepsAt } from "./steps.ts";

/** Compiles a rule by parts; parts of a wrong shape, told already, are left out. Undefined when even its trigger is not known. */
export function ruleAt(context: Context, spot: Spot, index: number): CompiledRule | undefined {
  const trigger = spot.at("on").value;
  if (!spot.at("on").isSound || typeof trigger !== "string" || !Object.hasOwn(triggers, trigger)) return undefined;
  const on = trigger as TriggerName;
  const id = idOf(spot, index);
  const group = spot.at("group").text;
  const groupLimits = group && declaredOf(context, context.declarations.groups, "group", spot.at("group"), group);
  const queue = spot.at("queue").text ?? "";
  if (queue) declaredOf(context, context.declarations.queues, "queue", spot.at("queue"), queue);
  const filter = filterAt(context, spot, on);
  const conditions = conditionsAt(context, spot, on);
  const steps = spot.at("do").exists ? stepsAt(context, spot.at("do"), on) : [];
  return {
    id,
    named: spot.at("id").text !== undefined,
    place: spot.place,
    on,
    filter,
    gifts: giftsAt(context, spot),
    conditions,
    limits: [...limitsAt(spot, `rule:${id}`), ...(groupLimits || []), ...context.declarations.limits],
    whenLimited: whenLimitedAt(context, spot, on, steps),
    queue,
    priority: spot.at("priority").number ?? 0,
    stop: spot.at("stop").flag === true,
    also: spot.at("also").flag === true,
    steps,
    allow: allowAt(context, spot.at("allow")),
  };
}

/** Names of findings that are allowed knowingly; tells those that are none. */
export function allowAt(context: Context, spot: Spot): string[] {
  const known = Object.keys(problemCodes).filter((code) => code.startsWith("COMPLIANCE_"));
  const allowed: string[] = [];
  for (const item of spot.soundItems) {
    const name = String(item.value);
    if (known.includes(name)) allowed.push(name);
    else context.problems.add("RULES_UNKNOWN_NAME", item, unknownName("finding", name, known));
  }
  return allowed;
}

function conditionsAt(context: Context, spot: Spot, on: TriggerName): Conditions {
  const question = spot.at("if");
  return {
    phases: spot.at("phase").soundItems.map(({ value }) => value as PhaseName),
    sources: wordsAmong(context, spot.at("source"), [...knownSources, ...knownPlatforms], "source or platform"),
    viewer: viewerAt(context, spot.at("viewer")),
    if: question.text !== undefined ? expressionAt(context, on, question, "flag") : undefined,
  };
}

function viewerAt(context: Context, spot: Spot): ViewerCondition | undefined {
  if (!spot.exists || spot.entries.length === 0) return undefined;
  const flags = ["follower", "subscriber", "moderator", "owner"] as const;
  const given = flags.map((key) => [key, spot.at(key).flag] as const).filter(([, flag]) => flag !== undefined);
  const foldedAt = (key: string) =>
    spot.at(key).isSound ? spot.at(key).items.map(({ value }) => fold(String(value))) : [];
  return {
    ...Object.fromEntries(given),
    teams: teamsAt(context, spot.at("team")),
    platforms: wordsAmong(context, spot.at("platform"), knownPlatforms, "platform"),
    handles: foldedAt("handle").map((handle) => handle.replace(/^@/, "")),
    gifterLevel: spot.at("gifterLevel").number ?? 0,
    teamLevel: spot.at("teamLevel").number ?? 0,
  };
}

/** Folded words; warns of those that are not known, since a program that sends events may give any name. */
function wordsAmong(context: Context, spot: Spot, known: readonly string[], what: string): string[] {
  return spot.soundItems.map((item) => {
    const name = fold(String(item.value));
    // Of two sources of one kind each has its name with something behind it.
    if (!known.some((one) => name === one || (name.startsWith(one) && /^[^a-z]/.test(name.slice(one.length))))) {
      const hint = didYouMean(cut(name), known) || ` Known are: ${known.join(", ")}.`;
      const message = `No ${what} is called ${quoted(item.value)}, unless a program of yours sends it.${hint}`;
      context.problems.warn("RULES_UNKNOWN_NAME", item, message);
    }
    return name;
  });
}

function teamsAt(context: Context, spot: Spot): string[] {
  const { teamNames } = context.declarations;
  return spot.soundItems.map((item) => {
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
  const written = at.text as WhenLimited | undefined;
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

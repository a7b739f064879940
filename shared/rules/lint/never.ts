/** Rules that can never fire, each with the first reason found. */
import type { PhaseName } from "../../game/phases.ts";
import { allSteps } from "../all-steps.ts";
import type { CompiledRule, TriggerFilter } from "../compiled.ts";
import { ticksPerSecond } from "../engine/ticks.ts";
import { constantOf } from "../expression.ts";
import { fold } from "../fold.ts";
import type { Problem } from "../problem.ts";
import { type TriggerName, triggers } from "../triggers.ts";
import { whyCompared } from "./comparisons.ts";
import { type AskedRule, listed, phasesOf, type Show, warning } from "./finding.ts";
import { share } from "./overlap.ts";
import { pricesOf } from "./prices.ts";

/** Warnings about rules that can never fire, or whose actions can never act. */
export function neverFires(show: Show): Problem[] {
  return show.asked.flatMap((asked) => {
    const { rule } = asked;
    const why = whyNever(asked, show);
    return why === "" ? [] : [warning("RULES_NEVER_FIRES", rule.place, `This rule can never do anything: ${why}`)];
  });
}

function whyNever(asked: AskedRule, show: Show): string {
  const { rule } = asked;
  return (
    whyFilter(rule.on, rule.filter, show) ||
    whyMeter(rule, show) ||
    whyCondition(rule) ||
    whyCompared(asked, show) ||
    whyTimer(rule, show) ||
    whyTeam(rule, show) ||
    whyPhase(asked, show)
  );
}

function whyFilter(on: TriggerName, filter: TriggerFilter, show: Show): string {
  if (filter.of) return whyFilter(filter.of.on, filter.of.filter, show);
  if ((on !== "gift" && on !== "combo.end") || pricesOf(filter, show.rules.tiers).length > 0) return "";
  return `no gift of ${listed(filter.tiers)} costs ${amount(filter)}. Change \`tier\` or \`value\`, or leave one of them out.`;
}

function amount({ valueFrom, valueTo }: TriggerFilter): string {
  if (valueTo === Number.POSITIVE_INFINITY) return `${valueFrom} diamonds or more`;
  return `${valueFrom} to ${valueTo} diamonds`;
}

function whyMeter({ on, filter }: CompiledRule, { rules }: Show): string {
  if (on !== "meter") return "";
  const isFilled = rules.rules
    .flatMap(({ steps }) => allSteps(steps))
    .some(
      (step) =>
        step.kind === "fill" && step.name === filter.meter && !(typeof step.value === "number" && step.value <= 0),
    );
  if (isFilled) return "";
  return `no rule fills meter "${filter.meter}". Add "fill: { ${filter.meter}: 1 }" to the \`do\` of another rule.`;
}

/** Events that have a viewer only sometimes. */
const sometimesByViewer: readonly TriggerName[] = ["pin", "envelope", "intro"];

function whyCondition({ on, conditions }: CompiledRule): string {
  const { viewer, sources, if: expression } = conditions;
  const hasViewer = (triggers[on].names as readonly string[]).includes("viewer");
  if (viewer && !hasViewer && !sometimesByViewer.includes(on)) {
    return `\`viewer\` asks about a viewer, but nobody is behind \`on: ${on}\`. Leave \`viewer\` out.`;
  }
  if (sources.length > 0 && !hasViewer && triggers[on].event === "") {
    return `\`source\` asks where it came from, but \`on: ${on}\` comes from the show itself. Leave \`source\` out.`;
  }
  if (expression && constantOf(expression.text) === false) {
    return `\`if: ${expression.text}\` is always false. Use a name of the event in it, such as viewer.follower, or leave it out.`;
  }
  return "";
}

function whyTeam({ conditions }: CompiledRule, { rules, game }: Show): string {
  const wanted = conditions.viewer?.teams ?? [];
  const teams = game.players?.teams;
  if (wanted.length === 0 || !teams) return "";
  const playing = teams.names.slice(0, teams.active(rules.options));
  if (share(wanted, playing.map(fold))) return "";
  const written = teams.names.filter((name) => wanted.includes(fold(name)));
  const who = playing.length === 0 ? "everybody plays for themselves" : `only ${listed(playing)} play`;
  return `team ${listed(written)} does not play; under these \`options\` ${who}. Change the team, or the options of the game.`;
}

/** Of a timer that waits longer than what it waits in ever lasts. */
function whyTimer({ on, filter, conditions }: CompiledRule, { phases, seconds }: Show): string {
  if (on !== "timer" || filter.after === 0 || filter.afterOf === "show") return "";
  const asked = conditions.phases.length > 0 ? conditions.phases : phases;
  const ofPhase = filter.afterOf === "phase";
  const lasts = ofPhase
    ? Math.max(0, ...asked.map((phase) => seconds[phase]))
    : phases.reduce((sum, phase) => sum + seconds[phase], 0);
  if (filter.after <= lasts * ticksPerSecond) return "";
  const what = ofPhase ? (conditions.phases.length > 0 ? listed(asked) : "a phase") : "a round";
  return `it fires ${filter.after / ticksPerSecond} s after the beginning, but ${what} lasts ${lasts} s at most under these \`options\`. Make \`after\` shorter, or count from another beginning with \`of\`.`;
}

/** Of rules that nobody paid for: what is paid waits for its phase, and is looked at by wasted.ts. */
function whyPhase({ rule, calls, actions }: AskedRule, show: Show): string {
  const { phases } = rule.conditions;
  if (triggers[rule.on].paid) return "";
  if (phases.length > 0 && !share(phases, show.phases)) {
    return `phase ${listed(phases)} has no time under these \`options\`. Choose another phase, or give it some seconds.`;
  }
  const when = whenOf(rule, show);
  if (when.length === 0) {
    return `\`on: ${rule.on}\` comes in ${listed(momentsOf(rule.on, show))}, but \`phase\` is ${listed(phases)}. Leave \`phase\` out, or write "on: phase" with it.`;
  }
  const mayWait = rule.on === "meter" || rule.whenLimited === "bank";
  const onlyCalls = allSteps(rule.steps).every(
    ({ kind, delayTicks }) => (kind === "call" || kind === "oneOf") && delayTicks === 0,
  );
  if (calls.length === 0 || mayWait || !onlyCalls) return "";
  if (actions.some((action) => share(phasesOf(action, show), when))) return "";
  const acts = [...new Set(actions.flatMap((action) => phasesOf(action, show)))];
  return `it fires in ${listed(when)}, but ${listed(actions)} can act in ${listed(acts)} only. Change \`${phases.length > 0 ? "phase" : "on"}\`, or call another action.`;
}

/** Phases in which the rule can fire. */
function whenOf({ on, conditions }: CompiledRule, show: Show): readonly PhaseName[] {
  const when = momentsOf(on, show);
  return conditions.phases.length === 0 ? when : when.filter((phase) => conditions.phases.includes(phase));
}

/** Phases in which the trigger can come. */
function momentsOf(on: TriggerName, { phases }: Show): readonly PhaseName[] {
  return on === "round.end" ? ["results"] : on === "round.start" ? phases.slice(0, 1) : phases;
}

/** Explain: why each rule did or did not fire for an event, in plain words. Made when somebody asks, never while events are decided. */
import type { LiveEvent } from "../events/live-event.ts";
import type { CompiledLimit, CompiledRule, CompiledRules } from "./compiled.ts";
import type { RuleTrace, Verdict } from "./decision.ts";
import { limitWords } from "./engine/limits.ts";
import { listed, misfitOf } from "./engine/misfit.ts";
import { Present } from "./engine/present.ts";
import { ticksPerSecond } from "./engine/ticks.ts";
import { triggers } from "./triggers.ts";

/** What became of one rule, for programs and people. Plain JSON. */
export interface RuleExplanation {
  /** Its id, and where it stands. */
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  /** `misfit`: the event is not what the rule waits for. */
  readonly verdict: Verdict | "misfit";
  /** Half a sentence: 'waits 3.2 s: cooldown for each viewer'. */
  readonly sentence: string;
}

/**
 * Explains the decision about an event, with the traces of it: one entry for each rule of its trigger, in the order in which they are
 * asked. For a moment of the show itself (event undefined) one entry for each time that a rule was asked.
 */
export function explain(
  event: LiveEvent | undefined,
  traces: readonly RuleTrace[],
  rules: CompiledRules,
): RuleExplanation[] {
  const present = new Present(rules.tiers, () => "");
  if (event) present.turnTo(event, 0);
  const byRule = new Map(traces.map((trace) => [trace.rule, trace]));
  // A rule can have several in one moment, of a meter that is full several times.
  const asked = event
    ? rules.rules
        .filter(({ on }) => triggers[on].event === event.type)
        .map((rule) => ({ rule, trace: byRule.get(rule) }))
    : traces.map((trace) => ({ rule: trace.rule, trace }));
  return asked.map(({ rule, trace }) => {
    const { file, line } = rule.place;
    const sentence = trace ? sentenceOf(trace, { present, traces, rules }) : untracedSentence(rule, present);
    return { rule: rule.id, file, line, verdict: trace?.verdict ?? "misfit", sentence };
  });
}

interface Around {
  readonly present: Present;
  readonly traces: readonly RuleTrace[];
  readonly rules: CompiledRules;
}

function untracedSentence(rule: CompiledRule, present: Present): string {
  if (present.event?.replay) return "the event is from before this connection, so it fires nothing";
  return misfitOf(rule, present) || "it was not asked";
}

function sentenceOf(trace: RuleTrace, around: Around): string {
  const { rule, verdict, detail, ticks } = trace;
  switch (verdict) {
    case "fired":
      return firedSentence(rule);
    case "waits":
      return waitsSentence(trace);
    case "dropped":
      return droppedSentence(rule, detail, ticks);
    case "condition":
      return conditionSentence(rule, detail, around.present);
    case "stopped":
      return stoppedSentence(trace, around);
    case "below":
      return belowSentence(rule, detail);
    case "named":
      return "stands back, because a rule that names this gift goes first";
  }
}

function firedSentence({ steps }: CompiledRule): string {
  const actions = steps.flatMap((step) => (step.kind === "call" ? [step.action] : []));
  return actions.length > 0 ? `fired: ${listed(actions)}` : "fired";
}

function waitsSentence({ rule, detail, ticks }: RuleTrace): string {
  if (detail === "phase") return `waits for phase ${listed(rule.conditions.phases, "or")}`;
  if (detail === "its turn") return `waits${timeOf(ticks)} with what came before it`;
  const limit = limitOf(rule, detail);
  const why = limit ? limitSentence(limit) : detail;
  if (ticks > 0) return `waits${timeOf(ticks)}: ${why}`;
  if (limit && limit.quota > 0 && limit.per !== "round") return `waits for another show: ${why}`;
  return `waits for a later round: ${why}`;
}

function droppedSentence(rule: CompiledRule, detail: string, ticks: number): string {
  const limit = limitOf(rule, detail);
  const why = limit ? limitSentence(limit) : detail;
  const isUsedUp = limit !== undefined && limit.quota > 0 && limit.per !== "round";
  if (rule.whenLimited !== "drop" && !isUsedUp) return `dropped, because too many wait already: ${why}`;
  return ticks > 0 ? `dropped: ${why},${timeOf(ticks)} left` : `dropped: ${why}, used up`;
}

function timeOf(ticks: number): string {
  return ticks > 0 ? ` ${(ticks / ticksPerSecond).toFixed(1)} s` : "";
}

const whose = { viewer: "for each viewer", team: "for each team", everyone: "for everyone" } as const;

/** The limit that a trace names. */
function limitOf({ limits }: CompiledRule, detail: string): CompiledLimit | undefined {
  return limits.find((limit) => limitWords(limit) === detail);
}

function limitSentence({ owner, scope, cooldownTicks, quota, per }: CompiledLimit): string {
  const group = owner.startsWith("group:") ? ` of group ${owner.slice("group:".length)}` : "";
  const shared = owner === "all" ? " of all rules" : group;
  if (cooldownTicks > 0) return `cooldown${shared} ${whose[scope]}`;
  return `quota${shared} ${whose[scope]}, ${quota} per ${per}`;
}

function conditionSentence(rule: CompiledRule, detail: string, { event, viewer }: Present): string {
  const { phases, sources, if: expression } = rule.conditions;
  if (detail === "phase") return `not now: only in phase ${listed(phases, "or")}`;
  if (detail === "source") return `it is from ${event?.source ?? "the show itself"}, not from ${listed(sources, "or")}`;
  if (detail === "if") return `the condition \`${expression?.text ?? ""}\` is false`;
  if (!viewer || detail === "viewer") return "it asks for a viewer, and nobody is behind this";
  return viewerSentence(rule, detail.slice("viewer.".length), viewer);
}

const roleWords: Readonly<Record<string, string>> = {
  follower: "a follower",
  subscriber: "a subscriber",
  moderator: "a moderator",
  owner: "the owner",
};

function viewerSentence({ conditions }: CompiledRule, field: string, viewer: NonNullable<Present["viewer"]>): string {
  const wanted = conditions.viewer;
  if (!wanted) return `viewer.${field} does not fit`;
  const role = roleWords[field];
  if (role !== undefined) {
    const has = viewer.roles[field as keyof typeof viewer.roles];
    return has ? `the viewer is ${role}, and it is for others` : `the viewer is not ${role}`;
  }
  if (field === "gifterLevel") return `the gifter level is ${viewer.levels.gifter}, not ${wanted.gifterLevel} or more`;
  if (field === "teamLevel") return `the fan club level is ${viewer.levels.team}, not ${wanted.teamLevel} or more`;
  if (field === "platform") return `the viewer is on ${viewer.platform}, not on ${listed(wanted.platforms, "or")}`;
  if (field === "handle") return `the viewer is @${viewer.handle}, not @${listed(wanted.handles, "or")}`;
  return `the viewer is not in team ${listed(wanted.teams, "or")}`;
}

function stoppedSentence(trace: RuleTrace, { traces, rules }: Around): string {
  const before = traces.slice(0, traces.indexOf(trace));
  const fired = before.filter(({ verdict }) => verdict === "fired" || verdict === "waits");
  const stopper = fired.findLast(({ rule }) => rule.stop);
  if (stopper) return `not asked, because rule ${stopper.rule.id} fired and stops`;
  const first = fired.find(({ rule }) => rule.on === trace.rule.on && rules.firstMatch.has(rule.on));
  return first ? `not asked, because rule ${first.rule.id} was the first to fire` : "not asked any more";
}

function belowSentence({ on, filter }: CompiledRule, detail: string): string {
  if (on !== "viewers") return `${detail} ${detail === "1" ? "like is" : "likes are"} still missing`;
  const now = `${detail} people watch`;
  const { reaches, falls } = filter;
  if (reaches + falls === 0) return `${now}, as before`;
  const crossing = reaches > 0 ? `reach ${reaches}` : `fall below ${falls}`;
  const missing = reaches > 0 ? reaches - Number(detail) : Number(detail) - falls + 1;
  return missing > 0 ? `${now}: ${missing} from where they ${crossing}` : `${now}: they did not ${crossing} just now`;
}

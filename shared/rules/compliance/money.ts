/** Where money is behind a rule of the file: by its trigger, or through meters, variables and counters that paid rules change. */
import { allSteps } from "../all-steps.ts";
import type { CompiledRule, CompiledRules, CompiledStep, Value } from "../compiled.ts";
import { constantOf } from "../expression.ts";
import { type TriggerName, triggers } from "../triggers.ts";
import { isNever, statesRead } from "./expressions.ts";

/** A rule with the states it depends on and changes, each as "meters.rage" or "vars.hits". */
interface Flow {
  readonly rule: CompiledRule;
  /** Its trigger, or the one of what its crowd does. */
  readonly on: TriggerName;
  /** What it waits for or asks for before it fires. */
  readonly asks: readonly string[];
  readonly changes: readonly Change[];
}

interface Change {
  readonly name: string;
  /** What the new value is computed from. */
  readonly from: readonly string[];
}

/** What paid rules of a file reach, and what free ones do. */
export interface Money {
  /** Why somebody who pays is behind the rule, in words; undefined when nobody is. "" when its own trigger is paid. */
  readonly behind: (rule: CompiledRule) => string | undefined;
  /** Whether any viewer can bring the rule about without paying. */
  readonly isFree: (rule: CompiledRule) => boolean;
}

export function moneyIn(rules: CompiledRules): Money {
  const flows = rules.rules.map(flowOf);
  const paid = statesOf(flows, (flow, known) => isPaid(flow.on) || flow.asks.some((name) => known.has(name)));
  const untouched = valuesWithoutMoney(rules, flows);
  const free = statesOf(flows, (flow, known) => isFree(flow, known, untouched));
  const byRule = new Map(flows.map((flow) => [flow.rule, flow]));
  return {
    behind(rule) {
      const { on, asks } = byRule.get(rule)!;
      if (isPaid(on)) return "";
      const state = asks.find((name) => paid.has(name));
      if (state === undefined) return undefined;
      const name = state.slice(state.indexOf(".") + 1);
      return state.startsWith("meters.")
        ? `gifts fill meter "${name}", and `
        : `gifts change "${name}", for which this rule asks, and `;
    },
    isFree: (rule) => isFree(byRule.get(rule)!, free, untouched),
  };
}

/** Whether money is behind a trigger. The end of a combo adds nothing, but its gifts were paid for. */
function isPaid(on: TriggerName): boolean {
  return triggers[on].paid || on === "combo.end";
}

function flowOf(rule: CompiledRule): Flow {
  const { on, filter, conditions } = rule;
  const inner = filter.of;
  const meters = [on === "meter" ? filter.meter : "", inner?.on === "meter" ? inner.filter.meter : ""];
  const asks = meters.filter((name) => name !== "").map((name) => `meters.${name}`);
  if (conditions.if) asks.push(...statesRead(conditions.if.text));
  return { rule, on: inner?.on ?? on, asks, changes: allSteps(rule.steps).flatMap(changeOf) };
}

/** The change that a step makes; a meter that it only drains is none. */
function changeOf(step: CompiledStep): Change[] {
  if (step.kind !== "fill" && step.kind !== "set" && step.kind !== "add") return [];
  if (step.kind === "fill" && typeof step.value === "number" && step.value <= 0) return [];
  const from = typeof step.value === "object" ? statesRead(step.value.text) : [];
  return [{ name: `${step.kind === "fill" ? "meters" : "vars"}.${step.name}`, from }];
}

/** States that rules of a kind change, or that are computed from such, directly or through others. */
function statesOf(
  flows: readonly Flow[],
  isOfKind: (flow: Flow, known: ReadonlySet<string>) => boolean,
): ReadonlySet<string> {
  const known = new Set<string>();
  for (let before = -1; before !== known.size; ) {
    before = known.size;
    for (const flow of flows) {
      const all = flow.changes.some(({ name }) => !known.has(name)) && isOfKind(flow, known);
      for (const { name, from } of flow.changes) if (all || from.some((state) => known.has(state))) known.add(name);
    }
  }
  return known;
}

/** Things any viewer can do without paying; a redeemed reward costs points that the platform gives for watching. */
const freeTriggers: readonly TriggerName[] = ["chat", "likes", "like", "join", "follow", "share", "emote", "redeem"];

/** What expressions read of a viewer who has not paid and runs nothing. */
const ordinaryViewer: readonly (readonly [string, Value])[] = [
  ["viewer.subscriber", false],
  ["viewer.moderator", false],
  ["viewer.owner", false],
  ["viewer.gifterLevel", 0],
];

/** Values for an ordinary viewer while nobody pays: its own, and those of states that paid rules alone change. */
function valuesWithoutMoney({ variables, meters }: CompiledRules, flows: readonly Flow[]): ReadonlyMap<string, Value> {
  const unpaid = new Set(
    flows.filter(({ on }) => !isPaid(on)).flatMap(({ changes }) => changes.map(({ name }) => name)),
  );
  const starts = [
    ...variables.map(({ name, start }) => [`vars.${name}`, start] as const),
    ...meters.map(({ name }) => [`meters.${name}`, 0] as const),
  ];
  return new Map<string, Value>([...ordinaryViewer, ...starts.filter(([name]) => !unpaid.has(name))]);
}

function isFree({ rule, on }: Flow, meters: ReadonlySet<string>, values: ReadonlyMap<string, Value>): boolean {
  const { viewer, if: condition } = rule.conditions;
  const forFew =
    viewer !== undefined &&
    (viewer.subscriber || viewer.moderator || viewer.owner || viewer.handles.length > 0 || viewer.gifterLevel > 0);
  if (forFew) return false;
  if (condition && (constantOf(condition.text) === false || isNever(condition.text, values))) return false;
  if (rule.on === "meter") return meters.has(`meters.${rule.filter.meter}`);
  return freeTriggers.includes(on);
}

/** Overlap: whether one event can meet two rules, or every event of one rule meets another. */
import type { CompiledRule, Conditions, TriggerFilter, ViewerCondition } from "../compiled.ts";
import { triggers } from "../triggers.ts";
import type { AskedRule } from "./finding.ts";
import { doMeet, isWithin } from "./prices.ts";

/** Triggers that fire only when something is full, crossed or over: an event of theirs does not always fire them. */
export function firesEachTime({ on, filter }: CompiledRule): boolean {
  if (on === "like") return filter.every === 0;
  return triggers[on].event !== "" && on !== "likes" && on !== "viewers";
}

/** It fires at a moment that its own numbers decide: two such rules with other numbers meet only by accident. */
const isAtItsMoment = (rule: CompiledRule): boolean =>
  !firesEachTime(rule) && rule.on !== "phase" && rule.on !== "round.start" && rule.on !== "round.end";

/** It holds for every event that its filter takes. */
export function isUnconditional({ conditions, limits }: CompiledRule): boolean {
  const { phases, sources, viewer, if: expression } = conditions;
  return phases.length === 0 && sources.length === 0 && !viewer && !expression && limits.length === 0;
}

/** Names the gift, so that rules by tier or value stand back. */
const isNamed = ({ filter }: CompiledRule): boolean => filter.gifts.length > 0;
/** By tier or value alone, and standing back when another rule names the gift. */
const isFallback = ({ filter, also }: CompiledRule): boolean =>
  filter.gifts.length === 0 &&
  !also &&
  (filter.tiers.length > 0 || filter.valueFrom > 0 || filter.valueTo < Number.POSITIVE_INFINITY);

/** Whether every event that meets `later` meets `earlier`, too, by trigger and filter. */
export function covers(
  { rule: earlier, prices: outerPrices }: AskedRule,
  { rule: later, prices: innerPrices }: AskedRule,
): boolean {
  const { event } = triggers[earlier.on];
  if (event === "" || event !== triggers[later.on].event) return false;
  // The same event under two names, such as `like` and `likes`: only a rule for all of them covers the other.
  const [outer, inner] = [earlier.filter, later.filter];
  if (event === "gift" || event === "giftStreakEnd")
    return namesCovered(earlier, later) && isWithin(innerPrices, outerPrices);
  return (
    wordsCovered(outer, inner) &&
    (outer.names.length === 0 || (inner.names.length > 0 && inner.names.every((name) => outer.names.includes(name)))) &&
    outer.from <= inner.from
  );
}

function namesCovered(earlier: CompiledRule, later: CompiledRule): boolean {
  if (isFallback(earlier) && !isFallback(later)) return false;
  return (
    !isNamed(earlier) || (isNamed(later) && later.filter.gifts.every((gift) => earlier.filter.gifts.includes(gift)))
  );
}

function wordsCovered(outer: TriggerFilter, inner: TriggerFilter): boolean {
  const commands =
    outer.commands.length === 0 ||
    (inner.commands.length > 0 &&
      inner.commands.every((command) =>
        outer.commands.some((first) => command === first || command.startsWith(`${first} `)),
      ));
  const contains =
    outer.contains.length === 0 ||
    (inner.contains.length > 0 &&
      inner.contains.every((words) => outer.contains.some((part) => ` ${words} `.includes(` ${part} `))));
  return commands && contains;
}

/** Whether one event can meet both rules and all their conditions. Expressions are not looked into. */
export function canMeet(a: AskedRule, b: AskedRule): boolean {
  return a.rule.on === b.rule.on && filtersMeet(a, b) && conditionsMeet(a.rule.conditions, b.rule.conditions);
}

function filtersMeet(a: AskedRule, b: AskedRule): boolean {
  const [one, other] = [a.rule.filter, b.rule.filter];
  if (isAtItsMoment(a.rule) || isAtItsMoment(b.rule)) return JSON.stringify(one) === JSON.stringify(other);
  if (a.rule.on !== "gift" && a.rule.on !== "combo.end") {
    return commandsMeet(one.commands, other.commands) && eitherEmptyOrShare(one.names, other.names);
  }
  if ((isNamed(a.rule) && isFallback(b.rule)) || (isFallback(a.rule) && isNamed(b.rule))) return false;
  return eitherEmptyOrShare(one.gifts, other.gifts) && doMeet(a.prices, b.prices);
}

function commandsMeet(a: readonly string[], b: readonly string[]): boolean {
  const isStart = (start: string, of: string) => of === start || of.startsWith(`${start} `);
  if (a.length === 0 || b.length === 0) return true;
  return a.some((one) => b.some((other) => isStart(one, other) || isStart(other, one)));
}

export function conditionsMeet(a: Conditions, b: Conditions): boolean {
  return (
    eitherEmptyOrShare(a.phases, b.phases) &&
    eitherEmptyOrShare(a.sources, b.sources) &&
    (!a.viewer || !b.viewer || viewersMeet(a.viewer, b.viewer))
  );
}

const roles = ["follower", "subscriber", "moderator", "owner"] as const;

function viewersMeet(a: ViewerCondition, b: ViewerCondition): boolean {
  const isOpposite = roles.some((role) => a[role] !== undefined && b[role] !== undefined && a[role] !== b[role]);
  return (
    !isOpposite &&
    eitherEmptyOrShare(a.teams, b.teams) &&
    eitherEmptyOrShare(a.platforms, b.platforms) &&
    eitherEmptyOrShare(a.handles, b.handles)
  );
}

function eitherEmptyOrShare(a: readonly string[], b: readonly string[]): boolean {
  return a.length === 0 || b.length === 0 || share(a, b);
}

export function share(a: readonly string[], b: readonly string[]): boolean {
  return a.some((one) => b.includes(one));
}

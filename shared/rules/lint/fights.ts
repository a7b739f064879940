/** Rules in each other's way: later ones that are never asked, and pairs that want different things of one event. */
import type { CompiledRule } from "../compiled.ts";
import type { Problem } from "../problem.ts";
import { type AskedCall, type AskedRule, listed, nameOf, type Show, warning } from "./finding.ts";
import { canMeet, conditionsMeet, covers, firesEachTime, isUnconditional, share } from "./overlap.ts";

/** Rules that are never asked, because one before them fires for all their events and ends the asking. */
export function unreachable({ rules, asked }: Show): Problem[] {
  const ending = asked.filter(
    ({ rule }) => (rule.stop || rules.firstMatch.has(rule.on)) && firesEachTime(rule) && isUnconditional(rule),
  );
  return asked.flatMap((later) => {
    const earlier = ending.find(
      (one) => one.order < later.order && (one.rule.stop || one.rule.on === later.rule.on) && covers(one, later),
    );
    if (!earlier) return [];
    const why = earlier.rule.stop ? "has `stop`" : "comes first, and `firstMatch` ends it there";
    const message = `This rule is never asked: ${nameOf(earlier.rule, later.rule)} takes every event of it and ${why}. Move this rule before it, give it a higher \`priority\`, or give the other one a condition.`;
    return [warning("RULES_UNREACHABLE", later.rule.place, message)];
  });
}

/** Pairs of rules that one event can fire together and that do not go together; each later rule is told once. */
export function fights({ rules, asked }: Show): Problem[] {
  const open = asked.filter(({ rule }) => !rule.stop && !rule.conditions.if && !rules.firstMatch.has(rule.on));
  const byTrigger = Map.groupBy(open, ({ rule }) => rule.on);
  return asked.flatMap((later) => {
    if (later.rule.conditions.if) return [];
    for (const earlier of byTrigger.get(later.rule.on) ?? []) {
      if (earlier.order >= later.order) break;
      const message = sameAction(earlier, later) || sameVariable(earlier, later) || sameWord(earlier, later);
      if (message !== "") return [warning("RULES_FIGHT", later.rule.place, message)];
    }
    return [];
  });
}

/** Both call one action at once for the same body with different params. Rules with `if` are left alone: it may tell them apart. */
function sameAction(earlier: AskedRule, later: AskedRule): string {
  if (!share(earlier.actions, later.actions) || !canMeet(earlier, later)) return "";
  const clash = later.calls.find((call) => earlier.calls.some((other) => isClash(other, call)));
  if (!clash) return "";
  return `One event can meet this rule and ${nameOf(earlier.rule, later.rule)}, and both call "${clash.action}" with different params. Give the one that goes first \`stop: true\`, or conditions that never hold together.`;
}

/** Both set one variable at once to different values: the later one wins, and the earlier one is for nothing. */
function sameVariable(earlier: AskedRule, later: AskedRule): string {
  const clash = later.settings.find(({ variable, delayTicks, value }) =>
    earlier.settings.some(
      (other) => other.variable === variable && other.delayTicks === delayTicks && other.value !== value,
    ),
  );
  if (!clash || !canMeet(earlier, later)) return "";
  return `One event can meet this rule and ${nameOf(earlier.rule, later.rule)}, and both set "${clash.variable}", each to another value; this one wins. Give them conditions that never hold together, or let the first one \`stop\`.`;
}

function isClash(a: AskedCall, b: AskedCall): boolean {
  return a.action === b.action && a.when === b.when && a.params !== b.params;
}

/** One word does different things, and a limit of only one of them decides how much: hardly ever meant. */
function sameWord(earlier: AskedRule, later: AskedRule): string {
  const [one, other] = [earlier.rule, later.rule];
  const word = other.filter.commands.find((command) => one.filter.commands.includes(command));
  if (word === undefined || earlier.calls.length === 0 || later.calls.length === 0) return "";
  if (share(earlier.actions, later.actions) || hasOwnLimits(one) === hasOwnLimits(other)) return "";
  if (!conditionsMeet(one.conditions, other.conditions)) return "";
  return `"${word}" calls ${listed(later.actions)} here and ${listed(earlier.actions)} in ${nameOf(one, other)}, but only one of the two rules has a limit. Give each its own word, put both actions into one \`do\`, or give both the same limits.`;
}

/** Limits that not all rules share. */
const hasOwnLimits = ({ limits }: CompiledRule): boolean => limits.some(({ owner }) => owner !== "all");

/** What `if` compares: names with words that they can never be, and questions that can never be answered with yes. */
import { ownTeams } from "../../game/define.ts";
import { phaseNames } from "../../game/phases.ts";
import { type TierName, tierNames } from "../../game/tiers.ts";
import { quoted } from "../compile/spot.ts";
import type { CompiledVariable } from "../compiled.ts";
import type { Comparison } from "../expression/comparisons.ts";
import { comparisonsOf } from "../expression.ts";
import { knownPlatforms } from "../platforms.ts";
import { didYouMean, type Problem } from "../problem.ts";
import { triggers } from "../triggers.ts";
import { type AskedRule, listed, type Show, warning } from "./finding.ts";
import { share } from "./overlap.ts";
import { doMeet, tierRange } from "./prices.ts";

/** Words in `if` that the name beside them never is, such as `phase == "playing"`. Large and small letters differ there. */
export function unknownWords(show: Show): Problem[] {
  return show.asked.flatMap(({ rule: { conditions } }) => {
    const question = conditions.if;
    if (!question) return [];
    return comparisonsOf(question).flatMap(({ name, values }) => {
      const known = wordsOf(name, show);
      const unknown = known ? values.filter((value) => value !== "" && !known.includes(String(value))) : [];
      return unknown.map((value) => {
        const own = name === "viewer.platform" ? ", unless a program of yours sends it" : "";
        const hint = didYouMean(String(value).slice(0, 60), known!) || ` It can be ${known!.join(", ") || "nothing"}.`;
        return warning(
          "RULES_UNKNOWN_NAME",
          question.place,
          `Here \`${name}\` is never ${quoted(value)}${own}.${hint}`,
        );
      });
    });
  });
}

/** What a name of expressions can be; undefined for any text. */
function wordsOf(name: string, { rules, game }: Show): readonly string[] | undefined {
  if (name === "phase") return phaseNames;
  if (name === "tier") return tierNames;
  if (name === "viewer.platform") return knownPlatforms;
  return name === "viewer.team" ? (ownTeams(game) ?? rules.teams.map((team) => team.name)) : undefined;
}

/** Why a rule's `if` can never hold, by what it compares; "" when it may. */
export function whyCompared(asked: AskedRule, show: Show): string {
  const question = asked.rule.conditions.if;
  if (!question) return "";
  for (const comparison of comparisonsOf(question)) {
    const why = comparison.isNeeded ? whyNot(comparison, asked, show) : "";
    if (why !== "") return why;
  }
  return "";
}

function whyNot({ name, sign, values }: Comparison, { rule, prices }: AskedRule, show: Show): string {
  const words = values.map(String);
  if (name === "phase" && sign === "==" && words.every((word) => (phaseNames as readonly string[]).includes(word))) {
    const { phases } = rule.conditions;
    if (!share(words, show.phases))
      return `\`if\` wants phase ${listed(words)}, which has no time under these \`options\`. Choose another phase.`;
    // What is paid is asked at once and waits for the phase.
    if (phases.length === 0 || triggers[rule.on].paid || share(words, phases)) return "";
    return `\`if\` wants phase ${listed(words)}, but \`phase\` is ${listed(phases)}. Change one of the two.`;
  }
  if (name === "tier" && sign === "==" && words.every((word) => (tierNames as readonly string[]).includes(word))) {
    const ranges = words.map((word) => tierRange(word as TierName, show.rules.tiers));
    if (doMeet(ranges, prices)) return "";
    return `\`if\` wants tier ${listed(words)}, but the rule takes no gift of that price. Change \`if\`, \`tier\` or \`value\`.`;
  }
  const variable = name.startsWith("vars.")
    ? show.rules.variables.find((one) => `vars.${one.name}` === name)
    : undefined;
  if (variable?.type !== "number" || values.some((value) => canBe(variable, sign, Number(value)))) return "";
  return `\`${name}\` is ${boundsOf(variable)}, so \`${name} ${sign} ${words.join(", ")}\` is never true. Change the number, or \`min\` and \`max\` of the variable.`;
}

function boundsOf({ min, max }: CompiledVariable): string {
  if (min === -Number.MAX_SAFE_INTEGER) return `at most ${max}`;
  return max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `kept between ${min} and ${max}`;
}

function canBe({ min, max }: CompiledVariable, sign: Comparison["sign"], value: number): boolean {
  switch (sign) {
    case "<":
      return min < value;
    case "<=":
      return min <= value;
    case ">":
      return max > value;
    case ">=":
      return max >= value;
    case "==":
      return min <= value && value <= max;
    default:
      return min !== max || min !== value;
  }
}

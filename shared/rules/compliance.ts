/** Compliance: refuses what live platforms punish a streamer for, each finding with its reason and the way to allow it knowingly. */
import type { AnyGame } from "../game/define.ts";
import { allSteps } from "./all-steps.ts";
import type { CompiledRule, CompiledRules, CompiledStep, Place } from "./compiled.ts";
import { askingIn } from "./compliance/asking.ts";
import { bettingIn, bettingWords } from "./compliance/betting.ts";
import { pictureAddresses } from "./compliance/gift-art.ts";
import { harshIn } from "./compliance/harsh.ts";
import { type Money, moneyIn } from "./compliance/money.ts";
import { nameFinder } from "./compliance/phrases.ts";
import { type Reading, readingsOf } from "./compliance/reading.ts";
import { type ShownText, shownTexts } from "./compliance/texts.ts";
import type { Problem, ProblemCode } from "./problem.ts";

/** One finding before it is known whether the file allows it. */
interface Finding {
  readonly code: ProblemCode;
  readonly found: string;
  readonly place: Place;
  readonly rule: CompiledRule | undefined;
}

/** Why a platform minds, one sentence for each code. */
const reasons: Partial<Record<ProblemCode, string>> = {
  COMPLIANCE_CHANCE:
    "Platforms count an uncertain result that was paid for as gambling; let a gift always do the same thing.",
  COMPLIANCE_BETTING:
    "Platforms forbid gambling, prizes for money and what looks like it; use a word of your game instead.",
  COMPLIANCE_SOLICITATION:
    "Platforms forbid to push viewers to give, like, share or follow; show what happens, not what to do for it.",
  COMPLIANCE_GIFT_ART:
    "Gift names and pictures belong to the platform and must not be part of the show; show the power's name instead.",
  COMPLIANCE_PAY_TO_PLAY:
    "Platforms want a game that can be played without paying; add a rule such as `on: chat` that calls an action for every viewer.",
  COMPLIANCE_HARSH_WORDS: "Platforms restrict streams with harsh words or graphic violence; use a milder one.",
};

/** Everything in the file that a platform could punish. Errors, unless the rule or the file allows them by their code. */
export function complianceProblems(rules: CompiledRules, game: AnyGame): Problem[] {
  const namesIn = nameFinder(giftNames(rules));
  const money = moneyIn(rules);
  const findings = [
    ...chance(rules, money),
    ...bettingTyped(rules),
    ...shownTexts(rules, game).flatMap((shown) => inText(shown, namesIn)),
    ...payToPlay(rules, game, money),
  ];
  return findings
    .filter(({ code, rule }) => !rules.allow.includes(code) && !rule?.allow.includes(code))
    .map(({ code, found, place, rule }) => ({
      severity: "error",
      code,
      ...place,
      message: `${found} ${reasons[code]} If you know what you do: allow: [${code}] ${rule ? "in this rule" : "at the top of the file"}.`,
    }));
}

/** Chance that somebody pays for: by the rule's own trigger, or through what paid rules change. */
function chance({ rules }: CompiledRules, money: Money): Finding[] {
  return rules.flatMap((rule) => {
    const how = money.behind(rule);
    if (how === undefined) return [];
    return allSteps(rule.steps).flatMap((step): Finding[] => {
      const what = chanceOf(step);
      if (what === "") return [];
      return [{ code: "COMPLIANCE_CHANCE", found: `Here ${how}${what}.`, place: placeOf(step, rule), rule }];
    });
  });
}

function chanceOf(step: CompiledStep): string {
  if (step.kind === "call" && step.target.kind === "random") return `chance picks whose body "${step.action}" moves`;
  // Lines that only say something in other words win or lose nothing.
  const matters = step.kind === "oneOf" && allSteps([step]).some(({ kind }) => kind !== "oneOf" && kind !== "say");
  return matters ? "chance picks what a paid act does" : "";
}

const placeOf = (step: CompiledStep, rule: CompiledRule): Place => ("place" in step ? step.place : rule.place);

/** Words of betting that viewers would type. */
function bettingTyped({ rules }: CompiledRules): Finding[] {
  return rules.flatMap((rule): Finding[] => {
    const { filter } = rule;
    const typed = [filter, ...(filter.of ? [filter.of.filter] : [])].flatMap(({ commands, contains }) => [
      ...commands,
      ...contains,
    ]);
    const words = [...new Set(typed.flatMap(bettingWords))];
    if (words.length === 0) return [];
    const found = `Viewers would type ${quoted(words)}, a word of betting.`;
    return [{ code: "COMPLIANCE_BETTING", found, place: rule.place, rule }];
  });
}

/** Names of gifts that the file's own rules name, folded; numbers are ids. */
function giftNames({ rules }: CompiledRules): string[] {
  return [...new Set(rules.flatMap(({ filter }) => [...filter.gifts, ...(filter.of?.filter.gifts ?? [])]))].filter(
    (name) => /\p{L}/u.test(name),
  );
}

function inText(shown: ShownText, namesIn: (text: Reading) => string[]): Finding[] {
  const { texts, what, rule } = shown;
  const readings = texts.map(readingsOf);
  const asWritten = readings.map(([written]) => written);
  const findings: Finding[] = [];
  const add = (code: ProblemCode, words: readonly string[], is: string): void => {
    const found = [...new Set(words)];
    if (found.length > 0)
      findings.push({ code, found: `In ${what} stands ${quoted(found)}, ${is}.`, place: shown.place, rule });
  };
  add("COMPLIANCE_BETTING", readings.flatMap(bettingIn), "a word of betting");
  add("COMPLIANCE_SOLICITATION", asWritten.flatMap(askingIn), "which asks viewers for something");
  const shownName = shown.showsGiftName ? ["{gift.name}"] : [];
  const platforms = [...texts.flatMap(pictureAddresses), ...asWritten.flatMap(namesIn), ...shownName];
  add("COMPLIANCE_GIFT_ART", platforms, "an address of a picture or a gift's name on the platform");
  add("COMPLIANCE_HARSH_WORDS", readings.flatMap(harshIn), "a harsh word");
  return findings;
}

/** A file whose paid rules act while nothing that viewers can do for free does. */
function payToPlay({ rules }: CompiledRules, { title }: AnyGame, money: Money): Finding[] {
  const acting = rules.filter(({ steps }) => allSteps(steps).some(({ kind }) => kind === "call"));
  const firstPaid = acting.find((rule) => money.behind(rule) !== undefined);
  if (!firstPaid || acting.some(money.isFree)) return [];
  const found = `Without paying nobody can do anything in ${title} under these rules.`;
  return [{ code: "COMPLIANCE_PAY_TO_PLAY", found, place: firstPaid.place, rule: undefined }];
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(", ");
}

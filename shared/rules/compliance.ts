/** Compliance: refuses what live platforms punish a streamer for, each finding with its reason and the way to allow it knowingly. */
import type { AnyGame } from "../game/define.ts";
import { allSteps } from "./all-steps.ts";
import type { CompiledRule, CompiledRules, CompiledStep, Place, TriggerFilter } from "./compiled.ts";
import { type ShownText, shownTexts } from "./compliance/texts.ts";
import { askingWords, bettingWords, harshWords, nameFinder, pictureAddresses } from "./compliance/words.ts";
import type { Problem, ProblemCode } from "./problem.ts";
import { type TriggerName, triggers } from "./triggers.ts";

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
  COMPLIANCE_BETTING: "Platforms forbid gambling and what looks like it; use a word of your game instead.",
  COMPLIANCE_SOLICITATION:
    "Platforms forbid to push viewers to give, like, share or follow; show what happens, not what to do for it.",
  COMPLIANCE_GIFT_ART:
    "Gift names and pictures belong to the platform and must not be part of the show; show the power's name instead.",
  COMPLIANCE_PAY_TO_PLAY:
    "Platforms want a game that can be played without paying; add a rule such as `on: chat` that calls an action.",
  COMPLIANCE_HARSH_WORDS: "Platforms restrict streams with harsh words or graphic violence; use a milder one.",
};

/** Everything in the file that a platform could punish. Errors, unless the rule or the file allows them by their code. */
export function complianceProblems(rules: CompiledRules, game: AnyGame): Problem[] {
  const namesIn = nameFinder(giftNames(rules));
  const findings = [
    ...chance(rules),
    ...bettingCommands(rules),
    ...shownTexts(rules).flatMap((shown) => inText(shown, namesIn)),
    ...payToPlay(rules, game),
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

/** Chance that somebody pays for: by the rule's own trigger, or through meters that paid rules fill. */
function chance({ rules }: CompiledRules): Finding[] {
  const meters = paidMeters(rules);
  return rules
    .filter((rule) => isPaid(rule.on, rule.filter, meters))
    .flatMap((rule) =>
      allSteps(rule.steps).flatMap((step): Finding[] => {
        const what = chanceOf(step);
        if (what === "") return [];
        const how = rule.on === "meter" ? `gifts fill meter "${rule.filter.meter}", and ` : "";
        return [{ code: "COMPLIANCE_CHANCE", found: `Here ${how}${what}.`, place: placeOf(step, rule), rule }];
      }),
    );
}

function chanceOf(step: CompiledStep): string {
  if (step.kind === "call" && step.target.kind === "random") return `chance picks whose body "${step.action}" moves`;
  // Lines that only say something in other words win or lose nothing.
  const matters = step.kind === "oneOf" && allSteps([step]).some(({ kind }) => kind !== "oneOf" && kind !== "say");
  return matters ? "chance picks what a paid act does" : "";
}

const placeOf = (step: CompiledStep, rule: CompiledRule): Place => ("place" in step ? step.place : rule.place);

/** Whether money is behind it. The end of a combo adds nothing, but its gifts were paid for. */
function isPaid(on: TriggerName, filter: TriggerFilter, meters: ReadonlySet<string>): boolean {
  if (on === "meter") return meters.has(filter.meter);
  if (on === "crowd") return filter.of !== undefined && isPaid(filter.of.on, filter.of.filter, meters);
  return triggers[on].paid || on === "combo.end";
}

/** Meters that somebody who pays fills, also through another meter. */
function paidMeters(rules: readonly CompiledRule[]): ReadonlySet<string> {
  const paid = new Set<string>();
  for (let before = -1; before !== paid.size; ) {
    before = paid.size;
    for (const rule of rules) {
      if (!isPaid(rule.on, rule.filter, paid)) continue;
      for (const name of filledBy(rule)) paid.add(name);
    }
  }
  return paid;
}

/** Meters that the rule fills; one that it only drains is none. */
function filledBy(rule: CompiledRule): string[] {
  return allSteps(rule.steps).flatMap((step) =>
    step.kind === "fill" && !(typeof step.value === "number" && step.value <= 0) ? [step.name] : [],
  );
}

function bettingCommands({ rules }: CompiledRules): Finding[] {
  return rules.flatMap((rule) => {
    const commands = [...rule.filter.commands, ...(rule.filter.of?.filter.commands ?? [])];
    const words = commands.flatMap(bettingWords);
    if (words.length === 0) return [];
    return [
      {
        code: "COMPLIANCE_BETTING",
        found: `Viewers would type ${quoted(words)}, a word of betting.`,
        place: rule.place,
        rule,
      },
    ];
  });
}

/** Names of gifts that the file's own rules name, folded; numbers are ids. */
function giftNames({ rules }: CompiledRules): string[] {
  return [...new Set(rules.flatMap(({ filter }) => [...filter.gifts, ...(filter.of?.filter.gifts ?? [])]))].filter(
    (name) => /\p{L}/u.test(name),
  );
}

function inText(shown: ShownText, namesIn: (text: string) => string[]): Finding[] {
  const { text, what, rule } = shown;
  const findings: Finding[] = [];
  const add = (code: ProblemCode, found: readonly string[], is: string): void => {
    if (found.length > 0)
      findings.push({ code, found: `In ${what} stands ${quoted(found)}, ${is}.`, place: shown.place, rule });
  };
  add("COMPLIANCE_BETTING", bettingWords(text), "a word of betting");
  add("COMPLIANCE_SOLICITATION", askingWords(text), "which asks viewers for something");
  const shownName = shown.showsGiftName ? ["{gift.name}"] : [];
  const platforms = [...pictureAddresses(text), ...namesIn(text), ...shownName];
  add("COMPLIANCE_GIFT_ART", platforms, "an address of a picture or a gift's name on the platform");
  add("COMPLIANCE_HARSH_WORDS", harshWords(text), "a harsh word");
  return findings;
}

/** A file whose paid rules act while nothing that viewers can do for free does. */
function payToPlay({ rules }: CompiledRules, { title }: AnyGame): Finding[] {
  const paid = paidMeters(rules);
  const free = freeMeters(rules);
  const acting = rules.filter(({ steps }) => allSteps(steps).some(({ kind }) => kind === "call"));
  const firstPaid = acting.find((rule) => isPaid(rule.on, rule.filter, paid));
  if (!firstPaid || acting.some((rule) => isFree(rule, free))) return [];
  const found = `Without paying nobody can do anything in ${title} under these rules.`;
  return [{ code: "COMPLIANCE_PAY_TO_PLAY", found, place: firstPaid.place, rule: undefined }];
}

/** Meters that viewers fill for free. */
function freeMeters(rules: readonly CompiledRule[]): ReadonlySet<string> {
  return new Set(rules.filter((rule) => isFree(rule, new Set())).flatMap(filledBy));
}

/** Things any viewer can do without paying; a redeemed reward costs points that the platform gives for watching. */
const freeTriggers: readonly TriggerName[] = ["chat", "likes", "like", "join", "follow", "share", "emote", "redeem"];

function isFree(rule: CompiledRule, meters: ReadonlySet<string>): boolean {
  const { viewer } = rule.conditions;
  const forFew =
    viewer !== undefined &&
    (viewer.subscriber || viewer.moderator || viewer.owner || viewer.handles.length > 0 || viewer.gifterLevel > 0);
  if (forFew) return false;
  if (rule.on === "meter") return meters.has(rule.filter.meter);
  return freeTriggers.includes(rule.on === "crowd" ? (rule.filter.of?.on ?? "crowd") : rule.on);
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(", ");
}

/** Gifts: names nobody knows, gifts that would wait for ever or very long, and gifts that no rule takes. */
import { type TierName, type TierTable, tierNames } from "../../game/tiers.ts";
import { allSteps } from "../all-steps.ts";
import { cut, quoted } from "../compile/spot.ts";
import type { CompiledLimit, CompiledRule, KnownGift } from "../compiled.ts";
import { fold } from "../fold.ts";
import { didYouMean, type Problem } from "../problem.ts";
import { triggers } from "../triggers.ts";
import { listed, phasesOf, type Show, warning } from "./finding.ts";
import { share } from "./overlap.ts";
import { doMeet, gapsOf, type PriceRange, tierRange } from "./prices.ts";

/** Longest cooldown or gap, in ticks, that a paid act may sensibly wait for: five minutes. */
const longWaitTicks = 5 * 60 * 60;

/** Names of gifts that nobody has sent yet; while no gift is known, only those that are hardly a name. */
export function unknownGifts({ rules }: Show, known: readonly KnownGift[]): Problem[] {
  const seen = new Set(known.flatMap(({ id, name }) => [fold(id), fold(name)]));
  const names = [...new Set(known.map(({ name }) => name))];
  // Where rules share an alias, they share what it stands for, too.
  const unknown = new Set(rules.rules.flatMap(({ gifts }) => gifts.filter(({ name }) => !seen.has(name))));
  return [...unknown].flatMap(({ written, place }) => {
    const odd = oddName(written);
    if (odd !== "") return [warning("RULES_UNKNOWN_GIFT", place, odd)];
    if (known.length === 0) return [];
    const hint =
      didYouMean(cut(written), names) ||
      " Check its name in the app; when it is right, all is well with the first one sent.";
    return [warning("RULES_UNKNOWN_GIFT", place, `No gift called ${quoted(written)} has been seen yet.${hint}`)];
  });
}

/** What to say about a name that is several, or has quotes that are none for the file; "" for any other. */
function oddName(written: string): string {
  const bare = written.replace(/[\u2018-\u201F\u00AB\u00BB\u300C\u300D]/g, "").trim();
  const parts = written.split(",").map((part) => part.trim());
  if (/^[\u2018-\u201F\u00AB\u00BB\u300C\u300D]/.test(written))
    return `The gift is ${quoted(written)}, with its curly quotes. Write straight ones, "${cut(bare)}", or none.`;
  if (parts.length < 2 || parts.includes("")) return "";
  return `${quoted(written)} is one name with a comma. For several gifts write a list: [${cut(parts.join(", "))}].`;
}

/** Rules for named gifts none of which has the price that `tier` or `value` asks for. Only of gifts that are all known. */
export function misnamedPrices({ asked }: Show, known: readonly KnownGift[]): Problem[] {
  return asked.flatMap(({ rule, prices }) => {
    const named = rule.filter.gifts.map((gift) =>
      known.filter(({ id, name }) => gift === fold(id) || gift === fold(name)),
    );
    if (prices.length === 0 || named.length === 0 || named.some((gifts) => gifts.length === 0)) return [];
    const gifts = named.flat();
    if (gifts.some(({ unitValue }) => prices.some(({ from, to }) => from <= unitValue && unitValue <= to))) return [];
    const costs = gifts.map(({ name, unitValue }) => `${name} costs ${unitValue}`);
    const message = `This rule can never do anything: ${listed(costs)}, which is not the \`tier\` or \`value\` it asks for. Leave \`tier\` and \`value\` out of a rule that names its gift.`;
    return [warning("RULES_NEVER_FIRES", rule.place, message)];
  });
}

/** Paid rules whose limits, queue or phases let gifts wait very long or for ever. */
export function wastedGifts(show: Show): Problem[] {
  return show.asked
    .filter(({ rule, calls }) => triggers[rule.on].paid && calls.length > 0)
    .flatMap(({ rule, actions }) => {
      const why = whyPhases(rule, actions, show) || whyLimits(rule) || whyQueue(rule, show);
      return why === "" ? [] : [warning("RULES_GIFT_WASTED", rule.place, why)];
    });
}

function whyPhases({ conditions }: CompiledRule, actions: readonly string[], show: Show): string {
  const wanted = conditions.phases;
  const never = actions.find((action) => {
    const acts = phasesOf(action, show).filter((phase) => show.phases.includes(phase));
    return acts.length === 0 || (wanted.length > 0 && !share(acts, wanted));
  });
  if (!never) return "";
  const acts = phasesOf(never, show);
  const meant = wanted.length > 0 ? acts.filter((phase) => wanted.includes(phase)) : acts;
  const missing = meant.filter((phase) => !show.phases.includes(phase));
  const noTime = missing.length > 0 ? ` Under these \`options\` ${listed(missing)} has no time.` : "";
  const only = wanted.length > 0 ? `this rule is for ${listed(wanted)}` : "none of that ever comes";
  return `Gifts would wait for ever here: "${never}" can act in ${listed(acts)} only, and ${only}.${noTime} Change \`phase\`, the options, or the action.`;
}

function whyLimits({ limits }: CompiledRule): string {
  const scarce = limits.find(({ quota, per }) => quota > 0 && per !== "round");
  if (scarce) {
    return `Gifts beyond the ${whose(scarce)} per ${scarce.per} would wait for ever (\`quota\`${ownerWords(scarce)}). Use a quota per round, or a cooldown, so that each one acts some time.`;
  }
  const slow = limits.find(({ cooldownTicks }) => cooldownTicks > longWaitTicks);
  if (!slow) return "";
  return `Gifts would wait very long: \`cooldown\`${ownerWords(slow)} lets one act every ${minutes(slow.cooldownTicks)} for each ${slow.scope}. Make it at most 5 minutes.`;
}

function whose({ quota, scope }: CompiledLimit): string {
  return `first ${quota === 1 ? "one" : quota} ${scope === "everyone" ? "of all" : `of each ${scope}`}`;
}

/** Where the limit is written, when it is not the rule itself. */
function ownerWords({ owner }: CompiledLimit): string {
  if (owner === "all") return " under `limits:`";
  return owner.startsWith("group:") ? ` of group "${owner.slice("group:".length)}"` : "";
}

function minutes(ticks: number): string {
  return `${Math.round(ticks / 360) / 10} minutes`;
}

function whyQueue({ queue }: CompiledRule, { rules }: Show): string {
  const gap = rules.queues.find(({ name }) => name === queue)?.gapTicks ?? 0;
  if (gap <= longWaitTicks) return "";
  return `Gifts would wait very long: queue "${queue}" starts one every ${minutes(gap)}. Make its \`gap\` at most 5 minutes.`;
}

/** Prices for which no rule is there at all: such gifts would do nothing. Gifts that a rule names are no help for others. */
export function giftsWithoutRule({ rules, asked }: Show): Problem[] {
  const listening = asked.filter(({ rule }) => rule.on === "gift");
  // A line in the feed alone is no power: who paid would see nothing happen.
  const taking = listening.filter(({ rule }) => allSteps(rule.steps).some(({ kind }) => kind !== "say"));
  const gaps = gapsOf(taking.filter(({ rule }) => rule.filter.gifts.length === 0).flatMap(({ prices }) => prices));
  if (gaps.length === 0) return [];
  const place = (taking[0] ?? listening[0])?.rule.place ?? { file: rules.files.main, line: 1, column: 1 };
  const which = gaps.map((gap) => rangeWords(gap, rules.tiers));
  const isAll = gaps[0]?.from === 1 && gaps[0].to === Number.POSITIVE_INFINITY;
  const others = taking.length > 0 ? "Gifts that no rule names" : "Gifts";
  const message = isAll
    ? `${others} would do nothing${taking.length < listening.length ? " but show a line" : ""}. Add a rule for them, such as "on: gift" without more, or one by \`tier\`.`
    : `Gifts of ${listed(which)} would do nothing, unless a rule names them. Add a rule with that \`tier\` or \`value\`, or one with "on: gift" alone.`;
  return [warning("RULES_GIFT_WITHOUT_RULE", place, message)];
}

function rangeWords(range: PriceRange, table: TierTable): string {
  const tiers = tierNames.filter((tier: TierName) => doMeet([tierRange(tier, table)], [range]));
  const prices =
    range.to === Number.POSITIVE_INFINITY
      ? `${range.from} diamonds and more`
      : range.from === range.to
        ? `${range.from} diamond${range.from === 1 ? "" : "s"}`
        : `${range.from} to ${range.to} diamonds`;
  return `${prices} (${tiers.join(", ")})`;
}

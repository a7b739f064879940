/** Compiles what an event must be for a rule: words, gifts, tiers, numbers, times. */
import type { TierName } from "../../game/tiers.ts";
import type { GiftName, TriggerFilter } from "../compiled.ts";
import { fold, foldCommand } from "../fold.ts";
import type { TriggerName } from "../triggers.ts";
import { type Context, declaredOf } from "./context.ts";
import { ticksAt } from "./limits.ts";
import type { Spot } from "./spot.ts";
import { foldedWords } from "./words.ts";

const nothing: TriggerFilter = {
  commands: [],
  contains: [],
  gifts: [],
  tiers: [],
  valueFrom: 0,
  valueTo: Number.POSITIVE_INFINITY,
  every: 0,
  ownMeter: false,
  reaches: 0,
  falls: 0,
  after: 0,
  afterOf: "phase",
  meter: "",
  names: [],
  from: 0,
  viewers: 0,
  withinTicks: 0,
  of: undefined,
};

/** What an event of this trigger must be, as written at a rule or after a crowd's `of`. */
export function filterAt(context: Context, spot: Spot, on: TriggerName): TriggerFilter {
  const number = (key: string) => spot.at(key).number ?? 0;
  const names = (key: string) => spot.at(key).soundItems.map(({ value }) => fold(String(value)));
  switch (on) {
    case "chat":
    case "pin":
    case "caption": {
      const command = spot.at("command");
      const contains = spot.at("contains");
      return {
        ...nothing,
        commands: command.isSound ? foldedWords(context, command, foldCommand) : [],
        contains: contains.isSound ? foldedWords(context, contains) : [],
      };
    }
    case "gift":
    case "combo.end":
      return giftFilter(context, spot);
    case "likes":
      return { ...nothing, every: number("every") };
    case "like":
      return { ...nothing, every: number("every"), ownMeter: true };
    case "subscribe":
      return { ...nothing, from: number("months") };
    case "raid":
      return { ...nothing, from: number("viewers") };
    case "emote":
      return { ...nothing, names: names("emote") };
    case "redeem":
      return { ...nothing, names: names("reward") };
    case "battle":
      return { ...nothing, names: names("state") };
    case "viewers":
      return { ...nothing, reaches: number("reaches"), falls: number("falls") };
    case "timer":
      return timerFilter(context, spot);
    case "meter":
      return meterFilter(context, spot.at("meter"));
    case "crowd":
      return crowdFilter(context, spot);
    default:
      return nothing;
  }
}

/** A gift as it is written at a spot. */
export function giftNameAt(spot: Spot): GiftName {
  const written = String(spot.value);
  return { name: fold(written), written, place: spot.place };
}

/** Without those that only repeat another one in other letters. */
export function namedOnce(gifts: readonly GiftName[]): readonly GiftName[] {
  return gifts.filter(({ name }, index) => gifts.findIndex((other) => other.name === name) === index);
}

/** Gifts that a rule names, by itself or through an alias, or in what its crowd does. */
export function giftsAt(context: Context, spot: Spot): readonly GiftName[] {
  const { giftNames: aliases } = context.declarations;
  const written = [spot.at("gift"), spot.at("of", "gift")].flatMap((at) => at.soundItems.map(giftNameAt));
  return namedOnce(written.flatMap((gift) => aliases.get(gift.name) ?? [gift]));
}

function giftFilter(context: Context, spot: Spot): TriggerFilter {
  const valueFrom = spot.at("value", "from").number ?? 0;
  const valueTo = spot.at("value", "to").number ?? Number.POSITIVE_INFINITY;
  if (valueFrom > valueTo) {
    const message = `No price is from ${valueFrom} to ${valueTo}. Write the smaller number after "from".`;
    context.problems.add("RULES_SHAPE", spot.at("value"), message);
  }
  const tiers = spot.at("tier").soundItems.map(({ value }) => value as TierName);
  return { ...nothing, gifts: giftsAt(context, spot).map(({ name }) => name), tiers, valueFrom, valueTo };
}

function timerFilter(context: Context, spot: Spot): TriggerFilter {
  const [every, after, of] = [spot.at("every"), spot.at("after"), spot.at("of")];
  for (const at of [every, after]) {
    if (!at.isSound || !at.exists || ticksAt(at) > 0) continue;
    context.problems.add("RULES_SHAPE", at, "A timer needs some time. Write a longer one, such as 30s.");
  }
  if (every.exists === after.exists) {
    const message = 'A timer has either "every: 30s" (again and again) or "after: 30s" (once). Write one of them.';
    context.problems.add("RULES_SHAPE", every.exists ? after.keyPlace : spot, message);
  }
  const afterOf = of.isSound ? (of.value as TriggerFilter["afterOf"] | undefined) : undefined;
  return {
    ...nothing,
    every: every.isSound ? ticksAt(every) : 0,
    after: after.isSound ? ticksAt(after) : 0,
    afterOf: afterOf ?? "phase",
  };
}

function meterFilter(context: Context, at: Spot): TriggerFilter {
  if (!at.isSound || typeof at.value !== "string") return nothing;
  declaredOf(context, context.declarations.meters, "meter", at, at.value);
  return { ...nothing, meter: at.value };
}

function crowdFilter(context: Context, spot: Spot): TriggerFilter {
  const on = spot.at("of", "on");
  const of =
    on.isSound && typeof on.value === "string"
      ? { on: on.value as TriggerName, filter: filterAt(context, spot.at("of"), on.value as TriggerName) }
      : undefined;
  const within = spot.at("within");
  return {
    ...nothing,
    viewers: spot.at("viewers").number ?? 0,
    withinTicks: within.isSound ? ticksAt(within) : 0,
    of,
  };
}

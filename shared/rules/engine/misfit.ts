/** Misfit: why an event is not what a rule's filter asks for, in words; the counterpart of match.ts for people. */
import type { LiveEvent } from "../../events/live-event.ts";
import type { CompiledRule } from "../compiled.ts";
import { hasWord, meetsCommand, wordOf } from "./match.ts";
import type { Present } from "./present.ts";

/** Most words of a list that are said, and most characters of what a viewer wrote. */
const maxListed = 6;
const maxQuoted = 40;

/** What does not fit, as half a sentence ('the gift is Rose, not Galaxy'); "" when all does. */
export function misfitOf(rule: CompiledRule, present: Present): string {
  const { event } = present;
  switch (event?.type) {
    case "chat":
      return commandMisfit(rule, present) || wordMisfit(rule, present);
    case "gift":
    case "giftStreakEnd":
      return giftMisfit(rule, event, present);
    case "pin":
      return event.pinned ? wordMisfit(rule, present) : "the comment is not pinned any more";
    case "caption":
      return wordMisfit(rule, present);
    case "subscribe":
      return event.months < rule.filter.from ? `it is for ${event.months} months, not ${rule.filter.from}` : "";
    case "raid":
      return event.viewers < rule.filter.from ? `${event.viewers} people came along, not ${rule.filter.from}` : "";
    case "emote":
      return nameMisfit(rule, present, `the emote is ${quoted(event.emoteId)}`);
    case "redeem":
      return nameMisfit(rule, present, `the reward is ${quoted(event.title)}`);
    case "battle":
      return nameMisfit(rule, present, `the battle is ${event.phase}`);
    default:
      return "";
  }
}

function commandMisfit({ filter: { commands } }: CompiledRule, present: Present): string {
  if (commands.length === 0 || commands.some((command) => meetsCommand(command, present))) return "";
  const first =
    present.command === "" ? "the comment has no word" : `the comment begins with ${quoted(present.command)}`;
  return `${first}, not with ${listed(commands)}`;
}

function wordMisfit({ filter: { contains } }: CompiledRule, present: Present): string {
  if (contains.length === 0 || contains.some((word) => hasWord(wordOf(word), present))) return "";
  return `the text has no ${listed(contains, "or")} in it`;
}

type GiftEvent = Extract<LiveEvent, { type: "gift" | "giftStreakEnd" }>;

function giftMisfit({ filter }: CompiledRule, { gift }: GiftEvent, present: Present): string {
  const { gifts, tiers, valueFrom, valueTo } = filter;
  if (gifts.length > 0 && !present.names.some((name) => gifts.includes(name)))
    return `the gift is ${gift.name || gift.id}, not ${listed(gifts, "or")}`;
  const worth = `one unit is worth ${gift.unitValue}`;
  if (tiers.length > 0 && !(tiers as readonly string[]).includes(present.tier))
    return `${worth}, which is tier ${present.tier}, not ${listed(tiers, "or")}`;
  if (gift.unitValue < valueFrom) return `${worth}, not ${valueFrom} or more`;
  return gift.unitValue > valueTo ? `${worth}, not ${valueTo} or less` : "";
}

function nameMisfit({ filter: { names } }: CompiledRule, present: Present, what: string): string {
  if (names.length === 0 || present.names.some((name) => names.includes(name))) return "";
  return `${what}, not ${listed(names, "or")}`;
}

/** "a, b or c", long lists cut; without a word between the last two, "a, b, c". */
export function listed(items: readonly string[], word = ""): string {
  const more = items.length - maxListed;
  if (more > 0) return `${items.slice(0, maxListed).join(", ")} and ${more} more`;
  if (word === "" || items.length < 2) return items.join(", ");
  return `${items.slice(0, -1).join(", ")} ${word} ${items.at(-1)}`;
}

function quoted(text: string): string {
  return `"${text.length > maxQuoted ? `${text.slice(0, maxQuoted)}…` : text}"`;
}

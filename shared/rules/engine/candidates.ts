/**
 * Candidates: the rules to ask about an event, in their order, found without looking at the others: by trigger, comments by their first
 * word, words anywhere by the words of the text, gifts by what they are.
 */
import type { Gift, LiveEventType } from "../../events/live-event.ts";
import type { LiveRule } from "./live-rule.ts";
import { hasWord, type WantedWord, wordOf } from "./match.ts";
import type { Present } from "./present.ts";

/** Rules to ask, in order. */
export interface Candidates {
  readonly rules: readonly LiveRule[];
  /** One of them names the gift: those by tier or value may have to stand back. */
  readonly hasNamed: boolean;
  /** All of them fit; else each is looked at closely. */
  readonly fit: boolean;
}

/** Finds the rules for the present event. */
export type Finder = (present: Present) => Candidates;

/** Gifts whose rules are remembered; there are some hundreds of kinds. */
const maxGifts = 2000;

const byOrder = (a: LiveRule, b: LiveRule) => a.order - b.order;
/** Rules that all fit, in order. */
export function allOf(rules: readonly LiveRule[]): Candidates {
  return { rules, hasNamed: false, fit: true };
}

const inOrder = (rules: Iterable<LiveRule>): Candidates => ({
  rules: [...new Set(rules)].sort(byOrder),
  hasNamed: false,
  fit: false,
});

/** The finder for events of a type, from all rules that hear them. */
export function finderOf(type: LiveEventType, rules: readonly LiveRule[]): Finder {
  if (type === "chat") return chatFinder(rules);
  if (type === "gift" || type === "giftStreakEnd") return giftFinder(rules);
  const all = inOrder(rules);
  return () => all;
}

function chatFinder(rules: readonly LiveRule[]): Finder {
  const withCommand = rules.filter(({ rule }) => rule.filter.commands.length > 0);
  const withWords = rules.filter(({ rule }) => rule.filter.commands.length === 0 && rule.filter.contains.length > 0);
  const any = rules.filter(({ rule }) => rule.filter.commands.length === 0 && rule.filter.contains.length === 0);
  const byCommand = commandFinder(any, withCommand);
  if (withWords.length === 0) return byCommand;
  const byWords = wordFinder(withWords);
  return (present) => {
    const found = byCommand(present);
    const more = byWords(present);
    if (more.length === 0) return found;
    return more.length === 1 && found.rules.length === 0 ? allOf(more) : inOrder([...found.rules, ...more]);
  };
}

function commandFinder(any: readonly LiveRule[], withCommand: readonly LiveRule[]): Finder {
  const anyComment = inOrder(any);
  if (withCommand.length === 0) return () => anyComment;
  const naming = withCommand.filter(({ rule }) => rule.filter.commands.includes("@"));
  const namingSomebody = inOrder([...any, ...naming]);
  const byFirst = groupBy(withCommand, ({ rule }) => rule.filter.commands.map((command) => command.split(" ", 1)[0]!));
  const lists = new Map(
    [...byFirst].map(([first, list]) => [first, inOrder([...any, ...(first.startsWith("@") ? naming : []), ...list])]),
  );
  return ({ command }) => lists.get(command) ?? (command.startsWith("@") ? namingSomebody : anyComment);
}

/** Rules one of whose words stands in the text. */
function wordFinder(rules: readonly LiveRule[]): (present: Present) => readonly LiveRule[] {
  const wanted = rules.flatMap((live) => live.rule.filter.contains.map((word) => ({ live, word: wordOf(word) })));
  const firstOf = ({ words }: WantedWord) => words.split(" ", 2)[1] ?? "";
  const byFirst = groupBy(wanted, ({ word }) => [firstOf(word)]);
  const signs = byFirst.get("") ?? [];
  return (present) => {
    const found: LiveRule[] = [];
    const look = ({ live, word }: { live: LiveRule; word: WantedWord }) => {
      if (hasWord(word, present)) found.push(live);
    };
    signs.forEach(look);
    const { words } = present;
    for (let from = 1; from < words.length; ) {
      const end = words.indexOf(" ", from);
      byFirst.get(words.slice(from, end))?.forEach(look);
      from = end + 1;
    }
    return found;
  };
}

/** What decides which rules a gift meets is the gift alone, so each kind is looked up once. */
function giftFinder(rules: readonly LiveRule[]): Finder {
  const known = new Map<string, { gift: Gift; found: Candidates }>();
  return (present) => {
    const gift = present.gift!;
    const before = known.get(gift.id);
    if (before && before.gift.name === gift.name && before.gift.unitValue === gift.unitValue) return before.found;
    const fitting = rules.filter((live) => live.fits(present));
    const found = { rules: fitting, hasNamed: fitting.some(({ isNamed }) => isNamed), fit: true };
    if (known.size >= maxGifts) known.clear();
    known.set(gift.id, { gift, found });
    return found;
  };
}

function groupBy<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  }
  return groups;
}

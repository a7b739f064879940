/** Match: whether an event is what a rule's filter asks for, beyond its trigger. Made into one function per rule when the rules are loaded. */

import type { TriggerFilter } from "../compiled.ts";
import { fold, wordsIn } from "../fold.ts";
import type { TriggerName } from "../triggers.ts";
import type { Present } from "./present.ts";

/** Tells whether the event fits; it is of the trigger's type already. */
export type Matcher = (present: Present) => boolean;

const always: Matcher = () => true;

/** The function of a filter. */
export function matcherOf(on: TriggerName, filter: TriggerFilter): Matcher {
  switch (on) {
    case "chat":
      return both(commandMatcher(filter.commands), containsMatcher(filter.contains));
    case "gift":
    case "combo.end":
      return giftMatcher(filter);
    case "pin":
      return both(({ event }) => event?.type === "pin" && event.pinned, containsMatcher(filter.contains));
    case "caption":
      return containsMatcher(filter.contains);
    case "subscribe":
      return ({ event }) => event?.type === "subscribe" && event.months >= filter.from;
    case "raid":
      return ({ event }) => event?.type === "raid" && event.viewers >= filter.from;
    case "emote":
    case "redeem":
    case "battle":
      return nameMatcher(filter.names);
    default:
      return always;
  }
}

function both(first: Matcher, second: Matcher): Matcher {
  if (first === always) return second;
  return second === always ? first : (present) => first(present) && second(present);
}

function commandMatcher(commands: readonly string[]): Matcher {
  if (commands.length === 0) return always;
  return (present) => commands.some((command) => meetsCommand(command, present));
}

/** Whether a comment starts with a command, which can be "@" or several words. */
export function meetsCommand(command: string, present: Present): boolean {
  if (command === "@") return present.command.startsWith("@");
  if (!command.includes(" ")) return command === present.command;
  const text = present.bare;
  return text.startsWith(command) && isEndOfWord(text, command.length);
}

/** Whether a word of the text is over here: at its end, at a space, or at punctuation. */
function isEndOfWord(text: string, at: number): boolean {
  return at === text.length || " !?.,…".includes(text[at]!);
}

function containsMatcher(contains: readonly string[]): Matcher {
  if (contains.length === 0) return always;
  const wanted = contains.map(wordOf);
  return (present) => wanted.some((word) => hasWord(word, present));
}

/** A word to look for: `words` is "" for one without letters and digits, such as an emoji, which may stand anywhere. */
export interface WantedWord {
  readonly folded: string;
  readonly words: string;
}

export function wordOf(written: string): WantedWord {
  const folded = fold(written);
  const words = wordsIn(folded);
  return { folded, words: words === " " ? "" : words };
}

/** Whether the word, or words in a row, stand in the text. */
export function hasWord({ folded, words }: WantedWord, present: Present): boolean {
  return words === "" ? present.folded.includes(folded) : present.words.includes(words);
}

function giftMatcher({ gifts, tiers, valueFrom, valueTo }: TriggerFilter): Matcher {
  return (present) => {
    const { gift } = present;
    if (!gift) return false;
    if (gifts.length > 0 && !present.names.some((name) => gifts.includes(name))) return false;
    if (tiers.length > 0 && !(tiers as readonly string[]).includes(present.tier)) return false;
    return gift.unitValue >= valueFrom && gift.unitValue <= valueTo;
  };
}

function nameMatcher(names: readonly string[]): Matcher {
  if (names.length === 0) return always;
  return (present) => present.names.some((name) => names.includes(name));
}

/** Phrases: how lists of words are written, and how they are looked up in a text. */
import { fold, wordsIn } from "../fold.ts";

/** Phrases by language, with ", " between them. */
export type PhraseLists = Readonly<Record<string, string>>;

/** Scripts without spaces between words: there a phrase counts wherever it stands. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/** The phrases of all languages in one list. */
export function phrasesOf(lists: PhraseLists): readonly string[] {
  return Object.values(lists).flatMap((list) => list.split(", "));
}

/** A text of any length as folded words with one space between, before and after them; " " for none. */
export function spaced(text: string): string {
  // fold() cuts long texts, so it gets one word at a time.
  return wordsIn(text.split(/\s+/).map(fold).join(" "));
}

/** The sentences of a text, and their parts between commas and the like: the words of each. None is empty. */
export function sentencesOf(text: string): readonly (readonly string[])[] {
  return text
    .split(/[.!?:;,\n|•*"()¡¿–—。！？、-]+/u)
    .map((sentence) => spaced(sentence).trim())
    .filter((words) => words !== "")
    .map((words) => words.split(" "));
}

/**
 * Finds those of these phrases that stand in a text as whole words. Made once for all texts; looks each run of words (or, in scripts
 * without spaces, of letters) of a text up, so that thousands of phrases cost no more than few.
 */
export function nameFinder(names: readonly string[]): (text: string) => string[] {
  const find = phraseFinder(names);
  return (text) => find(spaced(text));
}

/** The same for a text that is spaced already. */
export function phraseFinder(phrases: readonly string[]): (words: string) => string[] {
  const bySpaced = new Map<string, string>();
  const byUnspaced = new Map<string, string>();
  for (const written of phrases) {
    const padded = spaced(written).trim();
    if (padded !== "") (unspaced.test(written) ? byUnspaced : bySpaced).set(padded, written);
  }
  const wordCounts = new Set([...bySpaced.keys()].map((name) => name.split(" ").length));
  const lengths = new Set([...byUnspaced.keys()].map(({ length }) => length));
  return (padded) => {
    const words = padded.trim();
    const found = new Set<string>();
    const note = (name: string | undefined) => name !== undefined && found.add(name);
    const list = words.split(" ");
    for (const count of wordCounts) {
      for (let at = 0; at + count <= list.length; at++) note(bySpaced.get(list.slice(at, at + count).join(" ")));
    }
    for (const length of lengths) {
      for (let at = 0; at + length <= words.length; at++) note(byUnspaced.get(words.slice(at, at + length)));
    }
    return [...found];
  };
}

/** Words of one kind, by how surely they mean it. */
export interface WordKind {
  /** Refused wherever they stand. */
  readonly always: PhraseLists;
  /** Refused wherever they stand outside of one of the `harmless` phrases. */
  readonly mostly: PhraseLists;
  readonly harmless: PhraseLists;
  /** Refused only where they are a whole sentence: "Spin!", but not "Spin attack". */
  readonly alone: PhraseLists;
}

/** Finds the words of a kind in a text. */
export function kindFinder(kind: WordKind): (text: string) => string[] {
  const always = phraseFinder(phrasesOf(kind.always));
  const mostly = phraseFinder(phrasesOf(kind.mostly));
  const harmless = phrasesOf(kind.harmless).map(spaced);
  const alone = new Set(phrasesOf(kind.alone).map((word) => spaced(word).trim()));
  return (text) => {
    const words = spaced(text);
    const found = always(words);
    const maybe = mostly(words);
    if (maybe.length > 0) {
      const left = harmless.reduce((rest, phrase) => rest.replaceAll(phrase, " "), words);
      found.push(...(left === words ? maybe : mostly(left)));
    }
    for (const [first = "", ...rest] of sentencesOf(text)) {
      if (alone.has(first) && rest.every((word) => word === first)) found.push(first);
    }
    return [...new Set(found)];
  };
}

/** A way of asking: one of the verbs, perhaps `between` words, then one of the objects. */
export interface Asked {
  readonly verbs: ReadonlySet<string>;
  readonly between: ReadonlySet<string>;
  readonly objects: ReadonlySet<string>;
}

/** Most words between verb and object: "give us some more of your gifts". */
const mostBetween = 5;

/** The words from the verb at this place of a sentence to its object; "" when no object follows. */
export function askedAt(words: readonly string[], at: number, { verbs, between, objects }: Asked): string {
  if (!verbs.has(words[at]!)) return "";
  for (let to = at + 1; to < words.length && to - at - 1 <= mostBetween; to++) {
    if (objects.has(words[to]!)) return words.slice(at, to + 1).join(" ");
    if (!between.has(words[to]!) && !/^\p{N}+$/u.test(words[to]!)) return "";
  }
  return "";
}

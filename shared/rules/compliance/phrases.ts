/** Phrases: how lists of words are written, and how they are looked up in a text. */
import { fold, wordsIn } from "../fold.ts";
import type { Reading } from "./reading.ts";

/** Phrases by language, with ", " between them. */
export type PhraseLists = Readonly<Record<string, string>>;

/** Scripts without spaces between words: there a phrase counts wherever it stands. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/** The phrases of all languages in one list. */
export function phrasesOf(lists: PhraseLists): readonly string[] {
  return Object.values(lists).flatMap((list) => list.split(", "));
}

/** A phrase as it stands in `Reading.words`: folded words with one space between, before and after them; " " for none. */
export function spaced(phrase: string): string {
  return wordsIn(fold(phrase));
}

/**
 * Finds those of these phrases that stand in a text as whole words. Made once for all texts; looks each run of words (or, in scripts
 * without spaces, of letters) of a text up, so that thousands of phrases cost no more than few.
 */
export function nameFinder(phrases: readonly string[]): (text: Reading) => string[] {
  const find = runFinder(phrases);
  return ({ words }) => find(words);
}

/** Phrases with what is asked first: how many words (or letters) those that begin with a word (or letter) have. */
interface Runs {
  readonly written: Map<string, string>;
  readonly counts: Map<string, number[]>;
}

function runFinder(phrases: readonly string[]): (words: string) => string[] {
  const bySpaced: Runs = { written: new Map(), counts: new Map() };
  const byUnspaced: Runs = { written: new Map(), counts: new Map() };
  for (const phrase of phrases) {
    const padded = spaced(phrase).trim();
    if (padded === "") continue;
    const isUnspaced = unspaced.test(phrase);
    const units = isUnspaced ? padded.split("") : padded.split(" ");
    const { written, counts } = isUnspaced ? byUnspaced : bySpaced;
    written.set(padded, phrase);
    const known = counts.get(units[0]!) ?? [];
    if (!known.includes(units.length)) counts.set(units[0]!, [...known, units.length]);
  }
  return (padded) => {
    const words = padded.trim();
    const list = words.split(" ");
    const found = runsIn(list, bySpaced, (at, to) => list.slice(at, to).join(" "));
    if (!unspaced.test(words)) return found;
    return [...found, ...runsIn(words.split(""), byUnspaced, (at, to) => words.slice(at, to))];
  };
}

function runsIn(
  units: readonly string[],
  { written, counts }: Runs,
  runOf: (at: number, to: number) => string,
): string[] {
  const found = new Set<string>();
  for (const [at, unit] of units.entries()) {
    for (const count of counts.get(unit) ?? []) {
      const phrase = at + count <= units.length ? written.get(runOf(at, at + count)) : undefined;
      if (phrase !== undefined) found.add(phrase);
    }
  }
  return [...found];
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
export function kindFinder(kind: WordKind): (text: Reading) => string[] {
  const always = runFinder(phrasesOf(kind.always));
  const mostly = runFinder(phrasesOf(kind.mostly));
  const harmless = phrasesOf(kind.harmless).map(spaced);
  const alone = new Set(phrasesOf(kind.alone).map((word) => spaced(word).trim()));
  return ({ words, sentences }) => {
    const found = always(words);
    const maybe = mostly(words);
    if (maybe.length > 0) {
      const left = harmless.reduce((rest, phrase) => rest.replaceAll(phrase, " "), words);
      found.push(...(left === words ? maybe : mostly(left)));
    }
    for (const [first = "", ...rest] of sentences) {
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

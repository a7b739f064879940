/** Reading: a text as the finders look at it, made once for all of them. */
import { fold, wordsIn } from "../fold.ts";
import { unmasked } from "./disguise.ts";

export interface Reading {
  /** Folded words with one space between, before and after them; " " for none. */
  readonly words: string;
  /** The words of each sentence, and of its parts between commas and the like. None is empty. */
  readonly sentences: readonly (readonly string[])[];
}

const endOfSentence = /[.!?:;,\n|•*"()¡¿–—。！？、-]+/u;

/** Reads a text of any length as it is written, and then as each of the words it may hide; most hide none. */
export function readingsOf(text: string): readonly [Reading, ...Reading[]] {
  // fold() cuts long texts, so it gets one word at a time.
  const tokens = text.split(/\s+/).map(fold);
  return [readingOf(tokens.join(" ")), ...unmasked(tokens).map(readingOf)];
}

function readingOf(folded: string): Reading {
  const sentences = folded
    .split(endOfSentence)
    .map((sentence) => wordsIn(sentence).trim())
    .filter((words) => words !== "")
    .map((words) => words.split(" "));
  return { words: wordsIn(folded), sentences };
}

/** Functions of expressions, one table: what they take, what they give, how they are written. All of them give the same for the same. */
import { fold, wordsIn } from "../fold.ts";
import { finite } from "./names.ts";

/** What a checked expression computes with; lists stand only inside. */
export type Computed = number | string | boolean | readonly Computed[];

export interface ExpressionFunction {
  /** How it is written, for messages. */
  readonly usage: string;
  /** CEL types of each way to call it. */
  readonly takes: readonly (readonly string[])[];
  readonly gives: "double" | "string" | "bool";
  /** Called with checked arguments only. */
  // biome-ignore lint/suspicious/noExplicitAny: the type check has matched the arguments with `takes`
  readonly compute: (...args: any[]) => Computed;
  /** For a second argument that never changes: does once what it can, and leaves a function of the first. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly prepare?: (second: any) => (first: any) => Computed;
}

const numbers = (howMany: number): readonly string[] => Array<string>(howMany).fill("double");
const upTo6 = [2, 3, 4, 5, 6].map(numbers);
const ofOne = (usage: string, compute: (x: number) => number): ExpressionFunction => ({
  usage,
  takes: [numbers(1)],
  gives: "double",
  compute: (x: number) => finite(compute(x)),
});

/** By name, as `name(...)`. What cannot be computed (the logarithm or root of a negative number) is 0. */
export const functions: Readonly<Record<string, ExpressionFunction>> = {
  min: { usage: "min(a, b) takes 2 to 6 numbers", takes: upTo6, gives: "double", compute: Math.min },
  max: { usage: "max(a, b) takes 2 to 6 numbers", takes: upTo6, gives: "double", compute: Math.max },
  clamp: {
    usage: "clamp(number, low, high) takes 3 numbers",
    takes: [numbers(3)],
    gives: "double",
    compute: (x: number, low: number, high: number) => Math.max(low, Math.min(high, x)),
  },
  log: ofOne("log(number) takes 1 number", Math.log),
  log2: ofOne("log2(number) takes 1 number", Math.log2),
  log10: ofOne("log10(number) takes 1 number", Math.log10),
  sqrt: ofOne("sqrt(number) takes 1 number", Math.sqrt),
  round: ofOne("round(number) takes 1 number", Math.round),
  floor: ofOne("floor(number) takes 1 number", Math.floor),
  ceil: ofOne("ceil(number) takes 1 number", Math.ceil),
  abs: ofOne("abs(number) takes 1 number", Math.abs),
  table: {
    usage: "table(number, [[from, value], ...]) takes a number and rows of two numbers, lowest first",
    takes: [["double", "list<list<double>>"]],
    gives: "double",
    compute: tableValue,
  },
  length: {
    usage: "length(text) takes 1 text",
    takes: [["string"]],
    gives: "double",
    compute: (text: string) => Array.from(text).length,
  },
  lower: {
    usage: "lower(text) takes 1 text",
    takes: [["string"]],
    gives: "string",
    compute: (text: string) => text.toLowerCase(),
  },
  hasWord: {
    usage: "hasWord(text, word) takes a text and a word or a list of words, such as words.NAME",
    takes: [
      ["string", "string"],
      ["string", "list<string>"],
    ],
    gives: "bool",
    compute: (text: string, words: string | readonly string[]) => wordFinder(words)(text) !== "",
    prepare: (words: string | readonly string[]) => {
      const find = wordFinder(words);
      return (text: string) => find(text) !== "";
    },
  },
  oneWordOf: {
    usage:
      "oneWordOf(text, list) takes a text and a list of words, such as words.NAME, and gives the first word of the list that the text has",
    takes: [["string", "list<string>"]],
    gives: "string",
    compute: (text: string, words: readonly string[]) => wordFinder(words)(text),
    prepare: wordFinder,
  },
};

/** Methods of texts, as `text.name(text)`; they tell large letters from small ones. */
export const methods: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  contains: (text, part) => text.includes(part),
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
};

/** The value of the last row whose `from` is not above `x`; the first row's below it; 0 without rows. */
function tableValue(x: number, rows: readonly (readonly number[])[]): number {
  let value = rows[0]?.[1] ?? 0;
  for (const [from = 0, then = 0] of rows) if (from <= x) value = then;
  return value;
}

/**
 * Finds the first of the words that stands in a text as whole words, whatever the case, width and accents; "" for none. One without
 * letters and digits, such as an emoji, may stand anywhere. Single words are looked up, so that a long list costs no more than a
 * short one: of 200 words 2 us instead of 13.
 */
function wordFinder(words: string | readonly string[]): (text: string) => string {
  const list = typeof words === "string" ? [words] : words;
  const single = new Map<string, number>();
  const several: { readonly padded: string; readonly place: number }[] = [];
  const signs: { readonly folded: string; readonly place: number }[] = [];
  for (const [place, word] of list.entries()) {
    const folded = fold(word);
    const padded = wordsIn(folded);
    const bare = padded.trim();
    if (folded === "") continue;
    if (bare === "") signs.push({ folded, place });
    else if (bare.includes(" ")) several.push({ padded, place });
    else if (!single.has(bare)) single.set(bare, place);
  }
  return (text) => {
    const folded = fold(text);
    const padded = wordsIn(folded);
    const sign = signs.find((one) => folded.includes(one.folded));
    const phrase = several.find((one) => padded.includes(one.padded));
    let first = Math.min(sign?.place ?? list.length, phrase?.place ?? list.length);
    for (const word of padded.split(" ")) first = Math.min(first, single.get(word) ?? first);
    return list[first] ?? "";
  };
}

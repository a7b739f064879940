/** Viewers' text made fit to draw: initials, direction, cutting with an ellipsis, in any script. Pure. */

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What a reader sees as single letters: an emoji family or a letter with its marks is one. */
export function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

/** Text without what would break a line: controls, direction overrides, towers of combining marks. */
export function cleanText(text: string): string {
  return text
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, " ")
    .replace(/(\p{M}{4})\p{M}+/gu, "$1")
    .replace(/\s+/gu, " ")
    .trim();
}

const cased = /^[\p{Lu}\p{Ll}\p{Lt}]/u;
const letterOrDigit = /^[\p{L}\p{N}]/u;
const emoji = /^\p{Extended_Pictographic}/u;

/** One or two letters that stand for a name: "Mika" MI, "ÇelikTR" ÇE, "محمد" one letter, an emoji as it is, "?" for nothing to show. */
export function initials(name: string): string {
  const all = graphemes(cleanText(name));
  const letters = all.filter((letter) => letterOrDigit.test(letter));
  const first = letters[0];
  if (first === undefined) return all.find((letter) => emoji.test(letter)) ?? "?";
  // Scripts without capitals are dense or joined: one letter reads better than two.
  const isDigit = /^\p{N}/u.test(first);
  if (!isDigit && !cased.test(first)) return first;
  const second = letters[1];
  const pair = second !== undefined && (cased.test(second) || /^\p{N}/u.test(second)) ? first + second : first;
  return graphemes(pair.toUpperCase()).slice(0, 2).join("");
}

const rightToLeft = /^[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
const strong = /[\p{L}]/u;

/** Direction of a text: that of its first letter, as browsers decide it. */
export function directionOf(text: string): "ltr" | "rtl" {
  for (const letter of text) {
    if (rightToLeft.test(letter)) return "rtl";
    if (strong.test(letter)) return "ltr";
  }
  return "ltr";
}

/** The text, or as many whole letters of it as fit with an ellipsis. `measure` gives the width of a text. */
export function fitText(text: string, maxWidth: number, measure: (text: string) => number): string {
  if (measure(text) <= maxWidth) return text;
  const letters = graphemes(text);
  let fits = 0;
  let tooMany = letters.length;
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    if (measure(`${letters.slice(0, middle).join("").trimEnd()}…`) <= maxWidth) fits = middle;
    else tooMany = middle;
  }
  return `${letters.slice(0, fits).join("").trimEnd()}…`;
}

/** The text as two lines, broken at the space that leaves the longer one shortest, never before a lone sign; one line when there is no such space. */
export function breakInTwo(text: string, measure: (text: string) => number): readonly string[] {
  const words = text.split(" ");
  let best: readonly string[] = [text];
  let width = Number.POSITIVE_INFINITY;
  for (let i = 1; i < words.length; i++) {
    if (!/[\p{L}\p{N}]/u.test(words[i]!)) continue;
    const lines = [words.slice(0, i).join(" "), words.slice(i).join(" ")];
    const wider = Math.max(...lines.map(measure));
    if (wider >= width) continue;
    best = lines;
    width = wider;
  }
  return best;
}

/** The text on as many lines as it needs, at most `maxLines`, broken at spaces; a word too long for a line, and what is left at the end, is cut. */
export function wrapText(
  text: string,
  maxWidth: number,
  maxLines: number,
  measure: (text: string) => number,
): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of cleanText(text).split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || measure(longer) <= maxWidth || lines.length + 1 >= maxLines) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map((each) => fitText(each, maxWidth, measure));
}

/** Disguised words: "J@ckpot", "f.u.c.k", "fuuuck" and "sh1t" as they are read. */

/** Signs written for letters. "1" and "|" stand for two. */
const signs: Readonly<Record<string, string>> = {
  "@": "a",
  4: "a",
  3: "e",
  0: "o",
  $: "s",
  5: "s",
  7: "t",
  "+": "t",
  "!": "i",
};
const anySign = /[@430$57+!1|]/g;
const hasSign = /[@430$57+!1|]/;
const separators = /[._*~-]+/g;
const marksAround = /^[!?.,:;…"'()[\]]+|[!?.,:;…"'()[\]]+$/gu;
const repeated = /(\p{L})\1{2,}/gu;
const hidden = /[@430$57+!1|._*~-]/;
const letter = /\p{L}/u;

const drawnOut = /(\p{L})\1\1/u;

/** Other ways to read folded words of a text that hides some, at most four; none for one that hides nothing. */
export function unmasked(words: readonly string[]): string[] {
  const tokens = words.map((word) => word.replace(marksAround, "")).filter((token) => token !== "");
  if (!tokens.some(mayHide) && !tokens.some((token, at) => token.length === 1 && tokens[at + 2]?.length === 1))
    return [];
  const readings = new Set<string>();
  for (const either of ["i", "l"]) {
    const read = lettersJoined(tokens.map((token) => withLetters(token, either))).join(" ");
    for (const once of ["$1", "$1$1"]) readings.add(read.replace(repeated, once));
  }
  readings.delete(tokens.join(" "));
  return [...readings];
}

/** Whether a word can be read otherwise; plain words, nearly all of them, cannot. */
function mayHide(token: string): boolean {
  return (hidden.test(token) && letter.test(token)) || drawnOut.test(token);
}

/** A word with letters for its signs, and without what stands between its letters; numbers stay. */
function withLetters(token: string, either: string): string {
  if (!letter.test(token)) return token;
  const joined = token.replace(separators, "");
  return hasSign.test(joined) ? joined.replace(anySign, (sign) => signs[sign] ?? either) : joined;
}

/** Joins three and more single letters in a row to one word. */
function lettersJoined(tokens: readonly string[]): string[] {
  const words: string[] = [];
  let letters: string[] = [];
  const flush = () => {
    words.push(...(letters.length > 2 ? [letters.join("")] : letters));
    letters = [];
  };
  for (const token of tokens) {
    if (token.length === 1 && letter.test(token)) letters.push(token);
    else {
      flush();
      words.push(token);
    }
  }
  flush();
  return words;
}

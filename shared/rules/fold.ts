/** Folds what viewers type so that one word in a rule meets every way of writing it. */

const plain = /^[ -~]*$/;

/** Lower case, compatibility forms ("ＤＡＳＨ", "①") and accents removed, spaces squeezed, at most 200 characters. */
export function fold(text: string): string {
  const cut = text.slice(0, 200);
  // Most comments have nothing to fold but case and spaces, and that is several times as fast.
  if (plain.test(cut)) return cut.toLowerCase().replace(/ {2,}/g, " ").trim();
  return cut
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}]+/gu, "")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim();
}

/** The word a folded comment starts with, without a leading "!" or "/" and trailing punctuation: its command. */
export function commandIn(folded: string): string {
  const end = folded.indexOf(" ");
  return withoutMarks(end < 0 ? folded : folded.slice(0, end));
}

/** A command as a rule writes it, of one word or several ("!Big Dash!" gives "big dash"). */
export function foldCommand(text: string): string {
  return withoutMarks(fold(text));
}

function withoutMarks(folded: string): string {
  const hasMark = "!/.".includes(folded.charAt(0)) || "!?.,…".includes(folded.charAt(folded.length - 1));
  return hasMark ? folded.replace(/^[!/.]+/, "").replace(/[!?.,…]+$/u, "") : folded;
}

/** The words of a folded text (letters and digits in a row) with one space before, between and after them; " " for none. */
export function wordsIn(folded: string): string {
  let words = " ";
  let from = -1;
  for (let at = 0; at < folded.length; ) {
    const code = folded.codePointAt(at)!;
    if (isOfWord(code)) {
      if (from < 0) from = at;
    } else if (from >= 0) {
      words += `${folded.slice(from, at)} `;
      from = -1;
    }
    at += code > 0xffff ? 2 : 1;
  }
  return from < 0 ? words : `${words}${folded.slice(from)} `;
}

const letterOrDigit = /[\p{L}\p{N}]/u;

function isOfWord(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
  return letterOrDigit.test(String.fromCodePoint(code));
}

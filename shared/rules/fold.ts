/** Folds what viewers type so that one word in a rule meets every way of writing it. */

/** Lower case, compatibility forms ("ＤＡＳＨ", "①") and accents removed, spaces squeezed, at most 200 characters. */
export function fold(text: string): string {
  return text
    .slice(0, 200)
    .normalize("NFKD")
    .replace(/\p{M}|\p{Cf}/gu, "")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim();
}

/** The word a comment starts with, without a leading "!" or "/" and trailing punctuation: its command. */
export function commandOf(text: string): string {
  return commandIn(fold(text));
}

/** The command of a comment that is folded already. */
export function commandIn(folded: string): string {
  const end = folded.indexOf(" ");
  return withoutMarks(end < 0 ? folded : folded.slice(0, end));
}

/** A command as a rule writes it, of one word or several ("!Big Dash!" gives "big dash"). */
export function foldCommand(text: string): string {
  return withoutMarks(fold(text));
}

function withoutMarks(folded: string): string {
  return folded.replace(/^[!/.]+/, "").replace(/[!?.,…]+$/u, "");
}

/** The words of a folded text with one space before, between and after them and nothing else; " " for none. */
export function wordsIn(folded: string): string {
  const words = folded.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  return words === "" ? " " : ` ${words} `;
}

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
  const first = fold(text).split(" ", 1)[0] ?? "";
  return first.replace(/^[!/.]+/, "").replace(/[!?.,…]+$/u, "");
}

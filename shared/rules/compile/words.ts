/** Word lists: words as written, by language or not, and names of declared lists among them. */
import { fold } from "../fold.ts";
import { type Context, unknownName } from "./context.ts";
import { quoted, type Spot } from "./spot.ts";

/** Spots of all single words of a `words` value: one word, a list, or words by language. */
export function wordSpots(spot: Spot): Spot[] {
  const byLanguage = spot.entries;
  return byLanguage.length > 0 ? byLanguage.flatMap(([, language]) => language.soundItems) : spot.soundItems;
}

/** Folded words of a value, declared lists among them replaced by their words; none twice. */
export function foldedWords(context: Context, spot: Spot, foldWord: (word: string) => string = fold): string[] {
  const words = new Set<string>();
  for (const item of wordSpots(spot)) {
    const written = String(item.value);
    if (written.includes(",")) {
      context.problems.add(
        "RULES_SHAPE",
        item,
        `${quoted(written)} is one text with a comma. Write several as a list: [dash, go].`,
      );
    }
    for (const word of listNamed(context, item, written) ?? [written]) {
      const folded = foldWord(word);
      if (folded !== "") words.add(folded);
      else
        context.problems.add(
          "RULES_SHAPE",
          item,
          `${quoted(word)} has no letter that could be compared. Write a word.`,
        );
    }
  }
  return [...words];
}

/** Words of a declared list when a word is `words.NAME`; undefined for a word that is just itself. */
function listNamed(context: Context, item: Spot, written: string): readonly string[] | undefined {
  const name = /^words\.(.*)$/.exec(written)?.[1];
  if (name === undefined) return undefined;
  const { words } = context.declarations;
  const list = words.get(name);
  if (list === undefined)
    context.problems.add("RULES_UNKNOWN_NAME", item, unknownName("word list", name, [...words.keys()]));
  return list ?? [];
}

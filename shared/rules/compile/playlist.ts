/** Reads the `playlist` key: which games take turns, by which rule files and for how many rounds. */
import type { CompiledPlaylistEntry } from "../compiled.ts";
import { type Problems, quoted, type RuleSource, type Spot } from "./spot.ts";

/** The playlist of the main file, the last of `sources`; empty without one. One in an included file is told and does not count. */
export function readPlaylist(
  sources: readonly RuleSource[],
  own: string,
  problems: Problems,
): readonly CompiledPlaylistEntry[] {
  const main = sources.at(-1)!;
  for (const { root } of sources.slice(0, -1)) {
    const message = `The playlist of an included file does not count. Write it in ${quoted(main.file)}, if you want it.`;
    if (root.at("playlist").exists) problems.warn("RULES_PLAYLIST", root.at("playlist").keyPlace, message);
  }
  const playlist = main.root.at("playlist");
  if (!playlist.exists || !playlist.isSound) return [];
  const entries = playlist.items.map(entryAt);
  if (!entries.some(({ game }) => game === own)) {
    const message = `The playlist has no ${quoted(own)}, the game that this file is for. Add it: the list names all games of the show.`;
    problems.add("RULES_PLAYLIST", playlist, message);
  }
  const filesOf = new Map<string, string>();
  for (const [index, { game, rules }] of entries.entries()) {
    if (rules === "") continue;
    const at = playlist.at(index, "rules");
    const known = filesOf.get(game);
    filesOf.set(game, known ?? rules);
    if (game === own) {
      problems.add("RULES_PLAYLIST", at, `The rules of ${quoted(game)} are this file itself. Take out "rules".`);
    } else if (known !== undefined && known !== rules) {
      const message = `${quoted(game)} has another rule file, ${quoted(known)}, above. A game has one in a show; take one of them out.`;
      problems.add("RULES_PLAYLIST", at, message);
    }
  }
  return entries;
}

function entryAt(spot: Spot): CompiledPlaylistEntry {
  const { place } = spot;
  if (spot.text !== undefined) return { game: spot.text, rules: "", rounds: 1, place };
  return {
    game: spot.at("game").text ?? "",
    rules: spot.at("rules").text ?? "",
    rounds: spot.at("rounds").number ?? 1,
    place,
  };
}

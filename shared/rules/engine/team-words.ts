/** Team words: which team a comment asks for, by the words it starts with. */
import type { CompiledTeam } from "../compiled.ts";
import { meetsCommand } from "./match.ts";
import type { Present } from "./present.ts";

/** Name of the team that the comment asks for, "" for none. */
export type TeamWords = (present: Present) => string;

/** The finder for the declared teams. */
export function createTeamWords(teams: readonly CompiledTeam[]): TeamWords {
  const words = teams.flatMap((team) => team.words.map((word) => ({ word, name: team.name })));
  if (words.length === 0) return () => "";
  const single = new Map(words.filter(({ word }) => !word.includes(" ")).map(({ word, name }) => [word, name]));
  const several = words.filter(({ word }) => word.includes(" "));
  return (present) =>
    single.get(present.command) ?? several.find(({ word }) => meetsCommand(word, present))?.name ?? "";
}

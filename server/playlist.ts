/** Playlist: finds the games that take turns in a show and their rule files, by the command line or by the rule file's own list. */
import { dirname, join, resolve } from "node:path";
import type { AnyGame } from "../shared/game/define.ts";
import { gameOfRules } from "../shared/rules/compile.ts";
import type { CompiledPlaylistEntry, CompiledRules } from "../shared/rules/compiled.ts";
import type { Problem } from "../shared/rules/problem.ts";
import type { Config } from "./config.ts";
import { type LoadedRules, loadGame, loadRules } from "./games.ts";
import { readRuleFiles, shownProblem } from "./rule-files.ts";
import { UserError } from "./user-error.ts";

/** One turn: a game, and for how many rounds in a row. */
export interface LoadedTurn {
  readonly game: AnyGame;
  readonly rounds: number;
}

export interface LoadedPlaylist {
  /** Turn by turn; a game may come more than once. */
  readonly turns: readonly LoadedTurn[];
  /** Rules of each game by its id, in the order in which the games first come. */
  readonly rules: ReadonlyMap<string, LoadedRules>;
  /** Sentences about lists in rule files that do not count. */
  readonly ignored: readonly string[];
}

/** Loads what is to be played. Throws a UserError that says what to mend. */
export async function loadPlaylist(config: Pick<Config, "game" | "rules" | "playlist">): Promise<LoadedPlaylist> {
  if (config.playlist.length > 0) return loadAsked(config);
  const game = await loadGame(config.game);
  const own = loadRules(config.rules, game);
  const { playlist } = own.rules;
  if (playlist.length === 0) return { turns: [{ game, rounds: 1 }], rules: new Map([[game.id, own]]), ignored: [] };
  const { turns, rules, problems } = await loadListed(playlist, own, game);
  if (problems.length > 0) throw new UserError(problems.map((problem) => shownProblem(own.shown, problem)).join("\n"));
  return { turns, rules, ignored: ignoredIn([...rules.values()].filter((loaded) => loaded !== own)) };
}

/** What keeps the playlist of a checked rule file from being played: games and rule files that are not there, or are broken. */
export async function playlistProblems(file: string, game: AnyGame, rules: CompiledRules): Promise<readonly Problem[]> {
  const own = { path: resolve(file), shown: file, rules };
  return (await loadListed(rules.playlist, own, game)).problems;
}

/** As the command line, the environment or the config file has it. `rules` is for the game that it names. */
async function loadAsked({ playlist, rules: main }: Pick<Config, "rules" | "playlist">): Promise<LoadedPlaylist> {
  const turns: LoadedTurn[] = [];
  const rules = new Map<string, LoadedRules>();
  const asked = filesByGame(playlist);
  const mainGame = main === "" ? "" : gameOf(main);
  for (const { game: name, rounds } of playlist) {
    const game = await loadGame(name);
    turns.push({ game, rounds });
    if (rules.has(game.id)) continue;
    const file = asked.get(name) || (mainGame === game.id ? main : "");
    rules.set(game.id, loadRules(file, game, asked.get(name) ? "--playlist" : "--rules"));
  }
  if (main !== "" && !rules.has(mainGame)) {
    throw new UserError(
      `The rule file ${main} is for ${mainGame || "no game"}, which --playlist does not name. Add it there, or leave out --rules.`,
    );
  }
  return { turns, rules, ignored: ignoredIn(rules.values()) };
}

/** The rule file that is named for each game, "" for none. */
function filesByGame(playlist: Config["playlist"]): Map<string, string> {
  const files = new Map<string, string>();
  for (const { game, rules } of playlist) {
    const known = files.get(game) ?? "";
    if (known !== "" && rules !== "" && known !== rules) {
      throw new UserError(
        `--playlist names two rule files for ${game}, ${known} and ${rules}; a game has one in a show. Leave one of them out.`,
      );
    }
    files.set(game, known || rules);
  }
  return files;
}

function gameOf(file: string): string {
  const { main, texts } = readRuleFiles(file, "--rules").files;
  return gameOfRules(texts.get(main) ?? "");
}

type Own = Pick<LoadedRules, "path" | "shown" | "rules">;

/** As the rule file's own key has it; each problem stands where its entry does. */
async function loadListed<Main extends Own>(playlist: readonly CompiledPlaylistEntry[], own: Main, ownGame: AnyGame) {
  const turns: LoadedTurn[] = [];
  const rules = new Map<string, LoadedRules | Main>();
  const problems: Problem[] = [];
  const fileOf = new Map(playlist.filter((entry) => entry.rules !== "").map((entry) => [entry.game, entry.rules]));
  for (const { game: name, rounds, place } of playlist) {
    try {
      const game = name === ownGame.id ? ownGame : await loadGame(name, dirname(own.path));
      turns.push({ game, rounds });
      if (!rules.has(game.id))
        rules.set(game.id, game === ownGame ? own : loadBeside(own, fileOf.get(name) ?? "", game));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push({ ...place, severity: "error", code: "RULES_PLAYLIST", message: error.message });
    }
  }
  return { turns, rules: rules as ReadonlyMap<string, LoadedRules>, problems };
}

/** A rule file seen from the one with the playlist; "" for the game's own. Of one that is broken it is said how to find out more. */
function loadBeside(own: Own, file: string, game: AnyGame): LoadedRules {
  const path = file === "" ? "" : join(dirname(own.path), file);
  const shown = join(dirname(own.shown), file);
  // Looked for by itself, so that what is wrong in it is not mistaken for it being wrong.
  if (path !== "") readRuleFiles(path, "rules");
  try {
    const loaded = loadRules(path, game, "rules");
    return file === "" ? loaded : { ...loaded, shown };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const count = error.message.split("\n").length;
    const what = count === 1 ? "an error" : `${count} errors`;
    throw new UserError(`The rule file ${shown} has ${what}. See them with: npm start -- check ${shown}`);
  }
}

/** Sentences about lists in rule files that say nothing, because the show has another one. */
function ignoredIn(rules: Iterable<LoadedRules>): string[] {
  const others = Array.from(rules).filter((loaded) => loaded.rules.playlist.length > 0);
  return others.map(({ shown }) => `The playlist in ${shown} does not count: the show has another one.`);
}

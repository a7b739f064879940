/** Loads games, those that come with Uproar and those of somebody's own, and reads their rule files. */
import { dirname, relative, resolve } from "node:path";
import type { AnyGame } from "../shared/game/define.ts";
import { gameOfRules } from "../shared/rules/compile.ts";
import type { CompiledRules, KnownGift } from "../shared/rules/compiled.ts";
import { didYouMean, type Problem } from "../shared/rules/problem.ts";
import { checkGame } from "./game-check.ts";
import { importGame } from "./game-modules.ts";
import { fileOfGame, type GamePlace, placeOfGame, shippedGameIds } from "./game-places.ts";
import { compileRead, type ReadRules, readRuleFiles, shownProblem } from "./rule-files.ts";
import { UserError } from "./user-error.ts";

/** Name of a game's own rule file. */
const rulesName = "rules.yaml";

/** Games of somebody's own that were loaded, by id. */
const ownGames = new Map<string, { readonly game: AnyGame; readonly place: GamePlace }>();
/** Where each game is that was loaded. */
const places = new WeakMap<AnyGame, GamePlace>();

/** Ids of all games there are: those that come with Uproar, in alphabetical order, then those that were loaded. */
export function gameIds(): string[] {
  return [...shippedGameIds(), ...ownGames.keys()];
}

/**
 * Loads a game: by id, or one of somebody's own by its path or package, as somebody in the folder `from` typed it. One that was loaded is
 * known by its id from then on. Throws a UserError that says what is wrong with it, or which games there are.
 */
export async function loadGame(wanted: string, from: string = process.cwd()): Promise<AnyGame> {
  const known = ownGames.get(wanted);
  if (known) return known.game;
  const place = placeOfGame(wanted, from);
  const exported = await importGame(place);
  if (!place.isShipped) return addGame(checkGame(exported, place), place);
  const game = exported as AnyGame;
  places.set(game, place);
  return game;
}

/** Makes a game of somebody's own known by its id. Throws a UserError when another game has that. */
export function addGame(game: AnyGame, place: GamePlace): AnyGame {
  const { id } = game;
  const other = ownGames.get(id);
  if (other && other.place.entry === place.entry && place.entry !== "") return other.game;
  if (shippedGameIds().includes(id)) {
    throw new UserError(
      `The game ${place.shown} has the id "${id}", as a game that comes with Uproar has. Give it another one.`,
    );
  }
  // One that is only an object takes the place of an earlier one: it may have been made anew.
  const isObject = place.entry === "" && other?.place.entry === "";
  if (other && !isObject) {
    throw new UserError(
      `The games ${other.place.shown} and ${place.shown} have the same id "${id}". Give one of them another one.`,
    );
  }
  ownGames.set(id, { game, place });
  places.set(game, place);
  return game;
}

/** Where a game is that was loaded; undefined for one that is only an object. */
export function placeOf(game: AnyGame): GamePlace | undefined {
  const place = places.get(game);
  return place?.entry === "" ? undefined : place;
}

/** What another thread, or a later run, loads a game by; "" for one that is only an object. */
export function addressOfGame(game: AnyGame): string {
  const place = placeOf(game);
  if (!place) return "";
  return place.isShipped ? game.id : place.entry;
}

/** A rule file and what it says. */
export interface LoadedRules {
  /** Its absolute path. */
  readonly path: string;
  /** Its path as people are told it. */
  readonly shown: string;
  /** It came with the game, so nobody may write it. */
  readonly isShipped: boolean;
  readonly read: ReadRules;
  readonly rules: CompiledRules;
  /** Warnings. */
  readonly problems: readonly Problem[];
}

/**
 * Reads and compiles a rule file; `file` "" means the game's own. `asked` is what the person typed before the file. Throws a UserError with
 * every problem, a line each.
 */
export function loadRules(file: string, game: AnyGame, asked = "--rules"): LoadedRules {
  const place = placeOf(game);
  const own = place && fileOfGame(place, rulesName);
  const path = file === "" ? own : resolve(file);
  if (path === undefined) {
    throw new UserError(
      `The game ${place?.shown ?? game.id} has no ${rulesName}. Put one beside its module, or name one with --rules.`,
    );
  }
  const isShipped = path === own && place!.isShipped;
  const shown = file !== "" && !isShipped ? file : shownRules(path, game, isShipped);
  const read = readRuleFiles(path, asked);
  const result = compileRead(read, game);
  if (!result.ok) throw new UserError(result.problems.map((problem) => shownProblem(shown, problem)).join("\n"));
  return { path, shown, isShipped, read, rules: result.rules, problems: result.problems };
}

/** A game's own rule file, as people are told it. */
function shownRules(path: string, game: AnyGame, isShipped: boolean): string {
  if (isShipped) return `shared/games/${game.id}/${rulesName}`;
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}

/** The same rules with warnings about gifts that nobody ever sent; `gifts` are those that were. */
export function withGifts(loaded: LoadedRules, game: AnyGame, gifts: readonly KnownGift[]): LoadedRules {
  return { ...loaded, problems: compileRead(loaded.read, game, gifts).problems };
}

/** What a check of a rule file found; without `game` when the file does not say which game it is for. */
export interface CheckedRules {
  readonly game?: AnyGame;
  /** Only without errors. */
  readonly rules?: CompiledRules;
  readonly problems: readonly Problem[];
}

/**
 * Reads and compiles a rule file for the game that it names itself: one that is known, or one that the file lies beside. `asked` is what the
 * person typed before the file. Throws a UserError when there is no such file.
 */
export async function checkRuleFile(file: string, asked: string, gifts: readonly KnownGift[]): Promise<CheckedRules> {
  const read = readRuleFiles(file, asked);
  const { main, texts } = read.files;
  const text = texts.get(main);
  if (text === undefined) return { problems: read.problems };
  const id = gameOfRules(text);
  const game = gameIds().includes(id) ? await loadGame(id) : await gameBeside(file, id);
  if (game) return { game, ...compileRead(read, game, gifts) };
  const known = gameIds();
  // What the file is written in is the same for every game, so any of them finds the slips.
  const { problems } = compileRead(read, await loadGame(known[0]!));
  const slips = problems.filter(({ code }) => code === "RULES_SYNTAX" || code === "RULES_TOO_LARGE");
  if (slips.length > 0) return { problems: slips };
  const at = Math.max(0, text.search(/^game\s*:/m));
  const line = text.slice(0, at).split("\n").length;
  const place = { severity: "error", file: main, line, column: 1 } as const;
  const list = known.join(", ");
  if (id === "") {
    const message = `The file must say which game it is for: "game: ${known[0]}". Games: ${list}.`;
    return { problems: [{ ...place, code: "RULES_SHAPE", message }] };
  }
  const message = `There is no game "${id}".${didYouMean(id, known)} Games: ${list}. One of your own is named with --game, or has the rule file in its folder.`;
  return { problems: [{ ...place, code: "RULES_WRONG_GAME", message }] };
}

/** The game in the rule file's own folder, if that is the game the file is for. Throws a UserError when that game is broken. */
async function gameBeside(file: string, id: string): Promise<AnyGame | undefined> {
  const folder = dirname(resolve(file));
  if (id === "" || !hasGame(folder)) return undefined;
  const game = await loadGame(folder);
  return game.id === id ? game : undefined;
}

function hasGame(folder: string): boolean {
  try {
    placeOfGame(folder, folder);
    return true;
  } catch {
    return false;
  }
}

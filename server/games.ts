/** Finds games and their rule files: a game is a folder in shared/games with a game.ts. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { AnyGame } from "../shared/game/define.ts";
import { gameOfRules } from "../shared/rules/compile.ts";
import type { CompiledRules, KnownGift } from "../shared/rules/compiled.ts";
import { didYouMean, type Problem } from "../shared/rules/problem.ts";
import { compileRead, type ReadRules, readRuleFiles, shownProblem } from "./rule-files.ts";
import { UserError } from "./user-error.ts";

/** Where all games are, each in the folder of its id. */
export const gamesFolder = join(dirname(fileURLToPath(import.meta.url)), "..", "shared", "games");

/** Ids of all games, in alphabetical order. */
export function gameIds(): string[] {
  return readdirSync(gamesFolder)
    .filter((name) => existsSync(join(gamesFolder, name, "game.ts")))
    .sort();
}

/** Loads a game by id. Throws a UserError that lists the games there are. */
export async function loadGame(id: string): Promise<AnyGame> {
  const known = gameIds();
  if (!known.includes(id)) {
    throw new UserError(`There is no game "${id}".${didYouMean(id, known) || ""} Games: ${known.join(", ")}.`);
  }
  const module = (await import(new URL(`../shared/games/${id}/game.ts`, import.meta.url).href)) as { default: AnyGame };
  return module.default;
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

/** Reads and compiles a rule file; `file` "" means the game's own. Throws a UserError with every problem, a line each. */
export function loadRules(file: string, game: AnyGame): LoadedRules {
  const shipped = join(gamesFolder, game.id, shippedFile);
  const path = file === "" ? shipped : resolve(file);
  const shown = path === shipped ? `shared/games/${game.id}/${shippedFile}` : file;
  const read = readRuleFiles(path, "--rules");
  const result = compileRead(read, game);
  if (!result.ok) throw new UserError(result.problems.map((problem) => shownProblem(shown, problem)).join("\n"));
  return { path, shown, isShipped: path === shipped, read, rules: result.rules, problems: result.problems };
}

/** The same rules with warnings about gifts that nobody ever sent; `gifts` are those that were. */
export function withGifts(loaded: LoadedRules, game: AnyGame, gifts: readonly KnownGift[]): LoadedRules {
  return { ...loaded, problems: compileRead(loaded.read, game, gifts).problems };
}

const shippedFile = "rules.yaml";

/** What a check of a rule file found; without `game` when the file does not say which game it is for. */
export interface CheckedRules {
  readonly game?: AnyGame;
  /** Only without errors. */
  readonly rules?: CompiledRules;
  readonly problems: readonly Problem[];
}

/**
 * Reads and compiles a rule file for the game that it names itself. `asked` is what the person typed before the file. Throws a UserError when
 * there is no such file.
 */
export async function checkRuleFile(file: string, asked: string, gifts: readonly KnownGift[]): Promise<CheckedRules> {
  const read = readRuleFiles(file, asked);
  const { main, texts } = read.files;
  const text = texts.get(main);
  if (text === undefined) return { problems: read.problems };
  const id = gameOfRules(text);
  const known = gameIds();
  if (known.includes(id)) {
    const game = await loadGame(id);
    return { game, ...compileRead(read, game, gifts) };
  }
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
  const message = `There is no game "${id}".${didYouMean(id, known)} Games: ${list}.`;
  return { problems: [{ ...place, code: "RULES_WRONG_GAME", message }] };
}

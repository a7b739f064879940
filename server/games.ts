/** Finds games and their rule files: a game is a folder in shared/games with a game.ts. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { AnyGame } from "../shared/game/define.ts";
import { type CompiledRules, compileRules, gameOfRules, maxFileLength } from "../shared/rules/compile.ts";
import { didYouMean, formatProblem, type Problem } from "../shared/rules/problem.ts";
import { UserError } from "./user-error.ts";

const gamesFolder = join(dirname(fileURLToPath(import.meta.url)), "..", "shared", "games");

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
  readonly file: string;
  readonly rules: CompiledRules;
}

/**
 * Reads and compiles a rule file; `file` "" means the game's own. Throws a UserError with every problem, a line each. `asked` is
 * what the person typed before the file's path, for the sentence about a path that leads nowhere.
 */
export function loadRules(file: string, game: AnyGame, asked = "--rules"): LoadedRules {
  const path = file === "" ? join(gamesFolder, game.id, "rules.yaml") : resolve(file);
  const result = compileRules(readRuleFile(path, asked), game);
  if (result.ok) return { file: path, rules: result.rules };
  const shown = file === "" ? path : file;
  throw rulesError(shown, result.problems);
}

/**
 * The game a rule file names, for commands that are given only the file. Throws a UserError with the file's slips when it is no
 * YAML, or one that asks for the game. `asked` as for `loadRules`.
 */
export async function gameIdOf(file: string, asked: string): Promise<string> {
  const text = readRuleFile(resolve(file), asked);
  const id = gameOfRules(text);
  if (id) return id;
  // What the file is written in is the same for every game, so any of them finds the slips.
  const result = compileRules(text, await loadGame(gameIds()[0]!));
  const slips = result.ok ? [] : result.problems.filter(({ code }) => code === "RULES_SYNTAX");
  if (slips.length > 0) throw rulesError(file, slips);
  throw new UserError(`${file}:1:1  RULES_SHAPE  the file must say which game it is for: "game: ${gameIds()[0]}".`);
}

function rulesError(file: string, problems: readonly Problem[]): UserError {
  return new UserError(problems.map((problem) => formatProblem(file, problem)).join("\n"));
}

function readRuleFile(path: string, asked: string): string {
  if (!existsSync(path)) throw new UserError(`The rule file ${path} does not exist. Check the path after ${asked}.`);
  if (!statSync(path).isFile()) throw new UserError(`${path} is a folder; ${asked} takes a file.`);
  if (statSync(path).size > maxFileLength * 4)
    throw new UserError(`The rule file ${path} is larger than 1 MB; split it.`);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(`The rule file ${path} cannot be read: ${(error as Error).message}.`);
  }
}

/** Where games are: those that come with Uproar, and those of somebody's own, each a folder, a file or a package. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { didYouMean } from "../shared/rules/problem.ts";
import { moduleEnding } from "./project.ts";
import { UserError } from "./user-error.ts";

/** A game's place. */
export interface GamePlace {
  /** As people are told of it: its id when it came with Uproar, else the path or package that they named. */
  readonly shown: string;
  /** Its module, absolute. */
  readonly entry: string;
  /** What was named: the folder or package, or the folder of the file. Modules in it find Uproar, wherever it is. */
  readonly folder: string;
  /** It came with Uproar. */
  readonly isShipped: boolean;
}

/** Where the games that come with Uproar are, each in the folder of its id. */
export const gamesFolder: string = fileURLToPath(new URL("../shared/games", import.meta.url));

/** Names of the module of a game whose folder does not say which one it is. */
const usualEntries = ["game.ts", "game.js", "game.mjs"];

/** Ids of all games that come with Uproar, in alphabetical order. */
export function shippedGameIds(): string[] {
  return readdirSync(gamesFolder)
    .filter((name) => existsSync(join(gamesFolder, name, `game${moduleEnding}`)))
    .sort();
}

/**
 * Finds a game by what somebody typed: the id of one that came with Uproar, a path that begins with "." or "/" (or leads to a file), or
 * the name of a package that `from` can use. Throws a UserError that says what there is.
 */
export function placeOfGame(wanted: string, from: string): GamePlace {
  const shipped = shippedGameIds();
  if (shipped.includes(wanted)) {
    const folder = join(gamesFolder, wanted);
    return { shown: wanted, entry: join(folder, `game${moduleEnding}`), folder, isShipped: true };
  }
  const path = isPath(wanted) ? resolve(from, wanted) : packageFolder(wanted, from);
  if (path === undefined) throw new UserError(notThere(wanted, from, shipped));
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new UserError(`There is no game at ${wanted}: ${path} does not exist. Check the path.`);
  const folder = stats.isDirectory() ? path : dirname(path);
  const entry = stats.isDirectory() ? entryIn(path, wanted) : path;
  return { shown: wanted, entry, folder, isShipped: false };
}

/** A file of a game by its name: beside its module, or else in its folder; undefined when it has none. */
export function fileOfGame({ entry, folder }: GamePlace, name: string): string | undefined {
  return [join(dirname(entry), name), join(folder, name)].find((path) => existsSync(path));
}

function isPath(wanted: string): boolean {
  return /^\.{1,2}([/\\]|$)/.test(wanted) || isAbsolute(wanted) || /\.m?[jt]s$/.test(wanted);
}

/** The folder of a package as a module in `from` would find it. */
function packageFolder(name: string, from: string): string | undefined {
  if (!/^(@[\w.-]+\/)?[\w][\w.-]*$/.test(name)) return undefined;
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const found = join(folder, "node_modules", name);
    if (existsSync(join(found, "package.json"))) return found;
    if (folder === dirname(folder)) return undefined;
  }
}

function notThere(wanted: string, from: string, shipped: readonly string[]): string {
  const list = `Games: ${shipped.join(", ")}.`;
  if (existsSync(resolve(from, wanted))) {
    return `There is no game "${wanted}". For the folder of that name write "./${wanted}". ${list}`;
  }
  return `There is no game "${wanted}", and no package of that name is installed here.${didYouMean(wanted, shipped)} ${list}`;
}

/** The module of the game in a folder: what its package.json exports, else game.ts. */
function entryIn(folder: string, wanted: string): string {
  const named = namedEntry(join(folder, "package.json"), wanted);
  if (named !== undefined) {
    const entry = join(folder, named);
    if (existsSync(entry)) return entry;
    throw new UserError(`The package.json of ${wanted} names ${named} as its module, and that file does not exist.`);
  }
  const usual = usualEntries.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (usual !== undefined) return usual;
  throw new UserError(
    `There is no game in ${wanted}: it needs a game.ts with "export default defineGame({ ... })", or a package.json whose "exports" names the module.`,
  );
}

/** What a package.json says its module is; undefined when there is none, or it does not say. */
function namedEntry(file: string, wanted: string): string | undefined {
  if (!existsSync(file)) return undefined;
  let read: { exports?: unknown; main?: unknown } | null;
  try {
    read = JSON.parse(readFileSync(file, "utf8")) as typeof read;
  } catch (error) {
    throw new UserError(`The package.json of ${wanted} cannot be read: ${(error as Error).message}.`);
  }
  const main = typeof read?.main === "string" ? read.main : undefined;
  return targetOf(read?.exports) ?? main;
}

/** The file that `exports` gives who imports the package itself. */
function targetOf(exports: unknown): string | undefined {
  if (typeof exports === "string") return exports;
  if (typeof exports !== "object" || exports === null) return undefined;
  const conditions = exports as Record<string, unknown>;
  for (const key of [".", "node", "import", "default"]) {
    const found = key in conditions ? targetOf(conditions[key]) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

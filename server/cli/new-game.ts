/** `new game ID`: makes a folder with a small game that runs, has tests, and is there to be changed. */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { shippedGameIds } from "../game-places.ts";
import { loadGame } from "../games.ts";
import { command } from "../project.ts";
import { UserError } from "../user-error.ts";
import { refreshGameFiles } from "./game-files.ts";

/** What a new game is a copy of, and what its id, name and command are there. */
const template = fileURLToPath(new URL("./templates/game", import.meta.url));
const names = { id: "my-game", title: "My Game", command: "npx uproar" };

/** The `new game` command. */
export function newGameCommand(): Command {
  return new Command("game")
    .description("Make a folder with a small game that runs, for you to change.")
    .argument("<id>", 'the game\'s id: small letters, digits and "-", such as coin-rush')
    .option("--folder <folder>", "folder to make (default: one named like the game)")
    .action(async (id: string, { folder = id }: { folder?: string }) => {
      refuseId(id);
      const path = resolve(folder);
      makeFolder(path, folder);
      writeGame(path, id);
      refreshGameFiles(await loadGame(path));
      for (const line of welcome(path)) console.log(line);
    });
}

function refuseId(id: string): void {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(id)) {
    throw new UserError(
      `"${id}" can be no game's id: it takes small letters, digits and "-", begins with a letter and has at most 40 of them, such as coin-rush.`,
    );
  }
  if (shippedGameIds().includes(id)) {
    throw new UserError(`A game "${id}" comes with Uproar. Choose another id.`);
  }
}

/** Makes the folder, or takes one that is empty. Throws a UserError that says why it cannot be. */
function makeFolder(path: string, shown: string): void {
  if (existsSync(path)) {
    if (isEmptyFolder(path)) return;
    throw new UserError(`${shown} exists already and was left as it is. Choose another id, or a folder with --folder.`);
  }
  const parent = dirname(path);
  if (!existsSync(parent)) throw new UserError(`There is no folder ${parent}. Make it first, or choose another place.`);
  try {
    accessSync(parent, constants.W_OK);
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`No folder can be made in ${parent} (${code}). Choose a place of your own.`, { cause: error });
  }
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}

function writeGame(path: string, id: string): void {
  const title = id
    .split("-")
    .filter((word) => word !== "")
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join(" ");
  const shown = shownFolder(path);
  for (const name of readdirSync(template)) {
    const text = readFileSync(join(template, name), "utf8")
      .replaceAll(names.command, () => command)
      .replaceAll(`./${names.id}`, () => shown)
      .replaceAll(names.id, () => id)
      .replaceAll(names.title, () => title);
    writeFileSync(join(path, name), text, { flag: "wx" });
  }
}

/** The folder as it is named on the command line. */
function shownFolder(path: string): string {
  const short = relative(process.cwd(), path).replaceAll("\\", "/");
  return short.startsWith("..") || short === "" ? path : `./${short}`;
}

function welcome(path: string): string[] {
  const shown = shownFolder(path);
  const quoted = /\s/.test(shown) ? `"${shown}"` : shown;
  return [
    `${shown} has a game that runs. Its README says what is in it.`,
    `Play it: ${command} --game ${quoted}`,
    `Test it: ${command} test ${quoted}`,
  ];
}

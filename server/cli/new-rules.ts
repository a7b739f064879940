/** `new rules FILE`: copies a game's rule file, for its streamer to change. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Command } from "commander";
import type { AnyGame } from "../../shared/game/define.ts";
import { defaultGame } from "../config.ts";
import { fileOfGame } from "../game-places.ts";
import { loadGame, placeOf } from "../games.ts";
import { command } from "../project.ts";
import { UserError } from "../user-error.ts";

/** The first line of a rule file, from which editors know what may stand in it. */
const schemaLine = /^# yaml-language-server: \$schema=\S+$/m;

/** The `new rules` command. */
export function newRulesCommand(): Command {
  return new Command("rules")
    .description("Copy a game's rule file, for you to change.")
    .argument("<file>", "rule file to write; never written over")
    .option("--game <game>", "game whose rules to copy: an id, a path or a package", defaultGame)
    .action(async (file: string, { game }: { game: string }) => {
      const loaded = await loadGame(game);
      const { title } = loaded;
      writeNew(file, rulesFor(file, loaded));
      const shown = /\s/.test(file) ? `"${file}"` : file;
      console.log(
        `${file} has the rules of ${title}. Edit it; VS Code with the YAML extension completes it and marks mistakes.`,
      );
      console.log(`Play it: ${command} --rules ${shown}`);
    });
}

/** The game's rule file as it should stand in `file`: its first line names the schema from there. */
function rulesFor(file: string, game: AnyGame): string {
  const { text, schema } = ownRules(game);
  if (schema === undefined) return text;
  const line = `# yaml-language-server: $schema=${schemaPath(dirname(resolve(file)), schema)}`;
  return schemaLine.test(text) ? text.replace(schemaLine, () => line) : `${line}\n${text}`;
}

/** The rule file that a game brings, and its schema if there is one. Throws a UserError when it brings none. */
function ownRules(game: AnyGame): { text: string; schema: string | undefined } {
  const place = placeOf(game);
  const file = place && fileOfGame(place, "rules.yaml");
  if (!file) throw new UserError(`The game ${place?.shown ?? game.id} has no rules.yaml to copy.`);
  return { text: readFileSync(file, "utf8"), schema: fileOfGame(place, "rules.schema.json") };
}

/**
 * The schema's path from a folder, with "/" as editors want it. Where there is none (another drive), or where it has signs that the
 * first line cannot hold, its file:// address.
 */
export function schemaPath(folder: string, schema: string): string {
  const path = relative(folder, schema).replaceAll("\\", "/");
  if (isAbsolute(path) || /^[A-Za-z]:|[\s#%?]/.test(path)) return pathToFileURL(schema).href;
  return path.startsWith("../") ? path : `./${path}`;
}

/** Writes a file that is not there yet. Throws a UserError that says why it cannot be. */
function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    throw new UserError(whyNot(file, error as NodeJS.ErrnoException));
  }
}

function whyNot(file: string, { code, message }: NodeJS.ErrnoException): string {
  const folder = dirname(resolve(file));
  switch (code) {
    case "EEXIST":
    case "EISDIR":
      return `${file} exists already and was left as it is. Choose another name.`;
    case "ENOENT":
    case "ENOTDIR":
      return `There is no folder ${folder}. Make it first, or choose a file in a folder that exists.`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `You may not write in ${folder}. Choose a file in a folder of your own.`;
    default:
      return `${file} cannot be written (${code ?? message}). Choose another name or folder.`;
  }
}

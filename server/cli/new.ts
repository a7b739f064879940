/** `new`: begins something of one's own from what is shipped. `new rules FILE` copies a game's rule file. */

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Command } from "commander";
import { defaultGame } from "../config.ts";
import { gamesFolder, loadGame } from "../games.ts";
import { command } from "../project.ts";
import { UserError } from "../user-error.ts";

/** The first line of a rule file, from which editors know what may stand in it. */
const schemaLine = /^# yaml-language-server: \$schema=\S+$/m;

/** The `new` command with its own commands, one for each thing that can be made. */
export function newCommand(): Command {
  return new Command("new").description("Begin something of your own.").addCommand(newRulesCommand());
}

function newRulesCommand(): Command {
  return new Command("rules")
    .description("Copy a game's rule file, for you to change.")
    .argument("<file>", "rule file to write; never written over")
    .option("--game <id>", "game whose rules to copy", defaultGame)
    .action(async (file: string, { game }: { game: string }) => {
      const { id, title } = await loadGame(game);
      writeNew(file, rulesFor(file, id));
      const shown = /\s/.test(file) ? `"${file}"` : file;
      console.log(
        `${file} has the rules of ${title}. Edit it; VS Code with the YAML extension completes it and marks mistakes.`,
      );
      console.log(`Play it: ${command} --rules ${shown}`);
    });
}

/** The game's rule file as it should stand in `file`: its first line names the schema from there. */
function rulesFor(file: string, game: string): string {
  const text = readFileSync(join(gamesFolder, game, "rules.yaml"), "utf8");
  const schema = schemaPath(dirname(resolve(file)), join(gamesFolder, game, "rules.schema.json"));
  const line = `# yaml-language-server: $schema=${schema}`;
  return schemaLine.test(text) ? text.replace(schemaLine, () => line) : `${line}\n${text}`;
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

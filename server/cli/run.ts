/** Runs the command line: picks the command, prints errors as one plain sentence, sets the exit code. */

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { loadEnvFile } from "node:process";
import { Command, CommanderError } from "commander";
import { description, version } from "../project.ts";
import { UserError } from "../user-error.ts";
import { benchCommand } from "./bench.ts";
import { checkCommand } from "./check.ts";
import { newCommand } from "./new.ts";
import { replayCommand } from "./replay.ts";
import { simulateCommand } from "./simulate.ts";
import { startCommand } from "./start.ts";
import { testCommand } from "./test.ts";
import { tryCommand } from "./try.ts";

/** Where secrets may be kept instead of in the environment. */
const secretsFile = ".env";

/** Runs one command. Never throws; failures end in exit code 1. */
export async function run(args: readonly string[]): Promise<void> {
  const program = new Command("uproar")
    .description(description)
    .version(version)
    .addCommand(startCommand(), { isDefault: true })
    .addCommand(checkCommand())
    .addCommand(newCommand())
    .addCommand(testCommand())
    .addCommand(replayCommand())
    .addCommand(tryCommand())
    .addCommand(simulateCommand())
    .addCommand(benchCommand());
  for (const command of withAllBelow(program)) {
    command.exitOverride().showHelpAfterError(`(add --help to see what ${command.name()} takes)`);
  }
  try {
    loadSecrets();
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

/** A command with its own commands and theirs. */
function withAllBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withAllBelow)];
}

/** Takes the variables of the `.env` file in the working directory, if there is one; those already set stand. */
function loadSecrets(): void {
  if (!existsSync(secretsFile)) return;
  try {
    loadEnvFile(secretsFile);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const path = resolve(secretsFile);
    throw new UserError(`${path} cannot be read (${code ?? message}); make it a file you may read, or move it away.`);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  if (error instanceof UserError) console.error(error.message);
  else console.error(error);
  return 1;
}

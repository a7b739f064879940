/** Runs the command line: picks the command, prints errors as one plain sentence, sets the exit code. */
import { existsSync } from "node:fs";
import { loadEnvFile } from "node:process";
import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { UserError } from "../user-error.ts";
import { benchCommand } from "./bench.ts";
import { checkCommand } from "./check.ts";
import { simulateCommand } from "./simulate.ts";
import { startCommand } from "./start.ts";

/** Runs one command. Never throws; failures end in exit code 1. */
export async function run(args: readonly string[]): Promise<void> {
  if (existsSync(".env")) loadEnvFile(".env");
  const program = new Command("uproar")
    .description(packageJson.description)
    .version(packageJson.version)
    .addCommand(startCommand(), { isDefault: true })
    .addCommand(checkCommand())
    .addCommand(simulateCommand())
    .addCommand(benchCommand());
  for (const command of [program, ...program.commands]) {
    command.exitOverride().showHelpAfterError(`(add --help to see what ${command.name()} takes)`);
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  if (error instanceof UserError) console.error(error.message);
  else console.error(error);
  return 1;
}

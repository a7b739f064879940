/** `check`: reads a rule file and says everything that is wrong with it, a line each. */
import { Command } from "commander";
import { gameIdOf, loadGame, loadRules } from "../games.ts";

/** What stands before the file's path on the command line. */
const asked = "check";

/** The `check` command; exit code 1 when the file has a problem. */
export function checkCommand(): Command {
  return new Command("check")
    .description("Check a rule file: prints file:line:column and what to mend.")
    .argument("<file>", "rule file")
    .action(async (file: string) => {
      const game = await loadGame(await gameIdOf(file, asked));
      const { rules } = loadRules(file, game, asked);
      console.log(`${file}: ${rules.rules.length} rules for ${game.title}, no problem found.`);
    });
}

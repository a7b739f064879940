/** `new`: begins something of one's own from what is shipped: a rule file, or a game. */
import { Command } from "commander";
import { newGameCommand } from "./new-game.ts";
import { newRulesCommand } from "./new-rules.ts";

/** The `new` command with its own commands, one for each thing that can be made. */
export function newCommand(): Command {
  return new Command("new")
    .description("Begin something of your own.")
    .addCommand(newGameCommand())
    .addCommand(newRulesCommand());
}

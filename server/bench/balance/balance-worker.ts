/** Worker thread that plays shows for the balance, one after the other. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import { gamesFolder } from "../../game-places.ts";
import { loadGame } from "../../games.ts";
import { type BalanceShow, playShow } from "./rounds.ts";

parentPort?.on("message", async (show: BalanceShow) => {
  const game = await loadGame(show.game);
  const rules = readFileSync(join(gamesFolder, show.game, "rules.yaml"), "utf8");
  parentPort?.postMessage(playShow(show, game, rules));
});

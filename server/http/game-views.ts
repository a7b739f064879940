/** /views/<id>.js of games that do not come with Uproar: built when a show of them starts, kept in memory. */
import { basename, join } from "node:path";
import { Worker } from "node:worker_threads";
import { Router } from "express";
import type { AnyGame } from "../../shared/game/define.ts";
import { fileOfGame, type GamePlace } from "../game-places.ts";
import { placeOf } from "../games.ts";
import { moduleAt } from "../project.ts";
import type { ViewReply, ViewRequest } from "./game-view-worker.ts";

const viewNames = ["view.ts", "view.js"];

/**
 * Creates the router for `/views`. Building begins at once and holds nothing up; a view that cannot be built costs its picture and not the
 * show: `say` takes the reason, and the stage draws the game plainly.
 */
export function createGameViews(games: readonly AnyGame[], say: (line: string) => void): Router {
  const views = new Map<string, Promise<string>>();
  for (const game of games) {
    const place = placeOf(game);
    const file = place && !place.isShipped ? viewOf(place) : undefined;
    if (place && file !== undefined) views.set(game.id, built(file, place, say));
  }
  const router = Router();
  router.get("/:file", async (request, response, next) => {
    const view = views.get(basename(request.params.file, ".js"));
    const code = await view;
    if (code === undefined) next();
    else if (code === "") response.status(404).json({ error: "The view of this game cannot be built." });
    else response.set("Cache-Control", "no-cache").type("text/javascript").send(code);
  });
  return router;
}

function viewOf(place: GamePlace): string | undefined {
  return viewNames.map((name) => fileOfGame(place, name)).find((file) => file !== undefined);
}

/** The view's code, with all that it imports; "" when it cannot be built. */
async function built(file: string, { shown }: GamePlace, say: (line: string) => void): Promise<string> {
  const { code, problem } = await buildIn(file);
  if (problem === "") return code;
  const name = join(shown, basename(file));
  say(`  ${name} cannot be built, so the stage draws plain shapes: ${problem}`);
  return "";
}

/** Builds in a worker: Vite sets NODE_ENV and takes 100 MB, neither of which a show should keep. */
async function buildIn(file: string): Promise<ViewReply> {
  const worker = new Worker(moduleAt("./game-view-worker", import.meta.url), {
    workerData: { file } satisfies ViewRequest,
  });
  const reply = await new Promise<ViewReply>((resolve) => {
    worker.once("message", resolve);
    worker.once("error", (error) => resolve({ code: "", problem: String(error) }));
    worker.once("exit", (exitCode) => resolve({ code: "", problem: `the build ended early with code ${exitCode}` }));
  });
  await worker.terminate();
  return reply;
}

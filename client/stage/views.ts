/** Views: finds each game's view.ts by its folder and loads it when the room plays that game. */
import type { GameView } from "../../shared/game/view.ts";

const modules = import.meta.glob<{ default: GameView }>("../../shared/games/*/view.ts");

/** What the stage shows of a game without a view. */
export const plainView: GameView = {
  joinHint: "Comment to join!",
  mount: () => ({ entity: () => undefined, effect: () => {}, frame: () => {}, destroy: () => {} }),
};

/** The view of a game; the plain one when it has none or it could not be loaded. */
export async function loadView(game: string): Promise<GameView> {
  const load = modules[`../../shared/games/${game}/view.ts`];
  if (!load) return plainView;
  try {
    return (await load()).default;
  } catch (error) {
    console.warn(`[stage] the view of ${game} could not be loaded; drawing plain shapes`, error);
    return plainView;
  }
}

/** Which game is played: watches the room's state and hands on the view of its game, plain until it is here and when there is none. */
import type { GameView } from "../../shared/game/view.ts";
import type { ShowState } from "../../shared/protocol/state.ts";
import { plainView } from "./plain/view.ts";
import { loadView } from "./views.ts";

/** How often the room's state is looked at, in ms. */
const checkMs = 100;
/** Waits before a view that did not load is tried again, in ms: the server may just have been starting. */
const againMs = [1000, 4000];

/**
 * Calls back whenever another game, or another size of view, is to be drawn. `state` is that of the room, undefined while there is none.
 * A game without a view, or with one that cannot be used, has the plain one.
 * What it returns ends that.
 */
export function followGame(state: () => ShowState | undefined, draw: (view: GameView) => void): () => void {
  let playing = "";
  const load = async (game: string, wanted: string, tries: number): Promise<void> => {
    let view = plainView;
    try {
      view = await loadView(game, tries);
    } catch (error) {
      if (tries === 0) console.warn(`[stage] no view of ${game} could be loaded; drawing plain shapes`, error);
      const wait = againMs[tries];
      if (wait !== undefined) setTimeout(() => playing === wanted && void load(game, wanted, tries + 1), wait);
    }
    // A later try that failed as well changes nothing.
    if (playing === wanted && (view !== plainView || tries === 0)) draw(view);
  };
  const timer = setInterval(() => {
    const now = state();
    if (!now || now.game === "") return;
    const wanted = `${now.game} ${now.viewWidth}x${now.viewHeight}`;
    if (wanted === playing) return;
    playing = wanted;
    void load(now.game, wanted, 0);
  }, checkMs);
  return () => {
    clearInterval(timer);
    playing = "";
  };
}

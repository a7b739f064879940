/** Views: loads the view of the game that the room plays, from the address that every game's view has. */
import type { GameView } from "../../shared/game/view.ts";

/** Where a game's view is served, shipped with Uproar or not. A browser never asks again for a module that failed: each try has an address of its own. */
export function viewAddress(game: string, tries: number): string {
  const address = `/views/${encodeURIComponent(game)}.js`;
  return tries > 0 ? `${address}?try=${tries + 1}` : address;
}

/** Loads a view; `tries` counts those that failed before. Rejects when there is none, or none that can be used. */
export async function loadView(game: string, tries: number): Promise<GameView> {
  const loaded = (await import(/* @vite-ignore */ viewAddress(game, tries))) as { default?: Partial<GameView> };
  const view = loaded.default;
  if (typeof view?.mount !== "function") throw new Error("its view.ts has no default export with a mount function");
  return { ...view, joinHint: view.joinHint ?? "Comment to join!", mount: view.mount };
}

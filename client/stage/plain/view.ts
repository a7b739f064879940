/** The plain view: what the stage shows of a game without a view of its own, from bodies, shapes and effects alone. */
import type { GameView } from "../../../shared/game/view.ts";
import { showPlainEffect } from "./effects.ts";

/** Draws a floor for the world; bodies and shapes are left to the stage, which tells kinds apart. */
export const plainView: GameView = {
  joinHint: "Comment to join!",
  mount(kit) {
    const floor = kit.floor();
    return {
      entity: () => undefined,
      effect: (effect) => showPlainEffect(kit, effect),
      frame: () => floor.frame(),
      destroy: () => floor.destroy(),
    };
  },
};

/** How Core Clash looks: the lane in the colours of both teams up to the core, cannons with faces, shots, powers and goals. */
import type { GameView, MountedView, StageKit } from "../../game/view.ts";
import { drawCannon } from "./view-cannon.ts";
import { drawCore } from "./view-core.ts";
import { drawBlock, drawBumper } from "./view-defences.ts";
import { effectPictures } from "./view-effects.ts";
import { createLane } from "./view-lane.ts";
import { drawShot, drawTitan } from "./view-shots.ts";
import { createWeather } from "./view-weather.ts";

const view: GameView = {
  frame: { x: 20, y: 540, width: 930, height: 980 },
  joinHint: "Comment 1 or 2!",
  mount,
};
export default view;

function mount(kit: StageKit): MountedView {
  const lane = createLane(kit);
  const weather = createWeather(kit);
  return {
    entity(entity) {
      switch (entity.kind) {
        case "core":
          return drawCore(kit, entity);
        case "cannon":
          return drawCannon(kit, entity);
        case "pebble":
        case "stone":
        case "boulder":
        case "barrage":
          return drawShot(kit, entity);
        case "titan":
          return drawTitan(kit, entity);
        case "bumper":
          return drawBumper(kit, entity);
        case "wall":
        case "paddle":
          return drawBlock(kit, entity);
        case "rail":
          // Part of the lane's picture.
          return { draw: () => {}, destroy: () => {} };
        default:
          return undefined;
      }
    },
    effect: (effect) => effectPictures[effect.kind]?.(kit, effect),
    frame(time) {
      lane.frame(time);
      weather.frame(time);
    },
    destroy() {
      lane.destroy();
      weather.destroy();
    },
  };
}

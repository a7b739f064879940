/** Guarded views: a mistake in a game's view costs its picture, never the show's: what throws is reported once and left out. */
import type { EntityDrawing, GameView, MountedView, StagedEntity, StageKit } from "../../shared/game/view.ts";
import { plainView } from "./plain/view.ts";

/** Places of a view whose mistake has been told; one that fails in every frame must not fill the console. */
type Told = Set<string>;

/** Runs something of a view; `otherwise` is used when it throws. */
function attempt<T>(told: Told, where: string, run: () => T, otherwise: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!told.has(where)) console.warn(`[stage] the game's view failed in ${where}`, error);
    told.add(where);
    return otherwise();
  }
}

/** Puts a view on the stage; one that cannot be mounted is replaced by the plain one. */
export function mountGuarded(view: GameView, kit: StageKit): MountedView {
  const told: Told = new Set();
  const nothing = () => {};
  const mounted = attempt(
    told,
    "mount",
    () => view.mount(kit),
    () => plainView.mount(kit),
  );
  return {
    entity(entity) {
      const none = (): EntityDrawing | undefined => undefined;
      const drawing = attempt(told, `entity (${entity.kind})`, () => mounted.entity(entity), none);
      return drawing && guardDrawing(drawing, entity, kit, told);
    },
    effect: (effect) => attempt(told, `effect (${effect.kind})`, () => mounted.effect(effect), nothing),
    frame: (time) => attempt(told, "frame", () => mounted.frame(time), nothing),
    destroy: () => attempt(told, "destroy", () => mounted.destroy(), nothing),
  };
}

/** A drawing that fails is replaced by the stage's own. */
function guardDrawing(drawing: EntityDrawing, entity: StagedEntity, kit: StageKit, told: Told): EntityDrawing {
  let used = drawing;
  const nothing = () => {};
  const replace = () => {
    attempt(told, `destroy (${entity.kind})`, () => used.destroy(), nothing);
    used = kit.placeholder(entity);
  };
  return {
    draw: (now, time) => attempt(told, `draw (${entity.kind})`, () => used.draw(now, time), replace),
    hit: (nx, ny, power) => attempt(told, `hit (${entity.kind})`, () => used.hit?.(nx, ny, power), nothing),
    destroy: () => attempt(told, `destroy (${entity.kind})`, () => used.destroy(), nothing),
  };
}

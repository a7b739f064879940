/** How Marble Dash looks: which drawing each body gets, and the ground that goes by below them. */
import type { EntityDrawing, GameView, MountedView, StagedEntity, StageKit } from "../../game/view.ts";
import { effectPictures } from "./view-effects.ts";
import {
  drawBelt,
  drawCross,
  drawOrb,
  drawPatron,
  drawSaw,
  drawSeesaw,
  drawSpinner,
  drawThrower,
} from "./view-machines.ts";
import { drawMarble } from "./view-marble.ts";
import { drawBumper, drawDoor, drawGate, drawNub, drawPeg, drawPlate, drawShelf } from "./view-pieces.ts";
import { createTrackGround } from "./view-track.ts";

const view: GameView = {
  frame: { x: 0, y: 480, width: 970, height: 1020 },
  joinHint: "Comment to race!",
  mount,
};
export default view;

type Draw = (kit: StageKit, entity: StagedEntity) => EntityDrawing;

/** What is drawn by the ground already: the walls. */
const unseen: Draw = () => ({ draw: () => undefined, destroy: () => undefined });

const drawings: Readonly<Record<string, Draw>> = {
  marble: drawMarble,
  wall: unseen,
  gate: drawGate,
  peg: drawPeg,
  nub: drawNub,
  bumper: drawBumper,
  shelf: drawShelf,
  belt: drawBelt,
  spinner: drawSpinner,
  cross: drawCross,
  seesaw: drawSeesaw,
  plate: drawPlate,
  door: drawDoor,
  saw: drawSaw,
  orb: drawOrb,
  patron: drawPatron,
  pad: (kit, entity) => drawThrower(kit, entity, kit.look.hues[5]!),
  rail: (kit, entity) => drawThrower(kit, entity, railHue(kit, entity)),
};

/** The team's colour, else that of the trail; gold for one that serves its owner alone. */
function railHue({ look }: StageKit, entity: StagedEntity): string {
  const team = look.teams[entity.wears("team") - 1];
  return team ?? look.hues[entity.wears("trail") - 1] ?? look.gold;
}

function mount(kit: StageKit): MountedView {
  const ground = createTrackGround(kit);
  return {
    entity: (entity) => drawings[entity.kind]?.(kit, entity),
    effect: (effect) => effectPictures[effect.kind]?.(kit, effect),
    frame: (time) => ground.frame(time),
    destroy: () => ground.destroy(),
  };
}

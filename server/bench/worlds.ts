/** The two worlds that physics is measured in: a pile, where everything touches, and an arena, where everything flies. */
import { createRandom } from "../../shared/world/random.ts";
import { createWorld, type EntitySpec, type World } from "../../shared/world/world.ts";

/** "pile": balls under gravity in a tray, the worst case. "arena": balls without gravity or friction between four walls. */
export type Scene = "pile" | "arena";

export const sceneWidth = 1080;
export const sceneHeight = 1920;
const wall = 80;

export interface SceneSettings {
  readonly gravity: number;
  readonly maxEntities: number;
}

/** World settings of a scene, for `createWorld` or a game. */
export function settingsOf(scene: Scene, bodies: number): SceneSettings & { width: number; height: number } {
  return { width: sceneWidth, height: sceneHeight, gravity: scene === "pile" ? 0.3 : 0, maxEntities: bodies + 8 };
}

/** Puts walls and bodies into an empty world; `viewerOf` says whose a body is, "" for nobody's. The same random gives the same scene. */
export function fillScene(world: World, scene: Scene, bodies: number, viewerOf: (index: number) => string): void {
  const fixed = (x: number, y: number, width: number, height: number) =>
    world.spawn({
      kind: "wall",
      motion: "fixed",
      shape: { type: "box", width, height },
      x,
      y,
      restitution: 1,
      friction: 0,
    });
  fixed(sceneWidth / 2, -wall / 2, sceneWidth + 2 * wall, wall);
  fixed(sceneWidth / 2, sceneHeight + wall / 2, sceneWidth + 2 * wall, wall);
  fixed(-wall / 2, sceneHeight / 2, wall, sceneHeight);
  fixed(sceneWidth + wall / 2, sceneHeight / 2, wall, sceneHeight);
  const perRow = 15;
  for (let index = 0; index < bodies; index++) {
    const body = world.spawn(ballOf(scene, world, index, perRow, viewerOf(index)));
    if (body && scene === "arena") world.setVelocity(body, world.random.between(-5, 5), world.random.between(-5, 5));
  }
}

function ballOf(scene: Scene, world: World, index: number, perRow: number, viewer: string): EntitySpec {
  const { random } = world;
  const pitch = sceneWidth / perRow;
  const rows = Math.floor(sceneHeight / pitch) - 1;
  const row = Math.floor(index / perRow) % rows;
  const lively = scene === "arena";
  return {
    kind: "ball",
    shape: { type: "circle", radius: lively ? random.between(14, 22) : random.between(20, 28) },
    x: ((index % perRow) + 0.5) * pitch + random.between(-4, 4),
    y: sceneHeight - (row + 0.5) * pitch + random.between(-4, 4),
    restitution: lively ? 1 : 0.1,
    friction: lively ? 0 : 0.1,
    frictionAir: lively ? 0 : 0.01,
    viewer,
  };
}

/** A world of its own with the scene in it. */
export function createScene(scene: Scene, bodies: number, seed: number): World {
  const world = createWorld({ ...settingsOf(scene, bodies), random: createRandom(seed) });
  fillScene(world, scene, bodies, () => "");
  return world;
}

/** Effect: a one-shot thing to show or hear. It never changes the world; losing one loses a picture, not a fact. */
import type { EntityId } from "./world.ts";

/** A moment for the picture: shown or sounded once, and gone. */
export interface Effect {
  /** What happened, in the game's words: "hit", "knockOut", "shockwave". The game's view draws it; unknown kinds draw nothing. */
  kind: string;
  /** When, in ticks. The stage shows it when its picture of the world has reached that tick. */
  tick: number;
  /** Where, in world units. */
  x: number;
  y: number;
  /** Entity it happens to, 0 for none. */
  entity: EntityId;
  /** Second entity (who was hit, who caused it), 0 for none. */
  other: EntityId;
  /** How strong, 0 to 1 unless the game says otherwise. */
  power: number;
  /** Viewer to name, "" for none. */
  viewer: string;
  /** Words to show, "" for none; never a viewer's text. */
  text: string;
  /** Caused by a test event. */
  test: boolean;
}

/** Most effects kept per tick; more are dropped (they are only pictures) and counted. */
export const maxEffectsPerTick = 48;

/** Label: words that stand in the world: a gate's name, a team's, a distance. */
import type * as Phaser from "phaser";
import { displayFont, look } from "../look.ts";
import type { Pictures } from "../picture.ts";
import { cleanText } from "../text.ts";
import { capMiddle, outlinedText } from "./shapes.ts";

/** Longest label, in letters; a picture of more would be as wide as the world. */
const maxLetters = 32;
const minSize = 20;
const maxSize = 220;

/** An image of the words, origin in the middle. Texts are pictures that are kept: words that change all the time belong into the HUD. */
export function createLabel(
  pictures: Pictures,
  measure: CanvasRenderingContext2D,
  text: string,
  wishedSize: number,
  color: string = look.paper,
): Phaser.GameObjects.Image {
  const words = cleanText(text).slice(0, maxLetters);
  const size = Math.round(Math.max(minSize, Math.min(maxSize, wishedSize)));
  measure.font = displayFont(size);
  const width = Math.ceil(measure.measureText(words).width + size * 0.5);
  return pictures.image(`label:${size}:${color}:${words}`, width, size * 1.5, (c) => {
    c.font = displayFont(size);
    c.textAlign = "center";
    outlinedText(c, words, 0, capMiddle(c, "H"), color, Math.max(4, size * 0.11));
  });
}

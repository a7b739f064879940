/** Shouts: single words that jump out of the arena ("BONK!"), few at once and few a second. */
import type * as Phaser from "phaser";
import type { Box } from "../layout.ts";
import { displayFont, look } from "../look.ts";
import type { Pictures } from "../picture.ts";
import { capMiddle, outlinedText } from "./shapes.ts";
import { popIn } from "./wear.ts";

const maxShouts = 3;
/** Least time between two shouts: nothing flashes faster than 3 times a second. */
const gapSeconds = 0.4;
const lifeSeconds = 0.95;
const size = 62;
const pictureWidth = 520;
const pictureHeight = 120;

interface Shout {
  readonly image: Phaser.GameObjects.Image;
  readonly base: number;
  readonly tilt: number;
  readonly y: number;
  age: number;
}

export interface Shouts {
  shout(text: string, x: number, y: number, color?: string): void;
  update(seconds: number): void;
}

/** Creates the shouts of a layer. `boundsNow` is what a shout stays within, in the layer's units. */
export function createShouts(
  pictures: Pictures,
  layer: Phaser.GameObjects.Container,
  boundsNow: () => Box,
  reducedMotion: boolean,
): Shouts {
  const shouts: Shout[] = [];
  let since = gapSeconds;
  let turn = 0;
  return {
    shout(text, x, y, color = look.gold) {
      if (since < gapSeconds) return;
      since = 0;
      if (shouts.length >= maxShouts) shouts.shift()!.image.destroy();
      const image = pictures.image(`shout:${color}:${text}`, pictureWidth, pictureHeight, (c) => {
        c.font = displayFont(size);
        c.textAlign = "center";
        c.letterSpacing = "2px";
        const fit = Math.min(1, (pictureWidth - 40) / Math.max(1, c.measureText(text).width));
        c.scale(fit, fit);
        outlinedText(c, text, 0, capMiddle(c, text), color, 9);
      });
      const bounds = boundsNow();
      const half = Math.min(pictureWidth / 2, text.length * size * 0.3);
      const safeX = Math.max(bounds.x + half, Math.min(bounds.x + bounds.width - half, x));
      const safeY = Math.max(bounds.y + 40, Math.min(bounds.y + bounds.height - 40, y));
      layer.add(image.setPosition(safeX, safeY));
      turn = (turn + 1) % 2;
      shouts.push({ image, base: image.scaleX, tilt: turn ? -0.13 : 0.1, y: safeY, age: 0 });
    },
    update(seconds) {
      since += seconds;
      for (let i = shouts.length - 1; i >= 0; i--) {
        const shout = shouts[i]!;
        shout.age += seconds;
        if (shout.age >= lifeSeconds) {
          shout.image.destroy();
          shouts.splice(i, 1);
          continue;
        }
        const share = shout.age / lifeSeconds;
        const grown = reducedMotion ? 1 : popIn(shout.age * 1.3);
        shout.image
          .setScale(shout.base * grown)
          .setRotation(shout.tilt)
          .setAlpha(share < 0.7 ? 1 : 1 - (share - 0.7) / 0.3);
        if (!reducedMotion) shout.image.y = shout.y - 46 * share * share;
      }
    },
  };
}

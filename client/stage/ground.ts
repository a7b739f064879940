/** Slow specks on the ground. The ground itself is the page's background; both are left out on a transparent page. */
import type * as Phaser from "phaser";
import { fillDisc } from "./kit/shapes.ts";
import type { Pictures } from "./picture.ts";

const specks = 26;

export interface Ground {
  update(clock: number): void;
}

/** Covers a page of this many pixels, from its top left. */
export function createGround(
  scene: Phaser.Scene,
  pictures: Pictures,
  page: { width: number; height: number },
  unit: number,
  reducedMotion: boolean,
): Ground {
  const dots = Array.from({ length: specks }, (_, i) => {
    const image = pictures.image("speck", 24, 24, (c) => fillDisc(c, 0, 0, 11, "#ffffff"));
    // Spread by the golden ratio: even, and the same on every load.
    const x = ((i * 0.618034) % 1) * page.width;
    const y = ((i * 0.381966 + (i % 5) * 0.13) % 1) * page.height;
    const size = (0.28 + ((i * 7) % 10) / 14) * unit;
    image.setScale(image.scaleX * size).setAlpha(0.035 + ((i * 3) % 5) * 0.01);
    scene.add.existing(image.setPosition(x, y));
    return { image, x, y, pace: (4 + ((i * 5) % 9)) * unit };
  });
  return {
    update(clock) {
      if (reducedMotion) return;
      for (const { image, x, y, pace } of dots) {
        image.x = x + Math.sin(clock * 0.11 + y) * 30 * unit;
        image.y = (((y - clock * pace) % page.height) + page.height) % page.height;
      }
    },
  };
}

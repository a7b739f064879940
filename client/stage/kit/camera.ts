/** Camera: which part of the world is on the page, with small nudges and a close-up that come and go smoothly. */
import type * as Phaser from "phaser";
import type { Box } from "../layout.ts";

/** Furthest a nudge moves the picture, in units (look: under 8). */
const maxNudge = 7;
/** Zoom of a close-up. */
const closeZoom = 1.22;

export interface StageCamera {
  /** Shows the view whose top left corner is this place in the world. */
  look(left: number, top: number): void;
  /** What of the world is on the page now, in its units, at rest: nudges and close-ups left aside. The same object all along. */
  readonly seen: Box;
  /** A box of the view as one of the world, valid until the next `look`. */
  toWorld(box: Box): Box;
  nudge(nx: number, ny: number, power: number): void;
  /** Zooms on a place in the world for so many seconds. */
  closeUp(x: number, y: number, seconds: number): void;
  update(seconds: number): void;
}

/** Smooth from 0 to 1. */
const ease = (t: number) => t * t * (3 - 2 * t);

/**
 * Creates the camera that moves `root`; `home` puts a view on the page, `middle` is the page point zooms pull towards, `page` what the
 * page shows of a view, in view units.
 */
export function createCamera(
  root: Phaser.GameObjects.Container,
  home: { x: number; y: number; scale: number },
  middle: { x: number; y: number },
  page: Box,
): StageCamera {
  let left = 0;
  let top = 0;
  const seen = { ...page };
  let x = 0;
  let y = 0;
  let vx = 0;
  let vy = 0;
  let focus = { x: 0, y: 0 };
  let age = 0;
  let length = 0;

  const zoomShare = () => {
    if (age >= length) return 0;
    const rise = Math.min(1, age / 0.25);
    const fall = Math.min(1, (length - age) / 0.5);
    return ease(Math.min(rise, fall));
  };
  const apply = () => {
    const share = zoomShare();
    const zoom = 1 + (closeZoom - 1) * share;
    const scale = home.scale * zoom;
    // The focus moves a third of its way to the middle: enough to feel, never so much that the arena leaves the page.
    const px = home.x + (focus.x - left) * home.scale;
    const py = home.y + (focus.y - top) * home.scale;
    const toX = px + (middle.x - px) * 0.35 * share;
    const toY = py + (middle.y - py) * 0.35 * share;
    root.setScale(scale).setPosition(toX - focus.x * scale + x, toY - focus.y * scale + y);
  };
  apply();
  return {
    look(toLeft, toTop) {
      left = toLeft;
      top = toTop;
      seen.x = page.x + left;
      seen.y = page.y + top;
    },
    seen,
    toWorld: (box) => ({ ...box, x: box.x + left, y: box.y + top }),
    nudge(nx, ny, power) {
      vx += nx * power * 190;
      vy += ny * power * 190;
    },
    closeUp(atX, atY, seconds) {
      if (age < length) return;
      focus = { x: atX, y: atY };
      age = 0;
      length = seconds;
    },
    update(seconds) {
      const h = Math.min(0.033, seconds);
      vx += (-320 * x - 22 * vx) * h;
      vy += (-320 * y - 22 * vy) * h;
      x = Math.max(-maxNudge, Math.min(maxNudge, x + vx * h));
      y = Math.max(-maxNudge, Math.min(maxNudge, y + vy * h));
      age += seconds;
      apply();
    },
  };
}

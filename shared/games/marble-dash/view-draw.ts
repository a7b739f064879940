/** Small drawings that several pieces of Marble Dash share: round bars, discs, and images that follow a body. */
import type * as Phaser from "phaser";
import type { EntityDrawing, StagedEntity, StageKit } from "../../game/view.ts";

export type Context = CanvasRenderingContext2D;

/** Shadow of structure on the floor. */
export const shadowFill = "rgba(11, 9, 32, 0.38)";
/** How far to the right and down a shadow falls. */
const shadowX = 7;
const shadowY = 16;

export function disc(c: Context, radius: number, fill: string | CanvasGradient, x = 0, y = 0): void {
  c.fillStyle = fill;
  c.beginPath();
  c.arc(x, y, radius, 0, Math.PI * 2);
  c.fill();
}

/** A bar with round ends in ink, filled from top to bottom with two colours. */
export function bar(c: Context, width: number, height: number, from: string, to: string, ink: string, round = 1): void {
  fillRound(c, width + 8, height + 8, (height / 2 + 4) * round, ink);
  const shade = c.createLinearGradient(0, -height / 2, 0, height / 2);
  shade.addColorStop(0, from);
  shade.addColorStop(1, to);
  fillRound(c, width - 8, height - 8, (height / 2 - 4) * round, shade);
}

export function fillRound(
  c: Context,
  width: number,
  height: number,
  radius: number,
  fill: string | CanvasGradient,
): void {
  c.fillStyle = fill;
  c.beginPath();
  c.roundRect(-width / 2, -height / 2, width, height, Math.max(0, radius));
  c.fill();
}

/** A chevron that points along +x, as a thick line. */
export function chevron(c: Context, size: number, thickness: number, color: string): void {
  c.strokeStyle = color;
  c.lineWidth = thickness;
  c.lineCap = "round";
  c.lineJoin = "round";
  c.beginPath();
  c.moveTo(-size * 0.4, -size);
  c.lineTo(size * 0.4, 0);
  c.lineTo(-size * 0.4, size);
  c.stroke();
}

/** Whether something near this height is on the page, with some room for its size. */
export function isSeen({ camera }: StageKit, y: number, reach = 320): boolean {
  return y > camera.y - reach && y < camera.y + camera.height + reach;
}

/** Moves the picture of a body and its shadow with it. */
export function placeBoth(
  now: StagedEntity,
  image: Phaser.GameObjects.Image,
  shadow: Phaser.GameObjects.Image | undefined,
  turn = now.angle,
): void {
  image.setPosition(now.x, now.y).setRotation(turn);
  shadow?.setPosition(now.x + shadowX, now.y + shadowY).setRotation(turn);
}

/** What a simple piece looks like. */
export interface Simple {
  readonly key: string;
  readonly width: number;
  readonly height: number;
  draw(c: Context): void;
  /** Its shadow; none when missing. */
  shadow?(c: Context): void;
  /** How much it grows at a hit, as a share. Default 0. */
  readonly jump?: number;
}

/** The drawing of a piece that is one picture, hidden while it is off the page. */
export function simple(
  kit: StageKit,
  { key, width, height, draw, shadow: drawShadow, jump = 0 }: Simple,
): EntityDrawing {
  const image = kit.picture(key, width, height, draw);
  const shadow = drawShadow && kit.picture(`${key}:shadow`, width, height, drawShadow);
  const base = image.scaleX;
  let hop = 0;
  kit.layers.structure.add(image);
  if (shadow) kit.layers.shadows.add(shadow);
  return {
    draw(now, time) {
      const seen = isSeen(kit, now.y, Math.max(width, height));
      image.setVisible(seen);
      shadow?.setVisible(seen);
      if (!seen) return;
      hop = Math.max(0, hop - time.seconds * 4);
      image.setScale(base * (1 + jump * hop * hop));
      placeBoth(now, image, shadow);
    },
    hit(_nx, _ny, power) {
      hop = Math.max(hop, 0.4 + power * 0.6);
    },
    destroy() {
      image.destroy();
      shadow?.destroy();
    },
  };
}

/** A chequered band between two lines of ink. */
export function stripesOfFinish(c: Context, width: number, height: number, { ink, paper }: StageKit["look"]): void {
  const square = height / 3;
  c.fillStyle = ink;
  c.fillRect(-width / 2, -height / 2 - 8, width, height + 16);
  c.fillStyle = paper;
  for (let row = 0; row < 3; row++) {
    for (let x = -width / 2, column = 0; x < width / 2; x += square, column++) {
      if ((row + column) % 2 === 0) c.fillRect(x, -height / 2 + row * square, Math.min(square, width / 2 - x), square);
    }
  }
}

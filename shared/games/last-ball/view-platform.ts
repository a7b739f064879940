/** The platform of Last Ball: floor with its glowing rim, the part that is about to fall, and the part that has fallen. */
import type * as Phaser from "phaser";
import type { StageKit, StageTime } from "../../game/view.ts";

/** Radius of a full platform, as the pictures are drawn. */
const full = 430;
const rimThickness = 17;
/** Sizes the platform is drawn for; between them it is scaled, so that its rim stays about as thick while it shrinks. */
const sizes = [1, 0.82, 0.66, 0.5, 0.36, 0.24, 0.14] as const;

interface Platform {
  frame(time: StageTime): void;
  destroy(): void;
}

/** Creates the platform's pictures. */
export function createPlatform(kit: StageKit): Platform {
  const { layers, picture } = kit;
  const fallen = picture("platform-fallen", full * 2 + 20, full * 2 + 20, (c) => {
    dashedRing(c, "rgba(155, 123, 255, 0.16)", 4, [26, 22]);
  });
  const warning = picture("platform-warning", full * 2 + 20, full * 2 + 20, (c) => {
    dashedRing(c, kit.look.bad, 9, [34, 24]);
  });
  const ringBase = fallen.scaleX;
  let step = -1;
  let floor: Phaser.GameObjects.Image | undefined;
  let floorBase = 1;
  let radius = full;
  layers.floor.add([fallen, warning]);

  const place = (x: number, y: number) => {
    const share = Math.max(0.01, radius / full);
    const wanted = Math.max(
      0,
      sizes.findLastIndex((size) => size >= share - 0.001),
    );
    if (wanted !== step || !floor) {
      floor?.destroy();
      floor = platformPicture(kit, sizes[wanted]!);
      floorBase = floor.scaleX;
      step = wanted;
      layers.floor.addAt(floor, 1);
    }
    floor.setPosition(x, y).setScale((floorBase * share) / sizes[wanted]!);
    fallen.setPosition(x, y).setVisible(share < 0.985);
  };
  const warn = (x: number, y: number, time: StageTime) => {
    const next = kit.prop("nextRadius", full);
    const coming = kit.prop("shrinkAtTick", 0) > 0 && next < radius - 4;
    warning.setVisible(coming).setPosition(x, y);
    if (!coming) return;
    // Breathes twice a second: seen, and below the limit of 3 flashes a second.
    const breath = kit.reducedMotion ? 0.8 : 0.62 + 0.38 * Math.sin(time.clock * Math.PI * 4);
    warning.setScale((ringBase * next) / full).setAlpha(breath);
    if (!kit.reducedMotion) warning.setRotation(time.clock * 0.25);
  };
  return {
    frame(time) {
      const x = kit.prop("arenaX", 485);
      const y = kit.prop("arenaY", 1010);
      // The room tells the radius 20 times a second; the picture glides after it.
      radius += (kit.prop("arenaRadius", full) - radius) * Math.min(1, time.seconds * 12);
      place(x, y);
      warn(x, y, time);
    },
    destroy() {
      fallen.destroy();
      warning.destroy();
      floor?.destroy();
    },
  };
}

function dashedRing(c: CanvasRenderingContext2D, color: string, thickness: number, dashes: number[]): void {
  c.strokeStyle = color;
  c.lineWidth = thickness;
  c.setLineDash(dashes);
  c.beginPath();
  c.arc(0, 0, full, 0, Math.PI * 2);
  c.stroke();
}

/** Shadow, floor and rim in one picture: three large ones on top of each other would be three times the work for the same. */
function platformPicture(kit: StageKit, share: number): Phaser.GameObjects.Image {
  const radius = full * share;
  const side = radius * 2 + 110;
  return kit.picture(`platform:${share}`, side, side, (c) => {
    disc(c, 4, 34, radius + 12, "rgba(11, 9, 32, 0.38)");
    drawFloor(c, kit, radius);
    drawRim(c, kit, radius);
  });
}

function disc(c: CanvasRenderingContext2D, x: number, y: number, radius: number, fill: string | CanvasGradient): void {
  c.fillStyle = fill;
  c.beginPath();
  c.arc(x, y, radius, 0, Math.PI * 2);
  c.fill();
}

function ring(c: CanvasRenderingContext2D, radius: number, thickness: number, stroke: string | CanvasGradient): void {
  c.lineWidth = thickness;
  c.strokeStyle = stroke;
  c.beginPath();
  c.arc(0, 0, radius, 0, Math.PI * 2);
  c.stroke();
}

function drawFloor(c: CanvasRenderingContext2D, { look }: StageKit, radius: number): void {
  const gradient = c.createRadialGradient(0, -radius * 0.14, radius * 0.1, 0, 0, radius);
  gradient.addColorStop(0, look.surface[0]);
  gradient.addColorStop(1, look.surface[1]);
  disc(c, 0, 0, radius, gradient);
  ring(c, radius * 0.43, 5, "rgba(255, 247, 232, 0.1)");
  c.setLineDash([30, 34]);
  ring(c, radius * 0.7, 5, "rgba(255, 247, 232, 0.1)");
  c.setLineDash([]);
}

function drawRim(c: CanvasRenderingContext2D, { look }: StageKit, radius: number): void {
  const gradient = c.createLinearGradient(-radius * 0.7, -radius * 0.7, radius * 0.6, radius * 0.6);
  gradient.addColorStop(0, look.rim[0]);
  gradient.addColorStop(1, look.rim[1]);
  ring(c, radius, rimThickness + 16, look.ink);
  ring(c, radius, rimThickness, gradient);
}

/** The platform of Last Ball: floor, glowing rim, the part that is about to fall, and the part that has fallen. */
import type * as Phaser from "phaser";
import type { StageKit, StageTime } from "../../game/view.ts";

/** Radius the pictures are drawn for; the real one scales them. */
const drawn = 430;
const rimThickness = 17;
/** Rim pictures are drawn in steps, so that its thickness stays while the platform shrinks. */
const rimSteps = [1, 0.8, 0.62, 0.46, 0.3, 0.16] as const;

interface Platform {
  frame(time: StageTime): void;
  destroy(): void;
}

/** Creates the platform's pictures. */
export function createPlatform(kit: StageKit): Platform {
  const { layers, look } = kit;
  const { picture } = kit;
  const size = drawn * 2 + 60;
  const shadow = picture("platform-shadow", size, size, (c) => {
    c.fillStyle = "rgba(11, 9, 32, 0.38)";
    c.beginPath();
    c.arc(0, 0, drawn + 12, 0, Math.PI * 2);
    c.fill();
  });
  const floor = picture("platform-floor", size, size, (c) => drawFloor(c, kit));
  const fallen = picture("platform-fallen", size, size, (c) => {
    c.strokeStyle = "rgba(155, 123, 255, 0.16)";
    c.lineWidth = 4;
    c.setLineDash([26, 22]);
    c.beginPath();
    c.arc(0, 0, drawn, 0, Math.PI * 2);
    c.stroke();
  });
  const warning = picture("platform-warning", size, size, (c) => {
    c.strokeStyle = look.bad;
    c.lineWidth = 9;
    c.setLineDash([34, 24]);
    c.beginPath();
    c.arc(0, 0, drawn, 0, Math.PI * 2);
    c.stroke();
  });
  const rims: Phaser.GameObjects.Image[] = rimSteps.map((share) => rimPicture(kit, share, size));
  const all = [fallen, shadow, floor, warning, ...rims];
  layers.floor.add(all);
  const base = floor.scaleX;
  let radius = drawn;
  let heat = 0;

  return {
    frame(time) {
      const x = kit.prop("arenaX", 485);
      const y = kit.prop("arenaY", 1010);
      // The room tells the radius 20 times a second; the picture glides after it.
      radius += (kit.prop("arenaRadius", drawn) - radius) * Math.min(1, time.seconds * 12);
      const share = Math.max(0.01, radius / drawn);
      for (const image of all) image.setPosition(x, y);
      shadow.setPosition(x + 6, y + 34).setScale(base * share);
      floor.setScale(base * share);
      fallen.setVisible(share < 0.985);
      const step = rimSteps.findLastIndex((candidate) => candidate >= share - 0.001);
      rims.forEach((rim, index) => {
        rim.setVisible(index === Math.max(0, step)).setScale((base * share) / rimSteps[index]!);
      });
      warn(time, radius);
      heat += (kit.prop("heat", 1) - 1 - heat) * Math.min(1, time.seconds * 2);
      const glow = kit.reducedMotion
        ? 0
        : Math.min(0.5, Math.max(0, heat) * 0.25) * (0.5 + 0.5 * Math.sin(time.clock * 5));
      for (const rim of rims) rim.setAlpha(1 - glow * 0.35);
    },
    destroy() {
      for (const image of all) image.destroy();
    },
  };

  function warn(time: StageTime, present: number): void {
    const next = kit.prop("nextRadius", drawn);
    const coming = kit.prop("shrinkAtTick", 0) > 0 && next < present - 4;
    warning.setVisible(coming);
    if (!coming) return;
    // Breathes twice a second: seen, and below the limit of 3 flashes a second.
    const breath = kit.reducedMotion ? 0.8 : 0.62 + 0.38 * Math.sin(time.clock * Math.PI * 4);
    warning.setScale((base * next) / drawn).setAlpha(breath);
    if (!kit.reducedMotion) warning.setRotation(time.clock * 0.25);
  }
}

function drawFloor(c: CanvasRenderingContext2D, { look }: StageKit): void {
  const gradient = c.createRadialGradient(0, -60, 40, 0, 0, drawn);
  gradient.addColorStop(0, look.surface[0]);
  gradient.addColorStop(1, look.surface[1]);
  c.fillStyle = gradient;
  c.beginPath();
  c.arc(0, 0, drawn, 0, Math.PI * 2);
  c.fill();
  c.strokeStyle = "rgba(255, 247, 232, 0.1)";
  c.lineWidth = 5;
  c.beginPath();
  c.arc(0, 0, drawn * 0.43, 0, Math.PI * 2);
  c.stroke();
  c.setLineDash([30, 34]);
  c.beginPath();
  c.arc(0, 0, drawn * 0.7, 0, Math.PI * 2);
  c.stroke();
  c.setLineDash([]);
}

function rimPicture({ picture, look }: StageKit, share: number, size: number): Phaser.GameObjects.Image {
  return picture(`platform-rim:${share}`, size, size, (c) => {
    const radius = drawn * share;
    const gradient = c.createLinearGradient(-radius * 0.7, -radius * 0.7, radius * 0.6, radius * 0.6);
    gradient.addColorStop(0, look.rim[0]);
    gradient.addColorStop(1, look.rim[1]);
    const ring = (thickness: number, stroke: string | CanvasGradient) => {
      c.lineWidth = thickness;
      c.strokeStyle = stroke;
      c.beginPath();
      c.arc(0, 0, radius, 0, Math.PI * 2);
      c.stroke();
    };
    ring(rimThickness + 16, look.ink);
    ring(rimThickness, gradient);
  });
}

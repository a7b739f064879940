/** How a marble looks: the stage's body, and what it wears in this game - weight, ghost, boost, streak, trail, place. */
import type * as Phaser from "phaser";
import type { EntityDrawing, StagedEntity, StageKit, StageTime } from "../../game/view.ts";
import { chevron, disc, isSeen } from "./view-draw.ts";

/** Radius for which the pictures are drawn; the marble's own scales them. */
const drawn = 48;
/** Speed from which a marble leaves its trail, units per tick, and seconds between two puffs. */
const trailSpeed = 3;
const trailSeconds = 0.05;

/** A part of the costume: made when it is put on, gone when it is taken off. */
interface Costume {
  readonly name: string;
  make(kit: StageKit, value: number): Phaser.GameObjects.Image;
  /** Below the face. */
  readonly below?: boolean;
  place(image: Phaser.GameObjects.Image, now: StagedEntity, time: StageTime, base: number): void;
}

const ringOf = (kit: StageKit, key: string, draw: (c: CanvasRenderingContext2D) => void) =>
  kit.picture(`marble:${key}`, drawn * 3, drawn * 3, draw);

function ring(c: CanvasRenderingContext2D, radius: number, thickness: number, color: string): void {
  c.lineWidth = thickness;
  c.strokeStyle = color;
  c.beginPath();
  c.arc(0, 0, radius, 0, Math.PI * 2);
  c.stroke();
}

/** Puts a costume around the middle of the marble. */
const around: Costume["place"] = (image, { x, y, a }, _time, base) => {
  image.setPosition(x, y).setScale((base * a) / drawn);
};

const costumes: readonly Costume[] = [
  {
    name: "boost",
    below: true,
    make: (kit) =>
      kit.picture("marble:flame", drawn * 2.6, drawn * 5, (c) => {
        for (const [size, color] of [
          [1, kit.look.rim[1]],
          [0.74, kit.look.rim[0]],
          [0.46, kit.look.paper],
        ] as const) {
          c.fillStyle = color;
          c.beginPath();
          c.moveTo(-drawn * size, drawn * 0.6);
          c.quadraticCurveTo(-drawn * size, -drawn * 0.6 * size, 0, -drawn * 2.3 * size);
          c.quadraticCurveTo(drawn * size, -drawn * 0.6 * size, drawn * size, drawn * 0.6);
          c.closePath();
          c.fill();
        }
      }),
    place(image, { x, y, a, vx, vy }, time, base) {
      const back = Math.atan2(vy, vx) - Math.PI / 2;
      const flicker = 1 + 0.12 * Math.sin(time.clock * 31);
      image
        .setPosition(x, y)
        .setRotation(back)
        .setScale((base * a) / drawn, (base * a * flicker) / drawn);
    },
  },
  {
    name: "heavy",
    below: true,
    make: (kit) =>
      ringOf(kit, "heavy", (c) => {
        ring(c, drawn + 8, 26, kit.look.ink);
        ring(c, drawn + 8, 15, "#8d88b8");
        for (let i = 0; i < 8; i++) {
          const angle = (i / 8) * Math.PI * 2 + 0.39;
          disc(c, 5, kit.look.ink, Math.cos(angle) * (drawn + 10), Math.sin(angle) * (drawn + 10));
        }
      }),
    place: around,
  },
  {
    name: "ghost",
    make: (kit) =>
      ringOf(kit, "ghost", (c) => {
        disc(c, drawn + 2, "rgba(235, 240, 255, 0.5)");
        c.setLineDash([20, 14]);
        ring(c, drawn + 12, 8, "rgba(235, 240, 255, 0.95)");
      }),
    place(image, now, time, base) {
      around(image, now, time, base);
      image.setRotation(time.clock * 0.9).setAlpha(0.75 + 0.2 * Math.sin(time.clock * 5));
    },
  },
  {
    name: "streak",
    make: (kit) => kit.icon("flame", 46),
    place: (image, { x, y, a }, _time, base) => {
      image.setPosition(x - a * 0.72, y - a * 0.72).setScale((base * a) / drawn);
    },
  },
  {
    name: "ticket",
    make: (kit) => kit.icon("plus", 36),
    place: (image, { x, y, a }, _time, base) => {
      image.setPosition(x + a * 0.76, y - a * 0.7).setScale((base * a) / drawn);
    },
  },
];

/** The drawing of a marble. */
export function drawMarble(kit: StageKit, entity: StagedEntity): EntityDrawing {
  const body = kit.body(entity);
  const worn = new Map<Costume, { readonly image: Phaser.GameObjects.Image; readonly base: number }>();
  const trail = createTrail(kit);
  const place = createPlace(kit);
  const dress = (costume: Costume, now: StagedEntity, time: StageTime) => {
    const value = now.wears(costume.name);
    const item = worn.get(costume);
    if (value > 0 && !item) {
      const image = costume.make(kit, value);
      (costume.below ? kit.layers.shadows : kit.layers.bodies).add(image);
      worn.set(costume, { image, base: image.scaleX });
    } else if (value <= 0 && item) {
      item.image.destroy();
      worn.delete(costume);
    }
    const put = worn.get(costume);
    if (put) costume.place(put.image, now, time, put.base);
  };
  return {
    draw(now, time) {
      body.draw(now, time);
      for (const costume of costumes) dress(costume, now, time);
      place(now);
      if (!kit.reducedMotion && isSeen(kit, now.y)) trail(now, time.seconds);
    },
    hit: (nx, ny, power) => body.hit?.(nx, ny, power),
    destroy() {
      body.destroy();
      for (const { image } of worn.values()) image.destroy();
      place();
    },
  };
}

/** Puffs in the colour that its viewer chose. */
function createTrail(kit: StageKit) {
  let sincePuff = 0;
  return (now: StagedEntity, seconds: number) => {
    const color = kit.look.hues[Math.round(now.wears("trail")) - 1];
    sincePuff += seconds;
    if (!color || sincePuff < trailSeconds || Math.hypot(now.vx, now.vy) < trailSpeed) return;
    sincePuff = 0;
    kit.puff(now.x - now.vx * 2, now.y - now.vy * 2, now.a * 0.6, color);
  };
}

/** The number of the place at the finish, over the face; called without a marble it goes. */
function createPlace(kit: StageKit) {
  let label: Phaser.GameObjects.Image | undefined;
  return (now?: StagedEntity) => {
    const place = now ? Math.round(now.wears("place")) : 0;
    if (!now || place === 0) {
      label?.destroy();
      label = undefined;
      return;
    }
    if (!label) {
      label = kit.label(`${place}`, 46, place <= 3 ? kit.look.gold : kit.look.paper);
      kit.layers.bodies.add(label);
    }
    label.setPosition(now.x + now.a * 0.72, now.y + now.a * 0.6);
  };
}

/** An arrow over a marble that was pushed aside, for a moment. */
export function sideMark(kit: StageKit, x: number, y: number, side: number): void {
  const mark = kit.picture(`side:${side}`, 70, 90, (c) => {
    c.scale(side, 1);
    chevron(c, 22, 22, kit.look.ink);
    chevron(c, 22, 12, kit.look.paper);
  });
  kit.layers.sparks.add(mark.setPosition(x + side * 66, y));
  kit.scene.tweens.add({
    ...{ targets: mark, x: x + side * 120, alpha: 0, duration: 420, ease: "Quad.easeOut" },
    onComplete: () => mark.destroy(),
  });
}

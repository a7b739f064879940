/** Wear: what a body shows of its state (crown, spikes, shield, ...) as pictures around it. Drawn at `faceRadius`, scaled with the body. */
import type * as Phaser from "phaser";
import type { StagedEntity, StageTime } from "../../../shared/game/view.ts";
import { displayFont, look, withAlpha } from "../look.ts";
import type { Pictures } from "../picture.ts";
import {
  capMiddle,
  drawCrown,
  drawSnowStar,
  drawSpikes,
  faceRadius,
  fillDisc,
  outlinedText,
  strokeRing,
} from "./shapes.ts";

type Context = CanvasRenderingContext2D;

interface WearStyle {
  readonly name: string;
  /** Worn only with this value, where each value has a picture of its own. */
  readonly only?: number;
  /** Behind the face or over it. */
  readonly behind: boolean;
  readonly size: number;
  readonly draw: (context: Context) => void;
  /** Places the picture; `age` is seconds since it was put on. */
  readonly place: (image: Phaser.GameObjects.Image, age: number, time: StageTime, value: number) => void;
}

/** Grows from nothing to 1 with one overshoot, in about 0.4 s. */
export function popIn(age: number): number {
  const t = Math.min(1, age / 0.4);
  const rest = t - 1;
  return 1 + 2.9 * rest * rest * rest + 1.9 * rest * rest;
}

/** Blinks softly, at most twice a second, in the last 1.2 s before an end tick. */
function fading(value: number, time: StageTime): number {
  // 1 is no tick but "as long as it lasts".
  if (value <= 1) return 1;
  const left = (value - time.tick) / 60;
  return left > 1.2 || left < 0 ? 1 : 0.6 + 0.4 * Math.cos(left * Math.PI * 4);
}

const r = faceRadius;

/** Team 1 to 4: a broad ring in the team's hue, with as many studs as its number, so that hue is not all that tells. */
const teamStyles = look.teams.map(
  (hue, index): WearStyle => ({
    name: "team",
    only: index + 1,
    behind: true,
    size: (r + 24) * 2,
    draw(c) {
      strokeRing(c, r + 9, 26, look.ink);
      strokeRing(c, r + 9, 16, hue);
      for (let stud = 0; stud <= index; stud++) {
        const angle = Math.PI / 2 + (stud - index / 2) * 0.3;
        fillDisc(c, Math.cos(angle) * (r + 9), Math.sin(angle) * (r + 9), 7, look.ink);
      }
    },
    place: (image, age) => image.setAlpha(Math.min(1, age * 3)),
  }),
);

const styles: readonly WearStyle[] = [
  ...teamStyles,
  {
    name: "subscriber",
    behind: true,
    size: (r + 14) * 2,
    draw(c) {
      const light = c.createConicGradient(0, 0, 0);
      for (let i = 0; i <= 6; i++) light.addColorStop(i / 6, i % 2 === 0 ? look.gold : look.paper);
      strokeRing(c, r + 5, 14, look.ink);
      strokeRing(c, r + 5, 7, light);
    },
    place: (image, age, time) => image.setRotation(time.clock * 0.8).setAlpha(Math.min(1, age * 3)),
  },
  {
    name: "giant",
    behind: true,
    size: (r + 26) * 2,
    draw(c) {
      const glow = c.createRadialGradient(0, 0, r * 0.9, 0, 0, r + 24);
      glow.addColorStop(0, withAlpha(look.rim[0], 0.8));
      glow.addColorStop(1, withAlpha(look.rim[1], 0));
      fillDisc(c, 0, 0, r + 24, glow);
    },
    place: (image, _age, time, value) => {
      const beat = 1 + 0.05 * Math.sin(time.clock * 6);
      image.setScale(image.scaleX * beat).setAlpha(fading(value, time));
    },
  },
  {
    name: "spikes",
    behind: true,
    size: (r + 32) * 2,
    draw: (c) => drawSpikes(c, r - 3, 24, 14),
    place: (image, _age, time, value) => image.setRotation(time.clock * 0.9).setAlpha(fading(value, time)),
  },
  {
    name: "magnet",
    behind: true,
    size: (r + 70) * 2,
    draw(c) {
      for (const [reach, alpha] of [
        [r + 24, 0.9],
        [r + 44, 0.6],
        [r + 62, 0.35],
      ] as const) {
        c.setLineDash([reach * 0.5, reach * 0.28]);
        strokeRing(c, reach, 7, withAlpha("#ff7af0", alpha));
      }
      c.setLineDash([]);
    },
    place: (image, age, time) => {
      const draw = 1 - 0.14 * ((age * 0.9) % 1);
      image.setRotation(-time.clock * 1.4).setScale(image.scaleX * draw);
    },
  },
  {
    name: "guard",
    behind: true,
    size: (r + 26) * 2,
    draw(c) {
      strokeRing(c, r + 8, 26, look.ink);
      strokeRing(c, r + 8, 15, "#b9b4e0");
      for (let i = 0; i < 8; i++) {
        const angle = (i / 8) * Math.PI * 2;
        fillDisc(c, Math.cos(angle) * (r + 8), Math.sin(angle) * (r + 8), 4, look.ink);
      }
    },
    place: (image, _age, time, value) => image.setAlpha(fading(value, time)),
  },
  {
    name: "frozen",
    behind: false,
    size: (r + 14) * 2,
    draw(c) {
      // The face stays readable under the ice.
      fillDisc(c, 0, 0, r - 2, "rgba(168, 236, 255, 0.34)");
      strokeRing(c, r - 1, 8, "rgba(226, 248, 255, 0.95)");
      c.translate(-r * 0.66, -r * 0.66);
      fillDisc(c, 0, 0, 25, look.ink);
      fillDisc(c, 0, 0, 20, "#4aa8d8");
      drawSnowStar(c, 15);
    },
    place: (image, _age, time, value) => image.setAlpha(fading(value, time)),
  },
  {
    name: "shield",
    behind: false,
    size: (r + 26) * 2,
    draw(c) {
      fillDisc(c, 0, 0, r + 16, "rgba(77, 225, 255, 0.13)");
      strokeRing(c, r + 16, 13, look.ink);
      strokeRing(c, r + 16, 7, "#4de1ff");
      c.strokeStyle = "rgba(255, 255, 255, 0.85)";
      c.lineWidth = 4;
      c.lineCap = "round";
      c.beginPath();
      c.arc(0, 0, r + 16, -2.5, -1.8);
      c.stroke();
    },
    place: (image, _age, time, value) =>
      image.setScale(image.scaleX * (1 + 0.025 * Math.sin(time.clock * 4))).setAlpha(fading(value, time)),
  },
  {
    name: "crown",
    behind: false,
    size: 150,
    draw: (c) => {
      c.translate(0, 30);
      drawCrown(c);
    },
    place: (image, age, time) => {
      const drop = 26 * Math.max(0, 1 - age / 0.35) ** 2;
      image.y = -r - 24 - drop + 1.5 * Math.sin(time.clock * 3);
      image.setRotation(0.05 * Math.sin(time.clock * 2.1));
    },
  },
  {
    name: "revenge",
    behind: false,
    size: 64,
    draw(c) {
      fillDisc(c, 0, 0, 27, look.ink);
      fillDisc(c, 0, 0, 21, look.bad);
      c.font = displayFont(34);
      c.textAlign = "center";
      outlinedText(c, "!", 0, capMiddle(c, "!"), look.paper, 3);
    },
    place: (image, _age, time) => {
      image.setPosition(r * 0.68, -r * 0.74).setScale(image.scaleX * (1 + 0.07 * Math.sin(time.clock * 6)));
    },
  },
];

interface Worn {
  readonly image: Phaser.GameObjects.Image;
  readonly base: number;
  age: number;
}

/** What one body wears. */
export interface Wardrobe {
  update(entity: StagedEntity, time: StageTime): void;
  destroy(): void;
}

/** Creates an empty wardrobe; pictures go into `behind` and `front`. */
export function createWardrobe(
  pictures: Pictures,
  behind: Phaser.GameObjects.Container,
  front: Phaser.GameObjects.Container,
): Wardrobe {
  const worn = new Map<WearStyle, Worn>();
  const put = (style: WearStyle): Worn => {
    const image = pictures.image(`wear:${style.name}${style.only ?? ""}`, style.size, style.size, style.draw);
    (style.behind ? behind : front).add(image);
    const item = { image, base: image.scaleX, age: 0 };
    worn.set(style, item);
    return item;
  };
  return {
    update(entity, time) {
      for (const style of styles) {
        const value = entity.wears(style.name);
        let item = worn.get(style);
        if (value <= 0 || (style.only ?? value) !== value) {
          if (!item) continue;
          item.image.destroy();
          worn.delete(style);
          continue;
        }
        item ??= put(style);
        item.age += time.seconds;
        item.image.setScale(item.base * popIn(item.age));
        style.place(item.image, item.age, time, value);
      }
    },
    destroy() {
      for (const item of worn.values()) item.image.destroy();
      worn.clear();
    },
  };
}

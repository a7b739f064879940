/** Body: a viewer's ball with face, shadow, wear, squash and trail. */
import type * as Phaser from "phaser";
import type { EntityDrawing, StagedEntity, StageKit, StageLayers } from "../../../shared/game/view.ts";
import { look, shadowFill, titleColor } from "../look.ts";
import type { Pictures } from "../picture.ts";
import type { FaceOf, Faces } from "./faces.ts";
import { drawChip, faceRadius } from "./shapes.ts";
import { createWardrobe, popIn } from "./wear.ts";

/** Speed from which a body leaves a trail, units per tick, and seconds between two puffs. */
const trailSpeed = 8.5;
const trailSeconds = 0.045;
/** How often a body asks whether its face has changed, in seconds. */
const faceCheckSeconds = 0.6;
/** Squash spring: stiffness, damping and the most it may deform. */
const stiffness = 420;
const damping = 15;
const maxSquash = 0.2;

/** What a body needs to know of its viewer. */
export interface BodyViewer extends FaceOf {
  readonly bot: boolean;
  readonly test: boolean;
}

/** What bodies are made with. */
export interface BodyParts {
  readonly scene: Phaser.Scene;
  readonly layers: StageLayers;
  readonly pictures: Pictures;
  readonly faces: Faces;
  readonly reducedMotion: boolean;
  viewer(key: string): BodyViewer;
  puff: StageKit["puff"];
}

/** Creates the drawing of a viewer's body. */
export function createBody(parts: BodyParts, entity: StagedEntity): EntityDrawing {
  const { scene, layers, pictures } = parts;
  const root = scene.make.container({}, false);
  const behind = scene.make.container({}, false);
  const front = scene.make.container({}, false);
  const shadow = pictures.image("shadow", 160, 120, (c) => {
    c.fillStyle = shadowFill;
    c.beginPath();
    c.ellipse(0, 0, 58, 42, 0, 0, Math.PI * 2);
    c.fill();
  });
  const shadowScale = shadow.scaleX;
  root.add([behind, front]);
  layers.bodies.add(root);
  layers.shadows.add(shadow);
  const face = createFace(parts, root, entity.viewer);
  const wardrobe = createWardrobe(pictures, behind, front);
  const squash = createSquash();
  const trail = createTrail(parts);
  let radius = entity.a;

  return {
    draw(now, time) {
      radius += (now.a - radius) * Math.min(1, time.seconds * 9);
      const grown = (radius / faceRadius) * (parts.reducedMotion ? 1 : popIn(now.age));
      if (!parts.reducedMotion) squash.update(time.seconds);
      // Who waits for the next round sits beside the platform, a little faded.
      root.setPosition(now.x, now.y).setAlpha(now.wears("waiting") > 0 ? 0.6 : 1);
      root.setScale(grown * (1 - squash.narrower), grown * (1 + squash.narrower));
      face.update(now, time.seconds);
      shadow.setPosition(now.x + radius * 0.14, now.y + radius * 0.36).setScale(shadowScale * grown * 0.98);
      wardrobe.update(now, time);
      if (!parts.reducedMotion) trail(now, radius, time.seconds);
    },
    hit: (nx, ny, power) => squash.hit(nx, ny, power),
    destroy() {
      wardrobe.destroy();
      shadow.destroy();
      root.destroy();
    },
  };
}

/** The face between what is worn behind and in front, and the chip of bots and tests. Destroyed with `root`. */
function createFace({ faces, pictures, viewer: viewerOf }: BodyParts, root: Phaser.GameObjects.Container, key: string) {
  let viewer = viewerOf(key);
  let version = faces.version(viewer);
  let image = faces.image(viewer);
  let chip: Phaser.GameObjects.Image | undefined;
  let sinceCheck = 0;
  root.addAt(image, 1);

  const refreshChip = () => {
    const word = viewer.test ? "TEST" : viewer.bot ? "BOT" : "";
    if (word && !chip) {
      const color = viewer.test ? look.rim[0] : titleColor;
      chip = pictures.image(`chip:${word}`, 90, 44, (c) => void drawChip(c, word, color, 20));
      chip.setPosition(0, faceRadius - 4);
      root.add(chip);
    } else if (!word && chip) {
      chip.destroy();
      chip = undefined;
    }
  };
  const refresh = () => {
    viewer = viewerOf(key);
    const next = faces.version(viewer);
    if (next !== version) {
      version = next;
      image.destroy();
      image = faces.image(viewer);
      root.addAt(image, 1);
    }
    refreshChip();
  };
  refreshChip();
  return {
    update(now: StagedEntity, seconds: number) {
      sinceCheck += seconds;
      if (sinceCheck > faceCheckSeconds) {
        sinceCheck = 0;
        refresh();
      }
      const lean = now.wears("frozen") > 0 ? 0 : Math.max(-0.22, Math.min(0.22, now.vx * 0.016));
      image.rotation += (lean - image.rotation) * Math.min(1, seconds * 8);
    },
  };
}

/** The spring that flattens a body at a hit. */
function createSquash() {
  let squash = 0;
  let speed = 0;
  let sign = 1;
  return {
    /** Share by which it is narrower and higher than round; negative, wider and lower. */
    get narrower() {
      return squash * sign;
    },
    update(seconds: number) {
      // Small steps: the spring stays stable, and looks the same, at 15 frames a second.
      const count = Math.max(1, Math.ceil(seconds * 60));
      const h = seconds / count;
      for (let i = 0; i < count; i++) {
        speed += (-stiffness * squash - damping * speed) * h;
        squash = Math.max(-maxSquash, Math.min(maxSquash, squash + speed * h));
      }
    },
    /** Flatter along the blow, wider across it. */
    hit(nx: number, ny: number, power: number) {
      sign = Math.abs(nx) >= Math.abs(ny) ? 1 : -1;
      speed = 1.4 + power * 4.2;
    },
  };
}

/** Puffs behind a fast body. */
function createTrail({ faces, puff }: BodyParts) {
  let sincePuff = 0;
  return (now: StagedEntity, radius: number, seconds: number) => {
    const speed = Math.hypot(now.vx, now.vy);
    sincePuff += seconds;
    if (speed < trailSpeed || sincePuff < trailSeconds) return;
    sincePuff = 0;
    const back = radius / speed;
    puff(now.x - now.vx * back * 0.5, now.y - now.vy * back * 0.5, radius * 0.72, faces.hueOf(now.viewer));
  };
}

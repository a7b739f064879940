/** Body: a viewer's ball with face, shadow, wear, squash and trail. */
import type * as Phaser from "phaser";
import type { EntityDrawing, StagedEntity, StageKit, StageLayers, StageTime } from "../../../shared/game/view.ts";
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
  const { scene, layers, pictures, faces } = parts;
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
  let viewer = parts.viewer(entity.viewer);
  let version = faces.version(viewer);
  let face = faces.image(viewer);
  let chip: Phaser.GameObjects.Image | undefined;
  root.add([behind, face, front]);
  layers.bodies.add(root);
  layers.shadows.add(shadow);
  const wardrobe = createWardrobe(pictures, behind, front);

  let age = 0;
  let radius = entity.a;
  let squash = 0;
  let squashSpeed = 0;
  let squashX = 1;
  let sincePuff = 0;
  let sinceCheck = 0;

  const refreshFace = () => {
    viewer = parts.viewer(entity.viewer);
    const next = faces.version(viewer);
    if (next !== version) {
      version = next;
      face.destroy();
      face = faces.image(viewer);
      root.addAt(face, 1);
    }
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
  refreshFace();

  const spring = (seconds: number) => {
    // Small steps: the spring stays stable, and looks the same, at 15 frames a second.
    const count = Math.max(1, Math.ceil(seconds * 60));
    const h = seconds / count;
    for (let i = 0; i < count; i++) {
      squashSpeed += (-stiffness * squash - damping * squashSpeed) * h;
      squash = Math.max(-maxSquash, Math.min(maxSquash, squash + squashSpeed * h));
    }
  };
  const trail = (now: StagedEntity, time: StageTime) => {
    const speed = Math.hypot(now.vx, now.vy);
    sincePuff += time.seconds;
    if (parts.reducedMotion || speed < trailSpeed || sincePuff < trailSeconds) return;
    sincePuff = 0;
    const back = radius / speed;
    parts.puff(now.x - now.vx * back * 0.5, now.y - now.vy * back * 0.5, radius * 0.72, faces.hueOf(now.viewer));
  };

  return {
    draw(now, time) {
      age += time.seconds;
      sinceCheck += time.seconds;
      if (sinceCheck > faceCheckSeconds) {
        sinceCheck = 0;
        refreshFace();
      }
      radius += (now.a - radius) * Math.min(1, time.seconds * 9);
      const grown = (radius / faceRadius) * (parts.reducedMotion ? 1 : popIn(age));
      if (!parts.reducedMotion) spring(time.seconds);
      // Who waits for the next round sits beside the platform, a little faded.
      root.setPosition(now.x, now.y).setAlpha(now.wears("waiting") > 0 ? 0.6 : 1);
      root.setScale(grown * (1 - squash * squashX), grown * (1 + squash * squashX));
      const lean = now.wears("frozen") > 0 ? 0 : Math.max(-0.22, Math.min(0.22, now.vx * 0.016));
      face.rotation += (lean - face.rotation) * Math.min(1, time.seconds * 8);
      shadow.setPosition(now.x + radius * 0.14, now.y + radius * 0.36).setScale(shadowScale * grown * 0.98);
      wardrobe.update(now, time);
      trail(now, time);
    },
    hit(nx, ny, power) {
      // Flatter along the blow, wider across it.
      squashX = Math.abs(nx) >= Math.abs(ny) ? 1 : -1;
      squashSpeed = 1.4 + power * 4.2;
    },
    destroy() {
      wardrobe.destroy();
      shadow.destroy();
      root.destroy();
    },
  };
}

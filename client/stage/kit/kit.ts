/** The StageKit: what a game's view may use, put together from the parts of the stage. */
import type * as Phaser from "phaser";
import type { StagedEntity, StageKit, StageLayers } from "../../../shared/game/view.ts";
import { hueIndex } from "../hue.ts";
import { look } from "../look.ts";
import type { Pictures } from "../picture.ts";
import type { Sound } from "../sound.ts";
import { type BodyViewer, createBody } from "./body.ts";
import type { StageCamera } from "./camera.ts";
import type { Faces } from "./faces.ts";
import { createFloor } from "./floor.ts";
import { createGauge } from "./gauge.ts";
import { drawIcon, isIcon } from "./icons.ts";
import { createLabel } from "./label.ts";
import type { Particles } from "./particles.ts";
import { createPlaceholder } from "./placeholder.ts";
import type { Shouts } from "./shout.ts";

/** What the kit is made of; the scene owns all of it. */
export interface KitParts {
  readonly scene: Phaser.Scene;
  readonly layers: StageLayers;
  readonly pictures: Pictures;
  readonly faces: Faces;
  readonly particles: Particles;
  readonly shouts: Shouts;
  readonly camera: StageCamera;
  readonly sound: Sound;
  readonly reducedMotion: boolean;
  /** Size of the world. */
  readonly world: { readonly width: number; readonly height: number };
  prop(name: string, fallback: number): number;
  phase(): string;
  entity(id: number): StagedEntity | undefined;
  hit: StageKit["hit"];
  viewer(key: string): BodyViewer;
  banner: StageKit["banner"];
  card: StageKit["card"];
  /** For widths of texts before their pictures exist. */
  readonly measure: CanvasRenderingContext2D;
  slow(seconds: number): void;
  /** Page area confetti falls over, in the units of the particle layer "paper". */
  readonly page: { readonly width: number; readonly height: number };
}

/** Puts the kit together. */
export function createKit(parts: KitParts): StageKit {
  const { particles, reducedMotion, camera, shouts, sound, pictures, layers, faces } = parts;
  const puff: StageKit["puff"] = (x, y, radius, color) =>
    particles.add("dot", { x, y, life: 0.42, from: radius / 16, to: radius / 32, alpha: 0.4, color });
  const bodyParts = { ...parts, puff };
  const kit: StageKit = {
    scene: parts.scene,
    look,
    layers,
    reducedMotion,
    camera: camera.seen,
    world: parts.world,
    prop: parts.prop,
    phase: parts.phase,
    entity: parts.entity,
    hit: parts.hit,
    hueOf: faces.hueOf,
    picture: (key, width, height, draw) => pictures.image(`view:${key}`, width, height, draw),
    icon(name, size, color) {
      const known = isIcon(name) ? name : "star";
      const hue = color ?? look.hues[hueIndex(known, look.hues.length)]!;
      const side = Math.max(16, size);
      return pictures.image(`icon:${known}:${side}:${hue}`, side, side, (c) => {
        c.scale(side / 100, side / 100);
        drawIcon(c, known, hue);
      });
    },
    label: (text, size, color) => createLabel(pictures, parts.measure, text, size, color),
    gauge: (options) => createGauge(parts.scene, pictures, reducedMotion, options),
    body: (entity) => createBody(bodyParts, entity),
    placeholder: (entity) => createPlaceholder(pictures, layers, entity),
    burst: (x, y, power, color = look.gold) => burst(particles, reducedMotion, x, y, power, color),
    bits(x, y, count, color, speed = 420) {
      if (reducedMotion) return;
      for (let i = 0; i < Math.min(24, count); i++) {
        const angle = Math.random() * Math.PI * 2;
        const pace = speed * (0.35 + Math.random() * 0.65);
        const [vx, vy] = [Math.cos(angle) * pace, Math.sin(angle) * pace];
        const size = 0.35 + Math.random() * 0.5;
        particles.add("dot", { x, y, vx, vy, gravity: 500, drag: 1.6, life: 0.7, from: size, to: 0.1, color });
      }
    },
    puff,
    ring: (x, y, from, to, color, seconds = 0.5) =>
      particles.add("ring", {
        x,
        y,
        life: seconds,
        from: (reducedMotion ? to : from) / 100,
        to: to / 100,
        alpha: 0.95,
        color,
      }),
    shout: (text, x, y, color) => shouts.shout(text, x, y, color),
    banner: parts.banner,
    card: parts.card,
    confetti: () => confetti(particles, reducedMotion, parts.page),
    nudge(nx, ny, power) {
      if (!reducedMotion) camera.nudge(nx, ny, power);
    },
    closeUp(x, y, seconds) {
      if (reducedMotion) return;
      camera.closeUp(x, y, seconds + 0.6);
      parts.slow(seconds);
    },
    sound: (name, pitch, power) => sound.play(name, pitch, power),
    floor: () => createFloor(kit),
  };
  return kit;
}

/** A star of strokes, paper and colour in turn. */
function burst(particles: Particles, still: boolean, x: number, y: number, power: number, color: string): void {
  const count = power > 0.6 ? 10 : 7;
  const turn = Math.random() * Math.PI;
  const reach = 34 + power * 40;
  for (let i = 0; i < count; i++) {
    const rotation = turn + (i / count) * Math.PI * 2;
    const [dx, dy] = [Math.cos(rotation), Math.sin(rotation)];
    const pace = still ? 0 : 260 + power * 420;
    particles.add("stroke", {
      x: x + dx * reach * 0.7,
      y: y + dy * reach * 0.7,
      vx: dx * pace,
      vy: dy * pace,
      drag: 6,
      life: 0.26 + power * 0.2,
      from: 0.7 + power * 0.6,
      to: still ? 0.7 : 0.2,
      rotation,
      color: i % 2 === 0 ? color : look.paper,
    });
  }
}

/** Two fountains of paper from the sides of the page. */
function confetti(particles: Particles, still: boolean, page: { width: number; height: number }): void {
  if (still) return;
  for (let i = 0; i < 80; i++) {
    const left = i % 2 === 0;
    particles.add("paper", {
      x: left ? page.width * 0.02 : page.width * 0.98,
      y: page.height * 0.72,
      vx: (left ? 1 : -1) * (120 + Math.random() * page.width * 0.62),
      vy: -(700 + Math.random() * 900),
      gravity: 900,
      drag: 0.9,
      life: 2.4 + Math.random() * 1.4,
      from: 0.9 + Math.random() * 0.6,
      to: 0.8,
      rotation: Math.random() * 6,
      spin: (Math.random() - 0.5) * 14,
      color: look.hues[i % look.hues.length]!,
    });
  }
}

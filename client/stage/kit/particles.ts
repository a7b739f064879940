/** Particles: a bounded pool of small tinted pictures that fly, grow and fade. When it is full the oldest makes room. */
import type * as Phaser from "phaser";
import { colorNumber } from "../look.ts";
import type { Pictures } from "../picture.ts";
import { fillDisc, fillRound, strokeRing } from "./shapes.ts";

/** Most particles alive at once, of each kind. */
const maxAlive = { dot: 120, stroke: 60, ring: 14, paper: 90 } as const;
export type ParticleKind = keyof typeof maxAlive;

/** How a particle lives. Units and seconds; scales are factors of its picture (dot 16, stroke 44x9, ring radius 100, paper 18x12). */
export interface ParticleSpec {
  x: number;
  y: number;
  vx?: number;
  vy?: number;
  /** Downwards, units per second squared. */
  gravity?: number;
  /** Share of speed lost per second, 0 to 10. */
  drag?: number;
  life: number;
  from: number;
  to: number;
  alpha?: number;
  rotation?: number;
  spin?: number;
  color: string;
}

interface Particle {
  readonly image: Phaser.GameObjects.Image;
  readonly base: number;
  spec: Required<ParticleSpec>;
  age: number;
}

export interface Particles {
  add(kind: ParticleKind, spec: ParticleSpec): void;
  update(seconds: number): void;
  readonly size: number;
}

const painters: Record<ParticleKind, { width: number; height: number; draw: (c: CanvasRenderingContext2D) => void }> = {
  dot: { width: 34, height: 34, draw: (c) => fillDisc(c, 0, 0, 16, "#ffffff") },
  stroke: {
    width: 48,
    height: 14,
    draw(c) {
      c.fillStyle = "#ffffff";
      fillRound(c, -22, -4.5, 44, 9, 4.5);
    },
  },
  ring: { width: 216, height: 216, draw: (c) => strokeRing(c, 100, 9, "#ffffff") },
  paper: {
    width: 22,
    height: 16,
    draw(c) {
      c.fillStyle = "#ffffff";
      fillRound(c, -9, -6, 18, 12, 3);
    },
  },
};

/** Creates the pools. `layerOf` says where a kind is drawn. */
export function createParticles(
  pictures: Pictures,
  layerOf: (kind: ParticleKind) => Phaser.GameObjects.Container,
): Particles {
  const alive: Record<ParticleKind, Particle[]> = { dot: [], stroke: [], ring: [], paper: [] };
  const idle: Record<ParticleKind, Particle[]> = { dot: [], stroke: [], ring: [], paper: [] };
  const kinds = Object.keys(maxAlive) as ParticleKind[];

  const fresh = (kind: ParticleKind, spec: Required<ParticleSpec>): Particle => {
    const { width, height, draw } = painters[kind];
    const image = pictures.image(`particle:${kind}`, width, height, draw);
    layerOf(kind).add(image);
    return { image, base: image.scaleX, spec, age: 0 };
  };
  const place = ({ image, base, spec, age }: Particle) => {
    const share = age / spec.life;
    const eased = 1 - (1 - share) * (1 - share);
    image.setPosition(spec.x, spec.y).setRotation(spec.rotation);
    image.setScale(base * (spec.from + (spec.to - spec.from) * eased)).setAlpha(spec.alpha * (1 - share * share));
  };
  const move = (particle: Particle, seconds: number) => {
    const { spec } = particle;
    particle.age += seconds;
    const keep = Math.max(0, 1 - spec.drag * seconds);
    spec.vx *= keep;
    spec.vy = spec.vy * keep + spec.gravity * seconds;
    spec.x += spec.vx * seconds;
    spec.y += spec.vy * seconds;
    spec.rotation += spec.spin * seconds;
  };

  return {
    add(kind, given) {
      const spec = { vx: 0, vy: 0, gravity: 0, drag: 0, alpha: 1, rotation: 0, spin: 0, ...given };
      const particle =
        alive[kind].length >= maxAlive[kind] ? alive[kind].shift()! : (idle[kind].pop() ?? fresh(kind, spec));
      particle.spec = spec;
      particle.age = 0;
      particle.image.setTint(colorNumber(spec.color)).setVisible(true);
      place(particle);
      alive[kind].push(particle);
    },
    update(seconds) {
      for (const kind of kinds) {
        const list = alive[kind];
        let kept = 0;
        for (const particle of list) {
          move(particle, seconds);
          if (particle.age < particle.spec.life) {
            place(particle);
            list[kept++] = particle;
          } else {
            particle.image.setVisible(false);
            idle[kind].push(particle);
          }
        }
        list.length = kept;
      }
    },
    get size() {
      return kinds.reduce((sum, kind) => sum + alive[kind].length, 0);
    },
  };
}

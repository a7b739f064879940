/** The core: a heavy golden ball with a face that looks where it goes, glows in the colour of who pushes, and cracks near a goal. */
import type * as Phaser from "phaser";
import type { EntityDrawing, StagedEntity, StageKit } from "../../game/view.ts";
import { type Context, disc, line, mixed, ring, shadowFill, shine, teamColor } from "./view-draw.ts";
import { lane, tintBy } from "./view-lane.ts";

const radius = 130;
/** Shares of the way to a goal line at which the cracks appear. */
const crackShares = [0.4, 0.62, 0.82] as const;
/** Squash spring: stiffness, damping, and the most it may deform. */
const stiffness = 380;
const damping = 16;
const maxSquash = 0.1;

/** Creates the core's drawing. */
export function drawCore(kit: StageKit, entity: StagedEntity): EntityDrawing {
  const { scene, layers, picture, look } = kit;
  const shadow = picture("cc-core-shadow", 320, 260, (c) => {
    c.fillStyle = shadowFill;
    c.beginPath();
    c.ellipse(0, 0, 142, 112, 0, 0, Math.PI * 2);
    c.fill();
  });
  const glow = picture("cc-core-glow", 440, 440, drawGlow);
  const ball = picture("cc-core", radius * 2 + 24, radius * 2 + 24, (c) => drawBall(c, kit));
  const cracks = crackShares.map((_, index) =>
    picture(`cc-crack:${index}`, radius * 2, radius * 2, (c) => drawCrack(c, index)),
  );
  const light = picture("cc-core-shine", radius * 2, radius * 2, (c) => shine(c, radius * 0.78, 15));
  const face = createFace(kit);
  const root = scene.make.container({}, false);
  const spun = scene.make.container({}, false);
  spun.add([ball, ...cracks]);
  root.add([glow, spun, light, face.root]);
  layers.shadows.add(shadow);
  // Below the cannons: it may come close to them, and their faces stay in sight.
  layers.structure.add(root);
  const glowBase = glow.scaleX;
  const spring = createSpring();
  let age = 0;
  let depth = (entity.y - lane.y) / lane.goalReach;
  return {
    draw(now, time) {
      age += time.seconds;
      depth += ((now.y - lane.y) / lane.goalReach - depth) * Math.min(1, time.seconds * 10);
      const near = Math.min(1, Math.abs(depth));
      if (!kit.reducedMotion) spring.update(time.seconds);
      const grown = kit.reducedMotion ? 1 : popIn(age);
      const tremble = near > 0.75 && !kit.reducedMotion ? Math.sin(time.clock * 55) * 3 * (near - 0.75) * 4 : 0;
      root.setPosition(now.x + tremble, now.y);
      spring.apply(spun, grown);
      spun.setRotation(now.angle);
      shadow.setPosition(now.x + 16, now.y + 34);
      // Who pushes it into the other half has it in their colour.
      const hue = depth > 0 ? teamColor(kit, 2) : teamColor(kit, 1);
      tintBy(glow, mixed(look.paper, hue, Math.min(1, near * 2.2)));
      const beat = kit.reducedMotion ? 1 : 1 + 0.03 * Math.sin(time.clock * (3 + near * 7));
      glow.setScale(glowBase * beat * grown * (0.94 + 0.1 * near)).setAlpha(0.4 + 0.5 * near);
      cracks.forEach((crack, index) => {
        crack.setAlpha(Math.min(1, Math.max(0, (near - crackShares[index]!) * 9)));
      });
      light.setAlpha(Math.min(1, age * 3));
      face.update(now, near, time.clock, grown);
    },
    hit: (nx, ny, power) => spring.hit(nx, ny, power),
    destroy() {
      shadow.destroy();
      root.destroy();
    },
  };
}

function popIn(age: number): number {
  const rest = Math.min(1, age / 0.4) - 1;
  return 1 + 2.9 * rest * rest * rest + 1.9 * rest * rest;
}

function drawGlow(c: Context): void {
  const glow = c.createRadialGradient(0, 0, radius * 0.8, 0, 0, 218);
  glow.addColorStop(0, "rgba(255, 255, 255, 0.95)");
  glow.addColorStop(0.35, "rgba(255, 255, 255, 0.45)");
  glow.addColorStop(1, "rgba(255, 255, 255, 0)");
  disc(c, 218, glow);
}

/** Gold with plates, so that its rolling is seen. */
function drawBall(c: Context, { look }: StageKit): void {
  disc(c, radius + 8, look.ink);
  const gold = c.createRadialGradient(-30, -40, 20, 0, 0, radius);
  gold.addColorStop(0, "#fff0a8");
  gold.addColorStop(0.45, look.gold);
  gold.addColorStop(1, "#f08a2c");
  disc(c, radius - 2, gold);
  ring(c, radius - 16, 10, "rgba(140, 62, 12, 0.4)");
  for (let i = 0; i < 8; i++) {
    const angle = (i / 8) * Math.PI * 2;
    const x = Math.cos(angle);
    const y = Math.sin(angle);
    line(
      c,
      [
        [x * 92, y * 92],
        [x * 108, y * 108],
      ],
      8,
      "rgba(140, 62, 12, 0.45)",
    );
    disc(c, 6.5, "rgba(140, 62, 12, 0.6)", Math.cos(angle + 0.39) * 102, Math.sin(angle + 0.39) * 102);
  }
}

/** Cracks that run in from the rim, more of them at each step. */
function drawCrack(c: Context, step: number): void {
  const color = "#5a1e08";
  for (let i = 0; i <= step + 1; i++) {
    c.save();
    c.rotate(step * 1.1 + (i * Math.PI * 2) / (step + 2));
    const points = [
      [128, 0],
      [106, 10],
      [96, -10],
      [74, 5 + step * 4],
      [60 - step * 6, -8],
    ] as const;
    line(c, points, 13 - i, "rgba(255, 240, 190, 0.75)");
    line(c, points, 8, color);
    line(
      c,
      [
        [96, -10],
        [88, -32],
      ],
      6,
      color,
    );
    c.restore();
  }
}

/** Eyes that look where the core rolls, and a mouth: calm, worried, or afraid. */
function createFace({ scene, picture, look }: StageKit) {
  const root = scene.make.container({}, false);
  const whites = picture("cc-eyes", 150, 90, (c) => {
    for (const x of [-36, 36]) {
      disc(c, 33, look.ink, x, 0);
      disc(c, 27, look.paper, x, 0);
    }
  });
  const pupils = [-36, 36].map((x) => ({
    x,
    image: picture("cc-pupil", 40, 40, (c) => {
      disc(c, 14, look.ink);
      disc(c, 5, look.paper, -4, -5);
    }),
  }));
  const mouths = ["calm", "worried", "afraid"].map((mood) =>
    picture(`cc-mouth:${mood}`, 110, 60, (c) => drawMouth(c, mood, look.ink, look.paper)),
  );
  root.add([whites, ...pupils.map(({ image }) => image), ...mouths]);
  const base = whites.scaleY;
  return {
    root,
    update(now: StagedEntity, near: number, clock: number, grown: number) {
      const mood = near > 0.72 ? 2 : near > 0.4 ? 1 : 0;
      const speed = Math.min(1, Math.hypot(now.vx, now.vy) / 2.5);
      const angle = Math.atan2(now.vy, now.vx);
      const dx = Math.cos(angle) * speed;
      const dy = Math.sin(angle) * speed;
      root.setScale(grown).setPosition(dx * 9, dy * 12 - 6);
      const blink = clock % 3.7 < 0.12 ? 0.12 : 1;
      whites.setScale(whites.scaleX, base * blink).setPosition(0, -16);
      for (const { x, image } of pupils) image.setPosition(x + dx * 11, -16 + dy * 11).setVisible(blink === 1);
      mouths.forEach((mouth, index) => {
        mouth.setVisible(index === mood).setPosition(0, 44);
      });
    },
  };
}

function drawMouth(c: Context, mood: string, ink: string, paper: string): void {
  if (mood === "calm") {
    c.strokeStyle = ink;
    c.lineWidth = 11;
    c.lineCap = "round";
    c.beginPath();
    c.arc(0, -16, 28, 0.5, Math.PI - 0.5);
    c.stroke();
  } else if (mood === "worried") {
    line(
      c,
      [
        [-26, 4],
        [-9, -4],
        [9, 5],
        [26, -3],
      ],
      11,
      ink,
    );
  } else {
    c.fillStyle = ink;
    c.beginPath();
    c.ellipse(0, 2, 25, 25, 0, 0, Math.PI * 2);
    c.fill();
    c.fillStyle = paper;
    c.fillRect(-15, -16, 30, 9);
  }
}

/** A spring that flattens the ball along the blow. */
function createSpring() {
  let squash = 0;
  let speed = 0;
  let sign = 1;
  return {
    update(seconds: number) {
      const count = Math.max(1, Math.ceil(seconds * 60));
      const h = seconds / count;
      for (let i = 0; i < count; i++) {
        speed += (-stiffness * squash - damping * speed) * h;
        squash = Math.max(-maxSquash, Math.min(maxSquash, squash + speed * h));
      }
    },
    apply(container: Phaser.GameObjects.Container, grown: number) {
      container.setScale(grown * (1 - squash * sign), grown * (1 + squash * sign));
    },
    hit(nx: number, ny: number, power: number) {
      sign = Math.abs(nx) >= Math.abs(ny) ? 1 : -1;
      speed = Math.min(2.4, speed + 0.4 + power * 2);
    },
  };
}

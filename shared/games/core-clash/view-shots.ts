/** What flies and rolls: pebbles, stones, boulders, barrages of the crowd, and titans. */
import type { EntityDrawing, StagedEntity, StageKit } from "../../game/view.ts";
import {
  type Context,
  disc,
  line,
  mixed,
  ring,
  roundBox,
  shadowFill,
  shine,
  studs,
  teamColor,
  teamOfEntity,
} from "./view-draw.ts";

/** Radius the pictures are drawn for; the entity's own scales them. */
const drawn = 50;

/** Creates the drawing of a shot: its ball, and a streak behind it. */
export function drawShot(kit: StageKit, entity: StagedEntity): EntityDrawing {
  const { layers, picture } = kit;
  const team = teamOfEntity(entity);
  const { kind } = entity;
  const streak = picture(`cc-streak:${team}`, 220, 90, (c) => drawStreak(c, kit, team));
  const ball = picture(`cc-shot:${kind}:${team}`, drawn * 2 + 24, drawn * 2 + 24, (c) => drawBall(c, kit, kind, team));
  const base = ball.scaleX;
  const streakBase = streak.scaleX;
  layers.structure.add([streak, ball]);
  return {
    draw(now, time) {
      const grow = Math.min(1, 0.5 + now.age * 6);
      const scale = (now.a / drawn) * grow;
      const speed = Math.hypot(now.vx, now.vy);
      const angle = Math.atan2(now.vy, now.vx);
      const length = kit.reducedMotion ? 0 : Math.min(1.4, speed / 12);
      streak
        .setPosition(now.x - Math.cos(angle) * 84 * scale * length, now.y - Math.sin(angle) * 84 * scale * length)
        .setRotation(angle)
        .setScale(streakBase * scale * Math.max(0.1, length), streakBase * scale)
        .setAlpha(0.75 * Math.min(1, length));
      const spins = kind === "stone" || kind === "boulder";
      ball
        .setPosition(now.x, now.y)
        .setScale(base * scale)
        .setRotation(spins ? time.clock * 5 : 0);
    },
    destroy() {
      streak.destroy();
      ball.destroy();
    },
  };
}

function drawStreak(c: Context, kit: StageKit, team: 1 | 2): void {
  const hue = teamColor(kit, team);
  const fade = c.createLinearGradient(-110, 0, 100, 0);
  fade.addColorStop(0, `${hue}00`);
  fade.addColorStop(1, `${hue}cc`);
  c.fillStyle = fade;
  c.beginPath();
  c.moveTo(-110, 0);
  c.lineTo(90, -38);
  c.lineTo(90, 38);
  c.fill();
}

function drawBall(c: Context, kit: StageKit, kind: string, team: 1 | 2): void {
  const { look } = kit;
  const hue = teamColor(kit, team);
  if (kind === "stone" || kind === "boulder") drawRock(c, kit, kind === "boulder", hue);
  else {
    disc(c, drawn + 8, look.ink);
    disc(c, drawn, hue);
    disc(c, drawn * 0.68, mixed(hue, look.paper, 0.75));
    if (kind === "barrage") drawHeart(c, drawn * 0.5, look.bad, look.ink);
    shine(c, drawn * 0.82, 8);
  }
  if (kind === "pebble") studs(c, team, 9, look.ink);
}

/** A rock with a ring of the team. */
function drawRock(c: Context, { look }: StageKit, isLarge: boolean, hue: string): void {
  const corners = isLarge ? 9 : 7;
  const rock = (reach: number, fill: string) => {
    c.fillStyle = fill;
    c.beginPath();
    for (let i = 0; i < corners; i++) {
      const angle = (i / corners) * Math.PI * 2;
      const radius = reach * (i % 2 === 0 ? 1 : 0.88);
      c.lineTo(Math.cos(angle) * radius, Math.sin(angle) * radius);
    }
    c.closePath();
    c.fill();
  };
  rock(drawn + 10, look.ink);
  rock(drawn + 1, hue);
  rock(drawn - 10, "#b9b4d6");
  rock(drawn - 20, "#8d88b8");
  if (!isLarge) return;
  line(
    c,
    [
      [-22, -14],
      [-4, -4],
      [4, 14],
    ],
    7,
    look.ink,
  );
  line(
    c,
    [
      [-4, -4],
      [18, -16],
    ],
    6,
    look.ink,
  );
}

function drawHeart(c: Context, size: number, fill: string, ink: string): void {
  c.beginPath();
  c.moveTo(0, size * 0.85);
  c.bezierCurveTo(-size * 1.5, -size * 0.15, -size * 0.75, -size * 1.15, 0, -size * 0.4);
  c.bezierCurveTo(size * 0.75, -size * 1.15, size * 1.5, -size * 0.15, 0, size * 0.85);
  c.strokeStyle = ink;
  c.lineWidth = 8;
  c.stroke();
  c.fillStyle = fill;
  c.fill();
}

const titanDrawn = 92;

/** Creates the drawing of a titan: spiked, with eyes, in its team's colour. */
export function drawTitan(kit: StageKit, entity: StagedEntity): EntityDrawing {
  const { layers, picture } = kit;
  const team = teamOfEntity(entity);
  const shadow = picture("cc-titan-shadow", 240, 200, (c) => {
    c.fillStyle = shadowFill;
    c.beginPath();
    c.ellipse(0, 0, 104, 84, 0, 0, Math.PI * 2);
    c.fill();
  });
  const spikes = picture(`cc-titan-spikes:${team}`, 280, 280, (c) => drawTitanSpikes(c, kit, team));
  const ball = picture(`cc-titan:${team}`, 220, 220, (c) => drawTitanBall(c, kit, team));
  layers.shadows.add(shadow);
  layers.structure.add([spikes, ball]);
  const base = ball.scaleX;
  let sincePuff = 0;
  return {
    draw(now, time) {
      const scale = (now.a / titanDrawn) * (kit.reducedMotion ? 1 : 1 + 0.03 * Math.sin(time.clock * 14));
      shadow.setPosition(now.x + 14, now.y + 30);
      spikes
        .setPosition(now.x, now.y)
        .setScale(base * scale)
        .setRotation(now.angle + time.clock * 2);
      ball.setPosition(now.x, now.y).setScale(base * scale);
      sincePuff += time.seconds;
      if (sincePuff < 0.06 || kit.reducedMotion) return;
      sincePuff = 0;
      kit.puff(now.x - now.vx * 8, now.y - now.vy * 8, 70, teamColor(kit, team));
    },
    destroy() {
      for (const image of [shadow, spikes, ball]) image.destroy();
    },
  };
}

function drawTitanSpikes(c: Context, kit: StageKit, team: 1 | 2): void {
  for (let i = 0; i < 12; i++) {
    c.save();
    c.rotate((i / 12) * Math.PI * 2);
    c.fillStyle = kit.look.ink;
    c.beginPath();
    c.moveTo(80, -30);
    c.lineTo(132, 0);
    c.lineTo(80, 30);
    c.fill();
    c.fillStyle = mixed(teamColor(kit, team), kit.look.paper, 0.5);
    c.beginPath();
    c.moveTo(80, -17);
    c.lineTo(117, 0);
    c.lineTo(80, 17);
    c.fill();
    c.restore();
  }
}

function drawTitanBall(c: Context, kit: StageKit, team: 1 | 2): void {
  const { look } = kit;
  const hue = teamColor(kit, team);
  disc(c, titanDrawn + 8, look.ink);
  const shade = c.createRadialGradient(-20, -30, 10, 0, 0, titanDrawn);
  shade.addColorStop(0, mixed(hue, look.paper, 0.5));
  shade.addColorStop(1, mixed(hue, look.ink, 0.25));
  disc(c, titanDrawn - 2, shade);
  ring(c, titanDrawn - 16, 7, "rgba(11, 9, 32, 0.35)");
  for (const side of [-1, 1]) {
    disc(c, 22, look.ink, side * 30, -8);
    disc(c, 16, look.paper, side * 30, -8);
    disc(c, 8, look.ink, side * 27, -4);
    line(
      c,
      [
        [side * 54, -42],
        [side * 14, -26],
      ],
      13,
      look.ink,
    );
  }
  c.translate(0, 40);
  roundBox(c, 66, 26, 8, look.ink);
  c.translate(-22, 0);
  for (let i = 0; i < 4; i++) {
    roundBox(c, 11, 14, 3, look.paper);
    c.translate(14.6, 0);
  }
}

/** The lane of Core Clash: each team's ground up to the core, goal lines, what a team has scored, and the front between the two. */
import type * as Phaser from "phaser";
import type { StageKit, StageTime } from "../../game/view.ts";
import {
  type Context,
  chevron,
  colorNumber,
  disc,
  mixed,
  ring,
  roundBox,
  shadowFill,
  teamColor,
  withAlpha,
} from "./view-draw.ts";

/** The lane as it is drawn: its middle, and its size with what lies behind the goal lines. */
export const lane = { x: 485, y: 1030, width: 850, height: 930, goalReach: 290 } as const;
/** Most goals that are shown as pips. */
const mostPips = 5;

export interface Drawn {
  frame(time: StageTime): void;
  destroy(): void;
}

/** Creates the lane's pictures. */
export function createLane(kit: StageKit): Drawn {
  const { layers, picture, look } = kit;
  const under = picture("cc-under", lane.width + 90, lane.height + 110, (c) => drawFrame(c, kit));
  const ground = ([1, 2] as const).map((team) =>
    picture(`cc-ground:${team}`, lane.width, lane.height, (c) => drawGround(c, kit, team)),
  );
  const front = picture("cc-front", lane.width, 60, (c) => drawFront(c, look.paper));
  const lines = ([1, 2] as const).map((team) =>
    picture(`cc-line:${team}`, lane.width, 34, (c) => drawGoalLine(c, kit, team)),
  );
  const alarms = ([1, 2] as const).map((team) =>
    picture(`cc-alarm:${team}`, lane.width, 190, (c) => drawAlarm(c, kit, team)),
  );
  layers.floor.add([under, ...ground, ...alarms, front, ...lines]);
  under.setPosition(lane.x, lane.y + 8);
  for (const one of ground) one.setPosition(lane.x, lane.y);
  lines[0]!.setPosition(lane.x, lane.y + lane.goalReach);
  lines[1]!.setPosition(lane.x, lane.y - lane.goalReach);
  alarms[0]!.setPosition(lane.x, lane.y + lane.height / 2 - 95);
  alarms[1]!.setPosition(lane.x, lane.y - lane.height / 2 + 95);
  const pips = createPips(kit);
  let depth = 0;
  return {
    frame(time) {
      const idle = kit.prop("idle", 0) > 0;
      depth += (kit.prop("coreDepth", 0) - depth) * Math.min(1, time.seconds * 9);
      const share = Math.min(1, Math.max(0, 0.5 + depth / lane.height));
      // Above the front it is Pink's, below Cyan's; with nobody playing it is nobody's.
      crop(ground[0]!, idle ? 1 : share, 1);
      crop(ground[1]!, 0, idle ? 0 : share);
      front.setPosition(lane.x, lane.y + depth).setVisible(!idle);
      lines[1]!.setVisible(!idle);
      const danger = kit.prop("danger", 0);
      alarms.forEach((alarm, index) => {
        // Breathes below the limit of 3 flashes a second.
        const breath = kit.reducedMotion ? 0.6 : 0.45 + 0.3 * Math.sin(time.clock * Math.PI * 3);
        alarm.setAlpha(danger === index + 1 || (idle && index === 0) ? breath : 0);
      });
      pips.frame(time);
    },
    destroy() {
      for (const image of [under, ...ground, front, ...lines, ...alarms]) image.destroy();
      pips.destroy();
    },
  };
}

/** Shows the part of a picture between two heights, 0 its top and 1 its bottom. */
function crop(image: Phaser.GameObjects.Image, from: number, to: number): void {
  const { width, height } = image.frame;
  image.setVisible(to - from > 0.002).setCrop(0, height * from, width, Math.max(1, height * (to - from)));
}

function drawFrame(c: Context, { look }: StageKit): void {
  c.translate(6, 10);
  roundBox(c, lane.width + 50, lane.height + 60, 60, shadowFill);
  c.translate(-6, -18);
  roundBox(c, lane.width + 58, lane.height + 44, 56, look.ink);
  const rail = c.createLinearGradient(0, -lane.height / 2, 0, lane.height / 2);
  rail.addColorStop(0, look.teams[1]!);
  rail.addColorStop(0.46, look.paper);
  rail.addColorStop(0.54, look.paper);
  rail.addColorStop(1, look.teams[0]!);
  roundBox(c, lane.width + 42, lane.height + 28, 48, rail);
  roundBox(c, lane.width + 16, lane.height + 4, 36, look.ink);
  roundBox(c, lane.width, lane.height - 12, 28, look.surface[1]);
}

/** A team's ground: its colour, darker towards the front, with its chevrons: single ones, or double. */
function drawGround(c: Context, kit: StageKit, team: 1 | 2): void {
  const { look } = kit;
  const hue = teamColor(kit, team);
  const shade = c.createLinearGradient(0, -lane.height / 2, 0, lane.height / 2);
  const near = mixed(look.surface[1], hue, 0.5);
  const far = mixed(look.surface[1], hue, 0.22);
  shade.addColorStop(0, team === 1 ? far : near);
  shade.addColorStop(1, team === 1 ? near : far);
  roundBox(c, lane.width, lane.height - 12, 28, shade);
  c.save();
  c.beginPath();
  c.roundRect(-lane.width / 2, -lane.height / 2 + 6, lane.width, lane.height - 12, 28);
  c.clip();
  const color = withAlpha(hue, 0.16);
  for (let row = -4; row <= 4; row++) {
    for (let column = -3; column <= 3; column++) {
      const x = column * 136 + (row % 2 === 0 ? 0 : 68);
      const y = row * 112;
      chevron(c, x, y, 34, team, 13, color);
      if (team === 2) chevron(c, x, y + 28, 34, team, 13, color);
    }
  }
  // Behind the goal line, where the cannons stand.
  c.fillStyle = withAlpha(look.ink, 0.3);
  const top = team === 1 ? lane.goalReach : -lane.height / 2;
  c.fillRect(-lane.width / 2, top, lane.width, lane.height / 2 - lane.goalReach);
  c.restore();
}

function drawFront(c: Context, paper: string): void {
  const glow = c.createLinearGradient(0, -30, 0, 30);
  glow.addColorStop(0, withAlpha(paper, 0));
  glow.addColorStop(0.5, withAlpha(paper, 0.4));
  glow.addColorStop(1, withAlpha(paper, 0));
  c.fillStyle = glow;
  c.fillRect(-lane.width / 2, -30, lane.width, 60);
  c.fillStyle = paper;
  c.fillRect(-lane.width / 2, -4, lane.width, 8);
}

/** A checkered line in the team's colour. */
function drawGoalLine(c: Context, kit: StageKit, team: 1 | 2): void {
  const { look } = kit;
  c.fillStyle = look.ink;
  c.fillRect(-lane.width / 2, -16, lane.width, 32);
  const size = lane.width / 34;
  for (let i = 0; i < 34; i++) {
    for (let row = 0; row < 2; row++) {
      c.fillStyle = (i + row) % 2 === 0 ? teamColor(kit, team) : mixed(look.ink, teamColor(kit, team), 0.2);
      c.fillRect(-lane.width / 2 + i * size, -11 + row * 11, size, 11);
    }
  }
}

function drawAlarm(c: Context, { look }: StageKit, team: 1 | 2): void {
  const away = team === 1 ? 1 : -1;
  const glow = c.createLinearGradient(0, 95 * away, 0, -95 * away);
  glow.addColorStop(0, withAlpha(look.gold, 0.9));
  glow.addColorStop(1, withAlpha(look.gold, 0));
  c.fillStyle = glow;
  c.fillRect(-lane.width / 2, -95, lane.width, 190);
}

/** Pips on the ends of the goal lines: a team's goals of those it needs. */
function createPips(kit: StageKit): Drawn {
  const { picture, layers, look } = kit;
  const teams = ([1, 2] as const).map((team) => {
    const empty = Array.from({ length: mostPips }, () =>
      picture("cc-pip", 52, 52, (c) => {
        disc(c, 22, look.ink);
        ring(c, 15, 5, withAlpha(look.paper, 0.4));
      }),
    );
    const full = Array.from({ length: mostPips }, () =>
      picture(`cc-pip:${team}`, 52, 52, (c) => {
        disc(c, 24, look.ink);
        disc(c, 18, teamColor(kit, team));
        star(c, 12, look.paper);
      }),
    );
    layers.floor.add([...empty, ...full]);
    return { team, empty, full, base: full[0]!.scaleX, grown: 0 };
  });
  return {
    frame(time) {
      const wanted = Math.min(mostPips, kit.prop("goalsToWin", 3));
      const idle = kit.prop("idle", 0) > 0;
      for (const one of teams) {
        const goals = kit.prop(`goals${one.team}`, 0);
        const y = lane.y + (one.team === 1 ? 1 : -1) * (lane.goalReach - 46);
        one.grown += (goals - one.grown) * Math.min(1, time.seconds * 5);
        for (let i = 0; i < mostPips; i++) {
          const x = lane.x - lane.width / 2 + 44 + i * 54;
          const share = Math.min(1, Math.max(0, one.grown - i));
          one.empty[i]!.setPosition(x, y).setVisible(i < wanted && !idle);
          one.full[i]!.setPosition(x, y)
            .setVisible(share > 0.05 && i < wanted && !idle)
            .setScale(one.base * share);
        }
      }
    },
    destroy() {
      for (const { empty, full } of teams) for (const image of [...empty, ...full]) image.destroy();
    },
  };
}

function star(c: Context, radius: number, fill: string): void {
  c.fillStyle = fill;
  c.beginPath();
  for (let i = 0; i < 10; i++) {
    const reach = i % 2 === 0 ? radius : radius * 0.45;
    const angle = -Math.PI / 2 + (i * Math.PI) / 5;
    c.lineTo(Math.cos(angle) * reach, Math.sin(angle) * reach);
  }
  c.fill();
}

/** Tints a picture that was drawn in white. */
export function tintBy(image: Phaser.GameObjects.Image, css: string): void {
  image.setTint(colorNumber(css));
}

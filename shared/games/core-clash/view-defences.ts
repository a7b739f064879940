/** Bumpers, walls and paddles. */
import type { EntityDrawing, StagedEntity, StageKit } from "../../game/view.ts";
import { type Context, disc, line, mixed, roundBox, shadowFill, studs, teamColor, teamOfEntity } from "./view-draw.ts";

/** Radius of the bumper's picture; the entity's own scales it. */
const bumperDrawn = 30;

/** A pale button in the team's colour that jumps when it is hit, and shows each hit as a crack. */
export function drawBumper(kit: StageKit, entity: StagedEntity): EntityDrawing {
  const { picture, layers } = kit;
  const team = teamOfEntity(entity);
  const whole = picture(`cc-bumper:${team}`, 84, 84, (c) => drawButton(c, kit, team, false));
  const cracked = picture(`cc-bumper-cracked:${team}`, 84, 84, (c) => drawButton(c, kit, team, true));
  const base = whole.scaleX;
  let jump = 0;
  layers.structure.add([whole, cracked]);
  return {
    draw(now, time) {
      jump = Math.max(0, jump - time.seconds * 4);
      const isCracked = now.wears("cracked") > 0;
      const scale = (base * now.a * (1 + 0.28 * jump * jump)) / bumperDrawn;
      whole.setPosition(now.x, now.y).setScale(scale).setVisible(!isCracked);
      cracked.setPosition(now.x, now.y).setScale(scale).setVisible(isCracked);
    },
    hit(_nx, _ny, power) {
      jump = Math.max(jump, 0.4 + power * 0.6);
    },
    destroy() {
      whole.destroy();
      cracked.destroy();
    },
  };
}

function drawButton(c: Context, kit: StageKit, team: 1 | 2, isCracked: boolean): void {
  const { look } = kit;
  disc(c, bumperDrawn + 10, shadowFill, 3, 8);
  disc(c, bumperDrawn + 4, look.ink);
  disc(c, bumperDrawn - 3, look.paper);
  disc(c, bumperDrawn - 12, teamColor(kit, team));
  studs(c, team, 4.5, look.ink);
  if (isCracked)
    line(
      c,
      [
        [-26, -12],
        [-8, -2],
        [-2, -16],
        [10, 8],
        [26, 4],
      ],
      6,
      look.ink,
    );
}

/** A wall or paddle: bricks in the team's colour, or one smooth bar. */
export function drawBlock(kit: StageKit, entity: StagedEntity): EntityDrawing {
  const { picture, layers } = kit;
  const team = teamOfEntity(entity);
  const { a: width, b: height, kind } = entity;
  const shadow = picture(`cc-block-shadow:${width}:${height}`, width + 20, height + 20, (c) => {
    roundBox(c, width, height, 14, shadowFill);
  });
  const block = picture(`cc-${kind}:${team}:${width}:${height}`, width + 20, height + 20, (c) =>
    kind === "wall" ? drawWall(c, kit, team, width, height) : drawPaddle(c, kit, team, width, height),
  );
  const base = block.scaleX;
  layers.shadows.add(shadow);
  layers.structure.add(block);
  let jump = 0;
  return {
    draw(now, time) {
      jump = Math.max(0, jump - time.seconds * 4);
      const grown = kit.reducedMotion ? 1 : Math.min(1, 0.3 + now.age * 5);
      const left = (now.wears("until") - time.tick) / 60;
      // Blinks softly in its last seconds.
      const alpha = now.wears("until") > 0 && left < 1.5 ? 0.6 + 0.4 * Math.cos(left * Math.PI * 4) : 1;
      shadow.setPosition(now.x + 7, now.y + 16);
      block
        .setPosition(now.x, now.y)
        .setScale(base * grown, base * (1 + 0.2 * jump * jump))
        .setAlpha(alpha);
    },
    hit(_nx, _ny, power) {
      jump = Math.max(jump, 0.4 + power * 0.6);
    },
    destroy() {
      shadow.destroy();
      block.destroy();
    },
  };
}

function drawWall(c: Context, kit: StageKit, team: 1 | 2, width: number, height: number): void {
  const { look } = kit;
  const hue = teamColor(kit, team);
  roundBox(c, width + 8, height + 8, 14, look.ink);
  roundBox(c, width - 6, height - 6, 9, mixed(hue, look.ink, 0.55));
  const rows = 2;
  const bricks = 6;
  const tall = (height - 6) / rows;
  const wide = (width - 6) / bricks;
  c.save();
  c.beginPath();
  c.roundRect(-width / 2 + 3, -height / 2 + 3, width - 6, height - 6, 9);
  c.clip();
  for (let row = 0; row < rows; row++) {
    for (let i = -1; i <= bricks; i++) {
      c.fillStyle = mixed(hue, look.paper, (i + row) % 2 === 0 ? 0.12 : 0.35);
      const x = -width / 2 + 3 + i * wide + (row * wide) / 2;
      c.beginPath();
      c.roundRect(x + 2, -height / 2 + 3 + row * tall + 2, wide - 4, tall - 4, 5);
      c.fill();
    }
  }
  c.restore();
}

function drawPaddle(c: Context, kit: StageKit, team: 1 | 2, width: number, height: number): void {
  const { look } = kit;
  roundBox(c, width + 8, height + 8, height / 2 + 4, look.ink);
  const shade = c.createLinearGradient(0, -height / 2, 0, height / 2);
  shade.addColorStop(0, look.paper);
  shade.addColorStop(1, teamColor(kit, team));
  roundBox(c, width - 8, height - 8, height / 2 - 4, shade);
  studs(c, team, 6, look.ink);
}

/** Cannons: a viewer's face on a mount in the team's colour, with a barrel that turns, recoils, and grows with its upgrades. */
import type { EntityDrawing, StagedEntity, StageKit } from "../../game/view.ts";
import { type Context, disc, roundBox, shadowFill, studs, teamColor, teamOfEntity } from "./view-draw.ts";

/** How far the muzzle is from the cannon's middle, and its thickness, by upgrades. */
const barrels = [
  { length: 92, width: 46 },
  { length: 100, width: 58 },
  { length: 106, width: 72 },
] as const;
/** Most pebbles that are shown in a barrel. */
const fullLoad = 5;

/** Creates the drawing of a cannon. */
export function drawCannon(kit: StageKit, entity: StagedEntity): EntityDrawing {
  const { layers, picture } = kit;
  const team = teamOfEntity(entity);
  const mount = picture(`cc-mount:${team}`, 130, 130, (c) => drawMount(c, kit, team));
  layers.shadows.add(mount);
  const face = kit.body(entity);
  const load = picture("cc-load", 44, 44, (c) => disc(c, 20, kit.look.gold));
  const loadBase = load.scaleX;
  let level = -1;
  let barrel = picture(`cc-barrel:${team}:0`, 260, 110, (c) => drawBarrel(c, kit, team, 0));
  layers.structure.add([barrel, load]);
  const stop = kit.icon("snow", 46, "#8d88b8");
  layers.sparks.add(stop);
  let recoil = 0;
  const upgrade = (to: number) => {
    level = to;
    barrel.destroy();
    barrel = picture(`cc-barrel:${team}:${to}`, 260, 110, (c) => drawBarrel(c, kit, team, to));
    layers.structure.add(barrel);
  };
  return {
    draw(now, time) {
      const wanted = Math.min(2, Math.max(0, now.wears("level")));
      if (wanted !== level) upgrade(wanted);
      recoil = Math.max(0, recoil - time.seconds * 5);
      const back = kit.reducedMotion ? 0 : recoil * recoil * 26;
      const cos = Math.cos(now.angle);
      const sin = Math.sin(now.angle);
      barrel.setPosition(now.x - cos * back, now.y - sin * back).setRotation(now.angle);
      mount.setPosition(now.x, now.y).setRotation(team === 1 ? 0 : Math.PI);
      const loaded = Math.min(1, now.wears("load") / fullLoad);
      const reach = barrels[wanted]!.length - 8 - back;
      load
        .setPosition(now.x + cos * reach, now.y + sin * reach)
        .setScale(loadBase * (0.3 + 0.7 * loaded))
        .setVisible(loaded > 0);
      const isJammed = now.wears("jammed") > time.tick;
      barrel.setAlpha(isJammed ? 0.45 : 1);
      stop.setVisible(isJammed).setPosition(now.x + cos * 64, now.y + sin * 64);
      face.draw(now, time);
    },
    hit(nx, ny, power) {
      recoil = 1;
      face.hit?.(nx, ny, power * 0.6);
    },
    destroy() {
      for (const image of [mount, barrel, load, stop]) image.destroy();
      face.destroy();
    },
  };
}

/** A barrel along +x, its root in the middle of the picture: with each upgrade thicker, with golden bands. */
function drawBarrel(c: Context, kit: StageKit, team: 1 | 2, level: number): void {
  const { look } = kit;
  const { length, width } = barrels[level]!;
  const box = (left: number, right: number, height: number, radius: number, fill: string | CanvasGradient) => {
    c.save();
    c.translate((left + right) / 2, 0);
    roundBox(c, right - left, height, radius, fill);
    c.restore();
  };
  box(0, length + 6, width + 14, 18, look.ink);
  const shade = c.createLinearGradient(0, -width / 2, 0, width / 2);
  shade.addColorStop(0, look.paper);
  shade.addColorStop(0.3, teamColor(kit, team));
  shade.addColorStop(1, look.surface[1]);
  box(0, length - 6, width, 12, shade);
  box(length - 24, length + 4, width + 16, 10, look.ink);
  box(length - 18, length - 2, width + 4, 6, level > 0 ? look.gold : teamColor(kit, team));
  if (level > 1) box(52, 64, width, 4, look.gold);
  disc(c, width * 0.24, look.ink, length - 2, 0);
}

/** A half disc that stands on the line, with the team's studs. */
function drawMount(c: Context, kit: StageKit, team: 1 | 2): void {
  disc(c, 62, shadowFill, 4, 8);
  disc(c, 60, kit.look.ink);
  disc(c, 53, teamColor(kit, team));
  studs(c, team, 6, kit.look.ink, 54);
}

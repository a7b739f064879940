/** Effects that no view draws: a burst for hits, a ring for everything else, and the words that come with it. */
import type { StageKit } from "../../../shared/game/view.ts";
import type { Effect } from "../../../shared/world/effect.ts";
import { hueIndex } from "../hue.ts";

/** Power from which a hit moves the picture. */
const strongPower = 0.6;
/** Reach of a ring beyond what it is around, in units. */
const ringReach = 60;

/** Shows an effect of any kind. */
export function showPlainEffect(kit: StageKit, effect: Effect): void {
  if (/hit$/i.test(effect.kind)) showHit(kit, effect);
  else showOther(kit, effect);
}

function showHit(kit: StageKit, effect: Effect): void {
  const { x, y, power, text } = effect;
  const [a, b] = [kit.entity(effect.other), kit.entity(effect.entity)];
  const [dx, dy] = [(b?.x ?? x) - (a?.x ?? x), (b?.y ?? y) - (a?.y ?? y)];
  const length = Math.hypot(dx, dy);
  const [nx, ny] = length > 1 ? [dx / length, dy / length] : [0, -1];
  kit.hit(effect.entity, nx, ny, power);
  kit.hit(effect.other, nx, ny, power * 0.5);
  kit.burst(x, y, power);
  kit.sound(power > strongPower ? "bonk" : "hit", 0.5, power);
  if (power > strongPower) kit.nudge(nx, ny, power);
  if (text) kit.shout(text, x, y - 74);
}

function showOther(kit: StageKit, effect: Effect): void {
  const { x, y, kind, text, power } = effect;
  const entity = kit.entity(effect.entity);
  const viewer = effect.viewer || entity?.viewer || "";
  const { hues, gold } = kit.look;
  const color = viewer ? kit.hueOf(viewer) : (hues[hueIndex(kind, hues.length)] ?? gold);
  const isNowhere = x === 0 && y === 0 && !entity;
  if (isNowhere) {
    if (text) kit.banner(text);
    return;
  }
  const radius = entity && entity.a > 0 ? entity.a : 40;
  kit.ring(x, y, radius * 0.8, radius + ringReach * (1 + Math.min(1, power)), color);
  kit.bits(x, y, 6, color);
  kit.sound("pop", (hueIndex(kind, 7) + 1) / 8, 0.6);
  if (text) kit.shout(text, x, y - radius - 30, color);
}

/** What each effect of Last Ball looks and sounds like. An effect with no entry shows nothing. */
import type { StageKit } from "../../game/view.ts";
import type { Effect } from "../../world/effect.ts";

/** Power from which a hit is shouted. */
const shoutPower = 0.62;
const shouts = ["BONK!", "POW!", "WHACK!", "BAM!"] as const;

type Picture = (kit: StageKit, effect: Effect) => void;

/** Unit vector between two entities, (0, -1) when one is gone. */
function between(kit: StageKit, { entity, other, x, y }: Effect): { nx: number; ny: number } {
  const from = kit.entity(other);
  const to = kit.entity(entity);
  const dx = (to?.x ?? x) - (from?.x ?? x);
  const dy = (to?.y ?? y) - (from?.y ?? y);
  const length = Math.hypot(dx, dy);
  return length > 1 ? { nx: dx / length, ny: dy / length } : { nx: 0, ny: -1 };
}

const hueOf = (kit: StageKit, effect: Effect) => {
  const viewer = effect.viewer || kit.entity(effect.entity)?.viewer || "";
  return viewer ? kit.hueOf(viewer) : kit.look.gold;
};

/** A ring and a sound around somebody who has just got something; who has no ball now is only heard. */
const gained =
  (color: (kit: StageKit, effect: Effect) => string, sound: "power" | "rise"): Picture =>
  (kit, effect) => {
    kit.sound(sound, 0.6);
    if (effect.entity === 0) return;
    const radius = kit.entity(effect.entity)?.a ?? 50;
    kit.ring(effect.x, effect.y, radius, radius * 1.9, color(kit, effect), 0.45);
    kit.bits(effect.x, effect.y, 8, color(kit, effect));
  };

function hit(kit: StageKit, effect: Effect): void {
  const { x, y, power } = effect;
  const { nx, ny } = between(kit, effect);
  kit.hit(effect.entity, nx, ny, power);
  kit.hit(effect.other, nx, ny, power * 0.5);
  const size = kit.entity(effect.entity)?.a ?? 50;
  kit.sound(power > shoutPower ? "bonk" : power > 0.3 ? "hit" : "tap", 1 - Math.min(1, (size - 42) / 60), power);
  if (power < 0.25) return;
  kit.burst(x, y, power);
  if (power < shoutPower) return;
  kit.nudge(nx, ny, power);
  kit.bits(x, y, 6, hueOf(kit, effect));
  kit.shout(shouts[effect.tick % shouts.length]!, x, y - 74);
}

function structureHit(kit: StageKit, effect: Effect): void {
  const { nx, ny } = between(kit, effect);
  kit.hit(effect.entity, nx, ny, effect.power * 0.8);
  kit.hit(effect.other, -nx, -ny, Math.max(0.3, effect.power));
  if (effect.power > 0.3) kit.burst(effect.x, effect.y, effect.power * 0.6, kit.look.paper);
  kit.sound(effect.power > 0.5 ? "hit" : "tap", 0.8, effect.power);
}

function knockOut(kit: StageKit, effect: Effect): void {
  const { x, y } = effect;
  const hue = hueOf(kit, effect);
  kit.ring(x, y, 40, 170, hue, 0.6);
  kit.bits(x, y, 16, hue, 620);
  kit.burst(x, y, 1, hue);
  kit.shout("OUT!", x, y, kit.look.bad);
  const dx = x - kit.prop("arenaX", 485);
  const dy = y - kit.prop("arenaY", 1010);
  const length = Math.hypot(dx, dy) || 1;
  kit.nudge(dx / length, dy / length, 0.8);
  kit.sound("fall", 0.5, 0.8);
}

function wave(color: (kit: StageKit) => string, word: string): Picture {
  return (kit, effect) => {
    const reach = Math.max(140, effect.power * 400);
    kit.ring(effect.x, effect.y, 30, reach, color(kit), 0.55);
    kit.ring(effect.x, effect.y, 20, reach * 0.7, kit.look.paper, 0.45);
    kit.shout(word, effect.x, effect.y - 80, color(kit));
    kit.nudge(0, 1, 0.7);
    kit.sound("power", 0.3);
  };
}

function pulse(kit: StageKit, { x, y }: Effect): void {
  kit.ring(x, y, 60, kit.prop("arenaRadius", 430) * 1.02, kit.look.rim[0], 0.8);
  kit.ring(x, y, 20, kit.prop("arenaRadius", 430) * 0.8, kit.look.rim[1], 0.9);
  kit.shout("PULSE!", x, y - 120, kit.look.rim[0]);
  kit.sound("rise", 0.5);
}

function meteorWarn(kit: StageKit, { x, y, power }: Effect): void {
  // `power` is the seconds until the impact: the ring closes on the place exactly then.
  kit.ring(x, y, 150, 34, kit.look.bad, Math.max(0.3, power));
  kit.ring(x, y, 60, 60, kit.look.bad, Math.max(0.3, power));
  kit.sound("tick", 0.3, 0.5);
}

function meteorHit(kit: StageKit, { x, y }: Effect): void {
  kit.burst(x, y, 1, kit.look.rim[0]);
  kit.bits(x, y, 18, kit.look.rim[0], 700);
  kit.ring(x, y, 30, 190, kit.look.rim[1], 0.45);
  kit.nudge(0, 1, 1);
  kit.sound("bonk", 0.1);
}

/** Pictures by effect kind. */
export const effectPictures: Readonly<Record<string, Picture>> = {
  hit,
  barHit: structureHit,
  bumperHit: structureHit,
  knockOut,
  meteorWarn,
  meteorHit,
  pulse,
  shockwave: wave((kit) => kit.look.gold, "SHOCK!"),
  freeze: wave(() => "#a8ecff", "FREEZE!"),
  magnet: wave(() => "#ff7af0", "MAGNET!"),
  spawn(kit, effect) {
    kit.ring(effect.x, effect.y, 20, 90, hueOf(kit, effect), 0.45);
    kit.sound("join", 0.4 + (effect.entity % 6) / 10);
  },
  save(kit, effect) {
    gained(({ look }) => look.good, "rise")(kit, effect);
    kit.shout("SAVED!", effect.x, effect.y - 70, kit.look.good);
  },
  dash(kit, effect) {
    kit.puff(effect.x, effect.y, 44, hueOf(kit, effect));
    kit.sound("pop", 0.7, 0.7);
  },
  guard: gained(() => "#b9b4e0", "power"),
  shield: gained(({ look }) => look.hues[0]!, "rise"),
  extraLife: gained(({ look }) => look.good, "rise"),
  // Small gifts come in rows: bits only, or the arena would be all rings.
  grow(kit, effect) {
    kit.bits(effect.x, effect.y, 5, hueOf(kit, effect), 300);
    kit.sound("rise", 0.4 + 0.5 * effect.power, 0.6);
  },
  subscriber: gained(({ look }) => look.gold, "rise"),
  spikes(kit, effect) {
    gained(({ look }) => look.paper, "power")(kit, effect);
    kit.shout("SPIKES!", effect.x, effect.y - 80, kit.look.paper);
  },
  giant(kit, effect) {
    gained(({ look }) => look.rim[0], "power")(kit, effect);
    kit.shout("GIANT!", effect.x, effect.y - 90, kit.look.rim[0]);
  },
  revenge(kit, effect) {
    kit.shout("REVENGE!", effect.x, effect.y - 80, kit.look.bad);
  },
  target(kit, effect) {
    const target = kit.entity(effect.other);
    if (target) kit.ring(target.x, target.y, target.a * 2.2, target.a * 1.2, hueOf(kit, effect), 0.7);
  },
  bumperDrop(kit, { x, y }) {
    kit.bits(x, y, 8, kit.look.paper);
  },
  shrinkWarn(kit) {
    kit.sound("tick", 0.2);
  },
  suddenDeath(kit) {
    kit.banner("SUDDEN DEATH", "bad", 2.4);
    kit.nudge(0, 1, 1);
    kit.sound("fall", 0.8);
  },
  win(kit, { x, y }) {
    kit.closeUp(x, y, 0.9);
  },
};

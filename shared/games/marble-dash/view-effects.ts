/** What each effect of Marble Dash looks and sounds like. An effect with no entry shows nothing. */
import type { StageKit } from "../../game/view.ts";
import type { Effect } from "../../world/effect.ts";
import { sideMark } from "./view-marble.ts";

type Picture = (kit: StageKit, effect: Effect) => void;

/** Power from which a hit is shouted. */
const shoutPower = 0.8;
const shouts = ["BONK!", "CLACK!", "POW!", "BAM!"] as const;

const hueOf = (kit: StageKit, { viewer, entity }: Effect) => {
  const key = viewer || kit.entity(entity)?.viewer || "";
  return key ? kit.hueOf(key) : kit.look.gold;
};

/** Unit vector from the second entity to the first, upwards when one is gone. */
function between(kit: StageKit, { entity, other, x, y }: Effect): { nx: number; ny: number } {
  const from = kit.entity(other);
  const to = kit.entity(entity);
  const dx = (to?.x ?? x) - (from?.x ?? x);
  const dy = (to?.y ?? y) - (from?.y ?? y);
  const length = Math.hypot(dx, dy);
  return length > 1 ? { nx: dx / length, ny: dy / length } : { nx: 0, ny: -1 };
}

/** A ring, bits and a shout around somebody who has just got something. */
const gained =
  (color: (kit: StageKit, effect: Effect) => string, word = ""): Picture =>
  (kit, effect) => {
    const hue = color(kit, effect);
    const radius = kit.entity(effect.entity)?.a ?? 48;
    kit.ring(effect.x, effect.y, radius, radius * 2.1, hue, 0.45);
    kit.bits(effect.x, effect.y, 9, hue);
    if (word) kit.shout(word, effect.x, effect.y - 84, hue);
    kit.sound(word ? "power" : "rise", 0.6);
  };

const touched =
  (sound: "tap" | "hit", strength: number): Picture =>
  (kit, effect) => {
    const { nx, ny } = between(kit, effect);
    kit.hit(effect.entity, nx, ny, effect.power * strength);
    kit.hit(effect.other, -nx, -ny, effect.power);
    if (effect.power > 0.5) kit.burst(effect.x, effect.y, effect.power * 0.5, kit.look.paper);
    // Pegs by the dozen would rattle all the time: only hard hits are heard.
    if (effect.power > 0.45) kit.sound(sound, 0.5 + 0.4 * effect.power, effect.power * 0.5);
  };

function hit(kit: StageKit, effect: Effect): void {
  const { nx, ny } = between(kit, effect);
  kit.hit(effect.entity, nx, ny, effect.power);
  kit.hit(effect.other, -nx, -ny, effect.power);
  kit.sound(effect.power > shoutPower ? "bonk" : "tap", 0.6, effect.power * 0.7);
  if (effect.power < 0.45) return;
  kit.burst(effect.x, effect.y, effect.power);
  if (effect.power > shoutPower) kit.shout(shouts[effect.tick % shouts.length]!, effect.x, effect.y - 70);
}

function bumperHit(kit: StageKit, effect: Effect): void {
  const { nx, ny } = between(kit, effect);
  kit.hit(effect.entity, nx, ny, 0.7);
  kit.hit(effect.other, -nx, -ny, 1);
  kit.ring(effect.x, effect.y, 16, 70, kit.look.rim[0], 0.25);
  kit.sound("pop", 0.3 + 0.1 * (effect.tick % 5), 0.5);
}

function finish(kit: StageKit, effect: Effect): void {
  const hue = hueOf(kit, effect);
  const place = Math.round(1 / Math.max(0.01, effect.power));
  kit.bits(effect.x, effect.y, place <= 3 ? 18 : 6, hue, 640);
  kit.ring(effect.x, effect.y, 40, place <= 3 ? 190 : 100, hue, 0.5);
  kit.sound(place === 1 ? "win" : "rise", place === 1 ? 0.6 : Math.max(0.1, 0.9 - place * 0.1), place <= 3 ? 1 : 0.4);
  if (place > 3) return;
  kit.shout(["1st!", "2nd!", "3rd!"][place - 1]!, effect.x, effect.y - 110, kit.look.gold);
  kit.nudge(0, 1, 1 / place);
  if (place === 1) kit.closeUp(effect.x, effect.y, 0.7);
}

function burst(kit: StageKit, effect: Effect): void {
  const hue = hueOf(kit, effect);
  kit.bits(effect.x, effect.y, 20, hue, 700);
  kit.burst(effect.x, effect.y, 1, kit.look.bad);
  kit.ring(effect.x, effect.y, 30, 150, hue, 0.5);
  kit.shout("BURST!", effect.x, effect.y - 70, kit.look.bad);
  kit.nudge(0, 1, 0.7);
  kit.sound("fall", 0.7, 0.8);
}

function gust(kit: StageKit, effect: Effect): void {
  kit.shout(effect.power < 0 ? "« GUST" : "GUST »", effect.x, effect.y - 90, kit.look.paper);
  kit.nudge(effect.power, 0, 1);
  kit.sound("power", 0.2);
}

/** Pictures by effect kind. */
export const effectPictures: Readonly<Record<string, Picture>> = {
  hit,
  bumperHit,
  finish,
  burst,
  gust,
  pegHit: touched("tap", 0.5),
  wallHit: touched("hit", 0.6),
  drop(kit, effect) {
    kit.ring(effect.x, effect.y, 20, 90, hueOf(kit, effect), 0.4);
    kit.sound("join", 0.4 + (effect.entity % 6) / 10, 0.7);
  },
  return(kit, effect) {
    kit.ring(effect.x, effect.y, 120, 40, hueOf(kit, effect), 0.5);
    kit.sound("rise", 0.8);
  },
  saved(kit, effect) {
    gained(({ look }) => look.good)(kit, effect);
    kit.shout("SAVED!", effect.x, effect.y - 70, kit.look.good);
  },
  shake(kit) {
    kit.nudge(0, -1, 0.9);
    kit.sound("hit", 0.2, 0.6);
  },
  gateDrop(kit, { x, y }) {
    kit.bits(x, y, 10, kit.look.gold, 500);
  },
  start(kit) {
    kit.nudge(0, 1, 1);
    kit.sound("go", 0.6);
  },
  lead(kit, effect) {
    kit.ring(effect.x, effect.y, 48, 110, kit.look.gold, 0.4);
    kit.sound("rise", 0.9, 0.5);
  },
  checkpoint(kit, { x, y }) {
    kit.ring(x, y, 20, 120, "#3df2b0", 0.5);
    kit.sound("tick", 0.8, 0.5);
  },
  plateBreak(kit, { x, y }) {
    for (const side of [-70, 0, 70]) kit.bits(x + side, y, 7, "#a8ecff", 520);
    kit.burst(x, y, 0.9, "#a8ecff");
    kit.nudge(0, 1, 0.4);
    kit.sound("bonk", 0.8, 0.7);
  },
  gateOpen(kit, { x, y }) {
    kit.ring(x, y, 40, 200, kit.look.good, 0.6);
    kit.bits(x, y, 10, kit.look.good);
    kit.shout("OPEN!", x, y - 70, kit.look.good);
    kit.sound("power", 0.8);
  },
  gateShut(kit) {
    kit.sound("tap", 0.1, 0.5);
  },
  steer(kit, { entity, x, y, power }) {
    const marble = kit.entity(entity);
    if (!kit.reducedMotion) sideMark(kit, marble?.x ?? x, marble?.y ?? y, Math.sign(power) || 1);
    kit.sound("pop", 0.5, 0.3);
  },
  hop(kit, { x, y }) {
    kit.puff(x, y + 40, 40, kit.look.paper);
    kit.sound("pop", 0.8, 0.5);
  },
  spurt(kit, effect) {
    kit.puff(effect.x, effect.y - 30, 34, hueOf(kit, effect));
  },
  boost(kit, effect) {
    kit.puff(effect.x, effect.y - 40, 60, kit.look.rim[0]);
    kit.ring(effect.x, effect.y, 40, 70 + 60 * effect.power, kit.look.rim[0], 0.35);
    kit.sound("rise", 0.3 + 0.6 * effect.power, 0.8);
  },
  shield: gained(({ look }) => look.hues[0]!),
  ticket: gained(({ look }) => look.good),
  subscriber: gained(({ look }) => look.gold),
  heavy: gained(() => "#b9b4e0", "HEAVY!"),
  ghost: gained(() => "#e8f0ff", "GHOST!"),
  rail: gained(hueOf, "WHOOSH!"),
  railBuilt: gained(hueOf, "RAIL!"),
  fireworks(kit, effect) {
    kit.confetti();
    kit.card("builds a carousel for the next race", effect.viewer);
    kit.sound("win", 0.7);
  },
  suddenDeath(kit) {
    kit.banner("SUDDEN DEATH", "bad", 2.4);
    kit.nudge(0, 1, 1);
    kit.sound("fall", 0.8);
  },
  lastCall(kit, { text }) {
    kit.banner(text, "plain", 1.6);
    kit.sound("tick", 0.9);
  },
  photo(kit, { x, y }) {
    kit.banner("PHOTO FINISH!", "gold", 2);
    kit.burst(x, y, 1, kit.look.paper);
    kit.sound("tick", 1);
  },
};

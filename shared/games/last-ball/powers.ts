/** The powers of Last Ball beyond hits: shockwave, rings, giant, meteors, pulse, and what wears off. */

import { fadeOf, smallerHalf } from "../../game/comeback.ts";
import type { Act } from "../../game/define.ts";
import { ticksOf } from "../../game/phases.ts";
import { logarithmic } from "../../game/tiers.ts";
import { arenaX, arenaY } from "./arena.ts";
import { strength } from "./balls.ts";
import { blameKey, hurt, kick } from "./hits.ts";
import { isFighting, type LastBall, type Meteor, type Player, type Show, type Zone } from "./state.ts";
import { areFoes } from "./teams.ts";

/** Most T1 growth, and what wears off a second. */
export const maxGrowth = 0.24;
const growthDecay = 0.006 / 60;
/** Strength lost by silence, of 1. */
const fadePerTick = 0.01 / 60;
/** Radius of a meteor's impact. */
export const meteorRadius = 125;
const meteorWarnTicks = ticksOf(1.5);
/** Most impacts waiting, whatever was sent. */
const maxMeteors = 48;
/** How long somebody thrown by a power brakes badly at the rim. */
const hurledTicks = ticksOf(0.7);
const magnetPull = 0.34;

/** One tick of what wears off or works by itself on a ball. */
export function wearOff(player: Player, show: Show): void {
  player.growth = Math.max(0, player.growth - growthDecay);
  if (player.bot || !isFighting(show)) return;
  const silent = show.world.tick - (show.crowd.get(player.key)?.lastActTick ?? 0);
  const afterTicks = ticksOf(show.options.inactivitySeconds);
  player.fade = fadeOf(player.fade, silent, { afterTicks, perTick: fadePerTick });
}

/** Pushes every opponent near a ball away from it. */
export function shockwave(game: LastBall, player: Player, radius: number, power: number, act: Act, show: Show): void {
  const { body } = player;
  if (!body) return;
  // Somebody paid for it: strong also while the director holds hits back.
  const strong = power * logarithmic(act.count, 1.6) * Math.min(1.3, Math.max(0.95, Math.sqrt(game.heat)));
  for (const other of show.players.active) {
    if (!areFoes(player, other) || !other.body) continue;
    push(game, other, body.x, body.y, radius + body.radius, strong, player.key, show);
  }
  show.effect("shockwave", { on: body, viewer: player.key, power: Math.min(1, radius / 400), test: act.test });
}

function push(
  game: LastBall,
  other: Player,
  x: number,
  y: number,
  radius: number,
  power: number,
  by: string,
  show: Show,
): void {
  const { body } = other;
  if (!body) return;
  const dx = body.x - x;
  const dy = body.y - y;
  const distance = Math.hypot(dx, dy) || 1;
  const reach = radius + body.radius - distance;
  if (reach <= 0) return;
  const felt = power * Math.min(1, 0.35 + reach / radius);
  kick(other, dx / distance, dy / distance, felt, show);
  other.hurledUntil = show.world.tick + hurledTicks;
  blameKey(other, by, show);
  hurt(game, other, felt, show);
}

/** Freezes every opponent near a ball for a while. */
export function freezeRing(
  _game: LastBall,
  player: Player,
  radius: number,
  seconds: number,
  act: Act,
  show: Show,
): void {
  const { body } = player;
  if (!body) return;
  const until = show.world.tick + ticksOf(seconds * logarithmic(act.count, 2));
  for (const other of show.players.active) {
    if (!areFoes(player, other) || !other.body || other.giantUntil > show.world.tick) continue;
    const distance = Math.hypot(other.body.x - body.x, other.body.y - body.y);
    if (distance > radius + other.body.radius) continue;
    other.frozenUntil = Math.max(other.frozenUntil, until);
    blameKey(other, player.key, show);
  }
  show.effect("freeze", { on: body, viewer: player.key, power: Math.min(1, radius / 400), test: act.test });
}

/** Pulls opponents towards balls whose magnet is on; they swing past it and over the rim when it stands at one. */
export function pullMagnets(show: Show): void {
  const { tick } = show.world;
  for (const player of show.players.active) {
    if (player.magnetUntil <= tick || !player.body) continue;
    for (const other of show.players.active) {
      if (!areFoes(player, other) || !other.body || other.giantUntil > tick) continue;
      const dx = player.body.x - other.body.x;
      const dy = player.body.y - other.body.y;
      const distance = Math.hypot(dx, dy) || 1;
      if (distance > 300) continue;
      show.world.accelerate(other.body, (dx / distance) * magnetPull, (dy / distance) * magnetPull);
    }
  }
}

/** Who wears the giant now, if anybody. */
export function giantOf({ players, world }: Show): Player | undefined {
  return players.active.find((player) => player.giantUntil > world.tick);
}

/** Lets the smaller half of the balls roll faster for a while. */
export function pulse(boost: number, seconds: number, show: Show): void {
  const order = [...show.players.active].sort((a, b) => a.knockOuts - b.knockOuts || a.contactOrder - b.contactOrder);
  for (const player of smallerHalf(order, strength)) {
    player.pulseUntil = show.world.tick + ticksOf(seconds);
    player.pulseBoost = boost;
  }
  show.effect("pulse", { x: arenaX, y: arenaY, power: 1 });
}

/** Announces impacts on a part of the platform: every other one where a ball is now, the rest anywhere in it. */
export function callMeteors(
  game: LastBall,
  player: Player,
  impacts: number,
  power: number,
  act: Act,
  show: Show,
): void {
  const { tick } = show.world;
  for (let i = 0; i < impacts && game.meteors.length < maxMeteors; i++) {
    const { x, y } = (i % 2 === 0 ? besideBall(player, show) : undefined) ?? anywhere(game, player, show);
    const hitTick = tick + meteorWarnTicks + i * 14;
    game.meteors.push({ x, y, hitTick, owner: player.key, power, test: act.test });
    show.effect("meteorWarn", { x, y, power: (hitTick - tick) / 60, viewer: player.key, test: act.test });
  }
}

function anywhere(game: LastBall, player: Player, show: Show): { x: number; y: number } {
  const { random } = show.world;
  const angle = player.zone ? zoneAngle[player.zone] + random.between(-0.9, 0.9) : random.between(0, Math.PI * 2);
  const reach = Math.sqrt(random.between(0.08, 0.85)) * game.arena.radius;
  return { x: arenaX + Math.cos(angle) * reach, y: arenaY + Math.sin(angle) * reach };
}

/** A place just inside of some ball of the zone, so that the impact throws it outwards. */
function besideBall(player: Player, show: Show): { x: number; y: number } | undefined {
  const start = show.world.random.index(Math.max(1, show.players.active.length));
  for (let i = 0; i < show.players.active.length; i++) {
    const other = show.players.active[(start + i) % show.players.active.length]!;
    if (!areFoes(player, other) || !other.body) continue;
    const dx = other.body.x - arenaX;
    const dy = other.body.y - arenaY;
    if (player.zone && !isInZone(player.zone, dx, dy)) continue;
    const shift = Math.max(0, 1 - 36 / (Math.hypot(dx, dy) || 1));
    return { x: arenaX + dx * shift, y: arenaY + dy * shift };
  }
  return undefined;
}

function isInZone(zone: Zone, dx: number, dy: number): boolean {
  return Math.cos(zoneAngle[zone]) * dx + Math.sin(zoneAngle[zone]) * dy > 40;
}

const zoneAngle: Readonly<Record<Zone, number>> = { right: 0, bottom: Math.PI / 2, left: Math.PI, top: -Math.PI / 2 };

/** Lets the impacts whose time has come strike. */
export function dropMeteors(game: LastBall, show: Show): void {
  const { meteors } = game;
  for (let i = 0; i < meteors.length; ) {
    const meteor = meteors[i]!;
    if (meteor.hitTick > show.world.tick) {
      i++;
      continue;
    }
    meteors.splice(i, 1);
    strike(game, meteor, show);
  }
}

function strike(game: LastBall, { x, y, owner, power, test }: Meteor, show: Show): void {
  const sender = show.players.get(owner);
  for (const other of [...show.players.active]) {
    if (!sender || areFoes(sender, other)) push(game, other, x, y, meteorRadius, power, owner, show);
  }
  show.effect("meteorHit", { x, y, power: 1, viewer: owner, test });
}

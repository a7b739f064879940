/** How balls roll by themselves: towards somebody, in charges and pauses, and away from the rim. */

import { ticksOf } from "../../game/phases.ts";
import { arenaX, arenaY } from "./arena.ts";
import { isFighting, type LastBall, type Player, type Show } from "./state.ts";
import { areFoes } from "./teams.ts";

/** Speed a ball rolls at by itself, units per tick: roaming and charging. */
const roamSpeed = 2.6;
const chargeSpeed = 6.2;
/** A giant rolls slower, and draws others on: it looks so much nearer to them than it is. */
const giantPace = 0.75;
const giantLure = 0.6;
/** Acceleration of its own, units per tick per tick. */
const push = 0.2;
/** Distance from the rim at which it begins to turn back. */
const edgeZone = 120;

/** One tick of a ball's own will. */
export function steer(game: LastBall, player: Player, show: Show): void {
  const { body } = player;
  const { tick } = show.world;
  if (!body) return;
  if (player.frozenUntil > tick) {
    show.world.setVelocity(body, body.vx * 0.9, body.vy * 0.9);
    return;
  }
  avoidRim(game, player, show);
  if (player.stunUntil > tick || player.dashUntil > tick) return;
  if (player.aimUntil <= tick || (player.aim && !player.aim.body)) choose(player, show);
  turn(player, show);
  const boost = player.pulseUntil > tick ? 1 + player.pulseBoost : 1;
  const weight = player.giantUntil > tick ? giantPace : 1;
  const top = (player.charging ? chargeSpeedNow(game, show) : roamSpeed) * boost * weight * show.options.seekStrength;
  const along = body.vx * Math.cos(player.heading) + body.vy * Math.sin(player.heading);
  if (along >= top) return;
  const step = Math.min(push * boost, top - along);
  show.world.accelerate(body, Math.cos(player.heading) * step, Math.sin(player.heading) * step);
}

/** Charges are calmer while the director holds back, and faster where there is room: a duel is a joust. */
function chargeSpeedNow(game: LastBall, show: Show): number {
  const room = Math.max(0, 1 - show.players.active.length / 14);
  return (chargeSpeed + 2.6 * room) * (0.5 + 0.5 * Math.min(1, game.heat));
}

/** Chooses the next thing to do: a charge at somebody, or a pause. */
function choose(player: Player, show: Show): void {
  const { random, tick } = show.world;
  const named = player.targetUntil > tick ? show.players.get(player.target) : undefined;
  player.charging = isFighting(show) && (!player.charging || named !== undefined || random.next() < 0.35);
  player.aim = named?.body ? named : nearest(player, show);
  player.aimUntil = tick + ticksOf(player.charging ? random.between(0.9, 1.8) : random.between(0.4, 1.3));
  if (!player.charging) player.heading += random.between(-1.2, 1.2);
}

/** The nearest opponent; a little chance in it, so that pairs do not cling together. */
function nearest(player: Player, show: Show): Player | undefined {
  const { body } = player;
  const { random, tick } = show.world;
  let found: Player | undefined;
  let best = Number.POSITIVE_INFINITY;
  for (const other of show.players.active) {
    if (!areFoes(player, other) || !other.body || !body) continue;
    const lure = other.giantUntil > tick ? giantLure : 1;
    const distance = Math.hypot(other.body.x - body.x, other.body.y - body.y) * lure * random.between(0.6, 1.6);
    if (distance >= best) continue;
    best = distance;
    found = other;
  }
  return found;
}

function turn(player: Player, show: Show): void {
  const { body, aim } = player;
  if (!body) return;
  if (player.charging && aim?.body) {
    // Aims a little ahead of a moving target.
    const dx = aim.body.x + aim.body.vx * 8 - body.x;
    const dy = aim.body.y + aim.body.vy * 8 - body.y;
    player.heading = Math.atan2(dy, dx);
  } else {
    player.heading += Math.sin(show.world.tick * 0.02 + body.id) * 0.03;
  }
}

/** Rolls back from the rim, also from the part that is about to fall. */
function avoidRim(game: LastBall, player: Player, show: Show): void {
  const { body } = player;
  if (!body) return;
  const dx = body.x - arenaX;
  const dy = body.y - arenaY;
  const distance = Math.hypot(dx, dy) || 1;
  const safe = game.arena.shrinkAtTick > 0 ? game.arena.nextRadius : game.arena.radius;
  const zone = Math.min(edgeZone, safe * 0.4);
  const into = distance - (safe - zone);
  if (into <= 0) return;
  const outward = (body.vx * dx + body.vy * dy) / distance;
  // Rolling back already: no more than needed.
  if (outward < -roamSpeed) return;
  // The director also sets how well balls brake, but not against a power somebody paid for.
  const brake = player.hurledUntil > show.world.tick ? 0.3 : 0.36 / Math.max(0.2, game.heat);
  const grip = Math.min(1, into / zone) * brake;
  show.world.accelerate(body, (-dx / distance) * grip, (-dy / distance) * grip);
  if (player.charging && into > zone * 0.6 && outward > 1) {
    player.charging = false;
    player.heading = Math.atan2(-dy, -dx);
    player.aimUntil = show.world.tick + 20;
  }
}

/** Rolls a ball to a place, for the countdown's line-up. */
export function rollTo(player: Player, x: number, y: number, show: Show): void {
  const { body } = player;
  if (!body) return;
  const dx = x - body.x;
  const dy = y - body.y;
  const distance = Math.hypot(dx, dy);
  const speed = Math.min(9, distance * 0.06);
  const vx = distance > 0 ? (dx / distance) * speed : 0;
  const vy = distance > 0 ? (dy / distance) * speed : 0;
  show.world.accelerate(body, (vx - body.vx) * 0.15, (vy - body.vy) * 0.15);
  player.heading = Math.atan2(arenaY - body.y, arenaX - body.x);
}

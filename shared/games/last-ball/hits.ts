/** What contacts do in Last Ball: kicks, damage, and who is to blame. */

import { ticksOf } from "../../game/phases.ts";
import type { Contact, Entity } from "../../world/world.ts";
import { isSafe } from "./balls.ts";
import { isFighting, type LastBall, type Player, type Show } from "./state.ts";
import { areFoes } from "./teams.ts";

/** Slowest closing speed that counts as a hit, units per tick. */
const hitImpact = 3;
/** Closing speed at which a hit is drawn at full power. */
const fullImpact = 14;
/** Fastest a kick leaves a ball, units per tick. */
export const kickLimit = 21;
/** How long a hit is to blame for a fall. */
export const blameTicks = ticksOf(4);
/** Hits that end a giant, and the least time between two that count. */
const giantHits = 3;
const giantHitGapTicks = ticksOf(1.4);

/** Answers the contacts of the last step. */
export function answerContacts(game: LastBall, show: Show): void {
  for (const contact of show.world.contacts) {
    const a = show.players.of(contact.a);
    const b = show.players.of(contact.b);
    if (a && b) answerBalls(game, contact, a, b, show);
    else if (a) answerStructure(game, contact, a, contact.b, -1, show);
    else if (b) answerStructure(game, contact, b, contact.a, 1, show);
  }
}

function answerBalls(game: LastBall, contact: Contact, a: Player, b: Player, show: Show): void {
  if (!a.body || !b.body) return;
  // Who moved faster into the other hits; the other is hit. After the step speeds have changed hands, so compare swapped.
  const intoB = b.body.vx * contact.nx + b.body.vy * contact.ny;
  const intoA = -(a.body.vx * contact.nx + a.body.vy * contact.ny);
  const aHits = intoB * b.body.mass >= intoA * a.body.mass;
  const [hitter, victim, sign] = aHits ? ([a, b, 1] as const) : ([b, a, -1] as const);
  victim.contactOrder = ++game.contactCount;
  hitter.contactOrder = ++game.contactCount;
  if (contact.impact < hitImpact) return;
  const isFight = isFighting(show) && areFoes(a, b);
  const power = isFight ? hitPower(game, hitter, show) : 0.35;
  kick(victim, contact.nx * sign, contact.ny * sign, contact.impact * 0.62 * power * share(hitter, victim), show);
  kick(hitter, -contact.nx * sign, -contact.ny * sign, contact.impact * 0.12 * share(victim, hitter), show);
  if (areFoes(a, b)) blame(victim, hitter, show);
  // The weaker side is to blame too, when the hitter falls by its own rebound.
  if (show.world.tick - hitter.lastHitTick > blameTicks) blame(hitter, victim, show);
  if (isFight) hurt(game, victim, contact.impact * power, show);
  // Drawn by its speed, so that a hit looks like one also while the director holds the kicks back.
  const drawn = Math.min(1, (contact.impact * Math.max(0.7, power)) / fullImpact);
  show.effect("hit", { x: contact.x, y: contact.y, on: victim.body, with: hitter.body, power: drawn });
}

/** How much harder than normal this ball hits now. */
function hitPower(game: LastBall, hitter: Player, show: Show): number {
  const { tick } = show.world;
  const sudden = show.phase.name === "sudden" ? 2 : 1;
  const spikes = hitter.spikesUntil > tick ? 1.5 : 1;
  const dash = hitter.dashUntil > tick ? 1.25 : 1;
  return show.options.hitPower * game.heat * sudden * spikes * dash;
}

/** 1 between equals; up to 1.5 for the heavier, down to a half for the lighter, so that size matters and never decides alone. */
function share(hitter: Player, victim: Player): number {
  const hits = hitter.body?.mass ?? 1;
  const takes = victim.body?.mass ?? 1;
  return Math.min(1.5, Math.max(0.5, (2 * hits) / (hits + takes)));
}

/** Adds to a ball's speed along a unit vector, within the limit, and takes its own will for a moment. */
export function kick(player: Player, nx: number, ny: number, speed: number, show: Show): void {
  const { body } = player;
  const { tick } = show.world;
  if (!body) return;
  const felt = player.shieldUntil > tick ? speed * 0.4 : player.giantUntil > tick ? speed * 0.5 : speed;
  const vx = body.vx + nx * felt;
  const vy = body.vy + ny * felt;
  const factor = Math.min(1, kickLimit / (Math.hypot(vx, vy) || 1));
  show.world.setVelocity(body, vx * factor, vy * factor);
  player.stunUntil = Math.max(player.stunUntil, tick + Math.round(Math.min(30, 6 + felt * 1.6)));
}

function blame(victim: Player, by: Player, show: Show): void {
  victim.lastHitBy = by.key;
  victim.lastHitTick = show.world.tick;
}

/** Blames a power of somebody who may not have a ball any more. */
export function blameKey(victim: Player, by: string, show: Show): void {
  if (victim.key === by) return;
  victim.lastHitBy = by;
  victim.lastHitTick = show.world.tick;
}

/** Counts a hit against a giant, whatever its strength; costs others health in mode hp. */
export function hurt(game: LastBall, victim: Player, power: number, show: Show): void {
  const { tick } = show.world;
  if (victim.giantUntil > tick) {
    if (tick < victim.giantHitAgainTick) return;
    victim.giantHitAgainTick = tick + giantHitGapTicks;
    if (++victim.giantHits >= giantHits) victim.giantUntil = tick;
    return;
  }
  if (show.options.mode !== "hp" || isSafe(victim, tick)) return;
  victim.health -= Math.min(45, power * 1.1);
  if (victim.health <= 0 && !game.falling.includes(victim)) game.falling.push(victim);
}

function answerStructure(
  game: LastBall,
  contact: Contact,
  player: Player,
  structure: Entity,
  sign: 1 | -1,
  show: Show,
): void {
  if (structure.kind !== "bumper" && structure.kind !== "bar" && structure.kind !== "hub") return;
  const strength = structure.kind === "bar" ? 3.2 : structure.kind === "bumper" ? 3.5 : 1.5;
  const power = isFighting(show) ? Math.sqrt(game.heat) : 0.6;
  kick(player, contact.nx * sign, contact.ny * sign, strength * power, show);
  if (structure.kind !== "hub") {
    show.effect(structure.kind === "bar" ? "barHit" : "bumperHit", {
      x: contact.x,
      y: contact.y,
      on: player.body,
      with: structure,
      power: Math.min(1, 0.3 + contact.impact / fullImpact),
    });
  }
}

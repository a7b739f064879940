/** The balls of Last Ball: how one appears, how large and heavy it is, what it wears, and how it leaves. */

import { ticksOf } from "../../game/phases.ts";
import type { Entity } from "../../world/world.ts";
import { arenaX, arenaY, fromCentre, layerBall, layerStructure, sweptRadius } from "./arena.ts";
import { freshBall, type LastBall, type Player, type Show } from "./state.ts";

/** Smallest radius on the stage: below, a face cannot be read on a phone. */
export const minRadius = 42;
/** Largest radius of a ball, a giant with every growth. */
export const maxRadius = 104;
const density = 0.001;
/** Protection after appearing. */
const protectedSeconds = 2;

/** Radius of a full ball when so many share the platform. */
export function baseRadiusFor(balls: number): number {
  const crowded = Math.min(1, Math.max(0, (balls - 10) / 26));
  return 56 - (56 - minRadius) * crowded;
}

/** Strength of a ball as a factor of its radius: what it was given, has gained and has lost. */
export function strength(player: Player): number {
  return player.size * player.fade * (1 + player.growth + player.trophies);
}

/** A ball for the player at a safe spot, protected for two seconds; undefined when the world is full. */
export function spawnBall(game: LastBall, player: Player, show: Show, size: number): Entity | undefined {
  const { x, y } = safeSpot(game, show);
  const ball = show.world.spawn({
    kind: "ball",
    shape: { type: "circle", radius: Math.max(minRadius, game.baseRadius * size) },
    x,
    y,
    layer: layerBall,
    meets: layerBall | layerStructure,
    restitution: 0.65,
    friction: 0.01,
    frictionAir: 0.014,
    density,
    viewer: player.key,
  });
  if (!ball) return undefined;
  Object.assign(player, freshBall(size));
  player.place = show.players.active.length;
  player.heading = Math.atan2(arenaY - y, arenaX - x);
  player.shieldUntil = show.world.tick + ticksOf(protectedSeconds);
  show.effect("spawn", { on: ball, viewer: player.key });
  return ball;
}

/** Nobody goes for a ball that has left. */
export function forget(player: Player, show: Show): void {
  for (const other of show.players.active) if (other.aim === player) other.aim = undefined;
}

/** The emptiest of some random places on the inner platform, away from what stands there. */
function safeSpot(game: LastBall, show: Show): { x: number; y: number } {
  const { random } = show.world;
  const inner = sweptRadius(game, show);
  const outer = Math.max(inner, Math.min(game.arena.radius, game.arena.nextRadius) - 70);
  let best = { x: arenaX, y: arenaY };
  let bestRoom = -1;
  for (let attempt = 0; attempt < 12; attempt++) {
    const angle = random.between(0, Math.PI * 2);
    const reach = random.between(Math.min(inner, outer), outer);
    const x = arenaX + Math.cos(angle) * reach;
    const y = arenaY + Math.sin(angle) * reach;
    let room = 1000;
    const keepAway = (body: Entity) => {
      room = Math.min(room, Math.hypot(body.x - x, body.y - y) - body.radius);
    };
    game.arena.posts.forEach(keepAway);
    for (const { body } of show.players.active) if (body) keepAway(body);
    if (room > bestRoom) {
      best = { x, y };
      bestRoom = room;
    }
  }
  return best;
}

/** Makes the body as large and heavy as the player's strength says; small steps, so that the stage is not told every tick. */
export function resize(game: LastBall, player: Player, show: Show): void {
  const { body } = player;
  if (!body) return;
  const giant = player.giantUntil > show.world.tick;
  const swell = player.swell + ((giant ? 1.75 : 1) - player.swell) * 0.08;
  player.swell = Math.abs(swell - 1) < 0.01 && !giant ? 1 : swell;
  const wanted = game.baseRadius * strength(player);
  const shown = Math.min(maxRadius, Math.max(minRadius, wanted * player.swell));
  if (Math.abs(shown - body.radius) > 0.75) show.world.setRadius(body, Math.round(shown * 2) / 2);
  // Below the smallest visible size a ball grows no smaller but lighter; a guard weighs twice, a giant no more than three.
  const ratio = wanted / minRadius;
  const small = Math.min(1, ratio * ratio);
  const guard = player.guardUntil > show.world.tick ? 2 : 1;
  const mass = density * Math.PI * body.radius * body.radius * small * guard;
  if (Math.abs(mass - body.mass) > body.mass * 0.02) show.world.setMaterial(body, { density: density * small * guard });
}

/** Writes what the stage draws on a ball. Values are end ticks or counts. */
export function dress(game: LastBall, player: Player, show: Show): void {
  const { body } = player;
  if (!body) return;
  const { tick } = show.world;
  wear(body, "team", player.team);
  wear(body, "crown", game.leader === player.key ? 1 : 0);
  wear(body, "spikes", until(player.spikesUntil, tick));
  // 1 stands for a rim save in hand, which has no end.
  wear(body, "shield", until(player.shieldUntil, tick) || Math.min(1, player.saves));
  wear(body, "revenge", player.marks);
  wear(body, "guard", until(player.guardUntil, tick));
  wear(body, "giant", until(player.giantUntil, tick));
  wear(body, "frozen", until(player.frozenUntil, tick));
  wear(body, "magnet", until(player.magnetUntil, tick));
  wear(body, "pulse", until(player.pulseUntil, tick));
  wear(body, "dash", until(player.dashUntil, tick));
  wear(body, "subscriber", player.subscriber ? 1 : 0);
  if (show.options.mode === "hp") wear(body, "health", Math.max(1, Math.ceil(player.health)));
}

const until = (end: number, tick: number) => (end > tick ? end : 0);

function wear(body: Entity, name: string, value: number): void {
  if (value === 0) body.wear.delete(name);
  else if (body.wear.get(name) !== value) body.wear.set(name, value);
}

/** Whether the rim cannot take this ball now: just appeared, or a giant. */
export function isSafe(player: Player, tick: number): boolean {
  return player.shieldUntil > tick || player.giantUntil > tick;
}

/** Whether the ball's centre has passed the rim. */
export function isOver(game: LastBall, player: Player): boolean {
  return fromCentre(player) > game.arena.radius;
}

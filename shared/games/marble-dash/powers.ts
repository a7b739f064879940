/** Powers: what gifts and words do to marbles. */
import type { ViewerKey } from "../../events/viewer.ts";
import { ticksOf } from "../../game/phases.ts";
import { logarithmic } from "../../game/tiers.ts";
import { makeGhost } from "./marbles.ts";
import { layers, leftX, middleX, rightX } from "./pieces.ts";
import type { Lane, MarbleDash, Rail, Runners, Show } from "./state.ts";
import { jointBelow } from "./track.ts";

/** Gifts of one viewer within so long are one combo. */
const comboTicks = ticksOf(3);
/** A boost never makes a marble faster than this, down the track. */
const boostSpeed = 19;
/** Drive of a boost while it lasts, units per tick per tick. */
const boostDrive = 0.16;
/** How far below the leader a rail is built, its size, and what it does. */
const railAhead = 700;
const railSize = { width: 420, height: 120 };
const railSpeed = 17;
const railGhostTicks = ticksOf(1.2);
/** Sizes and colours end here: gifts by the thousand make no stronger effect. */
const mostUnits = 1000;

/** Pushes a marble down the track. The units of a combo count by their logarithm: 1, 1.5, 1.8, 2 and so on. */
export function boost(player: Runners, units: number, power: number, show: Show): number {
  const { body } = player;
  const { tick } = show.world;
  if (tick >= player.comboUntil) player.combo = 0;
  player.combo = Math.min(mostUnits, player.combo + Math.min(mostUnits, units));
  player.comboUntil = tick + comboTicks;
  const strength = logarithmic(player.combo, 3);
  if (body) push(player, power * strength, show);
  player.boostUntil = tick + Math.round(ticksOf(0.5) * strength);
  return strength;
}

/** Adds speed down the track, up to the limit of boosts. */
export function push(player: Runners, added: number, show: Show): void {
  const { body } = player;
  if (body && body.vy < boostSpeed) show.world.setVelocity(body, body.vx, Math.min(boostSpeed, body.vy + added));
}

/** Keeps boosted marbles going. */
export function drive(player: Runners, show: Show): void {
  const { body } = player;
  if (!body || player.boostUntil <= show.world.tick || body.vy >= boostSpeed) return;
  show.world.accelerate(body, 0, boostDrive);
}

/** Side a gust of this player blows to: by their last word, else the side of the track they are on. */
export function laneOf({ body, lane }: Runners): Lane {
  if (lane !== 0) return lane;
  return (body?.x ?? middleX) < middleX ? -1 : 1;
}

/** Blows everybody who runs across the track. */
export function blow(game: MarbleDash, show: Show): void {
  const { gust } = game;
  if (!gust) return;
  if (gust.untilTick <= show.world.tick) {
    game.gust = undefined;
    return;
  }
  for (const { body, place } of show.players.active) if (body && place === 0) show.world.accelerate(body, gust.push, 0);
}

/** Builds a strip below the leader; undefined when the track has no free stretch left there. */
export function buildRail(game: MarbleDash, player: Runners, show: Show): Rail | undefined {
  const { track } = game;
  const leader = game.order[0]?.body?.y ?? game.packY;
  const taken = (y: number) => game.rails.some(({ entity }) => Math.abs(entity.y - y) < 10);
  let y = track && jointBelow(track, leader + railAhead);
  while (track && y !== undefined && taken(y)) y = jointBelow(track, y + 10);
  if (y === undefined) return undefined;
  const half = railSize.width / 2;
  const x = laneOf(player) < 0 ? leftX + half : rightX - half;
  const entity = show.world.spawn({
    kind: "rail",
    shape: { type: "box", ...railSize },
    ...{ x, y },
    motion: "fixed",
    sensor: true,
    layer: layers.track,
  });
  if (!entity) return undefined;
  const color = colorOf(player);
  entity.wear.set("trail", player.trail);
  if (player.team > 0) entity.wear.set("team", player.team);
  const rail = { entity, owner: player.key, color };
  game.rails.push(rail);
  return rail;
}

/** What decides whom a rail serves: the team, else the trail's colour. */
function colorOf({ team, trail }: Runners): number {
  return team > 0 ? team : trail;
}

/** Rails throw those of their colour who pass. Call for each marble. */
export function ride(game: MarbleDash, player: Runners, show: Show): void {
  const { body } = player;
  if (!body) return;
  for (const { entity, owner, color } of game.rails) {
    if (!serves(owner, color, player)) continue;
    if (Math.abs(body.y - entity.y) > railSize.height / 2 || Math.abs(body.x - entity.x) > railSize.width / 2) continue;
    if (body.vy < railSpeed) show.world.setVelocity(body, body.vx * 0.6, railSpeed);
    const { tick } = show.world;
    if (player.ghostUntil < tick + 10) show.effect("rail", { on: body, viewer: player.key, power: 1 });
    makeGhost(player, tick + railGhostTicks, show);
    player.boostUntil = Math.max(player.boostUntil, tick + railGhostTicks);
  }
}

function serves(owner: ViewerKey, color: number, player: Runners): boolean {
  return player.key === owner || (color > 0 && colorOf(player) === color);
}

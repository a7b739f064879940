/** What holds the core up before a goal: bumpers that break, walls that are paid for, and paddles that anybody may raise. */
import { ticksOf } from "../../game/phases.ts";
import type { Contact, Entity } from "../../world/world.ts";
import { coreRadius, depthOf, homeY, laneHalfWidth, layers, middleX, otherTeam, sideOf } from "./lane.ts";
import {
  bothTeams,
  type CoreClash,
  isClash,
  type Player,
  type Show,
  type TeamNumber,
  type TeamState,
  type Wall,
} from "./state.ts";

/** Bumpers: where they stand, from the middle, their size, and how fast they throw the core back, units per tick. */
const bumperReach = 290;
const bumperPlaces = [-135, 135] as const;
const bumperRadius = 30;
const bumperKick = 1.8;

const wallSize = { width: 300, height: 48 };
const paddleSize = { width: 240, height: 40 };
/** Where a wall and a paddle rise from, and where they stop when nothing is in the way. */
const riseReach = 352;
const wallReach = 262;
const paddleReach = 272;
/** How fast they rise, units per tick. A paddle throws. */
const wallSpeed = 2;
const paddleSpeed = 8;
/** Speed a paddle gives the core, units per tick. */
const paddleKick = 1.5;
/** Walls of one team at once, and how long one can be made to last. */
const maxWalls = 2;
const longestWallTicks = ticksOf(24);
/** Columns a wall may stand in, from the middle. */
const columns = { left: -262, right: 262 } as const;
/** How near the place of a wall another one joins it. */
const sameWall = 150;
/** What a block is worth in a save, in pushes. */
const blockWorth = 6;

/** Stands all bumpers up that are missing, whole. */
export function resetDefences(game: CoreClash, show: Show): void {
  for (const team of bothTeams(game)) {
    for (const wall of [...team.walls, ...(team.paddle ? [team.paddle] : [])]) show.world.remove(wall.entity);
    team.walls.length = 0;
    team.paddle = undefined;
    if (team.bumpers.length === 0) for (const x of bumperPlaces) team.bumpers.push({ entity: undefined, x, hits: 0 });
    for (const bumper of team.bumpers) {
      if (show.options.bumperHits === 0) {
        if (bumper.entity) show.world.remove(bumper.entity);
        bumper.entity = undefined;
      } else mendBumper(team.team, bumper, show);
    }
  }
}

function mendBumper(team: TeamNumber, bumper: TeamState["bumpers"][number], show: Show): void {
  bumper.hits = 0;
  bumper.entity ??= show.world.spawn({
    kind: "bumper",
    shape: { type: "circle", radius: bumperRadius },
    x: middleX + bumper.x,
    y: homeY(team, bumperReach),
    motion: "fixed",
    restitution: 0.9,
    layer: layers.defence[team],
    meets: layers.core | layers.titan[otherTeam(team)],
  });
  bumper.entity?.wear.set("team", team);
  bumper.entity?.wear.delete("cracked");
}

/** Takes the bumpers away: where the core is to be kept up, nothing else may hold it. */
export function dropBumpers(game: CoreClash, show: Show): void {
  for (const { bumpers } of bothTeams(game)) {
    for (const bumper of bumpers) {
      if (bumper.entity) show.world.remove(bumper.entity);
      bumper.entity = undefined;
    }
  }
}

/** Repairs the team's most broken bumper; false when all are whole. */
export function repairBumper(game: CoreClash, team: TeamNumber, show: Show): boolean {
  const [worst] = [...game.teams[team].bumpers].sort((a, b) => b.hits - a.hits);
  if (!worst || worst.hits === 0 || show.options.bumperHits === 0) return false;
  mendBumper(team, worst, show);
  show.effect("repair", { on: worst.entity, power: 1, text: String(team) });
  return true;
}

/** Raises a wall, or makes one that stands there last longer. False when no more can be added now. */
export function raiseWall(game: CoreClash, player: Player, team: TeamNumber, ticks: number, show: Show): boolean {
  const { walls } = game.teams[team];
  const x = wallX(game, player);
  const { tick } = show.world;
  let known = walls.find(({ entity }) => Math.abs(entity.x - x) < sameWall);
  if (!known && walls.length >= maxWalls) known = walls.reduce((a, b) => (b.untilTick < a.untilTick ? b : a));
  if (known) {
    const until = known.untilTick + ticks;
    if (until - tick > longestWallTicks) return false;
    known.untilTick = until;
    show.effect("wall", { on: known.entity, viewer: player.key, power: 0.5 });
    return true;
  }
  const entity = spawnBlock("wall", wallSize, x, team, show);
  if (!entity) return false;
  const wall = { entity, owner: player.key, reach: reachFor(game, team, wallReach, wallSize.height), speed: wallSpeed };
  walls.push({ ...wall, untilTick: tick + ticks });
  show.effect("wall", { on: entity, viewer: player.key, power: 1 });
  return true;
}

/** Throws a paddle up under the core. False while another one is up. */
export function raisePaddle(
  game: CoreClash,
  player: Pick<Player, "key">,
  team: TeamNumber,
  ticks: number,
  show: Show,
): boolean {
  const state = game.teams[team];
  if (state.paddle) return false;
  const limit = laneHalfWidth - paddleSize.width / 2;
  const x = middleX + Math.max(-limit, Math.min(limit, (game.core?.x ?? middleX) - middleX));
  const entity = spawnBlock("paddle", paddleSize, x, team, show);
  if (!entity) return false;
  const reach = reachFor(game, team, paddleReach, paddleSize.height);
  state.paddle = { entity, owner: player.key, reach, speed: paddleSpeed, untilTick: show.world.tick + ticks };
  show.effect("paddle", { on: entity, viewer: player.key, power: 1 });
  return true;
}

/** The column its owner aims at; without one, under the core. */
function wallX(game: CoreClash, { aim }: Player): number {
  if (aim === "left" || aim === "right") return middleX + columns[aim];
  const limit = laneHalfWidth - wallSize.width / 2;
  return middleX + Math.max(-limit, Math.min(limit, (game.core?.x ?? middleX) - middleX));
}

/** It rises as far as it may, and no further than to the core when that has come close already. */
function reachFor(game: CoreClash, team: TeamNumber, wanted: number, thickness: number): number {
  const depth = game.core ? depthOf(team, game.core.y) : 0;
  return Math.max(wanted, Math.min(riseReach - 20, depth + coreRadius + thickness / 2));
}

function spawnBlock(
  kind: string,
  size: { width: number; height: number },
  x: number,
  team: TeamNumber,
  show: Show,
): Entity | undefined {
  const entity = show.world.spawn({
    kind,
    shape: { type: "box", ...size },
    x,
    y: homeY(team, riseReach),
    motion: "kinematic",
    restitution: 0.4,
    friction: 0,
    layer: layers.defence[team],
    meets: layers.core | layers.shot[otherTeam(team)] | layers.titan[otherTeam(team)],
  });
  entity?.wear.set("team", team);
  return entity;
}

/** Before physics: walls and paddles rise, push what is in the way, and go when their time is up. */
export function moveDefences(game: CoreClash, show: Show): void {
  for (const team of bothTeams(game)) {
    for (const wall of [...team.walls]) {
      if (show.world.tick < wall.untilTick) rise(game, team.team, wall, show);
      else {
        crumble(wall, show);
        team.walls.splice(team.walls.indexOf(wall), 1);
      }
    }
    if (!team.paddle) continue;
    if (show.world.tick < team.paddle.untilTick) rise(game, team.team, team.paddle, show);
    else {
      crumble(team.paddle, show);
      team.paddle = undefined;
    }
  }
}

function crumble({ entity }: Wall, show: Show): void {
  show.effect("crumble", { on: entity, power: 0.5 });
  show.world.remove(entity);
}

function rise(game: CoreClash, team: TeamNumber, wall: Wall, show: Show): void {
  const { entity } = wall;
  const left = Math.min(60, wall.untilTick - show.world.tick);
  entity.wear.set("until", wall.untilTick);
  const at = depthOf(team, entity.y);
  if (at <= wall.reach || left <= 0) return;
  const step = Math.min(wall.speed, at - wall.reach);
  show.world.setPosition(entity, entity.x, homeY(team, at - step));
  lift(game, team, wall, show);
}

/** A rising wall takes the core along: what is moved by hand has no speed of its own in the engine. */
function lift({ core }: CoreClash, team: TeamNumber, { entity, speed }: Wall, show: Show): void {
  if (!core || entity.shape.type !== "box") return;
  const { width, height } = entity.shape;
  const beside = Math.abs(core.x - entity.x) - width / 2;
  const gap = depthOf(team, entity.y) - height / 2 - depthOf(team, core.y) - coreRadius;
  if (beside > 0 || gap > 1 || gap < -coreRadius) return;
  const up = -core.vy * sideOf(team);
  const wanted = speed > wallSpeed ? paddleKick : speed;
  if (up < wanted) show.world.setVelocity(core, core.vx, -wanted * sideOf(team));
}

/** After physics: what the core has hit. */
export function answerContacts(game: CoreClash, show: Show): void {
  for (const contact of show.world.contacts) {
    const { a, b } = contact;
    if (a !== game.core && b !== game.core) continue;
    const other = a === game.core ? b : a;
    if (other.kind === "bumper") hitBumper(game, other, contact, show);
    else if (other.kind === "wall" || other.kind === "paddle") hitBlock(game, other, contact, show);
    else if (other.kind === "rail" && contact.impact > 1)
      show.effect("railHit", { x: contact.x, y: contact.y, on: game.core, power: Math.min(1, contact.impact / 6) });
  }
}

function hitBumper(game: CoreClash, entity: Entity, { x, y }: Contact, show: Show): void {
  const { core } = game;
  for (const team of bothTeams(game)) {
    const bumper = team.bumpers.find((one) => one.entity === entity);
    if (!bumper || !core) continue;
    const dx = core.x - entity.x;
    const dy = core.y - entity.y;
    const distance = Math.sqrt(dx * dx + dy * dy) || 1;
    const along = core.vx * (dx / distance) + core.vy * (dy / distance);
    const kick = Math.max(0, bumperKick - along);
    show.world.accelerate(core, (dx / distance) * kick, (dy / distance) * kick);
    show.effect("bumperHit", { x, y, on: core, with: entity, power: 0.8 });
    if (!isClash(game, show)) continue;
    bumper.hits++;
    entity.wear.set("cracked", bumper.hits);
    if (bumper.hits < show.options.bumperHits) continue;
    show.effect("bumperBreak", { on: entity, power: 1, text: String(team.team) });
    show.world.remove(entity);
    bumper.entity = undefined;
  }
}

function hitBlock(game: CoreClash, entity: Entity, { x, y, impact }: Contact, show: Show): void {
  show.effect("block", { x, y, on: game.core, with: entity, power: Math.min(1, 0.3 + impact / 5) });
  for (const { team, walls, paddle } of bothTeams(game)) {
    const wall = paddle?.entity === entity ? paddle : walls.find((one) => one.entity === entity);
    const { danger } = game;
    if (!wall || danger?.team !== team || wall.owner === "") continue;
    danger.helpers.set(wall.owner, (danger.helpers.get(wall.owner) ?? 0) + blockWorth);
  }
}

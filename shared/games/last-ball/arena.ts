/** The platform of Last Ball: its rim, what stands on it, and its shrinking. What stands there is the preset's choice. */

import { ticksOf } from "../../game/phases.ts";
import type { Entity } from "../../world/world.ts";
import { type ArenaPreset, arenaPresets } from "./presets.ts";
import type { Arena, LastBall, Player, Show } from "./state.ts";

/** Centre of the platform and its radius at the start of a round: inside the safe zone of a portrait phone. */
export const arenaX = 485;
export const arenaY = 1010;
export const fullRadius = 430;
/** Layers of collision. */
export const layerBall = 1;
export const layerStructure = 2;

const bumperRadius = 30;
const barThickness = 52;
const hubRadius = 38;
/** How near the rim comes to a post before it falls. */
const postMargin = 60;
const warnSeconds = 3;
/** Seconds in which a step of the shrinking happens. */
const moveSeconds = 1.6;
/** Seconds before the end of sudden death at which the platform closes for good. */
const closingSeconds = 9;
/** Smaller than the smallest ball: two cannot stand on it. */
const closedRadius = 30;

/** Builds the platform before the first round. */
export function createArena(): Arena {
  return {
    radius: fullRadius,
    nextRadius: fullRadius,
    shrinkAtTick: 0,
    speed: 0,
    step: 0,
    bumpers: [],
    posts: [],
    bar: undefined,
    hub: undefined,
    barAngle: 0,
    barTurn: 0,
    placedRadius: 0,
  };
}

/** Puts the platform back to full size, with all that stands on it. */
export function resetArena({ arena }: LastBall, show: Show): void {
  arena.radius = fullRadius;
  arena.nextRadius = fullRadius;
  arena.shrinkAtTick = 0;
  arena.speed = 0;
  arena.step = 0;
  arena.placedRadius = 0;
  const preset = presetOf(show);
  arena.barTurn = show.world.random.next() < 0.5 ? -preset.barTurn : preset.barTurn;
  if (!arena.bar && preset.barLengthUnits > 0) buildBar(arena, preset.barLengthUnits, show);
  placePosts(arena, preset, show);
  placeBumpers(arena, show);
}

function presetOf(show: Show): ArenaPreset {
  return arenaPresets[show.options.arena];
}

/** One tick of the platform: announces, shrinks, moves bumpers, turns the bar. */
export function moveArena(game: LastBall, show: Show): void {
  const { arena } = game;
  if (show.phase.name === "play") announceStep(game, show);
  if (show.phase.name === "sudden") announceClosing(game, show);
  if (arena.shrinkAtTick > 0 && show.world.tick >= arena.shrinkAtTick) {
    arena.radius = Math.max(arena.nextRadius, arena.radius - arena.speed);
    if (arena.radius <= arena.nextRadius) arena.shrinkAtTick = 0;
  }
  if (arena.radius !== arena.placedRadius) placeBumpers(arena, show);
  if (arena.posts.length > 0 && arena.radius < presetOf(show).postReachUnits + postMargin) dropPosts(arena, show);
  if (arena.bar) {
    const haste = show.phase.name === "play" ? 1 + game.heat * 0.6 : 1;
    arena.barAngle += arena.barTurn * haste;
    show.world.setAngle(arena.bar, arena.barAngle);
  }
}

/** Sudden death: what stands inside breaks off and the platform falls to its last size. */
export function startSudden(game: LastBall, show: Show): void {
  const { arena } = game;
  for (const part of [arena.bar, arena.hub]) if (part) show.world.remove(part);
  arena.bar = undefined;
  arena.hub = undefined;
  dropPosts(arena, show);
  announce(arena, show, fullRadius * show.options.suddenTo, 2.5);
}

function announceStep({ arena }: LastBall, show: Show): void {
  const { shrinkSteps, shrinkTo } = show.options;
  if (arena.step >= shrinkSteps || arena.shrinkAtTick > 0) return;
  const { startTick, endTick } = show.phase;
  // Steps share the time between the first fifth and the last sixth of play.
  const share = 0.2 + (0.64 * arena.step) / Math.max(1, shrinkSteps - 1 || 1);
  if (show.world.tick < startTick + (endTick - startTick) * share) return;
  arena.step++;
  announce(arena, show, fullRadius * (1 - ((1 - shrinkTo) * arena.step) / shrinkSteps), moveSeconds);
}

function announceClosing({ arena }: LastBall, show: Show): void {
  if (arena.nextRadius <= closedRadius || show.world.tick < show.phase.endTick - ticksOf(closingSeconds)) return;
  announce(arena, show, closedRadius, closingSeconds - 2.5, 0.5);
}

function announce(arena: Arena, show: Show, radius: number, seconds: number, warn = warnSeconds): void {
  arena.nextRadius = Math.min(radius, arena.radius);
  arena.shrinkAtTick = show.world.tick + ticksOf(warn);
  arena.speed = Math.max(0.05, (arena.radius - arena.nextRadius) / ticksOf(seconds));
  show.effect("shrinkWarn", { x: arenaX, y: arenaY, power: 1 - arena.nextRadius / fullRadius });
}

function buildBar(arena: Arena, width: number, show: Show): void {
  const common = { x: arenaX, y: arenaY, layer: layerStructure };
  const shape = { type: "box", width, height: barThickness } as const;
  arena.bar = show.world.spawn({ ...common, kind: "bar", shape, motion: "kinematic", angle: arena.barAngle });
  arena.hub = show.world.spawn({
    ...common,
    kind: "hub",
    shape: { type: "circle", radius: hubRadius },
    motion: "fixed",
  });
}

/** How many of `full` bumpers fit a rim: fewer on a smaller one, or they would close it. */
export function bumpersFor(radius: number, full: number): number {
  if (radius < fullRadius * 0.3) return 0;
  return Math.max(3, Math.floor((full * radius) / fullRadius + 0.01));
}

function placeBumpers(arena: Arena, show: Show): void {
  const wanted = bumpersFor(arena.radius, presetOf(show).rimBumpers);
  while (arena.bumpers.length > wanted) dropBumper(arena.bumpers, show);
  while (arena.bumpers.length < wanted) {
    if (!addBumper(arena.bumpers, show)) break;
  }
  spread(arena.bumpers, -1.37, arena.radius, show);
  arena.placedRadius = arena.radius;
}

function placePosts(arena: Arena, { posts, postReachUnits }: ArenaPreset, show: Show): void {
  while (arena.posts.length < posts) {
    if (!addBumper(arena.posts, show)) break;
  }
  spread(arena.posts, -Math.PI / 2, postReachUnits, show);
}

function dropPosts(arena: Arena, show: Show): void {
  while (arena.posts.length > 0) dropBumper(arena.posts, show);
}

/** Adds one more bumper to a ring of them; false when the world is full. */
function addBumper(ring: Entity[], show: Show): boolean {
  const bumper = show.world.spawn({
    kind: "bumper",
    shape: { type: "circle", radius: bumperRadius },
    x: arenaX,
    y: arenaY - fullRadius,
    motion: "fixed",
    layer: layerStructure,
  });
  if (bumper) ring.push(bumper);
  return bumper !== undefined;
}

function dropBumper(ring: Entity[], show: Show): void {
  const gone = ring.pop()!;
  show.effect("bumperDrop", { on: gone });
  show.world.remove(gone);
}

/** Places bumpers evenly in a ring around the middle. */
function spread(ring: readonly Entity[], start: number, reach: number, show: Show): void {
  ring.forEach((bumper, index) => {
    const angle = start + (index / ring.length) * Math.PI * 2;
    show.world.setPosition(bumper, arenaX + Math.cos(angle) * reach, arenaY + Math.sin(angle) * reach);
  });
}

/** Radius of the middle that the turning bar sweeps, 0 without one. */
export function sweptRadius({ arena }: LastBall, show: Show): number {
  return arena.bar ? presetOf(show).barLengthUnits / 2 + 55 : 0;
}

/** Distance of a ball's centre from the platform's. */
export function fromCentre(player: Player): number {
  return player.body ? Math.hypot(player.body.x - arenaX, player.body.y - arenaY) : 0;
}

/** A soft wall: pushes balls that touch the rim back in, for phases without ring-outs. */
export function keepInside(game: LastBall, player: Player, show: Show): void {
  const { body } = player;
  if (!body) return;
  const dx = body.x - arenaX;
  const dy = body.y - arenaY;
  const distance = Math.hypot(dx, dy) || 1;
  const over = distance + body.radius - game.arena.radius;
  if (over <= 0) return;
  const outward = Math.max(0, (body.vx * dx + body.vy * dy) / distance);
  const push = Math.min(3, over * 0.03) + outward * 0.25;
  show.world.accelerate(body, (-dx / distance) * push, (-dy / distance) * push);
  // A hard last line, so that even a wild shove leaves nobody outside.
  if (distance > game.arena.radius) bounceIn(game, player, show, 3);
}

/** Sets a ball just inside the rim, rolling inwards. */
export function bounceIn(game: LastBall, player: Player, show: Show, speed: number): void {
  const { body } = player;
  if (!body) return;
  const dx = body.x - arenaX;
  const dy = body.y - arenaY;
  const distance = Math.hypot(dx, dy) || 1;
  const reach = Math.max(0, game.arena.radius - 4);
  show.world.setPosition(body, arenaX + (dx / distance) * reach, arenaY + (dy / distance) * reach);
  show.world.setVelocity(body, (-dx / distance) * speed, (-dy / distance) * speed);
}

/** The platform of Last Ball: its rim, the bumpers on it, the rotating bar, and its shrinking. */
import { type Arena, type LastBall, type Player, type Show, ticksOf } from "./state.ts";

/** Centre of the platform and its radius at the start of a round: inside the safe zone of a portrait phone. */
export const arenaX = 485;
export const arenaY = 1010;
export const fullRadius = 430;
/** Layers of collision. */
export const layerBall = 1;
export const layerStructure = 2;
export const layerBench = 4;

const bumperRadius = 30;
const fullBumpers = 8;
const barLength = 320;
const barThickness = 52;
const hubRadius = 38;
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
    bar: undefined,
    hub: undefined,
    barAngle: 0,
    barTurn: 0.012,
    placedRadius: 0,
  };
}

/** Puts the platform back to full size, with all bumpers and the bar. */
export function resetArena({ arena }: LastBall, show: Show): void {
  arena.radius = fullRadius;
  arena.nextRadius = fullRadius;
  arena.shrinkAtTick = 0;
  arena.speed = 0;
  arena.step = 0;
  arena.placedRadius = 0;
  arena.barTurn = show.world.random.next() < 0.5 ? -0.012 : 0.012;
  if (!arena.bar) buildBar(arena, show);
  placeBumpers(arena, show);
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
  if (arena.bar) {
    const haste = show.phase.name === "play" ? 1 + game.heat * 0.6 : 1;
    arena.barAngle += arena.barTurn * haste;
    show.world.setAngle(arena.bar, arena.barAngle);
  }
}

/** Sudden death: the bar breaks off and the platform falls to its last size. */
export function startSudden(game: LastBall, show: Show): void {
  const { arena } = game;
  for (const part of [arena.bar, arena.hub]) if (part) show.world.remove(part);
  arena.bar = undefined;
  arena.hub = undefined;
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

function buildBar(arena: Arena, show: Show): void {
  const common = { x: arenaX, y: arenaY, layer: layerStructure, restitution: 0.9 };
  const shape = { type: "box", width: barLength, height: barThickness } as const;
  arena.bar = show.world.spawn({ ...common, kind: "bar", shape, motion: "kinematic", angle: arena.barAngle });
  arena.hub = show.world.spawn({
    ...common,
    kind: "hub",
    shape: { type: "circle", radius: hubRadius },
    motion: "fixed",
  });
}

/** Fewer bumpers on a smaller rim, or they would close it. */
export function bumpersFor(radius: number): number {
  if (radius < fullRadius * 0.3) return 0;
  return Math.max(3, Math.floor((fullBumpers * radius) / fullRadius + 0.01));
}

function placeBumpers(arena: Arena, show: Show): void {
  const wanted = bumpersFor(arena.radius);
  while (arena.bumpers.length > wanted) {
    const gone = arena.bumpers.pop()!;
    show.effect("bumperDrop", { on: gone });
    show.world.remove(gone);
  }
  while (arena.bumpers.length < wanted) {
    const bumper = show.world.spawn({
      kind: "bumper",
      shape: { type: "circle", radius: bumperRadius },
      x: arenaX,
      y: arenaY - fullRadius,
      motion: "fixed",
      layer: layerStructure,
      restitution: 1,
    });
    if (!bumper) break;
    arena.bumpers.push(bumper);
  }
  arena.bumpers.forEach((bumper, index) => {
    const angle = -1.37 + (index / arena.bumpers.length) * Math.PI * 2;
    const reach = arena.radius;
    show.world.setPosition(bumper, arenaX + Math.cos(angle) * reach, arenaY + Math.sin(angle) * reach);
  });
  arena.placedRadius = arena.radius;
}

/** Distance of a ball's centre from the platform's. */
export function fromCentre(player: Player): number {
  return player.entity ? Math.hypot(player.entity.x - arenaX, player.entity.y - arenaY) : 0;
}

/** A soft wall: pushes balls that touch the rim back in, for phases without ring-outs. */
export function keepInside(game: LastBall, player: Player, show: Show): void {
  const { entity } = player;
  if (!entity) return;
  const dx = entity.x - arenaX;
  const dy = entity.y - arenaY;
  const distance = Math.hypot(dx, dy) || 1;
  const over = distance + entity.radius - game.arena.radius;
  if (over <= 0) return;
  const outward = Math.max(0, (entity.vx * dx + entity.vy * dy) / distance);
  const push = Math.min(3, over * 0.03) + outward * 0.25;
  show.world.accelerate(entity, (-dx / distance) * push, (-dy / distance) * push);
  // A hard last line, so that even a wild shove leaves nobody outside.
  if (distance > game.arena.radius) bounceIn(game, player, show, 3);
}

/** Sets a ball just inside the rim, rolling inwards. */
export function bounceIn(game: LastBall, player: Player, show: Show, speed: number): void {
  const { entity } = player;
  if (!entity) return;
  const dx = entity.x - arenaX;
  const dy = entity.y - arenaY;
  const distance = Math.hypot(dx, dy) || 1;
  const reach = Math.max(0, game.arena.radius - 4);
  show.world.setPosition(entity, arenaX + (dx / distance) * reach, arenaY + (dy / distance) * reach);
  show.world.setVelocity(entity, (-dx / distance) * speed, (-dy / distance) * speed);
}

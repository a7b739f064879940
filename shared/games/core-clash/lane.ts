/** The lane of Core Clash: where everything stands, its rails, and the core that rolls in it. Both halves are mirror images. */
import { ticksOf } from "../../game/phases.ts";
import type { Entity } from "../../world/world.ts";
import { type CoreClash, isClash, type Show, type TeamNumber } from "./state.ts";

/** Middle of the lane: in the part of a portrait phone that nothing covers. */
export const middleX = 485;
export const middleY = 1030;
/** Inner edges of the rails, from the middle. */
export const laneHalfWidth = 425;
/** A goal is scored when the core's middle has come so far from the lane's. */
export const goalReach = 290;
/** Where cannons stand, from the middle. */
export const cannonReach = 413;
export const coreRadius = 130;

/** Collision layers. Each team's shots and defences have their own, so that nobody is stopped by what is theirs. */
export const layers = {
  core: 1,
  rail: 2,
  shot: [0, 4, 8],
  defence: [0, 16, 32],
  titan: [0, 64, 128],
} as const;

/** Mass of the core in a small room; the crowd adds to it. */
const baseMass = 42;
/** Fastest the core moves, units per tick. */
export const coreSpeedLimit = 9;
/** How strongly the lane is a bowl, per tick and unit of distance: along at kick-off, along at the most tilted, and across. */
const bowl = 0.00016;
const saddle = 0.00015;
const across = 0.0004;
/** Along in lobby and countdown: the core is held in the middle. */
const cradle = 0.002;
/** How long the core is away after a goal. */
export const kickOffTicks = ticksOf(2);

/** 1 for the team below, -1 for the one above. */
export function sideOf(team: TeamNumber): 1 | -1 {
  return team === 1 ? 1 : -1;
}

export function otherTeam(team: TeamNumber): TeamNumber {
  return team === 1 ? 2 : 1;
}

/** The y so far from the middle towards a team's own line. */
export function homeY(team: TeamNumber, reach: number): number {
  return middleY + sideOf(team) * reach;
}

/** How far a y has come towards a team's own line; negative in the other half. */
export function depthOf(team: TeamNumber, y: number): number {
  return (y - middleY) * sideOf(team);
}

/** Builds the rails, which stand in every round. */
export function buildLane(show: Show): void {
  for (const side of [-1, 1]) {
    show.world.spawn({
      kind: "rail",
      shape: { type: "box", width: 100, height: 1200 },
      x: middleX + side * (laneHalfWidth + 50),
      y: middleY,
      motion: "fixed",
      restitution: 0.7,
      layer: layers.rail,
    });
  }
}

/** Puts a core at rest into the middle. */
export function placeCore(game: CoreClash, show: Show): void {
  if (game.core) show.world.remove(game.core);
  game.core = show.world.spawn({
    kind: "core",
    shape: { type: "circle", radius: coreRadius },
    x: middleX,
    y: middleY,
    layer: layers.core,
    restitution: 0.35,
    friction: 0.01,
    frictionAir: show.options.coreFriction,
    density: densityFor(game, show),
  });
}

/** Takes the core away; another one comes at the kick-off. */
export function dropCore(game: CoreClash, show: Show): void {
  if (game.core) show.world.remove(game.core);
  game.core = undefined;
  game.kickOffTick = show.world.tick + kickOffTicks;
}

/** Rolls the core by the shape of the lane, within its limits. Called before physics. */
export function rollCore(game: CoreClash, show: Show): void {
  const { core } = game;
  const { world } = show;
  if (!core) {
    if (world.tick >= game.kickOffTick) kickOff(game, show);
    return;
  }
  fitMass(game, core, show);
  // With nobody playing, gravity has it (keepUp).
  const along = isClash(game, show) ? tiltOf(game, show) : game.idle ? 0 : cradle;
  let vx = core.vx - (core.x - middleX) * across;
  let vy = core.vy - (core.y - middleY) * along;
  const speed = Math.sqrt(vx * vx + vy * vy);
  if (speed > coreSpeedLimit) {
    vx *= coreSpeedLimit / speed;
    vy *= coreSpeedLimit / speed;
  }
  world.setVelocity(core, vx, vy);
}

function kickOff(game: CoreClash, show: Show): void {
  game.kickOffTick = show.world.tick;
  placeCore(game, show);
  show.effect("kickOff", { on: game.core, x: middleX, y: middleY, power: 1 });
}

/**
 * How much the lane draws the core to its middle, per unit of distance: it is a bowl at the kick-off and flattens second by second, until
 * it is a saddle from which the core rolls off. So equal teams swing for a while, and no goal is for ever away.
 */
export function tiltOf(game: CoreClash, show: Show): number {
  const { tick } = show.world;
  const flat = ticksOf(show.options.flatSeconds);
  const sudden = show.phase.name === "sudden" ? 1.5 : 1;
  const share = Math.min(3, ((tick - game.kickOffTick) / flat) * sudden);
  return share <= 1 ? bowl * (1 - share) : -saddle * (share - 1);
}

/** Mass per unit of the core: the busier the crowd, the heavier it is, so that ten and a thousand viewers play for as long. */
function densityFor(game: CoreClash, show: Show): number {
  return (baseMass * show.options.coreMass * game.weight) / (Math.PI * coreRadius * coreRadius);
}

/** Small steps are left out: each is a word to the physics engine. */
function fitMass(game: CoreClash, core: Entity, show: Show): void {
  const wanted = baseMass * show.options.coreMass * game.weight;
  if (Math.abs(wanted - core.mass) > core.mass * 0.02)
    show.world.setMaterial(core, { density: densityFor(game, show) });
}

/** The great powers of Core Clash: wind along the lane, titans, and cannon upgrades. */
import { ticksOf } from "../../game/phases.ts";
import {
  cannonReach,
  coreSpeedLimit,
  depthOf,
  homeY,
  laneHalfWidth,
  layers,
  middleX,
  middleY,
  otherTeam,
  sideOf,
} from "./lane.ts";
import {
  bothTeams,
  type CoreClash,
  isClash,
  type Player,
  type Show,
  type TeamNumber,
  type TeamState,
  type Titan,
} from "./state.ts";

/** What a wind does to shots, units per tick and tick: pictures of it more than strength. */
const windOnShots = 0.05;
/** How long a titan is announced. */
export const titanWarnTicks = ticksOf(2);
/** How long one rolls, and its size. */
const titanTicks = ticksOf(4);
export const titanRadius = 92;
/** Where it begins: behind its own line. */
const titanReach = cannonReach + 95;
/** Speed it rolls in with, speed it keeps pushing with, and how fast it gathers it. */
const titanSpeed = 8;
const titanDrive = 3;
const titanPull = 0.25;
/** Its mass, as a share of the core's. */
const titanMass = 0.55;

/** Lets a wind blow from a team's line. */
export function blow(game: CoreClash, team: TeamNumber, power: number, ticks: number, show: Show): void {
  const state = game.teams[team];
  state.windUntil = show.world.tick + ticks;
  state.windPower = power;
}

/** Announces a titan of a player's team. */
export function callTitan(
  game: CoreClash,
  player: Pick<Player, "key">,
  team: TeamNumber,
  power: number,
  show: Show,
): void {
  const startTick = show.world.tick + titanWarnTicks;
  game.teams[team].titan = {
    owner: player.key,
    power,
    startTick,
    untilTick: startTick + titanTicks,
    entity: undefined,
  };
  warn(team, player.key, show);
}

function warn(team: TeamNumber, owner: string, show: Show): void {
  const seconds = titanWarnTicks / ticksOf(1);
  show.effect("titanWarn", {
    x: middleX,
    y: homeY(team, cannonReach),
    viewer: owner,
    power: seconds,
    text: String(team),
  });
}

/** A titan that was announced and has not rolled yet is announced anew when play begins: it was paid for. */
export function renewTitans(game: CoreClash, show: Show): void {
  for (const state of bothTeams(game)) {
    const { titan } = state;
    if (!titan) continue;
    if (titan.entity) {
      show.world.remove(titan.entity);
      state.titan = undefined;
      continue;
    }
    const startTick = show.world.tick + titanWarnTicks;
    state.titan = { ...titan, startTick, untilTick: startTick + titanTicks };
    warn(state.team, titan.owner, show);
  }
}

/** Takes rolling titans away and leaves announced ones for the next play. */
export function restPowers(game: CoreClash, show: Show): void {
  for (const state of bothTeams(game)) {
    state.windUntil = 0;
    if (!state.titan?.entity) continue;
    show.world.remove(state.titan.entity);
    state.titan = undefined;
  }
}

/** Before physics: winds blow and titans roll. */
export function movePowers(game: CoreClash, show: Show): void {
  if (!isClash(game, show)) return;
  for (const state of bothTeams(game)) {
    if (state.windUntil > show.world.tick) blowOn(game, state, show);
    if (state.titan) moveTitan(game, state, state.titan, show);
  }
}

function blowOn(game: CoreClash, { team, windPower }: TeamState, show: Show): void {
  const away = -sideOf(team);
  if (game.core) show.world.accelerate(game.core, 0, away * windPower);
  for (const { entity } of game.shots) show.world.accelerate(entity, 0, away * windOnShots);
}

function moveTitan(game: CoreClash, state: TeamState, titan: Titan, show: Show): void {
  const { tick } = show.world;
  if (tick < titan.startTick) return;
  if (!titan.entity) {
    // While there is no core, it waits behind its line.
    if (game.core)
      state.titan = { ...titan, entity: rollIn(game, state.team, titan, show), untilTick: tick + titanTicks };
    return;
  }
  const { entity } = titan;
  const isAcross = depthOf(state.team, entity.y) < -cannonReach;
  if (tick >= titan.untilTick || isAcross || !game.core) {
    show.effect("titanEnd", { on: entity, power: 1, text: String(state.team) });
    show.world.remove(entity);
    state.titan = undefined;
    return;
  }
  const away = -sideOf(state.team);
  const speed = entity.vy * away;
  const faster = speed < titanDrive ? Math.min(titanPull, titanDrive - speed) : 0;
  const aside = (game.core.x - entity.x) * 0.01 - entity.vx * 0.1;
  show.world.accelerate(entity, aside, away * faster);
}

function rollIn(game: CoreClash, team: TeamNumber, { owner, power }: Titan, show: Show) {
  const { core } = game;
  if (!core) return undefined;
  const limit = laneHalfWidth - titanRadius;
  const mass = core.mass * titanMass * power;
  const entity = show.world.spawn({
    kind: "titan",
    shape: { type: "circle", radius: titanRadius },
    x: middleX + Math.max(-limit, Math.min(limit, core.x - middleX)),
    y: homeY(team, titanReach),
    layer: layers.titan[team],
    meets:
      layers.core |
      layers.rail |
      layers.defence[otherTeam(team)] |
      layers.titan[otherTeam(team)] |
      layers.shot[otherTeam(team)],
    restitution: 0.25,
    friction: 0.02,
    frictionAir: 0.002,
    density: mass / (Math.PI * titanRadius * titanRadius),
  });
  if (!entity) return undefined;
  entity.wear.set("team", team);
  show.world.setVelocity(entity, 0, -sideOf(team) * Math.min(titanSpeed, coreSpeedLimit));
  show.effect("titan", { on: entity, viewer: owner, power: 1, text: String(team), y: middleY });
  return entity;
}

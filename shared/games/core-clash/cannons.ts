/** Cannons: the bodies of those who play, with their faces, in a line behind their team's goal. */
import { ticksOf } from "../../game/phases.ts";
import type { Entity } from "../../world/world.ts";
import { cannonReach, homeY, middleX, sideOf } from "./lane.ts";
import { type Aim, type CoreClash, type Player, type Show, teamOf } from "./state.ts";

/** A face of 88 units: it can be read on a phone. */
export const cannonRadius = 44;
/** Places along the line, from the middle outwards, so that few cannons stand together. */
const places = [0, -120, 120, -240, 240, -360, 360] as const;
/** Silence after which a cannon gives way to somebody of the team who acts. */
const giveWayTicks = ticksOf(30);
/** Smallest turn of a cannon worth telling the stage. */
const turnStep = 0.04;

/** Puts a player's cannon into the first free place of its line; undefined when the line is full. */
export function spawnCannon(player: Player, show: Show): Entity | undefined {
  const team = teamOf(player);
  const slot = freeSlot(player, show);
  if (!team || slot < 0) return undefined;
  const entity = show.world.spawn({
    kind: "cannon",
    shape: { type: "circle", radius: cannonRadius },
    x: middleX + places[slot]! * sideOf(team),
    y: homeY(team, cannonReach),
    angle: restingAngle(team),
    motion: "fixed",
    sensor: true,
    meets: 0,
    viewer: player.key,
  });
  if (!entity) return undefined;
  player.slot = slot;
  player.loaded = 0;
  entity.wear.set("team", team);
  show.effect("spawn", { on: entity, viewer: player.key });
  return entity;
}

/** A cannon has gone: what was loaded fires from the line. */
export function unloadCannon(game: CoreClash, player: Player): void {
  const team = teamOf(player);
  if (team) game.teams[team].charge += player.loaded;
  player.loaded = 0;
  player.slot = -1;
}

/**
 * Whether somebody without a cannon may have one now: "" when their line has a place, made if need be. A bot gives way first, then whoever
 * of the team was silent longest.
 */
export function admits(player: Player, show: Show): string {
  if (freeSlot(player, show) >= 0) return "";
  const leaves = gunnerToLeave(player, show);
  if (!leaves) return "fires from the line: no cannon is free";
  show.players.takeOut(leaves);
  return "";
}

function gunnerToLeave({ team }: Player, { players, crowd, world }: Show): Player | undefined {
  const mates = players.active.filter((other) => other.team === team);
  const bot = mates.findLast((mate) => mate.bot);
  if (bot) return bot;
  let silent: Player | undefined;
  let silentTick = world.tick - giveWayTicks;
  for (const mate of mates) {
    const acted = crowd.get(mate.key)?.lastActTick ?? 0;
    if (acted >= silentTick) continue;
    silentTick = acted;
    silent = mate;
  }
  return silent;
}

function freeSlot({ team }: Player, { players, options }: Show): number {
  const taken = new Set<number>();
  for (const other of players.active) if (other.team === team) taken.add(other.slot);
  for (let slot = 0; slot < Math.min(options.cannons, places.length); slot++) if (!taken.has(slot)) return slot;
  return -1;
}

function restingAngle(team: number): number {
  return team === 1 ? -Math.PI / 2 : Math.PI / 2;
}

/** Who has changed sides stands in the other line from now on. */
export function keepSides(show: Show): void {
  for (const player of [...show.players.active]) {
    const team = teamOf(player);
    if (!player.body || !team || player.body.wear.get("team") === team) continue;
    show.players.takeOut(player);
    show.players.putIn(player);
  }
}

/** Turns all cannons to where they aim, and shows on them what they hold. */
export function turnCannons(game: CoreClash, show: Show): void {
  const { tick } = show.world;
  for (const player of show.players.active) {
    const { body } = player;
    if (!body) continue;
    const angle = game.core ? angleTo(body, game.core, player.aim) : restingAngle(player.team);
    if (Math.abs(angle - body.angle) > turnStep) show.world.setAngle(body, angle);
    wear(body, "level", player.level);
    wear(body, "load", Math.min(5, Math.ceil(player.loaded)));
    wear(body, "jammed", player.jammedUntil > tick ? player.jammedUntil : 0);
    wear(body, "crown", game.leader === player.key ? 1 : 0);
    wear(body, "subscriber", player.subscriber ? 1 : 0);
  }
}

function angleTo(body: Entity, core: Entity, aim: Aim): number {
  return Math.atan2(core.y - body.y, aimedX(core, body.x, aim) - body.x);
}

/** The x that a shot from `fromX` flies to, at the core's height. */
export function aimedX(core: Entity, fromX: number, aim: Aim): number {
  const flank = core.radius * 0.62;
  if (aim === "left") return core.x - flank;
  if (aim === "right") return core.x + flank;
  if (aim === "up") return Math.max(core.x - flank, Math.min(core.x + flank, fromX));
  return core.x;
}

function wear(entity: Entity, name: string, value: number): void {
  if (value === 0) entity.wear.delete(name);
  else if (entity.wear.get(name) !== value) entity.wear.set(name, value);
}

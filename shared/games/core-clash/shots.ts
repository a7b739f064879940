/** Shots: what cannons and lines fire at the core. Few are in the air at once; what waits meanwhile makes the next ones larger. */
import { ticksOf } from "../../game/phases.ts";
import type { Entity } from "../../world/world.ts";
import { aimedX } from "./cannons.ts";
import { cannonReach, depthOf, homeY, laneHalfWidth, layers, middleX, otherTeam, sideOf } from "./lane.ts";
import { levelFactor, worthOf } from "./pushes.ts";
import {
  bothTeams,
  type CoreClash,
  type Heavy,
  type Player,
  type Shot,
  type ShotKind,
  type Show,
  type TeamNumber,
  type TeamState,
} from "./state.ts";

/** Most shots of one team in the air; both together are at most 60. */
export const maxShots = 30;
/** Speed of a shot, units per tick, and how long it may fly. */
const shotSpeed = 15;
const flightTicks = ticksOf(2.5);
/** Between two shots of a team. */
const fireGapTicks = 4;
/** Between two boulders of a team: four a second. */
const boulderGapTicks = 15;
/** Mass of a shot for each push in it: by it, one push moves the core as far as it does. */
const massPerPush = 1.5;
/** Smallest radius of a shot, and the largest, in world units. */
const smallest = 17;
const largest = 74;
/** The line fires so much of its charge at once, and no less than this, when it has as much. */
const lineShare = 0.3;
const leastBarrage = 4;
/** Places along the line from which it fires, in turns. */
const linePlaces = [0, -170, 170, -300, 300] as const;
/** Stones and boulders that wait; more of the same team join the last one. */
const maxHeavies = 60;

/** Puts a stone or boulder in line. A stone of the same viewer that still waits grows; each boulder is one of its own. */
export function addHeavy(game: CoreClash, team: TeamNumber, heavy: Heavy): void {
  const { heavies } = game.teams[team];
  const isStone = heavy.kind === "stone";
  const known = isStone ? heavies.findLast(({ kind, owner }) => kind === "stone" && owner === heavy.owner) : undefined;
  const joined = known ?? (heavies.length >= maxHeavies ? heavies.at(-1) : undefined);
  if (joined) joined.strength += heavy.strength;
  else heavies.push(heavy);
}

/** Fires what both teams have loaded, as far as there is room in the air. Who is first changes from tick to tick. */
export function fireAll(game: CoreClash, show: Show): void {
  if (!game.core) return;
  const [one, two] = bothTeams(game);
  const order = show.world.tick % 2 === 0 ? [one, two] : [two, one];
  for (const team of order) if (show.world.tick >= team.nextFireTick) fireNext(game, team, show);
}

function fireNext(game: CoreClash, team: TeamState, show: Show): void {
  if (game.shots.reduce((count, shot) => count + (shot.team === team.team ? 1 : 0), 0) >= maxShots) return;
  const fired = fireHeavy(game, team, show) || fireTurn(game, team, show);
  if (fired) team.nextFireTick = show.world.tick + fireGapTicks;
}

/** The oldest stone or boulder; boulders leave stones between them their turn. */
function fireHeavy(game: CoreClash, team: TeamState, show: Show): boolean {
  const { tick } = show.world;
  const index = team.heavies.findIndex(({ kind }) => kind === "stone" || tick >= team.nextBoulderTick);
  const heavy = team.heavies[index];
  if (!heavy) return false;
  const player = show.players.get(heavy.owner);
  if (!fire(game, team.team, { ...heavy, player }, show)) return false;
  if (heavy.kind === "boulder") team.nextBoulderTick = tick + boulderGapTicks;
  team.heavies.splice(index, 1);
  return true;
}

/** Cannons fire in turns, and the line among them as if it were one. */
function fireTurn(game: CoreClash, team: TeamState, show: Show): boolean {
  const gunners: (Player | undefined)[] = [];
  for (const player of show.players.active)
    if (player.team === team.team && player.slot >= 0) gunners[player.slot] = player;
  const places = show.options.cannons + 1;
  for (let i = 1; i <= places; i++) {
    const turn = (team.turn + i) % places;
    const isFired = turn === places - 1 ? fireLine(game, team, show) : fireCannon(game, gunners[turn], show);
    if (!isFired) continue;
    team.turn = turn;
    return true;
  }
  return false;
}

function fireCannon(game: CoreClash, player: Player | undefined, show: Show): boolean {
  if (!player || player.loaded <= 0 || player.jammedUntil > show.world.tick) return false;
  const shot = { kind: "pebble", owner: player.key, strength: player.loaded, player } as const;
  if (!fire(game, player.team as TeamNumber, shot, show)) return false;
  player.loaded = 0;
  return true;
}

function fireLine(game: CoreClash, team: TeamState, show: Show): boolean {
  if (team.charge < 1) return false;
  const strength = Math.min(team.charge, Math.max(leastBarrage, team.charge * lineShare));
  if (!fire(game, team.team, { kind: "barrage", owner: "", strength, player: undefined }, show)) return false;
  team.charge -= strength;
  return true;
}

interface Loaded {
  readonly kind: ShotKind;
  readonly owner: string;
  readonly strength: number;
  readonly player: Player | undefined;
}

/** Radius of a shot of so many pushes: its area grows with them, as far as a shot may grow. */
function radiusOf(strength: number): number {
  return Math.min(largest, smallest + 5.5 * Math.sqrt(strength));
}

function fire(game: CoreClash, team: TeamNumber, { kind, owner, strength, player }: Loaded, show: Show): boolean {
  const { core } = game;
  const cannon = player?.team === team ? player.body : undefined;
  if (!core) return false;
  const radius = radiusOf(strength);
  const from = muzzle(game, team, cannon, radius);
  const dx = aimedX(core, from.x, player?.aim ?? "mid") - from.x;
  const dy = core.y - from.y;
  const distance = Math.sqrt(dx * dx + dy * dy) || 1;
  const mass = strength * massPerPush * worthOf(game, team, show) * (player ? levelFactor(player) : 1);
  const entity = show.world.spawn({
    kind,
    shape: { type: "circle", radius },
    ...from,
    layer: layers.shot[team],
    meets: layers.core | layers.rail | layers.defence[otherTeam(team)] | layers.titan[otherTeam(team)],
    restitution: 0.35,
    friction: 0,
    frictionAir: 0,
    density: mass / (Math.PI * radius * radius),
  });
  if (!entity) return false;
  entity.wear.set("team", team);
  show.world.setVelocity(entity, (dx / distance) * shotSpeed, (dy / distance) * shotSpeed);
  game.shots.push({ entity, team, owner, strength, untilTick: show.world.tick + flightTicks });
  show.effect("fire", { ...from, on: cannon, with: entity, power: Math.min(1, strength / 20), text: kind });
  return true;
}

/** Where a shot begins: before its cannon, or a place of the line. */
function muzzle(game: CoreClash, team: TeamNumber, cannon: Entity | undefined, radius: number) {
  const reach = cannonReach - 62;
  if (cannon) return { x: cannon.x, y: homeY(team, reach) };
  const place = linePlaces[game.teams[team].barrages++ % linePlaces.length]!;
  const offset = Math.max(-laneHalfWidth + radius, Math.min(laneHalfWidth - radius, place));
  // Mirrored with the team, as everything is.
  return { x: middleX + offset * sideOf(team), y: homeY(team, reach) };
}

/** After physics: what has hit the core or a defence is used up, what has flown for too long is gone. */
export function landShots(game: CoreClash, show: Show): void {
  const byEntity = new Map(game.shots.map((shot) => [shot.entity.id, shot]));
  for (const { a, b, x, y, impact } of show.world.contacts) {
    const shot = byEntity.get(a.id) ?? byEntity.get(b.id);
    if (!shot?.entity.alive) continue;
    const other = shot.entity === a ? b : a;
    if (other.kind === "rail") continue;
    const power = Math.min(1, 0.15 + shot.strength / 25);
    const kind = other.kind === "core" ? "shotHit" : "blocked";
    show.effect(kind, { x, y, on: other, power, text: String(shot.team) });
    if (other.kind === "core" && impact >= 0) helpIn(game, shot);
    show.world.remove(shot.entity);
  }
  const { tick } = show.world;
  keepShots(game, ({ entity, untilTick, team }) => {
    if (!entity.alive) return false;
    const isGone = tick >= untilTick || depthOf(team, entity.y) < -cannonReach - 60;
    if (isGone) show.world.remove(entity);
    return !isGone;
  });
}

function keepShots(game: CoreClash, isKept: (shot: Shot) => boolean): void {
  let kept = 0;
  for (const shot of game.shots) if (isKept(shot)) game.shots[kept++] = shot;
  game.shots.length = kept;
}

/** Notes who pushes the core away from a line it has come close to. */
function helpIn({ danger }: CoreClash, { team, owner, strength }: Shot): void {
  if (!danger || danger.team !== team || owner === "") return;
  danger.helpers.set(owner, (danger.helpers.get(owner) ?? 0) + strength);
}

/** Takes all shots out of the air, and loads what was in them again: a goal takes nothing from anybody. */
export function recallShots(game: CoreClash, show: Show): void {
  for (const { entity, team, owner, strength } of game.shots) {
    if (!entity.alive) continue;
    const { kind } = entity;
    if (kind === "stone" || kind === "boulder") addHeavy(game, team, { kind, owner, strength });
    else game.teams[team].charge += strength;
    show.effect("recall", { on: entity, power: 0.3 });
    show.world.remove(entity);
  }
  game.shots.length = 0;
}

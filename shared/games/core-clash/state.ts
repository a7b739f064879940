/** The record of Core Clash: the core, both teams with what they have loaded and built, and what is kept of each player. Plain data. */
import type { ViewerKey } from "../../events/viewer.ts";
import { maxMembers } from "../../game/crowd.ts";
import type { ShowContext } from "../../game/define.ts";
import type { Player as PlayerOf } from "../../game/players-interface.ts";
import type { Entity } from "../../world/world.ts";
import type { CoreClashOptions } from "./options.ts";

/** Cyan below (1) and Pink above (2). */
export type TeamNumber = 1 | 2;
export const teamNames = ["", "Cyan", "Pink"] as const;

/** Where a cannon aims: at the core's middle, its flanks, or as straight up the lane as it can. */
export type Aim = "mid" | "left" | "right" | "up";

/** What the game keeps of each player. */
export interface Fields {
  /** Place of the cannon in its team's line, from 0; -1 without. */
  slot: number;
  aim: Aim;
  /** Pushes that wait in the own cannon. */
  loaded: number;
  /** Cannon upgrades of this round, 0 to 2. */
  level: number;
  /** Pushes of this round, and those of them that cost nothing. */
  pushes: number;
  freePushes: number;
  /** Depth of the deepest save of this round, 0 for none. */
  bestSave: number;
  saves: number;
  /** Round of the last repair. */
  repairedRound: number;
  /** Until when the cannon is jammed. */
  jammedUntil: number;
  /** When a bot acts next. */
  nextBotTick: number;
  subscriber: boolean;
}
export type Player = PlayerOf<Fields>;
export type Show = ShowContext<CoreClashOptions, Fields>;

export type ShotKind = "pebble" | "stone" | "boulder" | "barrage";

/** A shot in the air. */
export interface Shot {
  readonly entity: Entity;
  readonly team: TeamNumber;
  /** Whose it is, "" for the team's. */
  readonly owner: ViewerKey;
  /** Pushes in it. */
  readonly strength: number;
  readonly untilTick: number;
}

/** Stones and boulders that wait for their turn to be fired. */
export interface Heavy {
  readonly kind: "stone" | "boulder";
  readonly owner: ViewerKey;
  strength: number;
}

/** What stands in front of a goal for a while and holds the core up. */
export interface Wall {
  readonly entity: Entity;
  readonly owner: ViewerKey;
  /** Where it goes to, and how fast, from the middle towards its own line. */
  readonly reach: number;
  readonly speed: number;
  untilTick: number;
}

export interface Bumper {
  /** Undefined while it is broken. */
  entity: Entity | undefined;
  readonly x: number;
  hits: number;
}

/** A titan that is announced or rolls. */
export interface Titan {
  readonly owner: ViewerKey;
  readonly power: number;
  readonly startTick: number;
  readonly untilTick: number;
  entity: Entity | undefined;
}

export interface TeamState {
  readonly team: TeamNumber;
  goals: number;
  /** Pushes of this round. */
  pushes: number;
  /** Pushes that wait to be fired from the line: of the crowd without cannons, of volleys, and what cannons could not hold. */
  charge: number;
  readonly heavies: Heavy[];
  nextFireTick: number;
  /** Place in the line that fires next. */
  turn: number;
  /** Shots fired from the line so far, for the place of the next. */
  barrages: number;
  readonly walls: Wall[];
  paddle: Wall | undefined;
  readonly bumpers: Bumper[];
  titan: Titan | undefined;
  windUntil: number;
  windPower: number;
  nextWindTick: number;
  nextTitanTick: number;
  nextBoulderTick: number;
  /** Likes seen of its members, second by second, the latest 20. */
  readonly likes: number[];
}

/** How deep the core has come towards a team's line, and who pushes it back. */
export interface Danger {
  readonly team: TeamNumber;
  depth: number;
  readonly helpers: Map<ViewerKey, number>;
}

/** Who is honoured in the results. */
export interface Honours {
  mostPushes: ViewerKey;
  bestSave: ViewerKey;
  topFree: ViewerKey;
}

/** Who plays where nobody does. */
export interface Machine {
  /** Pushes it has gathered and not fired. */
  energy: number;
  waveUntil: number;
  /** Strength of this wave, 1 = as hard as the viewers. */
  wave: number;
  /** When it blocks again. */
  nextBlockTick: number;
  /** Wind and titan of the viewers that it has answered already, by their ticks, and when it gives its answers. */
  heardWind: number;
  heardTitan: number;
  windTick: number;
  titanTick: number;
}

export interface CoreClash {
  core: Entity | undefined;
  /** By team number; [0] is a place holder so that numbers fit. */
  readonly teams: readonly [undefined, TeamState, TeamState];
  readonly shots: Shot[];
  /** When the core was, or will be, put into the middle. */
  kickOffTick: number;
  /** The core's mass as a factor: 1 in a small room. */
  weight: number;
  /** Pushes a second of both teams, smoothed. */
  rate: number;
  /** Pushes of this tick. */
  pushed: number;
  /** Pushes of this round that people made without paying, volleys among them: bots keep their pace. */
  freePushes: number;
  danger: Danger | undefined;
  /** Nobody plays: the core is kept up instead. */
  idle: boolean;
  /** Somebody has come who wants to play: by more than a like. */
  called: boolean;
  /** Longest that the core was kept up in this show, in ticks. */
  record: number;
  /** Likes of the whole room, second by second, the latest 20. */
  readonly likes: number[];
  /** Second of the last note of likes. */
  likesSecond: number;
  /** Who has raised their banner in this show. */
  readonly bannered: Set<ViewerKey>;
  decided: boolean;
  /** When a match that is decided ends. */
  endTick: number;
  /** 0 for a draw, and while nobody has won. */
  winner: TeamNumber | 0;
  leader: ViewerKey;
  honours: Honours;
  readonly machine: Machine;
}

/** A player's fields as they are at the beginning of a round. */
export function freshFields(): Fields {
  return {
    slot: -1,
    aim: "mid",
    loaded: 0,
    level: 0,
    pushes: 0,
    freePushes: 0,
    bestSave: 0,
    saves: 0,
    repairedRound: 0,
    jammedUntil: 0,
    nextBotTick: 0,
    subscriber: false,
  };
}

/** Seconds for which likes are remembered. */
export const seenSeconds = 20;

/** Likes of no second yet. */
export function noLikes(): number[] {
  return new Array<number>(seenSeconds).fill(0);
}

/** A team that has done nothing yet. */
export function createTeam(team: TeamNumber): TeamState {
  return {
    team,
    goals: 0,
    pushes: 0,
    charge: 0,
    heavies: [],
    nextFireTick: 0,
    turn: 0,
    barrages: 0,
    walls: [],
    paddle: undefined,
    bumpers: [],
    titan: undefined,
    windUntil: 0,
    windPower: 0,
    nextWindTick: 0,
    nextTitanTick: 0,
    nextBoulderTick: 0,
    likes: noLikes(),
  };
}

/** Both teams, the one below first. */
export function bothTeams(game: CoreClash): readonly [TeamState, TeamState] {
  return [game.teams[1], game.teams[2]];
}

/** Notes that a viewer has had something that there is once in a show; false when they had it already. The longest ago is forgotten first. */
export function rememberOnce(had: Set<ViewerKey>, key: ViewerKey): boolean {
  if (had.has(key)) return false;
  if (had.size >= maxMembers) had.delete(had.values().next().value!);
  had.add(key);
  return true;
}

/** Whether goals count now. */
export function isClash(game: CoreClash, show: Show): boolean {
  return !game.idle && isPlaying(show);
}

export function isPlaying({ phase }: Show): boolean {
  return phase.name === "play" || phase.name === "sudden";
}

/** The team of a player who is in one of the two. */
export function teamOf({ team }: { readonly team: number }): TeamNumber | undefined {
  return team === 1 || team === 2 ? team : undefined;
}

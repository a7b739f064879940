/** Pushes: what every act of a viewer comes down to. Counts them, says what they are worth now, and how heavy the core is in this crowd. */
import { trailingFactor } from "../../game/comeback.ts";
import { ticksOf } from "../../game/phases.ts";
import { otherTeam } from "./lane.ts";
import {
  bothTeams,
  type CoreClash,
  isClash,
  isPlaying,
  type Player,
  type Show,
  type TeamNumber,
  teamOf,
} from "./state.ts";

/** Most pushes that wait in one cannon; more go to the line. */
export const cannonHolds = 5;
/** Pushes a second up to which the core keeps its own mass. */
const smallRoomRate = 3;
/** Time in which the rate of pushes is smoothed. */
const rateTicks = ticksOf(12);
/** A team does not trail by pushes before the other has so many. */
const fewestToTrail = 20;
/** Worth of a cannon's pushes by its upgrades. */
const levelFactors = [1, 1.5, 2] as const;

/** Where pushes come from. */
export interface PushOptions {
  readonly paid: boolean;
  /** Made by hand: shown, never counted. */
  readonly test: boolean;
}

/** Counts a player's pushes on the boards and for the team; what fires them is the caller's affair. Nothing counts outside play. */
export function countPushes(
  game: CoreClash,
  player: Player,
  pushes: number,
  { paid, test }: PushOptions,
  show: Show,
): void {
  const team = teamOf(player);
  if (!team || test || !isClash(game, show)) return;
  const whole = Math.max(1, Math.round(pushes));
  game.teams[team].pushes += whole;
  game.pushed += whole;
  player.pushes += whole;
  if (!paid) player.freePushes += whole;
  if (player.bot) return;
  if (!paid) game.freePushes += whole;
  show.boards.add(player.key, whole, true);
}

/** Counts pushes of a team that are nobody's own: likes of the room, the machine. */
export function countForTeam(game: CoreClash, team: TeamNumber, pushes: number, show: Show): void {
  if (!isClash(game, show)) return;
  game.teams[team].pushes += pushes;
  game.pushed += pushes;
}

/** Loads a player's own cannon; what it cannot hold, and what somebody without a cannon pushes, fires from the line. */
export function load(game: CoreClash, player: Player, pushes: number): void {
  const team = teamOf(player);
  if (!team) return;
  const room = player.body ? Math.max(0, cannonHolds - player.loaded) : 0;
  const own = Math.min(room, pushes);
  player.loaded += own;
  game.teams[team].charge += pushes - own;
}

/** What one push of a team is worth now: more in the last seconds, for both, and for the team that trails. */
export function worthOf(game: CoreClash, team: TeamNumber, show: Show): number {
  return lastFactor(show) * comebackFactor(game, team, show);
}

/** What one push of a player is worth by their cannon. */
export function levelFactor({ level }: Player): number {
  return levelFactors[level] ?? 1;
}

/** 1 most of the time, more in the last seconds of play and in sudden death. */
export function lastFactor({ options, phase, world }: Show): number {
  if (phase.name === "sudden") return options.lastFactor;
  if (phase.name !== "play") return 1;
  return phase.endTick - world.tick <= ticksOf(options.lastSeconds) ? options.lastFactor : 1;
}

/** 1, or the help of the team that trails by goals or by pushes. */
export function comebackFactor(game: CoreClash, team: TeamNumber, { options }: Show): number {
  // The machine of coop follows the viewers by itself.
  if (options.mode === "coop" && team === 2) return 1;
  const own = game.teams[team];
  const other = game.teams[otherTeam(team)];
  const factor = options.comebackFactor;
  const byGoals = trailingFactor(own.goals, other.goals, { margin: options.comebackGoals - 1, factor });
  // Who leads by goals needs no help for having pushed less.
  if (byGoals > 1 || own.goals > other.goals || other.pushes < fewestToTrail) return byGoals;
  return own.pushes * options.comebackPushes < other.pushes ? factor : 1;
}

/** One tick of the crowd's weight: smooths the rate of pushes of both teams and sets how heavy the core is. */
export function weighCrowd(game: CoreClash, show: Show): void {
  if (!isPlaying(show)) return;
  game.rate += (game.pushed * 60 - game.rate) / rateTicks;
  game.pushed = 0;
  const busy = Math.max(1, game.rate / smallRoomRate);
  // To the power of 5/8, by square roots: they are exact everywhere, powers are not.
  game.weight = Math.sqrt(busy) * Math.sqrt(Math.sqrt(Math.sqrt(busy)));
}

/** A gift's pushes weigh more in a busy room, so that it is seen there too: with the square root of the core's mass. */
export function giftWorth({ weight }: CoreClash): number {
  return Math.sqrt(weight);
}

/** Forgets what waits and what was counted, for a new round. What was paid for and not fired yet stays loaded. */
export function resetPushes(game: CoreClash): void {
  for (const team of bothTeams(game)) team.pushes = 0;
  game.pushed = 0;
  game.freePushes = 0;
  game.rate = 0;
  game.weight = 1;
}

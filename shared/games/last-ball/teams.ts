/** Teams of Last Ball: who is in which, kept for the show, and which still stand. Team 0 is none: everybody for themselves. */
import { maxMembers } from "../../game/crowd.ts";
import type { LastBall, Player, Show } from "./state.ts";

/** Names of the teams by number, for words and headlines; a ball's number is its wear `team`. */
export const teamNames = ["", "Cyan", "Pink", "Lime", "Gold"] as const;
/** By how many people more than the smallest a team may grow when somebody asks for it. */
const chosenLead = 2;

/** Whether two balls fight each other: not the same one, not team mates. */
export function areFoes(a: Player, b: Player): boolean {
  return a !== b && (a.team === 0 || a.team !== b.team);
}

/** How many of these players each team has, by its number. */
export function teamSizes(players: Iterable<Player>, show: Show): number[] {
  const sizes = new Array<number>(show.options.teams + 1).fill(0);
  for (const { team } of players) sizes[team] = (sizes[team] ?? 0) + 1;
  return sizes;
}

/** Sides with a ball on the platform: teams, or single balls without teams. */
export function sidesLeft(game: LastBall, show: Show): number {
  if (show.options.teams === 0) return game.alive.length;
  return teamSizes(game.alive, show).filter((size) => size > 0).length;
}

/** Balls between now and the end of the round, for its pace: all of them, or with teams those of the weakest for each side. */
export function ballsToGo(game: LastBall, show: Show): number {
  if (show.options.teams === 0) return game.alive.length;
  const standing = teamSizes(game.alive, show).filter((size) => size > 0);
  return Math.min(...standing) * standing.length;
}

/** Puts a player into a team: people back into theirs of this show, else where fewest people are; bots where fewest balls are. */
export function assignTeam(game: LastBall, player: Player, show: Show): void {
  if (show.options.teams === 0) return;
  const known = player.bot ? undefined : game.teamOf.get(player.key);
  setTeam(game, player, known ?? smallestTeam(game, player.bot, show));
}

/** In the lobby: moves a player to the team they ask for, unless it does not play or has enough people already. */
export function joinTeam(game: LastBall, player: Player, name: string, show: Show): void {
  const team = teamNames.findIndex((known, index) => index > 0 && known === name);
  if (team < 1 || team > show.options.teams || team === player.team || show.phase.name !== "lobby") return;
  const sizes = teamSizes(peopleOf(game), show);
  sizes[player.team]!--;
  if (sizes[team]! >= Math.min(...sizes.slice(1)) + chosenLead) return;
  setTeam(game, player, team);
  show.feed(show.crowd.get(player.key), `joins ${teamNames[team]}`, "good");
}

/** Before a fight: no team is empty while another has two balls, and team mates stand side by side. */
export function evenTeams(game: LastBall, show: Show): void {
  for (let moved = 0; moved < show.options.teams; moved++) {
    const sizes = teamSizes(game.alive, show);
    const empty = sizes.indexOf(0, 1);
    const largest = largestTeam(sizes);
    const last = game.alive.findLast(({ team }) => team === largest);
    if (empty < 0 || !last || sizes[largest]! < 2) break;
    setTeam(game, last, empty);
  }
  game.alive.sort((a, b) => a.team - b.team);
}

/** The first `limit` players of a list, as many of each team as there are. */
export function pickEvenly(players: readonly Player[], limit: number, show: Show): Player[] {
  const { teams } = show.options;
  const share = teams === 0 ? limit : Math.floor(limit / teams);
  const taken = new Array<number>(teams + 1).fill(0);
  const first = players.filter(({ team }) => ++taken[team]! <= share);
  const others = players.filter((player) => !first.includes(player));
  return [...first, ...others].slice(0, limit);
}

/** Number of the team with most; the first of them when several have as many. */
export function largestTeam(sizes: readonly number[]): number {
  return sizes.indexOf(Math.max(...sizes.slice(1)), 1);
}

/** Balls left of each team in few words: "Cyan 3 : 2 Pink", or a list of three and four. */
export function teamScore(game: LastBall, show: Show): string {
  const sizes = teamSizes(game.alive, show);
  if (show.options.teams === 2) return `${teamNames[1]} ${sizes[1]} : ${sizes[2]} ${teamNames[2]}`;
  return teamNames
    .slice(1, sizes.length)
    .map((name, index) => `${name} ${sizes[index + 1]}`)
    .join(" · ");
}

function* peopleOf(game: LastBall): Iterable<Player> {
  for (const player of game.players.values()) if (!player.bot) yield player;
}

function smallestTeam(game: LastBall, bot: boolean, show: Show): number {
  const balls = teamSizes(game.alive, show);
  const people = teamSizes(bot ? [] : peopleOf(game), show);
  let best = 1;
  for (let team = 2; team <= show.options.teams; team++) {
    const fewer = people[team]! - people[best]! || balls[team]! - balls[best]!;
    if (fewer < 0) best = team;
  }
  return best;
}

function setTeam(game: LastBall, player: Player, team: number): void {
  player.team = team;
  if (player.bot) return;
  const { teamOf } = game;
  if (teamOf.size >= maxMembers && !teamOf.has(player.key)) teamOf.delete(teamOf.keys().next().value!);
  teamOf.set(player.key, team);
}

/** Teams of Last Ball: who fights whom, and which teams still stand. Who is in which is the keeper's affair. */
import type { Player, Show } from "./state.ts";

/** Names of the teams, number 1 first; a ball's number is its wear `team`. */
export const teamNames = ["Cyan", "Pink", "Lime", "Gold"] as const;

/** Whether two balls fight each other: not the same one, not team mates. */
export function areFoes(a: Player, b: Player): boolean {
  return a !== b && (a.team === 0 || a.team !== b.team);
}

/** Sides with a ball on the platform: teams, or single balls without teams. */
export function sidesLeft({ players }: Show): number {
  return players.teams === 0 ? players.active.length : players.sizes().filter((size) => size > 0).length;
}

/** Balls between now and the end of the round, for its pace: all of them, or with teams those of the weakest for each side. */
export function ballsToGo({ players }: Show): number {
  if (players.teams === 0) return players.active.length;
  const standing = players.sizes().filter((size) => size > 0);
  return Math.min(...standing) * standing.length;
}

/** Number of the team with most; the first of them when several have as many. */
export function largestTeam(sizes: readonly number[]): number {
  return sizes.indexOf(Math.max(...sizes.slice(1)), 1);
}

/** Balls left of each team in few words: "Cyan 3 : 2 Pink", or a list of three and four. */
export function teamScore({ players }: Show): string {
  const [, ...sizes] = players.sizes();
  const nameOf = (index: number) => players.teamName(index + 1);
  if (sizes.length === 2) return `${nameOf(0)} ${sizes[0]} : ${sizes[1]} ${nameOf(1)}`;
  return sizes.map((size, index) => `${nameOf(index)} ${size}`).join(" · ");
}

/** Before the line-up: team mates stand side by side. */
export function lineUp({ players }: Show): void {
  const inTeams = [...players.active].sort((a, b) => a.team - b.team);
  for (const [place, player] of inTeams.entries()) player.place = place;
}

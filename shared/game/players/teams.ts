/** Teams of players: everybody into the smallest or the one they were in, changes on request, and no team empty when a fight begins. */
import type { ViewerKey } from "../../events/viewer.ts";
import type { Member } from "../crowd.ts";
import type { Keeping, Kept } from "./record.ts";

/** By how many people more than the smallest a team may become by request, unless the game says otherwise. */
const usualLead = 2;

/** Number of teams that play, 0 when everybody plays for themselves. */
export function activeTeams({ declaration, show }: Keeping): number {
  const { teams } = declaration;
  return teams ? Math.min(teams.names.length, Math.max(0, teams.active(show().options))) : 0;
}

/** Name of a team, "" for 0. */
export function nameOf({ declaration }: Keeping, team: number): string {
  return declaration.teams?.names[team - 1] ?? "";
}

/** How many of these players each team has. */
export function sizesOf(keeping: Keeping, players: Iterable<Kept>): number[] {
  const sizes = new Array<number>(activeTeams(keeping) + 1).fill(0);
  for (const { team } of players) sizes[team] = (sizes[team] ?? 0) + 1;
  return sizes;
}

/** Name of a viewer's team, also of one who is not enrolled any more; "" for none. */
export function teamOf(keeping: Keeping, viewer: ViewerKey): string {
  const player = keeping.record.all.get(viewer);
  return player ? nameOf(keeping, player.team) : keeping.memory.of(viewer, playing(keeping));
}

/** Puts a player into a team, if teams play: people into theirs of this show, else where fewest people are; bots where fewest bodies are. */
export function assignTeam(keeping: Keeping, player: Kept): void {
  const teams = activeTeams(keeping);
  if (teams === 0) {
    player.team = 0;
    return;
  }
  const known = player.bot ? "" : keeping.memory.of(player.key, playing(keeping));
  setTeam(keeping, player, known === "" ? smallestTeam(keeping, player) : playing(keeping).indexOf(known) + 1);
}

/** A player asks for a team: they get it in the phases for it, unless it does not play or has enough people already. */
export function joinTeam(keeping: Keeping, member: Member, name: string): void {
  const { declaration, record, show } = keeping;
  const player = record.all.get(member.key);
  const { changeIn = ["lobby"], lead = usualLead } = declaration.teams ?? {};
  const team = playing(keeping).indexOf(name) + 1;
  if (!player || team === 0 || team === player.team || !changeIn.includes(show().phase.name)) return;
  const sizes = sizesOf(keeping, peopleOf(keeping));
  sizes[player.team]!--;
  if (sizes[team]! >= Math.min(...sizes.slice(1)) + lead) return;
  setTeam(keeping, player, team);
  show().feed(member, `joins ${name}`, "good");
}

/** Before a fight: no team is without a body while another has two. */
export function fillEmptyTeams(keeping: Keeping): void {
  const { active } = keeping.record;
  for (let moved = 0; moved < activeTeams(keeping); moved++) {
    const sizes = sizesOf(keeping, active);
    const empty = sizes.indexOf(0, 1);
    const largest = sizes.indexOf(Math.max(...sizes.slice(1)), 1);
    const last = active.findLast(({ team }) => team === largest);
    if (empty < 0 || !last || sizes[largest]! < 2) return;
    setTeam(keeping, last, empty);
  }
}

/** The first `limit` of these players, as many of each team as there are. */
export function pickEvenly(keeping: Keeping, players: readonly Kept[], limit: number): Kept[] {
  const teams = activeTeams(keeping);
  if (teams === 0) return players.slice(0, limit);
  const share = Math.floor(limit / teams);
  const taken = new Array<number>(teams + 1).fill(0);
  const first: Kept[] = [];
  const others: Kept[] = [];
  for (const player of players) (++taken[player.team]! <= share ? first : others).push(player);
  return [...first, ...others].slice(0, limit);
}

function playing(keeping: Keeping): readonly string[] {
  return keeping.declaration.teams?.names.slice(0, activeTeams(keeping)) ?? [];
}

function setTeam(keeping: Keeping, player: Kept, team: number): void {
  player.team = team;
  if (!player.bot) keeping.memory.join(player.key, nameOf(keeping, team), keeping.declaration.teams?.names ?? []);
}

function smallestTeam(keeping: Keeping, asking: Kept): number {
  const { active } = keeping.record;
  const bodies = sizesOf(keeping, active);
  const people = sizesOf(keeping, asking.bot ? [] : peopleOf(keeping));
  let best = 1;
  for (let team = 2; team < bodies.length; team++) {
    const fewer = people[team]! - people[best]! || bodies[team]! - bodies[best]!;
    if (fewer < 0) best = team;
  }
  return best;
}

function* peopleOf({ record }: Keeping): Iterable<Kept> {
  for (const player of record.all.values()) if (!player.bot) yield player;
}

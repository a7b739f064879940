/** Likes: whose team they are for. What is seen of members in the last 20 s decides, and headcount for what nobody was seen to give. */
import { ticksOf } from "../../game/phases.ts";
import { bothTeams, type CoreClash, type Player, type Show, seenSeconds, type TeamNumber, teamOf } from "./state.ts";

/** Notes likes: `own` that a player of a team was seen to give, `room` that came with them in all. */
export function noteLikes(game: CoreClash, player: Player | undefined, own: number, room: number, show: Show): void {
  passSeconds(game, show);
  const at = secondOf(show) % seenSeconds;
  const team = player && teamOf(player);
  if (team) game.teams[team].likes[at]! += own;
  game.likes[at]! += Math.max(own, room);
}

/** Empties what is older than 20 s. */
function passSeconds(game: CoreClash, show: Show): void {
  const second = secondOf(show);
  const passed = Math.min(seenSeconds, second - game.likesSecond);
  for (let i = 0; i < passed; i++) {
    const at = (second - i) % seenSeconds;
    game.likes[at] = 0;
    for (const { likes } of bothTeams(game)) likes[at] = 0;
  }
  game.likesSecond = second;
}

const secondOf = ({ world }: Show) => Math.floor(world.tick / ticksOf(1));
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

/** The shares of both teams in the likes of the room now, from 0 to 1; together 1. */
export function likeShares(game: CoreClash, show: Show): Readonly<Record<TeamNumber, number>> {
  passSeconds(game, show);
  const heads = headShare(show);
  const { likeSplit } = show.options;
  if (likeSplit === "even") return { 1: 0.5, 2: 0.5 };
  const seen = [sum(game.teams[1].likes), sum(game.teams[2].likes)] as const;
  const room = Math.max(sum(game.likes), seen[0] + seen[1]);
  if (likeSplit === "headcount" || room === 0) return { 1: heads, 2: 1 - heads };
  const unseen = room - seen[0] - seen[1];
  const one = (seen[0] + unseen * heads) / room;
  return { 1: one, 2: 1 - one };
}

/** Share of team 1 among the people who play; a half when nobody does. */
function headShare(show: Show): number {
  const count = { 1: 0, 2: 0 };
  for (const player of show.players.all.values()) {
    const team = teamOf(player);
    if (team && !player.bot) count[team]++;
  }
  const all = count[1] + count[2];
  return all === 0 ? 0.5 : count[1] / all;
}

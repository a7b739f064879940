/** Bots among the players: how many a room wants, one more or less at a time in the lobby, all that are missing when it ends. */
import { botNames, botViewer } from "../bots.ts";
import { botToLeave, putIn, takeOut } from "./bodies.ts";
import { enrol } from "./enrolment.ts";
import { type Keeping, type Kept, leastOf, mostOf } from "./record.ts";
import { activeTeams, assignTeam, sizesOf } from "./teams.ts";

/** Ticks between two bots that come or go, so that the eye can follow. */
const gapTicks = 20;

/** In the lobby: one bot more or less, when the room wants it. */
export function adjustBots(keeping: Keeping): void {
  const { declaration, record, show } = keeping;
  const { tick } = show().world;
  if (!declaration.bots || tick < record.nextBotTick) return;
  record.nextBotTick = tick + gapTicks;
  const bots = record.active.length - peopleIn(keeping);
  const wanted = wantedBots(keeping);
  const leaves = botToLeave(keeping);
  if (bots === wanted && !(leaves && isLopsided(keeping, leaves))) return;
  if (bots >= wanted && leaves) takeOut(keeping, leaves);
  else addBot(keeping);
}

/** All bots that are missing, at once. */
export function fill(keeping: Keeping): void {
  if (!keeping.declaration.bots) return;
  const wanted = peopleIn(keeping) + wantedBots(keeping);
  for (let added = keeping.record.active.length; added < wanted; added++) addBot(keeping);
}

/** Lets every bot with a body do what the game says. */
export function stepBots({ declaration, record, show, data }: Keeping): void {
  const { bots } = declaration;
  if (!bots?.step) return;
  const game = data();
  for (let i = 0; i < record.active.length; i++) {
    const player = record.active[i]!;
    if (player.bot) bots.step(game, player, show());
  }
}

function peopleIn({ record }: Keeping): number {
  let people = 0;
  for (const { bot } of record.active) if (!bot) people++;
  return people;
}

/**
 * How many bots these people want: none in a full room. One person alone always gets company, so that a game for two or more never
 * waits; an empty room is filled too, so that a stream always shows a game. With teams, enough to make them even, as far as there is room.
 */
function wantedBots(keeping: Keeping): number {
  const { declaration, record, show } = keeping;
  const people = peopleIn(keeping);
  const fillTo = declaration.bots!.fillTo(show().options);
  let wanted = Math.max(0, (people > 0 ? Math.max(leastOf(keeping), fillTo) : fillTo) - people);
  const teams = activeTeams(keeping);
  if (teams > 0 && fillTo > 0) {
    const humans = sizesOf(
      keeping,
      record.active.filter(({ bot }) => !bot),
    );
    const largest = Math.max(...humans.slice(1), Math.ceil((people + wanted) / teams));
    wanted = Math.min(botNames.length, largest * teams - people);
  }
  return Math.max(0, Math.min(wanted, mostOf(keeping) - people));
}

/** Whether a bot's team has two bodies more than another: then the bot leaves, and one for the other team comes. */
function isLopsided(keeping: Keeping, { team }: Kept): boolean {
  if (activeTeams(keeping) === 0) return false;
  const sizes = sizesOf(keeping, keeping.record.active);
  return sizes[team]! - Math.min(...sizes.slice(1)) > 1;
}

function addBot(keeping: Keeping): void {
  const { crowd, world, phase } = keeping.show();
  // Another round, other bots.
  const first = (phase.round * 5) % botNames.length;
  for (let i = 0; i < botNames.length; i++) {
    const viewer = botViewer((first + i) % botNames.length);
    const member = crowd.meet(viewer, world.tick, { bot: true });
    const player = enrol(keeping, member.key, true);
    if (!player || player.body) continue;
    assignTeam(keeping, player);
    putIn(keeping, player);
    return;
  }
}

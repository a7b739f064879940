/** Bots of Last Ball: how many there are, and what they do now and then so that they play like people. */
import { botNames, wantedBots as botsFor, botViewer } from "../../game/bots.ts";
import { removeBall } from "./balls.ts";
import { botToLeave, enrol, putIn } from "./enrol.ts";
import { dash, guard } from "./moves.ts";
import { isFighting, type LastBall, type Player, type Show, ticksOf } from "./state.ts";
import { assignTeam, teamSizes } from "./teams.ts";

/** Between two bots that join or leave, so that the eye can follow. */
const gapTicks = 20;

/** In the lobby: one bot more or less, when the room wants it. */
export function fillWithBots(game: LastBall, show: Show): void {
  if (show.world.tick < game.nextBotTick) return;
  const people = game.alive.filter(({ bot }) => !bot);
  const bots = game.alive.length - people.length;
  const wanted = wantedBots(people, show);
  const leaves = botToLeave(game, show);
  if (bots === wanted && !(leaves && isLopsided(game, leaves, show))) return;
  game.nextBotTick = show.world.tick + gapTicks;
  if (bots >= wanted && leaves) removeBall(game, leaves, show);
  else addBot(game, show);
}

/** Before play: all bots that are missing, at once; for shows without a lobby. */
export function fillNow(game: LastBall, show: Show): void {
  const people = game.alive.filter(({ bot }) => !bot);
  const wanted = people.length + wantedBots(people, show);
  for (let added = game.alive.length; added < wanted; added++) addBot(game, show);
}

/** How many bots these people want, with teams enough to make them even, as far as there is room. */
function wantedBots(people: readonly Player[], show: Show): number {
  const { teams, bots, maxBalls } = show.options;
  let wanted = botsFor(people.length, bots.fillTo);
  if (teams > 0 && bots.fillTo > 0) {
    const most = Math.max(...teamSizes(people, show).slice(1), Math.ceil((people.length + wanted) / teams));
    wanted = Math.min(botNames.length, most * teams - people.length);
  }
  return Math.max(0, Math.min(wanted, maxBalls - people.length));
}

/** Whether a bot's team has two balls more than another: then the bot leaves, and one for the other team comes. */
function isLopsided(game: LastBall, bot: Player, show: Show): boolean {
  if (show.options.teams === 0) return false;
  const sizes = teamSizes(game.alive, show);
  return sizes[bot.team]! - Math.min(...sizes.slice(1)) > 1;
}

function addBot(game: LastBall, show: Show): void {
  // Another round, other bots.
  const first = (game.round * 5) % botNames.length;
  for (let i = 0; i < botNames.length; i++) {
    const viewer = botViewer((first + i) % botNames.length);
    const member = show.crowd.meet(viewer, show.world.tick, { bot: true });
    const player = enrol(game, member.key, true, show);
    if (!player || player.entity) continue;
    assignTeam(game, player, show);
    putIn(game, player, show);
    return;
  }
}

/** Now and then a bot does what a viewer would: dash at somebody close, or guard. */
export function playBots(game: LastBall, show: Show): void {
  if (!isFighting(show)) return;
  const { tick, random } = show.world;
  for (const player of game.alive) {
    if (!player.bot || player.nextBotActTick > tick) continue;
    const isFirst = player.nextBotActTick === 0;
    player.nextBotActTick = tick + ticksOf(random.between(3.5, 8));
    if (isFirst) continue;
    if (player.charging && player.aim?.entity) dash(player, 8, show);
    else if (random.next() < 0.3) guard(player, 3, show);
  }
}

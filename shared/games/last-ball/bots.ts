/** Bots of Last Ball: how many there are, and what they do now and then so that they play like people. */
import { botNames, botViewer, wantedBots } from "../../game/bots.ts";
import { removeBall } from "./balls.ts";
import { enrol, putIn } from "./enrol.ts";
import { dash, guard } from "./moves.ts";
import { isFighting, type LastBall, type Player, type Show, ticksOf } from "./state.ts";

/** Between two bots that join or leave, so that the eye can follow. */
const gapTicks = 20;

/** In the lobby: one bot more or less, when the room wants it. */
export function fillWithBots(game: LastBall, show: Show): void {
  if (show.world.tick < game.nextBotTick) return;
  let bots = 0;
  let lastBot: Player | undefined;
  for (const player of game.alive) {
    if (!player.bot) continue;
    bots++;
    lastBot = player;
  }
  const wanted = Math.min(wantedBots(game.alive.length - bots, show.options.bots.fillTo), show.options.maxBalls);
  if (bots === wanted) return;
  game.nextBotTick = show.world.tick + gapTicks;
  if (bots > wanted && lastBot) removeBall(game, lastBot, show);
  else addBot(game, show);
}

/** Before play: all bots that are missing, at once; for shows without a lobby. */
export function fillNow(game: LastBall, show: Show): void {
  let people = 0;
  for (const player of game.alive) if (!player.bot) people++;
  const wanted = Math.min(people + wantedBots(people, show.options.bots.fillTo), show.options.maxBalls);
  for (let added = game.alive.length; added < wanted; added++) addBot(game, show);
}

function addBot(game: LastBall, show: Show): void {
  // Another round, other bots.
  const first = (game.round * 5) % botNames.length;
  for (let i = 0; i < botNames.length; i++) {
    const viewer = botViewer((first + i) % botNames.length);
    const member = show.crowd.meet(viewer, show.world.tick, { bot: true });
    const player = enrol(game, member.key, true);
    if (!player || player.entity) continue;
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

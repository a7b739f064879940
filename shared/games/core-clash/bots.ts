/** Bots of Core Clash: they push, aim and block now and then as people do, and follow what happens a little late. */
import { ticksOf } from "../../game/phases.ts";
import { raisePaddle } from "./defences.ts";
import { countPushes, load } from "./pushes.ts";
import { type Aim, type CoreClash, isClash, type Player, type Show, teamOf } from "./state.ts";

/** Between two acts of a bot of usual eagerness. */
const actSeconds = { from: 1, to: 3 } as const;
const blockSeconds = 1.5;
const aims: readonly Aim[] = ["mid", "mid", "mid", "left", "right", "up"];

/** What a bot with a cannon does in a tick of play. */
export function playBot(game: CoreClash, bot: Player, show: Show): void {
  const { world, options } = show;
  const team = teamOf(bot);
  if (!team || !isClash(game, show) || world.tick < bot.nextBotTick) return;
  const isFirst = bot.nextBotTick === 0;
  bot.nextBotTick = world.tick + ticksOf(world.random.between(actSeconds.from, actSeconds.to) / options.bots.eagerness);
  if (isFirst) return;
  const chance = world.random.next();
  if (chance < 0.08) bot.aim = world.random.pick(aims);
  else if (chance < 0.14 && game.danger?.team === team) raisePaddle(game, bot, team, ticksOf(blockSeconds), show);
  countPushes(game, bot, 1, { paid: false, test: false }, show);
  load(game, bot, 1);
}

/** Bots of Last Ball: what one does now and then so that it plays like people. */
import { ticksOf } from "../../game/phases.ts";
import { dash, guard } from "./moves.ts";
import type { Player, Show } from "./state.ts";

/** Every few seconds a bot does what a viewer would: dash at somebody close, or guard. */
export function playBot(bot: Player, show: Show): void {
  const { tick, random } = show.world;
  if (bot.nextBotActTick > tick) return;
  const isFirst = bot.nextBotActTick === 0;
  bot.nextBotActTick = tick + ticksOf(random.between(3.5, 8));
  if (isFirst) return;
  if (bot.charging && bot.aim?.body) dash(bot, 8, show);
  else if (random.next() < 0.3) guard(bot, 3, show);
}

/** Bots of Marble Dash: now and then they do what a viewer would. */
import { ticksOf } from "../../game/phases.ts";
import { hop, steer } from "./moves.ts";
import { middleX } from "./pieces.ts";
import type { MarbleDash, Runners, Show } from "./state.ts";

/** Every tick of a race, for each bot with a marble: a push aside, mostly towards the middle, or a hop when it is slow. */
export function stepBot(_game: MarbleDash, bot: Runners, show: Show): void {
  const { tick, random } = show.world;
  if (!bot.body || bot.place > 0 || bot.nextBotActTick > tick) return;
  const isFirst = bot.nextBotActTick === 0;
  bot.nextBotActTick = tick + ticksOf(random.between(4, 9));
  if (isFirst) return;
  if (bot.body.speed < 1.5) hop(bot, 9, show);
  else steer(bot, random.next() < 0.7 === bot.body.x < middleX ? 1 : -1, 5, show);
}

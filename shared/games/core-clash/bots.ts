/** Bots of Core Clash: they push, aim and block now and then as people do, and as often as the people of the round. */
import { ticksOf } from "../../game/phases.ts";
import { raisePaddle } from "./defences.ts";
import { countPushes, load } from "./pushes.ts";
import { type Aim, type CoreClash, isClash, type Player, type Show, teamOf } from "./state.ts";

/** Pushes a second of a bot while people have not shown their pace, and the slowest and fastest it follows. */
const usualPace = 0.25;
const slowest = 0.12;
const fastest = 0.8;
/** Share of the people's pace that bots keep: they aim better than people do. */
const modesty = 0.88;
/** Time after which people have shown their pace. */
const paceTicks = ticksOf(10);
const blockSeconds = 1.5;
const aims: readonly Aim[] = ["mid", "mid", "mid", "left", "right", "up"];

/** What a bot with a cannon does in a tick of play. */
export function playBot(game: CoreClash, bot: Player, show: Show): void {
  const { world } = show;
  const team = teamOf(bot);
  if (!team || !isClash(game, show) || world.tick < bot.nextBotTick) return;
  const isFirst = bot.nextBotTick === 0;
  bot.nextBotTick = world.tick + ticksOf(world.random.between(0.5, 1.5) / paceOf(game, show));
  if (isFirst) return;
  const chance = world.random.next();
  if (chance < 0.08) bot.aim = world.random.pick(aims);
  else if (chance < 0.14 && game.danger?.team === team) raisePaddle(game, bot, team, ticksOf(blockSeconds), show);
  countPushes(game, bot, 1, { paid: false, test: false }, show);
  load(game, bot, 1);
}

/** Pushes a second of one bot: as one of the people makes without paying, so that a team with fewer people is not the weaker one. */
function paceOf({ freePushes }: CoreClash, { players, phase, world, options }: Show): number {
  const { eagerness } = options.bots;
  const people = players.active.reduce((count, { bot }) => count + (bot ? 0 : 1), 0);
  // Sudden death goes on from play, with the pushes of both: a little faster bots, for its short while, are fine.
  const ticks = world.tick - phase.startTick;
  if (people === 0 || ticks < paceTicks) return usualPace * eagerness;
  const seconds = ticks / ticksOf(1);
  return eagerness * Math.min(fastest, Math.max(slowest, (modesty * freePushes) / people / seconds));
}

/** Once a second of play: people who have come change places with bots, so that both lines stay as long as each other. */
export function keepEven({ players, world, options }: Show): void {
  const { fillTo } = options.bots;
  if (world.tick % ticksOf(1) !== 0 || fillTo === 0 || options.mode === "coop") return;
  const [, one = 0, two = 0] = players.sizes();
  const botOf = (team: number) => players.active.findLast((player) => player.bot && player.team === team);
  const bots = [botOf(1), botOf(2)] as const;
  if (one === two) {
    // A bot of each line goes where there are people enough.
    if (one + two > fillTo && bots[0] && bots[1]) for (const bot of bots) if (bot) players.takeOut(bot);
    return;
  }
  const bot = bots[one > two ? 0 : 1];
  if (bot) players.takeOut(bot);
  else players.fill();
}

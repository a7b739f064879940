/** Keep it up: what is played while there are no people. The core falls, likes and bots puff it up, and there is a record to beat. */
import { ticksOf } from "../../game/phases.ts";
import { depthOf, goalReach, middleX } from "./lane.ts";
import { load } from "./pushes.ts";
import { type CoreClash, isPlaying, type Show } from "./state.ts";

/** How fast the core falls at first, and how much more each minute, units per tick and tick. */
const gravity = 0.01;
const heavierPerMinute = 0.006;
/** Draw back to the middle across the lane, per tick and unit. */
const across = 0.0008;
/** Upward speed that a puff gives for 100 likes, and for how many hundreds at most. */
const puffSpeed = 1.6;
const mostHundreds = 2;
/** Between two looks of a bot at the core. */
const botTicks = ticksOf(0.5);

/** Whether nobody but bots is here. */
export function isDeserted(show: Show): boolean {
  for (const { bot, actedRound } of show.players.all.values())
    if (!bot && actedRound >= show.phase.round - 1) return false;
  return true;
}

/** Before physics: gravity, bots, and the end when the core has fallen. */
export function keepUp(game: CoreClash, show: Show): void {
  const { core } = game;
  if (!game.idle || !isPlaying(show) || game.decided) return;
  if (game.called) {
    // Teams gather again at once.
    show.endPhase("lobby");
    return;
  }
  if (!core) return;
  const { world, phase } = show;
  const minutes = (world.tick - phase.startTick) / ticksOf(60);
  world.accelerate(core, (middleX - core.x) * across, gravity + minutes * heavierPerMinute);
  helpWithBots(game, show);
  game.record = Math.max(game.record, world.tick - phase.startTick);
  const isLast = phase.endTick - world.tick <= 1;
  if (depthOf(1, core.y) < goalReach && !isLast) return;
  game.decided = true;
  show.effect("dropped", { on: core, power: 1 });
  show.endPhase("results");
}

/** Bots of the team below fire while the core is low: now and then too late. */
function helpWithBots(game: CoreClash, show: Show): void {
  const { world, players } = show;
  if (!game.core || world.tick % botTicks !== 0 || depthOf(1, game.core.y) < 60) return;
  for (const player of players.active)
    if (player.bot && player.team === 1 && world.random.next() < 0.35) load(game, player, 1);
}

/** Likes of the room puff the core up. Whoever only likes does not end it: the next round is a match. */
export function puff(game: CoreClash, hundreds: number, show: Show): void {
  const { core } = game;
  if (!core) return;
  show.world.accelerate(core, 0, -puffSpeed * Math.min(mostHundreds, hundreds));
  show.effect("puff", { on: core, power: Math.min(1, hundreds / 3) });
}

/** Seconds that the core has been kept up, or could be at best. */
export function keptUp({ record }: CoreClash, { phase, world }: Show): { now: number; best: number } {
  const now = Math.floor((world.tick - phase.startTick) / ticksOf(1));
  return { now, best: Math.floor(record / ticksOf(1)) };
}

/** What viewers can do. Each definition is all there is to an action: the rule file, its help, the tables and the test buttons are made of it. */
import { actionsFor, logarithmic, ticksOf, z } from "uproar/game";
import { type Coins, type Collector, layCoin, nearestCoin, type Options, push } from "./game.ts";

export { enterAction as enter } from "uproar/game";

const defineAction = actionsFor<Coins, Options, Collector>();

const directions = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] } as const;

export const dash = defineAction({
  title: "Dash",
  summary: "Sends the viewer's ball off, to the nearest coin or in a direction.",
  params: z.object({
    to: z.enum(["coin", "left", "right", "up", "down"]).default("coin").meta({ description: "Where to." }),
    speed: z.number().min(4).max(24).default(12).meta({ description: "Units per tick." }),
  }),
  apply(game, { to, speed }, act, { players, world }) {
    const { player, why } = players.enter(act);
    if (!player?.body) return { refused: why };
    const { body } = player;
    const coin = nearestCoin(game, body);
    const [x, y] = to === "coin" ? [(coin?.x ?? 485) - body.x, (coin?.y ?? 1030) - body.y] : directions[to];
    push(world, body, x, y, speed);
    return undefined;
  },
});

export const giant = defineAction({
  title: "Giant",
  summary: "Makes the viewer's ball large for a while, so that it reaches more coins.",
  params: z.object({
    size: z.number().min(1.2).max(2.5).default(1.6).meta({ description: "How many times as large." }),
    seconds: z.number().min(1).max(30).default(8).meta({ description: "For how long." }),
  }),
  lasts: "seconds",
  apply(_game, { size, seconds }, act, { players, world, feed }) {
    const { player, why } = players.enter(act);
    if (!player?.body) return { refused: why };
    // Many at once make it larger, by less and less.
    world.setRadius(player.body, 44 * Math.min(3, size * logarithmic(act.count, 1.5)));
    player.giantUntil = world.tick + ticksOf(seconds);
    feed(act.by, "GIANT", "power");
    return undefined;
  },
});

export const rain = defineAction({
  title: "Coin rain",
  summary: "Coins for everybody fall on the floor.",
  params: z.object({
    coins: z.int().min(1).max(40).default(6).meta({ description: "How many." }),
  }),
  apply(game, { coins }, act, show) {
    const wanted = Math.min(40, coins * act.count);
    for (let laid = 0; laid < wanted; laid++) {
      if (layCoin(game, show.world)) continue;
      // A gift waits and is never lost; what cost nothing ends here.
      if (laid === 0) return { later: ticksOf(1), why: "there is no room for more coins" };
      break;
    }
    show.feed(act.by, "COIN RAIN", "good");
    return undefined;
  },
});

/** Hill: a whole game in some forty lines, as docs/games.md shows it. */
import { z } from "zod";
import { actionsFor, defineGame, type PhaseLengths } from "../../../shared/game/define.ts";
import { enterAction } from "../../../shared/game/enter-action.ts";

/** What the game keeps of a player; `Nothing` is what it keeps besides. */
type Climber = { ticksOnTop: number };
type Nothing = Record<string, never>;

const defineAction = actionsFor<Nothing, PhaseLengths, Climber>();

export default defineGame<Nothing, PhaseLengths, Climber>({
  id: "hill",
  title: "Hill",
  summary: "Whoever is nearest to the middle is on top; who is there longest wins.",
  world: { width: 1080, height: 1920, gravity: 0, maxEntities: 60 },
  actions: {
    enter: enterAction,
    hop: defineAction({
      title: "Hop",
      summary: "Throws the viewer's ball towards the middle.",
      params: z.object({ speed: z.number().min(1).max(12).default(7).meta({ description: "Units per tick." }) }),
      apply(_game, { speed }, act, { players, world }) {
        const { player, why } = players.enter(act);
        if (!player?.body) return { refused: why };
        const { body } = player;
        const way = Math.hypot(485 - body.x, 1000 - body.y) || 1;
        world.setVelocity(body, ((485 - body.x) / way) * speed, ((1000 - body.y) / way) * speed);
        return undefined;
      },
    }),
  },
  players: {
    fields: () => ({ ticksOnTop: 0 }),
    renew: (player) => void Object.assign(player, { ticksOnTop: 0 }),
    most: () => 40,
    body(_game, { key }, { world }) {
      const [x, y] = [world.random.between(100, 870), world.random.between(600, 1400)];
      return world.spawn({ kind: "ball", shape: { type: "circle", radius: 46 }, x, y, viewer: key });
    },
    bots: { fillTo: () => 6 },
  },
  create: () => ({}),
  step(_game, { phase, players, boards }) {
    if (phase.name !== "play") return;
    const wayOf = ({ body }: (typeof players.active)[number]) => Math.hypot(485 - body!.x, 1000 - body!.y);
    const [top] = [...players.active].sort((a, b) => wayOf(a) - wayOf(b));
    if (top && ++top.ticksOnTop % 60 === 0) boards.add(top.key, 1);
  },
  enterPhase(_game, phase, { boards }) {
    const [best] = boards.round;
    if (phase === "results" && best) boards.win(best.viewer);
  },
});

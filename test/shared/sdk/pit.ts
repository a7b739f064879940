/** Pit: a little game that keeps everything a game must keep, for tests that break one thing of it at a time. */
import { z } from "zod";
import { actionsFor, defineGame, type PhaseLengths } from "../../../shared/game/define.ts";
import type { Player } from "../../../shared/game/players-interface.ts";

export interface Pit {
  best: string;
}
export interface Hopper {
  hops: number;
}

const defineAction = actionsFor<Pit, PhaseLengths, Hopper>();
const everyPhase = ["lobby", "countdown", "play", "sudden", "results"] as const;

export const pitActions = {
  enter: defineAction({
    title: "Join",
    summary: "Gives the viewer a ball.",
    params: z.object({}),
    phases: everyPhase,
    apply(_pit, _params, act, { players }) {
      players.enter(act);
      return undefined;
    },
  }),
  hop: defineAction({
    title: "Hop",
    summary: "The viewer's ball hops.",
    params: z.object({ power: z.number().min(2).max(20).default(9).meta({ description: "Speed, units per tick." }) }),
    apply(pit, { power }, act, show) {
      const { player, why } = show.players.enter(act);
      if (!player) return { refused: why };
      show.world.setVelocity(player.body!, 0, -power);
      player.hops++;
      show.boards.add(player.key, 1, player.bot);
      const best = pit.best === "" ? undefined : show.players.get(pit.best);
      if (!best || player.hops > best.hops) pit.best = player.key;
      return undefined;
    },
  }),
};

export const pit = defineGame<Pit, PhaseLengths, Hopper>({
  id: "pit",
  title: "Pit",
  summary: "Whoever hops most wins.",
  world: { width: 1080, height: 1920, gravity: 0.3, maxEntities: 40 },
  phases: { lobby: { seconds: 4 }, play: { seconds: 15 }, results: { seconds: 2 } },
  actions: pitActions,
  players: {
    fields: () => ({ hops: 0 }),
    renew: (player) => {
      player.hops = 0;
    },
    most: () => 12,
    body: (_pit, player, { world }) =>
      world.spawn({
        kind: "ball",
        shape: { type: "circle", radius: 44 },
        x: world.random.between(100, 980),
        y: 800,
        viewer: player.key,
      }),
    bots: { fillTo: () => 3 },
  },
  create({ world }) {
    const wall = { kind: "wall", motion: "fixed" } as const;
    world.spawn({ ...wall, shape: { type: "box", width: 1080, height: 100 }, x: 540, y: 1870 });
    world.spawn({ ...wall, shape: { type: "box", width: 100, height: 1920 }, x: -50, y: 960 });
    world.spawn({ ...wall, shape: { type: "box", width: 100, height: 1920 }, x: 1130, y: 960 });
    return { best: "" };
  },
  newRound: (game) => {
    game.best = "";
  },
  enterPhase(game, phase, show) {
    if (phase === "results" && game.best !== "") show.boards.win(game.best, show.players.get(game.best)?.bot);
  },
  step(_game, { players, world }) {
    for (const player of players.active) keepIn(player, world.width, (x) => world.setPosition(player.body!, x, 800));
  },
});

function keepIn({ body }: Player<Hopper>, width: number, move: (x: number) => void): void {
  if (body && (body.x < 0 || body.x > width)) move(Math.min(width - 60, Math.max(60, body.x)));
}

export const pitRules = `
game: pit
rules:
  - { id: in, on: chat, do: enter }
  - { id: in-by-like, on: like, do: enter }
  - { id: hop, on: chat, command: hop, do: hop }
  - { id: gift, on: gift, do: [enter, hop] }
tests:
  - name: a comment joins
    in: lobby
    given: { chat: hello }
    expect: enter
`;

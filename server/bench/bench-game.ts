/** The game that benchmarks play: a scene of bodies that nobody pushes, and one action that does what actions do short of pushing. */
import { z } from "zod";
import { actionsFor, defineGame } from "../../shared/game/define.ts";
import { compileRules, oneFile } from "../../shared/rules/compile.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import { fillScene, type Scene, settingsOf } from "./worlds.ts";

const rulesText = `
game: bench
rules:
  - { id: word, on: chat, command: [go, run], do: cheer }
  - { id: tap, on: like, do: cheer }
  - { id: room, on: likes, every: 500, do: cheer }
  - { id: rose, on: gift, gift: Rose, do: cheer }
  - { id: other, on: gift, do: cheer }
  - { id: here, on: join, cooldown: { viewer: 10s }, do: cheer }
`;

const noOptions = z.strictObject({});
type NoOptions = z.output<typeof noOptions>;

const cheer = actionsFor<undefined, NoOptions>()({
  title: "Cheer",
  summary:
    "Scores a point, says so, shows it; moves nothing, so that a world with events stays the same as one without.",
  params: z.object({ points: z.number().int().default(1) }),
  apply(_game, { points }, { member, count }, show) {
    if (member) show.boards.add(member.key, points * count);
    show.feed(member, "cheers");
    show.effect("cheer", { x: 540, y: 960, power: 0.5 });
    return undefined;
  },
});

/** The game of one scene; `viewerOf` says whose a body is. */
export function benchGame(scene: Scene, bodies: number, viewerOf: (index: number) => string) {
  return defineGame<undefined, NoOptions>({
    id: "bench",
    title: "Bench",
    summary: "For measuring.",
    world: settingsOf(scene, bodies),
    options: noOptions,
    phases: { play: { seconds: 100_000 } },
    actions: { cheer },
    create(show) {
      fillScene(show.world, scene, bodies, viewerOf);
      return undefined;
    },
    step() {},
    hud: () => ({ headline: "measuring", leader: "", podium: [] }),
    props: () => ({ heat: 1 }),
  });
}

/** The rules of that game. */
export function benchRules(game: ReturnType<typeof benchGame>): CompiledRules {
  const result = compileRules(oneFile(rulesText), game);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join(" "));
  return result.rules;
}

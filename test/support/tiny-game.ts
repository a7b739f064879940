/** A tiny game for tests of the engine: every action leaves a trace, one can be busy, one throws. */
import { z } from "zod";
import { actionsFor, defineGame } from "../../shared/game/define.ts";
import { compileRules, oneFile } from "../../shared/rules/compile.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";

export interface Tiny {
  calls: { action: string; who: string; count: number; tick: number; test: boolean }[];
  busyUntilTick: number;
}
const options = z.strictObject({ playSeconds: z.number().min(1).default(10) });
type Options = z.output<typeof options>;
const defineAction = actionsFor<Tiny, Options>();

const trace = (action: string) =>
  defineAction({
    title: action.toUpperCase(),
    summary: "Leaves a trace.",
    params: z.object({ size: z.number().min(1).max(9).default(1) }),
    apply(game, _params, { member, count, test }, show) {
      game.calls.push({ action, who: member?.viewer.handle ?? "", count, tick: show.world.tick, test });
      return undefined;
    },
  });

export const tinyGame = defineGame<Tiny, Options>({
  id: "tiny",
  title: "Tiny",
  summary: "For tests.",
  world: { width: 1000, height: 1000, gravity: 0.3, maxEntities: 50 },
  options,
  phases: { lobby: { seconds: 1 }, play: { seconds: 10 }, results: { seconds: 1 } },
  actions: {
    wave: { ...trace("wave"), phases: ["lobby", "play", "results"] },
    jump: trace("jump"),
    pulse: trace("pulse"),
    giant: defineAction({
      title: "GIANT",
      summary: "One at a time, for two seconds.",
      params: z.object({}),
      apply(game, _params, { member, count, test }, { world }) {
        if (world.tick < game.busyUntilTick)
          return { later: game.busyUntilTick - world.tick, why: "another giant is here" };
        game.busyUntilTick = world.tick + 120;
        game.calls.push({ action: "giant", who: member?.viewer.handle ?? "", count, tick: world.tick, test });
        return undefined;
      },
    }),
    picky: defineAction({
      title: "PICKY",
      summary: "Refuses who is called no.",
      params: z.object({}),
      apply(game, _params, { member, count, test }, { world }) {
        const who = member?.viewer.handle ?? "";
        if (who === "no") return { refused: "not you" };
        game.calls.push({ action: "picky", who, count, tick: world.tick, test });
        return undefined;
      },
    }),
    broken: defineAction({
      title: "BROKEN",
      summary: "Throws.",
      params: z.object({}),
      apply() {
        throw new Error("a bug in the game");
      },
    }),
  },
  create: ({ world }) => {
    world.spawn({ kind: "floor", motion: "fixed", shape: { type: "box", width: 1000, height: 100 }, x: 500, y: 950 });
    for (let i = 0; i < 10; i++) {
      const x = world.random.between(100, 900);
      world.spawn({ kind: "ball", shape: { type: "circle", radius: 20 }, x, y: 100 + i * 10 });
    }
    return { calls: [], busyUntilTick: 0 };
  },
  step: () => undefined,
  hud: () => ({ headline: "tiny", leader: "", podium: [] }),
  props: () => ({ answer: 42 }),
});

/** Compiles rules for the tiny game; throws the problems when there are any. */
export function tinyRules(rules: string, head = ""): CompiledRules {
  const result = compileRules(
    oneFile(`game: tiny\nallow: [COMPLIANCE_PAY_TO_PLAY]\n${head}rules:\n${rules}`),
    tinyGame,
  );
  if (result.ok) return result.rules;
  throw new Error(result.problems.map((problem) => problem.message).join("\n"));
}

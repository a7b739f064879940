/** Builds a show of the tiny game that tests of rules step by hand, with bodies for viewers and a log of what acted. */
import { z } from "zod";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { type AnyGame, actionsFor, defineGame } from "../../../shared/game/define.ts";
import { compileRules, oneFile } from "../../../shared/rules/compile.ts";
import type { CompiledRules } from "../../../shared/rules/compiled.ts";
import type { Acted } from "../../../shared/sim/acted.ts";
import type { GiftOutcome } from "../../../shared/sim/outcome.ts";
import { createSimulation } from "../../../shared/sim/simulation.ts";
import { anAct } from "../../support/events.ts";
import { type Tiny, tinyGame } from "../../support/tiny-game.ts";

const defineAction = actionsFor<Tiny, unknown>();
const params = z.object({ seconds: z.number().min(1).max(30).default(2) });

/** The tiny game with bodies for viewers and an action that lasts. */
export const game = defineGame({
  ...tinyGame,
  actions: {
    ...tinyGame.actions,
    appear: defineAction({
      title: "APPEAR",
      summary: "Gives the viewer a body.",
      params: z.object({}),
      phases: ["lobby", "play", "results"],
      apply(_game, _params, act, { players }) {
        players.enter(act);
        return undefined;
      },
    }),
    shine: defineAction({ title: "SHINE", summary: "Shines.", params, lasts: "seconds", apply: () => undefined }),
  },
  players: {
    fields: () => ({}),
    most: () => 9,
    body: (_game, { key }, { world }) =>
      world.spawn({ kind: "ball", shape: { type: "circle", radius: 20 }, x: 100, y: 100, viewer: key }),
  },
  hud: (_game, { crowd }) => ({ headline: "", leader: crowd.find("bo")?.key ?? "", podium: [] }),
});

/** Compiles rules for that game; throws what is wrong. */
export function rulesOf(text: string): CompiledRules {
  const result = compileRules(oneFile(`game: tiny\nallow: [COMPLIANCE_PAY_TO_PLAY, COMPLIANCE_CHANCE]\n${text}`), game);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.rules;
}

const lobbyTicks = 60;
/** The rule by which viewers get a body. */
export const joining = "  - { id: in, on: join, do: appear }\n";

/** A show in play in which ana, bo and cem have bodies; `acts` are told as "action who tick-of-play". */
export function aShow(rules: string, head = "", changes: Partial<AnyGame> = {}) {
  const simulation = createSimulation({
    playlist: [{ game: defineGame({ ...game, ...changes }), rules: rulesOf(`${head}rules:\n${joining}${rules}`) }],
    seed: 3,
  });
  const outcomes = new Map<string, GiftOutcome>();
  const log: Acted[] = [];
  const step = (events: LiveEvent[] = [], next?: CompiledRules) => {
    const result = simulation.step(events, next);
    for (const outcome of result.outcomes) outcomes.set(outcome.event.id, outcome);
    for (const act of result.acts) if (act.action !== "appear") log.push(act);
  };
  const run = (ticks: number) => {
    for (let i = 0; i < ticks; i++) step();
  };
  step(["ana", "bo", "cem"].map((who) => anAct("join", who)));
  run(lobbyTicks);
  const start = simulation.world.tick;
  const done = () =>
    log
      .filter(({ state }) => state === "applied")
      .map(({ action, viewer, tick }) => `${action} ${viewer.replace("tiktok:", "")} ${tick - start}`);
  return { simulation, step, run, done, log, outcomes };
}

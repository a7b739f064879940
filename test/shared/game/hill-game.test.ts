/** The whole game that docs/games.md shows: it is the one that runs here, and it plays rounds by itself. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileRules, oneFile } from "../../../shared/rules/compile.ts";
import { createSimulation } from "../../../shared/sim/simulation.ts";
import { aChat } from "../../support/events.ts";
import game from "./hill-game.ts";

const text = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
/** From its types on: before that stand the imports, which come by other names from outside. */
const body = (source: string) => source.slice(source.indexOf("/** What the game keeps"));

test("the page shows the game that runs", () => {
  const [, shown = ""] =
    /```ts\n(import [^\n]* from "uproar\/game"[\s\S]*?)```/.exec(text("../../../docs/games.md")) ?? [];
  expect(shown).toContain("defineGame");
  expect(body(shown)).toBe(body(text("./hill-game.ts")));
});

test("it plays rounds: people climb, somebody wins, the standard parts are there", () => {
  const rules = "game: hill\nrules:\n  - { on: chat, do: enter }\n  - { on: chat, command: hop, do: hop }\n";
  const compiled = compileRules(oneFile(rules), game);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const simulation = createSimulation({ playlist: [{ game, rules: compiled.rules }], seed: 4 });
  const entered: string[] = [];
  for (let tick = 0; simulation.phase.round < 2; tick++) {
    const who = `v${tick % 3}`;
    const { entered: phase } = simulation.step(tick % 200 < 3 ? [aChat("hi", who), aChat("hop", who)] : []);
    if (phase) entered.push(phase);
    if (phase === "results") {
      const { podium, leader, headline } = simulation.hud();
      expect(podium).toContain(leader);
      expect(headline).toBe("Winner");
    }
    if (tick > 20_000) throw new Error("the round does not end");
  }
  expect(entered).toEqual(["countdown", "play", "results", "lobby"]);
  expect(simulation.counters).toMatchObject({ errors: 0, lastError: "" });
  expect(simulation.boards.show.length).toBeGreaterThan(0);
  expect(simulation.boards.show.filter(({ wins }) => wins > 0).length).toBeLessThanOrEqual(1);
  expect(simulation.rules.options).toEqual({
    lobbySeconds: 20,
    countdownSeconds: 4,
    playSeconds: 90,
    resultsSeconds: 8,
  });
});

/** The mirror of a show whose simulation is replaced: the state is that of the new one, with nothing left of the old. */
import { expect, test } from "vitest";
import { createMirror, type MirroredShow } from "../../../server/room/mirror.ts";
import game from "../../../shared/games/last-ball/game.ts";
import { ShowState } from "../../../shared/protocol/state.ts";
import { createPlayer, playKnown } from "../../../shared/replay/player.ts";
import { createSimulation, type Simulation } from "../../../shared/sim/simulation.ts";
import { aSmallGame, rulesFor } from "../../support/small-games.ts";
import { tinyGame, tinyRules } from "../../support/tiny-game.ts";
import { aPlayedShow } from "../cli/a-recorded-show.ts";

function showOf(simulation: Simulation): { -readonly [K in keyof MirroredShow]: MirroredShow[K] } {
  return { id: "a-show", simulation, isPaused: false, trouble: "", sources: () => [] };
}

test("going back in time leaves the state as if it had never been later, and forwards again", async () => {
  const played = await aPlayedShow({ ticks: 900 });
  const at = (tick: number) => {
    const player = createPlayer({ games: new Map([[game.id, game]]), head: played.head });
    for (const entry of played.entries) {
      player.give(entry);
      for (const _ of playKnown(player)) if (player.simulation.world.tick === tick) return player.simulation;
    }
    throw new Error(`no tick ${tick}`);
  };
  const fresh = (simulation: Simulation) => {
    const state = new ShowState();
    createMirror(showOf(simulation), state, () => "").update();
    return state.toJSON();
  };
  const [early, late] = [at(320), at(890)];
  const state = new ShowState();
  const show = showOf(late);
  const mirror = createMirror(show, state, () => "");
  mirror.update();
  expect(state.toJSON()).toEqual(fresh(late));
  for (const simulation of [early, late, at(890)]) {
    show.simulation = simulation;
    mirror.update();
    expect(state.toJSON()).toEqual(fresh(simulation));
  }
  expect(state.speed).toBe(1);
  show.speed = 4;
  mirror.update();
  expect(state.speed).toBe(4);
});

test("when another game plays, its name, size and bodies take the place of those before", () => {
  const other = aSmallGame("other");
  const rule = "  - { on: chat, do: wave }\n";
  const playlist = [
    { game: tinyGame, rules: tinyRules(rule) },
    { game: other, rules: rulesFor(other, rule) },
  ];
  const simulation = createSimulation({ playlist, seed: 1 });
  const state = new ShowState();
  const mirror = createMirror(showOf(simulation), state, () => "");
  mirror.update();
  expect([state.game, state.title, state.width, state.height]).toEqual(["tiny", "Tiny", 1000, 1000]);
  const before = [...state.entities.keys()];
  while (simulation.game === tinyGame) simulation.step([], undefined, ["endRound"]);
  mirror.update();
  expect([state.game, state.title, state.width, state.height]).toEqual(["other", "OTHER", 1500, 800]);
  expect([...state.entities.keys()]).toEqual(Array.from(simulation.world.entities.keys(), String));
  expect(before.some((id) => state.entities.has(id))).toBe(false);
});

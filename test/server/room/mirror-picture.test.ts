/** What the mirror tells of a game's picture: how much of the world is seen and where, scores, honours, and how bodies move. */
import { expect, test } from "vitest";
import { createMirror } from "../../../server/room/mirror.ts";
import { type AnyGame, defineGame } from "../../../shared/game/define.ts";
import { ShowState } from "../../../shared/protocol/state.ts";
import { createSimulation } from "../../../shared/sim/simulation.ts";
import { tinyGame, tinyRules } from "../../support/tiny-game.ts";

/** The state of a show of the tiny game with changes, and a way to bring it up to date. */
function mirrored(changes: Partial<AnyGame>) {
  const game = defineGame({ ...tinyGame, ...changes });
  const simulation = createSimulation({
    playlist: [{ game, rules: tinyRules("  - { on: chat, do: wave }\n") }],
    seed: 3,
  });
  const state = new ShowState();
  const show = { id: "a-show", simulation, isPaused: false, trouble: "", sources: () => [] };
  const mirror = createMirror(show, state, () => "");
  mirror.update();
  return { state, simulation, update: () => mirror.update() };
}

test("a game that says nothing is seen as a whole, from its middle", () => {
  const { state } = mirrored({});
  expect(state.toJSON()).toMatchObject({ viewWidth: 1000, viewHeight: 1000, cameraX: 500, cameraY: 500 });
});

test("the camera is asked for every patch, also where it fails", () => {
  const layout = { view: { width: 600, height: 300 } };
  const camera: AnyGame["camera"] = (_game, { world }) => {
    if (world.tick > 1) throw new Error("a bug in the game");
    return { x: 300, y: 150 + world.tick * 100 };
  };
  const { state, simulation, update } = mirrored({ layout, camera });
  const seen = () => [state.viewWidth, state.viewHeight, state.cameraX, state.cameraY];
  expect(seen()).toEqual([600, 300, 300, 150]);
  simulation.step([]);
  update();
  expect(seen()).toEqual([600, 300, 300, 250]);
  simulation.step([]);
  update();
  expect(seen()).toEqual([600, 300, 500, 500]);
});

test("a score has the names of its teams, honours are at most three", () => {
  const award = (title: string) => ({ title, viewer: "tiktok:nobody", value: "4.1 s" });
  const hud = () => ({
    ...{ headline: "", leader: "", podium: [] },
    score: [
      { team: 2, value: 3 },
      { team: 1, value: 1.4 },
      { team: 9, value: 0 },
    ],
    awards: ["a", "b", "c", "d"].map(award),
  });
  const players = {
    ...{ fields: () => ({}), most: () => 4, body: () => undefined },
    teams: { names: ["Sky", "Reds"], active: () => 2 },
  };
  const { state } = mirrored({ hud, players });
  expect(state.score.toJSON()).toEqual([
    { team: 2, name: "Reds", value: 3 },
    { team: 1, name: "Sky", value: 1 },
    { team: 9, name: "", value: 0 },
  ]);
  expect([...state.awards].map(({ title, value }) => [title, value])).toEqual([
    ["a", "4.1 s"],
    ["b", "4.1 s"],
    ["c", "4.1 s"],
  ]);
});

test("stages know what is fixed, what the game moves and what only senses", () => {
  const create: AnyGame["create"] = ({ world }) => {
    const shape = { type: "box", width: 80, height: 80 } as const;
    world.spawn({ kind: "wall", shape, x: 100, y: 100, motion: "fixed" });
    world.spawn({ kind: "spinner", shape, x: 300, y: 100, motion: "kinematic" });
    world.spawn({ kind: "goal", shape, x: 500, y: 100, motion: "fixed", sensor: true });
    world.spawn({ kind: "crate", shape, x: 700, y: 100 });
    return {};
  };
  const { state } = mirrored({ create });
  expect([...state.entities.values()].map(({ kind, motion, sensor }) => [kind, motion, sensor])).toEqual([
    ["wall", "fixed", false],
    ["spinner", "kinematic", false],
    ["goal", "fixed", true],
    ["crate", "dynamic", false],
  ]);
});

/** The mirror says of every shape what the stage needs to draw it. */
import { expect, test } from "vitest";
import { createMirror } from "../../../server/room/mirror.ts";
import { partsOf } from "../../../shared/protocol/parts.ts";
import { ShowState } from "../../../shared/protocol/state.ts";
import { createSimulation } from "../../../shared/sim/simulation.ts";
import type { Shape } from "../../../shared/world/world.ts";
import { tinyGame, tinyRules } from "../../support/tiny-game.ts";

const corners = [
  { x: 0, y: -40 },
  { x: 40, y: 20 },
  { x: -40, y: 20 },
];
const box = { type: "box", width: 60, height: 20 } as const;

test.each<[Shape, object]>([
  [
    { type: "circle", radius: 30 },
    { shape: "circle", a: 30, b: 0, corners: [] },
  ],
  [box, { shape: "box", a: 60, b: 20, corners: [] }],
  [
    { type: "polygon", corners },
    { shape: "polygon", a: 0, b: 0, corners: [0, -40, 40, 20, -40, 20] },
  ],
])("%o", (shape, looks) => {
  const { parts, ...simple } = mirrored(shape);
  expect(simple).toMatchObject(looks);
  expect(parts).toEqual([]);
});

test("a compound, with its parts around its centre of mass", () => {
  const parts = [
    { shape: box, x: 100, y: 0 },
    { shape: { type: "circle", radius: 8 } as const, x: 100, y: 0 },
  ];
  const looks = mirrored({ type: "compound", parts });
  expect(looks.shape).toBe("compound");
  const near0 = expect.closeTo(0, 6);
  expect(partsOf(looks.parts)).toEqual([
    { shape: "box", x: near0, y: 0, angle: 0, a: 60, b: 20, corners: [] },
    { shape: "circle", x: near0, y: 0, angle: 0, a: 8, b: 0, corners: [] },
  ]);
});

function mirrored(shape: Shape) {
  const rules = tinyRules("  - { on: join, do: wave }");
  const simulation = createSimulation({ playlist: [{ game: tinyGame, rules }], seed: 1 });
  const { id } = simulation.world.spawn({ kind: "thing", shape, x: 0, y: 0 })!;
  const state = new ShowState();
  const show = { id: "a-show", simulation, isPaused: false, trouble: "", sources: () => [] };
  createMirror(show, state, () => "").update();
  return state.entities.get(String(id))!.toJSON() as { shape: string; parts: number[] };
}

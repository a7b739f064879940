/** A compound's parts go to the stage as numbers and come out as they were. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { flatParts, partsOf } from "../../../shared/protocol/parts.ts";
import type { ShapePart } from "../../../shared/world/entity.ts";

const length = fc.float({ min: 1, max: 500, noNaN: true });
const place = fc.float({ min: -500, max: 500, noNaN: true });
const corners = fc.array(fc.record({ x: place, y: place }), { minLength: 3, maxLength: 32 });
const shape = fc.oneof(
  fc.record({ type: fc.constant("circle" as const), radius: length }),
  fc.record({ type: fc.constant("box" as const), width: length, height: length }),
  fc.record({ type: fc.constant("polygon" as const), corners }),
);
const parts = fc.array(fc.record({ shape, x: place, y: place, angle: place }), { minLength: 1, maxLength: 16 });

function drawn({ shape, x, y, angle }: ShapePart) {
  const base = { shape: shape.type, x, y, angle, a: 0, b: 0, corners: [] as number[] };
  if (shape.type === "circle") return { ...base, a: shape.radius };
  if (shape.type === "box") return { ...base, a: shape.width, b: shape.height };
  return { ...base, corners: shape.corners.flatMap((corner) => [corner.x, corner.y]) };
}

test("there and back, through the state's small floats", () => {
  fc.assert(
    fc.property(parts, (given) => {
      const flat = new Float32Array(flatParts({ type: "compound", parts: given }));
      expect(partsOf(flat)).toEqual(given.map(drawn));
    }),
  );
});

test("other shapes have none; numbers of another version end the list", () => {
  expect(flatParts({ type: "circle", radius: 4 })).toEqual([]);
  expect(partsOf([])).toEqual([]);
  expect(partsOf([1, 0, 0, 0, 5, 9, 1, 2, 3])).toHaveLength(1);
  expect(partsOf([3, 0, 0, 0, 1e9, 1, 2])[0]!.corners).toEqual([1, 2]);
});

/** Comeback helpers: help for who trails, the weaker half, fading by silence. */
import { expect, test } from "vitest";
import { fadeOf, smallerHalf, trailingFactor } from "../../../shared/game/comeback.ts";

test.each([
  [0, 2, 1.3],
  [0, 1, 1],
  [1, 1, 1],
  [3, 1, 1],
])("%i against a best of %i counts %d-fold", (own, best, wanted) => {
  expect(trailingFactor(own, best, { margin: 1, factor: 1.3 })).toBe(wanted);
});

test.each([
  [
    [3, 1, 2],
    [1, 2],
  ],
  [
    [4, 3, 2, 1],
    [1, 2],
  ],
  [[5], [5]],
  [[], []],
])("the smaller half of %j is %j", (items, wanted) => {
  const given = [...items];
  expect(smallerHalf(items, (item) => item)).toEqual(wanted);
  expect(items).toEqual(given);
});

test("silence fades down to its end and is won back sooner", () => {
  const options = { afterTicks: 10, perTick: 0.01, least: 0.7 };
  let fade = 1;
  for (let silent = 0; silent <= 10; silent++) fade = fadeOf(fade, silent, options);
  expect(fade).toBe(1);
  for (let silent = 11; silent <= 20; silent++) fade = fadeOf(fade, silent, options);
  expect(fade).toBeCloseTo(0.9, 6);
  for (let silent = 21; silent <= 100; silent++) fade = fadeOf(fade, silent, options);
  expect(fade).toBe(0.7);
  expect(fadeOf(fade, 0, options)).toBeCloseTo(0.9, 6);
});

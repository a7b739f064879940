/** Remembering the latest: bounded, in order, the same however it is kept. */
import { expect, test } from "vitest";
import { BoundedMap, rememberIn } from "../../../shared/game/bounded.ts";

const keys = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);

test("a set keeps at most so many, and when it is full forgets the older half", () => {
  const set = new Set<string>();
  for (const key of keys(10)) rememberIn(set, key, 10);
  rememberIn(set, "v0", 10);
  expect(set.size).toBe(10);
  rememberIn(set, "new", 10);
  expect([...set]).toEqual(["v5", "v6", "v7", "v8", "v9", "new"]);
});

test("a map does the same, and a key that is set again is the youngest", () => {
  const map = new BoundedMap<number>(4);
  for (const key of keys(4)) map.set(key, 1);
  map.set("v0", 2);
  map.set("new", 3);
  expect(map.entries()).toEqual([
    ["v3", 1],
    ["v0", 2],
    ["new", 3],
  ]);
});

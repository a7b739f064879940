/** A game's own data as plain JSON: whatever refers to whatever comes back the same, and what is no plain data is refused by its place. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCrowd } from "../../../shared/game/crowd.ts";
import { type Outside, packData, unpackData } from "../../../shared/sim/pack.ts";
import { createRandom } from "../../../shared/world/random.ts";
import { createWorld, isEntity } from "../../../shared/world/world.ts";
import { aViewer } from "../../support/events.ts";

const nothing: Outside = { entity: () => undefined, member: () => undefined };
const throughText = (value: unknown, outside = nothing): unknown =>
  unpackData(JSON.parse(JSON.stringify(packData(value, outside))), outside);

/** Whether two values are the same in every place, circles and shared objects included. */
function areAlike(a: unknown, b: unknown, pairs = new Map<unknown, unknown>()): boolean {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return Object.is(a, b);
  if (pairs.has(a)) return pairs.get(a) === b;
  pairs.set(a, b);
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const partsOf = (value: object): unknown[] => {
    if (value instanceof Map) return [...value].flat();
    if (value instanceof Set) return [...value];
    return Object.keys(value).flatMap((key) => [key, (value as Record<string, unknown>)[key]]);
  };
  const [mine, others] = [partsOf(a), partsOf(b)];
  return mine.length === others.length && mine.every((part, at) => areAlike(part, others[at], pairs));
}

const leaf = fc.oneof(
  fc.double(),
  fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, undefined, null, true, 2 ** 53),
  fc.string(),
  fc.constantFrom("__proto__", "toString", "NaN"),
);

/** Graphs: some objects of every kind, then links between any of them. */
const graph = fc
  .tuple(
    fc.array(fc.constantFrom("list", "map", "set", "plain", "bare"), { minLength: 1, maxLength: 12 }),
    fc.array(
      fc.tuple(fc.nat(), fc.oneof(fc.string({ maxLength: 3 }), fc.constant("__proto__")), fc.option(fc.nat()), leaf),
      {
        maxLength: 40,
      },
    ),
  )
  .map(([kinds, links]) => {
    const make = {
      list: () => [],
      map: () => new Map(),
      set: () => new Set(),
      plain: () => ({}),
      bare: () => Object.create(null),
    };
    const nodes = kinds.map((kind) => make[kind]() as object);
    for (const [from, name, to, value] of links) {
      const node = nodes[from % nodes.length]!;
      const item = to === null ? value : nodes[to % nodes.length];
      if (Array.isArray(node)) node.push(item);
      else if (node instanceof Map) node.set(name.length > 2 ? item : name, item);
      else if (node instanceof Set) node.add(item);
      else Object.defineProperty(node, name, { value: item, enumerable: true, writable: true, configurable: true });
    }
    return nodes[0];
  });

test("any graph of plain data comes back alike", () => {
  const property = fc.property(graph, (value) => {
    expect(areAlike(value, throughText(value))).toBe(true);
  });
  fc.assert(property, { numRuns: 500 });
});

test("a chain of a hundred thousand links is no deep stack", () => {
  let chain: unknown = null;
  for (let i = 0; i < 100_000; i++) chain = { chain };
  let length = 0;
  for (let link = throughText(chain); link; link = (link as { chain: unknown }).chain) length++;
  expect(length).toBe(100_000);
});

describe("what stands outside", () => {
  const random = createRandom(1);
  const world = createWorld({ width: 100, height: 100, random });
  const spawn = () =>
    world.spawn({ kind: "ball", shape: { type: "circle", radius: 5 }, x: 9, y: 8, viewer: "tiktok:ana" })!;
  const [here, gone] = [spawn(), spawn()];
  gone.wear.set("crown", 1);
  world.setVelocity(gone, -0, 3);
  world.remove(gone);
  const crowd = createCrowd(() => true);
  const ana = crowd.meet(aViewer("ana"), 1);
  const bo = crowd.meet(aViewer("bo"), 1);
  crowd.remove(bo.key);
  const outside: Outside = { entity: (id) => world.entities.get(id), member: (key) => crowd.get(key) };

  test("is referred to: bodies by id, viewers by key", () => {
    const back = throughText({ here, list: [here, ana] }, outside) as { here: unknown; list: unknown[] };
    expect(back.here).toBe(here);
    expect(back.list[0]).toBe(here);
    expect(back.list[1]).toBe(ana);
  });

  test("and was removed comes back as what it was, once, and not alive", () => {
    const back = throughText([gone, gone, bo], outside) as (typeof gone)[];
    const { id, kind, x, y, vx, vy, mass, radius, wear, shape, viewer, alive } = gone;
    expect(back[0]).toBe(back[1]);
    expect(isEntity(back[0])).toBe(true);
    expect(back[0]).toMatchObject({ id, kind, x, y, vx, vy, mass, radius, shape, viewer, alive: false });
    expect(alive).toBe(false);
    expect(back[0]!.wear).toEqual(wear);
    expect(back[2]).toEqual(bo);
    // And so again, when the show that was resumed is saved.
    expect(packData(back, outside)).toEqual(packData([gone, gone, bo], outside));
  });

  test("must be there", () => {
    const packed = packData([here], outside);
    expect(() => unpackData(packed, nothing)).toThrow("the saved game refers to body 1, which is not there");
  });
});

class Arena {
  bar = 1;
}
const deep = (value: unknown) => ({ players: new Map([["tiktok:ana", { powers: [1, value] }]]) });
test.each([
  ["a function", { arena: { bar: () => 1 } }, "game data at .arena.bar is a function; a game keeps plain data only"],
  ["a class", deep(new Arena()), 'game data at .players["tiktok:ana"].powers[1] is of the class Arena'],
  ["a symbol", [Symbol("x")], "game data at [0] is a symbol"],
  ["a field named by a symbol", { a: { [Symbol("x")]: 1 } }, "game data at .a is an object with a symbol"],
  ["a big number", 1n, "game data is a bigint"],
  ["a date", new Set([new Date(0)]), "game data at .item is of the class Date"],
  ["a list with gaps", { list: Array(2) }, "game data at .list is a list with gaps"],
  [
    "a field that is computed",
    {
      get now() {
        return 1;
      },
    },
    "game data at .now is computed when it is read",
  ],
])("%s is refused", (_, value, message) => {
  expect(() => packData(value, nothing)).toThrow(message);
});

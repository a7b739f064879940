/** Name tags: who gets one, and that none covers a face, another tag or the edge. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  chooseNames,
  maxNames,
  type NameClaim,
  placeTags,
  type TagBody,
  type TagWish,
} from "../../../client/stage/kit/place.ts";

const bounds = { x: 40, y: 220, width: 890, height: 1280 };
const aWish = (id: number, x: number, y: number, more: Partial<TagWish> = {}): TagWish => ({
  id,
  x,
  y,
  radius: 46,
  width: 140,
  height: 46,
  ...more,
});
const aClaim = (id: number, more: Partial<NameClaim> = {}): NameClaim => ({
  id,
  leader: false,
  rank: -1,
  idleSeconds: 300,
  bot: false,
  shown: false,
  ...more,
});

test("a lone body has its name below", () => {
  const wish = aWish(1, 480, 900);
  expect(placeTags([wish], [wish], bounds)).toEqual([{ id: 1, side: "below", x: 480, y: 977 }]);
});

test("a face below sends the name above, one on every side sends it away", () => {
  const wish = aWish(1, 480, 900);
  const face = (id: number, x: number, y: number): TagBody => ({ id, x, y, radius: 46 });
  expect(placeTags([wish], [wish, face(2, 480, 1000)], bounds)[0]?.side).toBe("above");
  const around = [face(2, 480, 1000), face(3, 480, 800), face(4, 600, 900), face(5, 360, 900)];
  expect(placeTags([wish], [wish, ...around], bounds)).toEqual([]);
});

test("where all four sides are taken a slanting one may be free", () => {
  const wish = aWish(1, 480, 900);
  const face = (id: number, x: number, y: number): TagBody => ({ id, x, y, radius: 30 });
  const around = [face(2, 420, 985), face(3, 480, 820), face(4, 580, 890), face(5, 360, 890)];
  expect(placeTags([wish], [wish, ...around], bounds)[0]?.side).toBe("belowRight");
});

test("who has no place leaves it to who is worth less, and never more than twelve have one", () => {
  const spots = Array.from({ length: 40 }, (_, id) => aWish(id, 300 + (id % 4) * 400, 300 + Math.floor(id / 4) * 300));
  const blocked = spots.slice(0, 4).flatMap(({ x, y }, index) => {
    const face = (dx: number, dy: number, of: number) => ({
      id: 100 + index * 8 + of,
      x: x + dx,
      y: y + dy,
      radius: 46,
    });
    return [face(0, 90, 1), face(0, -90, 2), face(105, 0, 3), face(-105, 0, 4)];
  });
  const placed = placeTags(spots, [...spots, ...blocked], { x: 0, y: 0, width: 2000, height: 4000 });
  expect(placed).toHaveLength(maxNames);
  expect(placed.every(({ id }) => id >= 4)).toBe(true);
});

test("a face that is about to be there counts too", () => {
  const wish = aWish(1, 480, 900);
  const coming = { id: 2, x: 480, y: 1100, radius: 46, vx: 0, vy: -8 };
  expect(placeTags([wish], [wish, { ...coming, vy: 0 }], bounds)[0]?.side).toBe("below");
  expect(placeTags([wish], [wish, coming], bounds)[0]?.side).toBe("above");
});

test("a tag stays on its side while that is free", () => {
  const wish = aWish(1, 480, 900, { side: "right" });
  expect(placeTags([wish], [wish], bounds)[0]?.side).toBe("right");
});

test("in any crowd no tag covers a face or another tag, and none leaves the safe zone", () => {
  const bodies = fc.array(fc.record({ x: fc.integer({ min: 60, max: 910 }), y: fc.integer({ min: 580, max: 1440 }) }), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(bodies, (spots) => {
      const wishes = spots.map(({ x, y }, id) => aWish(id, x, y, { width: 80 + (id % 5) * 40 }));
      const places = placeTags(wishes.slice(0, maxNames), wishes, bounds);
      for (const { id, x, y } of places) {
        const [w, h] = [wishes[id]!.width / 2, wishes[id]!.height / 2];
        expect(x - w >= 40 && x + w <= 930 && y - h >= 220 && y + h <= 1500).toBe(true);
        for (const body of wishes) {
          const dx = Math.max(0, Math.abs(body.x - x) - w);
          const dy = Math.max(0, Math.abs(body.y - y) - h);
          expect(Math.hypot(dx, dy)).toBeGreaterThanOrEqual(body.radius * 0.79);
        }
        for (const other of places) {
          if (other.id === id) continue;
          const apart = Math.abs(other.x - x) >= wishes[other.id]!.width / 2 + w || Math.abs(other.y - y) >= h * 2;
          expect(apart).toBe(true);
        }
      }
    }),
  );
});

test("at most twelve names: the leader, who just acted, the board's first, bots last", () => {
  const claims = [
    ...Array.from({ length: 30 }, (_, i) => aClaim(i + 10)),
    aClaim(1, { leader: true }),
    aClaim(2, { idleSeconds: 1 }),
    aClaim(3, { rank: 0 }),
    aClaim(4, { bot: true, idleSeconds: 0 }),
    aClaim(5, { bot: true }),
  ];
  const chosen = chooseNames(claims);
  expect(chosen).toHaveLength(maxNames);
  expect(chosen.slice(0, 4)).toEqual([1, 2, 4, 3]);
  expect(chosen).not.toContain(5);
});

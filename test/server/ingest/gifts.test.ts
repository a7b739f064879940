/** Gift counting: protocols 10.2 as a table of cases, and its invariant for any order, duplication and loss. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  closeAll,
  closeIdle,
  countGift,
  createGifts,
  type GiftFrame,
  maxStreaks,
  streakForgetMs,
  streakIdleMs,
} from "../../../server/ingest/gifts.ts";
import { maxGiftCount } from "../../../shared/events/live-event.ts";
import { aFrame, scene } from "./gift-frames.ts";

/** Counts frames given as [ms, total, end?]; gives what each added and which closed the combo. */
function run(frames: readonly (readonly [number, number, boolean?])[], changes: Partial<GiftFrame> = {}) {
  const gifts = createGifts<string>();
  const counts: number[] = [];
  let closed = 0;
  for (const [ms, total, end = false] of frames) {
    const outcome = countGift(gifts, aFrame({ total, end, ...changes }), "x", ms);
    counts.push(outcome.count);
    if (outcome.closed) closed++;
  }
  return { counts, closed, gifts };
}

describe("a combo with a group", () => {
  it.each([
    {
      name: "running totals and the end",
      frames: [
        [0, 1],
        [500, 3],
        [900, 7],
        [4000, 7, true],
      ],
      counts: [1, 2, 4, 0],
      closed: 1,
    },
    {
      name: "reordered",
      frames: [
        [0, 3],
        [1, 7],
        [2, 7, true],
        [3, 1],
      ],
      counts: [3, 4, 0, 0],
      closed: 1,
    },
    { name: "only the end seen", frames: [[0, 5, true]], counts: [5], closed: 1 },
    {
      name: "the end twice",
      frames: [
        [0, 2],
        [1, 2, true],
        [2, 2, true],
      ],
      counts: [2, 0, 0],
      closed: 1,
    },
    {
      name: "a larger total after the end",
      frames: [
        [0, 2, true],
        [9, 5],
      ],
      counts: [2, 3],
      closed: 1,
    },
  ] as const)("$name", ({ frames, counts, closed }) => {
    const result = run(frames);
    expect(result.counts).toEqual(counts);
    expect(result.closed).toBe(closed);
  });

  it("adds only what is missing when the end comes after an inferred one", () => {
    const { gifts } = run([[0, 7]]);
    expect(closeIdle(gifts, streakIdleMs)).toHaveLength(0);
    expect(closeIdle(gifts, streakIdleMs + 1).map((streak) => streak.max)).toEqual([7]);
    const late = countGift(gifts, aFrame({ total: 9, end: true }), "x", 30_000);
    expect(late).toMatchObject({ count: 2, streakTotal: 9, closed: false });
    expect(closeIdle(gifts, 60_000)).toHaveLength(0);
  });

  it("is remembered for ten silent minutes and then forgotten", () => {
    const { gifts } = run([[0, 5, true]]);
    closeIdle(gifts, streakForgetMs - 1);
    expect(gifts.streaks.size).toBe(1);
    closeIdle(gifts, streakForgetMs);
    expect(gifts.streaks.size).toBe(0);
  });

  it("keeps viewers, gifts and groups apart, also when ids hold the separator", () => {
    const gifts = createGifts<string>();
    const frames = [
      { viewerId: "1", giftId: "9001" },
      { viewerId: "2", giftId: "9001" },
      { viewerId: "1", giftId: "9002" },
      { viewerId: "1|9001", giftId: "x" },
      { viewerId: "1", giftId: "9001|x" },
      { viewerId: "1%7C9001", giftId: "x" },
    ];
    const counts = frames.map((frame) => countGift(gifts, aFrame({ ...frame, total: 4 }), "x", 0).count);
    expect(counts).toEqual(frames.map(() => 4));
  });
});

describe("a combo without a group", () => {
  it.each([
    {
      name: "two combos back to back",
      frames: [
        [0, 5],
        [100, 5, true],
        [400, 1],
        [700, 2, true],
      ],
      total: 7,
    },
    {
      name: "the end repeated within ten seconds",
      frames: [
        [0, 5, true],
        [9000, 5, true],
      ],
      total: 5,
    },
    {
      name: "the same combo again after more than ten",
      frames: [
        [0, 5, true],
        [10_001, 5, true],
      ],
      total: 10,
    },
    {
      name: "a straggler just after the end",
      frames: [
        [0, 3],
        [100, 3, true],
        [300, 2],
      ],
      total: 3,
    },
    {
      name: "a lost end and the counter restarted",
      frames: [
        [0, 5],
        [4000, 2],
      ],
      total: 7,
    },
    {
      name: "a smaller total in between is only late",
      frames: [
        [0, 5],
        [2000, 2],
        [2500, 6],
      ],
      total: 6,
    },
  ] as const)("$name", ({ frames, total }) => {
    for (const groupId of ["", "0"]) {
      const { counts } = run(frames, { groupId });
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total);
    }
  });

  it("gives the next combo another name", () => {
    const gifts = createGifts<string>();
    const first = countGift(gifts, aFrame({ groupId: "", total: 2, end: true }), "x", 0);
    const second = countGift(gifts, aFrame({ groupId: "", total: 1 }), "x", 5000);
    expect(second.count).toBe(1);
    expect(second.streakKey).not.toBe(first.streakKey);
  });
});

describe("gifts without a group of which nobody says whether they are combos", () => {
  it.each<[string, readonly (readonly [number, number, boolean?])[], number[]]>([
    [
      "counts the same total apart as another gift",
      [
        [0, 1],
        [5000, 1],
        [8001, 1],
      ],
      [1, 1, 1],
    ],
    [
      "takes the same total at once for the same gift",
      [
        [0, 1],
        [3000, 1],
      ],
      [1, 0],
    ],
    [
      "keeps combos, with pauses and a late end",
      [
        [0, 1],
        [4000, 3],
        [9000, 7],
        [14_000, 7, true],
        [15_000, 7, true],
      ],
      [1, 2, 4, 0, 0],
    ],
    [
      "takes a smaller total apart for the next, as in any combo",
      [
        [0, 5],
        [4000, 2],
        [4500, 2],
      ],
      [5, 2, 0],
    ],
  ])("%s", (_name, frames, counts) => {
    expect(run(frames, { groupId: "", streakable: "unknown" }).counts).toEqual(counts);
  });

  it("goes by the dates where there are any: what is sent again is old, what was held up is not", () => {
    const gifts = createGifts<string>();
    const count = (sentAtMs: number, nowMs: number) =>
      countGift(gifts, aFrame({ groupId: "", streakable: "unknown", sentAtMs }), "x", nowMs).count;
    expect([count(1000, 0), count(1000, 9000), count(6000, 9001), count(1000, 14_000)]).toEqual([1, 0, 1, 0]);
  });

  it("leaves known combos and those with a group as they are", () => {
    const frames = [
      [0, 1],
      [5000, 1],
    ] as const;
    expect(run(frames, { groupId: "" }).counts).toEqual([1, 0]);
    expect(run(frames, { groupId: "g", streakable: "unknown" }).counts).toEqual([1, 0]);
  });
});

describe("single gifts and nonsense", () => {
  it("counts a gift that is no combo at once, every time, whatever its end flag", () => {
    expect(
      run(
        [
          [0, 1],
          [10, 1],
          [20, 2, true],
        ],
        { streakable: false },
      ),
    ).toMatchObject({ counts: [1, 1, 2], closed: 0 });
  });

  it.each([
    [Number.NaN, 1],
    [-5, 1],
    [0, 1],
    [2.9, 2],
    [1e9, maxGiftCount],
    [Number.POSITIVE_INFINITY, maxGiftCount],
  ])("clamps a total of %s to %s and flags it", (total, expected) => {
    for (const streakable of [true, false]) {
      const { counts, gifts } = run([[0, total]], { streakable });
      expect(counts).toEqual([expected]);
      expect(gifts.counters.clamped).toBe(1);
    }
  });

  it("never holds more combos than allowed; the one idle longest goes and is counted", () => {
    const gifts = createGifts<number>();
    for (let i = 0; i < maxStreaks + 3; i++) countGift(gifts, aFrame({ groupId: `g${i}` }), i, i);
    expect(gifts.streaks.size).toBe(maxStreaks);
    expect(gifts.open.size).toBe(maxStreaks);
    expect(gifts.counters.evicted).toBe(3);
    expect(closeAll(gifts)).toHaveLength(maxStreaks);
    expect(gifts.open.size).toBe(0);
  });
});

describe("for any order, duplication and loss but of the largest total", () => {
  it("the sum of what frames add is the largest total of each combo, and each closes at most once", () => {
    fc.assert(
      fc.property(scene, ({ combos, frames, gapsMs }) => {
        const gifts = createGifts<string>();
        const sums = new Map<string, number>();
        const ends = new Map<string, number>();
        let nowMs = 0;
        frames.forEach((frame, i) => {
          nowMs += gapsMs[i % gapsMs.length]!;
          for (const streak of closeIdle(gifts, nowMs))
            ends.set(streak.streakKey, (ends.get(streak.streakKey) ?? 0) + 1);
          const outcome = countGift(gifts, frame, "x", nowMs);
          sums.set(outcome.streakKey, (sums.get(outcome.streakKey) ?? 0) + outcome.count);
          if (outcome.closed) ends.set(outcome.streakKey, (ends.get(outcome.streakKey) ?? 0) + 1);
          expect(outcome.count).toBeGreaterThanOrEqual(0);
        });
        expect(sums.size).toBe(combos.length);
        const wanted = combos.map((c) => Math.max(...c.totals)).sort((a, b) => a - b);
        expect([...sums.values()].sort((a, b) => a - b)).toEqual(wanted);
        for (const times of ends.values()) expect(times).toBe(1);
      }),
      { numRuns: 400 },
    );
  });
});

describe("frames that an earlier run has taken", () => {
  it("set how far their combo is; only what is new counts, and only such a combo's end is told", () => {
    const gifts = createGifts<string>();
    const count = (total: number, takenBefore: boolean, groupId: string, end: boolean = false) =>
      countGift(gifts, aFrame({ total, takenBefore, groupId, end }), "x", 0);
    expect(count(5, true, "a")).toMatchObject({ count: 5, streakTotal: 5 });
    expect(count(7, false, "a")).toMatchObject({ count: 2, streakTotal: 7 });
    expect(count(7, false, "a", true)).toMatchObject({ count: 0, closed: true });
    expect(count(5, true, "b")).toMatchObject({ count: 5 });
    expect(count(5, false, "b", true)).toMatchObject({ count: 0, closed: false });
    count(5, true, "c");
    expect(closeAll(gifts)).toEqual([]);
    expect(gifts.open.size).toBe(0);
    expect(gifts.counters).toMatchObject({ units: 2, inferredEnds: 0 });
  });
});

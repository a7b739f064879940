/** Gift counting: protocols 10.2 as a table of cases, and its invariant for any order, duplication and loss. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CarriedCombo,
  carryOn,
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

function aFrame(changes: Partial<GiftFrame> = {}): GiftFrame {
  return { viewerId: "1", giftId: "9001", groupId: "g", streakable: true, total: 1, end: false, ...changes };
}

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

const combo = fc.record({
  viewerId: fc.constantFrom("1", "2", "3"),
  giftId: fc.constantFrom("9001", "9002"),
  groupId: fc.constantFrom("a", "b", "c", "1800000000200"),
  totals: fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 12 }),
  ended: fc.boolean(),
});
const scene = fc
  .uniqueArray(combo, { selector: (c) => `${c.viewerId} ${c.giftId} ${c.groupId}`, minLength: 1, maxLength: 8 })
  .chain((combos) => {
    const frames = combos.flatMap((c) => {
      const max = Math.max(...c.totals);
      const sent = c.totals.map((total) => aFrame({ ...c, total }));
      return c.ended ? [...sent, aFrame({ ...c, total: max, end: true })] : sent;
    });
    const isLargest = (frame: GiftFrame) =>
      combos.some((c) => sameCombo(c, frame) && frame.total === Math.max(...c.totals));
    const noise = frames.filter((frame) => !isLargest(frame));
    // Everything may come twice and in any order; whatever is not the largest total may be lost.
    const delivered = fc.tuple(fc.subarray(noise), fc.subarray(frames)).chain(([survivors, twice]) => {
      const all = [...frames.filter(isLargest), ...survivors, ...twice];
      return fc.shuffledSubarray(all, { minLength: all.length });
    });
    // Gaps let combos end by silence, but not be forgotten: that takes ten minutes.
    const gapsMs = fc.array(fc.integer({ min: 0, max: 2500 }), { minLength: 1, maxLength: 20 });
    return fc.record({ combos: fc.constant(combos), frames: delivered, gapsMs });
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

function sameCombo(a: Pick<GiftFrame, "viewerId" | "giftId" | "groupId">, b: GiftFrame): boolean {
  return a.viewerId === b.viewerId && a.giftId === b.giftId && a.groupId === b.groupId;
}

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

describe("combos of an earlier run", () => {
  const heardAtMs = 1_800_000_000_000;
  const startMs = heardAtMs + 5000;
  const platformMs = 1_700_000_000_000;

  function aCombo(changes: Partial<CarriedCombo> = {}): CarriedCombo {
    return { streakKey: "1|9001|gg", total: 7, roomId: "room", heardAtMs, sentAtMs: platformMs, ...changes };
  }
  const unnamed = (changes: Partial<CarriedCombo> = {}) =>
    aCombo({ streakKey: `1|9001|open:${heardAtMs - 900}`, ...changes });

  /** Goes on with combos at `startMs`; `hear` gives what frames add, sent after all that was counted unless `changes` say otherwise. */
  function goOn(combos: readonly CarriedCombo[], atMs: number = startMs) {
    const gifts = createGifts<string>();
    carryOn(gifts, combos, atMs);
    const hear = (afterMs: number, changes: Partial<GiftFrame>) => {
      expect(closeIdle(gifts, heardAtMs + afterMs)).toEqual([]);
      const frame = aFrame({ roomId: "room", sentAtMs: platformMs + 1, ...changes });
      return countGift(gifts, frame, "x", heardAtMs + afterMs);
    };
    return { gifts, hear };
  }

  it("add only what is beyond their total, and their end is told once", () => {
    const { gifts, hear } = goOn([aCombo()]);
    expect(hear(5000, { total: 3 })).toMatchObject({ count: 0, streakTotal: 7 });
    expect(hear(5000, { total: 7 })).toMatchObject({ count: 0, closed: false });
    expect(hear(6000, { total: 9 })).toMatchObject({ count: 2, streakTotal: 9, streakKey: "1|9001|gg" });
    expect(hear(7000, { total: 9, end: true })).toMatchObject({ count: 0, closed: true });
    expect(hear(7001, { total: 9, end: true })).toMatchObject({ count: 0, closed: false });
    expect(gifts.counters.units).toBe(2);
  });

  it("tell no end of which nothing is new, be it heard or inferred", () => {
    const { gifts, hear } = goOn([aCombo(), aCombo({ streakKey: "2|9001|gg" })]);
    expect(hear(5000, { total: 7, end: true })).toMatchObject({ count: 0, closed: false });
    expect(gifts.open.size).toBe(1);
    expect(closeIdle(gifts, heardAtMs + streakIdleMs + 1)).toEqual([]);
    expect(gifts.open.size).toBe(0);
    expect(closeAll(gifts)).toEqual([]);
    expect(gifts.counters.inferredEnds).toBe(0);
  });

  it("are remembered for ten silent minutes from when they were last heard, oldest first, at most as many as any", () => {
    const many = Array.from({ length: maxStreaks + 1 }, (_, i) =>
      aCombo({ streakKey: `${i}|9001|gg`, heardAtMs: heardAtMs - i }),
    );
    const { gifts } = goOn(many);
    expect(gifts.streaks.size).toBe(maxStreaks);
    expect(gifts.streaks.has(`${maxStreaks}|9001|gg`)).toBe(false);
    closeIdle(gifts, heardAtMs - 1 + streakForgetMs);
    expect([...gifts.streaks.keys()]).toEqual(["0|9001|gg"]);
    expect(goOn([aCombo()], heardAtMs + streakForgetMs).gifts.streaks.size).toBe(0);
  });

  it.each([
    ["the same", "room", "room", 2],
    ["another", "room", "next", 9],
    ["unknown before", "", "next", 2],
    ["unknown now", "room", "", 2],
  ])("in a room that is %s", (_, before, now, count) => {
    for (const combo of [aCombo({ roomId: before }), unnamed({ roomId: before })]) {
      const groupId = combo.streakKey.includes("open") ? "" : "g";
      expect(goOn([combo]).hear(5000, { groupId, roomId: now, total: 9 }).count).toBe(count);
    }
  });

  it.each([
    { name: "goes on", frames: [[5000, 9]], added: [2] },
    { name: "has its end repeated", frames: [[5000, 7, true]], added: [0] },
    { name: "has its end repeated minutes later", frames: [[240_000, 7, true]], added: [0] },
    {
      name: "is followed by one of the same size after its end",
      frames: [
        [5000, 7, true],
        [7000, 7],
      ],
      added: [0, 7],
    },
    { name: "is followed by a smaller one", frames: [[5000, 2]], added: [2] },
    { name: "has a straggler", frames: [[2500, 2]], added: [0] },
    { name: "is followed by a like one after it fell silent", frames: [[streakIdleMs + 1, 7]], added: [7] },
    { name: "is followed by a larger one after it fell silent", frames: [[streakIdleMs + 1, 9]], added: [9] },
  ] as { name: string; frames: [number, number, boolean?][]; added: number[] }[])(
    "one without a group $name",
    (row) => {
      for (const groupId of ["", "0"]) {
        const { hear } = goOn([unnamed()], heardAtMs + 1000);
        expect(row.frames.map(([ms, total, end = false]) => hear(ms, { groupId, total, end }).count)).toEqual(
          row.added,
        );
      }
    },
  );

  it("of those without a group the last one goes on", () => {
    const earlier = unnamed({ streakKey: "1|9001|open:5", total: 50, heardAtMs: heardAtMs - 3000 });
    expect(goOn([unnamed(), earlier]).hear(5000, { groupId: "", total: 9 })).toMatchObject({
      count: 2,
      streakKey: unnamed().streakKey,
    });
  });

  it("without a group add nothing by frames that are dated before, or were taken by id", () => {
    const { hear } = goOn([unnamed()]);
    const old = [1, 3, 7].map((total, i) => ({ groupId: "", total, sentAtMs: platformMs - 2 + i }));
    for (const frame of old) expect(hear(5000, frame).count).toBe(0);
    for (const frame of old) expect(hear(5000, { ...frame, sentAtMs: 0, takenBefore: true }).count).toBe(0);
    expect(hear(5000, { groupId: "", total: 9 })).toMatchObject({ count: 2 });
    // Also once the next combo has begun.
    expect(hear(9000, { groupId: "", total: 1 })).toMatchObject({ count: 1 });
    for (const frame of old) expect(hear(9000, frame).count).toBe(0);
    for (const frame of old) expect(hear(9000, { ...frame, sentAtMs: 0, takenBefore: true }).count).toBe(0);
    expect(hear(9000, { groupId: "", total: 2 })).toMatchObject({ count: 1 });
  });

  it("heard by a clock that is set back since are not held against later gifts", () => {
    const { gifts, hear } = goOn([unnamed(), aCombo({ streakKey: "2|9001|gg" })], heardAtMs - 3_600_000);
    expect(hear(-3_599_000, { groupId: "", total: 9, sentAtMs: platformMs - 3_599_000 }).count).toBe(2);
    closeIdle(gifts, heardAtMs - 3_599_000 + streakForgetMs);
    expect(gifts.streaks.size).toBe(0);
  });

  it("however the show is cut in two, and whatever is sent again, each combo adds up to its largest total", () => {
    fc.assert(
      fc.property(scene, fc.nat(), fc.boolean(), ({ combos, frames, gapsMs }, cut, sendsAllAgain) => {
        const sums = new Map<string, number>();
        const kept = new Map<string, CarriedCombo>();
        let nowMs = 0;
        const count = (gifts: ReturnType<typeof createGifts<string>>, all: readonly GiftFrame[]) =>
          all.forEach((frame, i) => {
            nowMs += gapsMs[i % gapsMs.length]!;
            const { count: added, streakKey, streakTotal } = countGift(gifts, frame, "x", nowMs);
            sums.set(streakKey, (sums.get(streakKey) ?? 0) + added);
            if (added === 0) return;
            kept.set(streakKey, { streakKey, total: streakTotal, roomId: "", heardAtMs: nowMs, sentAtMs: 0 });
          });
        const at = cut % (frames.length + 1);
        count(createGifts<string>(), frames.slice(0, at));
        const second = createGifts<string>();
        carryOn(second, [...kept.values()], nowMs);
        count(second, frames.slice(sendsAllAgain ? 0 : at));
        const wanted = combos.map((c) => Math.max(...c.totals)).sort((a, b) => a - b);
        expect([...sums.values()].sort((a, b) => a - b)).toEqual(wanted);
      }),
      { numRuns: 200 },
    );
  });
});

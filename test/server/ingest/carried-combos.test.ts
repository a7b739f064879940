/** Combos that an earlier run of the program has counted: they go on where it stopped, told apart from new ones by name or by time. */
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
import { aFrame, scene } from "./gift-frames.ts";

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

/** Frames of combos for the tests of counting: one by hand, and whole scenes of any order, duplication and loss. */
import fc from "fast-check";
import type { GiftFrame } from "../../../server/ingest/gifts.ts";

/** The first step of a viewer's combo; `changes` say what matters to the test. */
export function aFrame(changes: Partial<GiftFrame> = {}): GiftFrame {
  return { viewerId: "1", giftId: "9001", groupId: "g", streakable: true, total: 1, end: false, ...changes };
}

const combo = fc.record({
  viewerId: fc.constantFrom("1", "2", "3"),
  giftId: fc.constantFrom("9001", "9002"),
  groupId: fc.constantFrom("a", "b", "c", "1800000000200"),
  totals: fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 12 }),
  ended: fc.boolean(),
});
/** Combos of a broadcast, their frames as they are delivered, and the pauses between those, ms. No largest total is lost. */
export const scene = fc
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

function sameCombo(a: Pick<GiftFrame, "viewerId" | "giftId" | "groupId">, b: GiftFrame): boolean {
  return a.viewerId === b.viewerId && a.giftId === b.giftId && a.groupId === b.groupId;
}

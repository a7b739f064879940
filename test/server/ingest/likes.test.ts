/** Like counting: protocols 10.3 as cases, and its invariant for any order and loss. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countLikes, createLikes, likesReconnected, maxGapLikes } from "../../../server/ingest/likes.ts";
import { maxGiftCount } from "../../../shared/events/live-event.ts";

/** What the room grows by with each [batch, total]. */
function deltas(messages: readonly (readonly [number, number])[]): number[] {
  const likes = createLikes();
  return messages.map(([count, total]) => countLikes(likes, count, total).roomDelta);
}

describe("likes", () => {
  it.each([
    { name: "the first total is the baseline", messages: [[5, 900]], grown: [0] },
    {
      name: "growth is the total's, not the batch's",
      messages: [
        [5, 900],
        [3, 5900],
      ],
      grown: [0, 5000],
    },
    {
      name: "a falling total adds nothing and does not move the mark",
      messages: [
        [1, 900],
        [1, 850],
        [1, 903],
      ],
      grown: [0, 0, 3],
    },
    {
      name: "without totals the batches stand in",
      messages: [
        [4, 0],
        [7, 0],
      ],
      grown: [4, 7],
    },
    {
      name: "a batch that stood in is not added again by the next total",
      messages: [
        [1, 100],
        [9, 0],
        [2, 111],
      ],
      grown: [0, 9, 2],
    },
    {
      name: "a total gone mad is not believed",
      messages: [
        [1, 100],
        [2, 9e14],
        [3, 105],
      ],
      grown: [0, 2, 3],
    },
    {
      name: "a huge but possible jump is clamped",
      messages: [
        [1, 100],
        [2, 500_100],
      ],
      grown: [0, maxGiftCount],
    },
  ] as const)("$name", ({ messages, grown }) => expect(deltas(messages)).toEqual(grown));

  it("takes over what was missed between two connections, up to a limit, once", () => {
    const likes = createLikes();
    countLikes(likes, 1, 1000);
    likesReconnected(likes);
    expect(countLikes(likes, 2, 1300).roomDelta).toBe(300);
    likesReconnected(likes);
    expect(countLikes(likes, 2, 91_300).roomDelta).toBe(maxGapLikes);
    expect(countLikes(likes, 2, 91_302).roomDelta).toBe(2);
  });

  it.each([
    [Number.NaN, 0],
    [-3, 0],
    [2.5, 2],
    [1e9, maxGiftCount],
  ])("clamps a batch of %s to %s and flags it", (count, expected) => {
    const likes = createLikes();
    expect(countLikes(likes, count, 0).count).toBe(expected);
    expect(likes.counters.clamped).toBe(1);
  });

  it("for any order, duplication and loss: growth adds up to the largest total minus the first", () => {
    const totals = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(totals, (seen) => {
        const sum = deltas(seen.map((total) => [1, total])).reduce((a, b) => a + b, 0);
        expect(sum).toBe(Math.max(...seen) - seen[0]!);
      }),
    );
  });

  it("with totals missing at random nothing is counted twice and nothing is lost", () => {
    const batches = fc.array(fc.record({ count: fc.integer({ min: 0, max: 15 }), told: fc.boolean() }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(batches, (sent) => {
        let total = 1000;
        const messages = sent.map(({ count, told }) => {
          total += count;
          return [count, told ? total : 0] as const;
        });
        const sum = deltas([[0, 1000], ...messages]).reduce((a, b) => a + b, 0);
        expect(sum).toBe(total - 1000);
      }),
    );
  });
});

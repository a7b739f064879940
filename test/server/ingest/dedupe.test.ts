/** De-duplication: ids, once-only acts, and made-up ids that never merge two messages. */
import { describe, expect, it } from "vitest";
import {
  createDedupe,
  isRepeat,
  isRepeatedFollow,
  isRepeatedShare,
  isRepeatedSubscribe,
  markSeen,
  maxSeen,
  minSeen,
  seenForMs,
  shareEveryMs,
  weakId,
} from "../../../server/ingest/dedupe.ts";

describe("message ids", () => {
  it("knows an id again, but never the empty one", () => {
    const dedupe = createDedupe();
    for (const id of ["a", ""]) markSeen(dedupe, id, 0);
    expect(isRepeat(dedupe, "a", 1)).toBe(true);
    expect(isRepeat(dedupe, "b", 1)).toBe(false);
    expect(isRepeat(dedupe, "", 1)).toBe(false);
    expect(dedupe.counters.sameId).toBe(1);
  });

  it("does not let 50 000 newer messages push one out within half an hour", () => {
    const dedupe = createDedupe();
    for (let i = 0; i < 50_000; i++) markSeen(dedupe, `m${i}`, i);
    expect(isRepeat(dedupe, "m0", 50_000)).toBe(true);
    expect(dedupe.counters.forgottenEarly).toBe(0);
  });

  it("keeps the last ten thousand however old, and forgets older ones after half an hour", () => {
    const dedupe = createDedupe();
    for (let i = 0; i < minSeen + 500; i++) markSeen(dedupe, `m${i}`, 0);
    markSeen(dedupe, "late", seenForMs + 1);
    expect(dedupe.seen.size).toBe(minSeen);
    expect(isRepeat(dedupe, "m0", seenForMs + 1)).toBe(false);
    expect(isRepeat(dedupe, `m${minSeen + 499}`, seenForMs + 1)).toBe(true);
  });

  it("is bounded in a flood, and counts what it had to forget early", () => {
    const dedupe = createDedupe();
    for (let i = 0; i < maxSeen + 7; i++) markSeen(dedupe, `m${i}`, 0);
    expect(dedupe.seen.size).toBe(maxSeen);
    expect(dedupe.counters.forgottenEarly).toBe(7);
  });
});

describe("once-only acts", () => {
  it("counts a follow once per viewer, a share once per half minute, a subscription once per viewer and tier", () => {
    const dedupe = createDedupe();
    expect([0, 1, 9e6].map((ms) => isRepeatedFollow(dedupe, "1", ms))).toEqual([false, true, true]);
    expect(isRepeatedFollow(dedupe, "2", 0)).toBe(false);
    expect([0, shareEveryMs - 1, shareEveryMs].map((ms) => isRepeatedShare(dedupe, "1", ms))).toEqual([
      false,
      true,
      false,
    ]);
    expect(isRepeatedSubscribe(dedupe, "1", "", 0)).toBe(false);
    expect(isRepeatedSubscribe(dedupe, "1", "", 5)).toBe(true);
    expect(isRepeatedSubscribe(dedupe, "1", "3000", 5)).toBe(false);
    expect(dedupe.counters).toMatchObject({ follow: 2, share: 1, subscribe: 1 });
  });
});

describe("made-up ids", () => {
  it("differ for the same words said twice, and are the same for the same history", () => {
    const say = () => {
      const dedupe = createDedupe();
      return [weakId(dedupe, "chat 1 hi", 5000), weakId(dedupe, "chat 1 hi", 5400), weakId(dedupe, "chat 2 hi", 5000)];
    };
    expect(new Set(say()).size).toBe(3);
    expect(say()).toEqual(say());
  });
});

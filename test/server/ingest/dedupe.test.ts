/** De-duplication: ids, once-only acts, and made-up ids that never merge two messages. */
import { describe, expect, it } from "vitest";
import {
  busySeen,
  createDedupe,
  forgottenEarly,
  isRepeat,
  isRepeatedFollow,
  isRepeatedShare,
  isRepeatedSubscribe,
  markSeen,
  minSeen,
  seenForMs,
  shareEveryMs,
  subscribeWithinMs,
  weakId,
} from "../../../server/ingest/dedupe.ts";

describe("message ids", () => {
  it("knows an id again, but never the empty one", () => {
    const dedupe = createDedupe();
    for (const id of ["a", ""]) markSeen(dedupe, id, false, 0);
    expect(isRepeat(dedupe, "a", false, 1)).toBe(true);
    expect(isRepeat(dedupe, "b", false, 1)).toBe(false);
    expect(isRepeat(dedupe, "", false, 1)).toBe(false);
    expect(dedupe.counters.sameId).toBe(1);
  });

  it("does not let 50 000 newer messages push one out within half an hour", () => {
    const dedupe = createDedupe();
    for (let i = 0; i < 50_000; i++) markSeen(dedupe, `m${i}`, false, i);
    expect(isRepeat(dedupe, "m0", false, 50_000)).toBe(true);
    expect(forgottenEarly(dedupe)).toBe(0);
  });

  it("keeps the last ten thousand however old, and forgets older ones at the latest after an hour", () => {
    const dedupe = createDedupe();
    const say = (name: string, atMs: number) => {
      for (let i = 0; i < minSeen + 500; i++) markSeen(dedupe, `${name}${i}`, false, atMs);
    };
    say("a", 0);
    say("b", seenForMs + 1);
    expect(isRepeat(dedupe, "a1", false, seenForMs + 1)).toBe(true);
    say("c", 2 * seenForMs + 2);
    expect(isRepeat(dedupe, "a2", false, 2 * seenForMs + 2)).toBe(false);
    expect(isRepeat(dedupe, "b499", false, 2 * seenForMs + 2)).toBe(true);
    expect(forgottenEarly(dedupe)).toBe(0);
  });

  it("is bounded in a flood, and counts what it had to forget early", () => {
    const dedupe = createDedupe();
    for (let i = 0; i < 2 * busySeen + 7; i++) markSeen(dedupe, `m${i}`, false, 0);
    expect(dedupe.seen.free.size).toBeLessThanOrEqual(2 * busySeen);
    expect(isRepeat(dedupe, `m${busySeen + 7}`, false, 0)).toBe(true);
    expect(forgottenEarly(dedupe)).toBe(busySeen);
  });

  it("keeps those of paid events whatever else is told, and one that comes again is young again", () => {
    const dedupe = createDedupe();
    markSeen(dedupe, "gift", true, 0);
    markSeen(dedupe, "chat", false, 0);
    for (let i = 0; i < busySeen; i++) markSeen(dedupe, `m${i}`, false, 0);
    expect(isRepeat(dedupe, "chat", false, 0)).toBe(true);
    for (let i = 0; i < 2 * busySeen; i++) markSeen(dedupe, `n${i}`, false, 0);
    expect(isRepeat(dedupe, "gift", true, 0)).toBe(true);
    expect(isRepeat(dedupe, "chat", false, 0)).toBe(false);
  });
});

describe("long ids", () => {
  const longId = (end: string) => `${"x".repeat(1000)}${end}`;

  it("are known again and told apart", () => {
    const dedupe = createDedupe();
    for (let i = 0; i < 2000; i++) markSeen(dedupe, longId(`${i}`), false, 0);
    for (let i = 0; i < 2000; i++) expect(isRepeat(dedupe, longId(`${i}`), false, 1)).toBe(true);
    expect(isRepeat(dedupe, longId("2000"), false, 1)).toBe(false);
  });

  it("do not fill the memory", () => {
    const keys: string[] = [];
    const { seen, ...dedupe } = createDedupe();
    const set = (key: string) => keys.push(key);
    markSeen({ ...dedupe, seen: { ...seen, free: { ...seen.free, set } } }, longId("1"), false, 0);
    expect(keys[0]!.length).toBeLessThan(100);
  });
});

describe("once-only acts", () => {
  it("counts a follow once per viewer, a share once per half minute", () => {
    const dedupe = createDedupe();
    expect([0, 1, 9e6].map((ms) => isRepeatedFollow(dedupe, "1", ms))).toEqual([false, true, true]);
    expect(isRepeatedFollow(dedupe, "2", 0)).toBe(false);
    expect([0, shareEveryMs - 1, shareEveryMs].map((ms) => isRepeatedShare(dedupe, "1", ms))).toEqual([
      false,
      true,
      false,
    ]);
    expect(dedupe.counters).toMatchObject({ follow: 2, share: 1 });
  });

  it.each([
    { what: "announced twice", told: [0, 0], counts: 1 },
    { what: "announced with months, then without", told: [3, 0], counts: 1 },
    { what: "announced without months, then with", told: [0, 3], counts: 1 },
    { what: "announced three times", told: [0, 3, 0], counts: 1 },
    { what: "of other months", told: [3, 4], counts: 2 },
    { what: "of another tier", told: [0, 0], tiers: ["", "3000"], counts: 2 },
    { what: "of another viewer", told: [0, 0], viewers: ["1", "2"], counts: 2 },
    { what: "later", told: [0, 0], times: [0, subscribeWithinMs], counts: 2 },
    { what: "not much later", told: [0, 0], times: [0, subscribeWithinMs - 1], counts: 1 },
    { what: "with other months much later", told: [0, 3], times: [0, subscribeWithinMs], counts: 2 },
  ])("a subscription $what counts $counts times", ({ told, counts, tiers = [], viewers = [], times = [] }) => {
    const dedupe = createDedupe();
    const fresh = told.filter((months, i) => {
      const [tier, viewerId] = [tiers[i] ?? "", viewers[i] ?? "1"];
      return !isRepeatedSubscribe(dedupe, viewerId, { tier, months }, times[i] ?? i);
    });
    expect(fresh).toHaveLength(counts);
    expect(dedupe.counters.subscribe).toBe(told.length - counts);
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

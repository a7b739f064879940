/** Failover over any two lines that delay, rename, repeat, break, and tell combos in their own steps: every gift counts once. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aGift, aViewer } from "./builders.ts";
import { startPair, unitsIn } from "./pair.ts";

/** One sending, as it happened at the platform. */
interface Sending {
  atMs: number;
  viewer: number;
  /** Units of the combo, 0 for a single gift. */
  combo: number;
}
const sendings = fc.array(
  fc.record({ atMs: fc.integer({ min: 0, max: 60_000 }), viewer: fc.nat(3), combo: fc.nat(4) }),
  { minLength: 1, maxLength: 25 },
);
/** How a member delivers: its delays, when its line is dead, whether it names messages as the platform does. */
const member = fc.record({
  delaysMs: fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 8 }),
  deadFromMs: fc.integer({ min: 0, max: 60_000 }),
  deadForMs: fc.constantFrom(0, 0, 5000, 30_000),
  ids: fc.constantFrom("platform", "own", "none"),
});

/** All frames of all sendings, and what they add up to. */
function framesOf(all: readonly Sending[]) {
  return all.flatMap(({ atMs, viewer, combo }, nth) => {
    const common = { viewer: aViewer(String(viewer)) };
    if (combo === 0) {
      const gift = { id: "9002", name: "Lion", unitValue: 500, currency: "diamond" };
      return [{ atMs, name: `s${nth}`, event: aGift({ ...common, gift, streakable: false, groupId: "" }) }];
    }
    return Array.from({ length: combo }, (_, step) => ({
      atMs: atMs + step * 300,
      name: `c${nth}.${step}`,
      event: aGift({ ...common, groupId: `g${nth}`, total: step + 1, end: step === combo - 1 }),
    }));
  });
}

describe("any two lines", () => {
  it("of which one at least is always alive count every gift exactly once", () => {
    fc.assert(
      fc.property(sendings, member, member, (all, first, second) => {
        const { clock, tell, cut, back, pass, heard, ingest } = startPair();
        const startMs = clock.now();
        // Never both at once: the second is dead only while the first lives.
        const dead = [
          { from: first.deadFromMs, to: first.deadFromMs + first.deadForMs },
          {
            from: first.deadFromMs + first.deadForMs + 10_000,
            to: first.deadFromMs + first.deadForMs + 10_000 + second.deadForMs,
          },
        ];
        const frames = framesOf(all);
        const deliveries = frames.flatMap(({ atMs, name, event }, nth) =>
          [first, second].map(({ delaysMs, ids }, who) => ({
            who: who as 0 | 1,
            atMs: atMs + delaysMs[nth % delaysMs.length]!,
            happenedMs: startMs + atMs,
            event: { ...event, id: ids === "none" ? "" : ids === "own" ? `${who}${name}` : name },
          })),
        );
        // What reaches a dead line is delivered when it is back: the platform sends its last messages again.
        const turns: { atMs: number; run: () => void }[] = deliveries.map(({ who, atMs, happenedMs, event }) => {
          const { from, to } = dead[who]!;
          return { atMs: atMs >= from && atMs < to ? to + 5 : atMs, run: () => tell(who, event, happenedMs) };
        });
        for (const who of [0, 1] as const) {
          const { from, to } = dead[who]!;
          if (to > from) turns.push({ atMs: from, run: () => cut(who) }, { atMs: to, run: () => back(who) });
        }
        turns.sort((a, b) => a.atMs - b.atMs);
        for (const { atMs, run } of turns) {
          pass(Math.max(0, startMs + atMs - clock.now()));
          run();
        }
        pass(60_000);
        const truth = all.reduce((sum, { combo }) => sum + Math.max(1, combo), 0);
        expect(unitsIn(heard)).toBe(truth);
        expect(ingest.counters().failover.forgottenEarly).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it("count combos once, whether each names them or not, and in whatever steps each tells them", () => {
    const teller = fc.record({
      names: fc.boolean(),
      delayMs: fc.integer({ min: 0, max: 3000 }),
      /** Which steps before the last one it does not tell. */
      misses: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    });
    const totals = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(totals, teller, teller, (all, first, second) => {
        const { clock, tell, pass, heard } = startPair();
        const startMs = clock.now();
        const turns = all.flatMap((total, nth) =>
          [first, second].flatMap(({ names, delayMs, misses }, who) =>
            Array.from({ length: total }, (_, step) => ({ step, atMs: nth * 1000 + step * 400 }))
              .filter(({ step }) => step === total - 1 || !misses[step])
              .map(({ step, atMs }) => ({
                who: who as 0 | 1,
                atMs: atMs + delayMs,
                happenedMs: startMs + atMs,
                event: aGift({
                  ...{ viewer: aViewer(String(nth)), groupId: names ? `g${nth}` : "", total: step + 1 },
                  end: step === total - 1,
                }),
              })),
          ),
        );
        turns.sort((a, b) => a.atMs - b.atMs);
        for (const { who, atMs, happenedMs, event } of turns) {
          pass(Math.max(0, startMs + atMs - clock.now()));
          tell(who, event, happenedMs);
        }
        pass(60_000);
        expect(unitsIn(heard)).toBe(all.reduce((sum, total) => sum + total, 0));
        expect(heard.filter(({ type }) => type === "giftStreakEnd")).toHaveLength(all.length);
      }),
      { numRuns: 300 },
    );
  });
});

/** Conformance: what stands in the ledger, and what it tells. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ComboMark, Commit, LedgerRow, LedgerState } from "../../../server/store/store.ts";
import { aCommit, aGift, aReceived, aRecord, aShow } from "./a-gift.ts";
import { aBatch, type Given } from "./given.ts";

const states: readonly LedgerState[] = ["rejected", "banked", "applied"];

export function giftTests({ store }: Given): void {
  const record = (...gifts: Commit["gifts"]) => store().commit(aCommit({ gifts }));
  const rows = async () => (await store().ledger()).rows;

  test("a gift that is received has a row until any outcome is known", async () => {
    for (const state of states) {
      const id = `g-${state}`;
      const report = await store().commit(aCommit({ received: [aReceived({ id })] }));
      expect(report).toEqual({ written: 1, invalid: [], ofOtherShows: 0, superseded: 0 });
      expect((await rows()).at(-1)).toEqual(aGift({ id, state: "banked", reason: "not played yet", actions: [] }));
      // Its outcome is told when another round is on: it arrived in the one before.
      await record(aRecord({ id, state, reason: "why", round: 9 }));
      expect((await rows()).at(-1)).toEqual(aGift({ id, state, reason: "why" }));
      // It is received once.
      expect(await store().commit(aCommit({ received: [aReceived({ id })] }))).toMatchObject({ written: 0 });
      expect((await rows()).at(-1)).toEqual(aGift({ id, state, reason: "why" }));
    }
  });

  test("a gift may be received and played in one commit", async () => {
    const commit = aCommit({ received: [aReceived()], gifts: [aRecord({ state: "rejected", reason: "no" })] });
    expect(await store().commit(commit)).toMatchObject({ written: 2 });
    expect(await rows()).toEqual([aGift({ state: "rejected", reason: "no" })]);
  });

  test("of a gift that is told of twice the furthest state stands, and of what waits the latest word", async () => {
    for (const first of states) {
      for (const second of states) {
        const id = `${first}, then ${second}`;
        const goesOn = states.indexOf(second) > states.indexOf(first) || (first === "banked" && second === "banked");
        await record(aRecord({ id, state: first, reason: "first" }));
        const report = await record(aRecord({ id, state: second, reason: "second" }));
        expect(report).toEqual({ written: goesOn ? 1 : 0, superseded: goesOn ? 0 : 1, ofOtherShows: 0, invalid: [] });
        const stands = goesOn ? { state: second, reason: "second" } : { state: first, reason: "first" };
        expect((await rows()).at(-1)).toEqual(aGift({ id, ...stands }));
      }
    }
  });

  test("a gift that comes again in another show stays with the first", async () => {
    await store().beginShow(aShow({ id: "show-2" }));
    await store().commit(aCommit({ received: [aReceived({ id: "a" })], gifts: [aRecord({ id: "b" })] }));
    const again = ["a", "b"].map((id) => aRecord({ id, show: "show-2", state: "applied", reason: "again" }));
    const report = await store().commit(aCommit({ show: "show-2", received: again, gifts: again }));
    expect(report).toEqual({ written: 0, superseded: 0, ofOtherShows: 2, invalid: [] });
    expect((await rows()).map(({ id, show, reason }) => [id, show, reason])).toEqual([
      ["a", "show-1", "not played yet"],
      ["b", "show-1", ""],
    ]);
  });

  test("a gift that was carried over keeps the show in which it arrived, and names the one in which it acted", async () => {
    await record(aRecord({ state: "banked", reason: "waits", actions: [] }));
    await store().beginShow(aShow({ id: "show-2" }));
    const acted = { actions: [{ rule: "rose", action: "grow", tick: 5, show: "show-2" }], reason: "" };
    await store().commit(aCommit({ show: "show-2", gifts: [aRecord(acted)] }));
    expect((await store().ledger({ show: "show-1" })).rows).toEqual([aGift(acted)]);
    expect((await store().ledger({ show: "show-2" })).rows).toEqual([]);
  });

  test("what is invalid does not hold up the others", async () => {
    const commit = aCommit({
      inputs: [aBatch(1)],
      received: [aReceived({ id: "bad", value: Number.NaN })],
      gifts: [aRecord({ id: "a" }), aRecord({ id: "bad", value: Number.NaN }), aRecord({ id: "c" })],
      viewers: [{ key: "k", handle: "h", name: undefined as unknown as string }],
      scores: [
        { round: 1, viewer: "n", score: Number.NaN, counted: 1, wins: 0 },
        { round: 1, viewer: "m", score: 1, counted: 1, wins: 0 },
      ],
    });
    expect(await store().commit(commit)).toEqual({
      ...{ written: 2, ofOtherShows: 0, superseded: 0 },
      invalid: ["bad", "bad", "k", "n"],
    });
    expect((await rows()).map(({ id }) => id)).toEqual(["a", "c"]);
    expect((await store().board({ kind: "play", span: { type: "allTime" } })).map(({ viewer }) => viewer.key)).toEqual([
      "m",
    ]);
    expect((await store().journal({ show: "show-1" })).rows.length).toBe(1);
  });
}

export function ledgerTests({ store, reopen }: Given): void {
  const record = (gifts: Commit["gifts"]) => store().commit(aCommit({ gifts }));

  test("gives back what was recorded, after opening again too", async () => {
    const changes = [
      {},
      { id: "2", state: "banked", reason: "round over", actions: [], test: true } as const,
      { id: "3", viewer: { id: "7", handle: "", name: "مرحبا" } },
    ];
    await record(changes.map(aRecord));
    expect(await store().ledger()).toEqual({ rows: changes.map(aGift), next: "" });
    await reopen();
    expect((await store().ledger()).rows).toEqual(changes.map(aGift));
  });

  test("pages through one show or all, oldest first", async () => {
    const changes = Array.from({ length: 25 }, (_, i) => ({
      id: `g${i}`,
      at: 1000 - i,
      show: i % 5 === 0 ? "other" : "main",
    }));
    await record(changes.map(aRecord));
    for (const show of [undefined, "main", "other", "none"]) {
      const seen: LedgerRow[] = [];
      let after = "";
      do {
        const page = await store().ledger({ show, after, limit: 4 });
        expect(page.rows.length).toBeLessThanOrEqual(4);
        seen.push(...page.rows);
        after = page.next;
      } while (after !== "");
      expect(seen).toEqual(changes.map(aGift).filter((row) => show === undefined || row.show === show));
    }
  });

  test("sums are exact for any rows in any commits, test rows apart", async () => {
    const aRow = fc.record({
      id: fc.integer({ min: 0, max: 30 }).map(String),
      count: fc.integer({ min: 1, max: 100_000 }),
      state: fc.constantFrom(...states),
      test: fc.boolean(),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(aRow, { maxLength: 12 }), { maxLength: 8 }), async (commits) => {
        const show = `run${run++}`;
        const stands = new Map<string, LedgerRow>();
        for (const changes of commits) {
          const gifts = changes.map((row) => aRecord({ ...row, id: `${show}:${row.id}`, show, value: row.count * 5 }));
          for (const row of gifts) {
            const known = stands.get(row.id);
            const goesOn = !known || states.indexOf(row.state) > states.indexOf(known.state);
            if (goesOn || (row.state === "banked" && known?.state === "banked")) stands.set(row.id, row);
          }
          await record(gifts);
        }
        const totals = await store().ledgerTotals(show);
        for (const isTest of [true, false]) {
          for (const state of states) {
            const rows = [...stands.values()].filter((row) => row.state === state && row.test === isTest);
            const count = rows.reduce((sum, row) => sum + row.count, 0);
            expect((isTest ? totals.test : totals)[state]).toEqual({ rows: rows.length, count, value: count * 5 });
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  test("ids of recent gifts come newest first, from every show, within time and limit", async () => {
    await record([30, 10, 50, 50, 20, 40].map((at, i) => aRecord({ id: `g${i}`, at, show: i % 2 ? "a" : "b" })));
    expect(await store().recentGiftIds(20, 100)).toEqual(["g3", "g2", "g5", "g0", "g4"]);
    expect(await store().recentGiftIds(20, 2)).toEqual(["g3", "g2"]);
    expect(await store().recentGiftIds(20, 0)).toEqual(["g3"]);
    expect(await store().recentGiftIds(51, 100)).toEqual([]);
  });

  test("combos come once per source, name and room with how far they are, the last heard first", async () => {
    const step = (id: string, total: number, heardAtMs: number, changes: Partial<LedgerRow & ComboMark> = {}) => {
      const { streakKey = "k1", roomId = "7", ...row } = changes;
      return { ...aRecord({ id, at: heardAtMs + 1, ...row }), combo: { streakKey, total, roomId, heardAtMs } };
    };
    await record([step("a1", 3, 10), aRecord({ id: "single", at: 80 }), step("a2", 7, 40)]);
    await record([step("a3", 9, 20, { show: "show-0" }), step("b1", 2, 50, { source: "euler" })]);
    // Of a gift that was only received, too; and another word on it keeps its mark.
    const e1 = step("e1", 6, 70, { streakKey: "k3" });
    await store().commit(aCommit({ received: [{ ...e1, state: "banked", reason: "not played yet" }] }));
    await record([step("c1", 4, 60, { roomId: "8" }), step("d1", 5, 19, { streakKey: "k2" }), e1]);
    const k1 = { source: "tiktool", streakKey: "k1", roomId: "7", total: 9, heardAtMs: 40, sentAtMs: 41 };
    const wanted = [
      { ...k1, streakKey: "k3", total: 6, heardAtMs: 70, sentAtMs: 71 },
      { ...k1, roomId: "8", total: 4, heardAtMs: 60, sentAtMs: 61 },
      { ...k1, source: "euler", total: 2, heardAtMs: 50, sentAtMs: 51 },
      k1,
    ];
    expect(await store().recentCombos(20, 100)).toEqual(wanted);
    expect(await store().recentCombos(20, 2)).toEqual(wanted.slice(0, 2));
    expect(await store().recentCombos(71, 100)).toEqual([]);
    for (const row of (await store().ledger()).rows) {
      expect(Object.keys(row).sort()).toEqual(Object.keys(aGift()).sort());
    }
  });

  test("the catalogue names each id, name and price once, the one sent last first", async () => {
    const rose = aGift().gift;
    const lion = { ...rose, id: "6369", name: "Lion", unitValue: 29_999 };
    expect(await store().seenGifts()).toEqual([]);
    await record([
      aRecord({ id: "1", at: 10 }),
      aRecord({ id: "2", at: 40, gift: lion }),
      aRecord({ id: "3", at: 50 }),
    ]);
    await record([aRecord({ id: "4", at: 90, gift: { ...rose, id: "test" }, test: true })]);
    expect(await store().seenGifts()).toEqual([rose, lion].map(({ id, name, unitValue }) => ({ id, name, unitValue })));
  });
}

/** Conformance: shows, what they leave in the bank, and their journals. */
import { expect, test } from "vitest";
import type { Store, StoredBatch } from "../../../server/store/store.ts";
import { aCommit, aReceived, aRecord, aShow } from "./a-gift.ts";
import { aBatch, allOf, type Given, refusal } from "./given.ts";

export function showTests({ store, reopen }: Given): void {
  const fresh = { tick: 0, lastSeq: 0, endedAt: undefined, resumes: 0, hasJournal: true };

  test("a show is there as it began, and goes on", async () => {
    expect(await store().show("show-1")).toEqual({ ...aShow(), ...fresh });
    expect(await store().show("nothing")).toBeUndefined();
    await store().commit(aCommit({ tick: 40 }));
    // What is told late takes nothing back.
    await store().commit(aCommit({ tick: 30 }));
    await reopen();
    expect(await store().show("show-1")).toEqual({ ...aShow(), ...fresh, tick: 40 });
    await store().commit(aCommit({ tick: 41, end: { at: 77, bank: "" } }));
    expect(await store().show("show-1")).toMatchObject({ tick: 41, endedAt: 77, resumes: 0 });
    await store().resumeShow("show-1");
    expect(await store().show("show-1")).toMatchObject({ tick: 41, endedAt: undefined, resumes: 1 });
  });

  test("shows come in the order in which they began, the newest first, whatever the clock said", async () => {
    const year = 365 * 24 * 3600 * 1000;
    for (const [index, years] of [5, -3, 0].entries()) {
      await store().beginShow(aShow({ id: `later-${index}`, startedAt: aShow().startedAt + years * year }));
    }
    const ids = async (limit: number) => (await store().shows(limit)).map(({ id }) => id);
    expect(await ids(10)).toEqual(["later-2", "later-1", "later-0", "show-1"]);
    expect(await ids(2)).toEqual(["later-2", "later-1"]);
  });

  test.each<[string, (store: Store) => Promise<unknown>]>([
    ["a second show of the same id", (it) => it.beginShow(aShow({ game: "other" }))],
    ["a commit of a show that never began", (it) => it.commit(aCommit({ show: "nothing" }))],
    ["going on with a show that never began", (it) => it.resumeShow("nothing")],
    ["a gap between batches", (it) => it.commit(aCommit({ gifts: [aRecord()], inputs: [aBatch(2)] }))],
  ])("refuses %s, and nothing of it is kept", async (_what, work) => {
    expect((await refusal(work(store()))).code).toBe("STORE_FAILED");
    expect(await store().shows(10)).toEqual([{ ...aShow(), ...fresh }]);
    expect((await store().ledger()).rows).toEqual([]);
    expect((await store().journal({ show: "show-1" })).rows).toEqual([]);
  });
}

export function bankTests({ store, reopen }: Given): void {
  const end = (show: string, bank: string, at = 5) => store().commit(aCommit({ show, end: { at, bank } }));

  const bodies = async () => (await store().banks()).map(({ body }) => body);

  test("the bank waits for the next show, of whatever game, which takes it", async () => {
    expect(await store().banks()).toEqual([]);
    await end("show-1", '["waits"]');
    await reopen();
    expect(await store().banks()).toEqual([{ game: "last-ball", body: '["waits"]' }]);
    await store().beginShow(aShow({ id: "of-other", game: "other" }));
    expect(await store().banks()).toEqual([]);
  });

  test("a show that goes on has its bank again, and leaves another one", async () => {
    await end("show-1", "first");
    await store().resumeShow("show-1");
    expect(await bodies()).toEqual([]);
    await end("show-1", "second");
    expect(await bodies()).toEqual(["second"]);
    // Sent again, as nobody knew whether it had worked.
    await end("show-1", "second");
    expect(await bodies()).toEqual(["second"]);
    await store().resumeShow("show-1");
    await end("show-1", "");
    expect(await bodies()).toEqual([]);
  });

  test("of two shows that left something, the first to end comes first, and the next show takes both; clocks do not matter", async () => {
    await store().beginShow(aShow({ id: "show-2", game: "other" }));
    await end("show-2", "of 2", 900);
    await end("show-1", "of 1", 100);
    expect(await store().banks()).toEqual([
      { game: "other", body: "of 2" },
      { game: "last-ball", body: "of 1" },
    ]);
    await store().beginShow(aShow({ id: "show-3" }));
    expect(await store().banks()).toEqual([]);
  });
}

export function journalTests({ store, reopen }: Given): void {
  const seqs = (rows: readonly StoredBatch[]) => rows.map(({ seq }) => seq);

  test("batches come back as they were, by the tick in which they entered; those that did not come last", async () => {
    await store().commit(aCommit({ inputs: [aBatch(1), aBatch(2)] }));
    await store().commit(
      aCommit({
        tick: 8,
        inputs: [aBatch(3), aBatch(4), aBatch(5)],
        entered: [
          { seq: 2, tick: 7 },
          { seq: 3, tick: 7 },
        ],
      }),
    );
    // The first one was held meanwhile.
    await store().commit(aCommit({ tick: 9, entered: [{ seq: 1, tick: 8 }] }));
    await reopen();
    const wanted = [
      ...[
        { ...aBatch(2), tick: 7 },
        { ...aBatch(3), tick: 7 },
        { ...aBatch(1), tick: 8 },
      ],
      ...[
        { ...aBatch(4), tick: undefined },
        { ...aBatch(5), tick: undefined },
      ],
    ];
    for (const limit of [undefined, 1, 2, 3, 4, 5]) {
      expect(await allOf((query) => store().journal(query), { show: "show-1", limit })).toEqual(wanted);
    }
    expect(seqs(await allOf((query) => store().journal(query), { show: "show-1", fromTick: 8, limit: 1 }))).toEqual([
      1, 4, 5,
    ]);
    expect(await store().journal({ show: "nothing" })).toEqual({ rows: [], next: "" });
  });

  test("a commit that is sent again changes nothing", async () => {
    const commit = aCommit({
      ...{ tick: 3, inputs: [aBatch(1)], entered: [{ seq: 1, tick: 2 }], traces: [{ tick: 3, body: "t" }] },
      ...{ checkpoint: { tick: 3, body: "c" }, received: [aReceived()], gifts: [aRecord({ id: "b" })] },
      ...{ viewers: [{ key: "tiktok:1", handle: "h", name: "n" }] },
      scores: [{ round: 1, viewer: "tiktok:1", score: 2, counted: 2, wins: 1 }],
    });
    const seen = async () => [
      ...[
        await store().show("show-1"),
        await store().journal({ show: "show-1" }),
        await store().traces({ show: "show-1" }),
      ],
      ...[await store().ledger(), await store().board({ kind: "play", span: { type: "allTime" } })],
    ];
    await store().commit(commit);
    const once = await seen();
    await store().commit(commit);
    expect(await seen()).toEqual(once);
    // And the numbers go on after it.
    await store().commit(aCommit({ inputs: [aBatch(2)] }));
    expect((await store().show("show-1"))?.lastSeq).toBe(2);
  });

  test("shows have numbers and ticks of their own", async () => {
    await store().beginShow(aShow({ id: "b" }));
    const part = (body: string) => ({ traces: [{ tick: 5, body }], checkpoint: { tick: 5, body } });
    await store().commit(aCommit({ inputs: [aBatch(1)], entered: [{ seq: 1, tick: 1 }], ...part("a") }));
    await store().commit(aCommit({ show: "b", inputs: [aBatch(1)], ...part("b") }));
    expect((await store().journal({ show: "b" })).rows).toEqual([{ ...aBatch(1), tick: undefined }]);
    expect((await store().traces({ show: "b" })).rows).toEqual([{ tick: 5, body: "b" }]);
    expect(await store().checkpoint("show-1")).toEqual({ tick: 5, body: "a" });
  });

  test("traces come by tick, the last one told of a tick", async () => {
    const trace = (tick: number, body = `t${tick}`) => ({ tick, body });
    await store().commit(aCommit({ traces: [trace(60), trace(180), trace(120, "before the process died")] }));
    await store().commit(aCommit({ traces: [trace(120), trace(240)] }));
    await reopen();
    for (const limit of [undefined, 1, 2, 4]) {
      const read = (fromTick?: number) => allOf((query) => store().traces(query), { show: "show-1", limit, fromTick });
      expect(await read()).toEqual([60, 120, 180, 240].map((tick) => trace(tick)));
      expect(await read(120)).toEqual([120, 180, 240].map((tick) => trace(tick)));
      expect(await read(241)).toEqual([]);
    }
  });

  test("pages of long texts end early, and miss nothing", async () => {
    const body = "x".repeat(2_000_000);
    for (let seq = 1; seq <= 6; seq++) {
      await store().commit(
        aCommit({
          inputs: [{ ...aBatch(seq), body }],
          entered: seq < 4 ? [{ seq, tick: seq }] : [],
          traces: [{ tick: seq, body }],
        }),
      );
    }
    const page = await store().journal({ show: "show-1" });
    expect(page.rows.length).toBeLessThan(6);
    expect(seqs(await allOf((query) => store().journal(query), { show: "show-1" }))).toEqual([1, 2, 3, 4, 5, 6]);
    const traces = await allOf((query) => store().traces(query), { show: "show-1" });
    expect(traces.map(({ tick }) => tick)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("the two newest checkpoints are there", async () => {
    expect(await store().checkpoint("show-1")).toBeUndefined();
    for (const tick of [100, 200, 300]) await store().commit(aCommit({ checkpoint: { tick, body: `c${tick}` } }));
    await reopen();
    const body = async (tick?: number) => (await store().checkpoint("show-1", tick))?.body;
    expect(await body()).toBe("c300");
    expect([await body(300), await body(299), await body(199), await body(99)]).toEqual([
      "c300",
      "c200",
      undefined,
      undefined,
    ]);
  });
}

export function forgettingTests({ store, reopen }: Given): void {
  test("only journals of ended shows before the newest ones are removed, and all else of them stays", async () => {
    for (const id of ["b", "c", "d"]) await store().beginShow(aShow({ id }));
    for (const show of ["show-1", "b", "c", "d"]) {
      const inputs = Array.from({ length: 450 }, (_, index) => aBatch(index + 1));
      await store().commit(
        aCommit({
          ...{ show, inputs, entered: inputs.map(({ seq }) => ({ seq, tick: seq })), traces: [{ tick: 1, body: "t" }] },
          ...{ checkpoint: { tick: 1, body: "c" }, gifts: [aRecord({ id: show, show })] },
          scores: [{ round: 1, viewer: "tiktok:1", score: 1, counted: 1, wins: 0 }],
        }),
      );
    }
    for (const show of ["show-1", "c", "d"])
      await store().commit(aCommit({ show, end: { at: 1, bank: `of ${show}` } }));
    expect(await store().forgetJournals(1)).toBe(2);
    expect(await store().forgetJournals(1)).toBe(0);
    await reopen();
    const left: [string, boolean, number, number, boolean][] = [];
    for (const { id, hasJournal } of await store().shows(10)) {
      const journal = await allOf((query) => store().journal(query), { show: id });
      const traces = await allOf((query) => store().traces(query), { show: id });
      left.push([id, hasJournal, journal.length, traces.length, (await store().checkpoint(id)) !== undefined]);
    }
    expect(left).toEqual([
      ["d", true, 450, 1, true],
      ["c", false, 0, 0, false],
      ["b", true, 450, 1, true],
      ["show-1", false, 0, 0, false],
    ]);
    expect((await store().ledgerTotals()).applied.rows).toBe(4);
    expect((await store().board({ kind: "play", span: { type: "allTime" } }))[0]?.score).toBe(4);
    expect((await store().banks()).map(({ body }) => body)).toEqual(["of show-1", "of c", "of d"]);
    expect((await refusal(store().resumeShow("c"))).message).toContain("--new");
  });
}

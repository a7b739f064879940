/** The writer of a show, over stores that are slow, refuse, are full or die: nothing is lost, and what is written is always a beginning. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Commit, type CommitReport, type Store, StoreError } from "../../../server/store/store.ts";
import { createWriter, type Writer, type WriterOptions } from "../../../server/store/writer.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { aReceived, aRecord, aShow } from "./a-gift.ts";
import { refusal } from "./given.ts";
import { Memory, openMemory } from "./memory-store.ts";

/** A store of which a test decides when and how each commit ends. */
interface Disk {
  /** Commits that were begun and have not ended, and all that were ever begun. */
  readonly open: readonly Commit[];
  readonly begun: Commit[];
  /** Ends the oldest one: written. */
  answer(report?: Partial<CommitReport>): Promise<void>;
  /** Ends the oldest one: not written. */
  refuse(error?: StoreError): Promise<void>;
  readonly store: Pick<Store, "commit">;
}

const fullDisk = () => new StoreError("STORE_FULL", "There is no room left.");

function aDisk(): Disk {
  const waiting: { commit: Commit; resolve(report: CommitReport): void; reject(error: StoreError): void }[] = [];
  const begun: Commit[] = [];
  return {
    begun,
    get open() {
      return waiting.map(({ commit }) => commit);
    },
    async answer(report) {
      waiting.shift()!.resolve({ ...{ written: 0, invalid: [], ofOtherShows: 0, superseded: 0 }, ...report });
      await settled();
    },
    async refuse(error = fullDisk()) {
      waiting.shift()!.reject(error);
      await settled();
    },
    store: {
      commit: (commit) =>
        new Promise((resolve, reject) => {
          begun.push(commit);
          waiting.push({ commit, resolve, reject });
        }),
    },
  };
}

/** Lets all that is due happen. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

function aWriter(options: Partial<WriterOptions> = {}): { writer: Writer; disk: Disk; clock: ManualClock } {
  const disk = aDisk();
  const clock = createManualClock();
  return { writer: createWriter({ store: disk.store, show: "show-1", clock, ...options }), disk, clock };
}

const seqsOf = (commit: Commit | undefined) => commit?.inputs.map(({ seq }) => seq);

test("all of a tick is one commit, and what is noted while it is under way is the next one", async () => {
  const { writer, disk } = aWriter();
  expect([writer.input(5, "[1]", [aReceived()]), writer.input(5, "[2]", [])]).toEqual([1, 2]);
  writer.endTick(1);
  expect(disk.begun).toEqual([]);
  await settled();
  expect(disk.open).toMatchObject([
    {
      show: "show-1",
      tick: 1,
      inputs: [
        { seq: 1, at: 5, body: "[1]" },
        { seq: 2, at: 5, body: "[2]" },
      ],
      received: [aReceived()],
    },
  ]);
  for (const tick of [2, 3]) {
    writer.input(6, "[]", []);
    writer.endTick(tick);
    await settled();
  }
  expect([disk.begun.length, writer.safe]).toEqual([1, 0]);
  await disk.answer({ written: 1 });
  expect([disk.begun.length, writer.safe]).toEqual([2, 2]);
  expect([seqsOf(disk.open[0]), disk.open[0]!.tick]).toEqual([[3, 4], 3]);
  await disk.answer();
  expect(writer.safe).toBe(4);
  expect(writer.status()).toMatchObject({ queued: 0, queuedChars: 0, written: 1, commits: 2, trouble: "" });
});

test("batches are numbered on from the last of the store", () => {
  const { writer } = aWriter({ lastSeq: 41 });
  expect([writer.safe, writer.input(1, "[]", [])]).toEqual([41, 42]);
});

test("the end of a tick alone waits for company; everything else goes out at once", async () => {
  const notes: ((writer: Writer) => void)[] = [
    (writer) => writer.input(1, "[]", []),
    (writer) => writer.entered(1, 7),
    (writer) => writer.gifts([aRecord()]),
    (writer) => writer.scores([{ round: 1, viewer: "v", score: 1, counted: 1, wins: 0 }]),
    (writer) => writer.trace(60, "{}"),
    (writer) => writer.checkpoint(60, "{}"),
  ];
  for (const note of notes) {
    const { writer, disk } = aWriter();
    writer.endTick(8);
    writer.viewers([{ key: "v", handle: "h", name: "n" }]);
    await settled();
    expect(disk.begun.length).toBe(0);
    note(writer);
    await settled();
    expect(disk.begun).toMatchObject([{ tick: 8, viewers: [{ key: "v" }] }]);
  }
});

test("flush writes what would wait, and resolves when all noted before it is safe", async () => {
  const { writer, disk } = aWriter();
  await writer.flush();
  writer.endTick(3);
  let isDone = false;
  const flushed = writer.flush().then(() => {
    isDone = true;
  });
  await settled();
  writer.input(1, "[]", []);
  await disk.answer();
  expect([isDone, disk.open.length]).toEqual([true, 1]);
  await flushed;
});

test("a store that refuses is told of, tried again after growing pauses, and sent the same", async () => {
  const { writer, disk, clock } = aWriter();
  writer.input(1, "[1]", [aReceived()]);
  await settled();
  writer.input(1, "[2]", []);
  for (const pauseMs of [250, 500, 1000, 2000, 4000, 5000, 5000]) {
    await disk.refuse();
    expect(writer.status()).toMatchObject({ trouble: "There is no room left.", queued: 1 });
    clock.advance(pauseMs - 1);
    await settled();
    expect(disk.open.length).toBe(0);
    clock.advance(1);
    await settled();
    expect(seqsOf(disk.open[0])).toEqual([1]);
  }
  expect([writer.safe, writer.status().waitingMs]).toEqual([0, 17_750]);
  clock.advance(30);
  await disk.answer();
  expect(writer.status()).toMatchObject({ trouble: "", lastCommitMs: 30, queued: 0 });
  expect([writer.safe, seqsOf(disk.open[0])]).toEqual([1, [2]]);
  // After a success the pauses begin anew.
  await disk.refuse();
  clock.advance(250);
  await settled();
  await disk.answer();
  expect([writer.safe, clock.pending()]).toEqual([2, 0]);
});

test("flush tries at once and rejects when the store refuses now; what was noted stays queued", async () => {
  const { writer, disk, clock } = aWriter();
  writer.gifts([aRecord()]);
  await settled();
  await disk.refuse();
  const flushed = refusal(writer.flush());
  await settled();
  await disk.refuse();
  expect((await flushed).code).toBe("STORE_FULL");
  expect([writer.status().queued, clock.pending()]).toEqual([1, 1]);
});

test("a slow store shows how long it takes, and a clock that jumps does no harm", async () => {
  const { writer, disk, clock } = aWriter();
  writer.input(1, "[]", []);
  await settled();
  clock.advance(700);
  expect(writer.status()).toMatchObject({ waitingMs: 700, trouble: "" });
  const hour = 3_600_000;
  clock.advance(-10_000 * hour);
  expect(writer.status().waitingMs).toBe(0);
  await disk.answer();
  expect(writer.status()).toMatchObject({ waitingMs: 0, lastCommitMs: 0 });
  clock.advance(20_000 * hour);
  writer.input(1, "[]", []);
  await settled();
  await disk.answer();
  expect([writer.safe, writer.status().waitingMs]).toEqual([2, 0]);
});

test("while a gift's row waits, only the furthest word on it is kept", async () => {
  const { writer, disk } = aWriter();
  writer.gifts([aRecord({ state: "banked", reason: "1", round: 1 })]);
  writer.gifts([aRecord({ state: "banked", reason: "2" }), aRecord({ id: "b" }), aRecord({ show: "show-2" })]);
  writer.gifts([aRecord({ state: "rejected" }), aRecord({ id: "b", state: "banked" })]);
  expect(writer.status()).toMatchObject({ queued: 2, superseded: 2, ofOtherShows: 1 });
  await settled();
  expect(disk.open[0]!.gifts).toEqual([aRecord({ state: "banked", reason: "2", round: 1 }), aRecord({ id: "b" })]);
  await disk.answer({ written: 1, superseded: 1, ofOtherShows: 1 });
  expect(writer.status()).toMatchObject({ queued: 0, written: 1, superseded: 3, ofOtherShows: 2 });
});

test("viewers and scores go out as they were told last, and a newer checkpoint takes the place of one that waits", async () => {
  const { writer, disk } = aWriter();
  for (const name of ["old", "new"]) {
    writer.viewers([{ key: "v", handle: "h", name }]);
    writer.scores([{ round: 1, viewer: "v", score: name.length, counted: name.length, wins: name === "new" ? 1 : 0 }]);
    writer.checkpoint(60, name);
  }
  await settled();
  expect(disk.open).toMatchObject([
    {
      viewers: [{ key: "v", handle: "h", name: "new" }],
      scores: [{ round: 1, viewer: "v", score: 3, counted: 3, wins: 1 }],
      checkpoint: { tick: 60, body: "new" },
    },
  ]);
  // One that is under way stays what it is, and of those behind it only the last is kept.
  writer.checkpoint(120, "x".repeat(2_000_000));
  writer.endTick(120);
  writer.input(1, "[]", []);
  writer.checkpoint(180, "last");
  expect(disk.open[0]!.checkpoint?.tick).toBe(60);
  const ticks: (number | undefined)[] = [];
  while (disk.open.length > 0) {
    ticks.push(disk.open[0]!.checkpoint?.tick);
    await disk.answer();
  }
  expect(ticks).toEqual([60, undefined, 180]);
});

test("in trouble traces are given up and counted, and from a limit on it says that it is full; gifts and inputs stay", async () => {
  const { writer, disk, clock } = aWriter({ maxQueuedChars: 10_000 });
  writer.input(1, "[]", []);
  await settled();
  await disk.refuse();
  for (let tick = 1; tick <= 4; tick++) writer.trace(tick, "t".repeat(1_500));
  expect(writer.status()).toMatchObject({ tracesLost: 3, isFull: false });
  writer.input(1, "i".repeat(4_000), [aReceived()]);
  writer.trace(5, "t".repeat(1_500));
  expect(writer.status()).toMatchObject({ tracesLost: 5, isFull: false });
  writer.input(1, "i".repeat(4_000), []);
  writer.trace(6, "t".repeat(1_500));
  expect(writer.status()).toMatchObject({ tracesLost: 6, isFull: false });
  writer.gifts([aRecord({ reason: "r".repeat(2_000) })]);
  expect(writer.status()).toMatchObject({ isFull: true, queued: 2 });
  writer.input(1, "[4]", []);
  clock.advance(250);
  await settled();
  while (disk.open.length > 0) await disk.answer();
  expect([writer.safe, writer.status().queuedChars]).toEqual([4, 0]);
  expect(disk.begun.flatMap(({ traces }) => traces)).toEqual([]);
});

test("what has waited long goes out in several commits, none much larger than a mebibyte, in order", async () => {
  const { writer, disk } = aWriter();
  writer.input(1, "first", []);
  await settled();
  for (let tick = 1; tick <= 40; tick++) {
    writer.entered(writer.input(tick, "x".repeat(100_000), []), tick);
    writer.endTick(tick + 1);
  }
  const seen: { seqs: number; tick: number; chars: number }[] = [];
  while (disk.open.length > 0) {
    const { inputs, entered, tick } = disk.open[0]!;
    // What entered did so in a tick that the same commit says has ended: after a death it is gone through again.
    for (const entry of entered) expect(entry.tick).toBeLessThan(tick);
    const chars = inputs.reduce((sum, { body }) => sum + body.length, 0);
    seen.push({ seqs: inputs.at(-1)!.seq, tick, chars });
    await disk.answer();
    expect(writer.safe).toBe(seen.at(-1)!.seqs);
  }
  expect(seen.length).toBeGreaterThan(3);
  expect(Math.max(...seen.map(({ chars }) => chars))).toBeLessThan(1_200_000);
  expect(seen.at(-1)).toMatchObject({ seqs: 41, tick: 41 });
});

test("the end goes out last, with the bank, and nothing after it is taken", async () => {
  const { writer, disk } = aWriter();
  writer.input(1, "[]", []);
  await settled();
  writer.gifts([aRecord()]);
  const ended = writer.end(99, "bank");
  await disk.answer();
  expect(disk.open).toMatchObject([{ end: { at: 99, bank: "bank" }, gifts: [aRecord()] }]);
  await disk.answer();
  await ended;
  expect(() => writer.gifts([aRecord()])).toThrow(/has ended/);
  await expect(writer.end(100, "")).rejects.toThrow(/has ended/);
});

test("an end that the store refuses is told of, and not tried again", async () => {
  const { writer, disk, clock } = aWriter();
  writer.gifts([aRecord()]);
  await settled();
  await disk.refuse();
  const ended = refusal(writer.end(99, ""));
  await settled();
  await disk.refuse();
  expect((await ended).code).toBe("STORE_FULL");
  expect([clock.pending(), disk.open.length]).toEqual([0, 0]);
});

test("a store that was closed is not asked again", async () => {
  const { writer, disk, clock } = aWriter();
  writer.gifts([aRecord()]);
  await settled();
  await disk.refuse(new StoreError("STORE_CLOSED", "The store is closed."));
  expect([clock.pending(), writer.status().trouble]).toEqual([0, "The store is closed."]);
  // Not even at once, which would keep the process busy for ever.
  expect(disk.begun).toHaveLength(1);
});

test("a row that the store found invalid is named", async () => {
  const { writer, disk } = aWriter();
  writer.gifts([aRecord({ id: "bad" })]);
  await settled();
  await disk.answer({ invalid: ["bad"] });
  expect(writer.status()).toMatchObject({ invalid: 1, trouble: expect.stringContaining("bad") });
});

test("whatever fails, before or after it was written: the store has a beginning of all that was noted, and in the end all of it", async () => {
  const step = fc.record({
    inputs: fc.integer({ min: 0, max: 3 }),
    gifts: fc.integer({ min: 0, max: 3 }),
    chars: fc.constantFrom(2, 300_000),
    fate: fc.constantFrom("written", "refused", "died after writing", "slow"),
    pauseMs: fc.constantFrom(0, 300, 6_000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const store = openMemory(new Memory());
      await store.beginShow(aShow());
      const { writer, disk, clock } = aWriter();
      const end = async (fate: string) => {
        if (disk.open.length === 0 || fate === "slow") return;
        const wanted = disk.open[0]!;
        if (fate !== "refused") {
          const report = await store.commit(wanted);
          if (fate === "written") return disk.answer(report);
        }
        await disk.refuse();
      };
      let tick = 0;
      let gifts = 0;
      for (const { inputs, gifts: count, chars, fate, pauseMs } of steps) {
        for (let i = 0; i < inputs; i++) writer.entered(writer.input(tick, "i".repeat(chars), []), tick);
        writer.gifts(Array.from({ length: count }, () => aRecord({ id: `g${gifts++}`, reason: `${tick}` })));
        writer.endTick(++tick);
        await settled();
        await end(fate);
        clock.advance(pauseMs);
        await settled();
        const stored = await store.show("show-1");
        // Every batch and row of the ticks that the store says have ended is there; what is safe is there.
        expect(stored!.lastSeq).toBeGreaterThanOrEqual(writer.safe);
        for (const { tick: told } of (await store.journal({ show: "show-1" })).rows)
          if (told !== undefined) expect(told).toBeLessThan(stored!.tick);
      }
      const ended = writer.end(1, "");
      await settled();
      while (disk.open.length > 0) await end("written");
      await ended;
      expect(await store.show("show-1")).toMatchObject({ tick, lastSeq: writer.safe, endedAt: 1 });
      expect((await store.ledgerTotals()).applied.rows).toBe(gifts);
    }),
    { numRuns: 100 },
  );
});

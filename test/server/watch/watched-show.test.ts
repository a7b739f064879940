/** The watched show: as fast as it is told, at any time it is sent to exactly what it was then, and never long at a time. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createKeptStates } from "../../../server/watch/kept-states.ts";
import { createWatchedShow } from "../../../server/watch/watched-show.ts";
import { type ShowEntry, ShowFileError } from "../../../shared/replay/show-file.ts";
import type { ShowInput } from "../../../shared/sim/input.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { aPlayedShow, type PlayedShow, showRules } from "../cli/a-recorded-show.ts";
import { endOf, games, recordOf, straightHashes, watch } from "./watching.ts";

/** The operator ends rounds, and the rules change in between. */
const others = showRules.replace("do: spikes", "do: giant");
let played: PlayedShow;

beforeAll(async () => {
  const change: ShowInput = { type: "rules", files: { main: "rules.yaml", texts: [["rules.yaml", others]] } };
  const more = new Map<number, ShowInput[]>([
    [1000, [change]],
    [1300, [{ type: "act", act: "endRound" }]],
    [2000, [{ type: "act", act: "endRound" }]],
    [2100, [{ type: "act", act: "endPhase" }]],
  ]);
  played = await aPlayedShow({ ticks: 3000, more });
}, 60_000);

describe("going to a time", () => {
  test("is where a straight run is, forwards and back, from all kept states and from one", {
    timeout: 180_000,
  }, async () => {
    const ticks = [0, 1, 999, 1000, 1001, 1400, 1700, 2500, 2999, 3000];
    const hashes = straightHashes(played, ticks);
    const states = createKeptStates();
    const keeping = watch(played, { states });
    const forgetting = watch(played, { states: createKeptStates({ states: 1, bytes: 1 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...ticks), { minLength: 2, maxLength: 4 }), async (way) => {
        for (const { show, arrive } of [keeping, forgetting]) {
          show.pause();
          for (const to of way) {
            show.seek(to);
            await arrive();
            expect([to, show.simulation.hash()]).toEqual([to, hashes.get(to)]);
          }
        }
      }),
      { numRuns: 3, seed: 4 },
    );
    keeping.show.seek(3000);
    await keeping.arrive();
    expect(states.size).toBeGreaterThanOrEqual(2);
    expect(keeping.show.status().difference).toBeUndefined();
    expect(forgetting.show.status().difference).toBeUndefined();
  });

  test("back uses the nearest state that was kept", async () => {
    const states = createKeptStates();
    const { show, arrive } = watch(played, { states });
    show.seek(3000);
    await arrive();
    const last = states.before(3000)!.tick;
    expect(last).toBeGreaterThan(1000);
    show.seek(last + 100);
    expect(show.status().seeking).toEqual({ from: last, to: last + 100 });
    await arrive();
    show.seek(50);
    expect(show.status().seeking).toEqual({ from: 0, to: 50 });
    // From far back the states are of use forwards too.
    await arrive();
    show.seek(last + 7);
    expect(show.status().seeking).toEqual({ from: last, to: last + 7 });
  });

  test("paused it stands there, and beyond the end is the end", async () => {
    const { show, pass, arrive } = watch(played);
    show.pause();
    show.seek(100.4);
    await arrive();
    await pass(200);
    expect(show.status()).toMatchObject({ tick: 100, paused: true, seeking: undefined });
    show.resume();
    show.seek(1e9);
    await arrive();
    expect(show.status()).toMatchObject({ tick: 3000, ended: true });
  });
});

describe("playing", () => {
  test.each([0.25, 1, 4, 16])("at speed %d, as long as there is something", async (speed) => {
    const { show, pass } = watch(played, { speed });
    await pass(1000);
    const { tick } = show.status();
    expect(tick / (60 * speed)).toBeGreaterThan(0.9);
    expect(tick / (60 * speed)).toBeLessThan(1.01);
    expect(show.status().realSpeed).toBeUndefined();
  });

  test("another speed holds from now on; paused it stands still, and no time is owed", async () => {
    const { show, pass } = watch(played);
    await pass(1000);
    show.setSpeed(4);
    const before = show.status().tick;
    await pass(500);
    expect(show.status().tick - before).toBeCloseTo(120, -1);
    show.pause();
    const { tick } = show.status();
    await pass(5000);
    expect(show.status()).toMatchObject({ tick, paused: true });
    show.resume();
    await pass(100);
    expect(show.status().tick - tick).toBeLessThan(40);
  });

  test("at the end it stands still, and goes on from the beginning when told to play", async () => {
    const { show, pass, arrive } = watch(played, { speed: 16 });
    show.seek(2990);
    await arrive();
    await pass(200);
    expect(show.status()).toMatchObject({ tick: endOf(played), ended: true, paused: true });
    expect(show.isPaused).toBe(true);
    show.resume();
    await arrive();
    await pass(100);
    expect(show.status()).toMatchObject({ ended: false, paused: false });
    expect(show.status().tick).toBeLessThan(200);
  });
});

describe("on a machine that takes a millisecond for each tick", () => {
  /** A clock that goes on by a millisecond each time somebody looks. */
  function slow() {
    const clock = createManualClock();
    const now = () => {
      clock.advance(1);
      return clock.now();
    };
    const looked = { ...clock, now };
    const show = createWatchedShow({ show: recordOf(played), games, endTick: endOf(played), clock: looked, speed: 16 });
    return { clock, show };
  }

  test("no turn and no piece of a way is longer than 10 ms, and the real speed is told", async () => {
    const { clock, show } = slow();
    let longestMs = 0;
    const measured = (run: () => void) => {
      const fromMs = clock.now();
      run();
      longestMs = Math.max(longestMs, clock.now() - fromMs);
    };
    for (let turn = 0; turn < 150; turn++) {
      await new Promise(setImmediate);
      clock.advance(16);
      measured(() => show.tick());
    }
    // Some two dozen ms a turn, of which eight are for ticks.
    expect(show.status().realSpeed).toBeGreaterThan(2);
    expect(show.status().realSpeed).toBeLessThan(10);
    expect(show.speed).toBe(show.status().realSpeed);
    measured(() => show.seek(2900));
    expect(show.isSeeking).toBe(true);
    expect(longestMs).toBeLessThanOrEqual(16);
  });

  test("on the way nothing is shown, and another order is taken before it has arrived", async () => {
    const { clock, show } = slow();
    show.pause();
    await new Promise(setImmediate);
    show.seek(600);
    clock.advance(30);
    expect(show.status()).toMatchObject({ seeking: { from: 0, to: 600 } });
    expect(show.status().tick).toBeGreaterThan(10);
    expect(show.status().tick).toBeLessThan(100);
    expect(show.tick()).toBeUndefined();
    show.seek(5);
    for (let turn = 0; show.isSeeking && turn < 100; turn++) {
      await new Promise(setImmediate);
      clock.advance(5);
    }
    expect(show.status()).toMatchObject({ tick: 5, paused: true, seeking: undefined });
  });

  test("a turn right after another one does nothing", async () => {
    const clock = createManualClock();
    const show = createWatchedShow({ show: recordOf(played), games, endTick: endOf(played), clock, speed: 16 });
    await new Promise(setImmediate);
    clock.advance(50);
    expect(show.tick()).toBeDefined();
    clock.advance(1);
    expect(show.tick()).toBeUndefined();
    clock.advance(10);
    expect(show.tick()).toBeDefined();
  });
});

describe("what is wrong with the record", () => {
  /** The show with one body moved in one trace. */
  function changedAt(tick: number): PlayedShow {
    const entries = played.entries.map((entry): ShowEntry => {
      if (!("trace" in entry) || entry.tick !== tick) return entry;
      const [[id, kind, viewer, x, ...rest], ...bodies] = entry.trace.outline as never as [never[], ...never[]];
      return { tick, trace: { ...entry.trace, outline: [[id, kind, viewer, x! + 1, ...rest], ...bodies] } } as never;
    });
    return { ...played, entries };
  }

  test("the first difference stays, wherever one goes", async () => {
    const { show, arrive } = watch(changedAt(1800));
    show.pause();
    for (const to of [1799, 1800, 100, 3000, 2900, 1700, 2000]) {
      show.seek(to);
      await arrive();
      const { difference } = show.status();
      if (to === 1799) expect(difference).toBeUndefined();
      else expect(difference).toMatchObject({ tick: 1800, sentence: expect.stringContaining("recorded") });
    }
  });

  test("where it cannot be read on the show stands still and says why", async () => {
    const record = recordOf(played);
    const torn = {
      ...record,
      async *entries(fromTick?: number) {
        for await (const entry of record.entries(fromTick)) {
          if ("tick" in entry && entry.tick > 200) throw new ShowFileError("line 9: it is damaged");
          yield entry;
        }
      },
    };
    const { show, arrive, pass } = watch(played, { show: torn });
    show.seek(1000);
    await arrive();
    await pass(100);
    expect(show.status()).toMatchObject({ paused: true, trouble: "show a-show: line 9: it is damaged." });
    expect(show.status().tick).toBeLessThanOrEqual(200);
    show.seek(20);
    await arrive();
    expect(show.status().tick).toBe(20);
  });
});

test("states are kept where they are far apart, the newest always", () => {
  const saved = { some: "text" };
  const state = { saved, rules: new Map() };
  const states = createKeptStates({ states: 3, bytes: 1e6 });
  for (const tick of [100, 110, 500, 900, 910]) states.add(tick, state);
  expect([50, 100, 899, 905, 1000].map((tick) => states.before(tick)?.tick)).toEqual([
    undefined,
    undefined,
    500,
    500,
    910,
  ]);
  expect(states.before(1000)!.state.saved).toEqual(saved);
  expect(states.bytes).toBe(3 * JSON.stringify(saved).length);
  const small = createKeptStates({ states: 100, bytes: 40 });
  for (const tick of [100, 200, 300]) small.add(tick, state);
  expect([small.size, small.bytes, small.before(1000)!.tick]).toEqual([2, 30, 300]);
  expect(small.has(300)).toBe(true);
});

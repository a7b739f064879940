/** The chaos run, in short; and that each of its checks says so when something is wrong. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { ensureClientBuilt } from "../../server/http/client-build.ts";
import type { LedgerRow, LedgerSum, ShowRecord, StoredBatch } from "../../server/store/store.ts";
import { until } from "../support/until.ts";
import { type ChaosResult, runChaos } from "./chaos.ts";
import { journalProblems, ledgerProblems } from "./checks.ts";
import { drawKills } from "./kills.ts";
import { killGroup } from "./process-group.ts";
import { createProgress, type Sight } from "./progress.ts";
import { linesOf, summaryOf } from "./report.ts";

test("a show that is killed in every way counts each gift once, goes on, and replays to the same hashes", {
  timeout: 180_000,
}, async () => {
  await ensureClientBuilt();
  const result = await runChaos({ seed: 5, kills: 4, seconds: 6 });
  expect(result.problems, result.folder).toEqual([]);
  expect(Object.values(result.kills).every((times) => times > 0)).toBe(true);
  expect(result.gifts.units).toBeGreaterThan(20);
});

const viewer = { id: "1", handle: "ana", name: "Ana" };
const aRow = (row: Partial<LedgerRow>): LedgerRow => ({
  ...{ id: "g1", show: "s", round: 1, at: 0, source: "tiktool", platform: "tiktok", viewer },
  ...{ gift: { id: "5", name: "Spark", unitValue: 2, currency: "diamond" }, count: 3, value: 6 },
  ...{ state: "applied", reason: "", actions: [], test: false },
  ...row,
});
const none: LedgerSum = { rows: 0, count: 0, value: 0 };
const test0 = { applied: none, banked: none, rejected: none };
const sent = { frames: 1, units: 3, value: 6, byViewerAndGift: { "1|5": 3 } };

describe("the ledger", () => {
  const problemsOf = (rows: readonly LedgerRow[], applied: Partial<LedgerSum> = {}) => {
    const count = rows.reduce((sum, row) => sum + row.count, 0);
    const value = rows.reduce((sum, row) => sum + row.value, 0);
    const totals = {
      applied: { rows: rows.length, count, value, ...applied },
      banked: none,
      rejected: none,
      test: test0,
    };
    return ledgerProblems(sent, { rows, totals }).join("; ");
  };

  it.each([
    ["holds what was sent", [aRow({})], ""],
    ["holds it in two rows", [aRow({ count: 1, value: 2 }), aRow({ id: "g2", count: 2, value: 4 })], ""],
    ["lacks a gift", [], "1 sent 3 of gift 5, and 0 count"],
    ["counts a gift twice", [aRow({}), aRow({ id: "g2" })], "Ana (1) sent 3 of gift Spark, and 6 count"],
    ["counts another value", [aRow({ value: 5 })], "6 was sent, and 5 counts"],
    [
      "has two rows of one gift",
      [aRow({ count: 1, value: 2 }), aRow({ count: 2, value: 4 })],
      "the gift g1 has two rows",
    ],
    ["counts what nobody sent", [aRow({}), aRow({ id: "g2", viewer: { ...viewer, id: "2" } })], "3 units count"],
  ])("%s", (_name, rows, said) => {
    if (said === "") expect(problemsOf(rows)).toBe("");
    else expect(problemsOf(rows)).toContain(said);
  });

  it("has sums that are not those of its rows", () => {
    expect(problemsOf([aRow({})], { count: 4 })).toBe(
      "the sums' count of applied, banked and rejected is 4, the rows' 3",
    );
  });
});

describe("the journal", () => {
  const show = { id: "s", tick: 150, endedAt: 1 } as ShowRecord;
  const aBatch = (seq: number, tick: number | undefined = seq, gift?: string): StoredBatch => {
    const inputs = gift === undefined ? [] : [{ type: "event", event: { type: "gift", id: gift } }];
    return { seq, at: 0, body: JSON.stringify(inputs), tick };
  };
  const good = { shows: [show], batches: [aBatch(1, 4, "a"), aBatch(2, 4, "b")], traceTicks: [60, 120] };

  it.each([
    ["is whole", {}, ""],
    ["is of two shows", { shows: [show, show] }, "there are 2 shows and should be one"],
    ["is of no show", { shows: [] }, "there are 0 shows and should be one"],
    ["is of another show", { shows: [{ ...show, id: "t" }] }, "show s was seen, and t was kept"],
    ["has no end", { shows: [{ ...show, endedAt: undefined }] }, "the show counts as not ended"],
    ["lacks a batch", { batches: [aBatch(1), aBatch(3)] }, "batch 2 is missing, 3 is there instead"],
    ["has a batch twice", { batches: [aBatch(1), aBatch(1)] }, "batch 2 is missing, 1 is there instead"],
    ["has batches that entered in another order", { batches: [aBatch(2, 1), aBatch(1, 2)] }, ""],
    ["has a batch that never entered", { batches: [{ ...aBatch(1), tick: undefined }] }, "1 batches never entered"],
    ["has a gift twice", { batches: [aBatch(1, 1, "a"), aBatch(2, 2, "a")] }, "the gift a was journaled twice"],
    ["lacks a trace", { traceTicks: [120] }, "no trace of tick 60"],
    ["lacks the last trace", { traceTicks: [60] }, "no trace of tick 120"],
  ])("%s", (_name, wrong, said) => {
    const problems = journalProblems({ ...good, ...wrong }, "s").join("; ");
    if (said === "") expect(problems).toBe("");
    else expect(problems).toContain(said);
  });
});

describe("what is seen of a show", () => {
  const at = (tick: number, round = 1, show = "s"): Sight => ({ show, tick, round });
  const see = (...sights: readonly [Sight, number][]) => {
    const progress = createProgress();
    for (const [sight, process] of sights) progress.see(sight, process);
    return progress;
  };

  it.each<[string, readonly [Sight, number][], string]>([
    [
      "goes on",
      [
        [at(10), 1],
        [at(20), 1],
        [at(15), 2],
        [at(90, 2), 2],
      ],
      "",
    ],
    [
      "goes back by a second after a kill",
      [
        [at(100), 1],
        [at(40), 2],
      ],
      "",
    ],
    [
      "goes back by more",
      [
        [at(100), 1],
        [at(39), 2],
      ],
      "a kill took the show from tick 100 back to 39",
    ],
    [
      "goes back in one process",
      [
        [at(100), 1],
        [at(99), 1],
      ],
      "went back from tick 100 to 99",
    ],
    [
      "is behind what an earlier process showed",
      [
        [at(100), 1],
        [at(90), 2],
        [at(20), 3],
      ],
      "from tick 100 back to 20",
    ],
    [
      "is another show",
      [
        [at(100), 1],
        [at(101, 1, "t"), 2],
      ],
      "show s, at tick 100, became t",
    ],
    [
      "is in an earlier round later",
      [
        [at(100, 2), 1],
        [at(110, 1), 2],
      ],
      "round 2 at tick 100 does not go with round 1",
    ],
    [
      "is in a later round earlier",
      [
        [at(100, 1), 1],
        [at(90, 2), 2],
      ],
      "round 1 at tick 100 does not go with round 2",
    ],
    [
      "is in an earlier round at an earlier tick",
      [
        [at(100, 2), 1],
        [at(90, 1), 2],
      ],
      "",
    ],
  ])("%s", (_name, sights, said) => {
    const problems = see(...sights)
      .problems()
      .join("; ");
    if (said === "") expect(problems).toBe("");
    else expect(problems).toContain(said);
  });

  it("tells how much was gone at most", () => {
    expect(see([at(100), 1], [at(70), 2], [at(80), 2], [at(75), 3]).lostTicks()).toBe(30);
  });
});

describe("kills", () => {
  it("come in every way, the same for the same seed, and leave the show the time it was to play", () => {
    const kills = drawKills(7, 50, 100);
    expect(drawKills(7, 50, 100)).toEqual(kills);
    expect(drawKills(8, 50, 100)).not.toEqual(kills);
    expect(kills.slice(0, 3).map(({ when }) => when)).toEqual(["playing", "starting", "at once"]);
    const playedMs = kills.reduce((sum, kill) => sum + (kill.when === "playing" ? kill.afterMs : 0), 0);
    expect(playedMs).toBeGreaterThan(70_000);
    expect(playedMs).toBeLessThan(130_000);
  });
});

describe("the report", () => {
  const result: ChaosResult = {
    ...{
      seed: 7,
      problems: [],
      kills: { playing: 2, starting: 1, "at once": 0 },
      events: 90,
      faults: {},
      ruleChanges: 1,
    },
    ...{ gifts: { frames: 5, units: 9, value: 30 }, ticks: 600, rounds: 2, lostTicks: 4, readyMs: [30, 10, 20] },
    ...{ tickMs: [40], stopMs: 50, folder: undefined },
  };
  const bad = { ...result, problems: ["one thing", "another"], folder: "somewhere" };

  it("says on one line that a run was exact, and below it what was not and where it lies", () => {
    expect(linesOf(result)).toEqual([
      "seed 7; exact; kills 3 (2 playing, 1 starting, 0 at once); events 90; gifts 9 units, 30 diamonds; " +
        "ticks 600, rounds 2, at most 4 gone after a kill; start to ready median 20 ms, worst 30 ms; " +
        "kill to tick median 40 ms, worst 40 ms; stop 50 ms",
    ]);
    const [line, ...below] = linesOf(bad);
    expect(line).toContain("seed 7; NOT EXACT;");
    expect(below).toEqual(["  - one thing", "  - another", expect.stringContaining("are in somewhere")]);
  });

  it("sums up", () => {
    expect(summaryOf([result, bad])).toContain("1 of 2 exact, 6 kills; start to ready median 20 ms, worst 30 ms");
  });
});

describe("a run that is itself killed", () => {
  it("leaves no process behind", { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "uproar-orphans-"));
    const logFile = join(folder, "log");
    const launcher = new URL("./show-process.ts", import.meta.url).href;
    const script = join(folder, "run.ts");
    // A command that goes on for hours and needs no network.
    writeFileSync(
      script,
      `import { createLauncher } from ${JSON.stringify(launcher)};
       createLauncher(${JSON.stringify({ cwd: folder, logFile })}).uproar(["simulate", "--port", "0"]);`,
    );
    const run = spawn(process.execPath, [script], { stdio: "inherit" });
    const pidOf = () => /--- (\d+): uproar/.exec(readIfThere(logFile))?.[1];
    await until(() => /waits at/.test(readIfThere(logFile)), 30_000);
    const pid = Number(pidOf());
    expect(isAlive(pid)).toBe(true);
    try {
      run.kill("SIGKILL");
      await once(run, "exit");
      await until(() => !isAlive(pid), 10_000);
    } finally {
      killGroup(pid);
      rmSync(folder, { recursive: true });
    }
  });
});

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Every suite of the benchmark runs on the real parts and measures something. Numbers are checked only where no machine can bend them. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { benchFlood } from "../../../server/bench/flood-bench.ts";
import { createMessages } from "../../../server/bench/messages.ts";
import { benchPoses } from "../../../server/bench/poses-bench.ts";
import { benchReplay } from "../../../server/bench/replay-bench.ts";
import type { Row } from "../../../server/bench/report.ts";
import { benchResume } from "../../../server/bench/resume-bench.ts";
import { benchRoom } from "../../../server/bench/room-bench.ts";
import { benchRuleEngine } from "../../../server/bench/rules-bench.ts";
import { benchStore } from "../../../server/bench/store-bench.ts";
import { benchTick } from "../../../server/bench/tick-bench.ts";
import { parseMessage, translate } from "../../../server/sources/tiktool.ts";

const valueIn = (rows: readonly Row[], name: string): number => {
  const row = rows.find((candidate) => candidate.name === name);
  expect(row, name).toBeDefined();
  return row!.value;
};

test("a moving body costs few bytes, far fewer than in a schema or in JSON", () => {
  const rows = benchPoses();
  expect(valueIn(rows, "arena: bytes per moving body per patch")).toBeLessThan(4.25);
  expect(valueIn(rows, "pile: bytes per moving body per patch")).toBeLessThan(4.25);
  for (const scene of ["arena", "pile"]) {
    expect(valueIn(rows, `${scene}: codec / schema of numbers`)).toBeLessThan(0.2);
    expect(valueIn(rows, `${scene}: codec / JSON`)).toBeLessThan(0.06);
  }
  // Sizes depend on nothing but the code.
  expect(benchPoses()).toEqual(rows);
});

test("the messages are ones the source understands, of every kind, each new", () => {
  const messages = createMessages(1);
  const kinds = new Map<string, number>();
  const ids = new Set<string>();
  for (let i = 0; i < 1000; i++) {
    const said = translate(parseMessage(messages.next(1_790_000_000_000 + i)));
    if (said.kind !== "events") throw new Error(`not understood: ${said.kind}`);
    for (const event of said.events) {
      kinds.set(event.type, (kinds.get(event.type) ?? 0) + 1);
      ids.add(event.id);
    }
  }
  expect([...kinds.keys()].sort()).toEqual(["chat", "gift", "join", "like"]);
  expect(ids.size).toBe(1000);
});

test("the rule engine is measured with files of all sizes, whose rules fire alike", () => {
  const rows = benchRuleEngine(1);
  const firing = rows.flatMap(({ note }) => /([\d.]+) calls/.exec(note)?.[1] ?? []).map(Number);
  expect(firing).toHaveLength(4);
  for (const calls of firing) expect(Math.abs(calls - firing[0]!)).toBeLessThan(0.05);
  expect(valueIn(rows, "200 rules, 5000 events/s: share of a tick")).toBeGreaterThan(0);
  // About 0.05; a machine bends both alike.
  expect(valueIn(rows, "1000 rules: taken from the rule worker / compiled")).toBeLessThan(0.5);
});

test("ticks are measured on the same world, with every message taken", async () => {
  const rows = await benchTick(1, 20);
  expect(rows).toHaveLength(6);
  for (const { value } of rows) expect(value).toBeGreaterThan(0.2);
});

test("ticks are measured with a store that commits, and a show takes room on the disk", {
  timeout: 60_000,
}, async () => {
  const rows = await benchStore(1, { blockTicks: 12, sized: [2, 6] });
  expect(rows).toHaveLength(18);
  for (const { name, value } of rows) expect(value, name).toBeGreaterThan(0);
  for (const rate of [50, 500, 5000]) {
    const { note } = rows.find(({ name }) => name === `${rate} events/s: commit p50`)!;
    expect(Number(/^(\d+) commits for 24 ticks$/.exec(note)?.[1]), note).toBeGreaterThan(2);
  }
  const perEvent = valueIn(rows, "Last Ball, 30 events/s: journal, inputs per event");
  // An event as text; on the disk it is there once, with rows and indexes around it.
  expect(perEvent).toBeGreaterThan(200);
  expect(valueIn(rows, "Last Ball, 30 events/s: file growth per event")).toBeGreaterThan(perEvent);
});

test("a show is resumed from its checkpoint through the ticks after it", { timeout: 60_000 }, async () => {
  const rows = await benchResume(1, { bodies: [10], seconds: [1, 2] });
  expect(rows.map(({ name }) => name).filter((name) => name.startsWith("10 bodies"))).toEqual([
    "10 bodies, 1 s since the checkpoint: store opened to first tick",
    "10 bodies, 2 s since the checkpoint: store opened to first tick",
    "10 bodies: tick with a checkpoint",
  ]);
  expect(rows).toHaveLength(5);
  for (const { name, value } of rows) expect(value, name).toBeGreaterThan(0);
});

test("a replay is faster than the show was, and the same", { timeout: 60_000 }, async () => {
  const [row] = await benchReplay(1, 5);
  expect(row!.value).toBeGreaterThan(1);
});

test("the room is measured over a real line, with a stage watching", async () => {
  const rows = await benchRoom(1);
  expect(rows).toHaveLength(11);
  expect(valueIn(rows, "50 events/s: event on the wire to patch sent, p50")).toBeGreaterThanOrEqual(0);
  expect(valueIn(rows, "50 events/s: gap between ticks, p50")).toBeGreaterThan(1);
}, 60_000);

test("a flood loses and doubles no gift, and every message is accounted for", async () => {
  const rows = await benchFlood(1);
  expect(valueIn(rows, "gift units sent")).toBeGreaterThan(0);
  expect(valueIn(rows, "gift units lost or doubled")).toBe(0);
  expect(valueIn(rows, "messages not heard")).toBe(0);
  expect(valueIn(rows, "queue, longest")).toBeLessThanOrEqual(5000);
}, 60_000);

test("the command prints JSON that names what was measured, and refuses what it does not know", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ["server/cli/uproar.js", "bench", ...args], { encoding: "utf8" });
  const { stdout, status } = run("--only", "ingest", "--repeats", "1", "--json");
  expect(status).toBe(0);
  const { rows, machine } = JSON.parse(stdout) as { rows: Row[]; machine: { node: string } };
  expect(machine.node).toBe(process.version);
  expect(rows.map(({ suite, unit }) => [suite, unit])).toEqual([["ingest", "x"]]);
  expect(rows[0]!.value).toBeGreaterThan(1);

  const wrong = run("--only", "nothing");
  expect(wrong.status).toBe(1);
  expect(wrong.stderr).toContain('no suite "nothing"');
  expect(run("--repeats", "many").status).toBe(1);
});

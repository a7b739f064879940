/** Opening: a show whose process died goes on as if nothing had happened; one that was stopped hands its bank to the next. */
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { loadGame } from "../../../server/games.ts";
import { createIngest, type Ingest } from "../../../server/ingest/ingest.ts";
import { type OpenMode, type OpenOptions, openShow, playBy, relive } from "../../../server/room/opening.ts";
import { createShow, type Show } from "../../../server/room/show.ts";
import type { LedgerRow, Store } from "../../../server/store/store.ts";
import type { Writer } from "../../../server/store/writer.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { compileRules, oneFile } from "../../../shared/rules/compile.ts";
import type { ShowInput } from "../../../shared/sim/input.ts";
import { createSimulation } from "../../../shared/sim/simulation.ts";
import { aChat, aGift } from "../../support/events.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { aSimulatedShow } from "../../support/simulated-show.ts";
import { tinyGame, tinyRules } from "../../support/tiny-game.ts";
import { Memory, openMemory } from "../store/memory-store.ts";

/** What is left when the process dies. */
let disk: Memory;
let store: Store;
const clock = createManualClock();

beforeEach(() => {
  disk = new Memory();
  store = openMemory(disk);
});

interface Running {
  readonly show: Show;
  readonly ingest: Ingest;
  readonly writer: Writer;
  readonly isResumed: boolean;
  readonly relived: ReturnType<typeof relive>;
  readonly said: string[];
}

let shows = 0;
const rules = tinyRules("  - { id: w, on: chat, do: wave }\n  - { id: g, on: gift, do: jump }\n");
/** What a show plays: games in turn. */
type What = OpenOptions["playlist"];
const tiny: What = [{ game: tinyGame, rules }];

const optionsFor = (mode: OpenMode, what: What, said: string[]): OpenOptions => ({
  ...{ store, mode, clock, playlist: what, seed: 7, version: "0.0.0", season: "one", id: `show-${++shows}` },
  loadGame: async (id) => (id === "tiny" ? tinyGame : loadGame(id)),
  warn: (line) => said.push(line),
});

/** Opens a show as a start of the program does. */
async function start(mode: OpenMode = "auto", what: What = tiny): Promise<Running> {
  const said: string[] = [];
  const opened = await openShow(optionsFor(mode, what, said));
  const ingest = createIngest({ clock });
  const show = createShow({ ...opened, ingest, clock });
  const relived = relive(show, opened);
  playBy(
    show,
    opened,
    what.map((entry) => entry.rules),
  );
  return { show, ingest, writer: opened.writer, isResumed: opened.isResumed, relived, said };
}

/** The program dies: nothing is ended, and all that is left is what is on disk. */
async function die({ writer }: Running): Promise<void> {
  await writer.flush();
  await store.close();
  store = openMemory(disk);
}

/** One tick in which the events are journaled, are safe and enter. */
async function tick({ show, ingest, writer }: Running, events: readonly LiveEvent[] = []): Promise<void> {
  for (const event of events) ingest.offer(event);
  show.tick();
  if (events.length > 0) await writer.flush();
}

async function rows(): Promise<readonly LedgerRow[]> {
  return (await store.ledger()).rows;
}

test("a show that broke off goes on bit for bit, and its journal in one piece gives the same", {
  timeout: 60_000,
}, async () => {
  const game = await loadGame("last-ball");
  const compiled = compileRules(oneFile(readFileSync("test/golden/other-rules.yaml", "utf8")), game);
  if (!compiled.ok) throw new Error("the rules do not compile");
  const what = [{ game, rules: compiled.rules }];
  const audience = aSimulatedShow({ seed: 5 });
  let running = await start("auto", what);
  const deaths = new Set([1, 61, 599, 2400, 2401, 3777, 5200]);
  for (let at = 1; at <= 6000; at++) {
    if (at === 1500 || at === 3500) running.show.act("endRound");
    await tick(running, audience.nextTick());
    if (!deaths.has(at)) continue;
    const { id } = running.show;
    const hash = running.show.simulation.hash();
    await die(running);
    running = await start("auto", what);
    expect(running).toMatchObject({ isResumed: true, said: [], relived: { differsAt: undefined } });
    expect(running.show.id).toBe(id);
    expect(running.show.simulation.world.tick).toBe(at);
    expect(running.show.simulation.hash()).toBe(hash);
  }
  const { simulation } = running.show;
  expect(simulation.hash()).toBe(await hashInOnePiece(running, what));
  expect(simulation.phase.round).toBeGreaterThan(1);
  expect((await store.show(running.show.id))!.resumes).toBe(deaths.size);
});

/** Hash at the end of the same show when nothing ever broke off, from its journal. */
async function hashInOnePiece({ show, writer }: Running, what: What): Promise<string> {
  await writer.flush();
  const simulation = createSimulation({ playlist: what, seed: 7 });
  const byTick = new Map<number, ShowInput[]>();
  for (let after = ""; ; ) {
    const page = await store.journal({ show: show.id, after, limit: 5000 });
    for (const { tick: entered, body } of page.rows) {
      byTick.set(entered!, [...(byTick.get(entered!) ?? []), ...(JSON.parse(body) as ShowInput[])]);
    }
    if (page.next === "") break;
    after = page.next;
  }
  while (simulation.world.tick < show.simulation.world.tick) {
    const inputs = byTick.get(simulation.world.tick) ?? [];
    const events = inputs.flatMap((input) => (input.type === "event" ? [input.event] : []));
    const acts = inputs.flatMap((input) => (input.type === "act" ? [input.act] : []));
    simulation.step(events, undefined, acts);
  }
  return simulation.hash();
}

describe("what was on its way", () => {
  test("a gift that was safe and had not entered enters once the show goes on, and counts once", async () => {
    const running = await start();
    running.ingest.offer(aGift(5));
    running.show.tick();
    await die(running);
    expect(await rows()).toMatchObject([{ state: "banked", reason: "not played yet" }]);
    const again = await start();
    for (let at = 0; at < 200; at++) again.show.tick();
    await again.writer.flush();
    expect(await rows()).toMatchObject([{ state: "applied", actions: [{ rule: "g", action: "jump" }] }]);
    await die(again);
    const third = await start();
    for (let at = 0; at < 20; at++) third.show.tick();
    await third.writer.flush();
    expect(await store.ledgerTotals()).toMatchObject({ applied: { rows: 1, count: 1 }, banked: { rows: 0 } });
  });

  const other = tinyRules("  - { id: other, on: chat, do: wave }\n");
  const idsOf = ({ show }: Running) => show.simulation.rules.rules.map(({ id }) => id);

  test("is known again, of whatever kind, when a provider tells it once more", async () => {
    const running = await start();
    const chat = aChat("hi");
    await tick(running, [chat]);
    running.ingest.offer(aGift(5));
    running.show.tick();
    await die(running);
    const opened = await openShow(optionsFor("auto", tiny, []));
    expect(opened.heard).toEqual(new Set([chat.id, aGift(5).id]));
  });

  test("a change of rules holds on", async () => {
    const running = await start();
    running.show.changeRules(other);
    running.show.tick();
    await running.writer.flush();
    running.show.tick();
    await die(running);
    const again = await start("auto", [{ game: tinyGame, rules: other }]);
    expect(idsOf(again)).toEqual(["other"]);
    expect(again.show.simulation.rulesNumber).toBe(1);
  });

  test.each([
    ["enters once when the file is still so", other, ["other"], 1],
    ["is taken back when the file was since", rules, ["w", "g"], 2],
  ])("a change of rules that had not entered %s", async (_, file, ids, number) => {
    const running = await start();
    running.show.changeRules(other);
    await die(running);
    const again = await start("auto", [{ game: tinyGame, rules: file }]);
    await again.writer.flush();
    for (let at = 0; at < 3; at++) again.show.tick();
    expect(idsOf(again)).toEqual(ids);
    expect(again.show.simulation.rulesNumber).toBe(number);
  });
});

describe("after a show that was stopped", () => {
  test("a new one begins, and what waited acts in it; the row stays where the gift arrived", async () => {
    const first = await start();
    await tick(first, [aGift(5), aChat("hi")]);
    first.show.tick();
    await first.show.end();
    expect(await rows()).toMatchObject([{ state: "banked", show: first.show.id }]);
    const second = await start();
    expect(second.isResumed).toBe(false);
    expect(second.show.id).not.toBe(first.show.id);
    expect(second.show.simulation.world.tick).toBe(0);
    expect(second.show.simulation.banked).toBe(1);
    for (let at = 0; at < 300; at++) second.show.tick();
    await second.writer.flush();
    expect(await rows()).toMatchObject([
      { state: "applied", show: first.show.id, actions: [{ rule: "g", action: "jump", show: second.show.id }] },
    ]);
  });

  test("what waited is in no third show, and survives the death of the second", async () => {
    const first = await start();
    await tick(first, [aGift(5)]);
    first.show.tick();
    await first.show.end();
    const second = await start();
    second.show.tick();
    await die(second);
    const again = await start();
    expect(again.isResumed).toBe(true);
    expect(again.show.simulation.banked).toBe(1);
    for (let at = 0; at < 300; at++) again.show.tick();
    await again.show.end();
    const third = await start();
    expect(third.show.simulation.banked).toBe(0);
    expect(await store.ledgerTotals()).toMatchObject({ applied: { rows: 1 }, banked: { rows: 0 } });
  });

  test("--resume goes on with it, and a new one begins after a broken one with --new, with its bank", async () => {
    const first = await start();
    await tick(first, [aGift(5)]);
    for (let at = 0; at < 10; at++) first.show.tick();
    await first.show.end();
    const again = await start("resume");
    expect(again.show.id).toBe(first.show.id);
    expect(again.show.simulation.world.tick).toBe(first.show.simulation.world.tick);
    again.show.tick();
    await die(again);
    const fresh = await start("new");
    expect(fresh.isResumed).toBe(false);
    expect(fresh.show.simulation.banked).toBe(1);
    const records = await store.shows(9);
    expect(records.map(({ endedAt }) => endedAt !== undefined)).toEqual([false, true]);
  });

  test("another game decides anew about what waited, and keeps for its own game what its rules do not know", async () => {
    const game = await loadGame("last-ball");
    const rulesWith = (more: string) => {
      const rule = `game: last-ball\nallow: [COMPLIANCE_PAY_TO_PLAY]\nrules:\n  - { on: chat, do: enter }\n${more}`;
      const compiled = compileRules(oneFile(rule), game);
      if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join());
      return compiled.rules;
    };
    const first = await start();
    await tick(first, [aGift(5)]);
    first.show.tick();
    await die(first);
    const second = await start("auto", [{ game, rules: rulesWith("") }]);
    expect(second.said.join()).toContain("it was played with tiny, and this is last-ball");
    second.show.tick();
    expect(second.show.simulation.banked).toBe(1);
    await second.show.end();
    expect(await rows()).toMatchObject([{ state: "banked", reason: "waits for tiny" }]);
    const third = await start("auto", [{ game, rules: rulesWith("  - { on: gift, do: spikes }\n") }]);
    third.show.tick();
    await third.writer.flush();
    expect(await rows()).toMatchObject([{ state: "banked", reason: "waits for play" }]);
    await third.show.end();
    expect(await store.banks()).toHaveLength(1);
  });
});

test("a disk that answers too late for what is held leaves the show as it is, and the next start plays it", async () => {
  const first = await start();
  for (let at = 0; at < 100; at++) first.show.tick();
  await first.writer.flush();
  const answers: (() => void)[] = [];
  const commit = store.commit;
  store.commit = async (what) => {
    await new Promise<void>((resolve) => answers.push(resolve));
    return commit(what);
  };
  first.ingest.offer(aGift(5));
  const ended = first.show.end().catch((error: Error) => error.message);
  for (let ms = 0; ms < 1500; ms += 10) {
    clock.advance(10);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  }
  store.commit = commit;
  for (const answer of answers) answer();
  expect(await ended).toContain("goes on with what still waits");
  const again = await start();
  expect(again.isResumed).toBe(true);
  for (let at = 0; at < 200; at++) again.show.tick();
  await again.writer.flush();
  expect(await store.ledgerTotals()).toMatchObject({ applied: { rows: 1 }, banked: { rows: 0 } });
});

test("a show that is left has written all that was accepted, however much that was", async () => {
  const running = await start();
  for (let nr = 0; nr < 500; nr++) running.ingest.offer(aGift(5, "ana", nr));
  await running.show.leave();
  expect((await store.ledgerTotals()).banked.rows).toBe(500);
});

test("nothing to go on with is said, and so is a journal that was removed", async () => {
  await expect(start("resume")).rejects.toThrow("There is no show to go on with");
  const first = await start();
  await first.show.end();
  const second = await start();
  await second.show.end();
  await store.forgetJournals(1);
  expect((await store.shows(2)).map(({ hasJournal }) => hasJournal)).toEqual([true, false]);
});

test("the points of rounds and of the unfinished last one are kept once, however often the show broke off", async () => {
  let running = await start();
  await tick(running, [aChat("hi")]);
  for (let at = 0; at < 400; at++) running.show.tick();
  await die(running);
  running = await start();
  for (let at = 0; at < 400; at++) running.show.tick();
  const { phase, boards } = running.show.simulation;
  await running.show.end();
  expect(phase.round).toBeGreaterThan(1);
  const board = await store.board({ kind: "play", span: { type: "show", show: running.show.id } });
  expect(board.map(({ viewer, score }) => [viewer.key, score])).toEqual(
    boards.show.map(({ viewer, score }) => [viewer, score]),
  );
});

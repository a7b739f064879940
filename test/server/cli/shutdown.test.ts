/** Stopping and starting again: no accepted gift is without its row, none that comes again counts again. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { loadScenario } from "../../../server/simulator/scenario.ts";
import { startSimulator } from "../../../server/simulator/simulator.ts";
import { openStore } from "../../../server/store/sqlite.ts";
import { aFolder, uproar } from "./uproar.ts";

const folder = aFolder();
afterAll(() => folder.remove());
const gifts = 20_000;

type Simulator = Awaited<ReturnType<typeof startSimulator>>;

/** Starts a show that hears the simulator, and returns how to ask how many units it has counted and what it took for repeats. */
async function aShow(simulator: Simulator, data: string) {
  const env = { TIKTOOL_URL: simulator.url };
  const show = uproar(["--source", "tiktool", "--user", "ana", "--port", "0", "--data", data], { env });
  await show.prints(/\[tiktool\] Receiving/);
  const [, base] = await show.prints(/(http:\/\/127\.0\.0\.1:\d+)\/stage/);
  const counters = async () => {
    const health = (await (await fetch(`${base}/health`)).json()) as Health;
    return health.shows[0].sources[0].counters;
  };
  const stop = async () => {
    show.process.kill("SIGTERM");
    expect((await show.ended).code).toBe(0);
  };
  return { counters, stop, ...show };
}
interface Health {
  shows: [{ sources: [{ counters: { giftUnits: number; duplicates: number } }] }];
}

/** Lets the simulator send a gift of its own, once more with the same number. */
function sendGift(simulator: Simulator, nr: number): void {
  const user = { userId: String(nr), uniqueId: `viewer${nr}`, nickname: `Viewer ${nr}` };
  const gift = { giftId: 5, giftName: "Spark", diamondCount: 1, repeatCount: 1, repeatEnd: false, giftType: 2 };
  simulator.send({ event: "gift", data: { type: "gift", timestamp: Date.now(), msgId: `burst-${nr}`, user, ...gift } });
}

/** Units in the ledger of a folder that no show uses now, and its rows about our own gift. */
async function ledgerOf(data: string) {
  const store = await openStore({ folder: data });
  const { applied, banked, rejected } = await store.ledgerTotals();
  const { rows } = await store.ledger({ limit: 5000 });
  await store.close();
  return { units: applied.count + banked.count + rejected.count, rows };
}

test("nothing that was accepted is lost", { timeout: 60_000 }, async () => {
  const data = join(folder.path, "burst");
  const simulator = await startSimulator({ scenario: loadScenario("quiet"), seed: 1 });
  const show = await aShow(simulator, data);
  for (let nr = 0; nr < gifts; nr++) sendGift(simulator, nr);
  // Stopped as soon as all are accepted: most still wait in the queue then.
  await vi.waitFor(async () => expect((await show.counters()).giftUnits).toBeGreaterThanOrEqual(gifts), {
    timeout: 20_000,
    interval: 5,
  });
  show.process.kill("SIGTERM");
  // On a busy machine not all is played in time; then the next start goes on with the rest.
  const { stderr } = await show.ended;
  expect(stderr).toMatch(/^$|^Not all could be played before the end/);
  await simulator.stop();
  expect((await ledgerOf(data)).units).toBeGreaterThanOrEqual(gifts);
});

test("a gift that the provider repeats after a restart counts once", { timeout: 60_000 }, async () => {
  const data = join(folder.path, "again");
  const simulator = await startSimulator({ scenario: loadScenario("quiet"), seed: 1 });
  const first = await aShow(simulator, data);
  sendGift(simulator, 1);
  await vi.waitFor(async () => expect((await first.counters()).giftUnits).toBeGreaterThan(0), 10_000);
  await first.stop();
  const before = (await ledgerOf(data)).rows.filter(({ viewer }) => viewer.handle === "viewer1");
  expect(before).toHaveLength(1);
  const second = await aShow(simulator, data);
  sendGift(simulator, 1);
  await vi.waitFor(async () => expect((await second.counters()).duplicates).toBeGreaterThan(0), 10_000);
  await second.stop();
  await simulator.stop();
  expect((await ledgerOf(data)).rows.filter(({ viewer }) => viewer.handle === "viewer1")).toEqual(before);
});

/** A step of a combo, as the provider sends it now; "" is no group. */
function aStep(nr: number, groupId: string, repeatCount: number, repeatEnd = false) {
  const user = { userId: String(nr), uniqueId: `viewer${nr}`, nickname: `Viewer ${nr}` };
  const gift = { giftId: 6, giftName: "Pebble", diamondCount: 1, giftType: 1, repeatCount, repeatEnd, groupId };
  return { type: "gift", timestamp: Date.now(), user, ...gift };
}

test("combos that a restart cuts in two count every unit once, whatever is sent again", {
  timeout: 60_000,
}, async () => {
  const data = join(folder.path, "combos");
  const simulator = await startSimulator({ scenario: loadScenario("quiet"), seed: 1 });
  const sent: ReturnType<typeof aStep>[] = [];
  const send = (step: ReturnType<typeof aStep>, msgId: string) =>
    simulator.send({ event: "gift", data: { ...step, msgId } });
  const sendNew = (...steps: ReturnType<typeof aStep>[]) => {
    for (const step of steps) send(step, `step-${sent.push(step)}`);
  };
  const sendAgain = (steps: ReturnType<typeof aStep>[], name: string) => {
    for (const [i, step] of steps.entries()) send(step, `${name}-${i + 1}`);
  };
  /** Everything sent was heard once a gift sent twice after it was. */
  const hasHeard = async (show: Awaited<ReturnType<typeof aShow>>, duplicates: number) => {
    for (let i = 0; i < 2; i++) sendGift(simulator, 9000 + duplicates);
    await vi.waitFor(async () => expect((await show.counters()).duplicates).toBe(duplicates + 1), 10_000);
  };

  const first = await aShow(simulator, data);
  const steps = [1, 3, 7].flatMap((total) => [aStep(1, "g", total), aStep(2, "", total)]);
  sendNew(...steps, aStep(3, "g", 5), aStep(4, "g", 4), aStep(5, "", 4));
  const withRows = sent.length;
  sendNew(aStep(4, "g", 4, true), aStep(5, "", 4, true));
  await hasHeard(first, 0);
  await first.stop();

  const second = await aShow(simulator, data);
  const before = [...sent];
  sendAgain(before, "other");
  sendAgain(before, "step");
  sendNew(aStep(1, "g", 9), aStep(1, "g", 9, true), aStep(2, "", 8), aStep(3, "g", 5, true));
  // The ends that came before the restart added nothing and have no rows: their ids are not known again.
  await hasHeard(second, withRows);
  await second.stop();
  await simulator.stop();

  const units = new Map<string, number>();
  for (const { viewer, gift, count } of (await ledgerOf(data)).rows) {
    if (gift.id === "6") units.set(viewer.handle, (units.get(viewer.handle) ?? 0) + count);
  }
  expect([...units].sort().map(([, count]) => count)).toEqual([9, 8, 5, 4, 4]);
});

test("a terminal that is gone ends no show, and a window that is closed ends it in order", {
  timeout: 60_000,
}, async () => {
  const data = join(folder.path, "gone");
  const rules = join(folder.path, "gone.yaml");
  writeFileSync(rules, "game: last-ball\nrules:\n  - { on: chat, do: enter }\n  - { on: gift, do: grow }\n");
  const show = uproar(["--port", "0", "--data", data, "--rules", rules]);
  const [, base] = await show.prints(/(http:\/\/127\.0\.0\.1:\d+)\/stage/);
  await show.prints(/\[simulated\] Receiving/);
  show.process.stdout!.destroy();
  show.process.stderr!.destroy();
  // What is printed now finds nobody who reads it.
  writeFileSync(rules, "game: last-ball\nrules: [\n");
  const health = async () => (await (await fetch(`${base}/health`)).json()) as { status: string };
  await vi.waitFor(async () => expect((await health()).status).toBe("degraded"), 10_000);
  const ended = new Promise((resolve) => show.process.once("exit", (code) => resolve(code)));
  show.process.kill("SIGHUP");
  expect(await ended).toBe(0);
});

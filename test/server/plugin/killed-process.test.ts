/** A room's process that is killed again and again while the provider does every fault it knows: the ledger is what was sent, and what acted was noted. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { notPlayedYet } from "../../../server/room/gift-rows.ts";
import { parseFaults } from "../../../server/simulator/faults.ts";
import { loadScenario } from "../../../server/simulator/scenario.ts";
import { type Simulator, startSimulator } from "../../../server/simulator/simulator.ts";
import { ledgerProblems, readLedger } from "../../chaos/checks.ts";
import { until } from "../../support/until.ts";

const program = fileURLToPath(new URL("./arena-process.ts", import.meta.url));
/** Longer than a gift is held back whose age cannot be told (10 s). */
const resendMs = 13_000;
/** Paid acts of each life until it is killed; 0 kills it as soon as its room is there. */
const lives = [3, 0, 8, 1, 12];

const folder = mkdtempSync(join(tmpdir(), "uproar-killed-"));
const actedFile = join(folder, "acted.txt");
const data = join(folder, "data");
let simulator: Simulator | undefined;
let child: ChildProcess | undefined;
afterEach(async () => {
  child?.kill("SIGKILL");
  await simulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What acted and was paid for, a line each. */
function actsSoFar(): string[] {
  return existsSync(actedFile) ? readFileSync(actedFile, "utf8").split("\n").filter(Boolean) : [];
}

/** Starts the room's process; resolves when its room is there. */
async function begin(url: string) {
  const process_ = spawn(process.execPath, [program, data, actedFile], {
    env: { ...process.env, TIKTOOL_URL: url },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child = process_;
  let said = "";
  for (const stream of [process_.stdout, process_.stderr]) stream.on("data", (chunk) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => process_.once("close", resolve));
  await until(() => said.includes("ready") || process_.exitCode !== null, 30_000);
  expect(process_.exitCode, said).toBe(null);
  return { process: process_, ended, said: () => said };
}

test("the ledger's sums equal what was sent, and nothing acts twice that was not in doubt", {
  timeout: 300_000,
}, async () => {
  const faults = parseFaults("all");
  simulator = await startSimulator({ scenario: loadScenario("storm"), seed: 11, faults, lineMs: 3000, resendMs });
  for (const acts of lives) {
    const before = actsSoFar().length;
    const { process: life, ended } = await begin(simulator.url);
    await until(() => actsSoFar().length >= before + acts, 60_000);
    life.kill("SIGKILL");
    await ended;
  }
  const last = await begin(simulator.url);
  simulator.finish();
  const { isSettled } = simulator;
  await until(() => isSettled(), 60_000);
  last.process.kill("SIGTERM");
  expect(await last.ended, last.said()).toBe(0);

  const ledger = await readLedger(data);
  const { gifts } = simulator.sent();
  expect(ledgerProblems(gifts, ledger)).toEqual([]);
  expect(gifts.units).toBeGreaterThan(100);
  expect(new Set(ledger.rows.map(({ show }) => show)).size).toBeGreaterThan(2);

  const acted = new Map<string, { action: string; mayHaveActed: boolean }[]>();
  for (const line of actsSoFar()) {
    const [, id = "", action = "", mayHaveActed] = /^(.*) (\w+) (true|false)$/.exec(line)!;
    acted.set(id, [...(acted.get(id) ?? []), { action, mayHaveActed: mayHaveActed === "true" }]);
  }
  for (const { id, state, reason, actions } of ledger.rows) {
    expect(reason, id).not.toBe(notPlayedYet);
    // On a slow machine some are told only long after they were sent.
    if (state === "rejected") expect({ id, reason }).toEqual({ id, reason: "sent before this connection" });
    const done = acted.get(id) ?? [];
    const wanted = actions.map(({ action }) => action).sort();
    const sure = done.filter(({ mayHaveActed }) => !mayHaveActed);
    expect(new Set(sure.map(({ action }) => action)).size, id).toBe(sure.length);
    for (const action of wanted)
      expect(
        done.map((one) => one.action),
        id,
      ).toContain(action);
  }
});

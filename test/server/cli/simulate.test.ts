/** `simulate` as a process of its own: a run with faults against a running show ends with a ledger that agrees, and notices one that does not. */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { systemClock } from "../../../server/clock.ts";
import { createIngest } from "../../../server/ingest/ingest.ts";
import tiktool from "../../../server/sources/tiktool.ts";
import { someSettings } from "../../support/source.ts";
import { aFolder, uproar } from "./uproar.ts";

const folder = aFolder();
afterAll(() => folder.remove());
const token = "operator-token-for-tests";

/** Many gifts whose combos are soon over. */
const scenario = join(folder.path, "gifts.yaml");
writeFileSync(
  scenario,
  `summary: gifts
crowd: { size: 20, fillSeconds: 1, staySeconds: [60, 90] }
perMinute: { chats: 60, likes: 60, gifts: 900, follows: 5, shares: 5, subscribes: 5 }
words: { dash: 1 }
smalltalk: [hi]
gifts:
  - { id: 1, name: Spark, diamonds: 1, weight: 3, combo: [1, 8] }
  - { id: 2, name: Comet, diamonds: 500, type: 2, weight: 2 }
`,
);
const simulate = (...args: string[]) =>
  uproar(["simulate", "--port", "0", "--scenario", scenario, ...args], { env: { UPROAR_OPERATOR_TOKEN: token } });

/** A server on any free port of this machine. */
async function aServer(answer: RequestListener) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { port, url: `http://127.0.0.1:${port}`, stop };
}

async function aFreePort(): Promise<number> {
  const server = await aServer(() => undefined);
  await server.stop();
  return server.port;
}

interface Row {
  count: number;
  value: number;
  [field: string]: unknown;
}

/** Hears a simulator as a show does, and serves its ledger as `doctored` makes it. */
async function aDoctoredShow(doctored: (rows: Row[]) => Row[]) {
  const rows: Row[] = [];
  const ingest = createIngest({ clock: systemClock, capacity: 100_000 });
  const server = await aServer((request, response) => {
    expect(request.headers.authorization).toBe(`Bearer ${token}`);
    for (const { type, ...event } of ingest.drain(100_000)) {
      if (type !== "gift" || !("gift" in event) || !("count" in event)) continue;
      const { id, source, viewer, gift, count, test: isTest } = event;
      const value = count * gift.unitValue;
      rows.push({ id, show: "s", source, viewer, gift, count, value, state: "applied", test: isTest });
    }
    response.end(
      doctored(rows)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(""),
    );
  });
  return {
    url: server.url,
    follow: (url: string) => ingest.start(tiktool, someSettings({ user: "ana", env: { TIKTOOL_URL: url } })),
    async stop() {
      await ingest.stop();
      await server.stop();
    },
  };
}

describe.concurrent("simulate", () => {
  test("--faults all against a running show: the ledger's sums are what was sent", { timeout: 60_000 }, async () => {
    const data = join(folder.path, "show");
    const port = String(await aFreePort());
    const show = `http://127.0.0.1:${port}`;
    const simulator = simulate("--faults", "all", "--seconds", "5", "--seed", "4", "--show", show, "--data", data);
    // Started before the show it waits for.
    const [, url] = await simulator.prints(/waits at (ws:\S+)/);
    await simulator.prints(/TIKTOOL_URL=ws:\S+ npm start -- --source tiktool --user anyone/);
    const running = uproar(["--source", "tiktool", "--user", "anyone", "--port", port, "--data", data], {
      env: { TIKTOOL_URL: url!, UPROAR_OPERATOR_TOKEN: token },
    });
    const { code, stdout, stderr } = await simulator.ended;
    const ledger = await (await fetch(`${show}/api/ledger`, { headers: { authorization: `Bearer ${token}` } })).text();
    running.process.kill("SIGTERM");
    expect(stderr).toBe("");
    expect(stdout).toMatch(/Equal: every gift counts exactly once \(\d+ units, \d+ pairs of viewer and gift\)/);
    expect(code).toBe(0);
    const units = Number(/^ {2}sent +(\d+)/m.exec(stdout)![1]);
    const rows = ledger
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Row);
    expect(units).toBeGreaterThan(50);
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(units);
    const faults = /Faults done: (.*)\./.exec(stdout)![1]!;
    for (const name of ["duplicates", "reorder", "lost-ends", "missing-ids", "floods"]) expect(faults).toContain(name);
    expect((await running.ended).code).toBe(0);
  });

  test("a ledger with one unit too many is noticed", { timeout: 60_000 }, async () => {
    // What was there before the run does not matter; a row of it is of the run's own viewers as likely as not.
    const old = { show: "old", id: "tiktool:1", source: "tiktool", state: "applied", test: false, count: 9, value: 9 };
    const before = { ...old, viewer: { id: "1", name: "One" }, gift: { id: "1", name: "Spark" } };
    const show = await aDoctoredShow((rows) => [
      before,
      ...rows.map((row, nr) => (nr === 3 ? { ...row, count: row.count + 1 } : row)),
    ]);
    const simulator = simulate("--compare", "--seconds", "2", "--show", show.url);
    const [, url] = await simulator.prints(/waits at (ws:\S+)/);
    show.follow(url!);
    const { code, stdout, stderr } = await simulator.ended;
    await show.stop();
    expect(stderr).toBe("");
    expect(stdout).toMatch(/Not equal: 1 of \d+ pairs of viewer and gift differ/);
    const [, sent, counted] = /\d+\), \w+: sent (\d+), counted (\d+)/.exec(stdout)!;
    expect(Number(counted)).toBe(Number(sent) + 1);
    expect(stdout).toMatch(/^ {2}difference +1 +0$/m);
    expect(stdout).toContain("Faults done: none.");
    expect(code).toBe(1);
  });

  test("says what is wrong with the show that is to be compared", { timeout: 60_000 }, async () => {
    const strict = await aServer((_request, response) => response.writeHead(401).end());
    const other = await aServer((_request, response) => response.writeHead(404).end());
    const ended = await Promise.all([
      simulate("--compare", "--show", strict.url).ended,
      simulate("--compare", "--show", other.url).ended,
      simulate("--compare", "--show", "nowhere").ended,
    ]);
    await Promise.all([strict.stop(), other.stop()]);
    expect(ended.map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(ended[0]!.stderr).toContain("does not accept the operator token; give its data folder with --data");
    expect(ended[1]!.stderr).toContain("is no show (HTTP 404)");
    expect(ended[2]!.stderr).toContain("--show takes the address of a running show");
  });

  test("stopped while it waits for a show, it says that nothing was compared", { timeout: 60_000 }, async () => {
    const nobody = `http://127.0.0.1:${await aFreePort()}`;
    const simulator = simulate("--compare", "--show", nobody);
    await simulator.prints(/Waiting for the show/);
    simulator.process.kill("SIGTERM");
    const { code, stdout } = await simulator.ended;
    expect(stdout).toContain("Stopped before anything could be compared.");
    expect(code).toBe(1);
  });

  test("without a comparison it runs its seconds and prints what it sent", { timeout: 60_000 }, async () => {
    const { code, stdout } = await simulate("--faults", "garbage,quota", "--no-compare", "--seconds", "1").ended;
    expect(stdout).toContain("faults garbage quota) waits at");
    expect(JSON.parse(stdout.trim().split("\n").at(-1)!)).toMatchObject({ gifts: { units: 0 }, faults: {} });
    expect(code).toBe(0);
  });
});

/** The example of a Colyseus game that takes live events, run as its README says: its room, its bank and its ledger, over a kill and a stop. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, type Room } from "@colyseus/sdk";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import type { SeaState } from "../../examples/colyseus-game/state.ts";
import type { LedgerRow } from "../../server/store/store.ts";
import { until } from "../support/until.ts";

const example = fileURLToPath(new URL("../../examples/colyseus-game/", import.meta.url));
const teacher = new URL("./teach-colyseus-game.ts", import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), "uproar-ships-"));
const tokens = { operator: "operator-token-for-tests", ingest: "ingest-token-for-tests" };
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the example in a folder of its own. */
async function start(cwd: string, env: Record<string, string>) {
  const child = spawn(process.execPath, ["--import", teacher, join(example, "main.ts")], {
    cwd,
    env: {
      ...process.env,
      ...{ PORT: "0", UPROAR_OPERATOR_TOKEN: tokens.operator, UPROAR_INGEST_TOKEN: tokens.ingest, ...env },
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  await until(() => /Ledger: /.test(said) || child.exitCode !== null, 40_000);
  expect(said).toContain("Ledger: ");
  const base = /http:\/\/127\.0\.0\.1:\d+/.exec(said)![0];
  const ask = async (path: string, token = tokens.operator, body?: unknown) =>
    fetch(`${base}/live/api${path}`, {
      headers: { authorization: `Bearer ${token}` },
      ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
    });
  return {
    child,
    ended,
    ask,
    said: () => said,
    push: async (...events: object[]) => (await ask("/ingest", tokens.ingest, events)).json(),
    rows: async () => (await (await ask("/ledger?format=json")).json()) as LedgerRow[],
    /** Joins as a player does. */
    join: async () => {
      const room: Room<SeaState> = await new Client(base.replace("http", "ws")).join("ships", { name: "Ada" });
      await new Promise((resolve) => room.onStateChange.once(resolve));
      return room;
    },
  };
}

const viewer = (id: string) => ({ platform: "tiktok", id, handle: id, name: id.toUpperCase() });
const gift = (id: string, who: string, unitValue: number, count = 1) => ({
  ...{ type: "gift", id, viewer: viewer(who), count },
  gift: { id: `g${unitValue}`, name: `Gift ${unitValue}`, unitValue, currency: "diamond" },
});
const pirates = Array.from({ length: 12 }, (_, i) => gift(`pirate-${i}`, "zoe", 200));
const unitsOf = (rows: readonly LedgerRow[]) => rows.reduce((sum, { count }) => sum + count, 0);

describe("the example", { timeout: 120_000 }, () => {
  test("lets viewers play in the room, and keeps what waits and what counts over a kill and a stop", async () => {
    const first = await start(folder, { SOURCES: "ingest" });
    const player = await first.join();
    expect(player.state.ships.size).toBe(1);
    const answer = await first.push(
      { type: "chat", id: "c1", viewer: viewer("lea"), text: "join" },
      gift("small-1", "omer", 1, 3),
      gift("small-1", "omer", 1, 3),
      ...pirates,
    );
    expect(answer).toEqual({ accepted: 14, duplicates: 1, rejected: [] });
    await vi.waitFor(
      () => expect([...player.state.ships.keys()]).toEqual(expect.arrayContaining(["tiktok:lea", "tiktok:omer"])),
      10_000,
    );
    expect(player.state.ships.get("tiktok:lea")!.name).toBe("LEA");
    expect(player.state.ships.get("tiktok:omer")!.boostMs).toBeGreaterThan(0);
    await vi.waitFor(() => expect(player.state.pirates.size).toBeGreaterThan(0), 10_000);
    const rows = await first.rows();
    expect(unitsOf(rows)).toBe(3 + pirates.length);
    expect(rows.find(({ viewer: { name } }) => name === "OMER")).toMatchObject({
      ...{ state: "applied", count: 3 },
      actions: [
        { rule: "small", action: "setSail" },
        { rule: "small", action: "boost" },
      ],
    });
    const waiting = rows.filter(({ state }) => state === "banked");
    expect(waiting.length).toBeGreaterThan(0);
    first.child.kill("SIGKILL");
    await first.ended;

    const second = await start(folder, { SOURCES: "ingest" });
    // The sea is new, and so pirates come that had no place before.
    await vi.waitFor(async () => {
      const now = await second.rows();
      expect(now.filter(({ state }) => state === "applied").length).toBeGreaterThan(rows.length - waiting.length);
    }, 20_000);
    expect(await second.push(...pirates)).toEqual({ accepted: 0, duplicates: pirates.length, rejected: [] });
    second.child.kill("SIGTERM");
    expect(await second.ended, second.said()).toBe(0);

    const third = await start(folder, { SOURCES: "ingest" });
    const all = await third.rows();
    expect(unitsOf(all)).toBe(3 + pirates.length);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.filter(({ state }) => state === "rejected")).toEqual([]);
    await opensItsAddresses(third);
  });

  test("has an audience of its own when nothing is said", async () => {
    const cwd = mkdtempSync(join(folder, "simulated-"));
    const running = await start(cwd, {});
    const player = await running.join();
    await vi.waitFor(() => expect(player.state.ships.size).toBeGreaterThan(3), 60_000);
    await vi.waitFor(async () => expect((await running.rows()).length).toBeGreaterThan(0), 60_000);
  });
});

/** Only to those with their token. */
async function opensItsAddresses({ ask, push }: Awaited<ReturnType<typeof start>>): Promise<void> {
  for (const path of ["/ledger", "/events", "/rules", "/bans"])
    expect((await ask(path, tokens.ingest)).status).toBe(401);
  expect((await ask("/ingest", tokens.operator, [])).status).toBe(401);
  await push({ type: "chat", id: "c2", viewer: viewer("mia"), text: "join" });
  await vi.waitFor(async () => {
    const events = (await (await ask("/events?format=json&type=chat")).json()) as { explanations: object[] }[];
    expect(events.at(-1)!.explanations).toContainEqual(expect.objectContaining({ rule: "join", verdict: "fired" }));
  }, 10_000);
  expect(await (await ask("/rules")).json()).toMatchObject({ rules: 6, problems: [] });
  expect((await ask("/snapshot")).status).toBe(404);
}

describe("its README", () => {
  const text = readFileSync(join(example, "README.md"), "utf8");
  const diff = /```diff\n([\s\S]*?)```/.exec(text)![1]!.trimEnd().split("\n");
  const room = readFileSync(join(example, "ships-room.ts"), "utf8");

  test("shows the lines that the room got, as they are", () => {
    const hunks = diff.join("\n").split(/^ \.\.\.$/m);
    for (const hunk of hunks) {
      const lines = hunk
        .trim()
        .split("\n")
        .filter((line) => !line.startsWith("-"));
      const part = lines.map((line) => (line === "" ? "" : line.slice(1))).join("\n");
      expect(room).toContain(part.trim());
    }
    expect(diff.filter((line) => line.startsWith("+")).length).toBeLessThanOrEqual(15);
  });

  test("shows all of them: what else the room says of Uproar is what it calls", () => {
    const added = diff.filter((line) => line.startsWith("+")).map((line) => line.slice(1));
    const left = room.split("\n").filter((line) => !added.includes(line));
    expect(left.filter((line) => /live|uproar/i.test(line))).toEqual([]);
  });
});

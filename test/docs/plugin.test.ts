/** docs/plugin.md is true: its room runs, its tables name all there is and nothing else, and its numbers are the code's. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { matchMaker, Server } from "@colyseus/core";
import { WebSocketTransport } from "@colyseus/ws-transport";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { slowMs } from "../../server/plugin/run.ts";
import { maxTicksPerUpdate } from "../../server/plugin/ticker.ts";
import { ArenaRoom } from "./arena-room.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(join(project, "docs/plugin.md"), "utf8");
const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]!);

describe("its room", () => {
  const folder = mkdtempSync(join(tmpdir(), "uproar-docs-plugin-"));
  const before = process.cwd();
  let server: Server;
  let room: ArenaRoom;
  let base: string;

  beforeAll(async () => {
    // Data is kept where the server runs.
    process.chdir(folder);
    const http = createServer();
    server = new Server({
      greet: false,
      gracefullyShutdown: false,
      transport: new WebSocketTransport({ server: http }),
      express: (app) => {
        app.use("/live", (request, response, next) => room.live!.router(request, response, next));
      },
    });
    server.define("arena", ArenaRoom);
    await server.listen(0, "127.0.0.1");
    const { roomId } = await matchMaker.createRoom("arena", {});
    room = matchMaker.getLocalRoomById(roomId) as ArenaRoom;
    base = `http://127.0.0.1:${(http.address() as AddressInfo).port}/live/api`;
  });
  afterAll(async () => {
    await server.gracefullyShutdown(false);
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  });

  test("is the one of the tests, word for word", () => {
    const file = readFileSync(join(project, "test/docs/arena-room.ts"), "utf8");
    const told = file
      .slice(file.indexOf("\n") + 1)
      .replace('"../../server/index.ts"', '"uproar"')
      .replace('"../../shared/sdk/index.ts"', '"uproar/game"');
    expect(blocks[0]).toBe(told);
  });

  test("lets enemies in for comments and gifts, keeps its data where it says, and answers at the addresses it names", async () => {
    const live = room.live!;
    const viewer = { platform: "tiktok", id: "1", handle: "lea", name: "Lea" };
    const gifts = Array.from({ length: 12 }, (_, i) => {
      return { type: "gift", id: `g${i}`, viewer, gift: { id: "1", name: "Gift", unitValue: 3, currency: "diamond" } };
    });
    const asked = await fetch(`${base}/ingest`, {
      method: "POST",
      headers: { authorization: `Bearer ${live.tokens.ingest}` },
      body: JSON.stringify([{ type: "chat", id: "c", viewer, text: "enemy" }, ...gifts]),
    });
    expect(await asked.json()).toMatchObject({ accepted: 13 });
    await vi.waitFor(() => expect(room.enemies).toHaveLength(10), 10_000);
    expect(room.enemies.slice(0, 2)).toEqual([
      { size: 1, sentBy: "Lea" },
      { size: 3, sentBy: "Lea" },
    ]);
    await vi.waitFor(() => expect(live.status().banked).toBe(3), 10_000);
    expect(await live.ledgerTotals()).toMatchObject({ applied: { rows: 9 }, banked: { rows: 3 } });
    expect(existsSync(join(folder, ".uproar/arena/uproar.sqlite"))).toBe(true);
    const headers = { authorization: `Bearer ${live.tokens.operator}` };
    const named = /gives (`\/live\/api\/ledger`.*?) with the operator token/.exec(page)![1]!;
    const paths = [...named.matchAll(/`(?:\/live\/api)?(\/[\w-]+)`/g)].map((match) => match[1]!);
    expect(paths).toEqual(["/ledger", "/events", "/rules", "/bans", "/test-event"]);
    for (const path of paths) {
      const isPosted = path === "/test-event";
      const url = `${base}${path}${path === "/events" ? "?format=json" : ""}`;
      expect((await fetch(url, { headers, method: isPosted ? "POST" : "GET" })).status, path).toBeLessThan(401);
    }
  });
});

const source = readFileSync(join(project, "server/plugin/live-events.ts"), "utf8");
const answers = readFileSync(join(project, "server/plugin/hosted-game.ts"), "utf8");
const fieldsOf = (text: string, name: string) => {
  const body = new RegExp(`interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)\\n\\}`).exec(text)![1]!;
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)[?(:]/gm)].map((match) => match[1]!);
};

test("its table names every option, and no other", () => {
  const [, table] = /## What you may set\n\n([\s\S]*?)\n\n/.exec(page)!;
  const rows = table!.split("\n").slice(2);
  const named = rows.flatMap((row) => [...row.split("|")[1]!.matchAll(/`(\w+)`/g)].map((match) => match[1]!));
  expect(named.sort()).toEqual([...fieldsOf(source, "LiveEventsOptions"), ...fieldsOf(answers, "RoomAnswers")].sort());
});

test("it names all that live events have", () => {
  for (const name of fieldsOf(source, "LiveEvents")) expect(page, name).toMatch(new RegExp(`\`(live\\.)?${name}\\b`));
});

test("its numbers are those of the code, and what it leads to is there", () => {
  expect(page).toContain(`has taken more than ${slowMs} ms`);
  expect({ maxTicksPerUpdate }).toEqual({ maxTicksPerUpdate: 60 });
  expect(page).toContain("More than a second at once is");
  for (const [, to] of page.matchAll(/\]\(([^)#]+)\)/g))
    if (!to!.startsWith("http")) expect(existsSync(join(project, "docs", to!)), to).toBe(true);
});

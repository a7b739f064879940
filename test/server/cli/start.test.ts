/** A whole show as a process of its own: what it says, its addresses and tokens, its ledger across a restart. */

import { once } from "node:events";
import { createConnection } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import WebSocket from "ws";
import { aFolder, type RunningCommand, uproar } from "./uproar.ts";

const folder = aFolder();
const env = { UPROAR_STAGE_TOKEN: "stage-token-for-tests", UPROAR_OPERATOR_TOKEN: "operator-token-for-tests" };
const operator = { authorization: `Bearer ${env.UPROAR_OPERATOR_TOKEN}` };
let show: RunningCommand;
let base: string;

/** Starts a show on any free port and waits until it says that it runs. */
async function start(...args: string[]): Promise<void> {
  show = uproar(["--port", "0", "--data", folder.path, "--seed", "3", ...args], { env });
  const [, address] = await show.prints(/(http:\/\/127\.0\.0\.1:\d+)\/stage\?token=/);
  base = address!;
  await show.prints(/Next/);
}

const json = async (path: string, init?: RequestInit) => {
  const response = await fetch(base + path, init);
  return { status: response.status, body: await response.json() };
};
const ledger = async () => {
  const text = await (await fetch(`${base}/api/ledger`, { headers: operator })).text();
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
};
const testEvent = (body: unknown) =>
  json("/api/test-event", {
    method: "POST",
    headers: { ...operator, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

beforeAll(() => start(), 60_000);
afterAll(async () => {
  show.process.kill("SIGKILL");
  await show.ended;
  folder.remove();
});

test("the terminal says where everything is and what to type next", () => {
  const text = show.stdout();
  expect(text).toContain(`${base}/stage?token=${env.UPROAR_STAGE_TOKEN}`);
  expect(text).toMatch(/width 1080, height 1920/);
  expect(text).toMatch(/Open in a browser +http/);
  expect(text).toMatch(/Game +Last Ball, rules in .*rules\.yaml/);
  expect(text).toMatch(/Source +simulated/);
  expect(text).toContain(folder.path);
  expect(text).toContain("npm start -- --source tiktool --user HANDLE");
});

describe("addresses", () => {
  test("/health says what runs, without a token", async () => {
    const { status, body } = await json("/health");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: "ok",
      version: expect.any(String),
      uptimeSeconds: expect.any(Number),
      shows: [
        {
          game: "last-ball",
          phase: "lobby",
          tick: expect.any(Number),
          tickRateHz: expect.any(Number),
          sources: [{ id: "simulated" }],
        },
      ],
    });
  });

  test("/metrics is in Prometheus' format", async () => {
    const text = await (await fetch(`${base}/metrics`)).text();
    expect(text).toMatch(/^# TYPE uproar_tick gauge$/m);
    expect(text).toMatch(/^uproar_source_state\{source="simulated",state="\w+"\} 1$/m);
    expect(text).toMatch(/^uproar_store\{name="written"\} \d+$/m);
  });

  test("/stage and its files are served, unknown ones are not", async () => {
    const page = await (await fetch(`${base}/stage?token=${env.UPROAR_STAGE_TOKEN}`)).text();
    const script = /src="([^"]+\.js)"/.exec(page)?.[1];
    const file = await fetch(new URL(script!, `${base}/stage`));
    expect([file.status, file.headers.get("cache-control")]).toEqual([200, expect.stringContaining("immutable")]);
    expect((await fetch(`${base}/stage`)).headers.get("cache-control")).toBe("no-cache");
    expect((await fetch(`${base}/stage/index.html`)).status).toBe(404);
    expect((await fetch(`${base}/../package.json`)).status).toBe(404);
    expect((await fetch(`${base}/%2e%2e/%2e%2e/package.json`)).status).toBe(404);
  });

  test("/ tells about the show only to who has a token", async () => {
    const open = await (await fetch(`${base}/`)).text();
    expect(open).not.toContain(env.UPROAR_STAGE_TOKEN);
    const trusted = await (await fetch(`${base}/?token=${env.UPROAR_STAGE_TOKEN}`)).text();
    expect(trusted).toContain(`/stage?token=${env.UPROAR_STAGE_TOKEN}`);
    expect(trusted).not.toContain(env.UPROAR_OPERATOR_TOKEN);
  });

  test("/api/snapshot has the contract's fields", async () => {
    const { body } = await json("/api/snapshot", { headers: operator });
    expect(body).toMatchObject({
      show: expect.any(String),
      game: "last-ball",
      phase: expect.any(String),
      tick: expect.any(Number),
      sources: [{ id: "simulated", state: expect.any(String), detail: expect.any(String) }],
      hud: { headline: expect.any(String) },
      boards: { round: expect.any(Array), show: expect.any(Array) },
    });
    expect(body.entities[0]).toMatchObject({
      id: expect.any(Number),
      kind: expect.any(String),
      x: expect.any(Number),
      y: expect.any(Number),
      angle: expect.any(Number),
    });
  });

  test("the rules that came with the game can be read, and not written", async () => {
    const { body } = await json("/api/rules", { headers: operator });
    expect(body).toMatchObject({ file: "shared/games/last-ball/rules.yaml", problems: [] });
    expect(Object.keys(body.files)).toEqual(["rules.yaml"]);
    const headers = { ...operator, "content-type": "text/yaml" };
    const put = await json("/api/rules", { method: "PUT", headers, body: body.files["rules.yaml"] });
    expect(put).toMatchObject({ status: 409, body: { error: expect.stringContaining("npm start -- new rules") } });
  });

  test("an unknown address under /api is 404 with a reason", async () => {
    expect(await json("/api/nothing", { headers: operator })).toMatchObject({
      status: 404,
      body: { error: expect.any(String) },
    });
  });
});

describe("tokens and origins", () => {
  test.each(["/api/snapshot", "/api/ledger", "/api/test-event", "/api/rules", "/api/events"])(
    "%s needs the operator token",
    async (path) => {
      const method = path.endsWith("event") ? "POST" : "GET";
      for (const headers of [
        new Headers(),
        { authorization: `Bearer ${env.UPROAR_STAGE_TOKEN}` },
        { authorization: env.UPROAR_OPERATOR_TOKEN },
      ]) {
        expect((await fetch(base + path, { method, headers })).status).toBe(401);
      }
    },
  );

  test("a page of another origin gets nothing, neither by HTTP nor by WebSocket", async () => {
    const headers = { ...operator, origin: "http://evil.example" };
    expect((await fetch(`${base}/api/snapshot`, { headers })).status).toBe(403);
    expect((await fetch(`${base}/health`, { headers })).status).toBe(403);
    expect((await fetch(`${base}/matchmake/join/show`, { method: "POST", headers, body: "{}" })).status).toBe(403);
    const own = await fetch(`${base}/health`, { headers: { origin: base } });
    expect([own.status, own.headers.get("access-control-allow-origin")]).toEqual([200, null]);
    const socket = new WebSocket(`${base.replace("http", "ws")}/x/y?sessionId=z`, {
      headers: { origin: "http://evil.example" },
    });
    const [error] = await once(socket, "error");
    expect((error as Error).message).toContain("403");
  });

  test("a name that was pointed at this machine gets nothing", async () => {
    const { port } = new URL(base);
    const answer = await new Promise<string>((resolve) => {
      const socket = createConnection(Number(port), "127.0.0.1");
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk.toString();
      });
      socket.on("close", () => resolve(text));
      socket.write(`GET /health HTTP/1.1\r\nHost: evil.example:${port}\r\nConnection: close\r\n\r\n`);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 403/);
  });

  test("nobody can make a room", async () => {
    const made = await fetch(`${base}/matchmake/create/show`, {
      method: "POST",
      body: "{}",
      headers: { authorization: `Bearer ${env.UPROAR_STAGE_TOKEN}` },
    });
    expect(made.status).toBeGreaterThanOrEqual(400);
  });

  test("bytes that are no HTTP do not hurt", async () => {
    const { port } = new URL(base);
    const socket = createConnection(Number(port), "127.0.0.1");
    socket.resume().end("\u0000\u0001 nonsense\r\n\r\n");
    await once(socket, "close");
    expect((await json("/health")).status).toBe(200);
  });
});

describe("test events", () => {
  test("a gift by hand gets its row, marked as a test", async () => {
    const { status, body } = await testEvent({
      type: "gift",
      viewer: { handle: "me" },
      gift: { name: "Star", unitValue: 30 },
      count: 2,
    });
    expect(status).toBe(202);
    await vi.waitFor(
      async () =>
        expect((await ledger()).find(({ id }) => id === body.id)).toMatchObject({
          test: true,
          count: 2,
          value: 60,
          viewer: { handle: "me" },
        }),
      5000,
    );
  });

  test("a comment by hand puts a body on the stage", async () => {
    await testEvent({ type: "chat", viewer: { handle: "hand", name: "Hand Made" }, text: "hello" });
    await vi.waitFor(async () => {
      const { body } = await json("/api/snapshot", { headers: operator });
      expect(body.entities.map((entity: { viewer?: { name: string } }) => entity.viewer?.name)).toContain("Hand Made");
    }, 5000);
  });

  test.each([
    ["no type", {}, "type"],
    ["an unknown type", { type: "bribe" }, "type"],
    ["a negative count", { type: "gift", count: -1 }, "count"],
    ["an unknown key", { type: "gift", amount: 1 }, "amount"],
    ["no JSON", "{", ""],
    ["a list", [], "body"],
  ])("%s is refused with the reason", async (_name, body, reason) => {
    const answer = await testEvent(body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(reason);
  });

  test("a huge body is refused", async () => {
    expect((await testEvent({ type: "chat", text: "x".repeat(100_000) })).status).toBe(413);
  });
});

test("a stop is quick and clean, and the ledger is there after a restart", { timeout: 60_000 }, async () => {
  await testEvent({ type: "gift", viewer: { handle: "last" } });
  const before = await vi.waitFor(async () => {
    const rows = await ledger();
    expect(rows.some(({ viewer }) => viewer.handle === "last")).toBe(true);
    return rows;
  }, 5000);
  show.process.kill("SIGTERM");
  const { code, stdout, stderr } = await show.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("Everything is saved.");
  await start();
  const after = await ledger();
  expect(after.map(({ id }) => id)).toEqual(expect.arrayContaining(before.map(({ id }) => id)));
});

test("two shows do not share a data folder", { timeout: 60_000 }, async () => {
  const second = await uproar(["--port", "0", "--data", folder.path], { env }).ended;
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/another|in use|already/i);
  expect(second.stderr).not.toMatch(/^\s+at /m);
});

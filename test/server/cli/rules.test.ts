/** The rule file of a whole show that runs: saved, broken and mended by hand and over HTTP, and what the addresses say about it. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { aFolder, type RunningCommand, uproar } from "./uproar.ts";

const folder = aFolder();
const env = { UPROAR_OPERATOR_TOKEN: "operator-token-for-tests", UPROAR_STAGE_TOKEN: "stage-token-for-tests" };
const operator = { authorization: `Bearer ${env.UPROAR_OPERATOR_TOKEN}` };
const cwd = join(folder.path, "my");
const file = join(cwd, "rules.yaml");
const rules = `game: last-ball
include: base.yaml
rules:
  - { id: rose, on: gift, do: grow }
`;
let show: RunningCommand;
let base: string;

const json = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(base + path, { ...init, headers: { ...operator, ...init.headers } });
  return { status: response.status, body: await response.json() };
};
const health = async () => (await json("/health")).body;
const sooner = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 8000, interval: 50 });
/** Sends a gift by hand and gives its event with what became of it. */
const sendGift = async () => {
  const { body } = await json("/api/test-event", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ type: "gift", viewer: { handle: "me" } }),
  });
  return sooner(async () => {
    const list = (await json("/api/events?format=json&type=gift&last=500")).body;
    const found = list.find(({ id }: { id: string }) => id === body.id);
    expect(found).toBeDefined();
    return found;
  });
};

beforeAll(async () => {
  mkdirSync(cwd, { recursive: true });
  writeFileSync(file, rules);
  writeFileSync(join(cwd, "base.yaml"), "game: last-ball\nrules:\n  - { id: hello, on: chat, do: enter }\n");
  show = uproar(["--port", "0", "--data", "data", "--rules", "rules.yaml", "--seed", "3"], { env, cwd });
  const [, address] = await show.prints(/(http:\/\/127\.0\.0\.1:\d+)\/stage\?token=/);
  base = address!;
  await show.prints(/Next/);
}, 60_000);
afterAll(async () => {
  show.process.kill("SIGKILL");
  await show.ended;
  folder.remove();
});

test("health names the file, without trouble", async () => {
  const { status, trouble, shows } = await health();
  expect([status, trouble]).toEqual(["ok", undefined]);
  expect(shows[0].rules).toEqual({ file: "rules.yaml", loadedAt: expect.any(Number), problems: [] });
});

test("an event is explained, and its acts have their rule and line", async () => {
  expect(await sendGift()).toMatchObject({
    type: "gift",
    viewer: { handle: "me" },
    summary: "me sends 1 x Test gift (1 diamond)",
    explanations: [{ rule: "rose", file: "rules.yaml", line: 4, verdict: "fired" }],
    acts: [{ rule: "rose", line: 4, action: "grow" }],
  });
});

test("events come as they happen, a saved file in between", { timeout: 20_000 }, async () => {
  const request = get(`${base}/api/events?last=0`, { headers: operator });
  const response = await new Promise<IncomingMessage>((resolve) => request.on("response", resolve));
  let text = "";
  response.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  writeFileSync(file, rules.replace("do: grow", "do: pulse"));
  await show.prints(/rules: 1 changed \(rose\)\n/);
  expect(await sendGift()).toMatchObject({ acts: [{ rule: "rose", action: "pulse" }] });
  await sooner(() => expect(text).toMatch(/event: rules\ndata: \{.*"changed":\["rose"\]/));
  await sooner(() => expect(text).toMatch(/^data: \{"id":"test:.*"action":"pulse"/m));
  request.destroy();
});

test("a broken file: the show goes on, terminal and health say where and since when", { timeout: 20_000 }, async () => {
  const before = (await health()).shows[0].rules.loadedAt;
  writeFileSync(file, rules.replace("do: grow", "do: gorw"));
  await show.prints(/rules\.yaml:4:\d+ {2}RULES_UNKNOWN_ACTION {2}.*Did you mean "grow"\?/);
  await show.prints(/rules: still the rules of \d\d:\d\d:\d\d/);
  const { status, trouble, shows } = await health();
  expect([status, trouble]).toEqual(["degraded", expect.stringMatching(/^The rule file rules\.yaml has 1 error\./)]);
  expect(shows[0].rules).toMatchObject({ loadedAt: before, problems: [{ code: "RULES_UNKNOWN_ACTION", line: 4 }] });
  expect(await sendGift()).toMatchObject({ acts: [{ action: "pulse" }] });
  const metrics = await (await fetch(`${base}/metrics`)).text();
  expect(metrics).toMatch(/^uproar_rules\{name="failures"\} 1$/m);
  expect(metrics).toMatch(/^uproar_rules\{name="reloads"\} 1$/m);
  expect(metrics).toMatch(/^uproar_event_readers\{name="readers"\} 0$/m);
  expect(metrics).toMatch(/^uproar_simulation\{name="rulesDropped"\} \d+$/m);
});

test("a good text over HTTP mends it", async () => {
  const put = (body: string) => json("/api/rules", { method: "PUT", body, headers: { "content-type": "text/yaml" } });
  expect(await put("game: chess\nrules: []\n")).toMatchObject({
    status: 422,
    body: { problems: [expect.any(Object)] },
  });
  const mended = rules.replace("do: grow", "do: spikes");
  expect(await put(mended)).toMatchObject({ status: 200, body: { file: "rules.yaml", rules: 2 } });
  expect(readFileSync(file, "utf8")).toBe(mended);
  expect((await health()).status).toBe("ok");
  expect((await json("/api/rules")).body).toMatchObject({ files: { "rules.yaml": mended }, problems: [] });
  await sooner(async () => expect(await sendGift()).toMatchObject({ acts: [{ action: "spikes" }] }));
});

test("rules and events are for the operator, the schema is for everybody", async () => {
  for (const path of ["/api/rules", "/api/events"]) {
    for (const headers of [new Headers(), { authorization: `Bearer ${env.UPROAR_STAGE_TOKEN}` }])
      expect((await fetch(base + path, { headers })).status).toBe(401);
  }
  expect((await fetch(`${base}/api/rules`, { method: "PUT", body: rules })).status).toBe(401);
  expect((await fetch(`${base}/rules/last-ball.schema.json`)).status).toBe(200);
});

test("a reader of events does not hold up the end", async () => {
  const request = get(`${base}/api/events`, { headers: operator });
  const response = await new Promise<IncomingMessage>((resolve) => request.on("response", resolve));
  response.resume().on("error", () => undefined);
  show.process.kill("SIGTERM");
  const { code, stderr } = await show.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("a file with warnings is played, and the terminal says how to see them", { timeout: 30_000 }, async () => {
  writeFileSync(join(cwd, "warned.yaml"), "game: last-ball\nrules:\n  - { on: chat, do: enter }\n");
  const warned = uproar(["--port", "0", "--data", "data", "--rules", "warned.yaml"], { env, cwd });
  await warned.prints(/^ +1 warning about the rules: npm start -- check warned\.yaml$/m);
  await warned.prints(/Next/);
  warned.process.kill("SIGTERM");
  expect((await warned.ended).code).toBe(0);
});

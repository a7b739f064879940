/** /api/ingest over real sockets: who may send, what is answered, what a line may do; and beside the room's own WebSocket in a whole show. */
import { once } from "node:events";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { until } from "../../support/until.ts";
import { aFolder, uproar } from "../cli/uproar.ts";
import { anIngestServer, token } from "./an-ingest-server.ts";

type Server = Awaited<ReturnType<typeof anIngestServer>>;
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});
async function start(): Promise<Server> {
  const server = await anIngestServer();
  servers.push(server);
  return server;
}

const viewer = { platform: "tiktok", id: "7" };
const chat = (text: string, id: string = "") => ({ type: "chat", id, viewer, text });
const bearer = (given: string) => ({ authorization: `Bearer ${given}` });

/** The status by which a line is refused. */
async function refusal(line: WebSocket): Promise<number> {
  const [, response] = await once(line, "unexpected-response");
  line.on("error", () => undefined).terminate();
  return response.statusCode;
}

async function opened(line: WebSocket): Promise<WebSocket> {
  await once(line, "open");
  return line;
}

/** The answer to the next message. */
async function answerTo(line: WebSocket, message: string | Buffer): Promise<unknown> {
  line.send(message);
  const [data] = await once(line, "message");
  return JSON.parse(String(data));
}

describe("POST", () => {
  test("takes one event, starts the source with it, and answers 202", async () => {
    const { send, ingest } = await start();
    expect(ingest.status()).toEqual([]);
    expect(await send(JSON.stringify(chat("hello", "a")))).toMatchObject({
      status: 202,
      reply: { accepted: 1, duplicates: 0, rejected: [] },
    });
    expect(ingest.drain(9)).toMatchObject([{ type: "streamStart" }, { type: "chat", text: "hello", id: "ingest:a" }]);
    expect(ingest.status()).toMatchObject([{ id: "ingest", state: "live" }]);
  });

  test("says for each event of a list what became of it", async () => {
    const { post } = await start();
    const list = [chat("one", "a"), chat("one", "a"), { type: "chat", viewer }, 7, { type: "bribe" }];
    expect(await post(list)).toEqual({
      accepted: 1,
      duplicates: 1,
      rejected: [
        { index: 2, reason: "text: is missing." },
        { index: 3, reason: expect.stringContaining("JSON object") },
        { index: 4, reason: expect.stringContaining('no "bribe"') },
      ],
    });
  });

  test.each([
    ["no JSON", "{", 400],
    ["nothing", "", 400],
    ["a number", "7", 400],
    ["null", "null", 400],
    ["no event", "{}", 400],
    ["an unknown event", '{"type":"bribe"}', 400],
    ["an event with a fault", '{"type":"chat"}', 202],
    ["too many events", JSON.stringify(Array(1001).fill(chat("x"))), 400],
    ["too much", JSON.stringify("x".repeat(1024 * 1024)), 413],
  ])("answers %s with a reason in JSON", async (_name, body, status) => {
    const { send, ingest } = await start();
    const answer = await send(body);
    expect(answer.status).toBe(status);
    const reason = "error" in answer.reply ? answer.reply.error : answer.reply.rejected[0]!.reason;
    expect(reason).toMatch(/^.{10,300}[.>)]$/);
    expect(ingest.drain(9)).toEqual([]);
  });

  test("counts what is no JSON", async () => {
    const { send, ingest } = await start();
    await send("nonsense");
    expect(ingest.status()[0]!.counters).toMatchObject({ received: 1, broken: 1 });
  });

  test("needs the ingest token, and a page of this address or no page", async () => {
    const { send, url, api } = await start();
    const body = JSON.stringify(chat("x"));
    for (const authorization of ["", "Bearer wrong", token, `Basic ${token}`]) {
      expect((await send(body, { authorization })).status).toBe(401);
    }
    expect(api.counters()).toMatchObject({ refused: 4, messages: 0 });
    expect((await send(body, { origin: "http://evil.example" })).status).toBe(403);
    expect((await send(body, { origin: url })).status).toBe(202);
    expect((await fetch(`${url}/api/ingest`, { headers: bearer(token) })).status).toBe(405);
    expect((await fetch(`${url}/api/ingest?token=${token}`, { method: "POST", body })).status).toBe(401);
  });

  test("takes nothing while the show starts or stops, and says when to come again", async () => {
    const { send, setReady, ingest } = await start();
    setReady(false);
    const { status, headers } = await send(JSON.stringify(chat("x", "a")));
    expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
    expect(ingest.status()).toEqual([]);
    setReady(true);
    expect(await send(JSON.stringify(chat("x", "a")))).toMatchObject({ reply: { accepted: 1 } });
  });
});

describe("WebSocket", () => {
  test.each([
    ["in the header", "", bearer(token)],
    ["in the address", `?token=${token}`, {}],
  ])("opens with the token %s, and answers each message", async (_name, query, headers) => {
    const { line, ingest } = await start();
    const program = await opened(line(query, headers));
    expect(await answerTo(program, JSON.stringify(chat("one", "a")))).toEqual({
      accepted: 1,
      duplicates: 0,
      rejected: [],
    });
    expect(await answerTo(program, JSON.stringify([chat("one", "a"), chat("two", "b")]))).toMatchObject({
      accepted: 1,
      duplicates: 1,
    });
    expect(await answerTo(program, "nonsense")).toEqual({ error: expect.stringContaining("no JSON") });
    expect(await answerTo(program, Buffer.from("{}"))).toEqual({ error: expect.stringContaining("no JSON") });
    expect(await answerTo(program, '{"type":"bribe"}')).toEqual({ error: expect.stringContaining("bribe") });
    expect(await answerTo(program, "[".repeat(1e5) + "]".repeat(1e5))).toEqual({ error: expect.any(String) });
    expect(ingest.drain(9).map(({ id }) => id)).toEqual([expect.any(String), "ingest:a", "ingest:b"]);
    expect(ingest.status()[0]!.counters).toMatchObject({ broken: 3, ignoredUnknown: 1 });
  });

  test("is refused without the token, and to a page of another address", async () => {
    const { line, api } = await start();
    expect(await refusal(line("", {}))).toBe(401);
    expect(await refusal(line("?token=wrong", {}))).toBe(401);
    expect(await refusal(line("", bearer("wrong")))).toBe(401);
    expect(await refusal(line(`?token=${token}`, { origin: "http://evil.example" }))).toBe(403);
    expect(api.counters()).toMatchObject({ lines: 0, refused: 4 });
  });

  test("is open to 20 programs at once", async () => {
    const { line, api } = await start();
    const programs = await Promise.all(Array.from({ length: 20 }, () => opened(line())));
    expect(await refusal(line())).toBe(503);
    programs[0]!.close();
    await until(() => api.counters().lines === 19);
    await opened(line());
  });

  test("closes on a message that is too large, and counts it", async () => {
    const { line, ingest } = await start();
    const program = await opened(line());
    program.send(`"${"x".repeat(256 * 1024)}"`);
    const [code] = await once(program, "close");
    expect(code).toBe(1009);
    await until(() => ingest.status()[0]?.counters.broken === 1);
  });

  test("is cut when it leaves a ping unanswered, and only then", async () => {
    const { line, clock, api } = await start();
    const silent = line();
    // A program that never answers: its library would by itself.
    silent.pong = () => undefined;
    await opened(silent);
    const alive = await opened(line());
    await until(() => api.counters().lines === 2);
    const pinged = [once(silent, "ping"), once(alive, "ping")];
    clock.advance(20_000);
    await Promise.all(pinged);
    // The answer to a message comes after the pong.
    await answerTo(alive, JSON.stringify(chat("here")));
    clock.advance(20_000);
    const [code] = await once(silent, "close");
    expect([code, alive.readyState, api.counters().lines]).toEqual([1006, WebSocket.OPEN, 1]);
  });

  test("is closed with 1001 when the show stops, and leaves no timer", async () => {
    const server = await start();
    const program = await opened(server.line());
    await answerTo(program, JSON.stringify(chat("x")));
    const closed = once(program, "close");
    server.setReady(false);
    await server.api.stop();
    expect((await closed)[0]).toBe(1001);
    await server.ingest.stop();
    expect([server.api.counters().lines, server.clock.pending()]).toEqual([0, 0]);
    expect(await refusal(server.line())).toBe(503);
  });
});

test("in a whole show both ways count once, across a restart too, and the stage's line is not touched", {
  timeout: 90_000,
}, async () => {
  const folder = aFolder();
  const env = { UPROAR_INGEST_TOKEN: token, UPROAR_OPERATOR_TOKEN: "operator-token-for-tests" };
  const run = async () => {
    const show = uproar(["start", "--source", "ingest", "--port", "0", "--data", folder.path], { env });
    const [, base] = await show.prints(/(http:\/\/127\.0\.0\.1:\d+)\/stage\?token=/);
    await show.prints(/Next/);
    const stop = async () => {
      show.process.kill("SIGTERM");
      expect(await show.ended).toMatchObject({ code: 0, stderr: "" });
    };
    return { base: base!, stop };
  };
  const gift = { id: "5655", name: "Rose", unitValue: 2, currency: "diamond" };
  const step = (id: string, streakTotal: number) => ({ type: "gift", id, viewer, gift, streakKey: "k", streakTotal });
  const read = async (base: string, path: string) =>
    (await fetch(base + path, { headers: bearer(env.UPROAR_OPERATOR_TOKEN) })).text();
  const counts = async (base: string) => {
    const rows = (await read(base, "/api/ledger")).split("\n").filter(Boolean);
    return rows.map((row) => JSON.parse(row)).map(({ id, count, test: isTest }) => [id, count, isTest]);
  };
  const post = async (base: string, body: unknown, given: string = token) => {
    const init = { method: "POST", body: JSON.stringify(body), headers: bearer(given) };
    const response = await fetch(`${base}/api/ingest`, init);
    return [response.status, await response.json()];
  };

  const first = await run();
  expect(await post(first.base, step("a", 1), env.UPROAR_OPERATOR_TOKEN)).toMatchObject([401, {}]);
  expect((await fetch(`${first.base}/api/snapshot`, { headers: bearer(token) })).status).toBe(401);
  expect(await post(first.base, [step("a", 1), step("b", 3)])).toMatchObject([202, { accepted: 2 }]);
  const program = await opened(new WebSocket(`${first.base.replace("http", "ws")}/api/ingest?token=${token}`));
  expect(await answerTo(program, JSON.stringify([step("b", 3), { ...step("t", 9), test: true }]))).toMatchObject({
    accepted: 1,
    duplicates: 1,
  });
  expect(await read(first.base, "/metrics")).toMatch(/^uproar_ingest_api\{name="lines"\} 1$/m);
  expect(JSON.parse(await read(first.base, "/health")).shows[0].sources).toMatchObject([
    { id: "ingest", state: "live" },
  ]);
  const expected = [
    ["ingest:a", 1, false],
    ["ingest:b", 2, false],
    ["ingest:t", 9, true],
  ];
  await vi.waitFor(async () => expect(await counts(first.base)).toEqual(expected), 5000);
  // A room's line is Colyseus' as before: it answers what is no seat in a room by closing.
  const stage = await opened(new WebSocket(`${first.base.replace("http", "ws")}/x/y?sessionId=z`));
  await once(stage, "close");
  const closed = once(program, "close");
  await first.stop();
  expect((await closed)[0]).toBe(1001);

  const second = await run();
  expect(await post(second.base, [step("b", 3), step("c", 7)])).toMatchObject([202, { accepted: 1, duplicates: 1 }]);
  const after = [...expected, ["ingest:c", 4, false]];
  await vi.waitFor(async () => expect((await counts(second.base)).sort()).toEqual(after.sort()), 5000);
  await second.stop();
  folder.remove();
});

describe("an answer waits for the disk", () => {
  test("and comes when the events are safe, over a line in the order of the questions", async () => {
    const server = await start();
    const line = await opened(server.line());
    let speak = (_isSafe: boolean) => {};
    server.setDisk(new Promise<boolean>((resolve) => (speak = resolve)));
    const answers: unknown[] = [];
    line.on("message", (data) => answers.push(JSON.parse(String(data))));
    line.send(JSON.stringify(chat("one", "a")));
    await until(() => server.api.counters().messages === 1);
    server.setDisk(true);
    line.send("no json");
    await until(() => server.api.counters().messages === 2);
    expect(answers).toEqual([]);
    speak(true);
    await until(() => answers.length === 2);
    expect(answers).toMatchObject([{ accepted: 1 }, { error: expect.any(String) }]);
    line.close();
  });

  test("and says when it refuses: sent again they are known", async () => {
    const server = await start();
    server.setDisk(false);
    expect(await server.post(chat("one", "a"))).toEqual({ accepted: 1, duplicates: 0, rejected: [], unsaved: true });
    server.setDisk(true);
    expect(await server.post(chat("one", "a"))).toEqual({ accepted: 0, duplicates: 1, rejected: [] });
  });
});

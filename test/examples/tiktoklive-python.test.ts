/** The Python example: what it makes of TikTokLive's events is what /api/ingest understands, and it loses and doubles nothing. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import type { LiveEvent } from "../../shared/events/live-event.ts";
import { anIngestServer, token } from "../server/http/an-ingest-server.ts";
import { until } from "../support/until.ts";

const example = fileURLToPath(new URL("../../examples/tiktoklive-python/", import.meta.url));
const fixtures = fileURLToPath(new URL("../fixtures/tiktoklive/", import.meta.url));
const mapped = readFileSync(`${fixtures}uproar.ndjson`, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
/** The command that runs Python here, "" where there is none. */
const python =
  ["python3", "python"].find((name) => spawnSync(name, ["-c", "import urllib.request"]).status === 0) ?? "";

const servers: { stop(): Promise<void> }[] = [];
const programs: ChildProcess[] = [];
afterEach(async () => {
  for (const program of programs.splice(0)) program.kill("SIGKILL");
  for (const server of servers.splice(0)) await server.stop();
});
async function start(options: Parameters<typeof anIngestServer>[0] = {}) {
  const server = await anIngestServer(options);
  servers.push(server);
  return server;
}

function runPython(args: readonly string[], env: Record<string, string> = {}): ChildProcess & { printed(): string } {
  const program = spawn(python, ["-B", ...args], {
    env: {
      ...process.env,
      PYTHONPATH: [example, `${fixtures}library`].join(process.platform === "win32" ? ";" : ":"),
      PYTHONIOENCODING: "utf-8",
      ...env,
    },
  });
  programs.push(program);
  let text = "";
  for (const stream of [program.stdout, program.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return Object.assign(program, { printed: () => text });
}

const roomId = "7400000000000000321";
const lea = {
  platform: "tiktok",
  id: "6900000000000000201",
  handle: "lea.k",
  name: "Lea 🦊",
  avatarUrl: "https://p16-sign-va.tiktokcdn.com/tos-avt/1~tplv.webp?x-expires=1800003600&x-signature=s%2B1%3D",
  roles: { moderator: true, subscriber: false, follower: true, owner: false },
  levels: { gifter: 12, team: 3 },
};
const pebble = { id: "9101", name: "Pebble", unitValue: 2, currency: "diamond" };
const acted = { id: "6900000000000000203", handle: "linh99" };

/** What the fixture's events are as LiveEvents, where no room is told but at the start. */
const expected = [
  { type: "streamStart", roomId },
  { type: "chat", id: "ingest:7500000000000000101", text: 'hop <b>"7"</b> Çok', viewer: lea, roomId },
  {
    type: "chat",
    text: "older names",
    viewer: { id: "6900000000000000202", handle: "omer_tr", name: "Ömer", roles: { moderator: true } },
  },
  { type: "gift", gift: pebble, count: 1, streakTotal: 1, viewer: { id: lea.id } },
  { type: "gift", gift: pebble, count: 3, streakTotal: 4 },
  { type: "giftStreakEnd", streakTotal: 4, inferred: false },
  { type: "gift", gift: { id: "9109", name: "Comet", unitValue: 700 }, count: 1, streakKey: "", viewer: acted },
  {
    type: "gift",
    gift: pebble,
    count: 2,
    streakTotal: 2,
    viewer: { handle: "omer_tr", name: "Ömer" },
  },
  { type: "giftStreakEnd", streakTotal: 2 },
  { type: "like", count: 12, roomTotal: 4012, viewer: { id: "no.id" } },
  { type: "join", viewer: acted },
  { type: "subscribe", months: 0, viewer: { handle: "sub.ana" } },
  { type: "subscribe", months: 4, viewer: { handle: "omer_tr" } },
  { type: "follow", viewer: acted },
  { type: "share", viewer: acted },
  { type: "viewers", count: 321, total: 9876 },
  { type: "battle", battleId: "7600000000000000001", phase: "active" },
  { type: "battleScores", battleId: "7600000000000000001", scores: [140, 95] },
  { type: "battle", phase: "ended", scores: [150, 96] },
  { type: "pin", text: "Rules: type hop", pinned: true, viewer: { handle: "someone.live" } },
  { type: "caption", text: "and jump now", final: true, language: "en" },
  { type: "envelope", value: 50, people: 10, viewer: { name: "Lea" } },
  { type: "emote", emoteId: "7700000000000000001", url: "https://p16-sign-va.tiktokcdn.com/e.webp" },
  { type: "intro", text: "Welcome, type hop", viewer: { name: "Someone" } },
  { type: "streamEnd", reason: "3" },
];

test("what the mapping writes is taken as it is, without Python too", async () => {
  const { post, ingest } = await start();
  expect(await post(mapped)).toEqual({ accepted: mapped.length, duplicates: 0, rejected: [] });
  expect(ingest.drain(99)).toMatchObject(expected);
});

describe.skipIf(python === "")(`with Python${python === "" ? ", which is not on this machine" : ""}`, () => {
  test("the mapping makes of each event what the fixture says", async () => {
    const script = [
      "import json, sys",
      "from mapping import to_uproar",
      "for line in open(sys.argv[1], encoding='utf-8'):",
      "    told = json.loads(line)",
      "    print(json.dumps(to_uproar(told['class'], told['data'])))",
    ].join("\n");
    const program = runPython(["-c", script, `${fixtures}events.ndjson`]);
    await until(() => program.exitCode !== null);
    const made = program.printed().trim().split("\n");
    expect(made.map((line) => JSON.parse(line)).filter((event) => event !== null)).toEqual(mapped);
  });

  test("the forwarder follows a stream and sends what the library tells it", async () => {
    const { url, ingest } = await start();
    const program = runPython([`${example}forward.py`, "@someone.live"], {
      UPROAR_URL: url,
      UPROAR_INGEST_TOKEN: token,
      TIKTOKLIVE_EVENTS: `${fixtures}events.ndjson`,
    });
    const heard: LiveEvent[] = [];
    await until(() => {
      heard.push(...ingest.drain(99));
      return heard.some(({ type }) => type === "streamEnd");
    });
    // The library's stand-in has no LiveIntroEvent.
    expect(heard).toMatchObject(expected.filter(({ type }) => type !== "intro"));
    expect(heard.every((event) => event.roomId === roomId)).toBe(true);
    expect(ingest.status()[0]!.counters).toMatchObject({ broken: 0, ignoredUnknown: 0 });
    program.kill("SIGINT");
    await until(() => program.exitCode !== null);
    expect(program.printed()).toMatch(/^follows @someone\.live\s+Stopped\.\s*$/);
  });

  test("every event that the forwarder sends names its room", async () => {
    const { url, ingest, post } = await start();
    // Another program's broadcast is on: an event that named no room would be taken for one of it.
    await post({ type: "streamStart", roomId: "1" });
    runPython([`${example}forward.py`, "@someone.live"], {
      UPROAR_URL: url,
      UPROAR_INGEST_TOKEN: token,
      TIKTOKLIVE_EVENTS: `${fixtures}events.ndjson`,
    });
    const heard: LiveEvent[] = [];
    await until(() => {
      heard.push(...ingest.drain(99));
      return heard.some(({ type }) => type === "emote");
    });
    expect(heard.map((event) => event.roomId)).toEqual(["1", ...Array(heard.length - 1).fill(roomId)]);
  });

  test("what Uproar is not ready for is sent again", async () => {
    const { url, ingest, setReady } = await start();
    setReady(false);
    const program = runPython([`${fixtures}send.py`, url, token, "30"]);
    program.stdin!.end(`${JSON.stringify({ type: "chat", viewer: { platform: "p", id: "7" }, text: "kept" })}\n`);
    await until(() => program.printed().includes("answers 503"));
    setReady(true);
    await until(() => program.exitCode !== null, 15_000);
    expect(ingest.drain(9)).toMatchObject([{ type: "streamStart" }, { type: "chat", text: "kept" }]);
  });

  test("the forwarder says what it needs", async () => {
    const program = runPython([`${example}forward.py`, "@someone.live"], { UPROAR_INGEST_TOKEN: "" });
    await until(() => program.exitCode !== null);
    expect([program.exitCode, program.printed()]).toEqual([1, expect.stringContaining("UPROAR_INGEST_TOKEN")]);
  });

  const giftsOf = (events: readonly LiveEvent[]) => events.filter((event) => event.type === "gift");

  test.each([
    // What was answered just before a crash may not be in the ledger.
    ["that has lost the last steps", "30", 1, [2, 5, 2, 4]],
    // An old step is, and is all that is sent once more.
    ["long after the last step", "0", 3, [2, 4]],
  ])("gifts and a comment count once across a restart of Uproar %s", async (_name, againS, inLedger, counts) => {
    const viewer = { platform: "tiktok", id: "7" };
    const single = { type: "gift", viewer, gift: pebble };
    const step = (streakTotal: number) => ({ ...single, streakKey: "k", streakTotal });
    const first = await start();
    const program = runPython([`${fixtures}send.py`, first.url, token, againS]);
    const say = (...events: object[]) => {
      for (const event of events) program.stdin!.write(`${JSON.stringify(event)}\n`);
    };
    const before: LiveEvent[] = [];
    say(step(1), step(3), { ...single, count: 5 });
    await until(() => {
      before.push(...first.ingest.drain(99));
      return giftsOf(before).length === 3;
    });
    await first.stop();
    servers.pop();
    say({ type: "chat", viewer, text: "kept" }, { ...single, count: 2 }, step(7));
    await until(() => /does not answer.*events wait/.test(program.printed()));

    const ids = giftsOf(before).map(({ id }) => id);
    const second = await start({ takenBefore: new Set(ids.slice(0, inLedger)), onPort: first.port });
    program.stdin!.end();
    await until(() => program.exitCode !== null, 15_000);
    const after = second.ingest.drain(99);
    expect(program.exitCode).toBe(0);
    expect(giftsOf(after).map((event) => "count" in event && event.count)).toEqual(counts);
    expect(after.filter(({ type }) => type === "chat")).toHaveLength(1);
    expect(after.every(({ replay }) => !replay)).toBe(true);
  });
});

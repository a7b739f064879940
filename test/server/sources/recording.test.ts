/** Source recording: what one show heard, another hears again, at any speed, with its dates moved to now. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { createIngest, type Ingest, type IngestOptions } from "../../../server/ingest/ingest.ts";
import { createRecorder, parseHeader, parseMoment } from "../../../server/ingest/recorder.ts";
import recording from "../../../server/sources/recording.ts";
import tiktool from "../../../server/sources/tiktool.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { someSettings } from "../../support/source.ts";
import { until } from "../../support/until.ts";
import { startFakeSocketServer } from "./conformance.ts";

const folder = mkdtempSync(join(tmpdir(), "uproar-recording-"));
const file = join(folder, "show.ndjson");
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  rmSync(file, { force: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

const lines = readFileSync(new URL("../../fixtures/tiktool/messages.ndjson", import.meta.url), "utf8")
  .trim()
  .split("\n");
const recordedAtMs = 1_800_000_000_000;
const laterMs = recordedAtMs + 90 * 24 * 3_600_000;

/** Records the fixture's messages from a real line, one a second, with an unreadable one between; gives what the show heard. */
async function record() {
  const server = await startFakeSocketServer();
  const clock = createManualClock(recordedAtMs);
  const ingest = createIngest({ clock, random: () => 0.5 });
  cleanups.push(() => server.stop(), ingest.stop);
  let text = "";
  const header = { recording: 1, source: "tiktool", user: "some.streamer", startedAt: clock.now() } as const;
  const recorder = createRecorder(header, clock.now, (line) => {
    text += line;
  });
  ingest.start(tiktool, someSettings({ user: "some.streamer", env: { TIKTOOL_URL: server.url } }), recorder);
  await until(() => server.lines() === 1);
  let sent = 0;
  for (const frame of [...lines.slice(0, 20), Buffer.from([1, 2, 3]), ...lines.slice(20)]) {
    server.send(frame);
    sent++;
    await until(() => text.split("\n").length >= sent + 3);
    clock.advance(1000);
  }
  await until(() => text.includes('"line":"over"') || ingest.status()[0]!.state === "ended");
  writeFileSync(file, text);
  return ingest.drain(10_000);
}

/** Plays the file to its end, moving time on. */
async function play(clock: ManualClock, speed = 1, before: Partial<IngestOptions> = {}): Promise<Ingest> {
  const ingest = createIngest({ clock, random: () => 0.5, ...before });
  cleanups.push(ingest.stop);
  ingest.start(recording, someSettings({ user: file, speed }));
  await until(() => {
    clock.advance(500);
    return ingest.status()[0]!.state === "ended";
  });
  return ingest;
}

const told = (events: ReturnType<Ingest["drain"]>) =>
  events.map(
    (event) => `${event.type} ${"viewer" in event ? event.viewer?.id : ""} ${"count" in event ? event.count : ""}`,
  );

describe("a recorded stream", () => {
  it.each([1, 10])("plays again as it was heard, at speed %i, ninety days later", async (speed) => {
    const heard = await record();
    expect(heard.length).toBeGreaterThan(20);
    const clock = createManualClock(laterMs);
    const ingest = await play(clock, speed);
    expect(ingest.status()[0]).toMatchObject({ state: "ended", detail: expect.stringContaining("played to its end") });
    const again = ingest.drain(10_000);
    expect(told(again).sort()).toEqual(told(heard).sort());
    for (const event of again) expect(event.ts).toBeGreaterThan(laterMs - 60_000);
    const seconds = (clock.now() - laterMs) / 1000;
    expect(seconds).toBeGreaterThan(lines.length / speed - 1);
    expect(seconds).toBeLessThan(lines.length / speed + 60);
    // It is not played a second time.
    const { connects } = ingest.status()[0]!.counters;
    clock.advance(3_600_000);
    expect(ingest.status()[0]!.counters.connects).toBe(connects);
  });

  it.each(["recording", "tiktool"])("acts again though the ledger knows what %s told of it", async (source) => {
    const heard = await record();
    const first = source === "tiktool" ? heard : (await play(createManualClock(laterMs))).drain(10_000);
    const gifts = first.flatMap((event) => (event.type === "gift" ? [event] : []));
    expect(gifts.length).toBeGreaterThan(2);
    const ingest = await play(createManualClock(laterMs + 60_000), 1, {
      takenBefore: new Set(gifts.map(({ id }) => id)),
      combosBefore: gifts
        .filter(({ streakKey }) => streakKey !== "")
        .map((gift) => ({ ...gift, total: gift.streakTotal, heardAtMs: laterMs, sentAtMs: gift.ts })),
    });
    const again = ingest.drain(10_000);
    expect(told(again).sort()).toEqual(told(heard).sort());
    const ids = new Set(first.map(({ id }) => id));
    expect(again.filter(({ id }) => ids.has(id))).toEqual([]);
  });

  it("goes on after a recorded reconnect with what the source kept from line to line", async () => {
    const tagged = (tags: Record<string, string>) => {
      const shared = {
        "user-id": "9",
        login: "bo",
        "display-name": "Bo",
        "room-id": "55",
        "msg-param-sub-plan": "1000",
      };
      const all = { ...shared, "msg-param-origin-id": "bomb-1", "tmi-sent-ts": String(recordedAtMs + 500), ...tags };
      const text = Object.entries(all).map(([name, value]) => `${name}=${value}`);
      return `@${text.join(";")} :tmi.twitch.tv USERNOTICE #some_streamer`;
    };
    const given = (nth: number) => tagged({ id: `g${nth}`, "msg-id": "subgift", "msg-param-recipient-id": `${nth}` });
    const bomb = tagged({ id: "b", "msg-id": "submysterygift", "msg-param-mass-gift-count": "5" });
    const room = "@room-id=55 :tmi.twitch.tv ROOMSTATE #some_streamer";
    const moments = [
      { line: "open" },
      ...[room, bomb, given(1), given(2)].map((text) => ({ text })),
      { line: "over" },
      { line: "open" },
      ...[room, given(3), given(4), given(5)].map((text) => ({ text })),
    ];
    const header = { recording: 1, source: "twitch", user: "some_streamer", startedAt: recordedAtMs };
    const stamped = moments.map((moment, index) => ({ at: index * 100, ...moment }));
    writeFileSync(file, [header, ...stamped].map((line) => `${JSON.stringify(line)}\n`).join(""));
    const ingest = await play(createManualClock(laterMs));
    const gifted = ingest.drain(100).flatMap((event) => (event.type === "subscribe" ? [event.giftCount] : []));
    expect(gifted).toEqual([5]);
  });

  it("counts what is no moment of it, as a last line that was cut short, and goes on", async () => {
    await record();
    const [header, ...moments] = readFileSync(file, "utf8").trim().split("\n");
    writeFileSync(file, [header, "nonsense", ...moments, moments[3]!.slice(0, 20)].join("\n"));
    const ingest = await play(createManualClock(laterMs));
    // One frame of bytes, two lines that are none.
    expect(ingest.status()[0]!.counters.broken).toBe(3);
  });

  it("stops in the midst of it and leaves nothing planned", async () => {
    await record();
    const clock = createManualClock(laterMs);
    const ingest = createIngest({ clock, random: () => 0.5 });
    ingest.start(recording, someSettings({ user: file }));
    await until(() => {
      clock.advance(100);
      return ingest.status()[0]!.state === "live";
    });
    await ingest.stop();
    expect(clock.pending()).toBe(0);
  });
});

describe("what is no recording", () => {
  it.each([
    ["", "add --source recording:FILE"],
    [join(folder, "missing.ndjson"), "cannot be read"],
    [folder, "cannot be read"],
  ])("%j", (user, message) => expect(recording.check(someSettings({ user }))).toContain(message));

  it.each([
    ["{}", "is no recording"],
    ["", "is no recording"],
    ['{"recording":2,"source":"tiktool","user":"","startedAt":1}', "is no recording"],
    ['{"recording":1,"source":"../main","user":"","startedAt":1}', "is no recording"],
    ['{"recording":1,"source":"nowhere","user":"","startedAt":1}', 'from "nowhere"'],
  ])("%s", (text, message) => {
    writeFileSync(file, text);
    expect(recording.check(someSettings({ user: file }))).toContain(message);
  });

  it("a good one is checked", async () => {
    await record();
    expect(recording.check(someSettings({ user: file }))).toBeUndefined();
    const [first, second] = readFileSync(file, "utf8").split("\n");
    expect(parseHeader(first!)).toMatchObject({ source: "tiktool", user: "some.streamer" });
    expect(parseMoment(second!)).toEqual({ at: 0, line: "open" });
  });
});

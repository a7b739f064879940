/** Source tiktool: the captions' line beside the event line (protocols 1.4), and what the event line does not feel of it. */
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { createIngest } from "../../../../server/ingest/ingest.ts";
import type { Frame, SourceEvent } from "../../../../server/ingest/source.ts";
import tiktool from "../../../../server/sources/tiktool.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { someListener, someSettings } from "../../../support/source.ts";
import { until } from "../../../support/until.ts";
import { aJwt, type ServiceScript, startTiktoolService } from "./service.ts";

const frames = readFileSync(new URL("../../../fixtures/tiktool/captions.ndjson", import.meta.url), "utf8")
  .trim()
  .split("\n");
const startMs = 1_800_000_010_000;
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A run of the source that is live and asks for captions, by a manual clock. */
async function start({ env = {}, captions = "en", ...script }: ServiceScript & Partial<Settings> = {}) {
  const sockets = {
    "/": (socket: { send(text: string): void }) => socket.send('{"event":"roomInfo","roomId":"7"}'),
    ...script.sockets,
  };
  const service = await startTiktoolService({ ...script, sockets });
  const clock = createManualClock(startMs);
  const ingest = createIngest({ clock, random: () => 0 });
  cleanups.push(
    () => service.stop(),
    () => ingest.stop(),
  );
  const recorded: Frame[] = [];
  const settings = someSettings({ user: "ana", captions, env: { TIKTOOL_URL: service.url, ...env } });
  ingest.start(tiktool, settings, { frame: (frame) => recorded.push(frame), line: () => undefined });
  const status = () => ingest.status()[0]!;
  await until(() => status().state === "live");
  return {
    service,
    clock,
    ingest,
    settings,
    recorded,
    status,
    /** Waits for the captions' line and gives it. */
    async captionsLine() {
      await until(() => service.on("/captions").length === 1);
      return service.on("/captions")[0]!;
    },
    /** What has come once the event line has heard all that was sent on it so far. */
    async heard() {
      const before = status().counters.ignoredUnknown;
      service.on("/")[0]!.send('{"event":"somethingNew"}');
      await until(() => status().counters.ignoredUnknown > before);
      return ingest.drain(1000).filter(({ type }) => type !== "streamStart");
    },
    captionLines: () => service.dialled.filter((path) => path.startsWith("/captions")),
  };
}
interface Settings {
  env: Record<string, string>;
  captions: string;
}

describe("the captions' line", () => {
  it("opens beside the event line with the same credential and the language, and its captions become events", async () => {
    const rig = await start({ env: { TIKTOOL_API_KEY: "k&1" } });
    const line = await rig.captionsLine();
    expect(rig.captionLines()).toEqual(["/captions?uniqueId=ana&apiKey=k%261&language=en"]);
    for (const frame of frames) line.send(frame);
    line.send("not json");
    line.send('{"type":"somethingNew"}');
    await until(() => rig.status().counters.ignoredUnknown === 1);
    const events = await rig.heard();
    expect(events).toMatchObject([
      { type: "caption", text: "so who wants", final: false, language: "en", roomId: "7", ts: 1_800_000_010_000 },
      { type: "caption", text: "so who wants to race", final: true, language: "en", source: "tiktool" },
      { type: "error", reason: "The captions' credits are nearly used up." },
      { type: "caption", text: "three, two, one", final: true },
    ]);
    // status, translation and credits
    expect(rig.status().counters).toMatchObject({ troubles: 1, ignoredControl: 3, broken: 1 });
  });

  it("is not opened unless asked for, nor before the broadcast is live", async () => {
    const rig = await start({ captions: "" });
    await rig.heard();
    expect(rig.captionLines()).toEqual([]);
    const waiting = await startTiktoolService({});
    cleanups.push(() => waiting.stop());
    const ingest = createIngest({ clock: createManualClock(startMs) });
    cleanups.push(() => ingest.stop());
    ingest.start(tiktool, { ...rig.settings, captions: "en", env: { TIKTOOL_URL: waiting.url } });
    await until(() => waiting.on("/").length === 1);
    expect(waiting.dialled).toHaveLength(1);
  });

  it("leaves the event line's own captions as they are", async () => {
    const rig = await start();
    const line = await rig.captionsLine();
    rig.service.on("/")[0]!.send('{"event":"caption","data":{"text":"native","isFinal":true}}');
    expect(await rig.heard()).toMatchObject([{ type: "caption", text: "native" }]);
    line.send(frames[1]!);
    await until(() => rig.ingest.drain(9).some((event) => event.type === "caption"));
  });

  it("uses the JWT, of which it asks for one that lasts and allows two lines", async () => {
    const fresh = aJwt(startMs + 3_600_000);
    const rig = await start({
      env: { TIKTOOL_API_KEY: "k", TIKTOOL_JWT_KEY: aJwt(startMs) },
      answers: { "/authentication/jwt": () => [200, { status_code: 0, data: { token: fresh } }] },
    });
    await rig.captionsLine();
    expect(rig.captionLines()).toEqual([`/captions?uniqueId=ana&jwtKey=${fresh}&language=en`]);
    expect(rig.service.asked).toMatchObject([{ body: { max_websockets: 2 } }]);
  });

  it("comes back by itself with longer and longer waits, told once, while the event line goes on", async () => {
    const rig = await start({ sockets: { "/captions": (socket) => socket.close(1011, "no speech service") } });
    const waits: number[] = [];
    const troubles: object[] = [];
    for (let lines = 1; lines <= 9; lines++) {
      // The watch for silence, and the captions' next attempt.
      await until(() => rig.captionLines().length === lines && rig.clock.pending() === 2);
      const before = rig.clock.now();
      for (let waiting = true; waiting; ) {
        rig.clock.advance(1000);
        waiting = rig.clock.pending() === 2;
        if (!waiting) waits.push(rig.clock.now() - before);
        troubles.push(...(await rig.heard()));
      }
    }
    expect(waits).toEqual([2000, 3000, 5000, 10_000, 20_000, 40_000, 80_000, 160_000, 250_000]);
    expect(troubles).toMatchObject([
      { type: "error", reason: expect.stringMatching(/^No captions \(no speech service\); they come back/) },
    ]);
    expect(rig.status()).toMatchObject({ state: "live", counters: { connects: 1, silences: 0 } });
  });

  it("forgets earlier ends once it has stayed open for long", async () => {
    const rig = await start();
    for (let lines = 1; lines <= 4; lines++) {
      const line = await rig.captionsLine();
      line.send(frames[1]!);
      await until(() => rig.ingest.drain(99).some(({ type }) => type === "caption"));
      rig.clock.advance(30_000);
      line.close(1011);
      await until(() => rig.clock.pending() === 2);
      await rig.heard();
      rig.clock.advance(2000);
      await until(() => rig.captionLines().length === lines + 1);
    }
  });

  it("does not come back where that would be of no use, nor ends anything by a nudge", async () => {
    const rig = await start();
    const line = await rig.captionsLine();
    line.send('{"type":"demo_limit","message":"Daily limit of captions reached"}');
    await until(() => rig.service.on("/captions").length === 0);
    expect(await rig.heard()).toMatchObject([{ type: "error", reason: expect.stringMatching(/^No captions \(Daily/) }]);
    expect(rig.status()).toMatchObject({ state: "live", counters: { connects: 1 } });
    const refused = await start({ sockets: { "/captions": (socket) => socket.close(4004, "no such user") } });
    await until(() => refused.status().counters.troubles === 1);
    await until(() => refused.service.on("/captions").length === 0);
    // Only the watch for silence.
    expect(refused.clock.pending()).toBe(1);
    expect(await refused.heard()).toMatchObject([{ type: "error", reason: "No captions (no such user)." }]);
  });

  it("is left out once the plan turns out to have no room for it", async () => {
    const rig = await start();
    await rig.captionsLine();
    rig.service.on("/")[0]!.close(4429, "Evicted - newer connection arrived (FIFO)");
    await until(() => rig.status().state === "evicted" && rig.service.on("/captions").length === 0);
    expect(rig.status().detail).toContain(
      "captions, which take a second line of the plan and are left out from now on",
    );
    rig.clock.advance(rig.status().retryAtMs! - rig.clock.now());
    await until(() => rig.status().state === "live");
    await rig.heard();
    expect(rig.captionLines()).toHaveLength(1);
  });

  it.each([
    ["open", () => undefined],
    ["waiting to come back", (socket: { close(code: number): void }) => socket.close(1011)],
  ])("ends with the event line, also while it is %s", async (_how, script) => {
    const rig = await start({ sockets: { "/captions": script } });
    await until(() => rig.captionLines().length === 1);
    await rig.heard();
    await rig.ingest.stop();
    await until(() => rig.service.on("/").length + rig.service.on("/captions").length === 0);
    expect(rig.clock.pending()).toBe(0);
    rig.clock.advance(3_600_000);
    expect(rig.captionLines()).toHaveLength(1);
  });

  it("is freed by the event line's own end", async () => {
    const rig = await start();
    const clock = createManualClock(startMs);
    const closed: string[] = [];
    const listener = someListener({ closed: ({ class: why }) => closed.push(why) });
    const connection = tiktool.connect(rig.settings, listener, clock);
    cleanups.push(() => connection.stop());
    await until(() => rig.service.on("/captions").length === 2);
    rig.service.on("/").at(-1)!.close(1011);
    await until(() => rig.service.on("/captions").length === 1);
    expect(closed).toEqual(["network"]);
    expect(clock.pending()).toBe(0);
  });

  it("is heard again from a recording", async () => {
    const rig = await start();
    const line = await rig.captionsLine();
    line.send(frames[1]!);
    line.send('{"type":"session_limit","message":"of the captions"}');
    await until(() => rig.clock.pending() === 2);
    rig.clock.advance(0);
    await until(() => rig.captionLines().length === 2);
    expect(rig.status().counters.troubles).toBe(0);
    const events: SourceEvent[] = [];
    const ear = tiktool.listen(
      rig.settings,
      someListener({
        event(event) {
          events.push(event);
          return "accepted";
        },
        closed: () => expect.unreachable("a captions' end is no end of the line"),
      }),
    );
    for (const frame of rig.recorded) ear.hear(frame);
    expect(events).toMatchObject([{ type: "caption", text: "so who wants", roomId: "7" }]);
  });
});

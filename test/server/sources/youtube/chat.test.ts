/** Source youtube asks for a chat's pages: at the service's pace, from where it was, and past trouble on the way. */
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { until } from "../../../support/until.ts";
import { anError, fakeVideoId } from "./fake-youtube.ts";
import {
  aLiveVideo,
  chat,
  ending,
  jewels,
  type Rig,
  settings,
  startMs,
  startYoutube,
  superChat,
  units,
} from "./rig.ts";

const rigs: Rig[] = [];
const start: typeof startYoutube = async (...given) => {
  const rig = await startYoutube(...given);
  rigs.push(rig);
  return rig;
};
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.cleanUp();
});

describe("asking", () => {
  it("asks for the page after the last one, and never sooner than the service says", async () => {
    const rig = await start((server) => {
      server.pollingIntervalMillis = 3000;
      server.send(chat("1", "0"));
    });
    for (let page = 1; page <= 4; page++) {
      await until(() => rig.status().counters.accepted === page);
      rig.clock.advance(2999);
      expect(rig.asked("/liveChat/messages")).toHaveLength(page);
      rig.server.send(chat("1", `${page}`));
      rig.clock.advance(1);
    }
    await until(() => rig.status().counters.accepted === 5);
    const tokens = rig.asked("/liveChat/messages").map(({ query }) => query.get("pageToken"));
    expect(tokens).toEqual([null, "p1", "p2", "p3", "p4"]);
    expect(rig.ingest.drain(99)).toMatchObject([
      { type: "streamStart" },
      ...["0", "1", "2", "3", "4"].map((text) => ({ text })),
    ]);
  });

  it("shows the key to the service only", async () => {
    const key = "very-secret";
    const rig = await start(
      (server) => server.answer("/liveChat/messages", { status: 400, body: anError(400, "invalidParameter") }),
      (url) => settings(url, fakeVideoId, { YOUTUBE_API_KEY: key }),
    );
    await until(() => rig.status().state === "failed");
    expect(rig.server.asked.map(({ query }) => query.get("key"))).toEqual([key, key]);
    expect(JSON.stringify([rig.status(), rig.ingest.drain(99)])).not.toContain(key);
  });

  it("tells once a minute how many watch", async () => {
    const rig = await start((server) => server.send(aLiveVideo({ concurrentViewers: "123" })));
    await rig.pages(1);
    rig.server.send(aLiveVideo({ concurrentViewers: "456" }));
    await rig.settled(() => rig.asked("/videos").length === 2);
    const tookMs = rig.clock.now() - startMs;
    expect(tookMs).toBeGreaterThanOrEqual(60_000);
    expect(tookMs).toBeLessThan(70_000);
    expect(await rig.pages(1)).toMatchObject([{ type: "viewers", count: 456, total: 0 }]);
  });

  it("hears of the end from the video", async () => {
    const rig = await start();
    await rig.pages(1);
    rig.server.send(aLiveVideo({ actualEndTime: "2027-01-15T09:00:00Z" }));
    await rig.settled(() => rig.status().state === "ended");
    expect(rig.ingest.drain(99)).toMatchObject([{ type: "streamEnd", reason: "the broadcast is over" }]);
  });

  it("tells of the end once, when the stream went offline", async () => {
    const rig = await start();
    await rig.pages(1);
    rig.server.send(chat("1", "last words"));
    rig.server.pageFields = { offlineAt: "2027-01-15T08:10:00Z" };
    const events = await rig.pages(3);
    expect(events.map(({ type }) => type)).toEqual(["chat", "streamEnd"]);
    await rig.settled(() => rig.status().retryAtMs !== undefined);
    expect(rig.status().state).toBe("ended");
  });
});

describe("history", () => {
  const day = 24 * 3_600_000;

  it("counts what was before the line without letting it act, also what is days old", async () => {
    const rig = await start((server) => {
      server.nowMs = startMs + 5000;
      server.send(aLiveVideo({ concurrentViewers: "12" }));
      server.send(superChat("old", "1", startMs - 60_000));
      server.send(superChat("ancient", "1", startMs - 3 * day));
      server.send(superChat("undated", "1"));
    });
    const events = (await rig.pages(2)).filter(({ type }) => type === "gift");
    expect(events.map(({ id, replay }) => [id, replay])).toEqual([
      ["youtube:old", true],
      ["youtube:ancient", true],
      ["youtube:undated", false],
    ]);
    rig.server.send(superChat("slow clock", "1", rig.clock.now() - 3 * day));
    expect(await rig.pages(2)).toMatchObject([{ type: "gift", replay: false }]);
  });
});

describe("trouble on the way", () => {
  it("keeps its place in the chat while the network is gone for some seconds", async () => {
    const rig = await start();
    await rig.pages(1);
    rig.server.send(superChat("before", "1"));
    const before = await rig.pages(1);
    rig.server.answer("/liveChat/messages", "cut");
    const asked = rig.asked("/liveChat/messages").length;
    rig.server.send(superChat("meanwhile", "1"));
    await rig.settled(() => rig.asked("/liveChat/messages").length === asked + 3);
    rig.server.answer("/liveChat/messages", undefined);
    expect(units([...before, ...(await rig.pages(2))])).toBe(2);
    expect(rig.status()).toMatchObject({ state: "live", counters: { connects: 1, duplicates: 0 } });
  });

  it.each([500, 503, 418])("waits out HTTP %i and gives up when it stays", async (status) => {
    const rig = await start();
    await rig.pages(1);
    rig.server.answer("/liveChat/messages", { status, body: "<html>" });
    const asked = rig.asked("/liveChat/messages").length;
    await rig.settled(() => rig.status().retryAtMs !== undefined);
    expect(rig.status()).toMatchObject({ state: "reconnecting" });
    const tries = rig.asked("/liveChat/messages").length - asked;
    expect(tries).toBeGreaterThanOrEqual(3);
    expect(tries).toBeLessThanOrEqual(4);
  });

  it("waits as long as the service asks to", async () => {
    const rig = await start();
    await rig.pages(1);
    const headers = { "retry-after": "120" };
    rig.server.answer("/liveChat/messages", { status: 503, body: "", headers });
    const asked = rig.asked("/liveChat/messages").length;
    await rig.settled(() => rig.status().retryAtMs !== undefined);
    expect(rig.asked("/liveChat/messages").length - asked).toBeLessThanOrEqual(1);
    expect((await ending(rig)).retryInMs).toBeGreaterThan(100_000);
  });

  const newLine = async (rig: Rig): Promise<void> => {
    rig.server.drop();
    await rig.settled(() => rig.status().retryAtMs !== undefined);
    rig.server.send(superChat("in between", "1", rig.clock.now()));
    rig.server.send(jewels("combo", "1", 6, rig.clock.now()));
    rig.clock.advance(rig.status().retryAtMs! - rig.clock.now());
    await rig.settled(() => rig.server.connects() === 2);
  };

  it.each([
    ["goes on from its place", false, 0],
    ["begins with history where its place is no longer known", true, 3],
  ])("neither loses nor doubles a gift when a new line %s", async (_name, forgetful, duplicates) => {
    const rig = await start((server) => {
      server.history = 3;
    });
    await rig.pages(1);
    for (const id of ["a", "b"]) rig.server.send(superChat(id, "1", rig.clock.now()));
    rig.server.send(jewels("combo", "1", 4, rig.clock.now()));
    const events = await rig.pages(1);
    rig.server.forgetful = forgetful;
    await newLine(rig);
    await rig.settled(() => rig.status().counters.giftUnits === 9);
    events.push(...rig.ingest.drain(99));
    const gifts = events.filter(({ type }) => type === "gift");
    expect(gifts.map(({ id, replay }) => [id, replay])).toEqual(
      ["a", "b", "combo:4", "in between", "combo:6"].map((id) => [`youtube:${id}`, false]),
    );
    expect(units(gifts)).toBe(9);
    expect(rig.status().counters.duplicates).toBe(duplicates);
  });

  it("gives up a service whose answers cannot be read", async () => {
    const rig = await start();
    await rig.pages(1);
    rig.server.answer("/liveChat/messages", { status: 200, body: "hello" });
    await rig.settled(() => rig.status().retryAtMs !== undefined);
    expect(rig.status().detail).toContain("cannot be understood");
    expect(rig.status().counters.broken).toBe(5);
    rig.server.answer("/liveChat/messages", undefined);
    rig.clock.advance(rig.status().retryAtMs! - rig.clock.now());
    await rig.pages(1);
    const tokens = rig.asked("/liveChat/messages").map(({ query }) => query.get("pageToken"));
    // The place at which nothing could be read is given up too.
    expect(tokens.filter((token) => token === null)).toHaveLength(2);
  });

  it("reads no answer that is larger than any can be, also one that makes sense", async () => {
    const rig = await start();
    await rig.pages(1);
    const body = `{"pollingIntervalMillis":1000,"items":[${chat("1", "hidden")}${" ".repeat(5 * 1024 * 1024)}]}`;
    rig.server.answer("/liveChat/messages", { status: 200, body });
    await rig.settled(() => rig.status().counters.broken > 0);
    rig.server.answer("/liveChat/messages", undefined);
    expect(await rig.pages(1)).toEqual([]);
    expect(rig.status()).toMatchObject({ state: "live", counters: { connects: 1 } });
  });

  it("can be stopped while an answer does not come", async () => {
    const rig = await start((server) => {
      server.silent = true;
    });
    await until(() => rig.asked("/liveChat/messages").length === 1);
    await rig.ingest.stop();
    expect(rig.clock.pending()).toBe(0);
  });

  it("does not wait for an answer for ever", async () => {
    const rig = await start();
    await rig.pages(1);
    const { server } = rig;
    server.silent = true;
    await rig.settled(() => rig.status().retryAtMs !== undefined);
    expect(rig.status().detail).toContain("no answer within 8 s");
  });
});

describe("Jewels", () => {
  it("count each combo by what it grew, in any order and however often it is told", async () => {
    const rig = await start();
    await rig.pages(1);
    let serial = 0;
    const totals = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(totals, totals, async (ana, ben) => {
        const combo = `combo${serial++}`;
        for (const total of ana) rig.server.send(jewels(`${combo}a`, "ana", total));
        for (const total of ben) rig.server.send(jewels(`${combo}b`, "ben", total));
        const events = await rig.pages(1);
        const of = (id: string) => units(events.filter((event) => "viewer" in event && event.viewer?.id === id));
        expect([of("ana"), of("ben")]).toEqual([Math.max(...ana), Math.max(...ben)]);
      }),
      { numRuns: 30 },
    );
  });

  it("close a combo when nothing more of it comes, as no end is told", async () => {
    const rig = await start();
    await rig.pages(1);
    for (const total of [1, 2, 7]) rig.server.send(jewels("combo", "1", total));
    await rig.pages(1);
    rig.clock.advance(16_000);
    expect(rig.ingest.drain(99)).toMatchObject([{ type: "giftStreakEnd", streakTotal: 7, inferred: true }]);
  });
});

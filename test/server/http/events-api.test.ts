/** /api/events over real sockets: earlier events, live ones, later acts, news of the rules, and readers that do not read. */
import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createEventsApi, type EventsApi } from "../../../server/http/events-api.ts";
import type { RulesNews } from "../../../server/live-rules.ts";
import { createEventLog, type EventLog } from "../../../server/room/event-log.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import type { CompiledRule } from "../../../shared/rules/compiled.ts";
import type { Acted } from "../../../shared/sim/acted.ts";
import { aChat, aGift, aLike } from "../../support/events.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { tinyRules } from "../../support/tiny-game.ts";
import { until } from "../../support/until.ts";

const rules = tinyRules("  - { id: hello, on: chat, do: wave }\n  - { id: rose, on: gift, do: jump }\n");
let clock: ManualClock;
let log: EventLog;
let api: EventsApi;
let url: string;
let end: () => Promise<void>;
let tellRules: (news: RulesNews) => void;
let listeners: number;

beforeEach(async () => {
  clock = createManualClock();
  log = createEventLog();
  listeners = 0;
  const counted: Pick<EventLog, "recent" | "listen"> = {
    recent: log.recent,
    listen(listener) {
      listeners++;
      const stop = log.listen(listener);
      return () => {
        listeners--;
        stop();
      };
    },
  };
  api = createEventsApi({
    log: counted,
    rules: {
      listen(listener) {
        tellRules = listener;
        return () => undefined;
      },
    },
    clock,
  });
  const http = createServer(express().use("/api/events", api.router));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/api/events`;
  end = async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  };
});
afterEach(async () => {
  api.stop();
  await end();
});

/** Something that happened, decided by the rule of its kind. */
function happened(event: LiveEvent | undefined, acts: readonly Acted[] = []): void {
  const fits = ({ on }: CompiledRule) => on === event?.type;
  const traces = rules.rules.filter(fits).map((rule) => ({ rule, verdict: "fired", detail: "", ticks: 0 }) as const);
  log.note({ decisions: [{ event, tick: 7, traces, rules }], acts }, clock.now());
}
const anAct = (id: string, fields: Partial<Acted> = {}): Acted => ({
  ...{ eventIds: [id], rule: "rose", file: "rules.yaml", line: 5, action: "jump", params: { size: 1 } },
  ...{ viewer: "tiktok:ana", tick: 9, state: "applied", reason: "", ...fields },
});

interface Told {
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: JSON of several shapes
  data: any;
}

/** A reader that reads; `told` grows. */
async function aReader(query = "") {
  const request = get(url + query);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const told: Told[] = [];
  let comments = 0;
  let rest = "";
  let isClosed = false;
  response.setEncoding("utf8");
  response.on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n\n");
    rest = parts.pop()!;
    for (const part of parts) {
      const lines = part.split("\n");
      if (lines[0]!.startsWith(":")) comments++;
      else {
        const data = lines.find((line) => line.startsWith("data: "))!.slice(6);
        const name = lines.find((line) => line.startsWith("event: "))?.slice(7) ?? "message";
        told.push({ name, data: JSON.parse(data) });
      }
    }
  });
  response.on("close", () => {
    isClosed = true;
  });
  response.on("error", () => undefined);
  await until(() => api.counters().readers > 0 || response.statusCode !== 200);
  return {
    response,
    told,
    ids: () => told.map(({ data }) => data.id),
    comments: () => comments,
    isClosed: () => isClosed,
    leave: () => request.destroy(),
  };
}

/** Sends what waits, and gives it the time to arrive. */
async function arrives(condition: () => boolean): Promise<void> {
  clock.advance(100);
  await until(condition);
}

describe("as a list", () => {
  test("the recent ones, oldest first, each with words, reasons and acts", async () => {
    const gift = aGift(5, "bo", 1, { test: true });
    happened(aChat("hi"));
    happened(gift, [anAct(gift.id)]);
    happened(undefined);
    const response = await fetch(`${url}?format=json`);
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(await response.json()).toMatchObject([
      { id: aChat("hi").id, at: clock.now(), tick: 7, type: "chat", summary: "ana: hi", viewer: { handle: "ana" } },
      {
        ...{ type: "gift", summary: "bo sends 1 x Gift 5 (5 diamond)", event: gift },
        ...{ explanations: [{}], acts: [{ rule: "rose", line: 5, action: "jump", state: "applied" }] },
      },
      { type: "show", acts: [] },
    ]);
    expect(listeners).toBe(0);
  });

  test("as many as asked, of one type if asked", async () => {
    for (let nr = 0; nr < 130; nr++) happened(nr % 2 ? aGift(1, "ana", nr) : aChat(`${nr}`));
    const list = async (query: string) => (await (await fetch(`${url}?format=json${query}`)).json()) as Told["data"][];
    expect((await list("")).length).toBe(50);
    expect((await list("&last=1000")).length).toBe(130);
    expect((await list("&last=2&type=chat")).map(({ summary }) => summary)).toEqual(["ana: 126", "ana: 128"]);
    expect(await list("&last=0")).toEqual([]);
    expect(await list("&type=show")).toEqual([]);
  });

  test.each(["last=-1", "last=x", "last=5000", "type=bribe", "format=xml"])(
    "?%s is refused with a reason",
    async (query) => {
      const response = await fetch(`${url}?${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error: expect.any(String),
        problems: [expect.stringContaining(`${query.split("=")[0]}: `)],
      });
    },
  );
});

describe("as they happen", () => {
  test("first the last ones, then live ones, in order and each once", async () => {
    for (let nr = 0; nr < 120; nr++) happened(aChat(`${nr}`));
    const reader = await aReader("?last=60");
    // While the earlier ones are still being told.
    happened(aChat("live 1"));
    clock.advance(100);
    await until(() => reader.told.length === 61);
    happened(aChat("live 2"));
    await arrives(() => reader.told.length >= 62);
    const expected = [...Array.from({ length: 60 }, (_, i) => `${i + 60}`), "live 1", "live 2"];
    expect(reader.told.map(({ data }) => data.event.text)).toEqual(expected);
    expect(reader.response.headers).toMatchObject({
      "content-type": expect.stringMatching(/^text\/event-stream/),
      "cache-control": "no-store",
    });
  });

  test("what waits to be sent when a reader comes is not told it twice", async () => {
    const before = await aReader();
    happened(aChat("one"));
    const reader = await aReader();
    await until(() => reader.told.length === 1);
    happened(aChat("two"));
    await arrives(() => reader.told.length >= 2 && before.told.length >= 2);
    const texts = [before, reader].map(({ told }) => told.map(({ data }) => data.event.text));
    expect(texts).toEqual([
      ["one", "two"],
      ["one", "two"],
    ]);
  });

  test("what is done later comes as acts", async () => {
    const reader = await aReader();
    const gift = aGift(1);
    happened(gift, [anAct(gift.id, { state: "waits", reason: "waits for play" })]);
    await arrives(() => reader.told.length === 1);
    expect(reader.told[0]!.data.acts).toMatchObject([{ state: "waits", reason: "waits for play" }]);
    log.note({ decisions: [], acts: [anAct(gift.id)] }, clock.now());
    await arrives(() => reader.told.length === 2);
    expect(reader.told[1]).toMatchObject({
      name: "acts",
      data: { ids: [gift.id], tick: 9, acts: [{ state: "applied" }] },
    });
  });

  test("one type only, for who asks for it", async () => {
    const gifts = await aReader("?type=gift");
    const all = await aReader();
    happened(aChat("hi"));
    happened(aGift(1));
    await arrives(() => all.told.length === 2 && gifts.told.length === 1);
    expect(gifts.ids()).toEqual([aGift(1).id]);
  });

  test("news of the rules come as rules", async () => {
    const reader = await aReader();
    const problems = [
      { severity: "error", code: "RULES_SHAPE", file: "r.yaml", line: 1, column: 1, message: "No." },
    ] as const;
    const status = { file: "r.yaml", rules, loadedAt: 5, problems, trouble: "The rule file r.yaml has 1 error." };
    tellRules({ ok: false, status, changes: undefined });
    await until(() => reader.told.length === 1);
    expect(reader.told[0]).toEqual({
      name: "rules",
      data: {
        at: clock.now(),
        ok: false,
        game: "tiny",
        file: "r.yaml",
        rules: 2,
        loadedAt: 5,
        problems,
        trouble: status.trouble,
      },
    });
  });

  test("a flood is told in part, every gift a little later, and what was left out is counted", async () => {
    const reader = await aReader();
    for (let nr = 0; nr < 200; nr++) happened(aLike(nr));
    for (let nr = 0; nr < 120; nr++) happened(aGift(1, "ana", nr));
    await arrives(() => reader.told.at(-1)?.name === "skipped");
    expect(reader.told.at(-1)!.data).toEqual({ count: 150 });
    const numberOf = (type: string) => reader.told.filter(({ data }) => data.type === type).length;
    expect([numberOf("like"), numberOf("gift")]).toEqual([50, 50]);
    clock.advance(100);
    clock.advance(100);
    await until(() => numberOf("gift") === 120);
    expect(reader.ids().slice(-20)).toEqual(Array.from({ length: 20 }, (_, i) => aGift(1, "ana", i + 100).id));
    expect([api.counters().skipped, clock.pending()]).toEqual([150, 1]);
    happened(aChat("after"));
    await arrives(() => reader.told.at(-1)?.data.type === "chat");
  });

  test("what nobody asked for is not left out of anything", async () => {
    const reader = await aReader("?type=chat");
    for (let nr = 0; nr < 200; nr++) happened(aLike(nr));
    happened(aChat("hi"));
    await arrives(() => reader.told.length === 1);
    expect(api.counters().skipped).toBe(0);
  });

  test("with very many rules fewer events are told in one go", async () => {
    const many = Array.from({ length: 999 }, (_, i) => `  - { id: r${i}, on: chat, command: c${i}, do: wave }\n`);
    const large = tinyRules(many.join(""));
    const reader = await aReader();
    const decisions = Array.from({ length: 30 }, (_, i) => ({
      event: aChat(`${i}`),
      tick: 1,
      traces: [],
      rules: large,
    }));
    log.note({ decisions, acts: [] }, 0);
    await arrives(() => reader.told.at(-1)?.name === "skipped");
    expect([reader.told.length, reader.told.at(-1)!.data]).toEqual([11, { count: 20 }]);
    expect(reader.told[0]!.data.explanations.length).toBe(999);
    const list = (await (await fetch(`${url}?format=json`)).json()) as unknown[];
    expect(list.length).toBe(30);
  });

  test("a line that is silent is kept open", async () => {
    const reader = await aReader();
    clock.advance(15_000);
    await until(() => reader.comments() === 1);
    clock.advance(30_000);
    await until(() => reader.comments() === 3);
    expect(reader.told).toEqual([]);
  });

  test("a reader that does not read is cut off, the others go on", async () => {
    const [slow] = (await once(get(url), "response")) as [IncomingMessage];
    slow.pause();
    let isCut = false;
    slow
      .on("error", () => undefined)
      .on("close", () => {
        isCut = true;
      });
    const reader = await aReader();
    await until(() => api.counters().readers === 2);
    const long = "x".repeat(500);
    let nr = 0;
    while (api.counters().cutOff === 0 && nr < 100_000) {
      for (let i = 0; i < 100; i++)
        happened(aGift(1, "ana", nr++, { roomId: "r".repeat(128), streakKey: long.slice(0, 400) }));
      clock.advance(100);
      // A turn of the event loop, so that who reads can.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(api.counters()).toMatchObject({ cutOff: 1, readers: 1 });
    const before = reader.told.length;
    happened(aChat("still here"));
    await arrives(() => reader.told.length > before && reader.told.at(-1)!.data.summary === "ana: still here");
    slow.resume();
    await until(() => isCut);
  });

  test("sixteen may read, the next one is told why not, until one leaves", async () => {
    const readers = [];
    for (let i = 0; i < 16; i++) readers.push(await aReader());
    await until(() => api.counters().readers === 16);
    const refused = await fetch(url);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ error: expect.stringContaining("16") });
    expect(api.counters().refused).toBe(1);
    readers[0]!.leave();
    await until(() => api.counters().readers === 15);
    await aReader();
    expect(api.counters().readers).toBe(16);
  });

  test("nobody listens to the log and nothing is planned when nobody reads", async () => {
    const reader = await aReader();
    happened(aChat("hi"));
    expect([listeners, clock.pending()]).toEqual([1, 2]);
    reader.leave();
    await until(() => api.counters().readers === 0);
    expect([listeners, clock.pending()]).toEqual([0, 0]);
    const again = await aReader("?last=0");
    happened(aChat("ho"));
    await arrives(() => again.told.length === 1);
  });

  test("the end closes every line", async () => {
    const reader = await aReader();
    api.stop();
    await until(() => reader.isClosed());
    expect([api.counters().readers, listeners, clock.pending()]).toEqual([0, 0, 0]);
  });
});

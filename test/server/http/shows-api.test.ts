/** /api/shows over a real socket, in front of records and journals in memory. */
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createShowsApi } from "../../../server/http/shows-api.ts";
import { type JournalQuery, type ShowRecord, StoreError } from "../../../server/store/store.ts";
import { createShowReader } from "../../../shared/replay/show-file.ts";
import { aHead } from "../../shared/replay/a-show.ts";
import { aChat } from "../../support/events.ts";
import { until } from "../../support/until.ts";
import { aRouter, type RunningRouter } from "./a-router.ts";

const beginning = aHead().beginning;
const aRecord = (fields: Partial<ShowRecord>): ShowRecord => ({
  ...{ id: "a-show", game: "last-ball", seed: 7, startedAt: 1000, version: "0.1.0", season: "Season 1" },
  ...{ body: JSON.stringify(beginning), tick: 90, endedAt: 2500, resumes: 1, lastSeq: 3, hasJournal: true },
  ...fields,
});

let records: ShowRecord[];
let inputs: { seq: number; at: number; body: string; tick: number | undefined }[];
let failsAtSeq: number;
/** What a page of the journal waits for. */
let disk: Promise<void>;
let isSettled: boolean;
let server: RunningRouter;

beforeEach(async () => {
  records = [
    aRecord({ id: "now", endedAt: undefined, resumes: 0 }),
    aRecord({ id: "killed", endedAt: undefined }),
    aRecord({ id: "a-show" }),
    aRecord({ id: "old", hasJournal: false }),
  ];
  const event = aChat("hello");
  inputs = [3, 60, undefined].map((tick, index) => ({
    ...{ seq: index + 1, at: 0, tick },
    body: JSON.stringify([{ type: "event", event }]),
  }));
  failsAtSeq = Number.POSITIVE_INFINITY;
  disk = Promise.resolve();
  isSettled = false;
  const store = {
    shows: async (limit: number) => (isSettled ? records.slice(0, limit) : []),
    show: async (id: string) => (isSettled ? records.find((record) => record.id === id) : undefined),
    async journal({ after }: JournalQuery) {
      await disk;
      const from = Number(after || 0);
      if (from + 1 >= failsAtSeq) throw new StoreError("STORE_FAILED", "The disk refuses.");
      return { rows: inputs.slice(from, from + 1), next: from + 1 < inputs.length ? String(from + 1) : "" };
    },
    traces: async () => ({ rows: [{ tick: 60, body: JSON.stringify({ prints: [1, 2], outline: [] }) }], next: "" }),
  };
  const settle = async () => {
    isSettled = true;
  };
  server = await aRouter(createShowsApi({ show: { id: "now" }, store, settle }));
});
afterEach(() => server.stop());

/** Entries of an exported show. */
async function exported(id: string) {
  const response = await fetch(`${server.url}/${id}/export`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const reader = createShowReader();
  const [first, ...rest] = gunzipSync(bytes).toString("utf8").split("\n").slice(0, -1);
  const head = reader.head(first!);
  const entries = rest.map((line) => reader.entry(line));
  reader.finish();
  return { response, head, entries };
}

describe("the list", () => {
  test("tells how each show is doing, without its rule files", async () => {
    const { body } = await server.call("/");
    const same = { game: "last-ball", seed: 7, startedAt: 1000, version: "0.1.0", season: "Season 1", ticks: 90 };
    expect(body).toEqual({
      shows: [
        { ...same, id: "now", state: "running", endedAt: null, resumes: 0, hasJournal: true },
        { ...same, id: "killed", state: "interrupted", endedAt: null, resumes: 1, hasJournal: true },
        { ...same, id: "a-show", state: "ended", endedAt: 2500, resumes: 1, hasJournal: true },
        { ...same, id: "old", state: "ended", endedAt: 2500, resumes: 1, hasJournal: false },
      ],
    });
  });

  test("is as long as is asked for", async () => {
    expect((await server.call("/?limit=2")).body.shows).toHaveLength(2);
  });

  test.each(["?limit=0", "?limit=201", "?limit=x", "?show=now"])("%s is refused", async (query) => {
    expect(await server.call(`/${query}`)).toMatchObject({ status: 400, body: { problems: [expect.any(String)] } });
  });
});

describe("an export", () => {
  test.each(["a-show", "now", "killed"])("of %s is a whole show file", async (id) => {
    const { response, head, entries } = await exported(id);
    expect(response.headers.get("content-type")).toBe("application/gzip");
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(response.headers.get("content-disposition")).toBe(`attachment; filename=uproar-show-${id}.jsonl.gz`);
    expect(head).toMatchObject(aHead({ id }));
    const told = entries.map((entry) => ("end" in entry ? entry : { tick: entry.tick, isTrace: "trace" in entry }));
    expect(told).toEqual([
      { tick: 3, isTrace: false },
      { tick: 60, isTrace: true },
      { tick: 60, isTrace: false },
      { end: 90 },
    ]);
  });

  test.each([
    ["nowhere", 404],
    ["..%2Fnow", 404],
    ["old", 410],
  ])("of %s is refused", async (id, status) => {
    expect(await server.call(`/${id}/export`)).toMatchObject({ status, body: { error: expect.any(String) } });
  });

  test("of a show whose record is damaged says so", async () => {
    records[2] = aRecord({ body: '{"rules":' });
    const { status, body, headers } = await server.call("/a-show/export");
    expect([status, headers.get("content-disposition")]).toEqual([500, null]);
    expect(body.error).toContain("damaged");
    expect(server.failed).toEqual([]);
  });

  test("that breaks off is cut, not ended: by the store, by what is damaged", async () => {
    inputs = inputs.slice(0, 2);
    // More than is compressed in one go, so that a part is on its way by then.
    const texts = Array.from({ length: 2000 }, (_, i) => createHash("sha256").update(String(i)).digest("base64"));
    inputs[0]!.body = JSON.stringify(texts.map((text) => ({ type: "event", event: aChat(text) })));
    failsAtSeq = 2;
    await expect(exported("a-show")).rejects.toThrow();
    failsAtSeq = Number.POSITIVE_INFINITY;
    inputs[1]!.body = "[{]";
    await expect(exported("a-show")).rejects.toThrow();
    await until(() => server.closed() === 2);
    expect(server.failed).toEqual([]);
  });

  test("is made one at a time, also after one that its reader left", async () => {
    let goOn = () => {};
    disk = new Promise((resolve) => {
      goOn = resolve;
    });
    const left = new AbortController();
    const first = fetch(`${server.url}/a-show/export`, { signal: left.signal });
    first.catch(() => undefined);
    await until(() => server.received() === 1);
    const second = await server.call("/now/export");
    expect([second.status, second.headers.get("retry-after")]).toEqual([429, "10"]);
    left.abort();
    goOn();
    await until(() => server.closed() === 2);
    expect((await exported("now")).entries).toHaveLength(4);
  });
});

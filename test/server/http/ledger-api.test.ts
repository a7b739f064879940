/** /api/ledger over a real socket, in front of pages of a made-up store. */
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createLedgerApi } from "../../../server/http/ledger-api.ts";
import {
  type LedgerQuery,
  type LedgerRow,
  type LedgerState,
  type LedgerTotals,
  StoreError,
  type ViewerTotal,
} from "../../../server/store/store.ts";
import { until } from "../../support/until.ts";
import { aRouter, type RunningRouter } from "./a-router.ts";

let rows: LedgerRow[];
let totals: LedgerTotals;
let viewers: ViewerTotal[];
/** What the store was asked, in order; "settled" when everything had been written first. */
let asked: unknown[];
let rowsOfPage: number;
let failAtPage: number;
let server: RunningRouter;

const none = { rows: 0, count: 0, value: 0 };
const aRow = (id: number, fields: Partial<LedgerRow> = {}): LedgerRow => ({
  ...{ id: `tiktool:${id}`, show: "now", round: 2, at: Date.UTC(2026, 10, 23, 20, 15, id), source: "tiktool" },
  viewer: { id: "6892636847263982501", handle: "ana", name: "Ana" },
  gift: { id: "5655", name: "Rose", unitValue: 1, currency: "diamond" },
  ...{ count: 3, value: 3, state: "applied", reason: "", test: false },
  actions: [{ rule: "rose", action: "spikes", tick: 740 }],
  ...fields,
});

beforeEach(async () => {
  rows = [];
  totals = { applied: none, banked: none, rejected: none, test: { applied: none, banked: none, rejected: none } };
  viewers = [];
  asked = [];
  rowsOfPage = 2;
  failAtPage = Number.POSITIVE_INFINITY;
  const store = {
    async ledger(query: LedgerQuery = {}) {
      asked.push(query);
      const from = Number(query.after || 0);
      if (from / rowsOfPage >= failAtPage) throw new StoreError("STORE_FAILED", "The disk refuses.");
      const fitting = rows.filter((row) => query.show === undefined || row.show === query.show);
      const next = from + rowsOfPage < fitting.length ? String(from + rowsOfPage) : "";
      return { rows: fitting.slice(from, from + rowsOfPage), next };
    },
    async ledgerTotals(show?: string) {
      asked.push(show);
      return totals;
    },
    async viewerTotals(show?: string) {
      asked.push(show);
      return viewers;
    },
  };
  const settle = async () => void asked.push("settled");
  server = await aRouter(createLedgerApi({ show: { id: "now" }, store, settle }));
});
afterEach(() => server.stop());

const lines = (text: string) => text.split("\n").filter(Boolean);

describe("the rows", () => {
  beforeEach(() => {
    const states: LedgerState[] = ["applied", "banked", "rejected"];
    rows = Array.from({ length: 7 }, (_, i) => aRow(i, { state: states[i % 3]!, show: i < 2 ? "before" : "now" }));
  });

  test("come as lines of JSON, after all that has happened is written", async () => {
    const { headers, text } = await server.call("/");
    expect(headers.get("content-type")).toMatch(/^application\/x-ndjson/);
    expect(headers.get("content-disposition")).toBeNull();
    expect(lines(text).map((line) => JSON.parse(line))).toEqual(rows);
    expect(asked).toEqual(["settled", { after: "" }, { after: "2" }, { after: "4" }, { after: "6" }]);
  });

  test("come as one JSON list, to be kept", async () => {
    const { headers, body } = await server.call("/?format=json");
    expect(headers.get("content-disposition")).toBe("attachment; filename=uproar-ledger-all.json");
    expect(body).toEqual(rows);
  });

  test("come as a table", async () => {
    rows = [
      aRow(1, { viewer: { id: "7", handle: "x", name: "=cmd|' /C calc'!A0" }, reason: 'wait,\n"please"' }),
      aRow(2, { at: 1e300, actions: [], test: true }),
      aRow(3, {
        actions: [
          { rule: "rose", action: "spikes", tick: 740 },
          { rule: "r2", action: "grow", tick: 9, show: "next" },
        ],
      }),
    ];
    const { headers, text } = await server.call("/?format=csv");
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(headers.get("content-disposition")).toBe("attachment; filename=uproar-ledger-all.csv");
    expect(text.split("\r\n")).toEqual([
      `\ufeff${[
        ...['"id"', '"show"', '"round"', '"time_utc"', '"source"', '"viewer_id"', '"viewer_handle"', '"viewer_name"'],
        ...['"gift_id"', '"gift_name"', '"unit_value"', '"currency"', '"count"', '"value"', '"state"', '"reason"'],
        ...['"actions"', '"test"'],
      ].join(",")}`,
      `"tiktool:1","now",2,"2026-11-23 20:15:01","tiktool","7","x","'=cmd|' /C calc'!A0","5655","Rose",1,"diamond",3,3,"applied","wait,\n""please""","spikes (rule rose, tick 740)",false`,
      `"tiktool:2","now",2,"","tiktool","'6892636847263982501","ana","Ana","5655","Rose",1,"diamond",3,3,"applied","","",true`,
      `"tiktool:3","now",2,"2026-11-23 20:15:03","tiktool","'6892636847263982501","ana","Ana","5655","Rose",1,"diamond",3,3,"applied","","spikes (rule rose, tick 740); grow (rule r2, tick 9 of next)",false`,
      "",
    ]);
  });

  test.each<[string, number[], string | null]>([
    ["?show=before", [0, 1], null],
    ["?show=current", [2, 3, 4, 5, 6], null],
    ["?show=", [0, 1, 2, 3, 4, 5, 6], null],
    ["?show=nowhere", [], null],
    ["?state=banked", [1, 4], null],
    ["?state=rejected&show=current&format=json", [2, 5], "uproar-ledger-now-rejected.json"],
    ["?show=a%22%0A%2Fb&format=json", [], "uproar-ledger-a___b.json"],
    ["?show=nowhere&format=json", [], "uproar-ledger-nowhere.json"],
  ])("%s gives those", async (query, wanted, name) => {
    const { text, body, headers } = await server.call(`/${query}`);
    const got: LedgerRow[] = body ?? lines(text).map((line) => JSON.parse(line));
    expect(got).toEqual(wanted.map((index) => rows[index]));
    expect(headers.get("content-disposition")).toBe(name && `attachment; filename=${name}`);
  });

  test.each(["?state=bank", "?format=xml", "?shows=now", "?show=a&show=b", `?show=${"a".repeat(101)}`])(
    "%s is refused, and nothing is read",
    async (query) => {
      expect(await server.call(`/${query}`)).toMatchObject({ status: 400, body: { problems: [expect.any(String)] } });
      expect(asked).toEqual([]);
    },
  );

  test("an empty ledger is an empty list, and a table of one line", async () => {
    rows = [];
    expect((await server.call("/?format=json")).body).toEqual([]);
    expect((await server.call("/?format=csv")).text.split("\r\n")).toHaveLength(2);
    expect((await server.call("/")).text).toBe("");
  });
});

describe("a store that refuses", () => {
  beforeEach(() => {
    rows = Array.from({ length: 9 }, (_, i) => aRow(i));
  });

  test("at once is told of", async () => {
    failAtPage = 0;
    expect((await server.call("/?format=csv")).status).toBe(500);
    expect(server.failed).toEqual([expect.any(StoreError)]);
  });

  test("midway cuts the line: nobody takes a part for the whole", async () => {
    failAtPage = 3;
    for (const format of ["ndjson", "json", "csv"]) {
      await expect(server.call(`/?format=${format}`)).rejects.toThrow();
    }
    expect(server.failed).toEqual([]);
  });
});

describe("a reader who does not read", () => {
  const name = "x".repeat(1_000_000);

  async function aSlowReader(): Promise<IncomingMessage> {
    rows = Array.from({ length: 200 }, (_, i) => aRow(i, { reason: name }));
    rowsOfPage = 1;
    const request = get(server.url);
    request.on("error", () => undefined);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    response.pause();
    return response;
  }
  /** Pages asked for once no more are. */
  async function pagesAsked(): Promise<number> {
    let before = -1;
    let stillLooks = 0;
    await until(() => {
      stillLooks = before === asked.length ? stillLooks + 1 : 0;
      before = asked.length;
      return stillLooks > 50 && before > 1;
    });
    return asked.length;
  }

  test("holds back the pages, and gets them all when it reads on", async () => {
    const response = await aSlowReader();
    // Some lie in the buffers of both sides.
    expect(await pagesAsked()).toBeLessThan(60);
    let length = 0;
    response.on("data", (chunk: Buffer) => {
      length += chunk.length;
    });
    response.resume();
    await once(response, "end");
    expect(length).toBeGreaterThan(200 * name.length);
  });

  test("and goes away is read no further for", async () => {
    const response = await aSlowReader();
    const before = await pagesAsked();
    response.destroy();
    await until(() => server.closed() === 1);
    expect(asked.length).toBeLessThanOrEqual(before + 1);
    expect(server.failed).toEqual([]);
  });
});

describe("the sums", () => {
  const sum = (rowCount: number, count: number, value: number) => ({ rows: rowCount, count, value });

  test("of all: received is what was applied, what waits and what was rejected; tests apart", async () => {
    totals = {
      ...{ applied: sum(5, 50, 500), banked: sum(2, 3, 30), rejected: sum(1, 4, 4) },
      test: { applied: sum(1, 1, 100), banked: none, rejected: sum(1, 2, 2) },
    };
    const { body } = await server.call("/totals");
    const { test: tests, ...counted } = totals;
    expect(body).toEqual({
      ...{ received: sum(8, 57, 534), ...counted },
      test: { received: sum(2, 3, 102), ...tests },
    });
    expect(asked).toEqual(["settled", undefined]);
    expect((await server.call("/totals?show=current")).body.show).toBe("now");
    expect(asked.slice(2)).toEqual(["settled", "now"]);
  });

  test("of viewers, as JSON and as a table", async () => {
    const viewer = { key: "tiktok:6892636847263982501", handle: "ana", name: "+Ana" };
    viewers = [{ viewer, currency: "diamond", applied: sum(5, 50, 500), banked: sum(2, 3, 30), rejected: none }];
    expect((await server.call("/viewers")).body).toEqual({
      viewers: [{ ...viewers[0], received: sum(7, 53, 530) }],
    });
    const { text, headers } = await server.call("/viewers?show=current&format=csv");
    expect(asked).toEqual(["settled", undefined, "settled", "now"]);
    expect(headers.get("content-disposition")).toBe("attachment; filename=uproar-viewers-now.csv");
    expect(text.split("\r\n").slice(1)).toEqual([
      `"tiktok:6892636847263982501","ana","'+Ana","diamond",53,530,50,500,3,30,0,0`,
      "",
    ]);
  });

  test.each(["/totals?state=banked", "/totals?show=a&show=b", "/viewers?format=ndjson"])(
    "%s is refused",
    async (path) => {
      expect((await server.call(path)).status).toBe(400);
      expect(asked).toEqual([]);
    },
  );
});

/** /api as a whole over a real socket: every address asks for the token, and a store that refuses says itself what to do. */
import { Router } from "express";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openBans } from "../../../server/bans.ts";
import { type ApiParts, createApi } from "../../../server/http/api.ts";
import type { EventsApi } from "../../../server/http/events-api.ts";
import type { LiveRules } from "../../../server/live-rules.ts";
import { type Store, StoreError } from "../../../server/store/store.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { aRouter, type RunningRouter } from "./a-router.ts";

const operatorToken = "operator-token-for-tests";
const refused = async () => {
  throw new StoreError("STORE_FULL", "The disk is full. Make room on it.");
};
/** A store that answers nothing but who is banned. */
const store = {
  ...{ ledger: refused, ledgerTotals: refused, viewerTotals: refused, board: refused, shows: refused, show: refused },
  ...{ setting: refused, saveSetting: refused, ban: refused, unban: refused, bans: async () => [] },
} satisfies Partial<Store>;

let offered: LiveEvent[];
let server: RunningRouter;

beforeEach(async () => {
  offered = [];
  const simulation = {
    ...{ phase: { name: "play", round: 1 }, world: { tick: 7 } },
    ...{ boards: { round: [], show: [] }, crowd: { get: () => undefined } },
  } as const;
  const show = {
    ...{ id: "now", simulation, isPaused: false, snapshot: () => ({ show: "now" }) },
    offer: (event: LiveEvent) => void offered.push(event),
    act: () => undefined,
  };
  const parts = {
    ...{ show, store, rules: {} as LiveRules, eventsApi: { router: Router() } as EventsApi, season: "Season 1" },
    ...{ bans: await openBans(store), settle: async () => undefined, operatorToken, clock: createManualClock() },
  };
  server = await aRouter(Router().use("/api", createApi(parts as unknown as ApiParts)));
});
afterEach(() => server.stop());

const headers = { authorization: `Bearer ${operatorToken}` };
const addresses: [string, string, unknown?][] = [
  ["GET", "/snapshot"],
  ["GET", "/ledger"],
  ["GET", "/ledger?format=csv"],
  ["GET", "/ledger?format=json"],
  ["GET", "/ledger/totals"],
  ["GET", "/ledger/viewers"],
  ["GET", "/boards?kind=paid"],
  ["GET", "/seasons"],
  ["POST", "/seasons", { name: "Winter" }],
  ["GET", "/bans"],
  ["POST", "/bans", { viewer: "tiktok:1" }],
  ["DELETE", "/bans", { viewer: "tiktok:1" }],
  ["GET", "/shows"],
  ["GET", "/shows/now/export"],
  ["POST", "/control", { act: "pause" }],
  ["POST", "/test-event", { type: "chat" }],
];

test.each(addresses)("%s %s asks for the operator's token", async (method, path, body) => {
  const wrong = { authorization: "Bearer operator-token-for-test" };
  for (const given of [{}, wrong]) {
    expect((await server.call(`/api${path}`, { method, body, headers: given })).status).toBe(401);
  }
  expect(offered).toEqual([]);
});

describe("a store that refuses", () => {
  const inMemory = /^(GET \/(snapshot|bans)|POST \/(control|test-event))$/;
  test.each(addresses.filter(([method, path]) => !inMemory.test(`${method} ${path}`)))(
    "says at %s %s what to do, as JSON",
    async (method, path, body) => {
      expect(await server.call(`/api${path}`, { method, body, headers })).toMatchObject({
        status: 503,
        body: { error: "The disk is full. Make room on it." },
      });
      expect(server.failed).toEqual([]);
    },
  );
  test.each(addresses.filter(([method, path]) => inMemory.test(`${method} ${path}`)))(
    "holds up nothing at %s %s",
    async (method, path, body) => {
      expect((await server.call(`/api${path}`, { method, body, headers })).status).toBeLessThan(300);
    },
  );
});

test("a test event is offered to the show, another body is not", async () => {
  const post = (body: unknown) => server.call("/api/test-event", { method: "POST", body, headers });
  const { status, body } = await post({ type: "gift" });
  expect([status, body.id]).toEqual([202, offered[0]!.id]);
  expect(offered[0]).toMatchObject({ type: "gift", test: true });
  expect(await post({ type: "gift", count: 0 })).toMatchObject({
    status: 400,
    body: { problems: [expect.stringMatching(/^count: /)] },
  });
  expect(offered).toHaveLength(1);
});

test("another address is none", async () => {
  expect(await server.call("/api/ledgers", { headers })).toMatchObject({ status: 404 });
});

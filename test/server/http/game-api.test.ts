/** /api/game and actions tried by hand, over a real socket: what the games declare, and what is told of a wrong action. */
import { Router } from "express";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiParts, createApi } from "../../../server/http/api.ts";
import type { EventsApi } from "../../../server/http/events-api.ts";
import type { OperatorAct } from "../../../shared/sim/input.ts";
import { createSimulation } from "../../../shared/sim/simulation.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { aSmallGame, rulesFor } from "../../support/small-games.ts";
import { tinyGame, tinyRules } from "../../support/tiny-game.ts";
import { aRouter, type RunningRouter } from "./a-router.ts";

const headers = { authorization: "Bearer operator-token-for-tests" };
const rule = "  - { on: chat, do: wave }\n";
const second = aSmallGame("second");
let acts: OperatorAct[];
let server: RunningRouter;

beforeEach(async () => {
  acts = [];
  const playlist = [
    { game: tinyGame, rules: tinyRules(rule, "options: { playSeconds: 20 }\n") },
    { game: second, rules: rulesFor(second, rule), rounds: 2 },
  ];
  const show = {
    ...{ id: "now", simulation: createSimulation({ playlist, seed: 1 }), isPaused: false },
    ...{ snapshot: () => ({}), offer: () => undefined, act: (act: OperatorAct) => void acts.push(act) },
  };
  const parts = {
    ...{ show, store: {}, rules: {}, eventsApi: { router: Router() } as EventsApi, season: "one", bans: {} },
    ...{ settle: async () => undefined, operatorToken: "operator-token-for-tests", clock: createManualClock() },
  };
  server = await aRouter(Router().use("/api", createApi(parts as unknown as ApiParts)));
});
afterEach(() => server.stop());

const call = (path: string, body?: unknown) =>
  server.call(`/api${path}`, { headers, ...(body === undefined ? {} : { method: "POST", body }) });

test("the games of the show tell phases, actions with params, options and boards", async () => {
  const { status, body } = await call("/game");
  expect([status, body.playing, body.turn]).toEqual([200, "tiny", { entry: 0, round: 1 }]);
  expect(body.playlist).toEqual([
    { game: "tiny", rounds: 1 },
    { game: "second", rounds: 2 },
  ]);
  const [tiny, other] = body.games;
  expect(tiny).toMatchObject({ id: "tiny", title: "Tiny", set: { playSeconds: 20 } });
  expect(tiny.phases).toEqual([
    { name: "lobby", seconds: 1 },
    { name: "play", seconds: 20 },
    { name: "results", seconds: 1 },
  ]);
  expect(tiny.actions.map(({ name }: { name: string }) => name)).toEqual(Object.keys(tinyGame.actions));
  expect(tiny.actions[0]).toMatchObject({
    ...{ name: "wave", title: "WAVE", phases: ["lobby", "play", "results"] },
    params: { type: "object", properties: { size: { type: "number", minimum: 1, maximum: 9, default: 1 } } },
  });
  expect(tiny.options).toMatchObject({ properties: { playSeconds: { default: 10 } } });
  expect(other.phases.map(({ seconds }: { seconds: number }) => seconds)).toEqual([0.5, 3, 0.5]);
});

test("an action is tried in the game that plays, by a viewer for tests", async () => {
  expect(await call("/test-event", { action: "jump", params: { size: 3 }, viewer: { handle: "@zoe" } })).toMatchObject({
    status: 202,
    body: { game: "tiny", phase: "lobby" },
  });
  const viewer = { platform: "test", id: "zoe", handle: "zoe", name: "zoe" };
  expect(acts).toMatchObject([{ action: "jump", params: { size: 3 }, viewer }]);
});

test.each<[object, RegExp]>([
  [{ action: "jumb" }, /Tiny has no action "jumb"\. Did you mean "jump"\?/],
  [{ action: "toString" }, /Tiny has no action "toString"/],
  [{ action: "jump", params: { size: 99 } }, /does not take this.*params\.size/s],
  [{ action: "jump", more: 1 }, /no test event/],
])("%j is refused, with a reason", async (body, reason) => {
  const answer = await call("/test-event", body);
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toMatch(new RegExp(reason.source.replaceAll('"', '\\\\"'), "s"));
  expect(acts).toEqual([]);
});

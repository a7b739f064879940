/** The addresses of a watched show: where it is, its timeline, and each control; only with the operator's token. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWatchApi } from "../../../server/http/watch-api.ts";
import type { WatchStatus } from "../../../server/watch/watched-show.ts";
import { aRouter, type RunningRouter } from "./a-router.ts";

const status: WatchStatus = {
  ...{ tick: 60, endTick: 600, phase: "play", round: 2, paused: false, ended: false, speed: 1, trouble: "" },
  ...{ realSpeed: undefined, seeking: undefined, difference: undefined },
};
const timeline = { endTick: 600, phases: [{ tick: 0, phase: "lobby", round: 1 }] };
const headers = { authorization: "Bearer operator-token" };
let told: unknown[][];
let api: RunningRouter;

beforeEach(async () => {
  told = [];
  const tell =
    (name: string) =>
    (...args: unknown[]) =>
      void told.push([name, ...args]);
  const show = { pause: tell("pause"), resume: tell("resume"), setSpeed: tell("speed"), seek: tell("seek") };
  const parts = { show: { ...show, status: () => status }, timeline, operatorToken: "operator-token" };
  api = await aRouter(createWatchApi(parts));
});
afterEach(() => api.stop());

const control = (body: unknown) => api.call("/control", { method: "POST", body, headers });

test("where the show is, and its timeline", async () => {
  const { body, headers: answered } = await api.call("/watch", { headers });
  expect(body).toEqual(JSON.parse(JSON.stringify(status)));
  expect(answered.get("cache-control")).toBe("no-store");
  expect((await api.call("/timeline", { headers })).body).toEqual(timeline);
});

test.each([
  [{ act: "pause" }, ["pause"]],
  [{ act: "resume" }, ["resume"]],
  [{ act: "speed", speed: 0.25 }, ["speed", 0.25]],
  [{ act: "speed", speed: 16 }, ["speed", 16]],
  [{ act: "seek", tick: 0 }, ["seek", 0]],
  [{ act: "seek", tick: 1e9 }, ["seek", 1e9]],
])("%j is done, and answered with where the show is", async (body, wanted) => {
  const answer = await control(body);
  expect([answer.status, answer.body.tick]).toEqual([202, 60]);
  expect(told).toEqual([wanted]);
});

test.each([
  [{ act: "explode" }, "act"],
  [{ act: "speed", speed: 17 }, "speed"],
  [{ act: "speed", speed: 0 }, "speed"],
  [{ act: "speed" }, "speed"],
  [{ act: "seek", tick: -1 }, "tick"],
  [{ act: "seek", tick: "5" }, "tick"],
  [{ act: "pause", tick: 5 }, "tick"],
  [{}, "act"],
  [[], "body"],
])("%j is refused by its field, and nothing is done", async (body, field) => {
  const answer = await control(body);
  expect(answer.status).toBe(400);
  expect(answer.body.error).toBe("This is nothing that a watched show can be told.");
  expect(answer.body.problems.join()).toContain(field);
  expect(told).toEqual([]);
});

test("without the operator's token there is no answer and no act", async () => {
  for (const path of ["/watch", "/timeline", "/anything"]) expect((await api.call(path)).status).toBe(401);
  const wrong = { authorization: "Bearer stage-token" };
  const answer = await api.call("/control", { method: "POST", body: { act: "pause" }, headers: wrong });
  expect(answer.status).toBe(401);
  expect(told).toEqual([]);
  expect((await api.call("/anything", { headers })).status).toBe(404);
});

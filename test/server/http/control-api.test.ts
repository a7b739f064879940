/** /api/control over a real socket: what the show is told, and what it answers. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ControlledShow, createControlApi } from "../../../server/http/control-api.ts";
import type { OperatorAct } from "../../../shared/sim/input.ts";
import { aRouter, type RunningRouter } from "./a-router.ts";

let acts: OperatorAct[];
let show: ControlledShow;
let server: RunningRouter;

beforeEach(async () => {
  acts = [];
  const simulation = { phase: { name: "play", round: 2 } as const, world: { tick: 740 } };
  show = { simulation, isPaused: false, act: (act) => void acts.push(act) };
  server = await aRouter(createControlApi(show));
});
afterEach(() => server.stop());

const post = (body: unknown) => server.call("/", { method: "POST", body });
const state = { phase: "play", round: 2, tick: 740 };

test("pause holds the show until resume, however often each is said", async () => {
  for (const [act, paused] of [
    ["resume", false],
    ["pause", true],
    ["pause", true],
    ["resume", false],
  ] as const) {
    expect(await post({ act })).toMatchObject({ status: 202, body: { paused, ...state } });
    expect(show.isPaused).toBe(paused);
  }
  expect(acts).toEqual([]);
});

test("phase and round are ended by the show, also while it is paused", async () => {
  expect(await post({ act: "endPhase" })).toMatchObject({ status: 202, body: { paused: false, ...state } });
  show.isPaused = true;
  expect(await post({ act: "endRound" })).toMatchObject({ status: 202, body: { paused: true, ...state } });
  expect(acts).toEqual(["endPhase", "endRound"]);
});

test.each([{ act: "stop" }, { act: ["pause"] }, { act: "pause", now: true }, {}, [], undefined])(
  "%j is refused, with what can be said",
  async (body) => {
    const answer = await post(body);
    expect([answer.status, answer.body.error]).toEqual([400, "This is nothing that the show can be told."]);
    expect(answer.body.problems).toHaveLength(1);
    expect([show.isPaused, acts]).toEqual([false, []]);
  },
);

test("the acts are named to who says another", async () => {
  expect((await post({ act: "stop" })).body.problems[0]).toMatch(/act: .*pause.*resume.*endPhase.*endRound/);
});

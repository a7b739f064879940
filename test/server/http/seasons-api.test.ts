/** /api/seasons over a real socket, in front of settings in memory. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSeasonsApi, seasonOfNextShow } from "../../../server/http/seasons-api.ts";
import { StoreError } from "../../../server/store/store.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { until } from "../../support/until.ts";
import { aRouter, type RunningRouter } from "./a-router.ts";

const startMs = 1_800_000_000_000;
let clock: ManualClock;
let settings: Map<string, string>;
let refuses: boolean;
/** What a save waits for. */
let disk: Promise<void>;
let server: RunningRouter;
const store = {
  async setting(name: string): Promise<unknown> {
    const text = settings.get(name);
    return text === undefined ? undefined : JSON.parse(text);
  },
  async saveSetting(name: string, value: unknown): Promise<void> {
    await disk;
    if (refuses) throw new StoreError("STORE_FULL", "The disk is full.");
    settings.set(name, JSON.stringify(value));
  },
};

beforeEach(async () => {
  clock = createManualClock(startMs);
  settings = new Map();
  refuses = false;
  disk = Promise.resolve();
  server = await aRouter(createSeasonsApi({ store, season: "Season 1", clock }));
});
afterEach(() => server.stop());

const begin = (name: unknown) => server.call("/", { method: "POST", body: { name } });

test("there is one from the beginning", async () => {
  expect((await server.call("/")).body).toEqual({
    running: "Season 1",
    next: "Season 1",
    seasons: [{ name: "Season 1" }],
  });
  expect(await seasonOfNextShow(store)).toBe("Season 1");
});

test("one that is begun holds from the next show on", async () => {
  expect(await begin(" Winter ❄ ")).toMatchObject({ status: 201, body: { running: "Season 1", next: "Winter ❄" } });
  clock.advance(1000);
  expect((await begin("Spring")).status).toBe(201);
  expect((await server.call("/")).body).toEqual({
    running: "Season 1",
    next: "Spring",
    seasons: [
      { name: "Season 1" },
      { name: "Winter ❄", begunAt: startMs },
      { name: "Spring", begunAt: startMs + 1000 },
    ],
  });
  expect(await seasonOfNextShow(store)).toBe("Spring");
});

test("two that are begun at the same time are both kept", async () => {
  let write = () => {};
  disk = new Promise((resolve) => {
    write = resolve;
  });
  const begun = ["A", "B", "A", "C"].map(begin);
  await until(() => server.received() === 4);
  write();
  const answers = await Promise.all(begun);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 409]);
  const { body } = await server.call("/");
  expect(body.seasons.map(({ name }: { name: string }) => name).sort()).toEqual(["A", "B", "C", "Season 1"]);
});

test.each(["Season 1", " Season 1 "])("the name %j is taken", async (name) => {
  expect(await begin(name)).toMatchObject({ status: 409, body: { error: expect.stringContaining("another name") } });
  expect(settings.size).toBe(0);
});

test.each([[""], [" "], ["x".repeat(61)], [7], [undefined]])("%j is no name", async (name) => {
  expect(await begin(name)).toMatchObject({ status: 400, body: { problems: [expect.stringMatching(/^name: /)] } });
  expect(settings.size).toBe(0);
});

test("what is wrong in the settings is left aside", async () => {
  settings.set("seasons", '{"x":1}');
  expect(await seasonOfNextShow(store)).toBe("Season 1");
});

test("one that could not be kept has not begun, and the next can be", async () => {
  refuses = true;
  expect((await begin("Winter")).status).toBe(500);
  expect(server.failed).toEqual([expect.any(StoreError)]);
  refuses = false;
  expect((await begin("Winter")).status).toBe(201);
});

/** /api/bans over a real socket: who is banned at once, and who cannot be. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openBans } from "../../../server/bans.ts";
import { createBansApi } from "../../../server/http/bans-api.ts";
import { type Ban, StoreError } from "../../../server/store/store.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { aRouter, type RunningRouter } from "./a-router.ts";

const startMs = 1_800_000_000_000;
let clock: ManualClock;
/** What the store keeps. */
let kept: Map<string, Ban>;
let refuses: boolean;
let server: RunningRouter;
const store = {
  bans: async () => [...kept.values()],
  async ban(ban: Ban) {
    if (refuses) throw new StoreError("STORE_FULL", "The disk is full.");
    kept.set(ban.viewer, ban);
  },
  async unban(viewer: string) {
    if (refuses) throw new StoreError("STORE_FULL", "The disk is full.");
    return kept.delete(viewer);
  },
};

beforeEach(async () => {
  clock = createManualClock(startMs);
  kept = new Map();
  refuses = false;
  server = await aRouter(createBansApi(await openBans(store), clock));
});
afterEach(() => server.stop());

const ban = (body: unknown) => server.call("/", { method: "POST", body });
const unban = (body: unknown) => server.call("/", { method: "DELETE", body });

test("a ban holds, is told of, gets another reason, and is taken back", async () => {
  const ana = "tiktok:6892636847263982501";
  expect(await ban({ viewer: ana, reason: " spam " })).toMatchObject({
    status: 201,
    body: { viewer: ana, reason: "spam", at: startMs },
  });
  clock.advance(5);
  expect((await ban({ viewer: "twitch:44" })).body).toEqual({ viewer: "twitch:44", reason: "", at: startMs + 5 });
  clock.advance(5);
  expect((await ban({ viewer: ana, reason: "slurs" })).status).toBe(200);
  clock.advance(5);
  await ban({ viewer: "x:3" });
  expect((await server.call("/")).body).toEqual({
    bans: [
      { viewer: "x:3", reason: "", at: startMs + 15 },
      { viewer: ana, reason: "slurs", at: startMs + 10 },
      { viewer: "twitch:44", reason: "", at: startMs + 5 },
    ],
  });
  expect((await unban({ viewer: ana })).status).toBe(204);
  expect([...kept.keys()]).toEqual(["twitch:44", "x:3"]);
  expect(await unban({ viewer: ana })).toMatchObject({ status: 404, body: { error: expect.stringContaining(ana) } });
});

describe("a key", () => {
  test.each(["tiktok:1", "my-app:user:7", "test:Ana Lu", "x:محمد", `${"p".repeat(32)}:${"i".repeat(128)}`])(
    "%s is one",
    async (viewer) => {
      expect((await ban({ viewer })).status).toBe(201);
      expect([...kept.keys()]).toEqual([viewer]);
    },
  );

  test.each([
    ...["", "ana", "@ana", ":1", "tiktok:", "tik tok:1", "tiktok:\n1", `${"p".repeat(33)}:1`, `p:${"i".repeat(129)}`],
    ...[7, null, undefined, ["tiktok:1"]],
  ])("%j is none, neither to ban nor to take back", async (viewer) => {
    for (const answer of [await ban({ viewer }), await unban({ viewer })]) {
      expect(answer).toMatchObject({ status: 400, body: { problems: [expect.stringMatching(/^viewer: /)] } });
    }
    expect(kept.size).toBe(0);
  });

  test("the way to a right one is told", async () => {
    expect((await ban({ viewer: "@ana" })).body.problems[0]).toContain("tiktok:6892636847263982501");
  });
});

test.each([
  ["POST", { viewer: "tiktok:1", reason: "x".repeat(201) }],
  ["POST", { viewer: "tiktok:1", why: "x" }],
  ["POST", undefined],
  ["DELETE", { viewer: "tiktok:1", reason: "x" }],
  ["DELETE", undefined],
])("%s %j is refused", async (method, body) => {
  expect((await server.call("/", { method, body })).status).toBe(400);
  expect(kept.size).toBe(0);
});

test("a store that refuses is told of, what was meant holds meanwhile, and can be kept later", async () => {
  const viewer = "tiktok:1";
  const banned = async () => (await server.call("/")).body.bans.length;
  refuses = true;
  expect([(await ban({ viewer })).status, await banned()]).toEqual([500, 1]);
  refuses = false;
  expect([(await ban({ viewer })).status, kept.size]).toEqual([200, 1]);
  refuses = true;
  expect([(await unban({ viewer })).status, await banned()]).toEqual([500, 0]);
  refuses = false;
  expect([(await unban({ viewer })).status, kept.size]).toEqual([404, 0]);
  expect(server.failed).toEqual([expect.any(StoreError), expect.any(StoreError)]);
});

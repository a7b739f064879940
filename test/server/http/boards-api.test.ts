/** /api/boards over a real socket: what the running show tells itself, what the store is asked for, and what is no board. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBoardsApi } from "../../../server/http/boards-api.ts";
import type { BoardQuery, StoredBoardRow } from "../../../server/store/store.ts";
import { viewerKey } from "../../../shared/events/viewer.ts";
import { createBoards } from "../../../shared/game/boards.ts";
import { createCrowd } from "../../../shared/game/crowd.ts";
import { aViewer } from "../../support/events.ts";
import { aRouter, type RunningRouter } from "./a-router.ts";

const stored: StoredBoardRow[] = [
  { viewer: { key: "tiktok:9", handle: "zoe", name: "Zoë" }, score: 70, wins: 2, currency: "" },
  { viewer: { key: "tiktok:8", handle: "kim", name: "Kim" }, score: 7, wins: 0, currency: "" },
];
/** What the store was asked, in order; "settled" when everything had been written first. */
let asked: unknown[];
let server: RunningRouter;

beforeEach(async () => {
  asked = [];
  const crowd = createCrowd(() => true);
  const boards = createBoards({ nameOf: (key) => (key === "tiktok:gone" ? "Gone" : "") });
  const [player, bot] = [aViewer("1", { handle: "ana", name: "Ana" }), aViewer("b")] as const;
  crowd.meet(player, 1);
  crowd.meet(bot, 1, { bot: true });
  boards.add(viewerKey(player), 5);
  boards.add("tiktok:gone", 3);
  boards.nextRound();
  boards.add(viewerKey(player), 1);
  boards.add("tiktok:gone", 2);
  boards.add(viewerKey(bot), 4, true);
  boards.win("tiktok:gone");
  const phase = { round: 3 };
  const store = {
    async board(query: BoardQuery) {
      asked.push(query);
      return stored.slice(0, query.limit);
    },
  };
  const settle = async () => void asked.push("settled");
  const show = { id: "now", simulation: { phase, boards, crowd } };
  server = await aRouter(createBoardsApi({ show, season: "Winter", store, settle }));
});
afterEach(() => server.stop());

const ana = { key: "tiktok:1", handle: "ana", name: "Ana" };
const gone = { key: "tiktok:gone", handle: "", name: "Gone" };

describe("the running show", () => {
  test.each(["", "?show=current", "?span=show&kind=play&show=now"])("%s is told as the stage has it", async (query) => {
    expect((await server.call(`/${query}`)).body).toEqual({
      ...{ span: "show", kind: "play", show: "now", live: true },
      rows: [
        { place: 1, viewer: ana, score: 6, wins: 0, currency: "" },
        { place: 2, viewer: gone, score: 5, wins: 1, currency: "" },
      ],
    });
    expect(asked).toEqual([]);
  });

  test.each(["?span=round", "?span=round&show=now&round=3"])("%s is its present round, without bots", async (query) => {
    expect((await server.call(`/${query}&limit=1`)).body).toEqual({
      ...{ span: "round", kind: "play", show: "now", round: 3, live: true },
      rows: [{ place: 1, viewer: gone, score: 2, wins: 1, currency: "" }],
    });
    expect(asked).toEqual([]);
  });
});

test.each<[string, Omit<BoardQuery, "limit">]>([
  ["?kind=paid", { kind: "paid", span: { type: "show", show: "now" } }],
  ["?show=before", { kind: "play", span: { type: "show", show: "before" } }],
  ["?span=round&round=2", { kind: "play", span: { type: "round", show: "now", round: 2 } }],
  ["?span=round&kind=paid", { kind: "paid", span: { type: "round", show: "now", round: 3 } }],
  ["?span=round&show=before&round=3", { kind: "play", span: { type: "round", show: "before", round: 3 } }],
  ["?span=season", { kind: "play", span: { type: "season", season: "Winter" } }],
  ["?span=season&season=Season+1&kind=paid", { kind: "paid", span: { type: "season", season: "Season 1" } }],
  ["?span=allTime", { kind: "play", span: { type: "allTime" } }],
])("%s is asked of the store, once all is written", async (query, wanted) => {
  const { type, ...which } = wanted.span;
  expect((await server.call(`/${query}`)).body).toEqual({
    ...{ span: type, kind: wanted.kind, ...which, live: false },
    rows: stored.map((row, index) => ({ place: index + 1, ...row })),
  });
  await server.call(`/${query}&limit=1`);
  expect(asked).toEqual(["settled", { ...wanted, limit: 100 }, "settled", { ...wanted, limit: 1 }]);
});

test.each<[string, RegExp]>([
  ["?span=week", /span/],
  ["?kind=gifts", /kind/],
  ["?limit=0", /limit/],
  ["?limit=1001", /limit/],
  ["?span=round&round=0", /round/],
  ["?span=round&round=1.5", /round/],
  ["?round=2", /goes with span=round/],
  ["?season=Winter", /goes with span=season/],
  ["?span=season&show=before", /goes with span=show/],
  ["?span=allTime&show=current", /goes with span=show/],
  ["?span=round&show=before", /which round/],
  ["?shows=before", /shows/],
])("%s is refused, and the store is not asked", async (query, problem) => {
  const { status, body } = await server.call(`/${query}`);
  expect([status, body.problems]).toEqual([400, [expect.stringMatching(problem)]]);
  expect(asked).toEqual([]);
});

/** Conformance: boards of play and of gifts, and sums by viewer. */
import { beforeEach, expect, test } from "vitest";
import type { BoardQuery } from "../../../server/store/store.ts";
import { aCommit, aGift, aRecord, aShow } from "./a-gift.ts";
import type { Given } from "./given.ts";

export function boardTests({ store, reopen }: Given): void {
  const ada = { id: "1", handle: "ada", name: "Ada" };
  const bob = { id: "2", handle: "bob", name: "Bob" };
  const keyed = ({ id, handle, name }: typeof ada) => ({ key: `tiktok:${id}`, handle, name });
  const board = async (kind: BoardQuery["kind"], span: BoardQuery["span"], limit?: number) =>
    (await store().board({ kind, span, limit })).map(({ viewer, score, wins, currency }) => [
      ...[viewer.name, score],
      ...(kind === "play" ? [wins] : [currency]),
    ]);
  beforeEach(async () => {
    await store().beginShow(aShow({ id: "show-2" }));
    await store().beginShow(aShow({ id: "show-3", season: "summer" }));
  });

  test("play: points and wins by round, show, season and for all time; a score told again replaces", async () => {
    const score = (round: number, viewer: typeof ada, points: number, wins = 0) => ({
      ...{ round, viewer: keyed(viewer).key, score: points, counted: points, wins },
    });
    await store().commit(
      aCommit({ viewers: [keyed(ada), keyed(bob)], scores: [score(1, ada, 99), score(1, bob, 4, 1)] }),
    );
    await store().commit(aCommit({ scores: [score(1, ada, 4), score(2, ada, 3, 1)] }));
    await store().commit(aCommit({ show: "show-2", scores: [score(1, bob, 5)] }));
    await store().commit(aCommit({ show: "show-3", scores: [score(1, ada, 0.5)] }));
    await reopen();
    // At the same score more wins go first.
    expect(await board("play", { type: "round", show: "show-1", round: 1 })).toEqual([
      ["Bob", 4, 1],
      ["Ada", 4, 0],
    ]);
    expect(await board("play", { type: "show", show: "show-1" })).toEqual([
      ["Ada", 7, 1],
      ["Bob", 4, 1],
    ]);
    expect(await board("play", { type: "season", season: "spring" })).toEqual([
      ["Bob", 9, 1],
      ["Ada", 7, 1],
    ]);
    expect(await board("play", { type: "allTime" })).toEqual([
      ["Bob", 9, 1],
      ["Ada", 7.5, 1],
    ]);
    expect(await board("play", { type: "allTime" }, 1)).toEqual([["Bob", 9, 1]]);
    expect(await board("paid", { type: "allTime" })).toEqual([]);
  });

  test("play: points of the round only are on the board of the round, and no other", async () => {
    const scores = [{ round: 1, viewer: keyed(ada).key, score: 9, counted: 5, wins: 0 }];
    await store().commit(aCommit({ viewers: [keyed(ada)], scores }));
    expect(await board("play", { type: "round", show: "show-1", round: 1 })).toEqual([["Ada", 9, 0]]);
    for (const span of [{ type: "show", show: "show-1" }, { type: "allTime" }] as const) {
      expect(await board("play", span)).toEqual([["Ada", 5, 0]]);
    }
  });

  test("gifts: by viewer and currency, for the round of arrival, without test gifts and rejected ones", async () => {
    const coin = { ...aGift().gift, currency: "bits" };
    await store().commit(
      aCommit({
        gifts: [
          aRecord({ id: "1", viewer: ada, value: 5, round: 1 }),
          aRecord({ id: "2", viewer: bob, value: 7, round: 1, state: "banked" }),
          aRecord({ id: "3", viewer: bob, value: 100, round: 1, state: "rejected" }),
          aRecord({ id: "4", viewer: bob, value: 100, round: 1, test: true }),
          aRecord({ id: "5", viewer: ada, value: 6, round: 2, gift: coin }),
          // Another person of the same id on another platform.
          aRecord({ id: "6", viewer: { ...ada, name: "Ada of Twitch" }, value: 1, round: 2, platform: "twitch" }),
        ],
      }),
    );
    await store().commit(
      aCommit({ show: "show-3", gifts: [aRecord({ id: "7", show: "show-3", viewer: ada, value: 9 })] }),
    );
    const [diamonds, twitch] = ["diamond", ["Ada of Twitch", 1, "diamond"]];
    expect(await board("paid", { type: "round", show: "show-1", round: 1 })).toEqual([
      ["Bob", 7, diamonds],
      ["Ada", 5, diamonds],
    ]);
    const spring = [["Bob", 7, diamonds], ["Ada", 6, "bits"], ["Ada", 5, diamonds], twitch];
    expect(await board("paid", { type: "show", show: "show-1" })).toEqual(spring);
    expect(await board("paid", { type: "season", season: "spring" })).toEqual(spring);
    expect(await board("paid", { type: "allTime" })).toEqual([
      ["Ada", 14, diamonds],
      ["Bob", 7, diamonds],
      ["Ada", 6, "bits"],
      twitch,
    ]);
    expect(await board("play", { type: "allTime" })).toEqual([]);
  });

  test("sums by viewer, of one show or of all, under the name last known", async () => {
    await store().commit(
      aCommit({
        gifts: [
          aRecord({ id: "1", viewer: ada, count: 2, value: 10 }),
          aRecord({ id: "2", viewer: ada, count: 1, value: 4, state: "rejected" }),
          aRecord({ id: "3", viewer: bob, count: 3, value: 6, state: "banked" }),
          aRecord({ id: "4", viewer: bob, value: 100, test: true }),
        ],
        viewers: [keyed(ada)],
      }),
    );
    const renamed = { ...bob, name: "Robert" };
    await store().commit(
      aCommit({
        ...{ show: "show-2", gifts: [aRecord({ id: "5", show: "show-2", viewer: renamed, count: 5, value: 50 })] },
        viewers: [{ ...keyed(ada), handle: "ada2", name: "Countess" }],
      }),
    );
    const none = { rows: 0, count: 0, value: 0 };
    const adas = {
      viewer: { key: "tiktok:1", handle: "ada2", name: "Countess" },
      ...{
        currency: "diamond",
        applied: { rows: 1, count: 2, value: 10 },
        banked: none,
        rejected: { rows: 1, count: 1, value: 4 },
      },
    };
    const bobs = {
      viewer: keyed(renamed),
      ...{
        currency: "diamond",
        applied: { rows: 1, count: 5, value: 50 },
        banked: { rows: 1, count: 3, value: 6 },
        rejected: none,
      },
    };
    expect(await store().viewerTotals()).toEqual([bobs, adas]);
    expect(await store().viewerTotals("show-1")).toEqual([adas, { ...bobs, viewer: keyed(bob), applied: none }]);
    expect(await store().viewerTotals("nothing")).toEqual([]);
  });
}

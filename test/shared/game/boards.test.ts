/** Boards: order, what enters the show's board, bounds. */
import { expect, test } from "vitest";
import { createBoards } from "../../../shared/game/boards.ts";

test("rows are sorted by score, then wins, then who came first", () => {
  const boards = createBoards();
  for (const viewer of ["a", "b", "c", "d"]) boards.add(viewer, 1);
  boards.add("d", 2);
  boards.win("c");
  expect(boards.round.map(({ viewer }) => viewer)).toEqual(["d", "c", "a", "b"]);
});

test("a round's board is empty in the next round, the show's goes on, bots stay out of it", () => {
  const boards = createBoards();
  boards.add("ana", 3);
  boards.add("bot", 9, true);
  const { version } = boards;
  boards.nextRound();
  expect([boards.round, boards.show.map(({ viewer }) => viewer)]).toEqual([[], ["ana"]]);
  expect(boards.version).toBeGreaterThan(version);
});

test.each([
  ["both", [3, 1], [3, 1]],
  ["round", [3, 1], undefined],
  ["none", undefined, undefined],
] as const)("who may enter %s has their row there, and no other", (standing, round, show) => {
  const boards = createBoards({ standingOf: () => standing });
  boards.add("a", 3);
  boards.win("a");
  const rowOf = ([row]: typeof boards.round) => row && [row.score, row.wins];
  expect([rowOf(boards.round), rowOf(boards.show)]).toEqual([round, show]);
  expect(boards.roundRows().map(({ counted }) => counted)).toEqual(round ? [show ? 3 : 0] : []);
});

test("a board keeps the best and lets the lowest go", () => {
  const boards = createBoards();
  for (let i = 0; i < 12_000; i++) boards.add(`viewer${i}`, i);
  expect(boards.show).toHaveLength(5000);
  expect(boards.show[0]).toMatchObject({ score: 11_999 });
});

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

test("a board keeps the best and lets the lowest go", () => {
  const boards = createBoards();
  for (let i = 0; i < 12_000; i++) boards.add(`viewer${i}`, i);
  expect(boards.show).toHaveLength(5000);
  expect(boards.show[0]).toMatchObject({ score: 11_999 });
});

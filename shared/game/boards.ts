/** Boards: rankings of one round and of the show. Bots and test events never enter the show's board. */
import type { ViewerKey } from "../events/viewer.ts";

export interface BoardRow {
  viewer: ViewerKey;
  score: number;
  /** Rounds won. */
  wins: number;
}

export interface Boards {
  readonly round: readonly BoardRow[];
  readonly show: readonly BoardRow[];
  /** Grows with every change, so that a mirror copies only what is new. */
  readonly version: number;
}

export interface BoardKeeper extends Boards {
  /** Adds points in the round, and in the show unless `roundOnly`. */
  add(viewer: ViewerKey, points: number, roundOnly?: boolean): void;
  /** Notes a won round. */
  win(viewer: ViewerKey, roundOnly?: boolean): void;
  /** Empties the round's board. */
  nextRound(): void;
}

/** Most rows kept per board; the lowest fall off. */
const maxRows = 5000;

/** Creates empty boards. Rows are sorted by score, then wins, then who came first. */
export function createBoards(): BoardKeeper {
  const boards = { round: [] as BoardRow[], show: [] as BoardRow[], version: 0 };
  const change = (rows: BoardRow[], viewer: ViewerKey, points: number, wins: number) => {
    let row = rows.find((candidate) => candidate.viewer === viewer);
    if (!row) {
      row = { viewer, score: 0, wins: 0 };
      rows.push(row);
    }
    row.score += points;
    row.wins += wins;
    rows.sort((a, b) => b.score - a.score || b.wins - a.wins);
    if (rows.length > maxRows) rows.length = maxRows;
    boards.version++;
  };
  const both = (viewer: ViewerKey, points: number, wins: number, roundOnly: boolean) => {
    change(boards.round, viewer, points, wins);
    if (!roundOnly) change(boards.show, viewer, points, wins);
  };
  return Object.assign(boards, {
    add: (viewer: ViewerKey, points: number, roundOnly = false) => both(viewer, points, 0, roundOnly),
    win: (viewer: ViewerKey, roundOnly = false) => both(viewer, 0, 1, roundOnly),
    nextRound() {
      boards.round.length = 0;
      boards.version++;
    },
  });
}

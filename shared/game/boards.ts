/** Boards: rankings of one round and of the show. Bots are in the round's only, viewers seen only in test events in none. */
import type { ViewerKey } from "../events/viewer.ts";

/** A row of a board. */
export interface BoardRow {
  viewer: ViewerKey;
  /** Name when it last scored, so that it outlives the crowd's memory. */
  name: string;
  score: number;
  /** Rounds won. */
  wins: number;
}

/** One viewer's part in a round that is over. */
export interface RoundRow extends Readonly<BoardRow> {
  /** Points of the score that count for the show, too: all but those of the round only. */
  readonly counted: number;
}

/** The rankings, best first. */
export interface Boards {
  readonly round: readonly BoardRow[];
  readonly show: readonly BoardRow[];
  /** Grows with every change, so that a mirror copies only what is new. */
  readonly version: number;
}

/** Boards as a game writes them, in `show.boards`. */
export interface BoardKeeper extends Boards {
  /** Adds points in the round, and in the show unless `roundOnly`. Whom it concerns is looked after: bots and test viewers need no word. */
  add(viewer: ViewerKey, points: number, roundOnly?: boolean): void;
  /** Notes a won round. */
  win(viewer: ViewerKey, roundOnly?: boolean): void;
  /** The round as it is, best first. */
  roundRows(): RoundRow[];
  /** Empties the round's board. */
  nextRound(): void;
  save(): SavedBoards;
}

type SavedRow = readonly [viewer: ViewerKey, name: string, score: number, wins: number];

/** Boards as plain JSON, rows in the order in which they came. */
export interface SavedBoards {
  readonly round: readonly SavedRow[];
  readonly counted: readonly SavedRow[];
  readonly show: readonly SavedRow[];
  readonly version: number;
}

/** Boards that a viewer may enter. */
export type Standing = "none" | "round" | "both";

/** What boards ask about a viewer. */
export interface BoardParts {
  /** Name to keep with a row. Default "". */
  nameOf?(viewer: ViewerKey): string;
  /** Default "both". */
  standingOf?(viewer: ViewerKey): Standing;
}

/** Most rows shown per board; the lowest fall off when there are twice as many. */
const maxRows = 5000;

/**
 * Creates empty boards, or goes on with saved ones. Rows are sorted by score, then wins, then who came first.
 */
export function createBoards(parts: BoardParts = {}, saved?: SavedBoards): BoardKeeper {
  const nameOf = (viewer: ViewerKey) => parts.nameOf?.(viewer) ?? "";
  const round = createBoard(nameOf, saved?.round);
  const show = createBoard(nameOf, saved?.show);
  /** What this round has given to the show. */
  const counted = createBoard(nameOf, saved?.counted);
  let version = saved?.version ?? 0;
  const change = (viewer: ViewerKey, points: number, wins: number, roundOnly: boolean) => {
    const standing = parts.standingOf?.(viewer) ?? "both";
    if (standing === "none") return;
    round.change(viewer, points, wins);
    if (!roundOnly && standing === "both") {
      show.change(viewer, points, wins);
      counted.change(viewer, points, wins);
    }
    version++;
  };
  return {
    get round() {
      return round.rows();
    },
    get show() {
      return show.rows();
    },
    get version() {
      return version;
    },
    add: (viewer, points, roundOnly = false) => change(viewer, points, 0, roundOnly),
    win: (viewer, roundOnly = false) => change(viewer, 0, 1, roundOnly),
    roundRows: () => round.rows().map((row) => ({ ...row, counted: counted.scoreOf(row.viewer) })),
    nextRound() {
      round.clear();
      counted.clear();
      version++;
    },
    save: () => ({ round: round.save(), counted: counted.save(), show: show.save(), version }),
  };
}

/** One board; sorted when it is read, not when it changes. To read it changes nothing that comes after. */
function createBoard(nameOf: (viewer: ViewerKey) => string, saved: readonly SavedRow[] = []) {
  const byViewer = new Map<ViewerKey, BoardRow>();
  for (const [viewer, name, score, wins] of saved) byViewer.set(viewer, { viewer, name, score, wins });
  let best: readonly BoardRow[] = [];
  let isSorted = byViewer.size === 0;
  const sort = () => [...byViewer.values()].sort((a, b) => b.score - a.score || b.wins - a.wins);
  const forgetLowest = () => {
    for (const row of sort().slice(maxRows)) byViewer.delete(row.viewer);
  };
  return {
    rows(): readonly BoardRow[] {
      if (!isSorted) best = sort().slice(0, maxRows);
      isSorted = true;
      return best;
    },
    change(viewer: ViewerKey, points: number, wins: number) {
      const row = byViewer.get(viewer);
      const name = nameOf(viewer);
      if (row) {
        row.score += points;
        row.wins += wins;
        row.name = name || row.name;
      } else byViewer.set(viewer, { viewer, name, score: points, wins });
      isSorted = false;
      if (byViewer.size > maxRows * 2) forgetLowest();
    },
    clear() {
      byViewer.clear();
      isSorted = false;
    },
    scoreOf: (viewer: ViewerKey) => byViewer.get(viewer)?.score ?? 0,
    save: () => Array.from(byViewer.values(), ({ viewer, name, score, wins }): SavedRow => [viewer, name, score, wins]),
  };
}

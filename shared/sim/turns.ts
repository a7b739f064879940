/** Turns: whose turn it is in a playlist, and whose comes next. */
import type { AnyGame } from "../game/define.ts";

/** One entry of a playlist. */
export interface PlaylistTurn {
  readonly game: AnyGame;
  /** Rounds in a row. */
  readonly rounds: number;
}

/** Where a show is in its playlist. */
export interface Turn {
  /** Place in the playlist, from 0. */
  readonly entry: number;
  /** Round of the entry, from 1. */
  readonly round: number;
}

/** Whose turn it is when a round is over. */
export function turnAfter(turn: Turn, playlist: readonly PlaylistTurn[]): Turn {
  const { entry, round } = turn;
  return round < playlist[entry]!.rounds ? { entry, round: round + 1 } : nextEntry(turn, playlist);
}

/** The first round of the next entry; after the last comes the first again. */
export function nextEntry({ entry }: Turn, playlist: readonly PlaylistTurn[]): Turn {
  return { entry: (entry + 1) % playlist.length, round: 1 };
}

/** Each game of a playlist once, in the order in which they first stand there. */
export function gamesIn(playlist: readonly PlaylistTurn[]): ReadonlyMap<string, AnyGame> {
  return new Map(playlist.map(({ game }) => [game.id, game]));
}

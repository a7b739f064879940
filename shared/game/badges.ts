/** Badges: what a viewer has done in the show - games played, wins, wins in a row - and what is called out for it. */
import type { ViewerKey } from "../events/viewer.ts";
import { BoundedMap } from "./bounded.ts";

/** What a game may ask. */
export interface Badges {
  /** Rounds that a viewer has won one after the other, up to the last one they played; 0 for none. */
  streakOf(viewer: ViewerKey): number;
}

/** One viewer's part in a round that is over. */
export interface Played {
  readonly key: ViewerKey;
  readonly won: boolean;
}

/** A badge that somebody has just got. */
export interface Awarded {
  readonly key: ViewerKey;
  /** "First win", "3 in a row", "20 games". */
  readonly badge: string;
}

export interface BadgeKeeper extends Badges {
  /** Notes who played a round and who won it, once for each round; returns the badges this gave. */
  finish(round: number, played: Iterable<Played>): Awarded[];
  save(): SavedBadges;
}

interface Record {
  readonly games: number;
  readonly wins: number;
  readonly streak: number;
}

/** Badges as plain JSON, who played longest ago first. */
export interface SavedBadges {
  readonly round: number;
  readonly viewers: readonly (readonly [ViewerKey, games: number, wins: number, streak: number])[];
}

/** Standard badges: name, and whether a record that has just changed earns it. */
const standard: readonly { readonly badge: string; readonly earns: (now: Record, won: boolean) => boolean }[] = [
  { badge: "First win", earns: ({ wins }, won) => won && wins === 1 },
  { badge: "3 in a row", earns: ({ streak }) => streak === 3 },
  { badge: "20 games", earns: ({ games }) => games === 20 },
];

/** Most viewers remembered. */
const maxViewers = 20_000;

/** Creates a keeper that knows of no round, or goes on with a saved one. */
export function createBadges(saved?: SavedBadges): BadgeKeeper {
  const viewers = new BoundedMap<Record>(maxViewers);
  for (const [key, games, wins, streak] of saved?.viewers ?? []) viewers.set(key, { games, wins, streak });
  let lastRound = saved?.round ?? 0;
  const note = ({ key, won }: Played): Record => {
    const { games, wins, streak } = viewers.get(key) ?? { games: 0, wins: 0, streak: 0 };
    const now = { games: games + 1, wins: wins + (won ? 1 : 0), streak: won ? streak + 1 : 0 };
    viewers.set(key, now);
    return now;
  };
  return {
    streakOf: (viewer) => viewers.get(viewer)?.streak ?? 0,
    finish(round, played) {
      if (round <= lastRound) return [];
      lastRound = round;
      const awarded: Awarded[] = [];
      for (const one of played) {
        const now = note(one);
        for (const { badge, earns } of standard) if (earns(now, one.won)) awarded.push({ key: one.key, badge });
      }
      return awarded;
    },
    save: () => ({
      round: lastRound,
      viewers: viewers.entries().map(([key, { games, wins, streak }]) => [key, games, wins, streak] as const),
    }),
  };
}

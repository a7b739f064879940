/** The keeper's record: everybody enrolled, as plain data that is saved with the game's own, and what the keeper works with. */
import type { ViewerKey } from "../../events/viewer.ts";
import type { ShowContext } from "../define.ts";
import type { PlayerBase, PlayersDeclaration } from "../players-interface.ts";
import type { TeamMemory } from "../teams.ts";

/** A player as the keeper writes it; the game's own fields stand beside these. */
export type Kept = { -readonly [Name in keyof PlayerBase]: PlayerBase[Name] };

export interface PlayersRecord {
  /** Enrolled, by when they came. */
  readonly all: Map<ViewerKey, Kept>;
  /** With a body, by when they got it. */
  readonly active: Kept[];
  /** With a face beside the play. */
  readonly seated: Kept[];
  /** Before it no bot comes or goes in the lobby. */
  nextBotTick: number;
}

/** What every part of the keeper works with. */
export interface Keeping {
  // biome-ignore lint/suspicious/noExplicitAny: the keeper serves games of every type
  readonly declaration: PlayersDeclaration<any, any, any>;
  /** Teams that viewers were in, for the show. */
  readonly memory: TeamMemory;
  record: PlayersRecord;
  /** A round is being cleared: nobody gets a body before the next one is built. */
  isClearing: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: the keeper serves games of every type
  show(): ShowContext<any, any>;
  /** The game's own data. */
  data(): unknown;
}

/** A record of nobody. */
export function createRecord(): PlayersRecord {
  return { all: new Map(), active: [], seated: [], nextBotTick: 0 };
}

/** Most bodies at once, under the options that hold. */
export function mostOf({ declaration, show }: Keeping): number {
  return declaration.most(show().options);
}

/** Fewest bodies with which play begins. */
export function leastOf(keeping: Keeping): number {
  return Math.min(keeping.declaration.least ?? 2, mostOf(keeping));
}

/** Whether people gather: bodies come and go freely. */
export function isGathering({ show }: Keeping): boolean {
  const { name } = show().phase;
  return name === "lobby" || name === "countdown";
}

/** Tick of a player's last act. */
export function lastActTick({ show }: Keeping, { key }: Kept): number {
  return show().crowd.get(key)?.lastActTick ?? 0;
}

/** The arenas of Last Ball: what stands on the platform, as data. A new one is a new row here. */

/** Names a rule file may say for `arena`. */
export const arenaNames = ["classic", "open", "pinball"] as const;
export type ArenaName = (typeof arenaNames)[number];

export interface ArenaPreset {
  /** Bumpers on the rim of a full platform; a smaller rim has fewer. */
  readonly rimBumpers: number;
  /** Bumpers standing inside, in a ring of this radius around the middle; they fall when the rim comes near. */
  readonly posts: number;
  readonly postReachUnits: number;
  /** Length of the bar that turns in the middle, 0 for none, and its turn in radians per tick. */
  readonly barLengthUnits: number;
  readonly barTurn: number;
}

/** What each arena is made of. */
export const arenaPresets: Readonly<Record<ArenaName, ArenaPreset>> = {
  classic: { rimBumpers: 8, posts: 0, postReachUnits: 0, barLengthUnits: 320, barTurn: 0.012 },
  open: { rimBumpers: 12, posts: 0, postReachUnits: 0, barLengthUnits: 0, barTurn: 0 },
  pinball: { rimBumpers: 6, posts: 5, postReachUnits: 235, barLengthUnits: 180, barTurn: 0.006 },
};

/** The keeper of players: everybody who plays a game, with their bodies, teams and turns, so that a game says only what is its own. */
import type { ViewerKey } from "../events/viewer.ts";
import type { Member } from "./crowd.ts";
import { type PhaseName, ticksOf } from "./phases.ts";
import { putIn, sweep, takeOut } from "./players/bodies.ts";
import { adjustBots, fill, stepBots } from "./players/bots.ts";
import { enter } from "./players/enrolment.ts";
import { createRecord, type Keeping, type Kept, leastOf, type PlayersRecord } from "./players/record.ts";
import { activeTeams, fillEmptyTeams, joinTeam, nameOf, sizesOf, teamOf } from "./players/teams.ts";
import { clearRound, startRound, takeOver } from "./players/turns.ts";
import type { Entry, PlayerBase, Players, PlayersDeclaration } from "./players-interface.ts";

export type { PlayersRecord } from "./players/record.ts";

/** How long a lobby goes on that still waits for somebody. */
const waitTicks = ticksOf(5);

/** The keeper as the engine drives it. */
// biome-ignore lint/suspicious/noExplicitAny: the keeper serves games of every type
export interface PlayerKeeper extends Players<any> {
  /** Everybody, as plain data. Set it to go on with a saved one. */
  record: PlayersRecord;
  /** A round begins: bodies and faces leave, the silent are forgotten, the others renewed. */
  clearRound(): void;
  /** Enrols the people of the game that was played before, with their turns. Clear the round of that game first: its bodies must be gone. */
  takeOver(players: Iterable<PlayerBase>): void;
  /** What stands in the round is built: the starters get their bodies. */
  startRound(): void;
  /** A phase has just begun, before the game hears of it. */
  enterPhase(phase: PhaseName): void;
  /** Every tick, before the game's `step`. Makes no garbage outside the lobby. */
  tick(): void;
  /** Name of a viewer's team, "" for none. */
  teamOf(viewer: ViewerKey): string;
  /** A viewer asks for a team. */
  joinTeam(member: Member, team: string): void;
}

/** What the keeper of a game that declares no players goes by: nobody has a body. */
const nobody: PlayersDeclaration<unknown, unknown, object> = {
  fields: () => ({}),
  most: () => 0,
  body: () => undefined,
};

/** What the keeper needs to know. */
export interface KeeperParts extends Pick<Keeping, "show" | "data" | "memory"> {
  /** Undefined for a game without players of its own. */
  readonly declaration: Keeping["declaration"] | undefined;
}

/** Creates a keeper of nobody. */
export function createPlayers({ declaration = nobody, ...parts }: KeeperParts): PlayerKeeper {
  const keeping: Keeping = { declaration, ...parts, record: createRecord(), isClearing: false };
  const { show } = keeping;
  return {
    get record() {
      return keeping.record;
    },
    set record(record) {
      keeping.record = record;
    },
    get all() {
      return keeping.record.all;
    },
    get active() {
      return keeping.record.active;
    },
    get: (key) => keeping.record.all.get(key),
    of(entity) {
      const player = keeping.record.all.get(entity.viewer);
      return player?.body === entity ? player : undefined;
    },
    enter: (act, options = {}) => enter(keeping, act, options) as Entry<object>,
    putIn: (player: Kept) => putIn(keeping, player),
    takeOut: (player: Kept) => takeOut(keeping, player),
    fill: () => fill(keeping),
    sizes: (of = keeping.record.active) => sizesOf(keeping, of),
    get teams() {
      return activeTeams(keeping);
    },
    teamName: (team) => nameOf(keeping, team),
    areMates: (a, b) => a.team > 0 && a.team === b.team,
    clearRound: () => clearRound(keeping),
    takeOver: (players) => takeOver(keeping, players),
    startRound: () => startRound(keeping),
    enterPhase(phase) {
      if (phase !== "countdown" && phase !== "play") return;
      fill(keeping);
      fillEmptyTeams(keeping);
    },
    tick() {
      const { name, endTick } = show().phase;
      sweep(keeping);
      if (name === "lobby") {
        adjustBots(keeping);
        const isShort = keeping.record.active.length < leastOf(keeping);
        if (isShort && endTick - show().world.tick <= 1) show().extendPhase(waitTicks);
      } else if (name === "play" || name === "sudden") stepBots(keeping);
    },
    teamOf: (viewer) => teamOf(keeping, viewer),
    joinTeam: (member, team) => joinTeam(keeping, member, team),
  };
}

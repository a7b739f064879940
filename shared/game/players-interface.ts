/** Players: what a game declares about those who play, and what it may ask of the keeper of them (`show.players`). */
import type { ViewerKey } from "../events/viewer.ts";
import type { Entity } from "../world/world.ts";
import type { Act, ShowContext } from "./define.ts";
import type { PhaseName } from "./phases.ts";

/** What the keeper knows of everybody who plays, viewer or bot. */
export interface PlayerBase {
  readonly key: ViewerKey;
  readonly bot: boolean;
  /** Number of their team, from 1; 0 for none. Its name is `show.players.teamName(team)`. */
  team: number;
  /** Their body in play, undefined while they wait or are out. */
  readonly body: Entity | undefined;
  /** Their face beside the play while they wait. */
  readonly seat: Entity | undefined;
  /** Last round in which they had a body, 0 for none yet. */
  readonly playedRound: number;
  /** Last round in which they acted. */
  readonly actedRound: number;
  /** Last round in which they were told to wait, 0 for never. */
  readonly toldRound: number;
  /** The round of their last turn, or the one before they came: who has waited longest starts first. */
  readonly turnRound: number;
}

/** A player with the game's own fields. The same object as long as they are enrolled. */
export type Player<Fields> = PlayerBase & Fields;

/** What an act found: a player with a body, or why there is none. */
export type Entry<Fields> =
  | { readonly player: Player<Fields>; readonly why: "" }
  | { readonly player: undefined; readonly why: string };

/** How an act asks for a body. */
export interface EnterOptions {
  /** Whether it may also bring back somebody who is out of this round. Default true. */
  readonly returns?: boolean;
}

/** Everybody who plays, in `show.players`. */
export interface Players<Fields> {
  /** Enrolled, with or without a body, by when they came; at most 5000. */
  readonly all: ReadonlyMap<ViewerKey, Player<Fields>>;
  /** With a body in play, by when they got it. Bodies come and go while you walk: `takeOut` removes from this very list. */
  readonly active: readonly Player<Fields>[];
  get(key: ViewerKey): Player<Fields> | undefined;
  /** Whose body it is. */
  of(entity: Entity): Player<Fields> | undefined;
  /** The player behind an act: enrolled by the first one, with a team, and with a body if one may be had now; else why not. */
  enter(act: Pick<Act, "member">, options?: EnterOptions): Entry<Fields>;
  /**
   * Gives a body now, whatever `admits` says (a return, a respawn); false when there is no room, and while all bodies leave at the end of a
   * round. True when they have one.
   */
  putIn(player: Player<Fields>): boolean;
  /** The body leaves the world; the player stays enrolled. */
  takeOut(player: Player<Fields>): void;
  /** All missing bots at once. */
  fill(): void;
  /** How many of these players (default the active ones) each team has, by its number; [0] are those without. */
  sizes(of?: Iterable<Player<Fields>>): number[];
  /** Teams that play now, 0 without. */
  readonly teams: number;
  /** Name of a team, "" for 0. */
  teamName(team: number): string;
  /** Whether two players are in the same team; nobody is, without teams. */
  areMates(a: Player<Fields>, b: Player<Fields>): boolean;
}

/** How somebody without a body asks for one. */
export interface Asked {
  /** Whether who is out of this round may come back by it. */
  readonly returns: boolean;
}

/** A place where a face waits: its centre in world units. */
export interface Seat {
  readonly x: number;
  readonly y: number;
}

/** What a game says about its players. Everything else is the keeper's. */
export interface PlayersDeclaration<Game, Options, Fields> {
  /** The game's own fields of a player, at enrolment. Plain data: numbers, texts, lists, other players, entities. */
  fields(bot: boolean): Fields;
  /** Puts the fields that belong to a round back, when a round begins. */
  renew?(player: Player<Fields>, show: ShowContext<Options, Fields>): void;
  /** Most bodies at once. */
  most(options: Options): number;
  /** Fewest bodies with which play begins: the lobby waits for them. Default 2. */
  readonly least?: number;
  /**
   * Whether somebody without a body may have one now: "" yes, "wait" in the next round, anything else says why not ("no lives left").
   * Room is the keeper's affair. Default: in lobby and countdown yes, later "wait".
   */
  admits?(game: Game, player: Player<Fields>, show: ShowContext<Options, Fields>, asked: Asked): string;
  /** Makes the body, spawned with `viewer: player.key`; undefined when there is no room. `player.body` is set after it. */
  body(game: Game, player: Player<Fields>, show: ShowContext<Options, Fields>): Entity | undefined;
  /** After the body has left for any reason: taken out, gave way, removed from the world, round over. `player.body` is undefined. */
  left?(game: Game, player: Player<Fields>, show: ShowContext<Options, Fields>): void;
  /**
   * How more viewers than bodies take turns. "rounds" (default): who finds no room plays the next round, who waited longest first.
   * "acts": besides, in play, whoever was silent longest (30 s at least) gives their body up to who acts.
   */
  readonly turns?: "rounds" | "acts";
  /** Places where faces wait, tried in order. Default none. */
  seats?(game: Game, show: ShowContext<Options, Fields>): readonly Seat[];
  /** Radius of a waiting face, world units. Default 42. */
  readonly seatRadius?: number;
  /** Labelled bots that fill small rooms and leave when people come. Default none. */
  readonly bots?: BotsDeclaration<Game, Options, Fields>;
  /** Teams of the game's own. Default: everybody for themselves. */
  readonly teams?: TeamsDeclaration<Options>;
}

/** Bots of a game: labelled, and gone when people come. */
export interface BotsDeclaration<Game, Options, Fields> {
  /** Bodies up to which bots fill a room; one person alone always gets company. */
  fillTo(options: Options): number;
  /** What a bot with a body does, every tick of play and sudden. */
  step?(game: Game, bot: Player<Fields>, show: ShowContext<Options, Fields>): void;
}

/** Teams: sticky for the show, even among those who did not choose, none empty while another has two. */
export interface TeamsDeclaration<Options> {
  /** Names of all teams there can be, as viewers see them; the first is number 1. */
  readonly names: readonly string[];
  /** How many of them play under these options; 0 when everybody plays for themselves. */
  active(options: Options): number;
  /** By how many people more than the smallest a team may become when somebody asks for it. Default 2. */
  readonly lead?: number;
  /** Phases in which a viewer may change. Default lobby. */
  readonly changeIn?: readonly PhaseName[];
}

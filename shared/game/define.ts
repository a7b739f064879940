/** defineGame and defineAction: the game maker's whole API. From these declarations come the rule file's checks, the room's state and the stage. */
import { z } from "zod";
import type { LiveEvent } from "../events/live-event.ts";
import type { ViewerKey } from "../events/viewer.ts";
import type { Effect } from "../world/effect.ts";
import type { Entity, World } from "../world/world.ts";
import type { Badges } from "./badges.ts";
import type { BoardKeeper } from "./boards.ts";
import type { Crowd, Member } from "./crowd.ts";
import { type PhaseName, type PhaseTable, type PhaseView, phaseOptions, standardPhases } from "./phases.ts";
import type { Players, PlayersDeclaration } from "./players-interface.ts";
import { standardHud } from "./standard-hud.ts";

/** What an action and the hooks of a game may use. One per show, the same object all along. */
export interface ShowContext<Options, Fields = object> {
  readonly world: World;
  readonly crowd: Crowd;
  /** Everybody who plays, with the game's own fields. */
  readonly players: Players<Fields>;
  readonly boards: BoardKeeper;
  readonly badges: Badges;
  /** The game's options, as set in the rule file, defaults filled in. */
  readonly options: Options;
  readonly phase: PhaseView;
  /** Ends the phase now; `next` skips ahead. */
  endPhase(next?: PhaseName): void;
  extendPhase(ticks: number): void;
  /** Shows or sounds something once. Missing fields: nothing, 0, "". `x` and `y` default to the entity's place. */
  effect(
    kind: string,
    effect: Partial<Omit<Effect, "kind" | "tick" | "entity" | "other">> & { on?: Entity; with?: Entity },
  ): void;
  /** Adds a line to the feed of what viewers did: `name` + `words` ("dashed", "SPIKES"). `tone` colours it. */
  feed(member: Member | undefined, words: string, tone?: FeedTone): void;
}

/** Colour of a line of the feed. */
export type FeedTone = "plain" | "power" | "good" | "bad";

/** The act that called an action. */
export interface Act {
  /** Whose body it moves: who acted, or the rule's target; undefined for acts of the room (likes of everyone, phases, timers). */
  readonly member: Member | undefined;
  /** Who caused it; differs from `member` when the rule names a target. */
  readonly by: Member | undefined;
  /** How many units: gifts in this step of a combo, fills of a meter; 1 otherwise. */
  readonly count: number;
  /** Comment text behind a chat act, "" otherwise. */
  readonly text: string;
  /** Somebody paid for it. */
  readonly paid: boolean;
  /** Made by hand: show it, but score nothing. */
  readonly test: boolean;
  /** The event behind it; undefined when the show itself caused it (phases, timers, meters, crowds). */
  readonly event: LiveEvent | undefined;
  /** Ids of all events behind it: several when gifts that waited have become one act. */
  readonly eventIds: readonly string[];
}

/**
 * What became of a call. Nothing (undefined) means done. `later` asks to be called again after so many ticks: a paid act waits in
 * the bank (never lost), a free one ends here. `refused` ends a free act with a reason and banks a paid one.
 */
export type ActionResult = undefined | { readonly later: number; readonly why: string } | { readonly refused: string };

/** A flat object of parameters. No transforms or refinements, so that a schema for editors can be made of it. */
// biome-ignore lint/suspicious/noExplicitAny: zod's own bound for "any field"
export type ParamShape = Record<string, z.ZodType<any>>;

/** An action: what a rule may call, with the params it may give. `actionsFor` infers its types. */
export interface ActionDefinition<Game, Options, Fields = object, Params extends ParamShape = ParamShape> {
  /** Name shown to viewers: a power, never a gift ("Shockwave"). */
  readonly title: string;
  /** One sentence for the rule file's help and the game's README. */
  readonly summary: string;
  readonly params: z.ZodObject<Params>;
  /** Phases in which it can act. Outside them a paid act is banked, a free one ignored. Default: play and sudden. */
  readonly phases?: readonly PhaseName[];
  /**
   * The param that says for how many seconds its effect lasts, counted from the call: a call while it runs sets the new end. Rules can
   * then stack, refresh or extend it (`lasts:`). Missing: it has no duration that rules may set.
   */
  readonly lasts?: keyof Params & string;
  apply(game: Game, params: z.output<z.ZodObject<Params>>, act: Act, show: ShowContext<Options, Fields>): ActionResult;
}

/** Phases in which an action acts. */
export function actingPhases({ phases }: Pick<ActionDefinition<never, never>, "phases">): readonly PhaseName[] {
  return phases ?? ["play", "sudden"];
}

/** Binds the game's own types once, so that each action infers its params. */
export function actionsFor<Game, Options = unknown, Fields = object>() {
  return function defineAction<Params extends ParamShape>(
    action: ActionDefinition<Game, Options, Fields, Params>,
  ): ActionDefinition<Game, Options, Fields, Params> {
    return action;
  };
}

/** What the top of the stage says, read anew for every patch. */
export interface Hud {
  /** Few words beside the title: "11 left". */
  headline: string;
  /** Member in the lead, wears the crown; "" for none. */
  leader: ViewerKey;
  /** Winner and the next best, shown on the podium in "results"; best first. Empty with a `score`: then the teams stand on it. */
  podium: readonly ViewerKey[];
  /** Score of teams, large beside the clock ("2 : 1"), by team number from 1; two teams read best, more than four are not shown. */
  score?: readonly TeamScore[];
  /** Honours of the round below the podium, at most three: "Most pushes", "Best save", "Top free player". */
  awards?: readonly Award[];
}

/** A team's score, shown beside the clock. */
export interface TeamScore {
  /** Number of the team, from 1. */
  readonly team: number;
  readonly value: number;
}

/** An honour of a round, shown below the podium. */
export interface Award {
  /** What for, few words. */
  readonly title: string;
  readonly viewer: ViewerKey;
  /** How much, as it is to be read: "212", "4.1 s". */
  readonly value: string;
}

/** What of a large world is seen at once. */
export interface GameLayout {
  /** Size of the picture in world units. Default: the whole world. */
  readonly view?: { readonly width: number; readonly height: number };
}

/** What counts on each board, one sentence each, for the README and the API. */
export interface BoardSummaries {
  readonly round: string;
  readonly show: string;
}

/** What happens to a gift that waits for its moment. */
export interface BankDeclaration {
  /** Ticks between two gifts that come out of the bank. Default 6. */
  readonly gapTicks?: number;
  /** One sentence for the README and the API. */
  readonly summary: string;
}

/**
 * A game that is only the door to a room of somebody's own (server/plugin): its viewers' bodies stand there, and what rules ask about them is
 * asked there. Targets, conditions and `playing` go by it, and by nothing that this world holds.
 */
export interface GameHost {
  /** Names of the room's teams, as viewers see them; empty when it has none: then a rule file may declare some. */
  readonly teams: readonly string[];
  /** A viewer's team, "" for none. Asked only with teams, and so is the next. */
  teamOf(viewer: ViewerKey): string;
  /** A viewer asks for a team; the room decides. */
  joinTeam(viewer: ViewerKey, team: string): void;
  hasBody(viewer: ViewerKey): boolean;
  /** Whether this rule's call for an event acted in an earlier run: then it counts as done and does not act. Asked once, when it is decided. */
  hasActed(eventId: string, rule: string, action: string): boolean;
}

/** A game, as its folder declares it. Hooks with a question mark have a default. */
export interface GameDeclaration<Game, Options, Fields> {
  /** Its folder's name. */
  readonly id: string;
  /** Shown on the stage. */
  readonly title: string;
  /** One sentence for lists of games. */
  readonly summary: string;
  readonly world: {
    readonly width: number;
    readonly height: number;
    readonly gravity: number;
    readonly maxEntities: number;
  };
  readonly layout?: GameLayout;
  /** What the streamer may tune in the rule file; every field has a default, so `{}` parses. Default: the lengths of the phases. */
  readonly options?: z.ZodType<Options>;
  /** The phases of a round and their lengths; one that is missing is skipped. Default: `standardPhases`. */
  readonly phases?: PhaseTable;
  // biome-ignore lint/suspicious/noExplicitAny: each action has params of its own
  readonly actions: Readonly<Record<string, ActionDefinition<Game, Options, Fields, any>>>;
  /** What counts on each board. Default: points, of the round and of the show. */
  readonly boards?: BoardSummaries;
  readonly bank?: BankDeclaration;
  /** Who plays and how. Missing: viewers have no bodies that the engine keeps. */
  readonly players?: PlayersDeclaration<Game, Options, Fields>;
  /** Missing in every game that plays in its own world. */
  readonly host?: GameHost;
  /** Builds the game's own data, and the bodies that stand in every round. Plain data: it is saved. */
  create(show: ShowContext<Options, Fields>): Game;
  /** A round begins, the first one too: builds what stands in it. Nobody has a body yet; the starters get theirs after it. */
  newRound?(game: Game, show: ShowContext<Options, Fields>): void;
  /** A phase has just begun. */
  enterPhase?(game: Game, phase: PhaseName, show: ShowContext<Options, Fields>): void;
  /** Every tick, before physics: forces, timers, decisions. */
  step(game: Game, show: ShowContext<Options, Fields>): void;
  /** Every tick, after physics: `show.world.contacts` says what touched. */
  afterStep?(game: Game, show: ShowContext<Options, Fields>): void;
  /** Centre of what is seen, in world units, read anew for every patch; the stage moves smoothly from one to the next. Default: the world's middle. */
  camera?(game: Game, show: ShowContext<Options, Fields>): { readonly x: number; readonly y: number };
  /** Default: a headline by the phase; leader and podium from the round's board. */
  hud?(game: Game, show: ShowContext<Options, Fields>): Hud;
  /** Numbers its view needs beyond the bodies ("arenaRadius"), synced to the stage. Default none. */
  props?(game: Game, show: ShowContext<Options, Fields>): Readonly<Record<string, number>>;
  /** Whether a viewer may not be forgotten now for a reason of the game's own; players never are. Default false. */
  needs?(game: Game, viewer: ViewerKey): boolean;
  /** What stands for the game's own data in the show's hash. Default: all of it. */
  snapshot?(game: Game): unknown;
}

/** A game with its defaults filled in, as the engine takes it. */
export interface GameDefinition<Game = unknown, Options = unknown, Fields = object>
  extends GameDeclaration<Game, Options, Fields> {
  readonly options: z.ZodType<Options>;
  readonly phases: PhaseTable;
  readonly boards: BoardSummaries;
  hud(game: Game, show: ShowContext<Options, Fields>): Hud;
}

/** Options of a game that declares none: the lengths of its phases, by the names of `phaseOptions`. */
export type PhaseLengths = Readonly<Record<`${PhaseName}Seconds`, number>>;

/** Declares a game: checks its types and fills in what has a default. */
export function defineGame<Game = unknown, Options = PhaseLengths, Fields = object>(
  game: GameDeclaration<Game, Options, Fields>,
): GameDefinition<Game, Options, Fields> {
  const { phases = standardPhases } = game;
  const lengths = () => z.strictObject(phaseOptions(phases)) as unknown as z.ZodType<Options>;
  return {
    ...game,
    phases,
    options: game.options ?? lengths(),
    boards: game.boards ?? { round: "Points of the round.", show: "Points and wins of the show." },
    hud: game.hud ?? ((_game, show) => standardHud(show)),
  };
}

/** Names of the teams that a game, or the room that it stands for, has of its own; undefined when it has none and rules may declare some. */
export function ownTeams({ players, host }: Pick<AnyGame, "players" | "host">): readonly string[] | undefined {
  return host && host.teams.length > 0 ? host.teams : players?.teams?.names;
}

/** A game whose own types do not matter to the caller. */
// biome-ignore lint/suspicious/noExplicitAny: the engine holds games of every type
export type AnyGame = GameDefinition<any, any, any>;

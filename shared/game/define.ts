/** defineGame and defineAction: the game maker's whole API. From these declarations come the rule file's checks, the room's state and the stage. */
import type { z } from "zod";
import type { LiveEvent } from "../events/live-event.ts";
import type { ViewerKey } from "../events/viewer.ts";
import type { Effect } from "../world/effect.ts";
import type { Entity, World } from "../world/world.ts";
import type { BoardKeeper } from "./boards.ts";
import type { Crowd, Member } from "./crowd.ts";
import type { PhaseName, PhaseSeconds, PhaseView } from "./phases.ts";

/** What an action and the hooks of a game may use. One per show, the same object all along. */
export interface ShowContext<Options> {
  readonly world: World;
  readonly crowd: Crowd;
  readonly boards: BoardKeeper;
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
}

/**
 * What became of a call. Nothing (undefined) means done. `later` asks to be called again after so many ticks: a paid act waits in
 * the bank (never lost), a free one ends here. `refused` ends a free act with a reason and banks a paid one.
 */
export type ActionResult = undefined | { readonly later: number; readonly why: string } | { readonly refused: string };

/** A flat object of parameters. No transforms or refinements, so that a schema for editors can be made of it. */
// biome-ignore lint/suspicious/noExplicitAny: zod's own bound for "any field"
export type ParamShape = Record<string, z.ZodType<any>>;

export interface ActionDefinition<Game, Options, Params extends ParamShape = ParamShape> {
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
  apply(game: Game, params: z.output<z.ZodObject<Params>>, act: Act, show: ShowContext<Options>): ActionResult;
}

/** Phases in which an action acts. */
export function actingPhases({ phases }: Pick<ActionDefinition<never, never>, "phases">): readonly PhaseName[] {
  return phases ?? ["play", "sudden"];
}

/** Binds the game's own types once, so that each action infers its params. */
export function actionsFor<Game, Options>() {
  return function defineAction<Params extends ParamShape>(
    action: ActionDefinition<Game, Options, Params>,
  ): ActionDefinition<Game, Options, Params> {
    return action;
  };
}

/** What the top of the stage says, read anew for every patch. */
export interface Hud {
  /** Few words beside the title: "11 left". */
  headline: string;
  /** Member in the lead, wears the crown; "" for none. */
  leader: ViewerKey;
  /** Winner and the next best, shown on the podium in "results"; best first. */
  podium: readonly ViewerKey[];
}

/** What rules may know of a game's teams, and the one thing they may ask. */
export interface GameTeams<Game, Options> {
  /** Names of all teams there can be, as viewers see them. */
  readonly names: readonly string[];
  /** Names of the teams that play under these options; empty when everybody plays for themselves. */
  active(options: Options): readonly string[];
  /** A viewer's team, "" for none. */
  of(game: Game, viewer: ViewerKey): string;
  /** A viewer asks for a team; the game decides whether it is possible now. */
  join(game: Game, member: Member, team: string, show: ShowContext<Options>): void;
}

export interface GameDefinition<Game = unknown, Options = unknown> {
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
  /** How its world is put on the stage. */
  readonly layout?: {
    /** How much of a world that is larger than the picture is seen at once, in world units. Default: the whole world. */
    readonly view?: { readonly width: number; readonly height: number };
  };
  /** What the streamer may tune in the rule file; every field has a default, so `{}` parses. */
  readonly options: z.ZodType<Options>;
  /** Length of the phases under these options. */
  phases(options: Options): PhaseSeconds;
  // biome-ignore lint/suspicious/noExplicitAny: each action has params of its own
  readonly actions: Readonly<Record<string, ActionDefinition<Game, Options, any>>>;
  /** Builds the game's own data and the bodies that stand before the first round. */
  create(show: ShowContext<Options>): Game;
  /** A phase has just begun. */
  enterPhase(game: Game, phase: PhaseName, show: ShowContext<Options>): void;
  /** Before physics, every tick: forces, timers, bots, decisions. */
  beforeStep(game: Game, show: ShowContext<Options>): void;
  /** After physics, every tick: `show.world.contacts` says what touched. */
  afterStep(game: Game, show: ShowContext<Options>): void;
  hud(game: Game, show: ShowContext<Options>): Hud;
  /** Numbers its view needs beyond the bodies ("arenaRadius"), synced to the stage. */
  props(game: Game, show: ShowContext<Options>): Readonly<Record<string, number>>;
  /** Centre of what is seen, in world units, read anew for every patch; the stage moves smoothly from one to the next. Default: the world's middle. */
  camera?(game: Game, show: ShowContext<Options>): { readonly x: number; readonly y: number };
  /** Its teams; missing in a game without. Conditions, limits and targets of rules ask here. */
  readonly teams?: GameTeams<Game, Options>;
  /** Whether a viewer may not be forgotten now (has a body, lives left). */
  needs(game: Game, viewer: ViewerKey): boolean;
  /** The game's own data as plain JSON, for snapshot and hash; what it leaves out is not guarded by golden shows. */
  snapshot(game: Game): unknown;
}

/** Declares a game; checks its types and returns it as it is. */
export function defineGame<Game, Options>(game: GameDefinition<Game, Options>): GameDefinition<Game, Options> {
  return game;
}

/** A game whose own types do not matter to the caller. */
// biome-ignore lint/suspicious/noExplicitAny: the engine holds games of every type
export type AnyGame = GameDefinition<any, any>;

/** The ShowContext handed to games: world, crowd, players, boards, badges, phase, and what is to be shown. */
import { type BadgeKeeper, createBadges, type SavedBadges } from "../game/badges.ts";
import { type BoardKeeper, createBoards, type SavedBoards, type Standing } from "../game/boards.ts";
import { type Crowd, createCrowd, type SavedCrowd } from "../game/crowd.ts";
import type { AnyGame, FeedTone, ShowContext } from "../game/define.ts";
import type { PhaseMachine } from "../game/phases.ts";
import { createPlayers, type PlayerKeeper } from "../game/players.ts";
import { createTeamMemory, type SavedTeams, type TeamMemory } from "../game/teams.ts";
import { type Effect, maxEffectsPerTick } from "../world/effect.ts";
import type { World } from "../world/world.ts";

/** One line of the feed. */
export interface FeedLine {
  /** Grows by one a line. */
  readonly seq: number;
  readonly tick: number;
  /** Viewer key, "" for lines about everyone. */
  readonly viewer: string;
  readonly name: string;
  readonly words: string;
  readonly tone: FeedTone;
  readonly test: boolean;
}

/** Lines of the feed that are kept. */
const maxFeedLines = 20;

export interface SimulationContext extends ShowContext<unknown> {
  /** Replaced when a rule file with other options has been loaded and a round begins. */
  options: unknown;
  readonly crowd: Crowd;
  readonly players: PlayerKeeper;
  readonly boards: BoardKeeper;
  readonly badges: BadgeKeeper;
  /** Teams that viewers were in. */
  readonly teams: TeamMemory;
  /** Newest last. */
  readonly feedLines: readonly FeedLine[];
  /** Effects of this tick. */
  readonly effects: Effect[];
  /** Effects that found no place, ever. */
  readonly effectsDropped: number;
  /** While set, effects and feed lines are marked as made by a test event. */
  isTest: boolean;
  save(): SavedContext;
}

/** What a context keeps from tick to tick, as plain JSON. */
export interface SavedContext {
  readonly crowd: SavedCrowd;
  readonly boards: SavedBoards;
  readonly badges: SavedBadges;
  readonly teams: SavedTeams;
  readonly feed: { readonly seq: number; readonly lines: readonly FeedLine[] };
  readonly effectsDropped: number;
}

/** What a context is made for. */
export interface ContextParts {
  readonly game: AnyGame;
  readonly world: World;
  readonly phase: PhaseMachine;
  readonly options: unknown;
  /** The game's own data. */
  data(): unknown;
  /** Whether somebody who does not play may not be forgotten. */
  isNeeded(viewer: string): boolean;
}

/** Creates the context of one show, or goes on with a saved one. */
export function createContext(parts: ContextParts, saved?: SavedContext): SimulationContext {
  const { game, world, phase, options, data } = parts;
  const feedLines: FeedLine[] = [...(saved?.feed.lines ?? [])];
  const effects: Effect[] = [];
  let seq = saved?.feed.seq ?? 0;
  let effectsDropped = saved?.effectsDropped ?? 0;
  const teams = createTeamMemory(saved?.teams);
  const players = createPlayers({ declaration: game.players, memory: teams, show: () => context, data });
  const crowd = createCrowd((key) => players.get(key) !== undefined || parts.isNeeded(key), saved?.crowd);
  const nameOf = (key: string) => {
    const { name = "", handle = "" } = crowd.get(key)?.viewer ?? {};
    return name || handle;
  };
  const standingOf = (key: string): Standing => {
    const member = crowd.get(key);
    if (!member || member.test) return "none";
    return member.bot ? "round" : "both";
  };
  const context: SimulationContext = {
    world,
    crowd,
    players,
    boards: createBoards({ nameOf, standingOf }, saved?.boards),
    badges: createBadges(saved?.badges),
    teams,
    options,
    phase,
    feedLines,
    effects,
    isTest: false,
    get effectsDropped() {
      return effectsDropped;
    },
    endPhase: (next) => phase.end(next),
    extendPhase: (ticks) => phase.extend(ticks),
    effect(kind, { on, with: other, ...rest }) {
      if (effects.length >= maxEffectsPerTick) {
        effectsDropped++;
        return;
      }
      effects.push({
        kind,
        tick: world.tick,
        x: rest.x ?? on?.x ?? 0,
        y: rest.y ?? on?.y ?? 0,
        entity: on?.id ?? 0,
        other: other?.id ?? 0,
        power: rest.power ?? 0,
        viewer: rest.viewer ?? on?.viewer ?? "",
        text: rest.text ?? "",
        test: rest.test ?? context.isTest,
      });
    },
    feed(member, words, tone = "plain") {
      const { key = "", viewer } = member ?? {};
      const line = {
        seq: ++seq,
        tick: world.tick,
        viewer: key,
        name: viewer?.name || viewer?.handle || "",
        words,
        tone,
      };
      feedLines.push({ ...line, test: context.isTest || (member?.test ?? false) });
      if (feedLines.length > maxFeedLines) feedLines.shift();
    },
    save: () => ({
      crowd: crowd.save(),
      boards: context.boards.save(),
      badges: context.badges.save(),
      teams: teams.save(),
      feed: { seq, lines: [...feedLines] },
      effectsDropped,
    }),
  };
  return context;
}

/** Show memory: what outlasts a game in a show - viewers, boards, badges, teams, the feed - and the effects of the tick. */
import { type BadgeKeeper, createBadges, type SavedBadges } from "../game/badges.ts";
import { type BoardKeeper, createBoards, type SavedBoards, type Standing } from "../game/boards.ts";
import { type Crowd, createCrowd, type SavedCrowd } from "../game/crowd.ts";
import type { FeedTone } from "../game/define.ts";
import { createTeamMemory, type SavedTeams, type TeamMemory } from "../game/teams.ts";
import { type Effect, maxEffectsPerTick } from "../world/effect.ts";

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

export interface ShowMemory {
  readonly crowd: Crowd;
  readonly boards: BoardKeeper;
  readonly badges: BadgeKeeper;
  /** Teams that viewers were in, whatever game declared them. */
  readonly teams: TeamMemory;
  /** Newest last. */
  readonly feedLines: readonly FeedLine[];
  /** Effects of this tick. */
  readonly effects: Effect[];
  /** Effects that found no place, ever. */
  readonly effectsDropped: number;
  addEffect(effect: Effect): void;
  addLine(line: Omit<FeedLine, "seq">): void;
  save(): SavedMemory;
}

/** What a show keeps from tick to tick, as plain JSON. */
export interface SavedMemory {
  readonly crowd: SavedCrowd;
  readonly boards: SavedBoards;
  readonly badges: SavedBadges;
  readonly teams: SavedTeams;
  readonly feed: { readonly seq: number; readonly lines: readonly FeedLine[] };
  readonly effectsDropped: number;
}

/** Creates the memory of one show, or goes on with a saved one. `isNeeded`: whether a viewer may not be forgotten. */
export function createShowMemory(isNeeded: (viewer: string) => boolean, saved?: SavedMemory): ShowMemory {
  const feedLines: FeedLine[] = [...(saved?.feed.lines ?? [])];
  const effects: Effect[] = [];
  let seq = saved?.feed.seq ?? 0;
  let effectsDropped = saved?.effectsDropped ?? 0;
  const crowd = createCrowd(isNeeded, saved?.crowd);
  const nameOf = (key: string) => {
    const { name = "", handle = "" } = crowd.get(key)?.viewer ?? {};
    return name || handle;
  };
  const standingOf = (key: string): Standing => {
    const member = crowd.get(key);
    if (!member || member.test) return "none";
    return member.bot ? "round" : "both";
  };
  const boards = createBoards({ nameOf, standingOf }, saved?.boards);
  const badges = createBadges(saved?.badges);
  const teams = createTeamMemory(saved?.teams);
  return {
    crowd,
    boards,
    badges,
    teams,
    feedLines,
    effects,
    get effectsDropped() {
      return effectsDropped;
    },
    addEffect(effect) {
      if (effects.length >= maxEffectsPerTick) effectsDropped++;
      else effects.push(effect);
    },
    addLine(line) {
      feedLines.push({ seq: ++seq, ...line });
      if (feedLines.length > maxFeedLines) feedLines.shift();
    },
    save: () => ({
      crowd: crowd.save(),
      boards: boards.save(),
      badges: badges.save(),
      teams: teams.save(),
      feed: { seq, lines: [...feedLines] },
      effectsDropped,
    }),
  };
}

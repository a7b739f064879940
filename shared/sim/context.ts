/** The ShowContext handed to games: world, crowd, boards, phase, and what is to be shown. */
import { type BoardKeeper, createBoards, type SavedBoards } from "../game/boards.ts";
import { type Crowd, createCrowd, type SavedCrowd } from "../game/crowd.ts";
import type { FeedTone, ShowContext } from "../game/define.ts";
import type { PhaseMachine } from "../game/phases.ts";
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
  readonly boards: BoardKeeper;
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
  readonly feed: { readonly seq: number; readonly lines: readonly FeedLine[] };
  readonly effectsDropped: number;
}

/** Creates the context of one show, or goes on with a saved one. */
export function createContext(
  world: World,
  phase: PhaseMachine,
  options: unknown,
  isNeeded: (viewer: string) => boolean,
  saved?: SavedContext,
): SimulationContext {
  const feedLines: FeedLine[] = [...(saved?.feed.lines ?? [])];
  const effects: Effect[] = [];
  let seq = saved?.feed.seq ?? 0;
  let effectsDropped = saved?.effectsDropped ?? 0;
  const crowd = createCrowd(isNeeded, saved?.crowd);
  const nameOf = (key: string) => {
    const { name = "", handle = "" } = crowd.get(key)?.viewer ?? {};
    return name || handle;
  };
  const context: SimulationContext = {
    world,
    crowd,
    boards: createBoards(nameOf, saved?.boards),
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
      feed: { seq, lines: [...feedLines] },
      effectsDropped,
    }),
  };
  return context;
}

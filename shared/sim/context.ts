/** The ShowContext handed to a game: its world and players, what outlasts it in the show, the phase, and what is to be shown. */
import type { BadgeKeeper } from "../game/badges.ts";
import type { AnyGame, ShowContext } from "../game/define.ts";
import type { PhaseMachine } from "../game/phases.ts";
import { createPlayers, type PlayerKeeper } from "../game/players.ts";
import type { World } from "../world/world.ts";
import type { ShowMemory } from "./show-memory.ts";

export interface SimulationContext extends ShowContext<unknown> {
  /** Replaced when a rule file with other options has been loaded and a round begins. */
  options: unknown;
  readonly players: PlayerKeeper;
  readonly badges: BadgeKeeper;
  /** While set, effects and feed lines are marked as made by a test event. */
  isTest: boolean;
}

/** What a context is made for. */
export interface ContextParts {
  readonly game: AnyGame;
  readonly world: World;
  readonly phase: PhaseMachine;
  readonly options: unknown;
  readonly memory: ShowMemory;
  /** The game's own data. */
  data(): unknown;
}

/** Creates the context of one game in a show. */
export function createContext({ game, world, phase, options, memory, data }: ContextParts): SimulationContext {
  const { crowd, boards, badges, teams } = memory;
  const players = createPlayers({ declaration: game.players, memory: teams, show: () => context, data });
  const context: SimulationContext = {
    world,
    crowd,
    players,
    boards,
    badges,
    options,
    phase,
    isTest: false,
    endPhase: (next) => phase.end(next),
    extendPhase: (ticks) => phase.extend(ticks),
    effect(kind, { on, with: other, ...rest }) {
      memory.addEffect({
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
      const name = viewer?.name || viewer?.handle || "";
      const test = context.isTest || (member?.test ?? false);
      memory.addLine({ tick: world.tick, viewer: key, name, words, tone, test });
    },
  };
  return context;
}

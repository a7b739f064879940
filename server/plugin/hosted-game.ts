/**
 * Hosted game: what stands for a room of somebody's own where Uproar has a game. It has the room's actions, phases that end only when the
 * room says so, and no bodies; its data is the room itself, which is never saved.
 */
import { z } from "zod";
import type { ViewerKey } from "../../shared/events/viewer.ts";
import { type ActionDefinition, type AnyGame, defineGame, type ShowContext } from "../../shared/game/define.ts";
import type { PhaseName } from "../../shared/game/phases.ts";

// biome-ignore lint/suspicious/noExplicitAny: each action has params of its own, and a room may have options
export type RoomAction<Room> = ActionDefinition<Room, any, any, any>;

/** What a room may be asked about its viewers. All of it is optional. */
export interface RoomAnswers {
  /** Names of the room's teams, as viewers see them. Needs `teamOf`. Default: none; a rule file may declare teams then. */
  readonly teams?: readonly string[];
  /** A viewer's team, "" for none. */
  teamOf?(viewer: ViewerKey): string;
  /** A viewer asks for a team. Default: nothing happens. */
  joinTeam?(viewer: ViewerKey, team: string): void;
  /** Whether a viewer has a body in play: then `everyone`, `random` and `team` find them, and they are not forgotten. Default: nobody has. */
  hasBody?(viewer: ViewerKey): boolean;
  /** The viewer in the lead, "" for nobody. Default: nobody. */
  leader?(): ViewerKey;
}

export interface HostedParts<Room> {
  /** What stands after `game:` in the rule file. */
  readonly id: string;
  readonly title: string;
  readonly room: Room;
  readonly actions: Readonly<Record<string, RoomAction<Room>>>;
  readonly options: z.ZodType | undefined;
  readonly answers: RoomAnswers;
  /** Why nothing that was paid for may act now, "" when it may. */
  whyNot(): string;
  hasActed(eventId: string, rule: string, action: string): boolean;
  /** Takes what the room's own answers threw. */
  failed(what: string, error: unknown): void;
}

export interface Hosted {
  readonly game: AnyGame;
  /** Enters a phase with the next tick. */
  enter(phase: PhaseName): void;
  /** As the rule file sets them. */
  options(): unknown;
}

/** Ticks after which a paid act is asked again that had to wait for the disk. */
const againTicks = 6;
/** No phase ends by itself, in ten years. */
const lasting = { seconds: 315_360_000 };

/** Makes the game of a room. */
export function hostedGame<Room>(parts: HostedParts<Room>): Hosted {
  const { id, title, room, options = z.strictObject({}) } = parts;
  let context: ShowContext<unknown> | undefined;
  const game = defineGame<Room, unknown>({
    id,
    title,
    summary: `The room ${title}.`,
    world: { width: 1, height: 1, gravity: 0, maxEntities: 1 },
    options,
    phases: { lobby: lasting, countdown: lasting, play: lasting, sudden: lasting, results: lasting },
    actions: guardedActions(parts),
    host: hostOf(parts),
    create(show) {
      context = show;
      show.endPhase("play");
      return room;
    },
    step: () => undefined,
    hud: () => ({ headline: "", leader: ask(parts, "leader", () => parts.answers.leader?.() ?? "", ""), podium: [] }),
    needs: (_room, viewer) => ask(parts, "hasBody", () => parts.answers.hasBody?.(viewer) ?? false, false),
    // Nothing of the room is part of what Uproar compares.
    snapshot: () => null,
  });
  return {
    game,
    enter: (phase) => context?.endPhase(phase),
    options: () => context?.options,
  };
}

/** The room's actions. What was paid for waits while it could act and nobody would know afterwards. */
function guardedActions<Room>({ actions, whyNot, room }: HostedParts<Room>): Record<string, RoomAction<Room>> {
  const guarded = (action: RoomAction<Room>): RoomAction<Room> => ({
    ...action,
    apply(_room, params, act, show) {
      const why = act.paid ? whyNot() : "";
      return why === "" ? action.apply(room, params, act, show) : { later: againTicks, why };
    },
  });
  return Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, guarded(action)]));
}

function hostOf<Room>(parts: HostedParts<Room>): NonNullable<AnyGame["host"]> {
  const { answers, hasActed } = parts;
  return {
    teams: answers.teams ?? [],
    teamOf: (viewer) => ask(parts, "teamOf", () => answers.teamOf?.(viewer) ?? "", ""),
    joinTeam: (viewer, team) => ask(parts, "joinTeam", () => answers.joinTeam?.(viewer, team), undefined),
    hasBody: (viewer) => ask(parts, "hasBody", () => answers.hasBody?.(viewer) ?? false, false),
    hasActed,
  };
}

/** What the room answers; when its own code throws, what stands for no answer. */
function ask<Room, T>({ failed }: HostedParts<Room>, what: string, question: () => T, otherwise: T): T {
  try {
    return question();
  } catch (error) {
    failed(what, error);
    return otherwise;
  }
}

/** Facts: what rules may know of the show and its viewers. */
import type { LiveEvent } from "../events/live-event.ts";
import type { Member } from "../game/crowd.ts";
import type { PhaseView } from "../game/phases.ts";
import type { CompiledTeam } from "../rules/compiled.ts";
import type { ShowFacts } from "../rules/decision.ts";
import type { PlayedGame } from "./played-game.ts";
import type { ShowMemory } from "./show-memory.ts";
import { membersWithBody } from "./targets.ts";

export interface Facts extends ShowFacts {
  /** Takes note of what an event tells about the stream. */
  hear(event: LiveEvent): void;
  /** A viewer asks for a team: of the game, which may say no, or in a game without teams one that the rules declare. */
  joinTeam(member: Member, team: string): void;
  save(): SavedFacts;
}

/** Facts as plain JSON. */
export interface SavedFacts {
  /** People watching, by source. */
  readonly watching: readonly (readonly [string, number])[];
}

interface FactParts {
  readonly phase: PhaseView;
  readonly memory: ShowMemory;
  /** The game that plays. */
  played(): PlayedGame;
  /** The teams that its rules declare. */
  declared(): readonly CompiledTeam[];
  readonly saved: SavedFacts | undefined;
}

/** Creates the facts of one show, or goes on with saved ones. */
export function createFacts({ phase, memory, played, declared, saved }: FactParts): Facts {
  const watchingBySource = new Map<string, number>(saved?.watching);
  let countedTick = -1;
  let playing = 0;
  const hasOwnTeams = () => played().game.players?.teams !== undefined;
  const hostOf = () => {
    const { host } = played().game;
    return host && host.teams.length > 0 ? host : undefined;
  };
  const declaredNames = () => declared().map(({ name }) => name);
  return {
    phase,
    get watching() {
      let sum = 0;
      for (const count of watchingBySource.values()) sum += count;
      return sum;
    },
    get playing() {
      const { game, context } = played();
      const { tick } = context.world;
      if (countedTick !== tick) {
        countedTick = tick;
        playing = membersWithBody(game, context).length;
      }
      return playing;
    },
    teamOf(viewer) {
      const host = hostOf();
      if (host) return host.teamOf(viewer);
      if (!hasOwnTeams()) return memory.teams.of(viewer, declaredNames());
      const { context, round } = played();
      return round.guard("teams", () => context.players.teamOf(viewer), "");
    },
    random: () => played().world.random.next(),
    hear(event) {
      if (event.test) return;
      if (event.type === "viewers") watchingBySource.set(event.source, event.count);
      else if (event.type === "streamEnd") watchingBySource.delete(event.source);
    },
    joinTeam(member, team) {
      const declared = declaredNames();
      const host = hostOf();
      if (host) host.joinTeam(member.key, team);
      else if (hasOwnTeams()) played().context.players.joinTeam(member, team);
      else if (declared.includes(team)) memory.teams.join(member.key, team, declared);
    },
    save: () => ({ watching: [...watchingBySource] }),
  };
}

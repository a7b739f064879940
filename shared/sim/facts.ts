/** Facts: what rules may know of the show and its viewers. */
import type { LiveEvent } from "../events/live-event.ts";
import type { Member } from "../game/crowd.ts";
import type { AnyGame } from "../game/define.ts";
import type { CompiledTeam } from "../rules/compiled.ts";
import type { ShowFacts } from "../rules/decision.ts";
import type { ActingParts } from "./acting.ts";
import type { SimulationContext } from "./context.ts";
import { membersWithBody } from "./targets.ts";

export interface Facts extends ShowFacts {
  /** Takes note of what an event tells about the stream. */
  hear(event: LiveEvent): void;
  /** A viewer asks for a team: of the game, which may say no, or in a game without teams one that the rules declare. */
  joinTeam(member: Member, team: string): void;
  /** The teams that rules declare from now on. */
  declare(teams: readonly CompiledTeam[]): void;
  save(): SavedFacts;
}

/** Facts as plain JSON. */
export interface SavedFacts {
  /** People watching, by source. */
  readonly watching: readonly (readonly [string, number])[];
}

interface FactParts {
  game: AnyGame;
  context: SimulationContext;
  teams: readonly CompiledTeam[];
  guard: ActingParts["guard"];
  saved: SavedFacts | undefined;
}

/** Creates the facts of one show, or goes on with saved ones. */
export function createFacts({ game, context, teams, guard, saved }: FactParts): Facts {
  const watchingBySource = new Map<string, number>(saved?.watching);
  let declared = teams.map(({ name }) => name);
  const hasOwn = game.players?.teams !== undefined;
  const host = game.host && game.host.teams.length > 0 ? game.host : undefined;
  let countedTick = -1;
  let playing = 0;
  const { world } = context;
  return {
    phase: context.phase,
    get watching() {
      let sum = 0;
      for (const count of watchingBySource.values()) sum += count;
      return sum;
    },
    get playing() {
      if (countedTick !== world.tick) {
        countedTick = world.tick;
        playing = membersWithBody(game, context).length;
      }
      return playing;
    },
    teamOf(viewer) {
      if (host) return host.teamOf(viewer);
      if (!hasOwn) return context.teams.of(viewer, declared);
      return guard("teams", () => context.players.teamOf(viewer), "");
    },
    random: () => world.random.next(),
    hear(event) {
      if (event.test) return;
      if (event.type === "viewers") watchingBySource.set(event.source, event.count);
      else if (event.type === "streamEnd") watchingBySource.delete(event.source);
    },
    joinTeam(member, team) {
      if (host) host.joinTeam(member.key, team);
      else if (hasOwn) context.players.joinTeam(member, team);
      else if (declared.includes(team)) context.teams.join(member.key, team, declared);
    },
    declare(next) {
      declared = next.map(({ name }) => name);
    },
    save: () => ({ watching: [...watchingBySource] }),
  };
}

/** Facts: what rules may know of the show and its viewers, and the teams of games that have none of their own. */
import type { LiveEvent } from "../events/live-event.ts";
import type { Member } from "../game/crowd.ts";
import type { AnyGame } from "../game/define.ts";
import { createTeamKeeper, type SavedTeams } from "../game/teams.ts";
import type { CompiledTeam } from "../rules/compiled.ts";
import type { ShowFacts } from "../rules/decision.ts";
import type { ActingParts } from "./acting.ts";
import type { SimulationContext } from "./context.ts";
import { membersWithBody } from "./targets.ts";

export interface Facts extends ShowFacts {
  /** Takes note of what an event tells about the stream. */
  hear(event: LiveEvent): void;
  /** A viewer asks for a team: the game decides, or in a game without teams it is so. */
  joinTeam(member: Member, team: string): void;
  /** The teams that rules declare from now on. */
  declare(teams: readonly CompiledTeam[]): void;
  save(): SavedFacts;
}

/** Facts as plain JSON. */
export interface SavedFacts {
  /** People watching, by source. */
  readonly watching: readonly (readonly [string, number])[];
  readonly teams: SavedTeams;
}

interface FactParts {
  game: AnyGame;
  context: SimulationContext;
  data(): unknown;
  teams: readonly CompiledTeam[];
  guard: ActingParts["guard"];
  saved: SavedFacts | undefined;
}

/** Creates the facts of one show, or goes on with saved ones. */
export function createFacts({ game, context, data, teams, guard, saved }: FactParts): Facts {
  const keeper = createTeamKeeper(saved?.teams);
  const watchingBySource = new Map<string, number>(saved?.watching);
  let declared = teams;
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
        playing = membersWithBody(context).length;
      }
      return playing;
    },
    teamOf(viewer) {
      const { teams: own } = game;
      return own ? guard("teams", () => own.of(data(), viewer), "") : keeper.of(viewer);
    },
    random: () => world.random.next(),
    hear(event) {
      if (event.test) return;
      if (event.type === "viewers") watchingBySource.set(event.source, event.count);
      else if (event.type === "streamEnd") watchingBySource.delete(event.source);
    },
    joinTeam(member, team) {
      if (game.teams) game.teams.join(data(), member, team, context);
      else if (declared.some(({ name }) => name === team)) keeper.join(member.key, team);
    },
    declare(next) {
      declared = next;
      keeper.keepOnly(next.map(({ name }) => name));
    },
    save: () => ({ watching: [...watchingBySource], teams: keeper.save() }),
  };
}

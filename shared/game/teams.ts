/** Team memory: which team each viewer was in last, for the whole show, whatever game plays and whoever declares the teams. */
import type { ViewerKey } from "../events/viewer.ts";
import { BoundedMap } from "./bounded.ts";
import { maxMembers } from "./crowd.ts";

export interface TeamMemory {
  /** The one of these teams that a viewer was in last, "" for none of them. */
  of(viewer: ViewerKey, teams: readonly string[]): string;
  /** A viewer is now in one of these teams, and in no other of them. */
  join(viewer: ViewerKey, team: string, teams: readonly string[]): void;
  save(): SavedTeams;
}

/** Everybody who was in a team, with the names of their teams, as plain JSON; who joined one longest ago first. */
export type SavedTeams = readonly (readonly [ViewerKey, ...teams: string[]])[];

/** Most teams remembered of one viewer: of as many games that play in turn. */
const maxTeams = 8;

/** Creates a memory of nobody, or goes on with a saved one; of more than 20,000 viewers the older half is forgotten. */
export function createTeamMemory(saved: SavedTeams = []): TeamMemory {
  const viewers = new BoundedMap<readonly string[]>(maxMembers);
  for (const [viewer, ...teams] of saved) viewers.set(viewer, teams);
  return {
    of: (viewer, teams) => viewers.get(viewer)?.find((team) => teams.includes(team)) ?? "",
    join(viewer, team, teams) {
      const others = (viewers.get(viewer) ?? []).filter((other) => !teams.includes(other));
      viewers.set(viewer, [team, ...others].slice(0, maxTeams));
    },
    save: () => viewers.entries().map(([viewer, teams]) => [viewer, ...teams] as const),
  };
}

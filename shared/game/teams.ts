/** Teams that a rule file declares for a game without teams of its own: who is in which, for the show. */
import type { ViewerKey } from "../events/viewer.ts";
import { maxMembers } from "./crowd.ts";

export interface TeamKeeper {
  /** Team of a viewer, "" for none. */
  of(viewer: ViewerKey): string;
  /** A viewer joins a team and leaves the one before. */
  join(viewer: ViewerKey, team: string): void;
  /** Members of teams that no longer exist leave them. */
  keepOnly(teams: readonly string[]): void;
  save(): SavedTeams;
}

/** Everybody who is in a team, as plain JSON, the first to have joined first. */
export type SavedTeams = readonly (readonly [ViewerKey, string])[];

/** Creates a keeper with nobody in a team, or goes on with a saved one; beyond 20,000 members the first to have joined is forgotten. */
export function createTeamKeeper(saved: SavedTeams = []): TeamKeeper {
  const teams = new Map<ViewerKey, string>(saved);
  return {
    of: (viewer) => teams.get(viewer) ?? "",
    join(viewer, team) {
      if (teams.size >= maxMembers && !teams.has(viewer)) teams.delete(teams.keys().next().value!);
      teams.set(viewer, team);
    },
    keepOnly(names) {
      for (const [viewer, team] of teams) if (!names.includes(team)) teams.delete(viewer);
    },
    save: () => [...teams],
  };
}

/** The sources of a room: ids as on the command line, and sources of one's own. */
import type { Ingest } from "../ingest/ingest.ts";
import type { SourceDefinition, SourceSettings } from "../ingest/source.ts";
import { type ChosenSource, chooseSources } from "../sources.ts";
import { UserError } from "../user-error.ts";

/** `ID` or `ID:WHOM`, as `--source` takes it, or what `defineSource` gave. */
export type RoomSource = string | SourceDefinition;

/** Finds them and what they are to follow. No source is the simulated audience. Rejects with a UserError that says what to mend. */
export async function chooseRoomSources(
  wanted: readonly RoomSource[],
  backup: string,
  settings: SourceSettings,
): Promise<ChosenSource[]> {
  const ids = wanted.filter((source) => typeof source === "string");
  const own = wanted.filter((source) => typeof source !== "string");
  for (const source of own) {
    const missing = source.check(settings);
    if (missing) throw new UserError(`The source ${source.id}: ${missing}`);
  }
  // Without an id, and with sources of one's own, nobody is made up.
  const chosen = ids.length > 0 || own.length === 0 ? await chooseSources(ids, backup, settings) : [];
  return [...chosen, ...own.map((source) => ({ source, settings }))];
}

/** Starts them all. */
export function startRoomSources(ingest: Ingest, sources: readonly ChosenSource[]): void {
  for (const { source, settings, backup } of sources) {
    if (backup) ingest.startPair({ source, settings }, backup);
    else ingest.start(source, settings);
  }
}

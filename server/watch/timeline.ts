/** Timeline: how long a recorded show is and when its phases began, as far as the record tells. */
import type { Games } from "../../shared/replay/beginning.ts";
import { createPlayer } from "../../shared/replay/player.ts";
import { type RecordedShow, withShow } from "../recorded-show.ts";

/** A phase from the tick on in which it began. */
export interface ShownPhase {
  readonly tick: number;
  readonly phase: string;
  readonly round: number;
}

export interface Timeline {
  readonly endTick: number;
  /** In their order, the one that the show began with first. Only that one when the record has no traces. */
  readonly phases: readonly ShownPhase[];
}

/** Reads a show from end to end. Throws a UserError when its record is damaged or cannot be played. */
export async function readTimeline(show: RecordedShow, games: Games): Promise<Timeline> {
  return withShow(show.shown, async () => {
    const { phase } = createPlayer({ games, head: show.head }).simulation;
    const phases: ShownPhase[] = [{ tick: 0, phase: phase.name, round: phase.round }];
    let endTick = 0;
    for await (const entry of show.entries()) {
      if ("end" in entry) endTick = entry.end;
      else if ("trace" in entry) {
        for (const { tick, phase: name, round } of entry.trace.phases ?? []) phases.push({ tick, phase: name, round });
      }
    }
    return { endTick, phases };
  });
}

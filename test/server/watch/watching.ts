/** Watched shows for tests: a record in memory, and a clock that the test moves, with time for what is read in between. */
import type { RecordedShow } from "../../../server/recorded-show.ts";
import { createWatchedShow, type WatchedShow, type WatchOptions } from "../../../server/watch/watched-show.ts";
import game from "../../../shared/games/last-ball/game.ts";
import { createPlayer, playKnown } from "../../../shared/replay/player.ts";
import type { ShowEntry } from "../../../shared/replay/show-file.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import type { PlayedShow } from "../cli/a-recorded-show.ts";

/** The games of every record here. */
export const games = new Map([[game.id, game]]);

/** As if it were read from a file. */
export function recordOf({ head, entries }: PlayedShow): RecordedShow {
  const tickOf = (entry: ShowEntry) => ("end" in entry ? entry.end : entry.tick);
  return {
    gameAddresses: {},
    shown: "show a-show",
    head,
    async *entries(fromTick = 0) {
      for (const entry of entries) if (tickOf(entry) >= fromTick) yield entry;
    },
    async close() {},
  };
}

export function endOf({ entries }: PlayedShow): number {
  const last = entries.at(-1)!;
  return "end" in last ? last.end : 0;
}

/** Hashes of a run that never stops, at these ticks. */
export function straightHashes({ head, entries }: PlayedShow, ticks: readonly number[]): Map<number, string> {
  const player = createPlayer({ games, head, compares: false });
  const hashes = new Map([[0, player.simulation.hash()]]);
  for (const entry of entries) {
    player.give(entry);
    for (const _ of playKnown(player)) {
      const { tick } = player.simulation.world;
      if (ticks.includes(tick)) hashes.set(tick, player.simulation.hash());
    }
  }
  return hashes;
}

export interface Watching {
  readonly show: WatchedShow;
  /** Lets so much time pass, in turns of the room. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until the show is where it was sent. */
  arrive(): Promise<void>;
}

/** Watches a show under a clock of its own. */
export function watch(played: PlayedShow, options: Partial<WatchOptions> = {}): Watching {
  const clock = createManualClock();
  const show = createWatchedShow({
    show: recordOf(played),
    games,
    endTick: endOf(played),
    clock,
    speed: 1,
    ...options,
  });
  const turn = async (ms: number) => {
    // What is read comes in by promises.
    await new Promise(setImmediate);
    clock.advance(ms);
    show.tick();
  };
  return {
    show,
    async pass(ms) {
      for (let passed = 0; passed < ms; passed += 20) await turn(20);
    },
    async arrive() {
      while (show.isSeeking) await turn(20);
    },
  };
}

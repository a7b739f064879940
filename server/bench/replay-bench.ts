/** How fast a show of Last Ball is replayed out of its data folder, compared tick by tick with its record. */
import { performance } from "node:perf_hooks";
import { createPlayer, playKnown } from "../../shared/replay/player.ts";
import { ticksPerSecond } from "../../shared/world/world.ts";
import { loadGame, loadRules } from "../games.ts";
import { storedShow } from "../recorded-show.ts";
import { openStore } from "../store/sqlite.ts";
import { median } from "./harness.ts";
import type { Row } from "./report.ts";
import { createAudience, inFolder, openStoredShow, usualHz } from "./stored-show.ts";

const usualSeconds = 300;

/** Plays a show of so many seconds and replays it. Throws when the replay differs, as the speed means nothing then. */
export async function benchReplay(repeats: number, seconds: number = usualSeconds): Promise<Row[]> {
  return inFolder(async (folder) => {
    const game = await loadGame("last-ball");
    const { rules } = loadRules("", game);
    const running = await openStoredShow({ folder, game, rules, audience: createAudience(usualHz) });
    await running.play(seconds * ticksPerSecond);
    await running.leave();
    const store = await openStore({ folder });
    const [record] = await store.shows(1);
    const { head, entries } = storedShow(store, record!);
    const times: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const startMs = performance.now();
      const player = createPlayer({ games: new Map([[game.id, game]]), head });
      for await (const entry of entries()) {
        player.give(entry);
        for (const _ of playKnown(player));
      }
      const { tick } = player.simulation.world;
      if (player.difference || player.comparedTick === 0) throw new Error("The replay is not the show it replays.");
      times.push(((tick / ticksPerSecond) * 1000) / (performance.now() - startMs));
    }
    await store.close();
    const name = `Last Ball, ${usualHz} events/s: replay, times as fast as live`;
    const note = `${seconds} s of show, compared at every tick`;
    const spread = { low: Math.min(...times), high: Math.max(...times) };
    return [{ suite: "replay", name, value: median(times), unit: "x", ...spread, note }];
  });
}

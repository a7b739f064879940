/** Golden shows: show files, as `replay --export` writes them, whose traces must come out again. */
import { fileURLToPath } from "node:url";
import { loadGame } from "../../server/games.ts";
import { openRecordedShow } from "../../server/recorded-show.ts";
import { type Games, gameIdsOf } from "../../shared/replay/beginning.ts";
import { createPlayer, playKnown } from "../../shared/replay/player.ts";
import type { ShowEntry, ShowHead } from "../../shared/replay/show-file.ts";
import type { ShowInput } from "../../shared/sim/input.ts";

/** Ticks between two hashes. */
export const hashEveryTicks = 600;

/** Path of a golden show. */
export function goldenFile(name: string): string {
  return fileURLToPath(new URL(`./${name}.show.gz`, import.meta.url));
}

/** What the show began with, and all its entries. */
export async function readGolden(name: string) {
  const show = await openRecordedShow(goldenFile(name), "");
  const entries: ShowEntry[] = [];
  for await (const entry of show.entries()) entries.push(entry);
  return { head: show.head, entries };
}

export type GoldenShow = Awaited<ReturnType<typeof readGolden>>;

/** The games that a show plays. */
async function gamesOf(head: ShowHead): Promise<Games> {
  const games = await Promise.all(gameIdsOf(head).map((id) => loadGame(id)));
  return new Map(games.map((game) => [game.id, game]));
}

/** Plays a golden show and compares it with its traces; `hashes` are of every `hashEveryTicks` ticks. */
export async function playGolden({ head, entries }: GoldenShow) {
  const player = createPlayer({ games: await gamesOf(head), head });
  const { simulation } = player;
  const hashes: string[] = [];
  for (const entry of entries) {
    player.give(entry);
    for (const _ of playKnown(player)) {
      if (simulation.world.tick % hashEveryTicks === 0) hashes.push(simulation.hash());
    }
  }
  return { player, simulation, hashes };
}

/** The show with other inputs: `change` gives what enters at a tick in the place of what did; the traces stay. */
export function withInputs(
  { head, entries }: GoldenShow,
  change: (inputs: readonly ShowInput[], tick: number) => readonly (readonly [tick: number, inputs: ShowInput[]])[],
): GoldenShow {
  const changed = entries.flatMap((entry): ShowEntry[] => {
    if (!("inputs" in entry)) return [entry];
    return change(entry.inputs, entry.tick).map(([tick, inputs]) => ({ tick, inputs }));
  });
  const placeOf = (entry: ShowEntry) => ("end" in entry ? entry.end + 0.9 : entry.tick + ("trace" in entry ? 0 : 0.5));
  return { head, entries: changed.sort((a, b) => placeOf(a) - placeOf(b)) };
}

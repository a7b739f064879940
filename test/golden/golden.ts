/** Golden shows: seed and events in a file, with the hashes they must give. Playing one needs nothing but shared/. */
import { readFileSync } from "node:fs";
import { loadGame } from "../../server/games.ts";
import type { LiveEvent } from "../../shared/events/live-event.ts";
import { compileRules, oneFile } from "../../shared/rules/compile.ts";
import { createSimulation } from "../../shared/sim/simulation.ts";

/** Ticks between two hashes. */
export const hashEveryTicks = 600;

export interface GoldenShow {
  game: string;
  /** The rule file's text, so that editing the shipped rules leaves the show as it was. */
  rules: string;
  seed: number;
  ticks: number;
  /** Inputs by tick. */
  events: [tick: number, events: LiveEvent[]][];
  /** Hash after every `hashEveryTicks` ticks. */
  hashes: string[];
}

export const goldenFile = (name: string) => new URL(`./${name}.json`, import.meta.url);

export function readGolden(name: string): GoldenShow {
  return JSON.parse(readFileSync(goldenFile(name), "utf8")) as GoldenShow;
}

/** Plays a golden show and returns its hashes, and what it was like at the end. */
export async function playGolden(show: Omit<GoldenShow, "hashes">) {
  const game = await loadGame(show.game);
  const compiled = compileRules(oneFile(show.rules), game);
  if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join("\n"));
  const simulation = createSimulation({ game, rules: compiled.rules, seed: show.seed });
  const inputs = new Map(show.events);
  const hashes: string[] = [];
  for (let tick = 0; tick < show.ticks; tick++) {
    simulation.step(inputs.get(tick) ?? []);
    if ((tick + 1) % hashEveryTicks === 0) hashes.push(simulation.hash());
  }
  return { hashes, simulation };
}

/** Golden shows: seed and events in a file, with the hashes they must give. Playing one needs nothing but shared/. */
import { readFileSync } from "node:fs";
import { loadGame } from "../../server/games.ts";
import type { LiveEvent } from "../../shared/events/live-event.ts";
import { compileRules, oneFile } from "../../shared/rules/compile.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import { createSimulation } from "../../shared/sim/simulation.ts";

/** Ticks between two hashes. */
export const hashEveryTicks = 600;

export interface GoldenShow {
  game: string;
  /** The rule file's text, so that editing the shipped rules leaves the show as it was. */
  rules: string;
  seed: number;
  ticks: number;
  /** Rule files that take over in the middle of the show, by tick. */
  changes: [tick: number, rules: string][];
  /** Events by tick. */
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
  const compiled = (text: string): CompiledRules => {
    const result = compileRules(oneFile(text), game);
    if (result.ok) return result.rules;
    throw new Error(result.problems.map(({ message }) => message).join("\n"));
  };
  const simulation = createSimulation({ game, rules: compiled(show.rules), seed: show.seed });
  const events = new Map(show.events);
  const changes = new Map(show.changes.map(([tick, text]) => [tick, compiled(text)]));
  const hashes: string[] = [];
  for (let tick = 0; tick < show.ticks; tick++) {
    simulation.step(events.get(tick) ?? [], changes.get(tick));
    if ((tick + 1) % hashEveryTicks === 0) hashes.push(simulation.hash());
  }
  return { hashes, simulation };
}

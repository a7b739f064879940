/**
 * Simulation: rules + game + world + random. `step(events)` is the whole show between "an event arrived" and "a snapshot
 * exists": pure and deterministic, time is the tick number. The same game, rules, seed, events, acts of the operator and changes of rules
 * give the same hash on any run, and on one that was saved and resumed in between.
 */
import type { CompiledRules } from "../rules/compiled.ts";
import { beginningOf } from "./carrying.ts";
import { RunningSimulation } from "./running-simulation.ts";
import { readSaved } from "./saved.ts";
import type { ResumeOptions, Simulation, SimulationOptions } from "./simulation-interface.ts";

export { checkpointTicks } from "./running-simulation.ts";
export * from "./simulation-interface.ts";

/** Creates a show at tick 0, in the lobby of round 1. */
export function createSimulation({ game, rules, seed, carried }: SimulationOptions): Simulation {
  const all = [...(carried?.rules ?? []), rules];
  const known = new Map([...all.entries()].filter((entry): entry is [number, CompiledRules] => entry[1] !== undefined));
  const last = all.length - 1;
  const from = carried ? beginningOf(carried.saved) : {};
  return new RunningSimulation({ game, seed, known, numbers: { now: last, last, options: last }, from });
}

/** Goes on from what was saved at a checkpoint. Throws when it is of another game or of a form that is not known. */
export function resumeSimulation({ game, saved, rulesOf }: ResumeOptions): Simulation {
  const from = readSaved(saved, game.id);
  const { numbers, waiting } = from;
  const needed = new Set([numbers.now, numbers.options, ...waiting.entries.map(({ call }) => call.place[0])]);
  const known = new Map(Array.from(needed, (number) => [number, rulesOf(number)] as const));
  return new RunningSimulation({ game, seed: 0, known, numbers, from });
}

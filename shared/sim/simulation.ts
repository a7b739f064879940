/**
 * Simulation: rules + game + world + random. `step(events)` is the whole show between "an event arrived" and "a snapshot
 * exists": pure and deterministic, time is the tick number. The same game, rules, seed, events, acts of the operator and changes of rules
 * give the same hash on any run, and on one that was saved and resumed in between.
 */
import type { CompiledRules } from "../rules/compiled.ts";
import { beginningOf } from "./carrying.ts";
import { RunningSimulation } from "./running-simulation.ts";
import { readSaved } from "./saved.ts";
import type { PlaylistEntry, ResumeOptions, Simulation, SimulationOptions } from "./simulation-interface.ts";
import { gamesIn } from "./turns.ts";

export { checkpointTicks } from "./running-simulation.ts";
export * from "./simulation-interface.ts";

/** Creates a show at tick 0, in the first round of its first game. Throws when one game has two sets of rules. */
export function createSimulation({ playlist: entries, seed, carried }: SimulationOptions): Simulation {
  const playlist = entries.map(({ game, rounds = 1 }) => ({ game, rounds }));
  const games = [...gamesIn(playlist).keys()];
  const before = carried?.rules ?? [];
  const own = games.map((game) => rulesOf(game, entries));
  const known = new Map<number, CompiledRules>();
  for (const [number, rules] of [...before, ...own].entries()) if (rules) known.set(number, rules);
  const now = games.map((_, index) => before.length + index);
  const from = carried && beginningOf(carried.saved, games[0]!);
  return new RunningSimulation({
    ...{ playlist, seed, known, saved: undefined, from: from ?? {} },
    numbers: { now, last: before.length + own.length - 1 },
    engines: games.map((game) => from?.engineOf(game)),
  });
}

/** A game has one set of rules in a show, however often it plays. */
function rulesOf(id: string, entries: readonly PlaylistEntry[]): CompiledRules {
  const [first, ...others] = entries.filter(({ game }) => game.id === id);
  if (others.some(({ rules }) => rules !== first!.rules)) throw new Error(`the show has two sets of rules for ${id}`);
  return first!.rules;
}

/** Goes on from what was saved at a checkpoint. Throws when a game of it is missing, or it is of a form that is not known. */
export function resumeSimulation({ games, saved: text, rulesOf: ask }: ResumeOptions): Simulation {
  const saved = readSaved(text);
  const { numbers, waiting } = saved;
  const playlist = saved.playlist.map(({ game: id, rounds }) => {
    const game = games.get(id);
    if (!game) throw new Error(`the saved show plays ${id}, which is not there`);
    return { game, rounds };
  });
  const known = new Map<number, CompiledRules>();
  const needed = [...numbers.now, numbers.options, ...waiting.entries.map(({ call }) => call.place[0])];
  for (const number of new Set(needed)) {
    const rules = ask(number);
    if (!rules) throw new Error(`the saved show needs rules ${number}, which are not understood`);
    known.set(number, rules);
  }
  for (const { call, game } of waiting.elsewhere) {
    const [number] = call.place;
    const rules = known.has(number) || !games.has(game) ? undefined : ask(number);
    if (rules) known.set(number, rules);
  }
  return new RunningSimulation({ playlist, seed: 0, known, numbers, engines: saved.engines, from: saved, saved });
}

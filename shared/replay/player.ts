/**
 * Player: plays a recorded show again, tick by tick, and compares it with the record's traces. Entries are given in their order as
 * they are read, so that a show of hours needs no more memory than one of minutes.
 */
import type { LiveEvent } from "../events/live-event.ts";
import type { CompiledRules } from "../rules/compiled.ts";
import type { OperatorAct, ShowInput } from "../sim/input.ts";
import { resumeSimulation, type Simulation, type StepResult } from "../sim/simulation.ts";
import { createRecordedRules, type Games, type RecordedRules, simulationAtBeginning } from "./beginning.ts";
import { type Difference, differenceAt } from "./compare.ts";
import {
  maxPrints,
  type PhaseTrace,
  type ShowEntry,
  ShowFileError,
  type ShowHead,
  type ShowTrace,
} from "./show-file.ts";

export interface PlayerOptions {
  /** The head's games. */
  readonly games: Games;
  readonly head: Pick<ShowHead, "seed" | "game" | "beginning">;
  /** False for a run that is meant to differ: traces then only say how far all is known. Default true. */
  readonly compares?: boolean;
  /** Goes on from here instead of the beginning; then give the entries of its tick and later. */
  readonly from?: PlayedState;
}

/** A show at a checkpoint, to go on from later. */
export interface PlayedState {
  /** What `Simulation.save` gave. */
  readonly saved: unknown;
  /** Compiled rules by their number, as far as they were played. */
  readonly rules: ReadonlyMap<number, CompiledRules>;
}

export interface Player {
  readonly simulation: Simulation;
  /** Compiled rules by number: those the show began with and what it changed to so far. */
  readonly rules: ReadonlyMap<number, CompiledRules>;
  /** The show can be played up to this tick with what was given: everything that enters before it is known. */
  readonly knownTick: number;
  /** The last tick, undefined until the last entry was given. */
  readonly endTick: number | undefined;
  /** The last tick that was compared with a trace; 0 before the first. */
  readonly comparedTick: number;
  /** Where it differs first; undefined as long as all agrees. Told again when a later trace says more of it. */
  readonly difference: Difference | undefined;
  /** The next entry of the record. Throws a ShowFileError when it cannot be played, as rules that this version does not understand. */
  give(entry: ShowEntry): void;
  /** One tick; call it only while `simulation.world.tick` is below `knownTick`. The result is valid until the next. */
  step(): StepResult;
}

/** Creates a player at tick 0, or where it goes on from. Throws a ShowFileError when the show's rules do not compile. */
export function createPlayer(options: PlayerOptions): Player {
  const { games, compares = true } = options;
  const compiled = createRecordedRules(games);
  const { simulation, rules } = options.from ? resumed(games, options.from) : begun(options, compiled);
  const startTick = simulation.world.tick;
  const entering = createEntering(compiled);
  const comparison = createComparison(simulation);
  const traces: { tick: number; trace: ShowTrace }[] = [];
  let knownTick = 0;
  let endTick: number | undefined;
  return {
    simulation,
    rules,
    get knownTick() {
      return knownTick;
    },
    get endTick() {
      return endTick;
    },
    get comparedTick() {
      return comparison.tick;
    },
    get difference() {
      return comparison.difference;
    },
    give(entry) {
      const tick = "end" in entry ? entry.end : entry.tick;
      if (tick < knownTick) throw new ShowFileError(`What belongs to tick ${tick} comes after tick ${knownTick}`);
      knownTick = tick;
      if ("end" in entry) endTick = tick;
      else if ("inputs" in entry) entering.add(tick, entry.inputs);
      // Before the first tick there is nothing to compare; nor with what a trace tells of the time before it.
      else if (compares && tick > simulation.world.tick && tick - entry.trace.prints.length >= startTick)
        traces.push(entry);
    },
    step() {
      if (simulation.world.tick >= knownTick) throw new Error("nothing is known of the next tick");
      const { events, rules: next, acts } = entering.at(simulation.world.tick);
      const result = simulation.step(events, next, acts);
      if (next) rules.set(simulation.rulesOf(next.game)!.number, next);
      if (compares) comparison.note(result);
      if (traces[0]?.tick === simulation.world.tick) comparison.compare(traces.shift()!.trace);
      return result;
    },
  };
}

/** A simulation, and the rules that it knows by number. */
interface Played {
  readonly simulation: Simulation;
  readonly rules: Map<number, CompiledRules>;
}

function begun({ games, head }: PlayerOptions, compiled: RecordedRules): Played {
  const simulation = simulationAtBeginning(head, games, compiled);
  const known = new Map<number, CompiledRules>();
  for (const id of new Set(simulation.playlist.map(({ game }) => game.id))) {
    const { number, rules } = simulation.rulesOf(id)!;
    known.set(number, rules);
  }
  for (const [number, files] of head.beginning.rules.entries()) {
    const rules = known.has(number) ? undefined : compiled.orNone(files);
    if (rules) known.set(number, rules);
  }
  return { simulation, rules: known };
}

function resumed(games: Games, { saved, rules }: PlayedState): Played {
  const simulation = resumeSimulation({ games, saved, rulesOf: (number) => rules.get(number) });
  return { simulation, rules: new Map(rules) };
}

/** Plays on as far as is known, a step at a time. */
export function* playKnown(player: Player): Generator<StepResult> {
  while (player.simulation.world.tick < player.knownTick) yield player.step();
}

/** What enters with one tick. */
interface Entering {
  readonly events: LiveEvent[];
  rules: CompiledRules | undefined;
  readonly acts: OperatorAct[];
}

/** Keeps what was given until its tick. Batches of one tick enter together, as they did in the show. */
function createEntering(compiled: RecordedRules) {
  const none: Entering = { events: [], rules: undefined, acts: [] };
  const byTick = new Map<number, Entering>();
  return {
    add(tick: number, inputs: readonly ShowInput[]) {
      const entering = byTick.get(tick) ?? { events: [], rules: undefined, acts: [] };
      byTick.set(tick, entering);
      for (const input of inputs) {
        if (input.type === "event") entering.events.push(input.event);
        else if (input.type === "act") entering.acts.push(input.act);
        else if (entering.rules) throw new ShowFileError(`At tick ${tick} the rules change twice`);
        else entering.rules = compiled.orThrow(input.files, `The rules that the show changed to at tick ${tick}`);
      }
    },
    /** What enters at this tick; it is forgotten here. */
    at(tick: number): Entering {
      const entering = byTick.get(tick);
      if (!entering) return none;
      byTick.delete(tick);
      return entering;
    },
  };
}

/** Keeps of the last ticks what a trace may ask for, and the first difference. */
function createComparison(simulation: Simulation) {
  let prints: number[] = [];
  let phases: PhaseTrace[] = [];
  let agreed = { printsTick: 0, hashesTick: 0 };
  let difference: Difference | undefined;
  let tick = 0;
  return {
    get tick() {
      return tick;
    },
    get difference() {
      return difference;
    },
    note({ entered }: Pick<StepResult, "entered">) {
      if (prints.length === maxPrints) prints.shift();
      prints.push(simulation.fingerprint());
      if (!entered) return;
      const { world, phase } = simulation;
      const random = [...world.random.state()];
      phases.push({ tick: world.tick, phase: entered, round: phase.round, random });
    },
    compare(trace: ShowTrace) {
      tick = simulation.world.tick;
      // A trace before this one may be missing, when the disk had no room for it: this one tells of so many ticks.
      const since = tick - trace.prints.length;
      const now = {
        prints,
        phases: phases.filter((begun) => begun.tick > since),
        outline: () => simulation.outline(),
        hashes: () => simulation.hashes(),
        hash: () => simulation.hash(),
      };
      const found = differenceAt(trace, tick, now, agreed);
      prints = [];
      phases = [];
      if (found && !difference) difference = found;
      // The first tick stands; a later trace only tells what it was.
      else if (found?.thing && difference && !difference.thing) difference = { ...difference, thing: found.thing };
      if (found) return;
      agreed = { printsTick: tick, hashesTick: trace.hash === undefined ? agreed.hashesTick : tick };
    },
  };
}

/** The round's phase machine, shared by all games: lobby, countdown, play, sudden death, results, and round again by itself. */
import { z } from "zod";
import { ticksPerSecond } from "../world/world.ts";

/** Whole ticks of so many seconds. */
export function ticksOf(seconds: number): number {
  return Math.round(seconds * ticksPerSecond);
}

/** Names of the phases, in the order of a round. */
export const phaseNames = ["lobby", "countdown", "play", "sudden", "results"] as const;
/** Name of a phase. */
export type PhaseName = (typeof phaseNames)[number];

/** Length of each phase in seconds, finite. A phase of 0 s is skipped. */
export type PhaseSeconds = Readonly<Record<PhaseName, number>>;

/** A phase as a game declares it. */
export interface PhaseTime {
  /** Its usual length; 0 skips it. */
  readonly seconds: number;
  /** Shortest and longest a streamer may set. Defaults: 0 and 3600. */
  readonly min?: number;
  readonly max?: number;
  /** What happens in it, for the rule file's help. */
  readonly summary?: string;
}

/** The phases of a game; one that is missing is skipped. */
export type PhaseTable = Readonly<Partial<Record<PhaseName, PhaseTime>>>;

/** The phases of a game that declares none. */
export const standardPhases: PhaseTable = {
  lobby: { seconds: 20, max: 300, summary: "Gathering before a round." },
  countdown: { seconds: 4, max: 10, summary: "Everybody gets ready." },
  play: { seconds: 90, min: 10, max: 900, summary: "The round itself." },
  results: { seconds: 8, max: 60, summary: "Podium." },
};

type OptionName<Name extends string> = `${Name}Seconds`;
const optionOf = <Name extends PhaseName>(name: Name): OptionName<Name> => `${name}Seconds`;

/** Fields of a game's options by which a streamer sets the lengths of its phases: `lobbySeconds` and so on. */
export function phaseOptions<Table extends PhaseTable>(
  phases: Table,
): { [Name in keyof Table & PhaseName as OptionName<Name>]: z.ZodDefault<z.ZodNumber> } {
  const fields: Partial<Record<OptionName<PhaseName>, z.ZodDefault<z.ZodNumber>>> = {};
  for (const name of phaseNames) {
    const phase = phases[name];
    if (!phase) continue;
    const { seconds, min = 0, max = 3600, summary = `Length of the phase ${name}.` } = phase;
    fields[optionOf(name)] = z.number().min(min).max(max).default(seconds).meta({ description: summary });
  }
  return fields as ReturnType<typeof phaseOptions<Table>>;
}

/** Length of the phases under these options: what an option says, else what is declared. */
export function phaseSeconds(phases: PhaseTable, options: unknown): PhaseSeconds {
  const set = (options ?? {}) as Partial<Record<OptionName<PhaseName>, unknown>>;
  const secondsOf = (name: PhaseName): number => {
    const seconds = phases[name] && set[optionOf(name)];
    return typeof seconds === "number" ? seconds : (phases[name]?.seconds ?? 0);
  };
  return {
    lobby: secondsOf("lobby"),
    countdown: secondsOf("countdown"),
    play: secondsOf("play"),
    sudden: secondsOf("sudden"),
    results: secondsOf("results"),
  };
}

/** The phase that a show is in. */
export interface PhaseView {
  readonly name: PhaseName;
  /** Round number, from 1. */
  readonly round: number;
  /** Tick at which the phase began and at which it ends by itself. */
  readonly startTick: number;
  readonly endTick: number;
}

export interface PhaseMachine extends PhaseView {
  /** Ends the phase at this tick; `next` skips ahead (to "results" when the round is decided). */
  end(next?: PhaseName): void;
  /** The same, unless it ends with this tick anyway. */
  skip(): void;
  /** Ends the round: "results" comes if it is still to come, else the next round. */
  endRound(): void;
  /** Makes the phase last longer (or shorter, with a negative number; never past now). */
  extend(ticks: number): void;
  /** Gives the phases other lengths, the one that has just begun too. */
  retime(seconds: PhaseSeconds): void;
  /** The round that has just begun is another game's: it starts with the first phase that has a length by these, whatever the other asked for. */
  restart(seconds: PhaseSeconds): void;
  /** Moves on when the time is up or `end` was called; returns the phase just entered, else undefined. Call once a tick. */
  advance(tick: number): PhaseName | undefined;
  save(): SavedPhase;
}

/** A phase machine as plain JSON. */
export interface SavedPhase extends PhaseView {
  readonly requested?: PhaseName | "next";
}

/** Creates the machine at tick 0, in the first phase that has a length; or goes on with a saved one, under the lengths it had. */
export function createPhaseMachine(firstSeconds: PhaseSeconds, saved?: SavedPhase): PhaseMachine {
  let seconds = firstSeconds;
  const lengthOf = (name: PhaseName) => ticksOf(seconds[name]);
  const after = (name: PhaseName): PhaseName => {
    for (let i = 1; i <= phaseNames.length; i++) {
      const next = phaseNames[(phaseNames.indexOf(name) + i) % phaseNames.length]!;
      if (lengthOf(next) > 0) return next;
    }
    return name;
  };
  let requested = saved?.requested;
  const firstName = (): PhaseName => (lengthOf("lobby") > 0 ? "lobby" : after("lobby"));
  const machine = {
    name: saved?.name ?? firstName(),
    round: saved?.round ?? 1,
    startTick: saved?.startTick ?? 0,
    endTick: saved?.endTick ?? lengthOf(firstName()),
    end(next?: PhaseName) {
      requested = next ?? "next";
    },
    skip() {
      requested ??= "next";
    },
    endRound() {
      const isResultsAhead = machine.name !== "results" && lengthOf("results") > 0;
      requested = isResultsAhead ? "results" : firstName();
    },
    extend(ticks: number) {
      machine.endTick += ticks;
    },
    retime(nextSeconds: PhaseSeconds) {
      seconds = nextSeconds;
      machine.endTick = machine.startTick + lengthOf(machine.name);
    },
    restart(nextSeconds: PhaseSeconds) {
      seconds = nextSeconds;
      requested = undefined;
      machine.name = firstName();
      machine.endTick = machine.startTick + lengthOf(machine.name);
    },
    advance(tick: number): PhaseName | undefined {
      if (requested === undefined && tick < machine.endTick) return undefined;
      const next = requested === undefined || requested === "next" ? after(machine.name) : requested;
      requested = undefined;
      if (phaseNames.indexOf(next) <= phaseNames.indexOf(machine.name)) machine.round++;
      machine.name = next;
      machine.startTick = tick;
      machine.endTick = tick + lengthOf(next);
      return next;
    },
    save(): SavedPhase {
      const { name, round, startTick, endTick } = machine;
      return { name, round, startTick, endTick, ...(requested && { requested }) };
    },
  };
  return machine;
}

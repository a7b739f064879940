/** The round's phase machine, shared by all games: lobby, countdown, play, sudden death, results, and round again by itself. */
import { ticksPerSecond } from "../world/world.ts";

export const phaseNames = ["lobby", "countdown", "play", "sudden", "results"] as const;
export type PhaseName = (typeof phaseNames)[number];

/** Length of each phase in seconds, finite. A phase of 0 s is skipped. */
export type PhaseSeconds = Readonly<Record<PhaseName, number>>;

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
  const ticksOf = (name: PhaseName) => Math.round(seconds[name] * ticksPerSecond);
  const after = (name: PhaseName): PhaseName => {
    for (let i = 1; i <= phaseNames.length; i++) {
      const next = phaseNames[(phaseNames.indexOf(name) + i) % phaseNames.length]!;
      if (ticksOf(next) > 0) return next;
    }
    return name;
  };
  let requested = saved?.requested;
  const firstName = (): PhaseName => (ticksOf("lobby") > 0 ? "lobby" : after("lobby"));
  const machine = {
    name: saved?.name ?? firstName(),
    round: saved?.round ?? 1,
    startTick: saved?.startTick ?? 0,
    endTick: saved?.endTick ?? ticksOf(firstName()),
    end(next?: PhaseName) {
      requested = next ?? "next";
    },
    skip() {
      requested ??= "next";
    },
    endRound() {
      const isResultsAhead = machine.name !== "results" && ticksOf("results") > 0;
      requested = isResultsAhead ? "results" : firstName();
    },
    extend(ticks: number) {
      machine.endTick += ticks;
    },
    retime(nextSeconds: PhaseSeconds) {
      seconds = nextSeconds;
      machine.endTick = machine.startTick + ticksOf(machine.name);
    },
    advance(tick: number): PhaseName | undefined {
      if (requested === undefined && tick < machine.endTick) return undefined;
      const next = requested === undefined || requested === "next" ? after(machine.name) : requested;
      requested = undefined;
      if (phaseNames.indexOf(next) <= phaseNames.indexOf(machine.name)) machine.round++;
      machine.name = next;
      machine.startTick = tick;
      machine.endTick = tick + ticksOf(next);
      return next;
    },
    save(): SavedPhase {
      const { name, round, startTick, endTick } = machine;
      return { name, round, startTick, endTick, ...(requested && { requested }) };
    },
  };
  return machine;
}

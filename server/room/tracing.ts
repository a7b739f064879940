/** Tracing: what the journal notes of how a show went, so that a replay can say at which tick, where and by how much it differs. */

import type { PhaseTrace } from "../../shared/replay/show-file.ts";
import type { Simulation, StepResult } from "../../shared/sim/simulation.ts";
import type { Writer } from "../store/writer.ts";

/** Ticks between two traces, and between two that hold hashes of everything. */
export const traceEveryTicks = 60;
export const hashEveryTicks = 600;
/**
 * With more people than this hashes are taken only after a checkpoint, when a round begins and nobody minds a late tick: of 20,000 they cost
 * some 100 ms.
 */
const maxHashedCrowd = 2000;

export interface Tracing {
  /** Looks at the show after a step. `isStored`: the journal holds this trace already. */
  note(step: Pick<StepResult, "entered" | "checkpoint">, isStored: boolean): void;
}

/** Creates the tracing of one show; call `note` after each tick. */
export function createTracing(simulation: Simulation, writer: Pick<Writer, "trace">): Tracing {
  const { phase, crowd } = simulation;
  /** Fingerprints of the last ticks, up to this one; fewer when the show has just gone on. */
  let prints: number[] = [];
  let phases: PhaseTrace[] = [];
  let isAfterCheckpoint = false;
  const isHashed = (tick: number) => isAfterCheckpoint || (tick % hashEveryTicks === 0 && crowd.size <= maxHashedCrowd);
  return {
    note({ entered, checkpoint }, isStored) {
      const { world } = simulation;
      const { tick } = world;
      isAfterCheckpoint ||= checkpoint;
      prints.push(simulation.fingerprint());
      if (entered) phases.push({ tick, phase: entered, round: phase.round, random: [...world.random.state()] });
      if (tick % traceEveryTicks !== 0) return;
      if (!isStored) {
        const hashes = isHashed(tick) ? { hash: simulation.hash(), hashes: simulation.hashes() } : {};
        const told = phases.length > 0 ? { phases } : {};
        writer.trace(tick, JSON.stringify({ prints, outline: simulation.outline(), ...hashes, ...told }));
      }
      prints = [];
      phases = [];
      isAfterCheckpoint = false;
    },
  };
}

/** Kept states: states of a show at the checkpoints that were passed, so that going back needs no run from the beginning. */
import type { PlayedState } from "../../shared/replay/player.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";

/** States kept, and what they may take together, bytes. */
const defaultMost = { states: 120, bytes: 128 * 1024 * 1024 };

export interface KeptStates {
  readonly size: number;
  /** What the states take, bytes. */
  readonly bytes: number;
  has(tick: number): boolean;
  /** Keeps a state; where there are too many, one goes whose neighbours are near. */
  add(tick: number, state: PlayedState): void;
  /** The latest state at or before a tick. */
  before(tick: number): { readonly tick: number; readonly state: PlayedState } | undefined;
}

interface Kept {
  readonly tick: number;
  /** JSON text: as a simulation that goes on wants it, and out of reach of the one that goes on meanwhile. */
  readonly saved: Buffer;
  readonly rules: ReadonlyMap<number, CompiledRules>;
}

/** Creates it empty. */
export function createKeptStates(most = defaultMost): KeptStates {
  /** By tick. */
  let kept: Kept[] = [];
  let bytes = 0;
  /** Never the newest: it is what shortens the way from here. */
  const dropOne = () => {
    let best = 0;
    for (let index = 0; index < kept.length - 1; index++) if (gapWithout(index) < gapWithout(best)) best = index;
    bytes -= kept[best]!.saved.length;
    kept.splice(best, 1);
  };
  const gapWithout = (index: number) => kept[index + 1]!.tick - (kept[index - 1]?.tick ?? 0);
  return {
    get size() {
      return kept.length;
    },
    get bytes() {
      return bytes;
    },
    has: (tick) => kept.some((state) => state.tick === tick),
    add(tick, { saved, rules }) {
      const text = Buffer.from(JSON.stringify(saved));
      kept = [...kept.filter((state) => state.tick !== tick), { tick, saved: text, rules }];
      kept.sort((a, b) => a.tick - b.tick);
      bytes = kept.reduce((sum, state) => sum + state.saved.length, 0);
      while (kept.length > 1 && (kept.length > most.states || bytes > most.bytes)) dropOne();
    },
    before(tick) {
      const found = kept.findLast((state) => state.tick <= tick);
      return found && { tick: found.tick, state: { saved: JSON.parse(found.saved.toString()), rules: found.rules } };
    },
  };
}

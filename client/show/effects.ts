/** Effects that wait until the picture has reached their tick. */
import type { Effect } from "../../shared/world/effect.ts";

/** Most effects waiting; beyond, the oldest are dropped: they are only pictures. */
const maxWaiting = 256;
/** An effect later than this, in ticks, is no longer shown (the page was hidden). */
const maxLateTicks = 45;

export interface EffectQueue {
  push(effects: readonly Effect[]): void;
  /** Calls back with each effect whose tick has come, in order. */
  play(tick: number, show: (effect: Effect) => void): void;
  reset(): void;
}

/** Creates an empty queue. */
export function createEffectQueue(): EffectQueue {
  let waiting: Effect[] = [];
  return {
    push(effects) {
      waiting.push(...effects.slice(-maxWaiting));
      if (waiting.length > maxWaiting) waiting = waiting.slice(-maxWaiting);
    },
    play(tick, show) {
      if (waiting.length === 0 || waiting[0]!.tick > tick) return;
      const due = waiting.filter((effect) => effect.tick <= tick);
      waiting = waiting.filter((effect) => effect.tick > tick);
      for (const effect of due) if (tick - effect.tick <= maxLateTicks) show(effect);
    },
    reset() {
      waiting = [];
    },
  };
}

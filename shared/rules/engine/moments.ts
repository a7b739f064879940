/** Moments: what the show itself brings about - phases, rounds, timers, crowds - and when it last did. */
import type { PhaseView } from "../../game/phases.ts";
import type { RuleState } from "../decision.ts";
import type { HeldState } from "./held.ts";
import type { LiveRule } from "./live-rule.ts";
import type { Present } from "./present.ts";

/** Knows the phase and round of the last tick, and from that what begins. */
export class Moments {
  #phase: string;
  #round: number;
  #phaseStartTick: number;
  #roundStartTick: number;
  /** What began with this tick. */
  phaseBegan = false;
  roundBegan = false;

  constructor(before: HeldState | undefined) {
    this.#phase = before?.phase ?? "";
    this.#round = before?.round ?? 0;
    this.#phaseStartTick = before?.phaseStartTick ?? 0;
    this.#roundStartTick = before?.roundStartTick ?? 0;
  }

  get round(): number {
    return this.#round;
  }

  pass({ name, round, startTick }: PhaseView, tick: number): void {
    this.roundBegan = round !== this.#round;
    this.phaseBegan = name !== this.#phase || startTick !== this.#phaseStartTick;
    if (this.roundBegan) this.#roundStartTick = tick;
    this.#phase = name;
    this.#round = round;
    this.#phaseStartTick = startTick;
  }

  /** Whether a timer is due at this tick; notes that it was. */
  isDue(timer: LiveRule, tick: number): boolean {
    const { every, after } = timer.rule.filter;
    if (every > 0) return tick > timer.sinceTick && (tick - timer.sinceTick) % every === 0;
    const start = this.startOf(timer);
    if (after === 0 || timer.doneTick === start || tick < start + after) return false;
    timer.doneTick = start;
    return true;
  }

  /** Tick at which what a timer counts from began. */
  startOf({ rule }: LiveRule): number {
    if (rule.filter.afterOf === "show") return 0;
    return rule.filter.afterOf === "round" ? this.#roundStartTick : this.#phaseStartTick;
  }

  held(): Pick<RuleState, "phase" | "round" | "phaseStartTick" | "roundStartTick"> {
    return {
      phase: this.#phase,
      round: this.#round,
      phaseStartTick: this.#phaseStartTick,
      roundStartTick: this.#roundStartTick,
    };
  }
}

/** A viewer does what the crowd must do. */
export function joinCrowd(live: LiveRule, { key, viewer, tick }: Present): void {
  // Taken out first, so that the latest stand at the end.
  live.crowd.delete(key);
  live.crowd.set(key, tick);
  live.last = viewer;
}

/** Whether enough viewers did it within the time, by the last of them; if so, it begins anew. Looked at once a tick, however many came. */
export function crowdIsThere(live: LiveRule): boolean {
  const { viewers, withinTicks } = live.rule.filter;
  if (live.crowd.size < viewers) return false;
  let latest = 0;
  for (const tick of live.crowd.values()) latest = tick;
  for (const [key, tick] of live.crowd) {
    if (latest - tick <= withinTicks) break;
    live.crowd.delete(key);
  }
  if (live.crowd.size < viewers) return false;
  live.crowd.clear();
  return true;
}

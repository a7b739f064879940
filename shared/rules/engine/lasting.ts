/** Lasting: which effects that last run for whom, and the queues that keep calls apart. Hears of both when a call has acted. */
import type { ViewerKey } from "../../events/viewer.ts";
import { BoundedMap } from "../../game/bounded.ts";
import type { CallStep, CompiledQueue, Scope, Value } from "../compiled.ts";
import type { RuleCall } from "../decision.ts";
import { type Entries, type HeldState, takenOver } from "./held.ts";
import { within } from "./params.ts";
import { ticksPerSecond } from "./ticks.ts";

/** Most effects that one queue keeps in mind. */
const maxRunning = 1000;

/** An effect that went through a queue: of an action for a member. */
interface Running {
  readonly key: string;
  readonly untilTick: number;
}

interface QueueNow {
  readonly queue: CompiledQueue;
  /** Tick before which nothing starts. */
  freeTick: number;
  running: Running[];
}

interface SavedQueue {
  readonly freeTick: number;
  readonly running: readonly (readonly [string, number])[];
}

export class LastingEffects {
  readonly #queues = new Map<string, QueueNow>();
  /** By action and member, the ticks at which the effects end. */
  readonly #ends = new Map<string, BoundedMap<readonly number[]>>();
  /** By action, the tick at which the last effect of anybody ends. */
  readonly #lastEnd = new Map<string, number>();

  constructor(queues: readonly CompiledQueue[], before: HeldState | undefined) {
    for (const queue of queues) {
      const saved = before?.queues[queue.name] as SavedQueue | undefined;
      const running = (saved?.running ?? []).map(([key, untilTick]) => ({ key, untilTick }));
      this.#queues.set(queue.name, { queue, freeTick: saved?.freeTick ?? 0, running });
    }
    for (const [action, saved] of Object.entries(before?.lasting ?? {})) {
      this.#ends.set(action, takenOver(saved as Entries<readonly number[]>));
      this.#lastEnd.set(action, before?.lastEnds[action] ?? 0);
    }
  }

  /** Ticks until the queue and the effects that run let the call act for the member; 0 when now. */
  waitOf({ rule, step }: RuleCall, member: ViewerKey, tick: number): number {
    const now = this.#queues.get(rule.queue);
    return Math.max(now ? queueWait(now, step, member, tick) : 0, this.#stackWait(step, member, tick));
  }

  #stackWait({ action, lasting }: CallStep, member: ViewerKey, tick: number): number {
    if (lasting?.again !== "stack") return 0;
    const running = this.#running(action, member, tick);
    // The earliest ends make room for one more.
    return running.length < lasting.most ? 0 : running[running.length - lasting.most]! - tick;
  }

  /** Ends of the effects of an action that run for a member, soonest first. */
  #running(action: string, member: ViewerKey, tick: number): readonly number[] {
    const ends = this.#ends.get(action)?.get(member);
    return ends ? ends.filter((end) => end > tick) : [];
  }

  /** Whether an effect of the step runs: for the member, or for anybody when its target is somebody else. */
  runs({ action, target }: CallStep, member: ViewerKey, tick: number): boolean {
    if (target.kind === "me") return this.#running(action, member, tick).length > 0;
    return (this.#lastEnd.get(action) ?? 0) > tick;
  }

  /** Seconds to give to the action for so many calls that became one: of an effect that is extended, what is left of it too. */
  secondsOf(step: CallStep, joined: number, member: ViewerKey, tick: number, scope: Scope): number {
    const lasting = step.lasting!;
    const own = numberOf(typeof lasting.seconds === "number" ? lasting.seconds : lasting.seconds.evaluate(scope));
    if (lasting.again !== "extend") return within(lasting, own);
    const end = this.#running(step.action, member, tick).at(-1) ?? tick;
    return within(lasting, Math.min(lasting.upToSeconds, (end - tick) / ticksPerSecond + own * joined));
  }

  /** A call has acted for a member. */
  started({ rule, step }: RuleCall, member: ViewerKey, tick: number, params: Readonly<Record<string, unknown>>): void {
    const seconds = step.lasting ? numberOf(params[step.lasting.param] as Value) : 0;
    const untilTick = tick + Math.round(seconds * ticksPerSecond);
    const now = this.#queues.get(rule.queue);
    if (now) startIn(now, step, member, tick, untilTick);
    if (!step.lasting) return;
    const others = step.lasting.again === "stack" ? this.#running(step.action, member, tick) : [];
    const ends = [...others, untilTick].sort((a, b) => a - b);
    this.#keep(step.action, member, ends);
  }

  #keep(action: string, member: ViewerKey, ends: readonly number[]): void {
    const known = this.#ends.get(action);
    const byMember = known ?? new BoundedMap<readonly number[]>();
    if (!known) this.#ends.set(action, byMember);
    byMember.set(member, ends);
    this.#lastEnd.set(action, Math.max(this.#lastEnd.get(action) ?? 0, ...ends));
  }

  held(): Pick<HeldState, "queues" | "lasting" | "lastEnds"> {
    return {
      queues: Object.fromEntries([...this.#queues].map(([name, now]) => [name, savedQueue(now)])),
      lasting: Object.fromEntries(this.#ends),
      lastEnds: Object.fromEntries(this.#lastEnd),
    };
  }
}

function keyOf({ action }: CallStep, member: ViewerKey): string {
  return `${action} ${member}`;
}

function queueWait(now: QueueNow, step: CallStep, member: ViewerKey, tick: number): number {
  const gap = Math.max(0, now.freeTick - tick);
  const { atOnce } = now.queue;
  if (atOnce === 0) return gap;
  const running = now.running.filter(({ untilTick }) => untilTick > tick);
  const isOwn = step.lasting?.again !== "stack" && running.some(({ key }) => key === keyOf(step, member));
  if (running.length < atOnce || isOwn) return gap;
  const ends = running.map(({ untilTick }) => untilTick).sort((a, b) => a - b);
  return Math.max(gap, ends[ends.length - atOnce]! - tick);
}

function startIn(now: QueueNow, step: CallStep, member: ViewerKey, tick: number, untilTick: number): void {
  now.freeTick = tick + now.queue.gapTicks;
  if (now.queue.atOnce === 0 || untilTick <= tick) return;
  const key = keyOf(step, member);
  const isAnew = step.lasting?.again !== "stack";
  const others = now.running.filter((other) => other.untilTick > tick && !(isAnew && other.key === key));
  now.running = [...others, { key, untilTick }].slice(-maxRunning);
}

function savedQueue({ freeTick, running }: QueueNow): SavedQueue {
  return { freeTick, running: running.map(({ key, untilTick }) => [key, untilTick] as const) };
}

function numberOf(value: Value): number {
  return typeof value === "number" && value > 0 && Number.isFinite(value) ? value : 0;
}

/** Acting: tries a rule's call on the game - phase, round, queue, target, params - and says what became of it. */
import type { Member } from "../game/crowd.ts";
import { type Act, type ActionResult, type AnyGame, actingPhases } from "../game/define.ts";
import type { RuleCall, RuleEngine } from "../rules/decision.ts";
import { isPaid } from "../rules/engine.ts";
import { type Acted, actedOf } from "./acted.ts";
import type { SimulationContext } from "./context.ts";
import type { ActionTrial } from "./input.ts";
import { membersFor, missing, type TargetParts } from "./targets.ts";

/** When an action refuses a paid call without saying for how long, it is asked again after this. */
const refusedRetryTicks = 30;

/** Why a call has not acted. */
export interface Hindrance {
  readonly reason: string;
  /** Ticks after which to ask again. */
  readonly ticks: number;
  /** Something is busy with another one's call, and will be free: whoever is patient waits in line. */
  readonly busy: boolean;
  /** The action threw. */
  readonly failed: boolean;
}

/** Runs something of a game or of rules that may throw; counts and swallows it. */
export type Guard = <T>(what: string, run: () => T, otherwise: T) => T;

export interface ActingParts extends TargetParts {
  readonly game: AnyGame;
  readonly context: SimulationContext;
  /** The game's own data. */
  data(): unknown;
  /** Whether the game has begun at all. */
  works(): boolean;
  engine(): RuleEngine;
  readonly guard: Guard;
  /** Takes note of each action that acted. */
  note(acted: Acted): void;
}

/** What a call that threw gets. */
export const failed: Hindrance = { reason: "the action failed", ticks: refusedRetryTicks, busy: false, failed: true };
const refused = (reason: string): Hindrance => ({ reason, ticks: refusedRetryTicks, busy: false, failed: false });

/** How much a call stands for: units, calls that have joined it (itself among them), ids of the events behind it. */
export interface Weight {
  readonly count: number;
  readonly calls: number;
  readonly ids: readonly string[];
}

/** Tries a call for all its targets; undefined when it has acted for at least one. */
export function tryCall(call: RuleCall, weight: Weight, parts: ActingParts): Hindrance | undefined {
  const hindrance = timeOf(call, parts);
  if (hindrance) return hindrance;
  const { engine, context } = parts;
  const { tick } = context.world;
  const members = membersFor(call, parts);
  if (members.length === 0) return refused(missing(call.step.target));
  let soonest = Number.POSITIVE_INFINITY;
  // All are asked before the first acts, or the gap of its queue would keep the others waiting.
  const ready = members.filter((member) => {
    const wait = engine().waitOf(call, member?.key ?? "", tick);
    if (wait > 0) soonest = Math.min(soonest, wait);
    return wait <= 0;
  });
  if (ready.length === 0) {
    // One who waits for an effect of their own holds up nobody else in the queue.
    const busy = call.rule.queue !== "" && engine().waitOf(call, "", tick) > 0;
    return { reason: "waits its turn", ticks: soonest, busy, failed: false };
  }
  let hasActed = false;
  let first: Hindrance | undefined;
  for (const member of ready) {
    const result = actFor(member, call, weight, parts);
    if (result) first ??= result;
    else hasActed = true;
  }
  return hasActed ? undefined : first;
}

/** What of phase and round stands against the call now. */
function timeOf(call: RuleCall, { game, context, works }: ActingParts): Hindrance | undefined {
  if (!works()) return refused(`waits until ${game.title} can begin`);
  const { name, round } = context.phase;
  const phases = actingPhases(game.actions[call.step.action]!);
  if (!phases.includes(name)) return refused(`waits for ${phases[0]}`);
  if (call.phases.length > 0 && !call.phases.includes(name)) return refused(`waits for ${call.phases[0]}`);
  return call.notBeforeRound > round ? refused("waits for the next round") : undefined;
}

function actFor(
  member: Member | undefined,
  call: RuleCall,
  { count, calls, ids }: Weight,
  { game, context, data, engine, guard, note }: ActingParts,
): Hindrance | undefined {
  const { step, event } = call;
  const { tick } = context.world;
  const key = member?.key ?? "";
  const action = game.actions[step.action]!;
  const params = engine().paramsOf(call, count, calls, key, tick);
  const act: Act = {
    member,
    by: call.viewer === "" ? undefined : context.crowd.get(call.viewer),
    count,
    text: event && "text" in event ? event.text : "",
    paid: event !== undefined && isPaid(event),
    test: event?.test ?? false,
    event,
    eventIds: ids,
  };
  context.isTest = act.test;
  const result = guard<ActionResult | Hindrance>(
    `action ${step.action}`,
    () => action.apply(data(), params, act, context),
    failed,
  );
  context.isTest = false;
  const hindrance = hindranceOf(result);
  if (hindrance) return hindrance;
  engine().started(call, key, tick, params);
  note(actedOf(call, { eventIds: ids, params, viewer: key, tick, state: "applied", reason: "" }));
  return undefined;
}

function hindranceOf(result: ActionResult | Hindrance): Hindrance | undefined {
  if (!result) return undefined;
  if ("reason" in result) return result;
  if ("refused" in result) return refused(result.refused);
  return { reason: result.why, ticks: Math.max(1, Math.round(result.later)), busy: true, failed: false };
}

/** The rule and line that a trial by hand is told under. */
const byHand = { rule: "test", file: "", line: 0 };

/** Calls one action by hand for its viewer, whatever rules say, and takes note of what became of it. */
export function tryAction(trial: ActionTrial, parts: ActingParts): void {
  const { crowd, world } = parts.context;
  const { tick } = world;
  const member = trial.viewer && crowd.meet(trial.viewer, tick, { test: true });
  const told = { ...byHand, eventIds: [], action: trial.action, viewer: member?.key ?? "", tick };
  const result = triedAction(trial, member, parts);
  if (typeof result === "string") parts.note({ ...told, params: {}, state: "refused", reason: result });
  else parts.note({ ...told, params: result, state: "applied", reason: "" });
}

/** The params with which it has acted, or why it has not. */
function triedAction(
  { action: name, params: given }: ActionTrial,
  member: Member | undefined,
  { game, context, works, data, guard }: ActingParts,
): Readonly<Record<string, unknown>> | string {
  if (!works()) return `${game.title} has not begun`;
  const action = Object.hasOwn(game.actions, name) ? game.actions[name] : undefined;
  if (!action) return `${game.title} has no such action`;
  const params = action.params.safeParse(given);
  if (!params.success) return "it does not take these params";
  const phases = actingPhases(action);
  if (!phases.includes(context.phase.name)) return `waits for ${phases[0]}`;
  const act: Act = { member, by: member, count: 1, text: "", paid: false, test: true, event: undefined, eventIds: [] };
  const apply = () => action.apply(data(), params.data, act, context);
  context.isTest = true;
  const result = guard<ActionResult | Hindrance>(`action ${name}`, apply, failed);
  context.isTest = false;
  return hindranceOf(result)?.reason ?? params.data;
}

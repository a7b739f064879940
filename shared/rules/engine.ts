/** Rule engine: LiveEvent in, action calls out. Holds cooldowns and meters; counts in ticks, so it replays. Knows no world. */
import type { Gift, LiveEvent } from "../events/live-event.ts";
import { viewerKey } from "../events/viewer.ts";
import { tierOf } from "../game/tiers.ts";
import type { CompiledCall, CompiledRule, CompiledRules } from "./compile.ts";
import { commandOf, fold } from "./fold.ts";
import type { TriggerName } from "./rule-file.ts";

/** An action a rule asks for. */
export interface RuleCall {
  readonly rule: CompiledRule;
  readonly call: CompiledCall;
  /** Units behind it: gifts of this step, fills of a meter, else 1. */
  readonly count: number;
  /** Tick from which it may act; later than now when a paid act met a cooldown and waits its turn. */
  readonly notBeforeTick: number;
}

/** Why a rule did or did not fire. */
export interface RuleTrace {
  readonly rule: string;
  readonly fired: boolean;
  /** "" when fired; else "cooldown", with the ticks left. */
  readonly reason: string;
}

export interface RuleDecision {
  readonly calls: readonly RuleCall[];
  readonly traces: readonly RuleTrace[];
}

/** How far a meter is. */
export interface MeterView {
  readonly rule: CompiledRule;
  readonly value: number;
  readonly max: number;
}

export interface RuleEngine {
  /** Decides about one event at a tick. The result is valid until the next call. */
  evaluate(event: LiveEvent, tick: number): RuleDecision;
  /** Meters of the `likes` rules, in the file's order. */
  readonly meters: readonly MeterView[];
  /** Cooldowns and meters as plain data, for hash and snapshot. */
  snapshot(): unknown;
}

/** Viewers whose cooldown is remembered per rule; expired ones are forgotten first. */
const maxCooldowns = 5000;

const triggerOf: Readonly<Record<LiveEvent["type"], TriggerName>> = {
  chat: "chat",
  gift: "gift",
  giftStreakEnd: "combo.end",
  like: "like",
  join: "join",
  follow: "follow",
  share: "share",
  subscribe: "subscribe",
  emote: "emote",
  viewers: "viewers",
  battle: "battle",
  battleScores: "battleScores",
  pin: "pin",
  caption: "caption",
  envelope: "envelope",
  intro: "intro",
  streamStart: "streamStart",
  streamEnd: "streamEnd",
  raid: "raid",
  redeem: "redeem",
  error: "error",
};

interface RuleState {
  readonly rule: CompiledRule;
  /** Tick until which everyone waits, and until which each viewer does. */
  untilTick: number;
  readonly viewerUntil: Map<string, number>;
  /** By viewer and combo, the tick at which its waiting steps may act together. */
  readonly combos: Map<string, number>;
  /** Likes gathered, or the last number of people watching. */
  value: number;
}

/** Creates an engine with empty meters and no cooldown running. */
export function createRuleEngine(rules: CompiledRules): RuleEngine {
  const states = rules.rules.map(
    (rule): RuleState => ({ rule, untilTick: 0, viewerUntil: new Map(), combos: new Map(), value: 0 }),
  );
  const byTrigger = new Map<TriggerName, RuleState[]>();
  for (const state of states) {
    const list = byTrigger.get(state.rule.on) ?? [];
    list.push(state);
    byTrigger.set(state.rule.on, list);
  }
  const meterStates = byTrigger.get("likes") ?? [];
  const calls: RuleCall[] = [];
  const traces: RuleTrace[] = [];
  const decision: RuleDecision = { calls, traces };

  const fire = (state: RuleState, count: number, notBeforeTick: number) => {
    traces.push({ rule: state.rule.id, fired: true, reason: "" });
    for (const call of state.rule.calls) calls.push({ rule: state.rule, call, count, notBeforeTick });
  };

  /**
   * Fires unless a cooldown runs; a paid act reserves the next free moment instead. Steps of a combo that come while it waits act with
   * it, or a combo of twenty would keep everybody else waiting twenty times.
   */
  const fireLimited = (state: RuleState, { key, count, paid, streakKey }: Cause, tick: number) => {
    const combo = streakKey === "" ? "" : `${key}|${streakKey}`;
    const reservedTick = state.combos.get(combo) ?? 0;
    if (reservedTick > tick) return fire(state, count, reservedTick);
    const freeAt = Math.max(state.untilTick, state.viewerUntil.get(key) ?? 0);
    if (freeAt > tick && !paid) {
      traces.push({ rule: state.rule.id, fired: false, reason: `cooldown, ${freeAt - tick} ticks left` });
      return;
    }
    const at = Math.max(tick, freeAt);
    if (combo !== "" && at > tick) {
      makeRoom(state.combos, (until) => until <= tick);
      state.combos.set(combo, at);
    }
    const { cooldownTicks, viewerCooldownTicks } = state.rule;
    if (cooldownTicks > 0) state.untilTick = at + cooldownTicks;
    if (viewerCooldownTicks > 0 && key) {
      makeRoom(state.viewerUntil, (until) => until <= tick);
      state.viewerUntil.set(key, at + viewerCooldownTicks);
    }
    fire(state, count, at);
  };

  const fillMeters = (likes: number, tick: number) => {
    for (const state of meterStates) {
      state.value += likes;
      const every = state.rule.threshold;
      if (state.value < every) continue;
      // While a cooldown runs the meter stays full, so that no fill is lost and none piles up.
      if (state.untilTick > tick) {
        state.value = every;
        continue;
      }
      const fills = Math.floor(state.value / every);
      state.value -= fills * every;
      fireLimited(state, { key: "", count: fills, paid: false, streakKey: "" }, tick);
    }
  };

  const crossed = (state: RuleState, watching: number) => {
    const before = state.value;
    state.value = watching;
    return before < state.rule.threshold && watching >= state.rule.threshold;
  };

  return {
    evaluate(event, tick) {
      calls.length = 0;
      traces.length = 0;
      if (event.replay) return decision;
      if (event.type === "like" && event.roomDelta > 0) fillMeters(event.roomDelta, tick);
      const candidates = byTrigger.get(triggerOf[event.type]);
      if (!candidates) return decision;
      const cause = causeOf(event);
      const namedOnly =
        "gift" in event && candidates.some(({ rule }) => rule.gifts.length > 0 && namesGift(rule, event.gift));
      for (const state of candidates) {
        if (!matches(state.rule, event, rules, namedOnly)) continue;
        if (event.type === "viewers" && !crossed(state, event.count)) continue;
        fireLimited(state, cause, tick);
      }
      return decision;
    },
    get meters() {
      return meterStates.map((state) => ({ rule: state.rule, value: state.value, max: state.rule.threshold }));
    },
    snapshot: () =>
      states.map((state) => [state.rule.id, state.untilTick, state.value, [...state.viewerUntil], [...state.combos]]),
  };
}

/** Somebody paid for it: never dropped, waits in the bank when it cannot act. */
export function isPaid(event: LiveEvent): boolean {
  return event.type === "gift" || event.type === "subscribe";
}

function matches(rule: CompiledRule, event: LiveEvent, rules: CompiledRules, namedOnly: boolean): boolean {
  if (event.type === "chat") return rule.commands.length === 0 || matchesCommand(rule, event.text);
  if (event.type === "gift" || event.type === "giftStreakEnd") {
    if (rule.gifts.length > 0) return namesGift(rule, event.gift);
    return !namedOnly && (rule.tiers.length === 0 || rule.tiers.includes(tierOf(event.gift, rules.tiers)));
  }
  return event.type !== "pin" || event.pinned;
}

function matchesCommand(rule: CompiledRule, text: string): boolean {
  const command = commandOf(text);
  return rule.commands.some((word) => (word === "@" ? command.startsWith("@") : word === command));
}

function namesGift(rule: CompiledRule, gift: Gift): boolean {
  return rule.gifts.includes(gift.id) || rule.gifts.includes(fold(gift.name));
}

/** What limits look at. */
interface Cause {
  /** Key of the viewer, "" for none. */
  readonly key: string;
  readonly count: number;
  readonly paid: boolean;
  /** The combo it is a step of, "" for none. */
  readonly streakKey: string;
}

function causeOf(event: LiveEvent): Cause {
  return {
    key: "viewer" in event && event.viewer ? viewerKey(event.viewer) : "",
    count: event.type === "gift" ? event.count : 1,
    paid: isPaid(event),
    streakKey: event.type === "gift" ? event.streakKey : "",
  };
}

/** Keeps a map of viewers within bounds: what is over goes first, then the oldest. */
function makeRoom(byViewer: Map<string, number>, isOver: (untilTick: number) => boolean): void {
  if (byViewer.size < maxCooldowns) return;
  for (const [key, until] of byViewer) if (isOver(until)) byViewer.delete(key);
  const oldest = byViewer.keys().next().value;
  if (byViewer.size >= maxCooldowns && oldest !== undefined) byViewer.delete(oldest);
}

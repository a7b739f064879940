/**
 * Rule engine: events and moments of the show in, calls of actions out. Counts in ticks, so that it replays; knows no world.
 *
 * An event goes this way: candidates (by trigger, command, gift) -> does it fit -> conditions -> meters -> limits -> steps.
 */
import type { LiveEvent, LiveEventType } from "../events/live-event.ts";
import { type ViewerKey, viewerKey } from "../events/viewer.ts";
import type { CompiledRule, CompiledRules, Scope } from "./compiled.ts";
import type { MeterView, RuleCall, RuleDecision, RuleEngine, RuleState, RuleTrace, ShowFacts } from "./decision.ts";
import { Asking } from "./engine/asking.ts";
import { allOf, type Candidates, type Finder, finderOf } from "./engine/candidates.ts";
import { type HeldState, plainOf } from "./engine/held.ts";
import { LastingEffects } from "./engine/lasting.ts";
import { Limits } from "./engine/limits.ts";
import { LiveRule } from "./engine/live-rule.ts";
import { crowdIsThere, joinCrowd, Moments } from "./engine/moments.ts";
import { computedParams } from "./engine/params.ts";
import { Present } from "./engine/present.ts";
import { ShowScope } from "./engine/scope.ts";
import { stateKeysOf } from "./engine/state-key.ts";
import { Steps } from "./engine/steps.ts";
import { createTeamWords, type TeamWords } from "./engine/team-words.ts";
import { type MeterNow, Values } from "./engine/values.ts";
import { type TriggerName, triggers } from "./triggers.ts";

export { isPaid, type PaidEvent, unitsOf } from "./engine/present.ts";

/** Most times a declared meter, and all of them together, fire in one tick; what is left fires in the next ones. */
const maxFillsPerTick = 20;
const maxFillsOfAll = 200;
/** Rules whose memory is looked through in one tick. */
const prunedPerTick = 2;

/**
 * Creates an engine. With the state of one before, or that engine itself, it goes on from what still exists by name; both give the same. An
 * engine hands over its own maps, which costs little however much it remembers; it must not be used any more. `former`: rules before these
 * whose calls still wait; an engine that hands over knows them itself.
 */
export function createRuleEngine(
  rules: CompiledRules,
  facts: ShowFacts,
  before?: RuleState | RuleEngine,
  former: Iterable<CompiledRules> = [],
): RuleEngine {
  return new Engine(rules, facts, before, former);
}

class Engine implements RuleEngine {
  readonly #facts: ShowFacts;
  readonly #present: Present;
  readonly #values: Values;
  readonly #scope: Scope;
  readonly #limits: Limits;
  readonly #lasting: LastingEffects;
  readonly #moments: Moments;
  readonly #steps: Steps;
  readonly #asking: Asking;
  /** Keys in saved state; those of rules before a change, whose calls may still wait. */
  readonly #keys: ReadonlyMap<CompiledRule, string>;
  readonly #formerKeys: WeakMap<CompiledRule, string> = new WeakMap();
  readonly #rules: readonly LiveRule[];
  readonly #byRule: ReadonlyMap<CompiledRule, LiveRule>;
  readonly #finders = new Map<LiveEventType, Finder>();
  readonly #crowds = new Map<LiveEventType, LiveRule[]>();
  readonly #teamWords: TeamWords;
  readonly #byTrigger = new Map<TriggerName, LiveRule[]>();
  readonly #byMeter: readonly (readonly [MeterNow, Candidates])[];
  readonly #traces: RuleTrace[] = [];
  readonly #decision: { -readonly [K in keyof RuleDecision]: RuleDecision[K] };
  #tick: number;
  /** So many rules have been pruned since the round began. */
  #pruned: number;

  constructor(
    rules: CompiledRules,
    facts: ShowFacts,
    from: RuleState | RuleEngine | undefined,
    former: Iterable<CompiledRules>,
  ) {
    const before: HeldState | undefined = from instanceof Engine ? from.#held() : (from as RuleState | undefined);
    this.#facts = facts;
    this.#tick = before?.tick ?? 0;
    this.#pruned = before?.pruned ?? 0;
    this.#present = new Present(rules.tiers, (viewer) => facts.teamOf(viewer));
    this.#present.day = before?.day ?? 0;
    this.#values = new Values(rules, this.#present, before);
    this.#scope = new ShowScope(this.#present, facts, this.#values);
    this.#keys = stateKeysOf(rules.rules);
    if (from instanceof Engine) {
      this.#formerKeys = from.#formerKeys;
      for (const [rule, key] of from.#keys) this.#formerKeys.set(rule, key);
    }
    for (const { rules: list } of former) {
      for (const [rule, key] of stateKeysOf(list)) this.#formerKeys.set(rule, key);
    }
    this.#limits = new Limits(this.#keys, this.#formerKeys, before);
    this.#lasting = new LastingEffects(rules.queues, before);
    this.#moments = new Moments(before);
    this.#steps = new Steps(this.#present, this.#scope, this.#values, facts, this.#limits);
    this.#asking = new Asking({
      present: this.#present,
      scope: this.#scope,
      facts,
      limits: this.#limits,
      lasting: this.#lasting,
      steps: this.#steps,
      traces: this.#traces,
      rules,
    });
    this.#teamWords = createTeamWords(rules.teams);
    this.#rules = this.#wake(rules, before);
    this.#byRule = new Map(this.#rules.map((live) => [live.rule, live]));
    this.#byMeter = this.#values.meters.map((now) => {
      const own = (this.#byTrigger.get("meter") ?? []).filter(({ rule }) => rule.filter.meter === now.meter.name);
      return [now, allOf(own)];
    });
    const steps = this.#steps;
    this.#decision = {
      calls: steps.calls,
      lines: steps.lines,
      traces: this.#traces,
      get done() {
        return steps.done;
      },
      get later() {
        return steps.later;
      },
      joinsTeam: "",
    };
  }

  /** Makes the rules live, with what is saved of each, and finds them by what they hear. */
  #wake(rules: CompiledRules, before: HeldState | undefined): LiveRule[] {
    // A rule that is new in a running show counts from now.
    const start = { tick: this.#tick, watching: this.#facts.watching };
    const live = rules.rules.map((rule, order) => new LiveRule(rule, order, this.#limits.of(rule), start));
    const byKey = new Map(live.map((one) => [this.#keyOf(one.rule), one]));
    const byType = new Map<LiveEventType, LiveRule[]>();
    for (const one of live) {
      const { on, filter } = one.rule;
      push(this.#byTrigger, on, one);
      const type = triggers[on].event;
      if (type !== "") push(byType, type, one);
      const ofType = filter.of ? triggers[filter.of.on].event : "";
      if (ofType !== "") push(this.#crowds, ofType, one);
      if (before) this.#goOn(one, before);
    }
    for (const [type, list] of byType) this.#finders.set(type, finderOf(type, list));
    this.#steps.load(before?.delayed ?? [], (key) => byKey.get(key));
    return live;
  }

  #goOn(live: LiveRule, before: HeldState): void {
    const saved = before.rules[this.#keyOf(live.rule)];
    if (saved) live.load(saved);
    // What a changed timer would have done before now it does not make up for.
    const start = this.#moments.startOf(live);
    if (live.rule.on === "timer" && before.tick >= start + live.rule.filter.after) live.doneTick = start;
  }

  #keyOf(rule: CompiledRule): string {
    return this.#keys.get(rule) ?? "";
  }

  evaluate(event: LiveEvent, tick: number): RuleDecision {
    this.#begin();
    if (event.replay) return this.#decision;
    this.#present.turnTo(event, tick);
    if (event.type === "chat") this.#decision.joinsTeam = this.#teamWords(this.#present);
    if (!event.test) this.#gather(event);
    const find = this.#finders.get(event.type);
    if (find) this.#asking.ask(find(this.#present));
    return this.#decision;
  }

  /** Takes note of what an event adds to likes, crowds and the number of people watching. */
  #gather(event: LiveEvent): void {
    if (event.type === "like") this.#fillLikes(event.roomDelta, event.count);
    else if (event.type === "viewers") this.#noteWatching();
    for (const crowd of this.#crowds.get(event.type) ?? []) {
      if (this.#present.viewer && crowd.fitsOf(this.#present)) joinCrowd(crowd, this.#present);
    }
  }

  #fillLikes(roomDelta: number, count: number): void {
    for (const live of this.#byTrigger.get("likes") ?? []) live.value += roomDelta;
    for (const live of this.#byTrigger.get("like") ?? []) {
      const { key } = this.#present;
      if (live.fills && key !== "") live.own.set(key, (live.own.get(key) ?? 0) + count);
    }
  }

  #noteWatching(): void {
    for (const live of this.#byTrigger.get("viewers") ?? []) {
      live.before = live.value;
      live.value = this.#facts.watching;
    }
  }

  passTick(tick: number): RuleDecision {
    this.#begin();
    this.#tick = tick;
    const { phase } = this.#facts;
    this.#moments.pass(phase, tick);
    const { roundBegan, phaseBegan } = this.#moments;
    if (roundBegan) {
      this.#values.beginRound();
      this.#pruned = 0;
      this.#askAbout("round.start", tick);
    }
    if (phaseBegan) this.#askAbout("phase", tick);
    if (phaseBegan && phase.name === "results") this.#askAbout("round.end", tick);
    this.#passTimers(tick);
    let left = maxFillsOfAll;
    for (const [now, candidates] of this.#byMeter) {
      left -= this.#emptyMeter(now, candidates, tick, Math.min(left, maxFillsPerTick));
    }
    for (const crowd of this.#byTrigger.get("crowd") ?? []) this.#passCrowd(crowd, tick);
    this.#steps.doDue(tick);
    this.#pruneSome();
    this.#values.drain();
    return this.#decision;
  }

  /** After a round has begun, forgets what is over: of a few rules in each tick, since many viewers may be remembered. */
  #pruneSome(): void {
    for (let count = 0; count < prunedPerTick && this.#pruned < this.#rules.length; count++) {
      const live = this.#rules[this.#pruned++]!;
      const now = { tick: this.#tick, round: this.#moments.round, day: this.#present.day };
      this.#limits.prune(live.limits, now);
      live.prune(now.tick, now.round);
    }
  }

  #begin(): void {
    this.#steps.begin();
    if (this.#traces.length > 0) this.#traces.length = 0;
    this.#decision.joinsTeam = "";
  }

  #askAbout(on: TriggerName, tick: number): void {
    const rules = this.#byTrigger.get(on);
    if (!rules) return;
    this.#present.turnToMoment(undefined, tick);
    this.#asking.ask(allOf(rules));
  }

  #passTimers(tick: number): void {
    const timers = this.#byTrigger.get("timer");
    if (!timers) return;
    const rules = timers.filter((timer) => this.#moments.isDue(timer, tick));
    if (rules.length === 0) return;
    this.#present.turnToMoment(undefined, tick);
    this.#asking.ask(allOf(rules));
  }

  /** Fires the rules of a full meter, once for each time it is full; while none can, it stays full and loses what is above. Returns how often. */
  #emptyMeter(now: MeterNow, candidates: Candidates, tick: number, most: number): number {
    const { full } = now.meter;
    if (candidates.rules.length === 0) return 0;
    let fills = 0;
    for (; now.value >= full && fills < most; fills++) {
      this.#present.turnToMoment(now.by, tick);
      const tracesBefore = this.#traces.length;
      const hasFired = this.#asking.ask(candidates);
      if (!hasFired) {
        now.value = full;
        // Said once, not sixty times a second.
        if (now.isStuck) this.#traces.length = tracesBefore;
        now.isStuck = true;
        break;
      }
      this.#remember(candidates.rules);
      now.value -= full;
      now.isStuck = false;
    }
    return fills;
  }

  #passCrowd(crowd: LiveRule, tick: number): void {
    if (!crowdIsThere(crowd)) return;
    this.#present.turnToMoment(crowd.last, tick);
    this.#asking.ask(allOf([crowd]));
    this.#remember([crowd]);
  }

  /** Keeps who brought a moment about, for expressions of its calls that act later. */
  #remember(rules: readonly LiveRule[]): void {
    const { viewer, key } = this.#present;
    if (viewer) for (const live of rules) live.causes.set(key, viewer);
  }

  waitOf(call: RuleCall, member: ViewerKey, tick: number): number {
    const own = this.#lasting.waitOf(call, member, tick);
    const limits = this.#limits.of(call.rule);
    if (limits.length === 0 || own > 0) return own;
    return this.#limits.waitOf(limits, call, this.#whoOf(call), tick, this.#facts.phase.round);
  }

  paramsOf(
    call: RuleCall,
    count: number,
    joined: number,
    member: ViewerKey,
    tick: number,
  ): Readonly<Record<string, unknown>> {
    const { step } = call;
    if (step.computed.length === 0 && !step.lasting) return step.params;
    this.#turnBackTo(call, count, tick);
    const params = computedParams(step, this.#scope);
    if (step.lasting) params[step.lasting.param] = this.#lasting.secondsOf(step, joined, member, tick, this.#scope);
    return params;
  }

  /** Who a call is by, for limits. */
  #whoOf({ viewer }: RuleCall): { key: string; team: string } {
    return { key: viewer, team: viewer === "" ? "" : this.#facts.teamOf(viewer) };
  }

  #turnBackTo({ event, rule, viewer: key }: RuleCall, count: number, tick: number): void {
    const by = event && "viewer" in event ? event.viewer : undefined;
    const viewer = by && viewerKey(by) === key ? by : this.#byRule.get(rule)?.causes.get(key);
    this.#present.turnBack(event, viewer, count, tick);
  }

  started(call: RuleCall, member: ViewerKey, tick: number, params: Readonly<Record<string, unknown>>): void {
    this.#lasting.started(call, member, tick, params);
    const limits = this.#limits.of(call.rule);
    if (limits.length === 0) return;
    this.#limits.started(limits, call, this.#whoOf(call), tick, this.#facts.phase.round);
  }

  get meters(): readonly MeterView[] {
    const likes = (this.#byTrigger.get("likes") ?? []).map(({ rule, value }) => {
      const first = rule.steps.find((step) => step.kind === "call");
      return { filledBy: "likes" as const, title: first?.action ?? rule.id, value, max: rule.filter.every };
    });
    const declared = this.#values.meters.map(({ meter, value }) => {
      return { filledBy: "rules" as const, title: meter.title, value, max: meter.full };
    });
    return [...likes, ...declared];
  }

  get dropped(): number {
    return this.#asking.dropped + this.#steps.dropped;
  }

  /** What the next engine takes over. */
  #held(): HeldState {
    const rules = this.#rules.map((live) => [this.#keyOf(live.rule), live.held()] as const);
    return {
      tick: this.#tick,
      day: this.#present.day,
      ...this.#moments.held(),
      ...this.#values.held(),
      ...this.#limits.held(),
      ...this.#lasting.held(),
      rules: Object.fromEntries(rules.filter(([, saved]) => Object.keys(saved).length > 0)),
      delayed: this.#steps.held((rule) => this.#keyOf(rule)),
      pruned: Math.min(this.#pruned, this.#rules.length),
    };
  }

  save(): RuleState {
    return plainOf(this.#held()) as RuleState;
  }
}

function push<K, V>(groups: Map<K, V[]>, key: K, value: V): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}

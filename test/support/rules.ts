/** Builders of compiled rules and facts for tests of the engine: everything filled in, what matters set by the test. */
import { defaultTiers } from "../../shared/game/tiers.ts";
import type {
  CallStep,
  CompiledLimit,
  CompiledRule,
  CompiledRules,
  Conditions,
  Expression,
  Scope,
  TriggerFilter,
  Value,
  ViewerCondition,
} from "../../shared/rules/compiled.ts";
import type { RuleCall, RuleDecision, RuleEngine, ShowFacts } from "../../shared/rules/decision.ts";

const place = { file: "rules.yaml", line: 1, column: 1 };

/** What a rule of a test says; the rest is "any" and "none". */
export interface RuleWords extends Partial<Omit<CompiledRule, "on" | "filter" | "conditions" | "limits" | "steps">> {
  readonly on: CompiledRule["on"];
  readonly filter?: Partial<TriggerFilter>;
  readonly conditions?: Partial<Conditions>;
  readonly limits?: readonly Partial<CompiledLimit>[];
  readonly steps?: CompiledRule["steps"];
}

export function aFilter(filter: Partial<TriggerFilter> = {}): TriggerFilter {
  return {
    commands: [],
    contains: [],
    gifts: [],
    tiers: [],
    valueFrom: 0,
    valueTo: Number.POSITIVE_INFINITY,
    every: 0,
    ownMeter: false,
    reaches: 0,
    falls: 0,
    after: 0,
    afterOf: "phase",
    meter: "",
    names: [],
    from: 0,
    viewers: 0,
    withinTicks: 0,
    of: undefined,
    ...filter,
  };
}

/** A call of the action "jump", or another. */
export function aCall(action = "jump", fields: Partial<CallStep> = {}): CallStep {
  return {
    kind: "call",
    action,
    params: {},
    computed: [],
    target: { kind: "me" },
    delayTicks: 0,
    lasting: undefined,
    place,
    ...fields,
  };
}

/** An expression that a test computes itself. */
export function anExpression(evaluate: (scope: Scope) => Value, text = "..."): Expression {
  return { text, type: "number", place, evaluate };
}

export function aViewerCondition(fields: Partial<ViewerCondition>): ViewerCondition {
  return { teams: [], platforms: [], handles: [], gifterLevel: 0, teamLevel: 0, ...fields };
}

/** A rule of the tests; its id is `rule-1`, and its whenLimited what the file's default is. */
export function aRule({ filter, conditions, limits = [], ...words }: RuleWords): CompiledRule {
  const id = words.id ?? "rule-1";
  const paid = words.on === "gift" || words.on === "subscribe";
  return {
    id,
    named: true,
    place,
    filter: aFilter(filter),
    gifts: [],
    conditions: { phases: [], sources: [], viewer: undefined, if: undefined, ...conditions },
    limits: limits.map((limit) => ({
      owner: `rule:${id}`,
      scope: "everyone" as const,
      cooldownTicks: 0,
      quota: 0,
      per: "round" as const,
      ...limit,
    })),
    whenLimited: paid ? "queue" : "drop",
    queue: "",
    priority: 0,
    stop: false,
    also: false,
    steps: [aCall()],
    allow: [],
    ...words,
  };
}

/** Rules in this order; without an id they are called rule-1, rule-2 and so on. */
export function someRules(rules: readonly RuleWords[], fields: Partial<CompiledRules> = {}): CompiledRules {
  return {
    game: "tiny",
    playlist: [],
    options: {},
    tiers: defaultTiers,
    rules: rules.map((words, index) => aRule({ id: `rule-${index + 1}`, ...words })),
    firstMatch: new Set(),
    queues: [],
    meters: [],
    variables: [],
    words: new Map(),
    teams: [],
    tests: [],
    allow: [],
    files: { main: "rules.yaml", texts: new Map() },
    ...fields,
  };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Facts = Writable<Omit<ShowFacts, "phase">> & { phase: Writable<ShowFacts["phase"]> };

/** Facts of a show in the play phase of round 1; a test changes them as it goes. */
export function someFacts(fields: Partial<Facts> = {}): Facts {
  return {
    phase: { name: "play", round: 1, startTick: 0, endTick: 3600 },
    watching: 0,
    playing: 0,
    teamOf: () => "",
    random: () => 0,
    ...fields,
  };
}

/** Ids of the rules whose calls a decision holds. */
export function firedIn({ calls }: RuleDecision): string[] {
  return calls.map(({ rule }) => rule.id);
}

/** Passes ticks from `from` up to `to`, with the calls of each that has some. */
export function passTicks(
  engine: RuleEngine,
  from: number,
  to: number,
): { tick: number; calls: readonly RuleCall[] }[] {
  const found: { tick: number; calls: readonly RuleCall[] }[] = [];
  for (let tick = from; tick <= to; tick++) {
    const { calls } = engine.passTick(tick);
    if (calls.length > 0) found.push({ tick, calls: [...calls] });
  }
  return found;
}

/** Compiled rules: what a rule file says, checked and ready for the engine. Made by compile.ts alone; plain data but for the expressions. */
import type { PhaseName } from "../game/phases.ts";
import type { TierName, TierTable } from "../game/tiers.ts";
import type { TriggerName } from "./triggers.ts";

/** A place in one of the files, from 1. */
export interface Place {
  /** As the person named it, or relative to the main file for an included one. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What an expression or one of its names can be. Numbers are doubles; there are no whole numbers of another kind. */
export type ValueType = "number" | "text" | "flag";
export type Value = number | string | boolean;

/** A checked expression. Never throws: what goes wrong while it runs (a division by zero) gives the type's zero. */
export interface Expression {
  /** As written. */
  readonly text: string;
  readonly type: ValueType;
  readonly place: Place;
  evaluate(scope: Scope): Value;
}

/** Names an expression can use, with their values now. Only names of the rule's trigger are read. One object, reused. */
export interface Scope {
  // Of the event.
  readonly count: number;
  /** Units times price: what this event is worth. */
  readonly diamonds: number;
  readonly gift: { readonly name: string; readonly id: string; readonly value: number };
  readonly tier: string;
  /** Running total of the combo. */
  readonly combo: number;
  readonly text: string;
  /** The comment after its first word. */
  readonly argument: string;
  /** First number in the comment after its first word, 0 when there is none. */
  readonly number: number;
  readonly likes: number;
  readonly months: number;
  readonly cost: number;
  readonly reward: string;
  // Of who did it.
  readonly viewer: ScopeViewer;
  // Of the show.
  readonly phase: string;
  readonly round: number;
  /** Seconds since the phase began, and until it ends by itself. */
  readonly seconds: number;
  readonly secondsLeft: number;
  /** People watching the stream, viewers with a body in the world. */
  readonly watching: number;
  readonly playing: number;
  /** Variables and counters by name, of this viewer where they are kept per viewer. */
  readonly vars: Readonly<Record<string, Value>>;
  /** How full each declared meter is. */
  readonly meters: Readonly<Record<string, number>>;
}

export interface ScopeViewer {
  readonly name: string;
  readonly handle: string;
  readonly platform: string;
  /** "" for none. */
  readonly team: string;
  readonly follower: boolean;
  readonly subscriber: boolean;
  readonly moderator: boolean;
  readonly owner: boolean;
  readonly gifterLevel: number;
  readonly teamLevel: number;
}

/** Who a limit holds apart: each viewer, each team, or everyone together. */
export type LimitScope = "viewer" | "team" | "everyone";
export type QuotaPer = "round" | "show" | "day";

/** One limit. Rules of a group share the group's by its owner's name. */
export interface CompiledLimit {
  /** `rule:ID`, `group:NAME` or `all`; with scope and kind it names the state that is kept. */
  readonly owner: string;
  readonly scope: LimitScope;
  /** Ticks between two firings; 0 for a quota. */
  readonly cooldownTicks: number;
  /** Most firings per round, show or day; 0 for a cooldown. */
  readonly quota: number;
  readonly per: QuotaPer;
}

/**
 * What happens to an act that meets a limit: `drop` it; `merge` it with the one of the same viewer that already waits; `queue` it
 * for the next free moment; `extend` the effect that runs; `bank` it for the next round.
 */
export type WhenLimited = "drop" | "merge" | "queue" | "extend" | "bank";

/** Whose body an action moves: the viewer's own; the leader's; each one's; each of the viewer's team; one at random; one that the comment names; one named in the rule. */
export type Target =
  | { readonly kind: "me" | "leader" | "everyone" | "team" | "random" | "named" }
  | { readonly kind: "viewer"; readonly handle: string };

/** A param that an expression gives when the action acts. Numbers are kept between `min` and `max`, and rounded if `whole`. */
export interface ComputedParam {
  readonly name: string;
  readonly expression: Expression;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  /** Allowed texts; empty for any. A computed text that is not among them leaves the param at its default. */
  readonly choices: readonly string[];
}

/** How long the action's effect lasts, set by the rule, and what another call does while it does. */
export interface Lasting {
  /** The action's param that takes the seconds (ActionDefinition.lasts). */
  readonly param: string;
  /** Seconds one call lasts. */
  readonly seconds: number | Expression;
  /** stack: each runs beside the others, at most `most` of a viewer; refresh: begins anew; extend: adds its time, up to `upToSeconds`. */
  readonly again: "stack" | "refresh" | "extend";
  readonly upToSeconds: number;
  readonly most: number;
  /** What the param takes: seconds are kept in between, and rounded if `whole`. */
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

/** One call of an action. */
export interface CallStep {
  readonly kind: "call";
  readonly action: string;
  /** Checked, defaults filled in. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly computed: readonly ComputedParam[];
  readonly target: Target;
  /** Ticks after the rule fires. */
  readonly delayTicks: number;
  readonly lasting: Lasting | undefined;
  readonly place: Place;
}

/** Changes a variable or counter (`set`, `add`) or a meter (`fill`; negative amounts drain it). */
export interface ChangeStep {
  readonly kind: "set" | "add" | "fill";
  readonly name: string;
  readonly value: Value | Expression;
  readonly delayTicks: number;
}

/** A line in the stage's feed: texts and expressions in turns. */
export interface SayStep {
  readonly kind: "say";
  readonly parts: readonly (string | Expression)[];
  readonly delayTicks: number;
  readonly place: Place;
}

/** One of several, by weight, drawn from the seeded random. Delays of the steps within count from its turn. */
export interface OneOfStep {
  readonly kind: "oneOf";
  readonly choices: readonly { readonly weight: number; readonly steps: readonly CompiledStep[] }[];
  readonly delayTicks: number;
  readonly place: Place;
}

export type CompiledStep = CallStep | ChangeStep | SayStep | OneOfStep;

/** What an event must be for the rule, beyond its trigger. Empty lists and zeros mean "any". */
export interface TriggerFilter {
  /** Folded command words; "@" stands for a comment that names somebody. */
  readonly commands: readonly string[];
  /** Folded words, one of which stands anywhere in the text as a word of its own. */
  readonly contains: readonly string[];
  /** Folded gift names and ids. */
  readonly gifts: readonly string[];
  readonly tiers: readonly TierName[];
  /** Price of one unit, both ends included; 0 and Infinity for any. */
  readonly valueFrom: number;
  readonly valueTo: number;
  /** Likes per fill, ticks between timer firings. */
  readonly every: number;
  /** Of a `like` rule with `every`: the meter is each viewer's own. Of `likes`: everyone's. */
  readonly ownMeter: boolean;
  /** People watching to reach from below, or to fall to from above. */
  readonly reaches: number;
  readonly falls: number;
  /** Ticks after the beginning of `afterOf` at which a timer fires once; 0 for none. */
  readonly after: number;
  readonly afterOf: "show" | "round" | "phase";
  /** Declared meter that fires when full. */
  readonly meter: string;
  /** States of a battle, ids of emotes, titles or ids of rewards (folded). */
  readonly names: readonly string[];
  /** Least months of a subscription, least viewers of a raid. */
  readonly from: number;
  /** `crowd`: so many different viewers do the `of` thing within so many ticks. */
  readonly viewers: number;
  readonly withinTicks: number;
  readonly of: { readonly on: TriggerName; readonly filter: TriggerFilter } | undefined;
}

/** A gift that a rule waits for, as the person wrote it. */
export interface GiftName {
  /** Folded: name or id. */
  readonly name: string;
  readonly written: string;
  /** Where it is written: at the rule, or under `gifts:` where the rule names an alias. */
  readonly place: Place;
}

/** Conditions in plain words; undefined and empty mean "any". */
export interface Conditions {
  readonly phases: readonly PhaseName[];
  /** Source ids or platforms. */
  readonly sources: readonly string[];
  readonly viewer: ViewerCondition | undefined;
  readonly if: Expression | undefined;
}

export interface ViewerCondition {
  readonly follower?: boolean;
  readonly subscriber?: boolean;
  readonly moderator?: boolean;
  readonly owner?: boolean;
  /** Folded names of teams; any of them. */
  readonly teams: readonly string[];
  readonly platforms: readonly string[];
  /** Folded handles without "@"; any of them. */
  readonly handles: readonly string[];
  /** Least levels, 0 for any. */
  readonly gifterLevel: number;
  readonly teamLevel: number;
}

export interface CompiledRule {
  /** As given, else `rule-N` by its place among all rules. Unique. */
  readonly id: string;
  /** The id is given in the file, so it says which rule this is when the file has changed. */
  readonly named: boolean;
  readonly place: Place;
  readonly on: TriggerName;
  readonly filter: TriggerFilter;
  /** The gifts of its filter, and of what a crowd does; each name once. */
  readonly gifts: readonly GiftName[];
  readonly conditions: Conditions;
  readonly limits: readonly CompiledLimit[];
  readonly whenLimited: WhenLimited;
  /** Queue it goes through, "" for none. */
  readonly queue: string;
  readonly priority: number;
  /** When it fires, later rules are not asked about this event. */
  readonly stop: boolean;
  /** Of a gift rule by tier or value: fires also for gifts that another rule names. */
  readonly also: boolean;
  readonly steps: readonly CompiledStep[];
  /** Compliance findings allowed knowingly for this rule. */
  readonly allow: readonly string[];
}

/** Calls that go one after the other. */
export interface CompiledQueue {
  readonly name: string;
  /** Ticks between two starts. */
  readonly gapTicks: number;
  /** Lasting effects that may run at once; 0 for no bound. */
  readonly atOnce: number;
  /** Free calls that may wait; more are dropped and counted. Paid ones always find a place. */
  readonly most: number;
}

export interface CompiledMeter {
  readonly name: string;
  /** On the stage. */
  readonly title: string;
  readonly full: number;
  /** Lost per second; 0 for none. */
  readonly drainPerSecond: number;
  /** Emptied when a round begins. */
  readonly perRound: boolean;
}

export interface CompiledVariable {
  readonly name: string;
  readonly type: ValueType;
  readonly start: Value;
  /** Of numbers. */
  readonly min: number;
  readonly max: number;
  /** Whose: one for everyone, or one of each viewer or team. */
  readonly of: LimitScope;
  /** Back to `start` when a round begins. */
  readonly perRound: boolean;
}

/** A team of viewers, with the words that join it (folded). */
export interface CompiledTeam {
  readonly name: string;
  readonly words: readonly string[];
}

/** One turn of a playlist. */
export interface CompiledPlaylistEntry {
  readonly game: string;
  /** Its rule file, relative to the folder of the file with the playlist; "" for that file itself, or the game's own. */
  readonly rules: string;
  /** Rounds in a row. */
  readonly rounds: number;
  readonly place: Place;
}

export interface CompiledRules {
  readonly game: string;
  /** Games that take turns, this one among them; empty when it plays alone. */
  readonly playlist: readonly CompiledPlaylistEntry[];
  /** The game's options, defaults filled in. */
  readonly options: unknown;
  readonly tiers: TierTable;
  /** In the order in which they are asked: by priority, then by place. */
  readonly rules: readonly CompiledRule[];
  /** Triggers for whose events only the first rule that fires counts. */
  readonly firstMatch: ReadonlySet<TriggerName>;
  readonly queues: readonly CompiledQueue[];
  readonly meters: readonly CompiledMeter[];
  readonly variables: readonly CompiledVariable[];
  /** Declared word lists, which expressions can name. */
  readonly words: ReadonlyMap<string, readonly string[]>;
  readonly teams: readonly CompiledTeam[];
  readonly tests: readonly CompiledTest[];
  /** Compliance findings allowed knowingly for the whole file. */
  readonly allow: readonly string[];
  /** The texts it was compiled from, main file first: enough to compile it again elsewhere. */
  readonly files: RuleFiles;
}

/** A rule file and what it includes, by path relative to the main file's folder; the main file under its own name. */
export interface RuleFiles {
  readonly main: string;
  readonly texts: ReadonlyMap<string, string>;
}

/** One step of a test: an event, a pause, or a phase that begins. */
export type TestStep =
  | { readonly kind: "event"; readonly event: TestEvent; readonly place: Place }
  | { readonly kind: "wait"; readonly ticks: number; readonly place: Place }
  | { readonly kind: "phase"; readonly phase: PhaseName; readonly place: Place };

/** An event as a test writes it; what it leaves out has a default. */
export interface TestEvent {
  /** LiveEvent type. */
  readonly type: string;
  /** Handle of who does it, default "ana". */
  readonly by: string;
  readonly viewer: Readonly<Record<string, unknown>>;
  /** Fields of the LiveEvent. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface ExpectedCall {
  readonly action: string;
  /** Params that must be so; others may be anything. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Handle of whose body, "" for anybody's. */
  readonly by: string;
  /** Rule that must have called it, "" for any. */
  readonly rule: string;
  readonly place: Place;
}

export interface CompiledTest {
  readonly name: string;
  readonly place: Place;
  /** Phase it begins in. */
  readonly phase: PhaseName;
  readonly given: readonly TestStep[];
  /** Exactly these calls, in this order. */
  readonly expect: readonly ExpectedCall[];
}

/** A gift that has been seen, for warnings about names that nobody ever sent. */
export interface KnownGift {
  readonly id: string;
  readonly name: string;
  /** Price of one unit in diamonds. */
  readonly unitValue: number;
}

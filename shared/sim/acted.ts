/** What a tick decided and did, for people who ask why: handed out with each step, valid until the next. */
import type { LiveEvent } from "../events/live-event.ts";
import type { CompiledRules } from "../rules/compiled.ts";
import type { RuleCall, RuleTrace } from "../rules/decision.ts";

/** What the rules said about one event, or (event undefined) about the show's own moment. */
export interface Decided {
  readonly event: LiveEvent | undefined;
  readonly tick: number;
  readonly traces: readonly RuleTrace[];
  /** The rules of that moment. */
  readonly rules: CompiledRules;
}

/** What became of one call of an action; a call that waits is told again when it acts. */
export interface Acted {
  /** Ids of the events behind it; empty for what the show itself caused. */
  readonly eventIds: readonly string[];
  /** Rule that called it, and where it stands. */
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly action: string;
  /** As the action got them; empty while it waits. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Key of whose body, "" for nobody's. */
  readonly viewer: string;
  readonly tick: number;
  /** A call that was withdrawn has left its events to the rules of another game. */
  readonly state: "applied" | "waits" | "refused" | "withdrawn";
  /** Why it waits, was refused or withdrawn; "" when applied. */
  readonly reason: string;
}

/** What became of a call, told of its rule and action. */
export function actedOf({ rule, step }: RuleCall, told: Omit<Acted, "rule" | "file" | "line" | "action">): Acted {
  const { file, line } = step.place;
  return { rule: rule.id, file, line, action: step.action, ...told };
}

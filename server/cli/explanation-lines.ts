/** An event explained on the terminal: a line for each rule that could have fired, and one for each action it called. */
import type { RuleExplanation } from "../../shared/rules/explain.ts";
import type { Acted } from "../../shared/sim/acted.ts";
import type { OfflineExplanation } from "../../shared/sim/rehearsal.ts";
import { summaryOf } from "../http/event-words.ts";

/** The lines of `check --explain`. */
export function explanationLines({ event, rules, acts }: OfflineExplanation): string[] {
  const width = Math.max(0, ...rules.map((rule) => placed(rule).length));
  return [
    `event: ${summaryOf(event)}`,
    ...rules.map((rule) => `${rule.verdict.padEnd(9)}  ${placed(rule).padEnd(width)}  ${rule.sentence}`),
    ...(rules.length === 0 ? ["no rule waits for such an event"] : []),
    ...acts.map(actLine),
  ];
}

function placed({ rule, file, line }: RuleExplanation): string {
  return `${rule} (${file}:${line})`;
}

function actLine({ state, action, params, viewer, rule, reason }: Acted): string {
  const values = Object.entries(params).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const shown = values.length > 0 ? ` { ${values.join(", ")} }` : "";
  const whom = viewer === "" ? "" : ` for ${viewer}`;
  return `${state.padEnd(9)}  ${action}${shown}${whom}  (${rule})${reason === "" ? "" : `: ${reason}`}`;
}

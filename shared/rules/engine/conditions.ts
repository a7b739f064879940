/** Conditions: which of a rule's conditions does not hold now. */

import type { PhaseName } from "../../game/phases.ts";
import type { Conditions, Expression, Scope, ViewerCondition } from "../compiled.ts";
import type { Present } from "./present.ts";

/** Name of the first condition that does not hold ("viewer.follower", "source", "if", and "phase" last), "" when all hold. */
export type ConditionCheck = (present: Present, scope: Scope, phase: PhaseName) => string;

const none: ConditionCheck = () => "";

/** One function for the conditions of a rule, made when the rules are loaded. */
export function conditionCheck({ phases, sources, viewer, if: expression }: Conditions): ConditionCheck {
  if (phases.length === 0 && sources.length === 0 && !viewer && !expression) return none;
  return (present, scope, phase) => {
    if (sources.length > 0 && !isFrom(sources, present)) return "source";
    const failing = viewer ? failingOf(viewer, present) : "";
    if (failing !== "") return failing;
    if (expression && !holds(expression, scope)) return "if";
    return phases.length === 0 || phases.includes(phase) ? "" : "phase";
  };
}

function holds(expression: Expression, scope: Scope): boolean {
  return expression.evaluate(scope) === true;
}

function isFrom(sources: readonly string[], { event, viewer }: Present): boolean {
  if (event && sources.includes(event.source.toLowerCase())) return true;
  return viewer !== undefined && sources.includes(viewer.platform.toLowerCase());
}

const roles = ["follower", "subscriber", "moderator", "owner"] as const;

function failingOf(wanted: ViewerCondition, present: Present): string {
  const { viewer } = present;
  if (!viewer) return "viewer";
  for (const role of roles) {
    if (wanted[role] !== undefined && viewer.roles[role] !== wanted[role]) return `viewer.${role}`;
  }
  if (viewer.levels.gifter < wanted.gifterLevel) return "viewer.gifterLevel";
  if (viewer.levels.team < wanted.teamLevel) return "viewer.teamLevel";
  if (wanted.platforms.length > 0 && !wanted.platforms.includes(viewer.platform.toLowerCase()))
    return "viewer.platform";
  if (wanted.handles.length > 0 && !wanted.handles.includes(present.foldedHandle)) return "viewer.handle";
  return wanted.teams.length === 0 || wanted.teams.includes(present.foldedTeam) ? "" : "viewer.team";
}

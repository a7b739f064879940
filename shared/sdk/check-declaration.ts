/** Checks of a game's declaration: what it says of itself is whole, and its rule file fits it. */
import { z } from "zod";
import { type AnyGame, actingPhases } from "../game/define.ts";
import { phaseNames, phaseSeconds } from "../game/phases.ts";
import { formatProblem } from "../rules/problem.ts";
import { runRuleTests } from "../sim/rehearsal.ts";
import { type CheckedGame, type GameCheck, must, rulesOf } from "./checked-game.ts";

/** A sentence: begins like one, ends with a full stop. */
const sentence = /^\P{Ll}.*\.$/su;

/** All checks of the declaration. */
export function declarationChecks(checked: CheckedGame): GameCheck[] {
  const { game } = checked;
  return [
    { name: "every option has a default, and phases have a length", run: () => checkPhases(game) },
    { name: "every action and param says what it does", run: () => checkSentences(game) },
    { name: "its rule file has no mistake and no warning, and its tests pass", run: () => checkRules(checked) },
    { name: "its rule file uses every action", run: () => checkUse(checked) },
  ];
}

function checkPhases(game: AnyGame): void {
  const options = game.options.safeParse({});
  must(options.success, () => `options without anything given: ${options.error?.message}`);
  const seconds = phaseSeconds(game.phases, options.data);
  for (const name of phaseNames) {
    must(
      Number.isFinite(seconds[name]) && seconds[name] >= 0,
      () => `the phase ${name} has no length: ${seconds[name]}`,
    );
  }
  must(seconds.play > 0, () => "the phase play has no length");
  const { lobby, results } = seconds;
  must(
    lobby + results > 0,
    () => "neither lobby nor results has a length: gifts sent between rounds would have no moment",
  );
}

function checkSentences(game: AnyGame): void {
  must(sentence.test(game.summary), () => `summary is no sentence: "${game.summary}"`);
  for (const [name, action] of Object.entries(game.actions)) {
    must(action.title.trim() !== "", () => `the action ${name} has no title`);
    must(sentence.test(action.summary), () => `summary of the action ${name} is no sentence: "${action.summary}"`);
    must(actingPhases(action).length > 0, () => `the action ${name} acts in no phase`);
    const params: Record<string, z.ZodType> = action.params.shape;
    for (const [param, field] of Object.entries(params)) {
      must(field.safeParse(undefined).success, () => `${name}.${param} has no default`);
      must(Boolean(z.globalRegistry.get(field)?.description), () => `${name}.${param} does not say what it is`);
    }
    const { lasts } = action;
    must(!lasts || lasts in params, () => `${name}.lasts names "${lasts}", which is no param`);
  }
}

function checkRules(checked: CheckedGame): void {
  const { rules, warnings } = rulesOf(checked);
  must(warnings.length === 0, () => `the rule file has warnings:\n${warnings.join("\n")}`);
  must(rules.tests.length > 0, () => "the rule file has no tests");
  for (const { ok, problem } of runRuleTests(rules, checked.game)) must(ok, () => formatProblem(problem!));
}

function checkUse(checked: CheckedGame): void {
  const { rules } = rulesOf(checked).rules;
  const used = JSON.stringify(rules.map(({ steps }) => steps));
  for (const name of Object.keys(checked.game.actions)) {
    must(used.includes(`"action":"${name}"`), () => `no rule of the rule file calls the action ${name}`);
  }
}

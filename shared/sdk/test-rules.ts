/** Test rules: a game's rule file, or none, and beside it one hidden rule for each action a test calls by hand. */
import type { AnyGame } from "../game/define.ts";
import { compileRules } from "../rules/compile.ts";
import type { CompiledRules } from "../rules/compiled.ts";
import { formatProblem } from "../rules/problem.ts";

/** One way to call an action: free by a reward, or paid by a gift. */
export interface HiddenCall {
  /** Title of the reward, or name of the gift. */
  readonly name: string;
  readonly action: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly paid: boolean;
}

export interface TestRuleParts {
  readonly game: AnyGame;
  /** Text of the game's rule file, "" for none. */
  readonly rules: string;
  /** Options that replace those of the file. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly calls: readonly HiddenCall[];
}

const mainFile = "test-show.yaml";
const ownFile = "rules.yaml";

/** Compiles them. Throws an Error with every mistake, a line each. */
export function testRules({ game, rules, options, calls }: TestRuleParts): CompiledRules {
  const hidden = calls.map(({ name, action, params, paid }, index) => ({
    id: `called-by-the-test-${index}`,
    ...(paid ? { on: "gift", gift: name } : { on: "redeem", reward: name }),
    do: { [action]: params },
  }));
  // Rules that nothing fires: a file needs one at least.
  const rows =
    hidden.length > 0 ? hidden : [{ id: "nothing", on: "redeem", reward: "nothing", do: { say: "nothing" } }];
  const main = {
    game: game.id,
    ...(rules === "" ? {} : { include: ownFile }),
    allow: ["COMPLIANCE_PAY_TO_PLAY", "COMPLIANCE_CHANCE"],
    options,
    rules: rows,
  };
  // YAML reads JSON as it is.
  const texts = new Map([[mainFile, JSON.stringify(main)]]);
  if (rules !== "") texts.set(ownFile, rules);
  const result = compileRules({ main: mainFile, texts }, game);
  if (result.ok) return result.rules;
  throw new Error(`The rules cannot be used:\n${result.problems.map(formatProblem).join("\n")}`);
}

/** Compiles a rule file with all it includes into rules ready to run, or into the full list of what is wrong with it and where. */
import type { AnyGame } from "../game/define.ts";
import type { Context } from "./compile/context.ts";
import { readDeclarations, readTiers } from "./compile/declarations.ts";
import { readSource } from "./compile/document.ts";
import { gatherSources } from "./compile/includes.ts";
import { lastOf, mergedDeep, mergedRules } from "./compile/merge.ts";
import { allowAt, ruleAt } from "./compile/rule.ts";
import { checkShape } from "./compile/shape.ts";
import { Problems, type RuleSource, type Spot } from "./compile/spot.ts";
import { testAt } from "./compile/tests.ts";
import type { CompiledRule, CompiledRules, RuleFiles } from "./compiled.ts";
import { complianceProblems } from "./compliance.ts";
import type { Problem } from "./problem.ts";
import { ruleFileSchema } from "./rule-file.ts";
import { type TriggerName, triggerNames } from "./triggers.ts";

export { maxFileLength } from "./compile/document.ts";
export { includedPath } from "./compile/includes.ts";

/** A gift that has been seen, for warnings about names that nobody ever sent. */
export interface KnownGift {
  readonly id: string;
  readonly name: string;
  /** Price of one unit in diamonds. */
  readonly unitValue: number;
}

/** Rules with the warnings about them, or all that is wrong. Problems are sorted by file (main first), line and column. */
export type CompileResult =
  | { readonly ok: true; readonly rules: CompiledRules; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A rule file that is a single text. */
export function oneFile(text: string, name = "rules.yaml"): RuleFiles {
  return { main: name, texts: new Map([[name, text]]) };
}

/** Game a rule file says it is for, "" when it cannot be read; lets a caller pick the game before compiling. */
export function gameOfRules(text: string): string {
  const game = readSource("", text, new Problems())?.data.game;
  return typeof game === "string" ? game : "";
}

/** What a rule file includes, as written; empty when it cannot be read. `includedPath` says which files are meant. */
export function includesOf(text: string): string[] {
  const source = readSource("", text, new Problems());
  return (source?.root.at("include").items ?? [])
    .map(({ value }) => value)
    .filter((value) => typeof value === "string");
}

/** Compiles a rule file for a game. Reports every problem at once; never throws; takes bounded time and memory. */
export function compileRules(
  files: RuleFiles,
  game: AnyGame,
  known: { readonly gifts?: readonly KnownGift[] } = {},
): CompileResult {
  const problems = new Problems();
  const sources = gatherSources(files, problems);
  if (!sources) return { ok: false, problems: sorted(problems.list, files) };
  const schema = ruleFileSchema(game);
  for (const source of sources) checkShape(source, schema, game, problems);
  const rules = compileSources(sources, files, game, problems);
  if (problems.hasErrors) return { ok: false, problems: sorted(problems.list, files) };
  const found = sorted(complianceProblems(rules, game), files);
  return found.some(({ severity }) => severity === "error")
    ? { ok: false, problems: found }
    : { ok: true, rules, problems: found };
}

function compileSources(
  sources: readonly RuleSource[],
  files: RuleFiles,
  game: AnyGame,
  problems: Problems,
): CompiledRules {
  const tiers = readTiers(sources, problems);
  const context: Context = { game, problems, declarations: readDeclarations(sources, game, problems) };
  const { queues, meters, variables, teams } = context.declarations;
  const main = sources.at(-1)!;
  const spots = mergedRules(sources, problems);
  if (spots.length === 0 && !problems.hasErrors) {
    problems.add("RULES_SHAPE", main.root.at("rules"), 'A rule file needs at least one rule under "rules:".');
  }
  const all = spots.map((spot, index) => ruleAt(context, spot, index));
  const rules = all.filter(
    (rule, index): rule is CompiledRule => rule !== undefined && spots[index]!.at("off").value !== true,
  );
  const ids = new Set(all.map((rule) => rule?.id ?? ""));
  const tests = sources
    .flatMap((source) => source.root.at("tests").items)
    .flatMap((spot) => testAt(context, spot, ids) ?? []);
  const allow = lastOf(sources, "allow");
  return {
    game: game.id,
    options: game.options.safeParse(mergedDeep(sources, "options") ?? {}).data,
    tiers,
    rules: rules.sort((a, b) => b.priority - a.priority),
    firstMatch: firstMatchAt(lastOf(sources, "firstMatch")),
    queues: [...queues.values()],
    meters: [...meters.values()],
    variables: [...variables.values()],
    teams,
    tests,
    allow: allow ? allowAt(context, allow) : [],
    files,
  };
}

function firstMatchAt(spot: Spot | undefined): ReadonlySet<TriggerName> {
  if (!spot || typeof spot.value === "boolean") return new Set(spot?.value === true ? triggerNames : []);
  return new Set(spot.items.map(({ value }) => value as TriggerName));
}

/** Problems in the order in which a person reads: the main file first, then the included ones by name; from top to bottom. */
function sorted(problems: readonly Problem[], { main }: RuleFiles): readonly Problem[] {
  const rank = ({ file }: Problem) => (file === main ? "" : file);
  return [...problems].sort((a, b) =>
    rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : a.line - b.line || a.column - b.column,
  );
}

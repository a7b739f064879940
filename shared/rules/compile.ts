/** Compiles a rule file with all it includes into rules ready to run, or into the full list of what is wrong with it and where. */
import type { AnyGame } from "../game/define.ts";
import type { Context } from "./compile/context.ts";
import { readDeclarations, readTiers } from "./compile/declarations.ts";
import { readSource } from "./compile/document.ts";
import { gatherSources } from "./compile/includes.ts";
import { namingInvisible } from "./compile/invisible.ts";
import { lastOf, mergedDeep, mergedRules } from "./compile/merge.ts";
import { readPlaylist } from "./compile/playlist.ts";
import { allowAt, ruleAt } from "./compile/rule.ts";
import { checkShape } from "./compile/shape.ts";
import { Problems, type RuleSource, type Spot } from "./compile/spot.ts";
import { testAt } from "./compile/tests.ts";
import type { CompiledRule, CompiledRules, KnownGift, RuleFiles } from "./compiled.ts";
import { complianceProblems } from "./compliance.ts";
import { lintRules } from "./lint.ts";
import type { Problem } from "./problem.ts";
import { maxRules, ruleFileSchema } from "./rule-file.ts";
import { type TriggerName, triggerNames } from "./triggers.ts";

export { maxFileLength } from "./compile/document.ts";

/** What may be known beside the files, for warnings. */
export interface Known {
  readonly gifts?: readonly KnownGift[];
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
export function compileRules(files: RuleFiles, game: AnyGame, known: Known = {}): CompileResult {
  return createRuleCompiler(game)(files, known);
}

/** A compiler for many rule files of one game: what is derived from the game is derived once. */
export function createRuleCompiler(game: AnyGame): (files: RuleFiles, known?: Known) => CompileResult {
  const schema = ruleFileSchema(game);
  return (files, known = {}) => {
    const problems = new Problems();
    const { sources, isComplete } = gatherSources(files, problems);
    for (const source of sources) checkShape(source, schema, game, problems);
    const rules = isComplete ? compileSources(sources, files, game, problems) : undefined;
    if (!rules || problems.hasErrors) {
      return { ok: false, problems: namingInvisible(sorted([...problems.list, ...problems.warnings], files), files) };
    }
    const linted = [...problems.warnings, ...lintRules(rules, game, known), ...complianceProblems(rules, game)];
    const found = namingInvisible(sorted(linted, files), files);
    const hasErrors = found.some(({ severity }) => severity === "error");
    return hasErrors ? { ok: false, problems: found } : { ok: true, rules, problems: found };
  };
}

function compileSources(
  sources: readonly RuleSource[],
  files: RuleFiles,
  game: AnyGame,
  problems: Problems,
): CompiledRules {
  const tiers = readTiers(sources, problems);
  const context: Context = {
    game,
    ranges: new Map(),
    problems,
    declarations: readDeclarations(sources, game, problems),
  };
  const { queues, meters, variables, words, teams } = context.declarations;
  const spots = mergedRules(sources, problems);
  refuseCount(spots, sources.at(-1)!, problems);
  const all = spots.map((spot, index) => ruleAt(context, spot, index));
  const rules = all.filter(
    (rule, index): rule is CompiledRule => rule !== undefined && spots[index]!.at("off").value !== true,
  );
  const ids = new Set(all.map((rule) => rule?.id ?? ""));
  // Those of an included file are about that file, and this one may mean to change what they say.
  const tests = sources
    .at(-1)!
    .root.at("tests")
    .items.flatMap((spot) => testAt(context, spot, ids) ?? []);
  const allow = lastOf(sources, "allow");
  return {
    game: game.id,
    playlist: readPlaylist(sources, game.id, problems),
    options: optionsOf(sources, game, problems),
    tiers,
    rules: rules.sort((a, b) => b.priority - a.priority),
    firstMatch: firstMatchAt(lastOf(sources, "firstMatch")),
    queues: [...queues.values()],
    meters: [...meters.values()],
    variables: [...variables.values()],
    words,
    teams,
    tests,
    allow: allow ? allowAt(context, allow) : [],
    files,
  };
}

/** A show has at least one rule, and not more than a room can ask about every event. */
function refuseCount(rules: readonly Spot[], main: RuleSource, problems: Problems): void {
  if (rules.length === 0 && !problems.hasErrors) {
    problems.add("RULES_SHAPE", main.root.at("rules"), 'A rule file needs at least one rule under "rules:".');
  }
  const tooMany = rules[maxRules];
  // Of a single file its shape says so already.
  if (!tooMany || problems.hasErrors) return;
  const message = `With its included files there are ${rules.length} rules; at most ${maxRules} are possible. Take some out.`;
  problems.add("RULES_TOO_LARGE", tooMany, message);
}

/** The files' options together, defaults filled in. */
function optionsOf(sources: readonly RuleSource[], game: AnyGame, problems: Problems): unknown {
  const parsed = game.options.safeParse(mergedDeep(sources, "options") ?? {});
  if (parsed.success || problems.hasErrors) return parsed.data;
  // Each file's options are right for themselves, together they are not.
  const at = sources.at(-1)!.root.at("options");
  for (const { message } of parsed.error.issues) problems.add("RULES_SHAPE", at, message);
  return undefined;
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

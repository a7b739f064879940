/** `check`: reads a rule file, says everything that is wrong with it, runs the tests in it, and explains an event offline. */
import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { type LiveEvent, type LiveEventType, liveEventSchema, liveEventTypes } from "../../shared/events/live-event.ts";
import { type PhaseName, phaseNames } from "../../shared/game/phases.ts";
import { formatProblem, type Problem } from "../../shared/rules/problem.ts";
import {
  explainOffline,
  type OfflineExplanation,
  type RuleTestResult,
  runRuleTests,
} from "../../shared/sim/rehearsal.ts";
import { type CheckedRules, checkRuleFile, loadGame } from "../games.ts";
import { liveEventOf, testEventSchema } from "../http/test-event.ts";
import { playlistProblems } from "../playlist.ts";
import { shownFile } from "../rule-files.ts";
import { defaultDataFolder } from "../store/data-folder.ts";
import { readSeenGifts } from "../store/seen-gifts.ts";
import { UserError } from "../user-error.ts";
import { explanationLines } from "./explanation-lines.ts";

interface Flags {
  json?: true;
  explain?: string;
  game?: string;
  phase: PhaseName;
  data: string;
}

/** What a check gives; printed as it is with --json. */
interface Report {
  readonly file: string;
  /** Id of the game, "" when the file does not say it. */
  readonly game: string;
  readonly ok: boolean;
  /** Rules that would be played; 0 when there are errors. */
  readonly rules: number;
  readonly problems: readonly Problem[];
  readonly tests: readonly RuleTestResult[];
  /** Why the file could not be checked at all. */
  readonly error?: string;
  /** Only with --explain, of a file without errors. */
  readonly explained?: OfflineExplanation;
}

/** The `check` command; exit code 1 when the file has an error or a test of it fails. */
export function checkCommand(): Command {
  return new Command("check")
    .description("Check a rule file and run its tests: prints file:line:column and what to mend.")
    .argument("<file>", "rule file")
    .option("--json", "print one JSON document instead, for programs")
    .option("--game <game>", "game that the rules are for, a path or a package (default: the one they name)")
    .option("--explain <event>", "JSON file of an event: say for each rule whether it fires and why")
    .addOption(new Option("--phase <phase>", "phase in which --explain plays").choices(phaseNames).default("play"))
    .option("--data <folder>", "folder whose ledger says which gifts there are", defaultDataFolder)
    .action(check);
}

async function check(file: string, flags: Flags): Promise<void> {
  const nothing = { file, game: "", ok: false, rules: 0, problems: [], tests: [] };
  let report: Report;
  let title = "";
  try {
    const event = flags.explain === undefined ? undefined : eventIn(flags.explain);
    // Known by its id from here on.
    if (flags.game !== undefined) await loadGame(flags.game);
    const checked = await checkRuleFile(file, "check", await giftsIn(flags.data));
    title = checked.game?.title ?? "";
    report = reportOn(checked, await playlistFaults(file, checked), nothing, event, flags.phase);
  } catch (error) {
    // Programs that asked for JSON get it, whatever is wrong.
    if (!flags.json || !(error instanceof UserError)) throw error;
    report = { ...nothing, error: error.message };
  }
  if (!report.ok) process.exitCode = 1;
  if (flags.json) console.log(JSON.stringify(report, null, 2));
  else print(report, title);
}

async function playlistFaults(file: string, { game, rules }: CheckedRules): Promise<readonly Problem[]> {
  return game && rules ? playlistProblems(file, game, rules) : [];
}

function reportOn(
  checked: CheckedRules,
  playlist: readonly Problem[],
  nothing: Report,
  event: LiveEvent | undefined,
  phase: PhaseName,
): Report {
  const { game, rules, problems } = checked;
  const shown = <T extends { readonly file: string }>(item: T): T => ({
    ...item,
    file: shownFile(nothing.file, item.file),
  });
  if (!game) return { ...nothing, problems: problems.map(shown) };
  if (!rules) return { ...nothing, game: game.id, problems: problems.map(shown) };
  const tests = runRuleTests(rules, game).map(({ problem, ...test }) => ({
    ...shown(test),
    ...(problem && { problem: shown(problem) }),
  }));
  const faults = [...playlist.map(shown), ...tests.flatMap(({ problem }) => (problem ? [problem] : []))];
  return {
    ...nothing,
    game: game.id,
    ok: faults.length === 0,
    rules: rules.rules.length,
    problems: [...problems.map(shown), ...faults],
    tests,
    ...(event && { explained: explainOffline(rules, game, event, phase) }),
  };
}

/** The catalogue only makes warnings better, so a ledger in trouble is none of a check's business. */
async function giftsIn(folder: string) {
  try {
    return await readSeenGifts(folder);
  } catch (error) {
    console.error(
      `The ledger in ${folder} cannot be read (${(error as Error).message}), so names of gifts are not checked.`,
    );
    return [];
  }
}

/** The event of a file: a whole LiveEvent, an entry of /api/events, or the short form of POST /api/test-event. */
function eventIn(path: string): LiveEvent {
  const read = jsonIn(path);
  const isEntry = isObject(read) && isObject(read.event);
  const data = isEntry ? read.event : read;
  const isWhole = isObject(data) && "source" in data;
  if (!isWhole && isObject(data) && liveEventTypes.includes(data.type as LiveEventType) && !hasShortForm(data.type)) {
    throw new UserError(
      `--explain: for "${data.type}" the whole event is needed. Copy one from /api/events?format=json into ${path}.`,
    );
  }
  const parsed = isWhole ? liveEventSchema.safeParse(data) : testEventSchema.safeParse(data);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "event"}: ${issue.message}`);
    throw new UserError(`--explain: ${path} is no event. ${problems.join("; ")}.`);
  }
  if (isWhole) return parsed.data as LiveEvent;
  return { ...liveEventOf(testEventSchema.parse(data), "explained", 0), test: false };
}

function isObject(data: unknown): data is Record<string, unknown> {
  return typeof data === "object" && data !== null;
}

function hasShortForm(type: unknown): boolean {
  return (testEventSchema.shape.type.options as readonly unknown[]).includes(type);
}

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw new UserError(`--explain: ${path} is no JSON: ${error.message}.`);
    throw new UserError(`--explain: ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function print({ file, ok, rules, problems, tests, explained }: Report, title: string): void {
  for (const problem of problems) console.error(formatProblem(problem));
  for (const { ok: passed, name, rules: exercised } of tests)
    console.log(`${passed ? "ok" : "FAILED"}  ${name}  (${exercised.join(", ") || "no rule"})`);
  if (explained) for (const line of explanationLines(explained)) console.log(line);
  if (!ok) return;
  const passed = tests.length > 0 ? `${counted(tests.length, "test")} passed, ` : "";
  const found = problems.length > 0 ? counted(problems.length, "warning") : "no problem found";
  console.log(`${file}: ${counted(rules, "rule")} for ${title}, ${passed}${found}.`);
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

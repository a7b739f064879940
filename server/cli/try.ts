/** `try`: what a recorded show would have been under other rules: the same events, played under both, and what differs in the end. */
import { Command } from "commander";
import type { AnyGame } from "../../shared/game/define.ts";
import { type Games, gameIdsOf } from "../../shared/replay/beginning.ts";
import { showTime } from "../../shared/replay/compare.ts";
import { createPlayer, playKnown } from "../../shared/replay/player.ts";
import type { ShowEntry, ShowHead } from "../../shared/replay/show-file.ts";
import {
  createTally,
  type EventFate,
  type GiftSums,
  isOtherOutcome,
  noOutcome,
  type Tally,
  type TallyRow,
  type TallySum,
  type Worth,
} from "../../shared/replay/tally.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import { type ShowInput, savedFiles } from "../../shared/sim/input.ts";
import { checkRuleFile, loadGame } from "../games.ts";
import { loadGamesOfShow } from "../known-games.ts";
import { openRecordedShow, type RecordedShow, withShow } from "../recorded-show.ts";
import { shownProblem } from "../rule-files.ts";
import { defaultDataFolder } from "../store/data-folder.ts";
import { UserError } from "../user-error.ts";

interface Flags {
  on: string;
  data: string;
  game?: string;
  json?: true;
}

/** Changed events that are told one by one. */
const toldChanges = 20;

/** What one rule did with one action; undefined where it never did anything. */
interface ComparedRow {
  readonly rule: string;
  readonly action: string;
  readonly before: Counts | undefined;
  readonly after: Counts | undefined;
}

type Counts = Pick<TallyRow, "fired" | "spent" | "banked" | "refused">;

interface ChangedEvent extends Omit<EventFate, "outcome"> {
  readonly time: string;
  readonly before: string;
  readonly after: string;
}

/** What a trial gives; printed as it is with --json. */
interface Report {
  readonly show: string;
  readonly game: string;
  readonly rules: string;
  /** Length of the show, 60 a second. */
  readonly ticks: number;
  readonly gifts: { readonly before: GiftSums; readonly after: GiftSums };
  readonly rows: readonly ComparedRow[];
  /** Events whose outcome is another one: how many, and the first of them, gifts before all others. */
  readonly changed: { readonly total: number; readonly gifts: number; readonly first: readonly ChangedEvent[] };
}

/** The `try` command; exit code 1 when the rules are broken. */
export function tryCommand(): Command {
  return new Command("try")
    .description("Say what a recorded show would have been under other rules.")
    .argument("<rules>", "rule file")
    .requiredOption("--on <show>", 'id of a show, "last" for the newest, or a show file')
    .option("--data <folder>", "folder that holds the show", defaultDataFolder)
    .option("--game <game>", "game that the rules are for, a path or a package (default: the one they name)")
    .option("--json", "print one JSON document instead, for programs")
    .action(tryRules);
}

async function tryRules(file: string, flags: Flags): Promise<void> {
  // Known by its id from here on.
  if (flags.game !== undefined) await loadGame(flags.game);
  const { game, rules, problems } = await checkRuleFile(file, "try", []);
  for (const problem of problems) console.error(shownProblem(file, problem));
  if (!game || !rules) {
    process.exitCode = 1;
    return;
  }
  const show = await openRecordedShow(flags.on, flags.data);
  try {
    const ids = gameIdsOf(show.head);
    if (!ids.includes(game.id)) {
      const named = ids.map((id) => `"${id}"`).join(", ");
      throw new UserError(`${file} is for ${game.title}, but ${show.shown} is a show of ${named}.`);
    }
    const games = await loadGamesOfShow(show, ids.length === 1 ? game.id : undefined);
    const report = await withShow(show.shown, () => compareRules(show, games, rules, file));
    if (flags.json) console.log(JSON.stringify(report, null, 2));
    else for (const line of reportLines(report, game)) console.log(line);
  } finally {
    await show.close();
  }
}

/** Plays both side by side, so that the show is read once. */
async function compareRules(show: RecordedShow, games: Games, rules: CompiledRules, file: string): Promise<Report> {
  const { head } = show;
  const before = run(games, head);
  const after = run(games, underRules(head, rules));
  for await (const entry of show.entries()) {
    before.play(entry);
    after.play(withoutRules(entry, head, rules.game));
  }
  const changed = changedEvents(before.tally, after.tally);
  const ofGifts = changed.filter(({ gift }) => gift !== "");
  const others = changed.filter(({ gift }) => gift === "");
  return {
    show: show.head.id,
    game: rules.game,
    rules: file,
    ticks: before.ticks(),
    gifts: { before: before.tally.gifts(), after: after.tally.gifts() },
    rows: comparedRows(before.tally.rows(), after.tally.rows()),
    changed: {
      total: changed.length,
      gifts: ofGifts.length,
      first: [...ofGifts, ...others].slice(0, toldChanges),
    },
  };
}

function run(games: Games, head: ShowHead) {
  const player = createPlayer({ games, head, compares: false });
  const tally = createTally();
  return {
    tally,
    ticks: () => player.simulation.world.tick,
    play(entry: ShowEntry) {
      player.give(entry);
      for (const result of playKnown(player)) tally.note(result);
    },
  };
}

/** Rules of other games stay, and calls that the show took over from another keep the rules of then. */
function underRules(head: ShowHead, { game, files }: CompiledRules): ShowHead {
  const ids = gameIdsOf(head);
  const { rules } = head.beginning;
  const own = rules.length - ids.length + ids.indexOf(game);
  return { ...head, beginning: { ...head.beginning, rules: rules.with(own, savedFiles(files)) } };
}

/** An entry without changes of the game's rules; in a show of one game they name none. */
function withoutRules(entry: ShowEntry, head: ShowHead, of: string): ShowEntry {
  if (!("inputs" in entry)) return entry;
  const isOfGame = (input: ShowInput) => input.type === "rules" && (input.game ?? head.game) === of;
  return { ...entry, inputs: entry.inputs.filter((input) => !isOfGame(input)) };
}

function changedEvents(before: Tally, after: Tally): ChangedEvent[] {
  const [was, is] = [before.fates(), after.fates()];
  const all = new Map([...is, ...was]);
  const changed: ChangedEvent[] = [];
  for (const [id, { outcome: _, ...fate }] of all) {
    const [then, now] = [was.get(id)?.outcome ?? noOutcome, is.get(id)?.outcome ?? noOutcome];
    if (isOtherOutcome(then, now)) changed.push({ ...fate, time: showTime(fate.tick), before: then, after: now });
  }
  return changed.sort((a, b) => a.tick - b.tick);
}

/** The dearest first, then those that fired most. */
function comparedRows(before: readonly TallyRow[], after: readonly TallyRow[]): ComparedRow[] {
  const rows = new Map<string, { rule: string; action: string; before?: Counts; after?: Counts }>();
  const place = (list: readonly TallyRow[], side: "before" | "after") => {
    for (const { rule, action, ...counts } of list) {
      const key = `${rule}\n${action}`;
      rows.set(key, { rule, action, ...rows.get(key), [side]: counts });
    }
  };
  place(before, "before");
  place(after, "after");
  const weight = (of: (counts: Counts) => number, row: Partial<ComparedRow>) =>
    Math.max(...[row.before, row.after].map((counts) => (counts ? of(counts) : 0)));
  const worth = ({ spent }: Counts) => Object.values(spent).reduce((sum, value) => sum + value, 0);
  return [...rows.values()]
    .map((row) => ({ before: undefined, after: undefined, ...row }))
    .sort(
      (a, b) => weight(worth, b) - weight(worth, a) || weight((row) => row.fired, b) - weight((row) => row.fired, a),
    );
}

function reportLines({ show, ticks, rules, gifts, rows, changed }: Report, game: AnyGame): string[] {
  const states = ["applied", "banked", "rejected"] as const;
  const table = [
    ["rule", "action", "fired", "spent", "banked", "refused"],
    ...rows.map(({ rule, action, before, after }) => [
      rule,
      action,
      change(before?.fired ?? 0, after?.fired ?? 0),
      change(worthWords(before?.spent), worthWords(after?.spent)),
      change(before?.banked ?? 0, after?.banked ?? 0),
      change(before?.refused ?? 0, after?.refused ?? 0),
    ]),
  ];
  const lines = [`Show ${show}, ${showTime(ticks)} of ${game.title}: as it was -> under ${rules}`, ""];
  for (const state of states) {
    lines.push(`gifts ${state}: ${change(sumWords(gifts.before[state]), sumWords(gifts.after[state]))}`);
  }
  lines.push("", ...aligned(table), "");
  if (changed.total === 0) return [...lines, "Every event has the same outcome."];
  const rest = changed.total > changed.first.length ? `; the first ${changed.first.length}` : "";
  const events = changed.total === 1 ? "1 event has" : `${changed.total} events have`;
  lines.push(`${events} another outcome, ${changed.gifts} of them gifts${rest}:`);
  return [
    ...lines,
    ...aligned(changed.first.map((event) => [event.time, event.viewer, event.gift || event.type, told(event)])),
  ];
}

function told({ before, after }: ChangedEvent): string {
  return `${before} -> ${after}`;
}

function change(before: number | string, after: number | string): string {
  return before === after ? String(before) : `${before} -> ${after}`;
}

function sumWords({ gifts, worth }: TallySum): string {
  return gifts === 0 ? "none" : `${gifts} (${worthWords(worth)})`;
}

function worthWords(worth: Worth = {}): string {
  return (
    Object.entries(worth)
      .map(([currency, value]) => `${Math.round(value * 100) / 100} ${currency}`)
      .join(" + ") || "0"
  );
}

/** Columns as wide as their widest cell. */
function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}

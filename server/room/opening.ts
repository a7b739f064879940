/** Opening: how a show begins. One whose process died goes on where the journal ends; after one that was stopped a new one begins, with its bank. */
import type { LiveEvent } from "../../shared/events/live-event.ts";
import type { AnyGame } from "../../shared/game/define.ts";
import { createRecordedRules, type Games, simulationAtBeginning, turnsOf } from "../../shared/replay/beginning.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import { joinCarried } from "../../shared/sim/carrying.ts";
import { type SavedRuleFiles, type ShowBeginning, type ShowInput, savedFiles } from "../../shared/sim/input.ts";
import type { SavedTurn } from "../../shared/sim/saved.ts";
import { type PlaylistEntry, resumeSimulation, type Simulation } from "../../shared/sim/simulation.ts";
import type { Clock } from "../clock.ts";
import { createIngest } from "../ingest/ingest.ts";
import type { Checkpoint, ShowRecord, Store, StoredBank, StoredBatch } from "../store/store.ts";
import { createWriter, type Writer } from "../store/writer.ts";
import { UserError } from "../user-error.ts";
import type { Batch, Entering } from "./intake.ts";
import { type BankBody, type CheckpointBody, createRuleShelf, type RuleShelf } from "./rule-shelf.ts";
import { createShow, type Show } from "./show.ts";

/** Rows of the journal read at once. */
const pageRows = 2000;
/** What was heard so long before the process ended is known again when a provider repeats it, whatever kind of event it is. */
const heardTicks = 3600;

/** Go on with a show whose process died, else begin a new one (`auto`); go on with the last one in any case; begin a new one in any case. */
export type OpenMode = "auto" | "resume" | "new";

export interface OpenOptions {
  store: Store;
  /** Games that take turns in a new show, and the rules they play by. */
  playlist: readonly PlaylistEntry[];
  /** Finds a game of the last show when this one has it not. */
  loadGame(id: string): Promise<AnyGame>;
  mode: OpenMode;
  /** Of a new show. */
  id: string;
  seed: number;
  version: string;
  season: string;
  clock: Clock;
  /** Takes a sentence for the streamer about what could not be gone on with. */
  warn(line: string): void;
}

/** What a Show is made of, and its past that has to be gone through before it goes on. */
export interface OpenedShow {
  readonly id: string;
  /** Season that it counts for. */
  readonly season: string;
  readonly simulation: Simulation;
  readonly writer: Writer;
  readonly shelf: RuleShelf;
  /** Journaled and never entered. */
  readonly waiting: readonly Batch[];
  readonly past: Past;
  /** Full ids of all events of the last minute before the process ended: a provider may tell them again. */
  readonly heard: ReadonlySet<string>;
  /** It went on after its process had ended. */
  readonly isResumed: boolean;
}

/** What entered since the checkpoint, and the last tick the journal knows. */
export interface Past {
  readonly batches: readonly PastBatch[];
  readonly untilTick: number;
  /** Fingerprints that were noted, by tick. */
  readonly prints: ReadonlyMap<number, number>;
}

interface PastBatch extends Batch {
  readonly tick: number;
}

/** Opens the show to play. Throws a UserError when `resume` cannot be done. */
export async function openShow(options: OpenOptions): Promise<OpenedShow> {
  const { store, mode, playlist, warn } = options;
  const [last] = await store.shows(1);
  if (mode === "resume" && !last)
    throw new UserError("There is no show to go on with in this data folder; leave out --resume.");
  const isLeft = last !== undefined && last.endedAt === undefined;
  if (last && (mode === "resume" || (mode === "auto" && isLeft))) {
    const [was, is] = [wordsOf(recordedTurns(last)), wordsOf(savedTurns(playlist))];
    const games = new Map(playlist.map(({ game }) => [game.id, game]));
    const opened =
      was === is
        ? await reopened(last, games, options)
        : `it was played with ${was || "another game"}, and this is ${is}`;
    if (typeof opened !== "string") {
      await store.resumeShow(last.id);
      return opened;
    }
    if (mode === "resume") throw new UserError(`The last show cannot go on: ${opened}.`);
    warn(
      `The show that was running cannot go on: ${opened}. A new one begins; the ledger has every gift of the other.`,
    );
  }
  if (last && isLeft) await endLeft(last, options);
  return beginShow(options);
}

/** Ends a show whose process died: goes through what its journal holds, and puts what waits into the bank. */
async function endLeft(record: ShowRecord, options: OpenOptions): Promise<void> {
  const { store, clock } = options;
  const games = await gamesOf(record, options);
  const opened = games ? await reopened(record, games, options) : "its game is gone";
  if (typeof opened !== "string") {
    const show = createShow({ ...opened, ingest: createIngest({ clock }), clock });
    relive(show, opened);
    await show.end();
    return;
  }
  const nothing = { inputs: [], entered: [], traces: [], received: [], gifts: [], viewers: [], scores: [] };
  await store.commit({ show: record.id, tick: record.tick, ...nothing, end: { at: clock.now(), bank: "" } });
}

/** The games of a show; undefined when one of them is gone. */
async function gamesOf(record: ShowRecord, { playlist, loadGame }: OpenOptions): Promise<Games | undefined> {
  const games = new Map<string, AnyGame>();
  for (const { game: id } of recordedTurns(record)) {
    const known = playlist.find(({ game }) => game.id === id)?.game;
    const game = known ?? (await loadGame(id).catch(() => undefined));
    if (!game) return undefined;
    games.set(id, game);
  }
  return games;
}

/** The turns that a show began with; none when what it began with is damaged. */
function recordedTurns({ game, body }: ShowRecord): readonly SavedTurn[] {
  try {
    return turnsOf({ game, beginning: JSON.parse(body) as ShowBeginning });
  } catch {
    return [];
  }
}

function savedTurns(playlist: readonly PlaylistEntry[]): SavedTurn[] {
  return playlist.map(({ game, rounds = 1 }) => ({ game: game.id, rounds }));
}

/** "last-ball, marble-dash (2 rounds)". */
function wordsOf(turns: readonly SavedTurn[]): string {
  return turns.map(({ game, rounds }) => (rounds === 1 ? game : `${game} (${rounds} rounds)`)).join(", ");
}

interface BeginOptions extends Omit<OpenOptions, "mode" | "loadGame" | "warn"> {
  /** Kept with what the show begins with, for who asks for it: plain JSON. Default nothing. */
  beside?: object;
}

/** Begins a new show, with what the last ones left in the bank. */
export async function beginShow(options: BeginOptions): Promise<OpenedShow> {
  const { store, beside, playlist, id, seed, version, season, clock } = options;
  const left = leftIn(await store.banks());
  const rules = new Map(playlist.map((entry) => [entry.game.id, savedFiles(entry.rules.files)]));
  const turns = savedTurns(playlist);
  const beginning: ShowBeginning = { ...left, rules: [...left.rules, ...rules.values()], playlist: turns };
  const games = new Map(playlist.map(({ game }) => [game.id, game]));
  const head = { seed, game: turns[0]!.game, beginning };
  const simulation = simulationAtBeginning(head, games, createRecordedRules(games));
  await store.beginShow({
    ...{ id, game: head.game, seed, startedAt: clock.now(), version, season },
    body: JSON.stringify({ ...beside, ...beginning }),
  });
  return {
    ...{ id, season, simulation, isResumed: false, waiting: [] },
    writer: createWriter({ store, show: id, clock }),
    shelf: createRuleShelf(beginning.rules.entries()),
    past: { batches: [], untilTick: 0, prints: new Map() },
    heard: new Set(),
  };
}

/** What shows left in the bank, as if one had. */
function leftIn(banks: readonly StoredBank[]): BankBody {
  const left = banks.map(({ game, body }) => ({ game, ...(JSON.parse(body) as BankBody) }));
  const carried = left.flatMap(({ game, carried: saved }) => (saved === null ? [] : [{ game, saved }]));
  return { rules: left.flatMap(({ rules }) => rules), carried: joinCarried(carried) };
}

/** The show at its newest checkpoint that can be read, or why there is none. */
async function reopened(record: ShowRecord, games: Games, options: OpenOptions): Promise<OpenedShow | string> {
  const { store } = options;
  if (!record.hasJournal) return "its journal was removed to save room";
  let reason = "";
  let checkpoint = await store.checkpoint(record.id);
  for (;;) {
    try {
      return await at(checkpoint, record, games, options);
    } catch (error) {
      reason ||= error instanceof Error ? error.message : String(error);
      if (!checkpoint) return reason;
      checkpoint = await store.checkpoint(record.id, checkpoint.tick - 1);
    }
  }
}

async function at(
  checkpoint: Checkpoint | undefined,
  record: ShowRecord,
  games: Games,
  { store, clock }: OpenOptions,
): Promise<OpenedShow> {
  const beginning = JSON.parse(record.body) as ShowBeginning;
  const body = checkpoint && (JSON.parse(checkpoint.body) as CheckpointBody);
  const files = new Map(body?.rules ?? beginning.rules.entries());
  const compiled = createRecordedRules(games);
  const rulesOf = (saved: SavedRuleFiles) => compiled.orThrow(saved, "The rules that it was played by");
  const rulesToGoOn = ({ numbers }: CheckpointBody["saved"], number: number) => {
    const known = files.get(number)!;
    return numbers.now.includes(number) || numbers.options === number ? rulesOf(known) : compiled.orNone(known);
  };
  const simulation = body
    ? resumeSimulation({ games, saved: body.saved, rulesOf: (number) => rulesToGoOn(body.saved, number) })
    : simulationAtBeginning({ seed: record.seed, game: record.game, beginning }, games, compiled);
  const { tick: fromTick } = simulation.world;
  const page = { show: record.id, limit: pageRows };
  const heardTick = Math.min(fromTick, Math.max(0, record.tick - heardTicks));
  const rows = await allOf((after) => store.journal({ ...page, fromTick: heardTick, after }));
  const traces = await allOf((after) => store.traces({ ...page, fromTick, after }));
  const batches = rows.filter(({ tick = fromTick }) => tick >= fromTick).map((row) => batchOf(row, rulesOf));
  return {
    ...{ id: record.id, season: record.season, simulation, isResumed: true },
    writer: createWriter({
      ...{ store, show: record.id, clock },
      lastSeq: record.lastSeq,
    }),
    shelf: createRuleShelf(files),
    waiting: batches.filter(({ tick }) => tick === undefined),
    past: {
      batches: batches.filter((batch): batch is PastBatch => batch.tick !== undefined),
      untilTick: record.tick,
      prints: new Map(traces.map(({ tick, body: text }) => [tick, lastPrint(text)])),
    },
    heard: new Set(rows.flatMap(({ body: text }) => eventIdsIn(text))),
  };
}

function eventIdsIn(body: string): string[] {
  return (JSON.parse(body) as ShowInput[]).flatMap((input) => (input.type === "event" ? [input.event.id] : []));
}

async function allOf<Row>(page: (after: string) => Promise<{ rows: readonly Row[]; next: string }>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after = ""; ; ) {
    const found = await page(after);
    rows.push(...found.rows);
    if (found.next === "") return rows;
    after = found.next;
  }
}

function lastPrint(body: string): number {
  return (JSON.parse(body) as { prints: number[] }).prints.at(-1)!;
}

function batchOf(
  { seq, tick, body }: StoredBatch,
  rulesOf: (files: SavedRuleFiles) => CompiledRules,
): Batch & { tick: number | undefined } {
  const inputs = JSON.parse(body) as ShowInput[];
  const files = inputs.findLast((input) => input.type === "rules");
  return {
    seq,
    tick,
    events: inputs.flatMap((input): LiveEvent[] => (input.type === "event" ? [input.event] : [])),
    acts: inputs.flatMap((input) => (input.type === "act" ? [input.act] : [])),
    rules: files && rulesOf(files.files),
  };
}

/** What going through the past came to. */
export interface Relived {
  /** Ticks gone through. */
  readonly ticks: number;
  /** First tick at which the show was not what it had been; undefined when it was all along. */
  readonly differsAt: number | undefined;
}

/** Goes through the past of a show, up to the last tick the journal knows. */
export function relive(show: Show, { past, writer }: Pick<OpenedShow, "past" | "writer">): Relived {
  const { batches, untilTick, prints } = past;
  const { simulation } = show;
  const fromTick = simulation.world.tick;
  let differsAt: number | undefined;
  let next = 0;
  while (simulation.world.tick < untilTick) {
    const entering: Entering = { events: [], rules: undefined, acts: [] };
    for (; batches[next]?.tick === simulation.world.tick; next++) {
      const { events, acts, rules } = batches[next]!;
      for (const event of events) entering.events.push(event);
      entering.acts.push(...acts);
      entering.rules = rules ?? entering.rules;
    }
    show.relive(entering);
    const print = prints.get(simulation.world.tick);
    if (print !== undefined && print !== simulation.fingerprint()) differsAt ??= simulation.world.tick;
  }
  // Before anything is journaled: what is committed next is of this tick.
  writer.endTick(simulation.world.tick);
  return { ticks: simulation.world.tick - fromTick, differsAt };
}

/** Has a show that has gone through its past play by these rules, unless it does already or will, by changes that had not entered. */
export function playBy(show: Show, { waiting }: Pick<OpenedShow, "waiting">, rules: Iterable<CompiledRules>): void {
  for (const next of rules) {
    const { game } = next;
    const newest =
      waiting.findLast((batch) => batch.rules?.game === game)?.rules ?? show.simulation.rulesOf(game)?.rules;
    if (newest && !isSame(newest, next)) show.changeRules(next);
  }
}

/** Whether both were compiled from the same texts. */
function isSame(a: CompiledRules, b: CompiledRules): boolean {
  return JSON.stringify(savedFiles(a.files)) === JSON.stringify(savedFiles(b.files));
}

/** Opening: how a show begins. One whose process died goes on where the journal ends; after one that was stopped a new one begins, with its bank. */
import type { LiveEvent } from "../../shared/events/live-event.ts";
import type { AnyGame } from "../../shared/game/define.ts";
import { createRecordedRules, simulationAtBeginning } from "../../shared/replay/beginning.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import { type SavedRuleFiles, type ShowBeginning, type ShowInput, savedFiles } from "../../shared/sim/input.ts";
import { resumeSimulation, type Simulation } from "../../shared/sim/simulation.ts";
import type { Clock } from "../clock.ts";
import { createIngest } from "../ingest/ingest.ts";
import type { Checkpoint, ShowRecord, Store, StoredBatch } from "../store/store.ts";
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
  /** The game of a new show, and the rules it plays by. */
  game: AnyGame;
  rules: CompiledRules;
  /** Finds the game of the last show when it is another one. */
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
  const { store, mode, game, warn } = options;
  const [last] = await store.shows(1);
  if (mode === "resume" && !last)
    throw new UserError("There is no show to go on with in this data folder; leave out --resume.");
  const isLeft = last !== undefined && last.endedAt === undefined;
  if (last && (mode === "resume" || (mode === "auto" && isLeft))) {
    const reason = last.game === game.id ? "" : `it was played with ${last.game}, and this is ${game.id}`;
    const opened = reason === "" ? await reopened(last, game, options) : reason;
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
  const game =
    record.game === options.game.id ? options.game : await options.loadGame(record.game).catch(() => undefined);
  const opened = game ? await reopened(record, game, options) : "its game is gone";
  if (typeof opened !== "string") {
    const show = createShow({ ...opened, ingest: createIngest({ clock }), clock });
    relive(show, opened);
    await show.end();
    return;
  }
  const nothing = { inputs: [], entered: [], traces: [], received: [], gifts: [], viewers: [], scores: [] };
  await store.commit({ show: record.id, tick: record.tick, ...nothing, end: { at: clock.now(), bank: "" } });
}

/** Begins a new show, with what the last one of its game left in the bank. */
export async function beginShow({
  store,
  game,
  rules,
  id,
  seed,
  version,
  season,
  clock,
}: Omit<OpenOptions, "mode" | "loadGame" | "warn">): Promise<OpenedShow> {
  const text = await store.bank(game.id);
  const bank: BankBody = text === "" ? { rules: [], carried: null } : (JSON.parse(text) as BankBody);
  const beginning: ShowBeginning = { ...bank, rules: [...bank.rules, savedFiles(rules.files)] };
  const simulation = simulationAtBeginning({ seed, beginning }, game, createRecordedRules(game));
  await store.beginShow({
    ...{ id, game: game.id, seed, startedAt: clock.now(), version, season },
    body: JSON.stringify(beginning),
  });
  return {
    ...{ id, season, simulation, isResumed: false, waiting: [] },
    writer: createWriter({ store, show: id, clock }),
    shelf: createRuleShelf(beginning.rules.entries()),
    past: { batches: [], untilTick: 0, prints: new Map() },
    heard: new Set(),
  };
}

/** The show at its newest checkpoint that can be read, or why there is none. */
async function reopened(record: ShowRecord, game: AnyGame, options: OpenOptions): Promise<OpenedShow | string> {
  const { store } = options;
  if (!record.hasJournal) return "its journal was removed to save room";
  let reason = "";
  let checkpoint = await store.checkpoint(record.id);
  for (;;) {
    try {
      return await at(checkpoint, record, game, options);
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
  game: AnyGame,
  { store, clock }: OpenOptions,
): Promise<OpenedShow> {
  const beginning = JSON.parse(record.body) as ShowBeginning;
  const body = checkpoint && (JSON.parse(checkpoint.body) as CheckpointBody);
  const files = new Map(body?.rules ?? beginning.rules.entries());
  const compiled = createRecordedRules(game);
  const rulesOf = (saved: SavedRuleFiles) => compiled.orThrow(saved, "The rules that it was played by");
  const simulation = body
    ? resumeSimulation({ game, saved: body.saved, rulesOf: (number) => rulesOf(files.get(number)!) })
    : simulationAtBeginning({ seed: record.seed, beginning }, game, compiled);
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
  const { world } = simulation;
  const fromTick = world.tick;
  let differsAt: number | undefined;
  let next = 0;
  while (world.tick < untilTick) {
    const entering: Entering = { events: [], rules: undefined, acts: [] };
    for (; batches[next]?.tick === world.tick; next++) {
      const { events, acts, rules } = batches[next]!;
      for (const event of events) entering.events.push(event);
      entering.acts.push(...acts);
      entering.rules = rules ?? entering.rules;
    }
    show.relive(entering);
    const print = prints.get(world.tick);
    if (print !== undefined && print !== simulation.fingerprint()) differsAt ??= world.tick;
  }
  // Before anything is journaled: what is committed next is of this tick.
  writer.endTick(world.tick);
  return { ticks: world.tick - fromTick, differsAt };
}

/** Has a show that has gone through its past play by these rules, unless it does already or will, by a change that had not entered. */
export function playBy(show: Show, { waiting }: Pick<OpenedShow, "waiting">, rules: CompiledRules): void {
  const newest = waiting.findLast((batch) => batch.rules)?.rules ?? show.simulation.rules;
  if (!isSame(newest, rules)) show.changeRules(rules);
}

/** Whether both were compiled from the same texts. */
function isSame(a: CompiledRules, b: CompiledRules): boolean {
  return JSON.stringify(savedFiles(a.files)) === JSON.stringify(savedFiles(b.files));
}

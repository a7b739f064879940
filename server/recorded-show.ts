/** Recorded show: a show of the past, out of a data folder's store or out of a file, read piece by piece in the order of its ticks. */
import { createReadStream, existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import {
  createShowReader,
  maxLineLength,
  readBeginning,
  readInputs,
  readTrace,
  type ShowEntry,
  ShowFileError,
  type ShowHead,
  type ShowReader,
} from "../shared/replay/show-file.ts";
import { addressesIn } from "./known-games.ts";
import { ledgerFile } from "./store/seen-gifts.ts";
import { openStoreReader } from "./store/sqlite.ts";
import type { JournalPage, ShowRecord, StoreReader } from "./store/store.ts";
import { UserError } from "./user-error.ts";

export interface RecordedShow {
  /** As people are told of it: `show ID`, or the file. */
  readonly shown: string;
  readonly head: ShowHead;
  /** What its games are loaded by, by their ids, where those are somebody's own and it is known. */
  readonly gameAddresses: Readonly<Record<string, string>>;
  /** All entries of a tick (default: the first) and later, each time anew. Throws a ShowFileError where the record is damaged. */
  entries(fromTick?: number): AsyncIterable<ShowEntry>;
  close(): Promise<void>;
}

/** The word that stands for the newest show. */
const newest = "last";
/** Shows that are named when there is no such show. */
const namedShows = 5;

/**
 * Opens a show: a file when there is one of that name, else by its id, or "last", in the data folder. Throws a UserError when there is
 * no such show or its record is damaged.
 */
export async function openRecordedShow(show: string, dataFolder: string): Promise<RecordedShow> {
  const stats = statSync(show, { throwIfNoEntry: false });
  if (stats?.isFile()) return fromFile(show);
  if (stats && !stats.isDirectory()) throw new UserError(`${show} is no plain file, so it is no show.`);
  if (/[/\\]|\.gz$/.test(show)) throw new UserError(`The file ${show} does not exist. Check its path.`);
  return fromStore(show, resolve(dataFolder));
}

/** Runs something that reads or plays a show; what is wrong with the record becomes a UserError that names the show. */
export async function withShow<T>(shown: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ShowFileError) throw new UserError(`${shown}: ${error.message}.`, { cause: error });
    throw error;
  }
}

async function fromFile(file: string): Promise<RecordedShow> {
  const head = await withShow(file, async () => {
    for await (const [line, reader] of linesOf(file)) return reader.head(line);
    throw new ShowFileError("the file is empty");
  });
  return {
    shown: file,
    head,
    gameAddresses: {},
    async *entries(fromTick = 0) {
      let isFirst = true;
      for await (const [line, reader] of linesOf(file)) {
        if (isFirst) reader.head(line);
        else if (isBefore(line, fromTick)) reader.skip(line);
        else yield reader.entry(line);
        isFirst = false;
      }
    },
    async close() {},
  };
}

/** Whether a line of a file tells of an earlier tick; told without reading all of it. */
function isBefore(line: string, tick: number): boolean {
  if (tick === 0) return false;
  const found = /^\{"tick":(\d+),/.exec(line);
  return found !== null && Number(found[1]) < tick;
}

/** The lines of a file, each with the file's reader; at the end the reader has looked whether the show's end is there. */
async function* linesOf(file: string): AsyncGenerator<[string, ShowReader]> {
  const reader = createShowReader();
  let rest = "";
  try {
    for await (const text of textOf(file)) {
      const parts = (rest + text).split("\n");
      rest = parts.pop()!;
      if (rest.length > maxLineLength) throw new ShowFileError(`a line is longer than ${maxLineLength} characters`);
      for (const line of parts) if (line !== "") yield [line, reader];
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // What decompressing says of a file that ends in its middle, or is none.
    if (code?.startsWith("Z_")) throw new ShowFileError("the file is damaged, or was cut short");
    if (code) throw new ShowFileError(`the file cannot be read (${code})`);
    throw error;
  }
  if (rest !== "") yield [rest, reader];
  reader.finish();
}

/** A file's text, decompressed when it is compressed. */
async function* textOf(file: string): AsyncGenerator<string> {
  const raw = createReadStream(file);
  let stream: Readable = raw;
  try {
    const first = await new Promise<Buffer | null>((found, failed) => {
      raw.once("error", failed);
      raw.once("readable", () => found(raw.read() as Buffer | null));
    });
    if (first === null) return;
    raw.unshift(first);
    if (first[0] === 0x1f && first[1] === 0x8b) {
      const gunzip = createGunzip();
      raw.on("error", (error) => gunzip.destroy(error));
      stream = raw.pipe(gunzip);
    }
    stream.setEncoding("utf8");
    for await (const text of stream) yield text as string;
  } finally {
    stream.destroy();
    raw.destroy();
  }
}

async function fromStore(wanted: string, folder: string): Promise<RecordedShow> {
  if (!existsSync(join(folder, ledgerFile))) {
    throw new UserError(`There is no show in ${folder} yet. Name another folder with --data, or a show file.`);
  }
  const store = await openStoreReader(folder);
  try {
    const record = await recordOf(store, wanted, folder);
    const shown = `show ${record.id}`;
    const parts = await withShow(shown, async () => storedShow(store, record));
    const gameAddresses = await addressesIn(store);
    return { shown, gameAddresses, ...parts, close: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** A show out of its record and its journal, as far as that goes by now. Throws a ShowFileError when what it began with is damaged. */
export function storedShow(store: Journals, record: ShowRecord): Pick<RecordedShow, "head" | "entries"> {
  const { id, game, seed, version, startedAt } = record;
  const beginning = readBeginning(record.body);
  return {
    head: { id, game, seed, version, startedAt, private: false, beginning },
    entries: (fromTick = 0) => storedEntries(store, record, fromTick),
  };
}

async function recordOf(store: StoreReader, wanted: string, folder: string): Promise<ShowRecord> {
  const record = wanted === newest ? (await store.shows(1))[0] : await store.show(wanted);
  if (record?.hasJournal) return record;
  if (record) {
    throw new UserError(
      `The journal of show ${record.id} was removed to save room; only its ledger and boards are kept.`,
    );
  }
  const known = (await store.shows(namedShows)).map(({ id }) => id);
  if (known.length === 0) throw new UserError(`There is no show in ${folder} yet.`);
  throw new UserError(`There is no show "${wanted}" in ${folder}. The newest there: ${known.join(", ")}.`);
}

/** Where journals are read. */
type Journals = Pick<StoreReader, "journal" | "traces">;

/** What the store has of a show, in the order of a show file. */
async function* storedEntries(
  store: Journals,
  { id: show, tick: end }: ShowRecord,
  fromTick: number,
): AsyncGenerator<ShowEntry> {
  const traces = rowsOf((after) => store.traces({ show, fromTick, after }));
  let trace = await traces.next();
  const tracesUntil = async function* (tick: number): AsyncGenerator<ShowEntry> {
    for (; !trace.done && trace.value.tick <= tick; trace = await traces.next()) {
      yield { tick: trace.value.tick, trace: readTrace(trace.value.body, trace.value.tick) };
    }
  };
  for await (const { tick, body } of rowsOf((after) => store.journal({ show, fromTick, after }))) {
    // What never entered, or entered a tick that the process did not live to end, is not part of the show so far.
    if (tick === undefined || tick >= end) break;
    yield* tracesUntil(tick);
    yield { tick, inputs: readInputs(body, tick) };
  }
  yield* tracesUntil(end);
  yield { end };
}

/** All rows, page by page. */
async function* rowsOf<Row>(read: (after: string) => Promise<JournalPage<Row>>): AsyncGenerator<Row> {
  let after = "";
  do {
    const { rows, next } = await read(after);
    yield* rows;
    after = next;
  } while (after !== "");
}

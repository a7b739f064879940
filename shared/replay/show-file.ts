/**
 * Show file: a whole show as lines of JSON, the first of which says what it began with. Then, in the order of ticks, what entered and what
 * the show was like; the last line says how long it was. Written out and read here and nowhere else.
 */
import { z } from "zod";
import { liveEventSchema } from "../events/live-event.ts";
import { viewerSchema } from "../events/viewer.ts";
import { maxEntryRounds, maxPlaylist } from "../rules/rule-file/playlist.ts";
import { operatorActs, type ShowBeginning, type ShowInput } from "../sim/input.ts";
import type { OutlineRow } from "../sim/simulation.ts";

/** The newest format; shows of format 1 have one game. */
export const showFormat = 2;
/** Longest line, in UTF-16 units: rule files of a show that took over the calls of others are by far the longest. */
export const maxLineLength = 64 * 1024 * 1024;
/** Most lines: days of a busy show. */
const maxLines = 20_000_000;
/** Most ticks: a month. */
const maxTicks = 60 * 60 * 60 * 24 * 31;
/** Ticks that one trace tells of at most: the show makes one a second. */
export const maxPrints = 60;

/** What a show began with, and which show it was. */
export interface ShowHead {
  readonly id: string;
  /** Id of the game, of a playlist the first one. */
  readonly game: string;
  /** 32-bit whole number. */
  readonly seed: number;
  /** Uproar's version. */
  readonly version: string;
  /** ms since 1970. */
  readonly startedAt: number;
  /** Its viewers have made-up names. */
  readonly private: boolean;
  readonly beginning: ShowBeginning;
}

/** A phase that began in a tick, and the state of the random source then. */
export interface PhaseTrace {
  readonly tick: number;
  readonly phase: string;
  readonly round: number;
  readonly random: readonly number[];
}

/** What the show was like after a tick; a replay is compared with it. */
export interface ShowTrace {
  /** A fingerprint for each tick since the last trace, the last one that of the trace's own tick. */
  readonly prints: readonly number[];
  /** All bodies, oldest first. */
  readonly outline: readonly OutlineRow[];
  /** Hashes of the parts, and of all of them; not in every trace. */
  readonly hashes?: Readonly<Record<string, string>> | undefined;
  readonly hash?: string | undefined;
  /** Phases that began since the last trace. */
  readonly phases?: readonly PhaseTrace[] | undefined;
}

/**
 * One later line. Inputs at tick `t` enter before the step that makes the world's tick `t + 1`; a trace at `t` was made after the step
 * that made it `t`, and stands before inputs at `t`.
 */
export type ShowEntry =
  | { readonly tick: number; readonly inputs: readonly ShowInput[] }
  | { readonly tick: number; readonly trace: ShowTrace }
  /** The last one: the tick at which the show ended. */
  | { readonly end: number };

/** What is wrong with a show file or a show's journal, in one sentence for people. */
export class ShowFileError extends Error {
  override readonly name: string = "ShowFileError";
}

const tick = z.number().int().min(0).max(maxTicks);
const savedFiles = z.strictObject({
  main: z.string(),
  texts: z.array(z.tuple([z.string(), z.string()])).max(1000),
});
const gameId = z.string().min(1).max(100);
const actionTrial = z.strictObject({
  action: z.string().min(1).max(100),
  params: z.record(z.string(), z.unknown()),
  viewer: viewerSchema.optional(),
});
const inputSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("event"), event: liveEventSchema }),
  z.strictObject({ type: z.literal("rules"), game: gameId.optional(), files: savedFiles }),
  z.strictObject({ type: z.literal("act"), act: z.union([z.enum(operatorActs), actionTrial]) }),
]);
const inputsSchema = z.array(inputSchema);
const beginningSchema = z.strictObject({
  rules: z.array(savedFiles).min(1),
  carried: z.unknown(),
  playlist: z
    .array(z.strictObject({ game: gameId, rounds: z.int().min(1).max(maxEntryRounds) }))
    .min(1)
    .max(maxPlaylist)
    .optional(),
});
const headSchema = z.strictObject({
  uproar: z.literal("show"),
  format: z.int().min(1).max(showFormat),
  id: z.string().min(1).max(200),
  game: gameId,
  seed: z.number().int().min(0).max(0xffff_ffff),
  version: z.string().max(100),
  startedAt: z.number().finite(),
  private: z.boolean(),
  beginning: beginningSchema,
});
const number = z.number();
const traceSchema = z.strictObject({
  prints: z.array(z.number().int().min(0).max(0xffff_ffff)).max(maxPrints),
  outline: z.array(z.tuple([number, z.string(), z.string(), number, number, number, number, number, number])),
  hashes: z.record(z.string(), z.string()).optional(),
  hash: z.string().optional(),
  phases: z
    .array(z.strictObject({ tick, phase: z.string(), round: z.number().int(), random: z.array(number).max(16) }))
    .optional(),
});
const entrySchema = z.union([
  z.strictObject({ tick, inputs: inputsSchema }),
  z.strictObject({ tick, trace: traceSchema }),
  z.strictObject({ end: tick }),
]);

/** The first line, without its newline. */
export function headLine(head: ShowHead): string {
  const { id, game, seed, version, startedAt, beginning } = head;
  const line = { uproar: "show", format: showFormat, id, game, seed, version, startedAt, private: head.private };
  return JSON.stringify({ ...line, beginning });
}

/** A later line, without its newline. */
export function entryLine(entry: ShowEntry): string {
  return JSON.stringify(entry);
}

/** What a show began with, as the journal keeps it. Throws a ShowFileError. */
export function readBeginning(text: string): ShowBeginning {
  return checked(beginningSchema, parsed(text, "what the show began with"), "what the show began with");
}

/** A batch of inputs, as the journal keeps it. Throws a ShowFileError that names the tick. */
export function readInputs(text: string, atTick: number): readonly ShowInput[] {
  const what = `what entered at tick ${atTick}`;
  return checked(inputsSchema, parsed(text, what), what) as readonly ShowInput[];
}

/** A trace, as the journal keeps it. Throws a ShowFileError that names the tick. */
export function readTrace(text: string, atTick: number): ShowTrace {
  const what = `the trace of tick ${atTick}`;
  return checked(traceSchema, parsed(text, what), what) as ShowTrace;
}

/** Reads a show file line by line; each method throws a ShowFileError that names the line. */
export interface ShowReader {
  /** The first line. */
  head(line: string): ShowHead;
  /** Each later one. Empty lines are none; do not give them. */
  entry(line: string): ShowEntry;
  /** A later line that is of no interest: only counted. */
  skip(line: string): void;
  /** Call it after the last line: a file without its end was cut short. */
  finish(): void;
}

/** Creates a reader for one file. */
export function createShowReader(): ShowReader {
  let lines = 0;
  let place = -1;
  let isOver = false;
  const fail = (why: string): never => {
    throw new ShowFileError(`line ${lines}: ${why}`);
  };
  const bounded = (line: string) => {
    lines++;
    if (line.length > maxLineLength) fail(`it is longer than ${maxLineLength} characters`);
    if (lines > maxLines) fail(`a show file has at most ${maxLines} lines`);
  };
  return {
    head(line) {
      bounded(line);
      const data = lineData(line, lines);
      const { uproar, format } = (data ?? {}) as { uproar?: unknown; format?: unknown };
      if (uproar !== "show") fail("this is no show file; one is made with: replay SHOW --export FILE");
      if (typeof format === "number" && format > showFormat) {
        fail(`the file is of format ${format}, made by a newer Uproar; this one knows format ${showFormat}. Update it`);
      }
      const { uproar: _, format: __, ...head } = checked(headSchema, data, `line ${lines}`);
      return head as ShowHead;
    },
    entry(line) {
      bounded(line);
      if (isOver) fail("something stands after the end of the show");
      const entry = checked(entrySchema, lineData(line, lines), `line ${lines}`) as ShowEntry;
      const next = placeOf(entry);
      if (next < place) fail("it stands behind what came later in the show");
      place = next;
      isOver = "end" in entry;
      return entry;
    },
    skip: bounded,
    finish() {
      if (lines === 0) throw new ShowFileError("the file is empty");
      if (!isOver) throw new ShowFileError(`after line ${lines} the end is missing: the file was cut short`);
    },
  };
}

/** Orders entries: by tick; at one tick the trace, then inputs, then the end. */
function placeOf(entry: ShowEntry): number {
  if ("end" in entry) return entry.end * 3 + 2;
  return entry.tick * 3 + ("trace" in entry ? 0 : 1);
}

function lineData(line: string, number: number): unknown {
  return parsed(line, `line ${number}`);
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ShowFileError(`${what}: it is no JSON, so the record is damaged or was cut short`);
  }
}

/** The data as it is, once it is what it should be: copies would have their keys in another order, and hashes would know. */
function checked<T>(schema: z.ZodType<T>, data: unknown, what: string): T {
  const result = schema.safeParse(data);
  if (result.success) return data as T;
  const { path, message } = deepest(result.error.issues);
  throw new ShowFileError(`${what}: ${path.length > 0 ? `${path.join(".")}: ` : ""}${message}`);
}

/** The first problem; of something that fits no kind, the one within the kind that it fits best. */
function deepest(issues: readonly z.core.$ZodIssue[]): { path: readonly PropertyKey[]; message: string } {
  const issue = issues[0]!;
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return issue;
  const kinds = issue.errors.map((errors) => deepest(errors));
  const within = kinds.reduce((best, kind) => (kind.path.length > best.path.length ? kind : best));
  return { path: [...issue.path, ...within.path], message: within.message };
}

/** Spot: a value of a rule file together with where it stands, so that every check can say line and column. */
import type { LineCounter } from "yaml";
import type { Place } from "../compiled.ts";
import type { Problem, ProblemCode } from "../problem.ts";

export type Path = readonly (string | number)[];

/** Where an entry of a map or list stands: offsets in the file's text. */
export interface Mark {
  readonly key: number;
  readonly value: number;
  /** First character of a text that stands in the file as it is (no escapes, one line), else -1. */
  readonly content: number;
}

/** Marks of a map's or list's entries, by key or index. */
export type Marks = ReadonlyMap<object, ReadonlyMap<string, Mark>>;

/** A path that has a problem of shape, or lies above one that has. */
interface WrongPath {
  isWrong: boolean;
  readonly below: Map<string | number, WrongPath>;
}

/** One file, read: its data, and where everything in it stands. */
export class RuleSource {
  readonly file: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Where its first key stands. */
  readonly start: number;
  readonly #marks: Marks;
  readonly #lines: LineCounter;
  /** The root's; undefined while all is well. */
  #wrong: WrongPath | undefined;

  constructor(file: string, data: Readonly<Record<string, unknown>>, start: number, marks: Marks, lines: LineCounter) {
    this.file = file;
    this.data = data;
    this.start = start;
    this.#marks = marks;
    this.#lines = lines;
  }

  get root(): Spot {
    return new Spot(this, []);
  }

  /** What stands at a path; undefined when nothing does. */
  valueAt(path: Path): unknown {
    let value: unknown = this.data;
    for (const key of path) {
      if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
      value = (value as Record<string | number, unknown>)[key];
    }
    return value;
  }

  placeAt(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** Mark of the entry at a path; of the nearest above it that exists when it does not. */
  mark(path: Path): Mark | undefined {
    let value: unknown = this.data;
    let found: Mark | undefined;
    for (const key of path) {
      if (value === null || typeof value !== "object") break;
      const mark = this.#marks.get(value)?.get(String(key));
      if (!mark) break;
      found = mark;
      value = (value as Record<string | number, unknown>)[key];
    }
    return found;
  }

  /** Says that what stands at a path has not the shape it should have, so that nobody works with it. */
  markWrong(path: Path): void {
    this.#wrong ??= { isWrong: false, below: new Map() };
    let at = this.#wrong;
    for (const key of path) {
      const next = at.below.get(key) ?? { isWrong: false, below: new Map() };
      at.below.set(key, next);
      at = next;
    }
    at.isWrong = true;
  }

  /** Whether a path and all below it have the shape they should have. */
  isSound(path: Path): boolean {
    let at = this.#wrong;
    for (const key of path) {
      if (!at || at.isWrong) break;
      at = at.below.get(key);
    }
    // What is known at all is wrong itself, lies below what is wrong, or above it.
    return at === undefined;
  }
}

/** A place in the data of a file. */
export class Spot {
  readonly source: RuleSource;
  readonly path: Path;

  constructor(source: RuleSource, path: Path) {
    this.source = source;
    this.path = path;
  }

  /** What stands there; undefined for nothing. Only of a sound spot is its type known. */
  get value(): unknown {
    return this.source.valueAt(this.path);
  }

  /** Its number, text or flag; undefined when it is of another kind or has a problem. */
  get number(): number | undefined {
    const { value } = this;
    return typeof value === "number" && this.isSound ? value : undefined;
  }

  get text(): string | undefined {
    const { value } = this;
    return typeof value === "string" && this.isSound ? value : undefined;
  }

  get flag(): boolean | undefined {
    const { value } = this;
    return typeof value === "boolean" && this.isSound ? value : undefined;
  }

  get exists(): boolean {
    return this.value !== undefined;
  }

  get isSound(): boolean {
    return this.source.isSound(this.path);
  }

  /** Where its value stands; where the map stands that it is missing in when it does not exist. */
  get place(): Place {
    return this.source.placeAt(this.source.mark(this.path)?.value ?? this.source.start);
  }

  /** Where its key stands. */
  get keyPlace(): Place {
    return this.source.placeAt(this.source.mark(this.path)?.key ?? this.source.start);
  }

  /** Where a character of its text stands; the text's beginning where that cannot be said. */
  placeIn(offset: number): Place {
    const mark = this.source.mark(this.path);
    return mark && mark.content >= 0 ? this.source.placeAt(mark.content + offset) : this.place;
  }

  at(...keys: (string | number)[]): Spot {
    return new Spot(this.source, [...this.path, ...keys]);
  }

  /** Spots of a value that is written alone or as a list. */
  get items(): Spot[] {
    const { value } = this;
    if (value === undefined) return [];
    return Array.isArray(value) ? value.map((_, index) => this.at(index)) : [this];
  }

  /** Those items that have no problem. */
  get soundItems(): Spot[] {
    return this.items.filter((item) => item.isSound);
  }

  /** Spots of a map's entries, in the order of the file. */
  get entries(): (readonly [string, Spot])[] {
    const { value } = this;
    if (value === null || typeof value !== "object" || Array.isArray(value)) return [];
    return Object.keys(value).map((key) => [key, this.at(key)] as const);
  }
}

/** Problems found so far, each told once. */
export class Problems {
  readonly #found = new Map<string, Problem>();
  readonly #warnings = new Map<string, Problem>();

  /** All errors. */
  get list(): readonly Problem[] {
    return [...this.#found.values()];
  }

  /** What a file can be played with, though it is hardly meant so. */
  get warnings(): readonly Problem[] {
    return [...this.#warnings.values()];
  }

  get hasErrors(): boolean {
    return this.#found.size > 0;
  }

  /** Adds an error at a value, or at any place. */
  add(code: ProblemCode, at: Spot | Place, message: string): void {
    const { file, line, column } = at instanceof Spot ? at.place : at;
    const problem: Problem = { severity: "error", code, file, line, column, message: sentence(message) };
    this.#found.set(JSON.stringify(problem), problem);
  }

  /** Adds a warning at a value, or at any place. */
  warn(code: ProblemCode, at: Spot | Place, message: string): void {
    const { file, line, column } = at instanceof Spot ? at.place : at;
    const problem: Problem = { severity: "warning", code, file, line, column, message: sentence(message) };
    this.#warnings.set(JSON.stringify(problem), problem);
  }

  /** Adds an error at a key. */
  addAtKey(code: ProblemCode, at: Spot, message: string): void {
    this.add(code, at.keyPlace, message);
  }
}

/** A message with a capital at its beginning and a full stop at its end. */
function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1) + (/[.?]$/.test(message) ? "" : ".");
}

/** What a person wrote, as a message quotes it: on one line and never long. */
export function quoted(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "keys with values";
  const text = String(value).slice(0, 200).replace(/\s+/g, " ");
  return typeof value === "string" ? `"${cut(text)}"` : cut(text);
}

/** A text cut to what fits in a message. */
export function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

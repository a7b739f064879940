/** Rule files on disk: reads one with what it includes, bounded, below the main file's folder only, in UTF-8 only; puts a new text in its place. */
import { isUtf8 } from "node:buffer";
import {
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { AnyGame } from "../shared/game/define.ts";
import { includedPath } from "../shared/rules/compile/includes.ts";
import { type CompileResult, createRuleCompiler, includesOf } from "../shared/rules/compile.ts";
import type { KnownGift, RuleFiles } from "../shared/rules/compiled.ts";
import { formatProblem, type Problem, type ProblemCode } from "../shared/rules/problem.ts";
import { UserError } from "./user-error.ts";

/** Most bytes of one rule file. */
export const maxRuleFileBytes = 1_000_000;
/** Most files that one rule file may be made of, itself among them. */
const maxFiles = 20;
/** Of a rule file that is not there any more when it is written. */
const newFileMode = 0o644;

/** What was found on disk. */
export interface ReadRules {
  /** The main file under its own name, others by their path from its folder; what could not be read is missing. */
  readonly files: RuleFiles;
  /** What kept a file from being read; empty when all went well, or when a file is simply not there. */
  readonly problems: readonly Problem[];
  /** Every path that was looked at, absolute, the main file's first; also of files that are not there. */
  readonly paths: readonly string[];
}

/** Why a file was not read, and where in it, from 1. */
interface Refusal {
  readonly code: ProblemCode;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/**
 * Reads the rule file at `path` and its includes. `asked` is what the person typed before the path, for the sentence about one that
 * leads nowhere; `mainText` takes the place of what the main file holds on disk. Throws a UserError when there is no such file.
 */
export function readRuleFiles(path: string, asked: string, mainText?: string): ReadRules {
  const mainPath = resolve(path);
  const walk = new Walk(mainPath);
  if (mainText === undefined) walk.take(walk.main, textOf(mainPath, checkedStats(path, asked)));
  else walk.take(walk.main, mainText);
  walk.includes();
  return { files: { main: walk.main, texts: walk.texts }, problems: walk.problems, paths: [...walk.paths] };
}

/**
 * Compiles what was read; what kept a file from being read is a problem like the others. `gifts` are those seen so far; `compile` is
 * a compiler of the game for who has one.
 */
export function compileRead(
  { files, problems }: ReadRules,
  game: AnyGame,
  gifts: readonly KnownGift[] = [],
  compile = createRuleCompiler(game),
): CompileResult {
  if (!files.texts.has(files.main)) return { ok: false, problems };
  const result = compile(files, gifts.length > 0 ? { gifts } : {});
  if (problems.length === 0) return result;
  // Of an include that was found and not taken, the reader knows more than that it is missing.
  const isSaid = ({ code, file, line }: Problem) =>
    code === "RULES_INCLUDE" && problems.some((said) => said.file === file && said.line === line);
  const all = [...problems, ...result.problems.filter((problem) => !isSaid(problem))];
  const isIncluded = ({ file }: Problem) => Number(file !== files.main);
  all.sort(
    (a, b) => isIncluded(a) - isIncluded(b) || a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
  );
  return { ok: false, problems: all };
}

/** A file of the rules as people can open it: beside the main file as they named that. */
export function shownFile(typedMain: string, file: string): string {
  return join(dirname(typedMain), file);
}

/** A problem as one line, with its file as people can open it. */
export function shownProblem(typedMain: string, problem: Problem): string {
  return formatProblem({ ...problem, file: shownFile(typedMain, problem.file) });
}

/** Puts a text in the place of a file at once, or leaves the file as it is. Keeps its mode; a link goes on leading to the file. */
export function replaceFile(path: string, text: string): void {
  const real = realPathOf(path) ?? path;
  const mode = statSync(real, { throwIfNoEntry: false })?.mode ?? newFileMode;
  const draft = join(dirname(real), `.${basename(real)}.${process.pid}.tmp`);
  try {
    const file = openSync(draft, "w", 0o600);
    try {
      writeFileSync(file, text);
      fchmodSync(file, mode & 0o7777);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, real);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function checkedStats(path: string, asked: string): Stats {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new UserError(`The rule file ${path} does not exist. Check the path after ${asked}.`);
    throw new UserError(`The rule file ${path} cannot be read (${code}).`);
  }
  if (stats.isDirectory()) throw new UserError(`${path} is a folder; ${asked} takes a file.`);
  if (!stats.isFile()) throw new UserError(`${path} is no plain file; ${asked} takes one.`);
  return stats;
}

/** Goes through the includes, those of one file before those of the files it includes. */
class Walk {
  readonly main: string;
  readonly texts = new Map<string, string>();
  readonly problems: Problem[] = [];
  readonly paths = new Set<string>();
  readonly #folder: string;
  readonly #mainReal: string;
  readonly #seen = new Set<string>();
  readonly #queue: string[] = [];

  constructor(mainPath: string) {
    this.main = basename(mainPath);
    this.#folder = dirname(mainPath);
    this.#mainReal = realPathOf(mainPath) ?? mainPath;
    this.paths.add(mainPath);
    this.#seen.add(this.main);
  }

  /** Keeps what was read of a file, or says why it was not. */
  take(name: string, read: string | Refusal): void {
    if (typeof read === "string") {
      this.texts.set(name, read);
      this.#queue.push(name);
    } else this.problems.push({ severity: "error", file: name, ...read });
  }

  includes(): void {
    for (let from = this.#queue.shift(); from !== undefined; from = this.#queue.shift()) {
      const text = this.texts.get(from)!;
      for (const written of includesOf(text)) {
        const name = includedPath(from, written);
        // What compile refuses by its name alone is not looked for.
        if (name === undefined || this.#seen.has(name)) continue;
        this.#seen.add(name);
        const refused = this.#include(name);
        if (refused) this.problems.push({ ...placeOf(text, written), ...refused, severity: "error", file: from });
        if (this.#seen.size > maxFiles) return;
      }
    }
  }

  /** Reads one include; returns what is wrong with including it. */
  #include(name: string): { code: ProblemCode; message: string } | undefined {
    if (this.#seen.size > maxFiles) {
      const message = `"${name}" is one file too many: a rule file may be made of ${maxFiles}. Put some of them together.`;
      return { code: "RULES_INCLUDE", message };
    }
    const path = join(this.#folder, name);
    this.paths.add(path);
    const real = realPathOf(path);
    // Not there: compile says so, with the line.
    if (real === undefined) return undefined;
    const folder = realPathOf(this.#folder) ?? this.#folder;
    if (!real.startsWith(folder.endsWith(sep) ? folder : folder + sep)) {
      const message = `"${name}" leads out of the rule file's folder. Copy the file into that folder and include the copy.`;
      return { code: "RULES_INCLUDE", message };
    }
    if (real === this.#mainReal) {
      return { code: "RULES_INCLUDE", message: `"${name}" is the rule file itself. Take this include out.` };
    }
    try {
      const stats = statSync(real);
      if (!stats.isFile())
        return {
          code: "RULES_INCLUDE",
          message: `"${name}" is no file. Name the rule file in it: "${name}/base.yaml".`,
        };
      this.take(name, textOf(real, stats));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return { code: "RULES_INCLUDE", message: `"${name}" cannot be read (${code}). Make it a file you may read.` };
    }
    return undefined;
  }
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Where an include stands in a text; the beginning when it is not found as written. */
function placeOf(text: string, written: string): { line: number; column: number } {
  let at = text.search(/^include\b/m);
  do at = text.indexOf(written, at + 1);
  while (at > 0 && /[\w./-]/.test(text[at - 1]!));
  if (at < 0) return { line: 1, column: 1 };
  const before = text.slice(0, at);
  return { line: before.split("\n").length, column: at - before.lastIndexOf("\n") };
}

const tooLarge: Refusal = {
  ...{ code: "RULES_TOO_LARGE", line: 1, column: 1 },
  message: "The file is larger than 1 MB. Split it into several files and include them.",
};

/** The text of a plain file, or why it is none. Never reads more than it may. Throws when the system refuses. */
function textOf(path: string, { size }: Stats): string | Refusal {
  if (size > maxRuleFileBytes) return tooLarge;
  const file = openSync(path, "r");
  try {
    // It may have grown since it was looked at.
    if (fstatSync(file).size > maxRuleFileBytes) return tooLarge;
    return decoded(readFileSync(file));
  } finally {
    closeSync(file);
  }
}

/** Bytes as text, without a mark at their beginning; or the place of the first that are no UTF-8. */
export function decoded(bytes: Uint8Array): string | Refusal {
  const refused = (line: number, column: number, message: string): Refusal => ({
    ...{ code: "RULES_ENCODING", line, column, message },
  });
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return refused(1, 1, "The file is saved as UTF-16. Save it as UTF-8 (in the editor's Save As).");
  const text = new TextDecoder().decode(bytes);
  const at = (index: number) => {
    const before = text.slice(0, index);
    return [before.split("\n").length, index - before.lastIndexOf("\n")] as const;
  };
  if (!isUtf8(bytes)) {
    const message =
      "Here are bytes that are no UTF-8. Save the file as UTF-8 (in the editor's Save As) and mend the letters that look wrong.";
    return refused(...at(text.indexOf("\ufffd")), message);
  }
  const zero = text.indexOf("\0");
  if (zero < 0) return text;
  return refused(...at(zero), "Here is a zero byte, so this is no text file. Save it as plain text in UTF-8.");
}

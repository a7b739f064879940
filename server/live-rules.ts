/** Live rules: the rules that a show plays by, kept in step with their file. A broken file never takes the place of a good one. */

import { readFileSync } from "node:fs";
import type { CompileResult } from "../shared/rules/compile.ts";
import type { CompiledRules, KnownGift, RuleFiles } from "../shared/rules/compiled.ts";
import type { Problem } from "../shared/rules/problem.ts";
import type { Clock } from "./clock.ts";
import type { LoadedRules } from "./games.ts";
import { command } from "./project.ts";
import { changesBetween, type RuleChanges, wordsOf } from "./rule-changes.ts";
import type { RuleCompiler } from "./rule-compiler.ts";
import { type ReadRules, replaceFile, shownProblem } from "./rule-files.ts";
import { watchFiles } from "./rule-watch.ts";
import { UserError } from "./user-error.ts";

/** How long a reload waits for the gifts of the ledger. */
const giftsWithinMs = 1000;

/** Most problems told at once on the terminal and in /health. */
export const maxToldProblems = 20;

export interface LiveRulesOptions {
  /** What the show starts with. */
  loaded: LoadedRules;
  /** Reads and compiles the files; is stopped with the rules. */
  compiler: RuleCompiler;
  /** Takes new rules; they hold from the next tick on. */
  change(rules: CompiledRules): void;
  /** Gifts seen so far. */
  seenGifts(): Promise<readonly KnownGift[]>;
  /** Takes a line for the terminal. */
  log(line: string): void;
  clock: Clock;
}

/** How the rules are, now. */
export interface RulesStatus {
  /** The file's path as people are told it. */
  readonly file: string;
  /** The rules that hold, and when they were loaded, ms since 1970. */
  readonly rules: CompiledRules;
  readonly loadedAt: number;
  /** Of the file as it is on disk: errors while it is broken, else warnings. */
  readonly problems: readonly Problem[];
  /** What is wrong while the file on disk is not what is played, in one sentence; "" when all is well. */
  readonly trouble: string;
}

/** A change of rules, or one that failed. */
export interface RulesNews {
  readonly ok: boolean;
  readonly status: RulesStatus;
  /** What is different now; undefined when nothing is. */
  readonly changes: RuleChanges | undefined;
}

/** What became of a text that was to be the new rule file. */
export type PutResult =
  | { readonly kind: "applied"; readonly changes: RuleChanges }
  | { readonly kind: "broken"; readonly problems: readonly Problem[] }
  /** The file came with the game, was changed meanwhile, cannot be written, or could not be checked; `reason` says what to do. */
  | { readonly kind: "shipped" | "outdated" | "unwritable" | "unchecked"; readonly reason: string };

export interface LiveRules {
  status(): RulesStatus;
  /** Checks a text and, when it is good, writes it into the rule file and plays by it. One after the other. */
  put(text: string): Promise<PutResult>;
  /** Calls back after each change and each failure; the returned function ends that. */
  listen(listener: (news: RulesNews) => void): () => void;
  /** Reloads that took effect, those that failed. */
  counters(): { readonly reloads: number; readonly failures: number };
  /** Resolves when all that was asked for so far is done. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts to keep a show's rules in step with their file. */
export function createLiveRules(options: LiveRulesOptions): LiveRules {
  return new Keeper(options);
}

class Keeper implements LiveRules {
  readonly #options: LiveRulesOptions;
  readonly #listeners = new Set<(news: RulesNews) => void>();
  readonly #watch: ReturnType<typeof watchFiles>;
  #status: RulesStatus;
  /** As it was last read from disk, good or not. */
  #lastRead: string;
  #turn: Promise<unknown> = Promise.resolve();
  #reloads = 0;
  #failures = 0;
  #isStopped = false;

  constructor(options: LiveRulesOptions) {
    this.#options = options;
    const { loaded, clock } = options;
    const { rules, problems, shown, read } = loaded;
    this.#status = { file: shown, rules, loadedAt: clock.now(), problems, trouble: "" };
    this.#lastRead = fingerprintOf(read);
    this.#watch = watchFiles(clock, () => {
      this.#inTurn(() => this.#reload());
    });
    this.#watch.watch(read.paths);
  }

  status(): RulesStatus {
    return this.#status;
  }

  counters() {
    return { reloads: this.#reloads, failures: this.#failures };
  }

  listen(listener: (news: RulesNews) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  put(text: string): Promise<PutResult> {
    return this.#inTurn(() => this.#put(text));
  }

  async settled(): Promise<void> {
    await this.#turn;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#watch.stop();
    await this.#options.compiler.stop();
    await this.#turn;
  }

  /** One after the other, so that nobody writes or compiles while another one does. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #reload(): Promise<void> {
    const { loaded, compiler } = this.#options;
    let result: CompileResult;
    try {
      const read = await compiler.read(loaded.path, "--rules");
      if (this.#isStopped) return;
      this.#watch.watch(read.paths);
      const fingerprint = fingerprintOf(read);
      if (fingerprint === this.#lastRead) return;
      this.#lastRead = fingerprint;
      result = await compiler.compile(read, await this.#seenGifts());
    } catch (error) {
      if (this.#isStopped) return;
      // The same text, saved once more, is to be tried once more.
      this.#lastRead = "";
      this.#fail([], whyOf(error));
      return;
    }
    if (this.#isStopped) return;
    if (result.ok) this.#apply(result.rules, result.problems);
    else this.#fail(result.problems);
  }

  async #put(text: string): Promise<PutResult> {
    const { loaded, compiler } = this.#options;
    if (loaded.isShipped) return { kind: "shipped", reason: shippedReason };
    const before = textIn(loaded.path);
    let read: ReadRules;
    let result: CompileResult;
    try {
      read = await compiler.read(loaded.path, "--rules", text);
      result = await compiler.compile(read, await this.#seenGifts());
    } catch (error) {
      return { kind: "unchecked", reason: `${whyOf(error)} Nothing has changed.` };
    }
    if (!result.ok) return { kind: "broken", problems: result.problems };
    if (this.#isStopped) return { kind: "unchecked", reason: "The show has ended. Nothing has changed." };
    if (textIn(loaded.path) !== before) return { kind: "outdated", reason: outdatedReason(loaded.shown) };
    try {
      replaceFile(loaded.path, text);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      return {
        kind: "unwritable",
        reason: `The rule file ${loaded.shown} cannot be written (${code}). Nothing has changed.`,
      };
    }
    this.#watch.watch(read.paths);
    this.#lastRead = fingerprintOf(read);
    return { kind: "applied", changes: this.#apply(result.rules, result.problems) };
  }

  /** Warnings can do without the catalogue; a reload cannot wait for a ledger that is in trouble or does not answer. */
  async #seenGifts(): Promise<readonly KnownGift[]> {
    const { clock, seenGifts } = this.#options;
    return new Promise((resolve) => {
      const giveUp = clock.after(giftsWithinMs, () => resolve([]));
      const end = (gifts: readonly KnownGift[]) => {
        giveUp();
        resolve(gifts);
      };
      seenGifts().then(end, () => end([]));
    });
  }

  #apply(rules: CompiledRules, problems: readonly Problem[]): RuleChanges {
    const { clock, change, log, loaded } = this.#options;
    const changes = changesBetween(this.#status.rules, rules);
    change(rules);
    this.#reloads++;
    this.#status = { ...this.#status, rules, problems, loadedAt: clock.now(), trouble: "" };
    log(`  rules: ${wordsOf(changes)}`);
    for (const line of told(loaded.shown, problems)) log(`  ${line}`);
    if (changes.sections.includes("options")) log("  rules: the new options of the game hold from the next round on");
    if (changes.sections.includes("playlist")) log("  rules: the new playlist holds with the next start");
    this.#tell({ ok: true, status: this.#status, changes });
    return changes;
  }

  /** The show goes on with the rules it has. `why` when the file itself cannot be read. */
  #fail(problems: readonly Problem[], why = ""): void {
    const { log, loaded } = this.#options;
    const { loadedAt, file } = this.#status;
    this.#failures++;
    const errors = problems.filter(({ severity }) => severity === "error").length;
    const what = why || `The rule file ${file} has ${errors} ${errors === 1 ? "error" : "errors"}.`;
    const trouble = `${what} The show goes on with the rules of ${timeOf(loadedAt)}.`;
    this.#status = { ...this.#status, problems, trouble };
    if (why) log(`  ${why}`);
    for (const line of told(loaded.shown, problems)) log(`  ${line}`);
    log(`  rules: still the rules of ${timeOf(loadedAt)}`);
    this.#tell({ ok: false, status: this.#status, changes: undefined });
  }

  /** The rules hold already: a listener that fails changes nothing about it. */
  #tell(news: RulesNews): void {
    for (const listener of this.#listeners) {
      try {
        listener(news);
      } catch (error) {
        this.#options.log(`  rules: telling of them failed (${error instanceof Error ? error.message : error})`);
      }
    }
  }
}

const outdatedReason = (file: string) =>
  `The rule file ${file} was changed meanwhile, by an editor perhaps. Nothing has changed; read it again and send what it should be.`;

const shippedReason =
  "This show plays by the rules that came with the game, and those stay as they are. Make a file of your own with " +
  `\`${command} new rules my-rules.yaml\` and start with \`--rules my-rules.yaml\`.`;

/** Problems as lines, the first ones. */
function told(shown: string, problems: readonly Problem[]): string[] {
  const lines = problems.slice(0, maxToldProblems).map((problem) => shownProblem(shown, problem));
  const left = problems.length - lines.length;
  if (left > 0) lines.push(`and ${left} more: ${command} check ${shown}`);
  return lines;
}

/** Why a file could not be read or compiled, in a sentence. */
function whyOf(error: unknown): string {
  return error instanceof UserError ? error.message : `The rule file cannot be read: ${error}.`;
}

/** The file's text, "" when it cannot be read. */
function textIn(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Changes when anything that was read does. */
function fingerprintOf({ files, problems }: ReadRules): string {
  return JSON.stringify([files.main, [...files.texts], problems] satisfies [RuleFiles["main"], unknown, unknown]);
}

/** HH:MM:SS, as the streamer's clock shows it. */
function timeOf(ms: number): string {
  return new Date(ms).toTimeString().slice(0, 8);
}

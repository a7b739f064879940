/** Reads a rule file's text into rules ready to run, or into the full list of what is wrong with it and where. */
import { isMap, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import type { AnyGame } from "../game/define.ts";
import { defaultTiers, type TierName, type TierTable } from "../game/tiers.ts";
import { parseDurationTicks } from "./duration.ts";
import { fold } from "./fold.ts";
import { didYouMean, type Problem, type ProblemCode } from "./problem.ts";
import { maxCalls, type Rule, ruleFileSchema, ruleSchema, type TriggerName, triggerNames } from "./rule-file.ts";

/** Largest rule file read, in characters. */
export const maxFileLength = 1_000_000;

/** One call of an action with its checked parameters. */
export interface CompiledCall {
  readonly action: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface CompiledRule {
  readonly id: string;
  /** Where it begins in the file, from 1. */
  readonly line: number;
  readonly on: TriggerName;
  /** Folded command words; empty for any comment. "@" stands for a comment that names somebody. */
  readonly commands: readonly string[];
  /** Folded gift names and ids; empty for any. */
  readonly gifts: readonly string[];
  /** Tiers; empty for any. */
  readonly tiers: readonly TierName[];
  /** Likes per fill of the meter, or the number of people watching to reach; 0 for none. */
  readonly threshold: number;
  readonly viewerCooldownTicks: number;
  readonly cooldownTicks: number;
  readonly calls: readonly CompiledCall[];
}

export interface CompiledRules {
  readonly game: string;
  /** The game's options, defaults filled in. */
  readonly options: unknown;
  readonly tiers: TierTable;
  readonly rules: readonly CompiledRule[];
}

export type CompileResult = { ok: true; rules: CompiledRules } | { ok: false; problems: Problem[] };

type Path = readonly (string | number)[];

/** Game a rule file says it is for, "" when it cannot be read; lets a caller pick the game before compiling. */
export function gameOfRules(text: string): string {
  if (text.length > maxFileLength) return "";
  const document = parseDocument(text, { logLevel: "silent" });
  const game: unknown = isMap(document.contents) ? document.get("game") : undefined;
  return typeof game === "string" ? game : "";
}

/** Compiles a rule file for a game. Reports every problem at once, never throws. */
export function compileRules(text: string, game: AnyGame): CompileResult {
  const compiler = new Compiler(text, game);
  const rules = compiler.run();
  return rules && compiler.problems.length === 0 ? { ok: true, rules } : { ok: false, problems: compiler.problems };
}

class Compiler {
  readonly problems: Problem[] = [];
  readonly #text: string;
  readonly #game: AnyGame;
  readonly #lines = new LineCounter();
  #document: ReturnType<typeof parseDocument> | undefined;

  constructor(text: string, game: AnyGame) {
    this.#text = text;
    this.#game = game;
  }

  run(): CompiledRules | undefined {
    const data = this.#parse();
    if (data === undefined) return undefined;
    const file = ruleFileSchema.safeParse(data);
    if (!file.success) {
      this.#addIssues(file.error.issues, []);
      return undefined;
    }
    if (file.data.game !== this.#game.id) {
      this.#add(
        "RULES_WRONG_GAME",
        ["game"],
        `these rules are for "${file.data.game}", the game is "${this.#game.id}".`,
      );
    }
    const options = this.#game.options.safeParse(file.data.options ?? {});
    if (!options.success) this.#addIssues(options.error.issues, ["options"]);
    const rules = file.data.rules.map((rule, index) => this.#rule(rule, index)).filter((rule) => rule !== undefined);
    this.#refuseDoubleIds(rules);
    return {
      game: this.#game.id,
      options: options.data,
      tiers: { ...defaultTiers, ...file.data.tiers },
      rules,
    };
  }

  #parse(): unknown {
    if (this.#text.length > maxFileLength) {
      this.problems.push({
        code: "RULES_SYNTAX",
        line: 1,
        column: 1,
        message: "the file is larger than 1 MB; split it.",
      });
      return undefined;
    }
    const document = parseDocument(this.#text, { lineCounter: this.#lines, logLevel: "silent", prettyErrors: false });
    this.#document = document;
    // After the first slip YAML misreads all that follows, so only that one is told; keys that stand twice are told each.
    const slip = document.errors.find(({ code }) => code !== "DUPLICATE_KEY");
    for (const error of document.errors) {
      if (error.code === "DUPLICATE_KEY" || error === slip)
        this.#addAt("RULES_SYNTAX", error.pos[0], `${error.message}.`);
    }
    if (document.errors.length > 0) return undefined;
    if (!isMap(document.contents)) {
      this.problems.push({
        code: "RULES_SHAPE",
        line: 1,
        column: 1,
        message: 'expected keys such as "game:" and "rules:" at the top of the file.',
      });
      return undefined;
    }
    try {
      // A file whose aliases multiply beyond this is an attack or a mistake.
      return document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      this.problems.push({ code: "RULES_SYNTAX", line: 1, column: 1, message: `${(error as Error).message}.` });
      return undefined;
    }
  }

  #rule(data: unknown, index: number): CompiledRule | undefined {
    const path: Path = ["rules", index];
    const parsed = ruleSchema.safeParse(data);
    if (!parsed.success) {
      this.#addIssues(parsed.error.issues, path);
      return undefined;
    }
    const rule = parsed.data;
    const calls = this.#calls(rule.do, [...path, "do"]);
    return {
      id: rule.id ?? `rule-${index + 1}`,
      line: this.#place(path).line,
      on: rule.on,
      commands:
        "command" in rule
          ? listOf(rule.command).map((word) => (word === "@" ? word : fold(word).replace(/^[!/]/, "")))
          : [],
      gifts: "gift" in rule ? listOf(rule.gift).map((name) => fold(String(name))) : [],
      tiers: "tier" in rule ? listOf(rule.tier) : [],
      threshold: thresholdOf(rule),
      viewerCooldownTicks: parseDurationTicks(rule.cooldown?.viewer ?? "0ms")!,
      cooldownTicks: parseDurationTicks(rule.cooldown?.everyone ?? "0ms")!,
      calls,
    };
  }

  #calls(data: unknown, path: Path): CompiledCall[] {
    const isList = Array.isArray(data);
    const items: unknown[] = isList ? data : [data];
    if (items.length === 0 || items.length > maxCalls || data === undefined || data === null) {
      this.#add(
        "RULES_SHAPE",
        path,
        `"do" names 1 to ${maxCalls} actions, such as "do: ${Object.keys(this.#game.actions)[0]}".`,
      );
      return [];
    }
    return items.flatMap((item, index) => this.#call(item, isList ? [...path, index] : path));
  }

  #call(item: unknown, path: Path): CompiledCall[] {
    if (typeof item === "string") return this.#checkedCall(item, {}, path, path);
    if (item === null || typeof item !== "object" || Array.isArray(item)) {
      this.#add("RULES_SHAPE", path, "expected an action's name, or a name with its parameters.");
      return [];
    }
    return Object.entries(item).flatMap(([name, params]) =>
      this.#checkedCall(name, params ?? {}, path, [...path, name]),
    );
  }

  #checkedCall(name: string, params: unknown, namePath: Path, paramPath: Path): CompiledCall[] {
    const known = Object.keys(this.#game.actions);
    const action = Object.hasOwn(this.#game.actions, name) ? this.#game.actions[name] : undefined;
    if (!action) {
      const hint = didYouMean(name, known) || ` It has: ${known.join(", ")}.`;
      this.#add("RULES_UNKNOWN_ACTION", namePath, `${this.#game.title} has no action "${name}".${hint}`);
      return [];
    }
    const parsed = action.params.strict().safeParse(params);
    if (parsed.success) return [{ action: name, params: parsed.data }];
    this.#addIssues(parsed.error.issues, paramPath, Object.keys(action.params.shape));
    return [];
  }

  #refuseDoubleIds(rules: readonly CompiledRule[]): void {
    const seen = new Set<string>();
    for (const rule of rules) {
      if (seen.has(rule.id)) {
        const message = `two rules have the id "${rule.id}"; give each its own.`;
        this.problems.push({ code: "RULES_DUPLICATE_ID", line: rule.line, column: 1, message });
      }
      seen.add(rule.id);
    }
  }

  #addIssues(issues: readonly z.core.$ZodIssue[], path: Path, knownKeys: readonly string[] = []): void {
    for (const issue of issues) {
      const at: Path = [...path, ...(issue.path as (string | number)[])];
      if (issue.code === "unrecognized_keys") this.#addUnknownKeys(issue.keys, at, knownKeys);
      else if (issue.code === "invalid_union" && issue.path.at(-1) === "on") this.#addUnknownTrigger(at);
      else this.#add("RULES_SHAPE", at, `${lowerFirst(issue.message)}.`);
    }
  }

  #addUnknownKeys(keys: readonly string[], at: Path, knownKeys: readonly string[]): void {
    const known = knownKeys.length > 0 ? knownKeys : this.#keysAt(at);
    for (const key of keys) {
      const hint = didYouMean(key, known) || (known.length > 0 ? ` Known here: ${known.join(", ")}.` : "");
      this.#add("RULES_UNKNOWN_KEY", [...at, key], `"${key}" is not known here.${hint}`, true);
    }
  }

  /** Keys that are allowed at a path, for hints. */
  #keysAt(at: Path): string[] {
    if (at.length === 0) return Object.keys(ruleFileSchema.shape);
    const on: unknown = at[0] === "rules" ? this.#document?.getIn([...at.slice(0, 2), "on"]) : undefined;
    const option = ruleSchema.options.find((candidate) => candidate.shape.on.value === on);
    return option && at.length === 2 ? Object.keys(option.shape) : [];
  }

  #addUnknownTrigger(at: Path): void {
    const written: unknown = this.#document?.getIn(at);
    if (written === undefined) {
      this.#add("RULES_SHAPE", at.slice(0, -1), 'a rule needs "on:", the event it waits for, such as "on: chat".');
      return;
    }
    const hint = didYouMean(String(written), triggerNames) || ` Known: ${triggerNames.join(", ")}.`;
    this.#add("RULES_UNKNOWN_TRIGGER", at, `"${String(written)}" is no event a rule can wait for.${hint}`);
  }

  #add(code: ProblemCode, path: Path, message: string, atKey = false): void {
    this.problems.push({ code, ...this.#place(path, atKey), message });
  }

  #addAt(code: ProblemCode, offset: number, message: string): void {
    const { line, col } = this.#lines.linePos(offset);
    this.problems.push({ code, line: Math.max(1, line), column: Math.max(1, col), message });
  }

  /** Line and column of a path, of its key if asked; the nearest parent when the path itself is not there. */
  #place(path: Path, atKey = false): { line: number; column: number } {
    for (let length = path.length; length >= 0; length--) {
      const offset = this.#offset(path.slice(0, length), atKey && length === path.length);
      if (offset === undefined) continue;
      const { line, col } = this.#lines.linePos(offset);
      return { line: Math.max(1, line), column: Math.max(1, col) };
    }
    return { line: 1, column: 1 };
  }

  #offset(path: Path, atKey: boolean): number | undefined {
    const document = this.#document;
    if (!document) return undefined;
    if (atKey && path.length > 0) {
      const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
      const pair = isMap(parent)
        ? parent.items.find(
            (item) => String((item.key as { value?: unknown })?.value ?? item.key) === String(path.at(-1)),
          )
        : undefined;
      const range = (pair?.key as Node | undefined)?.range;
      if (range) return range[0];
    }
    const node = (path.length === 0 ? document.contents : document.getIn(path, true)) as Node | undefined | null;
    return node?.range?.[0];
  }
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function thresholdOf(rule: Rule): number {
  if (rule.on === "likes") return rule.every;
  return rule.on === "viewers" ? rule.reaches : 0;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

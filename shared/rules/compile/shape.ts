/** Checks one file's shape: every issue of the schema becomes a problem with a code, a place and a sentence. */
import type { z } from "zod";
import type { AnyGame } from "../../game/define.ts";
import { didYouMean, type ProblemCode } from "../problem.ts";
import { stepWords } from "../rule-file/steps.ts";
import { keysOfRule } from "../rule-file.ts";
import { triggerNames } from "../triggers.ts";
import { listed } from "./context.ts";
import { meant as meantWord } from "./other-names.ts";
import { exampleAt, helpAt, keysAt, wordsAt } from "./schema-walk.ts";
import { notAmong, otherKind, outOfBounds } from "./sentences.ts";
import { cut, type Path, type Problems, quoted, type RuleSource } from "./spot.ts";
import { type Issue, meantBy } from "./unions.ts";

/** Tells all that is wrong with the shape of a file, and marks it in the source. */
export function checkShape(source: RuleSource, schema: z.ZodType, game: AnyGame, problems: Problems): void {
  const result = schema.safeParse(source.data);
  if (result.success) return;
  const teller = new ShapeTeller(source, schema, game, problems);
  for (const issue of result.error.issues) teller.tell(issue, []);
}

class ShapeTeller {
  readonly #source: RuleSource;
  readonly #schema: z.ZodType;
  readonly #game: AnyGame;
  readonly #problems: Problems;

  constructor(source: RuleSource, schema: z.ZodType, game: AnyGame, problems: Problems) {
    this.#source = source;
    this.#schema = schema;
    this.#game = game;
    this.#problems = problems;
  }

  /** Tells an issue whose path begins at `base`. */
  tell(issue: Issue, base: Path): void {
    const path = [...base, ...(issue.path as Path)];
    const value = this.#source.valueAt(path);
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) this.#unknownKey(path, key);
    } else if (value === undefined || (value === null && isRuleKey(path, "on", "do"))) this.#missing(path);
    else if (issue.code === "invalid_union") this.#wrongKind(path, value, issue);
    else if (issue.code === "invalid_key") this.#wrongName(path, issue.issues);
    else if (issue.code === "invalid_value") this.#wrongWord(path, value, issue.values.map(String), issue);
    else if (issue.code === "invalid_type" && !(issue.expected === "int" && typeof value === "number")) {
      this.#wrong("RULES_SHAPE", path, otherKind(value, [issue], this.#example(path, value)));
    } else {
      // A text that is none of the words that may stand here comes as one that has not the form of the other thing that may.
      const words = issue.code === "invalid_format" ? wordsAt(this.#schema, this.#source.data, path) : [];
      this.#wrong("RULES_SHAPE", path, words.length > 0 ? notAmong(value, words) : outOfBounds(issue, value));
    }
  }

  #wrongKind(path: Path, value: unknown, issue: Extract<Issue, { code: "invalid_union" }>): void {
    const meant = issue.errors.length > 0 ? meantBy(issue, value) : undefined;
    if (!meant)
      this.#unknownTrigger(path, value, "options" in issue ? (issue.options ?? []).map(String) : triggerNames);
    else if ("issues" in meant) for (const inner of meant.issues) this.tell(inner, path);
    else this.#wrong("RULES_SHAPE", path, otherKind(value, meant.wanted, this.#example(path, value)));
  }

  #example(path: Path, value: unknown): string {
    const range = typeof value === "string" ? /^(\d+)\s*(?:\+|(?:-|–|to|\.\.+)\s*(\d+))$/.exec(value.trim()) : null;
    const keys = range ? keysAt(this.#schema, this.#source.data, path) : new Map();
    if (range && keys.has("from") && keys.has("to")) {
      return range[2] === undefined ? `{ from: ${range[1]} }` : `{ from: ${range[1]}, to: ${range[2]} }`;
    }
    return exampleAt(this.#schema, this.#source.data, path, value);
  }

  #wrong(code: ProblemCode, path: Path, message: string): void {
    this.#source.markWrong(path);
    this.#problems.add(code, this.#source.root.at(...path), message);
  }

  #missing(path: Path): void {
    const key = String(path.at(-1));
    const help = helpAt(this.#schema, this.#source.data, path);
    let message = `${quoted(key)} is missing here.${help ? ` ${help}` : ""}`;
    if (isRuleKey(path, "on")) message = 'A rule needs "on:", what it waits for, such as "on: chat".';
    if (isRuleKey(path, "do")) {
      message = `A rule needs "do:", what happens then, such as "do: ${Object.keys(this.#game.actions)[0]}".`;
    }
    const large = this.#largeKey(path.slice(0, -1), key);
    if (large) message = `Keys are written small: write "${key}:" instead of "${large}:".`;
    if (path.length === 1 && key === "game") {
      message = `The file must say which game it is for: "game: ${this.#game.id}".`;
    }
    this.#wrong("RULES_SHAPE", path, message);
  }

  /** A key that is this one but for its case, "" for none. */
  #largeKey(path: Path, small: string): string {
    const keys = this.#source.root.at(...path).entries.map(([key]) => key);
    return keys.find((key) => key !== small && key.toLowerCase() === small.toLowerCase()) ?? "";
  }

  #unknownKey(path: Path, key: string): void {
    const spot = this.#source.root.at(...path, key);
    this.#source.markWrong(spot.path);
    const known = [...keysAt(this.#schema, this.#source.data, path).keys()];
    const actions = Object.keys(this.#game.actions);
    const isStep = actions.every((action) => known.includes(action));
    const hint = this.#keyHint(path, key, known);
    const meansAction = isStep && !known.some((word) => !actions.includes(word) && hint.includes(`"${word}"`));
    if (meansAction) {
      const sibling = this.#paramOf(path, key);
      const message = sibling
        ? `${quoted(key)} is a param of "${sibling}". Give it two more spaces, so that it stands inside.`
        : this.#noAction(key, [...actions, ...stepWords]);
      this.#problems.addAtKey("RULES_UNKNOWN_ACTION", spot, message);
    } else {
      const message = `${quoted(key)} is not known ${this.#ownerOf(path)}.${hint || this.#elsewhere(path, key, known)}`;
      this.#problems.addAtKey("RULES_UNKNOWN_KEY", spot, message);
    }
  }

  /** What was meant by an unknown key; "" when nothing is near. */
  #keyHint(path: Path, key: string, known: readonly string[]): string {
    if (key === "<<") return " Merging with << is not possible; write the keys here.";
    if (/^\d+$/.test(key) && this.#source.valueAt([...path, key]) === null) {
      const whole = this.#numberBefore(path, key);
      if (whole !== undefined) return ` For a number write a point, not a comma: ${whole}.${key}.`;
    }
    const owner = path.length === 2 && path[0] === "rules" ? this.#actionWith(path, key) : "";
    if (owner) {
      const value = this.#source.valueAt([...path, key]);
      return ` It is a param of "${owner}": do: { ${owner}: { ${key}: ${typeof value === "object" ? "..." : cut(String(value))} } }.`;
    }
    const small = known.find((other) => other.toLowerCase() === key.toLowerCase());
    return small ? ` Keys are written small: write "${small}:".` : didYouMean(cut(key), known);
  }

  /** The number that stands right before a key in its line; keys of digits alone are first in the data, wherever they stand. */
  #numberBefore(path: Path, key: string): unknown {
    const map = this.#source.root.at(...path);
    const { line, column } = map.at(key).keyPlace;
    const before = map.entries
      .map(([, { value, place }]) => ({ value, place }))
      .filter(({ place, value }) => typeof value === "number" && place.line === line && place.column < column);
    return before.sort((a, b) => b.place.column - a.place.column)[0]?.value;
  }

  /** The action of a rule's `do` that has a param of this name, "" for none. */
  #actionWith(rule: Path, param: string): string {
    const actions = this.#source.root
      .at(...rule, "do")
      .items.flatMap((item) => (typeof item.value === "string" ? [item.value] : item.entries.map(([key]) => key)));
    const shapeOf = (action: string) =>
      Object.hasOwn(this.#game.actions, action) ? this.#game.actions[action]!.params.shape : {};
    return actions.find((action) => Object.hasOwn(shapeOf(action), param)) ?? "";
  }

  /** The action of the same step that has a param of this name, "" for none. */
  #paramOf(path: Path, param: string): string {
    const beside = this.#source.root.at(...path).entries.map(([key]) => key);
    return beside.find((key) => Object.hasOwn(this.#game.actions[key]?.params.shape ?? {}, param)) ?? "";
  }

  /** Where an unknown key stands: in a rule of its trigger, among an action's params, or just "here". */
  #ownerOf(path: Path): string {
    const key = path.at(-1);
    const isRule = path.length === 2 && path[0] === "rules";
    if (isRule) return `in a rule with "on: ${String(this.#source.valueAt([...path, "on"]))}"`;
    const isParams = typeof key === "string" && Object.hasOwn(this.#game.actions, key) && path[0] === "rules";
    return isParams ? `as a param of "${key}"` : "here";
  }

  /** Where an unknown key would belong, else what is known in its place. */
  #elsewhere(path: Path, key: string, known: readonly string[]): string {
    const knowing = path.length <= 2 ? triggerNames.filter((on) => keysOfRule(on).includes(key)) : [];
    if (path.length === 0 && knowing.length > 0) return " It belongs into a rule.";
    if (path[0] === "rules" && knowing.length > 0) return ` It belongs to "on: ${knowing.join('", "on: ')}".`;
    return listed(known, " Take it out.");
  }

  #noAction(written: string, known: readonly string[]): string {
    const names = Object.keys(this.#game.actions);
    const parts = cut(written)
      .split(",")
      .map((part) => part.trim());
    const isList = parts.length > 1 && parts.some((part) => names.includes(part));
    const hint = isList ? ` Write several as a list: [${cut(written)}].` : didYouMean(cut(written), known);
    return `${this.#game.title} has no action ${quoted(written)}.${hint || ` It has: ${names.join(", ")}.`}`;
  }

  #unknownTrigger(path: Path, value: unknown, known: readonly string[]): void {
    const several = Array.isArray(value) ? " Write a rule for each event." : "";
    const hint = several || meantWord(cut(String(value)), known) || ` There are: ${known.join(", ")}.`;
    const what = isRuleKey(path, "on") ? "that a rule can wait for" : "that a crowd of viewers can do";
    this.#wrong("RULES_UNKNOWN_TRIGGER", path, `${quoted(value)} is nothing ${what}.${hint}`);
    this.#tellRest(path.slice(0, -1));
  }

  /** Of a rule whose trigger is not known, what can be told all the same: what is wrong with the keys that every rule has. */
  #tellRest(rule: Path): void {
    const data = this.#source.valueAt(rule);
    if (rule.length !== 2 || data === null || typeof data !== "object") return;
    const common = keysAt(this.#schema, { rules: [{ on: "join" }] }, ["rules", 0]);
    const known = Object.fromEntries(Object.entries(data).filter(([key]) => common.has(key)));
    const file = { game: this.#game.id, rules: [{ ...known, on: "join" }] };
    const result = this.#schema.safeParse(file);
    for (const issue of result.error?.issues ?? []) {
      if (issue.path.length >= 2) this.tell({ ...issue, path: issue.path.slice(2) }, rule);
    }
  }

  #wrongName(path: Path, issues: readonly Issue[]): void {
    const spot = this.#source.root.at(...path);
    this.#source.markWrong(path);
    const why = issues.find(({ message }) => !message.startsWith("Invalid") && !message.startsWith("Too"))?.message;
    const message = `${quoted(String(path.at(-1)))} cannot be a name${why ? `: ${why}` : "; it is too short or too long"}.`;
    this.#problems.addAtKey("RULES_SHAPE", spot, message);
  }

  #wrongWord(path: Path, value: unknown, known: readonly string[], issue: Issue): void {
    const isText = typeof value === "string";
    if (path.length === 1 && path[0] === "game") {
      const hint = didYouMean(cut(String(value)), known);
      const message = `These rules are for ${quoted(value)}; the game is "${this.#game.id}".${hint}`;
      this.#wrong("RULES_WRONG_GAME", path, message);
    } else if (!isText && known.every((word) => Number.isNaN(Number(word)))) {
      this.#wrong("RULES_SHAPE", path, otherKind(value, [issue], this.#example(path, value)));
    } else if (isText && Object.keys(this.#game.actions).every((action) => known.includes(action))) {
      this.#wrong("RULES_UNKNOWN_ACTION", path, this.#noAction(value, known));
    } else {
      const code = triggerNames.every((on) => known.includes(on)) ? "RULES_UNKNOWN_TRIGGER" : "RULES_SHAPE";
      this.#wrong(code, path, notAmong(value, known));
    }
  }
}

/** Whether a path is one of these keys of a rule. */
function isRuleKey(path: Path, ...keys: string[]): boolean {
  return path.length === 3 && path[0] === "rules" && keys.includes(String(path[2]));
}

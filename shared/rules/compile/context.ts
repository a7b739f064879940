/** What the parts of the compiler share: the game, what the files declare, and the problems found. */
import type { z } from "zod";
import type { AnyGame } from "../../game/define.ts";
import type {
  CompiledLimit,
  CompiledMeter,
  CompiledQueue,
  CompiledTeam,
  CompiledVariable,
  Expression,
  GiftName,
  ValueType,
} from "../compiled.ts";
import { compileExpression, type Declared } from "../expression.ts";
import { didYouMean } from "../problem.ts";
import type { TriggerName } from "../triggers.ts";
import { cut, type Problems, quoted, type Spot } from "./spot.ts";

/** Everything the files declare by name. */
export interface Declarations {
  /** Folded gift names and ids by folded alias, and the same as they are written. */
  readonly gifts: ReadonlyMap<string, readonly string[]>;
  readonly giftNames: ReadonlyMap<string, readonly GiftName[]>;
  readonly words: ReadonlyMap<string, readonly string[]>;
  readonly teams: readonly CompiledTeam[];
  /** Names of all teams there can be, as viewers see them: the game's, or the declared ones. */
  readonly teamNames: readonly string[];
  readonly meters: ReadonlyMap<string, CompiledMeter>;
  readonly variables: ReadonlyMap<string, CompiledVariable>;
  readonly groups: ReadonlyMap<string, readonly CompiledLimit[]>;
  readonly queues: ReadonlyMap<string, CompiledQueue>;
  /** Limits of all rules. */
  readonly limits: readonly CompiledLimit[];
  /** The same for expressions. */
  readonly declared: Declared;
}

/** What a param's schema says of its values. */
export interface ParamRange {
  readonly type: ValueType | "";
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  readonly choices: readonly string[];
}

export interface Context {
  readonly game: AnyGame;
  /** Ranges of the game's params, by schema: read once each, since a large file calls one action many times. */
  readonly ranges: Map<z.ZodType, ParamRange>;
  readonly problems: Problems;
  readonly declarations: Declarations;
}

/** A declared thing by name; tells when there is none. `kind` as in "there is no meter". */
export function declaredOf<T>(
  context: Context,
  known: ReadonlyMap<string, T>,
  kind: string,
  at: Spot,
  name: string,
): T | undefined {
  const found = known.get(name);
  if (found === undefined) context.problems.add("RULES_UNKNOWN_NAME", at, unknownName(kind, name, [...known.keys()]));
  return found;
}

/** What to say about a name that is not declared. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  const section = kind === "word list" ? "words" : `${kind}s`;
  const hint = didYouMean(cut(name), known) || listed(known, ` Declare it under "${section}:".`);
  return `There is no ${kind} ${quoted(name)}.${hint}`;
}

/** " There are: a, b." or, when there are none, another hint. */
export function listed(known: readonly string[], otherwise: string): string {
  if (known.length === 0) return otherwise;
  return ` There ${known.length === 1 ? "is" : "are"}: ${known.slice(0, 40).join(", ")}.`;
}

/** Warns of a text that is just a name or a call that expressions know: only after "=" is it computed. */
export function warnOfForgottenSign(context: Context, on: TriggerName | "", at: Spot): void {
  const text = String(at.value);
  if (!/^[a-z]\w*(?:\.\w+|\(.*\))?$/i.test(text.trim())) return;
  const { declared } = context.declarations;
  if (!compileExpression(text, { type: "text", on, declared, place: at.place }).ok || /^(?:true|false)$/.test(text))
    return;
  const message = `This is just the text ${quoted(text)}. For its value begin with =, as in "= ${cut(text)}"; if the text is meant, write '= "${cut(text)}"'.`;
  context.problems.warn("RULES_EXPRESSION", at, message);
}

/** Compiles an expression that is a whole value of the file, or a part of one that begins at `from`. */
export function expressionAt(
  context: Context,
  on: TriggerName | "",
  at: Spot,
  type: ValueType,
  text: string = String(at.value),
  from = 0,
): Expression | undefined {
  const { declared } = context.declarations;
  const result = compileExpression(text, { type, on, declared, place: at.placeIn(from) });
  if (result.ok) return result.expression;
  context.problems.add("RULES_EXPRESSION", at.placeIn(from + result.offset), result.message);
  return undefined;
}

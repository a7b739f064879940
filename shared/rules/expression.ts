/**
 * Expressions of rule files: Common Expression Language, narrowed to what a streamer needs, typed and checked when the file is read.
 *
 * 1. The library parses (at most 500 characters, 100 parts, 12 levels).
 * 2. check.ts lets only the language's own names, functions and operators pass.
 * 3. The library checks types.
 * 4. run.ts makes a function of the tree.
 */
import { type TypeError as CelTypeError, Environment, type ParseError } from "@marcbachmann/cel-js";
import type { Expression, Place, Scope, Value, ValueType } from "./compiled.ts";
import { type Fault, type KnownTree, knowTree } from "./expression/check.ts";
import { type Comparison, comparisonsIn } from "./expression/comparisons.ts";
import { syntaxFault, typeFault, typeWords } from "./expression/faults.ts";
import { type Computed, functions } from "./expression/functions.ts";
import { type Declared, fieldTypes, plainTypes, typedValue, zeroOf } from "./expression/names.ts";
import { type Run, runOf } from "./expression/run.ts";
import type { TriggerName } from "./triggers.ts";

export type { Declared } from "./expression/names.ts";

/** Longest expression, and longest text that one gives (what is longer is cut), in characters. */
const maxLength = 500;

export interface ExpressionWanted {
  /** What it must give. "text" takes numbers (with at most 2 decimals) and flags (yes, no) too and writes them out. */
  readonly type: ValueType;
  /** Trigger of its rule: decides which names it knows. "" for none. */
  readonly on: TriggerName | "";
  readonly declared: Declared;
  /** Kept in the expression. */
  readonly place: Place;
}

/** An expression, or what is wrong and at which character of the text. */
export type ExpressionResult =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly message: string; readonly offset: number };

const celTypes = { number: "double", text: "string", flag: "bool", texts: "list<string>" } as const;
const base = baseEnvironment();

/**
 * Compiles an expression. Never throws, and neither does what it gives: a division by zero, NaN and what is too large for a number are 0.
 * A Scope can be any object of that shape; a name whose value has another type than declared reads as 0, "" or false.
 */
export function compileExpression(text: string, want: ExpressionWanted): ExpressionResult {
  if (text.length > maxLength) {
    const message = `the expression is too long: ${text.length} characters, at most ${maxLength}. Use a variable or several rules.`;
    return { ok: false, message, offset: maxLength };
  }
  const compiled = compile(text, want.on, want.declared);
  if ("message" in compiled) return { ok: false, ...compiled };
  const misfit = misfitOf(compiled.type, want.type);
  if (misfit) return { ok: false, message: misfit, offset: text.length - text.trimStart().length };
  return { ok: true, expression: expressionOf(text, want, compiled.run) };
}

interface Compiled {
  readonly run: Run;
  readonly type: string;
  readonly usesNames: boolean;
}

function compile(text: string, on: TriggerName | "", declared: Declared): Compiled | Fault {
  let parsed: ReturnType<Environment["parse"]>;
  try {
    parsed = base.parse(text);
  } catch (error) {
    return syntaxFault(text, error as ParseError);
  }
  let known = knowTree(parsed.ast, on, declared);
  if ("message" in known) return known;
  if (known.fields.size > 0) {
    parsed = environmentWith(known.fields).parse(text);
    known = knowTree(parsed.ast, on, declared) as KnownTree;
  }
  const checked = parsed.check();
  if (!checked.valid) return typeFault(text, checked.error as CelTypeError);
  return { run: runOf(parsed.ast, known.names), type: checked.type ?? "", usesNames: known.names.size > 0 };
}

const nothingDeclared: Declared = { variables: new Map(), meters: new Set(), words: new Map() };

/** The value of an expression that names nothing, so that it is always the same; undefined for every other one. */
export function constantOf(text: string): Value | undefined {
  const compiled = compile(text, "", nothingDeclared);
  if ("message" in compiled || compiled.usesNames) return undefined;
  const value = compiled.run({} as Scope);
  return typeof value === "object" ? undefined : value;
}

/** What an expression that compiled compares its names with. */
export function comparisonsOf({ text }: Expression): Comparison[] {
  return comparisonsIn(base.parse(text).ast);
}

/** What every expression can use. */
function baseEnvironment(): Environment {
  const environment = new Environment({ limits: { maxAstNodes: 100, maxDepth: 12 } });
  for (const [name, type] of Object.entries(plainTypes)) environment.registerVariable(name, celTypes[type]);
  for (const [name, fields] of Object.entries(fieldTypes))
    environment.registerVariable({ name, schema: schemaOf(fields) });
  for (const [name, { takes, gives, compute }] of Object.entries(functions)) {
    for (const types of takes) environment.registerFunction(`${name}(${types.join(", ")}): ${gives}`, compute);
  }
  // CEL has % for whole numbers only; here all numbers are doubles.
  return environment.registerOperator("double % double", (left: number, right: number) => left % right);
}

/** The base with the declared names that this expression uses; all of a large file's would cost more than the check itself. */
function environmentWith(fields: KnownTree["fields"]): Environment {
  const environment = base.clone();
  for (const [name, used] of fields) {
    const schema = Object.fromEntries([...used].map(([field, { type }]) => [field, celTypes[type]]));
    environment.registerVariable({ name, schema });
  }
  return environment;
}

function schemaOf(fields: Readonly<Record<string, ValueType>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([field, type]) => [field, celTypes[type]]));
}

/** What to say when an expression gives another type than wanted; "" when it fits. */
function misfitOf(type: string, wanted: ValueType): string {
  const isValue = type === "double" || type === "string" || type === "bool";
  if (type === celTypes[wanted] || (wanted === "text" && isValue)) return "";
  const gives = `this gives ${typeWords(type)}`;
  if (wanted === "number")
    return `${gives}, a number is needed${type === "bool" ? ": write it as condition ? 1 : 0" : ""}.`;
  if (wanted === "flag")
    return `${gives}, a question is needed that is true or false${type === "double" ? ", such as count > 3" : ""}.`;
  return `${gives}, a text is needed.`;
}

function expressionOf(text: string, { type, place }: ExpressionWanted, run: Run): Expression {
  const result = type === "text" ? written : (value: Computed) => typedValue(value, type);
  return {
    text,
    type,
    place,
    evaluate(scope: Scope): Value {
      try {
        return result(run(scope));
      } catch {
        // Only a scope that lacks a whole group of names can bring this about.
        return zeroOf[type];
      }
    },
  };
}

function written(value: Computed): string {
  if (typeof value === "number") return String(Number(value.toFixed(2)) + 0);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value).slice(0, maxLength);
}

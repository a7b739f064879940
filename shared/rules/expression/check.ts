/** Refuses what the expression language does not have, before types are checked: other names, functions, operators and literals of CEL. */
import type { ASTNode } from "@marcbachmann/cel-js";
import { didYouMean } from "../problem.ts";
import type { TriggerName } from "../triggers.ts";
import { functions, methods } from "./functions.ts";
import { type Declared, dottedName, type KnownName, plainName } from "./names.ts";

/** What is wrong with an expression, in words, and at which character it begins. */
export interface Fault {
  readonly message: string;
  readonly offset: number;
}

/** A tree in which every name and function is known; types are not checked yet. */
export interface KnownTree {
  /** By node: what the name stands for. */
  readonly names: ReadonlyMap<ASTNode, KnownName>;
  /** Fields used of `vars`, `meters` and `words`, for the type check. */
  readonly fields: ReadonlyMap<string, ReadonlyMap<string, KnownName>>;
}

interface Walk {
  readonly on: TriggerName | "";
  readonly declared: Declared;
  readonly names: Map<ASTNode, KnownName>;
  readonly fields: Map<string, Map<string, KnownName>>;
}

/** Walks the tree and finds every name, or the first thing that is not allowed. Whole-number literals become doubles on the way. */
export function knowTree(root: ASTNode, on: TriggerName | "", declared: Declared): KnownTree | Fault {
  const walk: Walk = { on, declared, names: new Map(), fields: new Map() };
  return visit(root, walk) ?? walk;
}

function visit(node: ASTNode, walk: Walk): Fault | undefined {
  switch (node.op) {
    case "value":
      return literal(node);
    case "id":
      return know(node, plainName(node.args, walk.on), walk);
    case ".":
      return field(node, walk);
    case "call":
      return call(node, walk);
    case "rcall":
      return method(node, walk);
    case "!_":
    case "-_":
      return visit(node.args, walk);
    case "list":
    case "?:":
    case "||":
    case "&&":
    case "!=":
    case "==":
    case "in":
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return visitAll(node.args, walk);
    case "[]":
    case "[?]":
      return fault(
        node,
        "[...] cannot pick one of a list; write table(number, [[from, value], ...]), or `in` to ask whether it is in the list.",
      );
    case "map":
      return fault(node, "{...} is not available in expressions; write table(number, [[from, value], ...]).");
    default:
      return fault(node, `"${node.op}" is not available in expressions.`);
  }
}

function visitAll(nodes: readonly ASTNode[], walk: Walk): Fault | undefined {
  for (const node of nodes) {
    const found = visit(node, walk);
    if (found) return found;
  }
  return undefined;
}

function literal(node: ASTNode): Fault | undefined {
  const value = node.args;
  // Names are doubles, so whole numbers must be: CEL knows no sum of an int and a double, and 1 / 2 would be 0.
  if (typeof value === "bigint") (node as { args: unknown }).args = Number(value);
  else if (value === null) return fault(node, 'null is not available; a text that is missing is "" and a number 0.');
  else if (typeof value === "object")
    return fault(node, "write numbers and texts without a letter before or behind them.");
  return undefined;
}

function field(node: ASTNode & { op: "." }, walk: Walk): Fault | undefined {
  const [left, name] = node.args;
  if (left.op !== "id")
    return fault(node, `nothing is known behind this dot; "${name}" can only stand behind a name such as viewer.`);
  const known = dottedName(left.args, name, walk.on, walk.declared);
  if (!("problem" in known) && (left.args === "vars" || left.args === "meters" || left.args === "words")) {
    const fields = walk.fields.get(left.args) ?? new Map<string, KnownName>();
    walk.fields.set(left.args, fields.set(name, known));
  }
  return know(node, known, walk, left.start);
}

function know(
  node: ASTNode,
  known: KnownName | { problem: string },
  walk: Walk,
  offset = node.start,
): Fault | undefined {
  if ("problem" in known) return { message: known.problem, offset };
  walk.names.set(node, known);
  return undefined;
}

/** What to write instead of a function of CEL or of another language. */
const instead: Readonly<Record<string, string>> = {
  size: "write length(text).",
  len: "write length(text).",
  toLowerCase: "write lower(text).",
  lowerAscii: "write lower(text).",
  matches: "write contains, or hasWord with a word list; patterns could be slow.",
  exists: "write hasWord(text, words.NAME), or `in`.",
  all: "write hasWord(text, words.NAME), or `in`.",
  filter: "write hasWord(text, words.NAME), or `in`.",
  map: "write table(number, [[from, value], ...]).",
  has: 'every name always has a value: 0, "" or false when there is none.',
  int: "all numbers are of one kind; write floor or round.",
  uint: "all numbers are of one kind; write floor or round.",
  double: "all numbers are of one kind; leave it out.",
  string: "a text is written as it is; leave it out.",
  bool: "true and false are written as they are; leave it out.",
  timestamp: "there is no clock; use seconds and secondsLeft of the phase, or `on: timer`.",
  duration: "durations are numbers of seconds here.",
  now: "there is no clock; use seconds and secondsLeft of the phase, or `on: timer`.",
  random: "chance is `oneOf:` in `do:`, which replays.",
  pow: "write the number times itself, or table(number, [[from, value], ...]).",
  iff: "write condition ? this : that.",
};

function call(node: ASTNode & { op: "call" }, walk: Walk): Fault | undefined {
  const [name, args] = node.args;
  if (Object.hasOwn(functions, name)) return visitAll(args, walk);
  if (Object.hasOwn(methods, name)) return fault(node, `write it behind the text: text.${name}("word").`);
  return fault(node, `there is no function "${name}"${hint(name)}`);
}

function method(node: ASTNode & { op: "rcall" }, walk: Walk): Fault | undefined {
  const [name, receiver, args] = node.args;
  if (Object.hasOwn(methods, name)) return visit(receiver, walk) ?? visitAll(args, walk);
  if (Object.hasOwn(functions, name))
    return fault(
      node,
      `write ${name}(...) by itself, with what stands before the dot inside: ${functions[name]?.usage}.`,
    );
  return fault(node, `there is no ".${name}(...)"${hint(name)}`);
}

function hint(name: string): string {
  if (Object.hasOwn(instead, name)) return ` here: ${instead[name]}`;
  const known = [...Object.keys(functions), ...Object.keys(methods)];
  return `.${didYouMean(name, known) || ` There are: ${known.join(", ")}.`}`;
}

function fault(node: ASTNode, message: string): Fault {
  return { message, offset: node.start };
}

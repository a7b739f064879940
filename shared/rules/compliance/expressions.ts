/** What an expression of a rule file reads, which texts it can give, and whether it can hold for a viewer who pays nothing. */
import { type ASTNode, parse } from "@marcbachmann/cel-js";
import type { Value } from "../compiled.ts";

/** The tree of an expression that has compiled; undefined for a text that is none. */
function treeOf(text: string): ASTNode | undefined {
  try {
    return parse(text).ast;
  } catch {
    return undefined;
  }
}

/** "vars.hits" for a name with a dot, else "". */
function nameOf(node: ASTNode): string {
  return node.op === "." && node.args[0].op === "id" ? `${node.args[0].args}.${node.args[1]}` : "";
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case "value":
    case "id":
    case ".":
      return [];
    case "!_":
    case "-_":
      return [node.args];
    case "call":
      return node.args[1];
    case "rcall":
      return [node.args[1], ...node.args[2]];
    default:
      return node.args as readonly ASTNode[];
  }
}

/** Names of variables and meters it reads: "vars.hits", "meters.rage". */
export function statesRead(text: string): string[] {
  // Most expressions read none.
  if (!/\b(?:vars|meters)\b/.test(text)) return [];
  const read: string[] = [];
  const left = [treeOf(text)];
  for (let node = left.pop(); node; node = left.pop()) {
    const name = nameOf(node);
    if (name.startsWith("vars.") || name.startsWith("meters.")) read.push(name);
    left.push(...childrenOf(node));
  }
  return read;
}

/** What an expression can put on the stage. */
export interface GivenTexts {
  /** Its own texts; a space stands for what is only known when it runs. */
  readonly texts: readonly string[];
  /** Names whose values it can give: "vars.mood", "words.hello", "gift.name". */
  readonly names: readonly string[];
}

/** Most texts that are made of sums of choices; beyond, the texts stand side by side. */
const mostTexts = 8;

/** Texts and names that an expression can give; what it only asks about is not among them. */
export function textsGiven(text: string): GivenTexts {
  const names: string[] = [];
  const tree = treeOf(text);
  return { texts: tree ? given(tree, names) : [" "], names };
}

function given(node: ASTNode, names: string[]): string[] {
  switch (node.op) {
    case "value":
      return [typeof node.args === "string" ? node.args : " "];
    case ".":
      names.push(nameOf(node));
      return [" "];
    case "?:":
      return [...given(node.args[1], names), ...given(node.args[2], names)];
    case "+":
      return sums(given(node.args[0], names), given(node.args[1], names));
    case "list":
      return node.args.flatMap((item) => given(item, names));
    case "call": {
      const [name, args] = node.args;
      const from = name === "oneWordOf" ? args[1] : name === "lower" ? args[0] : undefined;
      return from ? given(from, names) : [" "];
    }
    default:
      return [" "];
  }
}

/** Each of the first texts with each of the others behind it. */
export function sums(first: readonly string[], others: readonly string[]): string[] {
  if (first.length * others.length > mostTexts) return [...new Set([...first, ...others])];
  return [...new Set(first.flatMap((text) => others.map((other) => text + other)))];
}

/**
 * Whether a condition is false whatever happens, when these names have these values: so a rule can be known to be for subscribers
 * only. What is not known (`undefined`) may be anything.
 */
export function isNever(text: string, known: ReadonlyMap<string, Value>): boolean {
  const tree = treeOf(text);
  return tree !== undefined && knownValue(tree, known) === false;
}

function knownValue(node: ASTNode, known: ReadonlyMap<string, Value>): Value | undefined {
  if (node.op === "value") return typeof node.args === "bigint" ? Number(node.args) : (node.args as Value);
  if (node.op === ".") return known.get(nameOf(node));
  if (node.op === "id" || node.op === "call" || node.op === "rcall" || node.op === "list") return undefined;
  const [first, second, third] = childrenOf(node).map((child) => knownValue(child, known));
  if (node.op === "&&") return first === false || second === false ? false : bothKnown(first, second) && true;
  if (node.op === "||") return first === true || second === true ? true : bothKnown(first, second) && false;
  if (node.op === "?:") return first === undefined ? (second === third ? second : undefined) : first ? second : third;
  if (first === undefined) return undefined;
  if (node.op === "!_") return !first;
  if (node.op === "-_") return -first;
  return second === undefined ? undefined : compared(node.op, first, second);
}

/** Undefined unless both are known. */
function bothKnown(first: Value | undefined, second: Value | undefined): true | undefined {
  return first === undefined || second === undefined ? undefined : true;
}

function compared(op: string, first: Value, second: Value): boolean | undefined {
  if (op === "==") return first === second;
  if (op === "!=") return first !== second;
  if (op === "<") return first < second;
  if (op === "<=") return first <= second;
  if (op === ">") return first > second;
  return op === ">=" ? first >= second : undefined;
}

/** Finds what an expression compares names with, for the linter: `phase == "play"`, `tier in ["T1"]`, `vars.mood > 9`. */
import type { ASTNode } from "@marcbachmann/cel-js";

export type ComparisonSign = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** A name, as written, beside fixed values. `in` is "==" with several. */
export interface Comparison {
  readonly name: string;
  readonly sign: ComparisonSign;
  readonly values: readonly unknown[];
  /** The expression is false when this is. */
  readonly isNeeded: boolean;
}

const turned: Readonly<Record<ComparisonSign, ComparisonSign>> = {
  "==": "==",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

/** All comparisons of a name with what never changes. */
export function comparisonsIn(node: ASTNode, isNeeded = true): Comparison[] {
  if (node.op === "&&") return node.args.flatMap((side) => comparisonsIn(side, isNeeded));
  const found = compared(node, isNeeded);
  if (found) return [found];
  return partsOf(node).flatMap((part) => comparisonsIn(part, false));
}

function compared(node: ASTNode, isNeeded: boolean): Comparison | undefined {
  if (node.op !== "in" && !Object.hasOwn(turned, node.op)) return undefined;
  const [left, right] = node.args as [ASTNode, ASTNode];
  const sign = node.op === "in" ? "==" : (node.op as ComparisonSign);
  const [leftName, rightName] = [nameOf(left), nameOf(right)];
  const [leftValues, rightValues] = [valuesOf(left), valuesOf(right)];
  if (leftName !== "" && rightValues) return { name: leftName, sign, values: rightValues, isNeeded };
  if (rightName === "" || !leftValues) return undefined;
  return { name: rightName, sign: turned[sign], values: leftValues, isNeeded };
}

function nameOf(node: ASTNode): string {
  if (node.op === "id") return node.args;
  return node.op === "." && node.args[0].op === "id" ? `${node.args[0].args}.${node.args[1]}` : "";
}

function valuesOf(node: ASTNode): readonly unknown[] | undefined {
  if (node.op === "value") return [typeof node.args === "bigint" ? Number(node.args) : node.args];
  if (node.op === "-_" && node.args.op === "value") return [-Number(node.args.args)];
  if (node.op !== "list") return undefined;
  const values = node.args.map(valuesOf);
  return values.every((value) => value !== undefined) ? values.flat() : undefined;
}

/** Nodes right below one. */
function partsOf(node: ASTNode): readonly ASTNode[] {
  const isNode = (part: unknown): part is ASTNode => typeof part === "object" && part !== null && "op" in part;
  const args: unknown = node.args;
  return (Array.isArray(args) ? args.flat() : [args]).filter(isNode);
}

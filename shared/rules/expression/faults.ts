/** Says what the parser and the type check found in words for a streamer. */
import type { TypeError as CelTypeError, ParseError } from "@marcbachmann/cel-js";
import type { Fault } from "./check.ts";
import { functions } from "./functions.ts";

/** What a text that is no expression lacks. */
export function syntaxFault(text: string, error: ParseError): Fault {
  const at = Math.min(text.length, error.range?.start ?? 0);
  const offset = at;
  const rest = text.slice(at);
  const before = text.slice(0, at);
  const word = /^\w+/.exec(rest)?.[0] ?? "";
  const previous = /(\w+)\s+$/.exec(before)?.[1] ?? "";
  const fault = (message: string, where = offset): Fault => ({ message, offset: where });
  if (text.trim() === "") return fault("the expression is empty.", 0);
  const number = numberSlip(text);
  if (number) return fault(number, 0);
  if (error.code === "limit_exceeded") return fault(limitWords(error.summary));
  if (word === "and") return fault("write && for and.");
  if (word === "or") return fault("write || for or.");
  if (previous === "not") return fault("write ! for not, such as !viewer.follower.", before.lastIndexOf("not"));
  if (word === "is" || word === "equals") return fault("write == to compare.");
  if (/^[“”‘’„«»`]/.test(rest)) return fault(`write straight quotes: "text".`);
  if (/^=>|^=</.test(rest)) return fault(`write ${rest[1] === ">" ? ">=" : "<="}: the = stands behind.`);
  if (rest.startsWith("=")) return fault("write == to compare; a single = means nothing here.");
  if (rest.startsWith(">") && before.endsWith("<")) return fault("write != for different.", at - 1);
  if (rest.startsWith("&")) return fault("write && for and.");
  if (rest.startsWith("|")) return fault("write || for or.");
  if (/^[\^]/.test(rest) || (rest.startsWith("*") && before.endsWith("*")))
    return fault("there is no sign for powers; multiply, or write table(number, [[from, value], ...]).");
  if (error.code.startsWith("unterminated"))
    return fault(`this text has no end; close it with the same quote it begins with.`);
  if (error.code.includes("escape") || error.code === "newline_in_string")
    return fault('write \\\\ for a backslash in a text, and \\" for a quote.');
  if (error.code === "invalid_number") return fault("this is no number that can be computed with.");
  if (error.code === "reserved_identifier")
    return fault(`"${word}" is not available; for a choice write condition ? this : that.`);
  if (/\d$/.test(before) && word) return fault(`numbers have no units here; leave "${word}" out.`);
  if (rest === "") return fault("something is missing at the end.");
  if (error.summary.includes("got EOF")) return fault("something is missing at the end, such as a closing bracket.");
  return fault(
    `"${rest.slice(0, 1)}" is not expected here${word && previous ? `; between "${previous}" and "${word}" a sign such as == or && is missing` : ""}.`,
  );
}

/** How to write a number that is written as people write it elsewhere ("5%", "2,5"); "" for another text. */
export function numberSlip(text: string): string {
  const percent = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(text)?.[1];
  if (percent) return `Leave % out: write ${percent}, or ${Number(percent) / 100} where a part of 1 is wanted.`;
  const [, whole, part] = /^\s*(-?\d+),(\d+)\s*$/.exec(text) ?? [];
  return whole ? `Write a point, not a comma: ${whole}.${part}.` : "";
}

function limitWords(summary: string): string {
  if (summary.includes("maxDepth"))
    return "the expression is nested too deep; at most 12 levels. Use a variable or several rules.";
  return "the expression is too long; at most 100 parts. Use a variable or several rules.";
}

const words: Readonly<Record<string, string>> = {
  double: "a number",
  string: "a text",
  bool: "a flag (true or false)",
};

/** A type of the library in words: "a number". */
export function typeWords(type: string): string {
  if (type.startsWith("list")) return "a list";
  return words[type] ?? "something else";
}

/** What does not fit together, in words. */
export function typeFault(text: string, error: CelTypeError): Fault {
  const offset = Math.min(text.length, error.range?.start ?? 0);
  return { offset, message: typeMessage(error) };
}

function typeMessage({ code, summary }: CelTypeError): string {
  const quoted = [...summary.matchAll(/'([^']*)'/g)].map(([, inside]) => inside ?? "");
  switch (code) {
    case "no_such_overload":
      return operatorMessage(summary.slice("no such overload: ".length));
    case "no_matching_overload":
      return callMessage(quoted[0] ?? "");
    case "invalid_condition_type":
      return `before ? stands ${typeWords(quoted[0] ?? "")}, but a question is needed that is true or false, such as count > 3.`;
    case "invalid_logical_operand":
      return `&& and || join what is true or false, but one side is ${typeWords(quoted[0] ?? "")}; compare it, such as count > 3.`;
    case "incompatible_ternary_branches":
      return `both choices of ? : must be of one kind, but one is ${typeWords(quoted[0] ?? "")} and the other ${typeWords(quoted[1] ?? "")}.`;
    case "heterogeneous_list_element":
      return `all items of a list must be of one kind, but here ${typeWords(quoted[1] ?? "")} stands among others; the first is ${typeWords(quoted[0] ?? "")}.`;
    default:
      return `this cannot be computed (${summary}).`;
  }
}

/** `written` is "string + double" or "!double". */
function operatorMessage(written: string): string {
  const unary = /^([!-])(.+)$/.exec(written);
  if (unary) {
    const [, sign, type = ""] = unary;
    const needed = sign === "!" ? "true or false" : "a number";
    return `"${sign}" stands before what is ${needed}, but this is ${typeWords(type)}.`;
  }
  const [, left = "", sign = "", right = ""] = /^(.+) (\S+) (.+)$/.exec(written) ?? [];
  const sides = `${typeWords(left)} and ${typeWords(right)}`;
  if (sign === "==" || sign === "!=") return `${sides} can never be equal; compare two of one kind.`;
  if (sign === "in")
    return `${sides}: \`in\` asks whether something is in a list of its kind; for a part of a text write text.contains("word").`;
  if (sign === "+" && [left, right].includes("string"))
    return `"+" joins two texts or adds two numbers, but these are ${sides}.`;
  return `"${sign}" needs two numbers, but these are ${sides}.`;
}

/** `written` is "min(double, string)" or "string.contains(double)". */
function callMessage(written: string): string {
  const name = /^(?:.*\.)?(\w+)\(/.exec(written)?.[1] ?? "";
  const usage = Object.hasOwn(functions, name)
    ? functions[name]?.usage
    : `text.${name}("word") stands behind a text and takes one text`;
  const given = /\((.*)\)$/.exec(written)?.[1] ?? "";
  const got =
    given === ""
      ? "nothing"
      : given
          .split(/, (?![^<]*>)/)
          .map(typeWords)
          .join(", ");
  return `${usage}; it got ${got}.`;
}

/** What YAML itself finds wrong in a text, in the words of a streamer. */
import { type Document, isScalar, visit, type YAMLError } from "yaml";
import type { Place } from "../compiled.ts";
import type { Problems } from "./spot.ts";

const wronglyIndented =
  "This line is not indented like those it belongs to. Give all keys of one rule the same number of spaces.";

type PlaceAt = (offset: number) => Place;

/**
 * Adds the slips of a file's YAML; returns whether there are any. After the first slip YAML misreads all that follows, so only that
 * one is told.
 */
export function addSlips(
  documents: readonly Document.Parsed[],
  text: string,
  placeAt: PlaceAt,
  problems: Problems,
): boolean {
  const first = documents[0];
  const slip = first?.errors[0] ?? first?.warnings[0];
  if (slip) {
    const { offset, message } = explained(slip, first!, text);
    problems.add("RULES_SYNTAX", placeAt(offset), message);
    return true;
  }
  if (documents.length > 1) {
    const second = documents[1]!.range[0];
    problems.add(
      "RULES_SYNTAX",
      placeAt(second),
      'A second document begins here. Take out the line "---" and keep all rules in one.',
    );
    return true;
  }
  return false;
}

function explained(slip: YAMLError, document: Document.Parsed, text: string): { offset: number; message: string } {
  const offset = afterIndent(text, slip.pos[0]);
  const line = lineAt(text, offset);
  if (slip.message.startsWith("Nested mappings")) {
    return {
      offset,
      message: 'There are two ":" in this line. Put a text in quotes, or keys in braces: { viewer: 4s }.',
    };
  }
  if (slip.message.includes("sufficiently indented")) {
    return { offset, message: 'A "{" or "[" before this line is not closed, or this line is indented too little.' };
  }
  if (offset > slip.pos[0]) return { offset, message: wronglyIndented };
  switch (slip.code) {
    case "TAB_AS_INDENT":
      return { offset, message: "This line begins with a tab. Use spaces, two for each level." };
    case "BAD_SCALAR_START":
      return {
        offset,
        message: `A text cannot begin with ${text.charAt(offset)} here. Put it in quotes, such as "${text.charAt(offset)}".`,
      };
    case "TAG_RESOLVE_FAILED":
    case "MULTIPLE_TAGS":
      return {
        offset,
        message: 'A text that begins with "!" needs quotes, such as "!dash" or "!viewer.follower".',
      };
    case "MISSING_CHAR":
      return missing(slip, document, text);
    case "MULTILINE_IMPLICIT_KEY":
    case "BLOCK_AS_IMPLICIT_KEY":
      return { offset, message: missingColon(line) };
    case "BAD_ALIAS":
    case "ALIAS_PROPS":
      return { offset, message: 'A word that begins with "*" or "&" needs quotes.' };
    case "BAD_DQ_ESCAPE":
      return {
        offset,
        message: "In double quotes a backslash has a meaning of its own. Write two of them, or use single quotes.",
      };
    case "BAD_INDENT":
    case "BAD_COLLECTION_TYPE":
      return { offset, message: wronglyIndented };
    default:
      return { offset, message: otherwise(line) };
  }
}

/** The first sign of a line when the offset is in the spaces before it. */
function afterIndent(text: string, offset: number): number {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  if (/[^ ]/.test(text.slice(start, offset))) return offset;
  return offset + /^ */.exec(text.slice(offset, offset + 200))![0].length;
}

function otherwise(line: string): string {
  const value = /^[\s-]*[\w.-]+:\s+(.)/.exec(line);
  const first = value?.[1] ?? "";
  if (first === '"' || first === "'") {
    return "A text in quotes is over before the line is. Put quotes of the other kind around all of it.";
  }
  if (first === "{") return 'A text that begins with "{" needs quotes around all of it.';
  if (/[[\]{},]/.test(line)) return "A bracket, a comma or a quote is missing or too much in this line.";
  return "This cannot be read here. Look for a missing colon, a missing quote, or a wrong number of spaces at the line's beginning.";
}

function missing(slip: YAMLError, document: Document.Parsed, text: string): { offset: number; message: string } {
  if (slip.message.includes("closing")) {
    const offset = openQuote(document, text, slip.pos[0]);
    return {
      offset,
      message: `A text begins with ${text.charAt(offset)} here and never ends. Close it with the same quote.`,
    };
  }
  return { offset: slip.pos[0], message: 'A bracket, a comma or ":" is missing here.' };
}

/** Where the text begins whose closing quote is missing. */
function openQuote(document: Document.Parsed, text: string, end: number): number {
  let found = end;
  visit(document, {
    Scalar(_, node) {
      if (isScalar(node) && node.range && /["']/.test(text.charAt(node.range[0])) && node.range[0] < end)
        found = node.range[0];
    },
  });
  return found;
}

function missingColon(line: string): string {
  const glued = /^\s*(?:- )?([\w.-]+):\S/.exec(line);
  if (glued) return `A space is missing after "${glued[1]}:".`;
  return 'A ":" is missing in this line, or a line is indented too far. A key is written "key: value".';
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  return text.slice(start, end < 0 ? start + 200 : Math.min(end, start + 200));
}

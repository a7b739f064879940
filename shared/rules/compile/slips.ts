/** What YAML itself finds wrong in a text, in the words of a streamer. */
import { type CST, type Document, isScalar, visit, type YAMLError } from "yaml";
import type { Place } from "../compiled.ts";
import { bracketsOf, openBracket } from "./brackets.ts";
import type { Problems } from "./spot.ts";

const wronglyIndented =
  "This line is not indented like those it belongs to. Give all keys of one rule the same number of spaces.";
const wrongDash =
  'This "- " does not stand below the "- " of the list it belongs to. Give each "- " of a list the same number of spaces.';
const noDash =
  'Each entry of a list, such as a rule, begins with "- ". If one begins here, write "- " before it; if this belongs to the one above, give it two more spaces.';

type PlaceAt = (offset: number) => Place;

/** A file as YAML reads it. */
interface Reading {
  readonly text: string;
  readonly tokens: readonly CST.Token[];
  readonly documents: readonly Document.Parsed[];
}

/**
 * Adds the slips of a file's YAML; returns whether there are any. After the first slip YAML misreads all that follows, so only that
 * one is told.
 */
export function addSlips({ text, tokens, documents }: Reading, placeAt: PlaceAt, problems: Problems): boolean {
  const first = documents[0];
  const slip = first?.errors[0] ?? first?.warnings[0];
  if (slip) {
    const { offset, message } = isUnclosed(slip) ? unclosed(tokens, slip, text) : explained(slip, first!, text);
    problems.add("RULES_SYNTAX", placeAt(offset), `${message} Mend this first; more may follow.`);
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

/** A slip in words, and where it is. */
interface Explained {
  readonly offset: number;
  readonly message: string;
}

/** Of a "{" or "[". YAML says so where it gives up, which can be lines later. */
const isUnclosed = ({ message }: YAMLError): boolean => /must end with a|sufficiently indented/.test(message);

function unclosed(tokens: readonly CST.Token[], slip: YAMLError, text: string): Explained {
  const offset = openBracket(tokens) ?? afterIndent(text, slip.pos[0]);
  const open = text.charAt(offset);
  const close = open === "[" ? "]" : "}";
  const line = lineAt(text, offset).slice(column(text, offset));
  const message =
    bracketsOf(line).comment >= 0
      ? `This "${open}" is not closed, because " #" begins a comment: what stands behind it is not read. Put a text with # in quotes.`
      : `This "${open}" is not closed. Write "${close}" where it ends, and indent the lines in between.`;
  return { offset, message };
}

function explained(slip: YAMLError, document: Document.Parsed, text: string): Explained {
  const offset = afterIndent(text, slip.pos[0]);
  const line = lineAt(text, offset);
  if (slip.message.startsWith("Nested mappings")) {
    const isOneKey = (line.match(/:(?=\s|$)/g) ?? []).length < 2;
    const message = isOneKey
      ? "The line after this one is indented too far. Give all keys of one rule the same number of spaces."
      : 'There are two ":" in this line. Put a text in quotes, or keys in braces: { viewer: 4s }.';
    return { offset, message };
  }
  if (offset > slip.pos[0]) return { offset, message: misplaced(text, offset) };
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
      return { offset, message: text.startsWith("- ", offset) ? wrongDash : missingColon(line) };
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
      return { offset, message: misplaced(text, offset) };
    default:
      return otherwise(text, offset);
  }
}

/** The first sign of a line when the offset is in the spaces before it. */
function afterIndent(text: string, offset: number): number {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  if (/[^ ]/.test(text.slice(start, offset))) return offset;
  return offset + /^ */.exec(text.slice(offset, offset + 200))![0].length;
}

/** What to say about a line with a wrong number of spaces before it. */
function misplaced(text: string, offset: number): string {
  if (text.startsWith("- ", offset)) return wrongDash;
  const indent = column(text, offset);
  const before = text.slice(0, offset - indent).split("\n");
  const above = before.findLast((line) => /\S/.test(line) && line.search(/\S/) <= indent);
  return above?.startsWith("- ", indent) ? noDash : wronglyIndented;
}

function otherwise(text: string, offset: number): Explained {
  const line = lineAt(text, offset);
  const written = /^[\s-]*[\w.-]+:\s+(.*)/.exec(line)?.[1] ?? "";
  if (/^["']/.test(written)) {
    const message = "A text in quotes is over before the line is. Put quotes of the other kind around all of it.";
    return { offset, message };
  }
  if (written.startsWith("{")) return braced(text, offset, written);
  if (/[[\]{},]/.test(line))
    return { offset, message: "A bracket, a comma or a quote is missing or too much in this line." };
  const message =
    "This cannot be read here. Look for a missing colon, a missing quote, or a wrong number of spaces at the line's beginning.";
  return { offset, message };
}

/** Of a value that begins with "{" and cannot be read. */
function braced(text: string, offset: number, written: string): Explained {
  const { depth } = bracketsOf(written);
  if (depth < 0) return { offset, message: 'There is a "}" or "]" too many in this line. Take it out.' };
  if (depth > 0) return { offset, message: 'A "}" or "]" is missing in this line.' };
  if (/^\{\s*[^\s:{}]+\s*\}\s*[^\s}]/.test(written))
    return { offset, message: 'A text that begins with "{" needs quotes around all of it.' };
  const key = /([\w.-]+):\s[^:,\n]*$/.exec(text.slice(Math.max(0, offset - 200), offset))?.[1];
  const message = key
    ? `What stands behind "${key}:" has signs with a meaning of their own. Put it in quotes: ${key}: "...".`
    : "Something here has signs with a meaning of their own. Put each text and each expression in quotes.";
  return { offset, message };
}

function missing(slip: YAMLError, document: Document.Parsed, text: string): Explained {
  if (slip.message.includes("closing")) {
    const offset = openQuote(document, text, slip.pos[0]);
    return {
      offset,
      message: `A text begins with ${text.charAt(offset)} here and never ends. Close it with the same quote.`,
    };
  }
  const offset = slip.pos[0];
  const glued = gluedKey(text.slice(offset, offset + 200));
  return { offset, message: glued || 'A bracket, a comma or ":" is missing here.' };
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
  const key = gluedKey(line.replace(/^\s*(?:- )?/, ""));
  return key || 'A ":" is missing in this line, or a line is indented too far. A key is written "key: value".';
}

/** What to say about "key:value"; "" when the text does not begin so. */
function gluedKey(text: string): string {
  const key = /^([\w.-]+):[^\s,}\]]/.exec(text)?.[1];
  return key ? `A space is missing after "${key}:".` : "";
}

/** Characters before the offset in its line. */
function column(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  return text.slice(start, end < 0 ? start + 200 : Math.min(end, start + 200));
}

/** Reads one rule file's text: YAML to plain data with a place for everything, within bounds, its slips in plain words. */
import { Composer, type CST, type Document, isMap, Lexer, LineCounter, type ParsedNode, Parser } from "yaml";
import type { Place } from "../compiled.ts";
import { DataReader } from "./data.ts";
import { addSlips } from "./slips.ts";
import { type Problems, RuleSource } from "./spot.ts";

/** Largest rule file read, in characters. */
export const maxFileLength = 1_000_000;
/** Most words and signs YAML may see in a file, about 200 for each of the most rules; and most levels within levels. */
const maxTokens = 200_000;
/** Most anchors (&) and tags (!); YAML finds something to say about each, so that many take seconds. */
const maxMarks = 1000;
const maxDepth = 40;

/** Reads a file. Undefined when it cannot be used; the problems say why. */
export function readSource(file: string, written: string, problems: Problems): RuleSource | undefined {
  // A byte order mark is no part of the first line.
  const text = written.startsWith("\uFEFF") ? written.slice(1) : written;
  if (refusedText(file, text, problems)) return undefined;
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const tokens = tokensOf(text, lines, placeAt, problems);
  if (!tokens) return undefined;
  const composer = new Composer({ version: "1.2", schema: "core", uniqueKeys: false, logLevel: "silent" });
  const documents = [...composer.compose(tokens, true, text.length)] as Document.Parsed[];
  if (addSlips({ text, tokens, documents }, placeAt, problems)) return undefined;
  const { contents } = documents[0]!;
  if (!isMap(contents)) {
    const message = 'A rule file has keys at its top, such as "game:" and "rules:". Here is something else.';
    problems.add("RULES_SHAPE", placeAt(contents?.range[0] ?? 0), message);
    return undefined;
  }
  const reader = new DataReader(text, placeAt, problems);
  const data = reader.read(contents as ParsedNode) as Readonly<Record<string, unknown>>;
  return reader.isRefused ? undefined : new RuleSource(file, data, contents.range[0], reader.marks, lines);
}

function refusedText(file: string, text: string, problems: Problems): boolean {
  const top: Place = { file, line: 1, column: 1 };
  if (text.length > maxFileLength) {
    problems.add("RULES_TOO_LARGE", top, "The file has more than 1,000,000 characters. Split it and use include.");
    return true;
  }
  const damaged = text.search(/[\0\uFFFD]/);
  if (damaged < 0) return false;
  const before = text.slice(0, damaged);
  const line = before.split("\n").length;
  const column = damaged - before.lastIndexOf("\n");
  const what = text.charAt(damaged) === "\0" ? "bytes that are no text" : "letters that are not written in UTF-8";
  problems.add("RULES_ENCODING", { file, line, column }, `The file has ${what} here. Save it as plain text in UTF-8.`);
  return true;
}

/** The file's tokens; undefined, and told, when there are too many, too deep, or such as a rule file does not have. */
function tokensOf(
  text: string,
  lines: LineCounter,
  placeAt: (offset: number) => Place,
  problems: Problems,
): CST.Token[] | undefined {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  let count = 0;
  let marks = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (/^[&!]/.test(lexeme) && ++marks > maxMarks) {
      const message = `The file has more than ${maxMarks} words that begin with & or !. Put such words in quotes.`;
      problems.add("RULES_TOO_LARGE", placeAt(parser.offset), message);
      return undefined;
    }
    if (++count > maxTokens) {
      problems.add("RULES_TOO_LARGE", placeAt(parser.offset), "The file has too many words and signs. Split it.");
      return undefined;
    }
    for (const token of parser.next(lexeme)) tokens.push(token);
  }
  for (const token of parser.end()) tokens.push(token);
  const directive = tokens.find(({ type }) => type === "directive");
  if (directive) {
    const message = "A line that begins with % changes how YAML is read. Take it out.";
    problems.add("RULES_SYNTAX", placeAt(directive.offset), message);
    return undefined;
  }
  const deep = tooDeep(tokens);
  if (deep === undefined) return tokens;
  const message = `Here are more than ${maxDepth} levels within each other. Make it simpler; perhaps a bracket is not closed.`;
  problems.add("RULES_TOO_LARGE", placeAt(deep), message);
  return undefined;
}

/** Offset of the first thing that stands too deep, undefined for none. Without recursion: that is what it guards. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const waiting = tokens.map((token) => ({ token, depth: 1 }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > maxDepth) return token.offset;
    if (token.type === "document" && token.value) waiting.push({ token: token.value, depth });
    if (!("items" in token)) continue;
    for (const item of token.items) {
      if (item.key) waiting.push({ token: item.key, depth: depth + 1 });
      if (item.value) waiting.push({ token: item.value, depth: depth + 1 });
    }
  }
  return undefined;
}

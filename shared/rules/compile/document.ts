/** Reads one rule file's text: YAML to plain data with a place for everything, within bounds, its slips in plain words. */
import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type ParsedNode,
  Parser,
  type Scalar,
} from "yaml";
import type { Place } from "../compiled.ts";
import { addSlips } from "./slips.ts";
import { type Mark, type Problems, quoted, RuleSource } from "./spot.ts";

/** Largest rule file read, in characters. */
export const maxFileLength = 1_000_000;
/** Most words and signs YAML may see in a file, entries it may grow to by its aliases, and levels within levels. */
const maxTokens = 400_000;
const maxNodes = 100_000;
const maxDepth = 40;
/** Most entries of one list or map; no part of the rule file may have more. */
const maxEntries = 2000;

/** Reads a file. Undefined when it cannot be used; the problems say why. */
export function readSource(file: string, text: string, problems: Problems): RuleSource | undefined {
  if (refusedText(file, text, problems)) return undefined;
  const lines = new LineCounter();
  const tokens = tokensOf(text, lines);
  const tooMuch = Array.isArray(tokens) ? tooDeep(tokens) : tokens.tooMany;
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (!Array.isArray(tokens) || tooMuch !== undefined) {
    const what = Array.isArray(tokens) ? `more than ${maxDepth} levels within each other` : "more than 400,000 words";
    problems.add(
      "RULES_TOO_LARGE",
      placeAt(tooMuch ?? 0),
      `The file has ${what} up to here. Split it, or make it simpler.`,
    );
    return undefined;
  }
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    uniqueKeys: false,
    logLevel: "silent",
    prettyErrors: false,
  });
  const documents = [...composer.compose(tokens, true, text.length)] as Document.Parsed[];
  const document = documents[0]!;
  if (addSlips(documents, text, placeAt, problems)) return undefined;
  if (!isMap(document.contents)) {
    const place = placeAt(document.contents?.range[0] ?? 0);
    problems.add(
      "RULES_SHAPE",
      place,
      'A rule file has keys at its top, such as "game:" and "rules:". Here is something else.',
    );
    return undefined;
  }
  const reader = new DataReader(text, placeAt, problems);
  const data = reader.read(document.contents as ParsedNode);
  if (reader.isRefused) return undefined;
  return new RuleSource(file, data as Readonly<Record<string, unknown>>, reader.marks, lines);
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

/** The file's tokens, or the offset at which there are too many. */
function tokensOf(text: string, lines: LineCounter): CST.Token[] | { tooMany: number } {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++count > maxTokens) return { tooMany: parser.offset };
    for (const token of parser.next(lexeme)) tokens.push(token);
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** Offset of the first thing that stands too deep, undefined for none. Without recursion: that is what it guards. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const waiting = tokens.map((token) => ({ token, depth: 0 }));
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

/** Turns nodes into data. What an alias stands for is read anew each time, so that the bound counts what the file grows to. */
class DataReader {
  readonly marks = new Map<object, Map<string, Mark>>();
  isRefused = false;
  readonly #text: string;
  readonly #placeAt: (offset: number) => Place;
  readonly #problems: Problems;
  readonly #anchors = new Map<string, ParsedNode>();
  /** Anchors that are being read, so that none stands for itself. */
  readonly #open = new Set<ParsedNode>();
  #count = 0;

  constructor(text: string, placeAt: (offset: number) => Place, problems: Problems) {
    this.#text = text;
    this.#placeAt = placeAt;
    this.#problems = problems;
  }

  read(node: ParsedNode | null): unknown {
    if (node === null || this.isRefused) return null;
    if (++this.#count > maxNodes) {
      return this.#refuse(
        node,
        "RULES_TOO_LARGE",
        `The file grows to more than ${maxNodes} entries here. Split it, and use fewer aliases (*).`,
      );
    }
    if (isAlias(node)) return this.#alias(node);
    if ("anchor" in node && node.anchor) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return typeof node.value === "bigint" ? Number(node.value) : node.value;
    this.#open.add(node);
    const data = isSeq(node) ? this.#list(node) : isMap(node) ? this.#map(node) : null;
    this.#open.delete(node);
    return data;
  }

  #alias(node: Alias.Parsed): unknown {
    const target = this.#anchors.get(node.source);
    if (!target)
      return this.#refuse(
        node,
        "RULES_SYNTAX",
        `"*${node.source}" stands for nothing: no "&${node.source}" comes before it. For a text that begins with *, use quotes.`,
      );
    if (this.#open.has(target))
      return this.#refuse(node, "RULES_SYNTAX", `"*${node.source}" stands inside of what it stands for. Write it out.`);
    return this.read(target);
  }

  #list(node: { items: ParsedNode[] }): unknown[] {
    const list: unknown[] = [];
    const marks = new Map<string, Mark>();
    this.marks.set(list, marks);
    if (this.#tooMany(node.items)) return list;
    for (const [index, item] of node.items.entries()) {
      list.push(this.read(item));
      marks.set(String(index), this.#mark(item, item));
    }
    return list;
  }

  #map(node: { items: { key: unknown; value: unknown }[] }): Record<string, unknown> {
    const data: Record<string, unknown> = {};
    const marks = new Map<string, Mark>();
    this.marks.set(data, marks);
    if (this.#tooMany(node.items.map(({ key }) => key as ParsedNode))) return data;
    for (const pair of node.items) {
      const keyNode = pair.key as ParsedNode;
      const key = this.#key(keyNode, marks);
      if (key === undefined) continue;
      const value = pair.value as ParsedNode | null;
      marks.set(key, this.#mark(keyNode, value ?? keyNode));
      data[key] = this.read(value);
    }
    return data;
  }

  #key(node: ParsedNode | null, marks: ReadonlyMap<string, Mark>): string | undefined {
    if (!isScalar(node)) {
      const place = node ?? { range: [0] };
      this.#problems.add(
        "RULES_SHAPE",
        this.#placeAt(place.range[0]),
        "A key must be a single word. For a text that begins with { or [, use quotes.",
      );
      this.isRefused = true;
      return undefined;
    }
    const key = String((node as Scalar).value ?? "");
    if (key === "__proto__") {
      this.#problems.add(
        "RULES_UNKNOWN_KEY",
        this.#placeAt(node.range[0]),
        '"__proto__" cannot be a key. Take another name.',
      );
      return undefined;
    }
    if (!marks.has(key)) return key;
    const { line } = this.#placeAt(marks.get(key)!.key);
    this.#problems.add(
      "RULES_SYNTAX",
      this.#placeAt(node.range[0]),
      `The key ${quoted(key)} stands here a second time, first in line ${line}. Keep one of them.`,
    );
    return undefined;
  }

  #mark(key: ParsedNode, value: ParsedNode): Mark {
    const start = value.range[0];
    const text = isScalar(value) && typeof value.value === "string" ? value.value : undefined;
    let content = -1;
    if (text !== undefined && this.#text.startsWith(text, start)) content = start;
    else if (text !== undefined && /["']/.test(this.#text.charAt(start)) && this.#text.startsWith(text, start + 1))
      content = start + 1;
    return { key: key.range[0], value: start, content };
  }

  #tooMany(items: readonly ParsedNode[]): boolean {
    const first = items[maxEntries];
    if (first)
      this.#refuse(
        first,
        "RULES_TOO_LARGE",
        `This list has ${items.length} entries; at most ${maxEntries} are read. Split it.`,
      );
    return first !== undefined;
  }

  #refuse(node: ParsedNode, code: "RULES_TOO_LARGE" | "RULES_SYNTAX", message: string): null {
    if (!this.isRefused) this.#problems.add(code, this.#placeAt(node.range[0]), message);
    this.isRefused = true;
    return null;
  }
}

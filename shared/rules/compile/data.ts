/** Turns YAML nodes into plain data with marks, within bounds: aliases opened, keys that stand twice told. */
import { type Alias, isAlias, isMap, isScalar, isSeq, type ParsedNode } from "yaml";
import type { Place } from "../compiled.ts";
import { type Mark, type Problems, quoted } from "./spot.ts";

/** Most entries a file may have, what its aliases stand for counted each time. */
const maxNodes = 100_000;
/** Most entries of one list or map; no part of the rule file may have more. */
const maxEntries = 2000;
/** Longest key, in characters. */
const maxKeyLength = 200;

/** Turns nodes into data. What an alias stands for is read anew each time, so that the bound counts what the file grows to. */
export class DataReader {
  readonly marks = new Map<object, Map<string, Mark>>();
  isRefused = false;
  readonly #text: string;
  readonly #placeAt: (offset: number) => Place;
  readonly #problems: Problems;
  readonly #anchors = new Map<string, ParsedNode>();
  /** Anchors that are being read, so that none stands for itself. */
  readonly #open = new Set<ParsedNode>();
  /** The alias of the file itself through which is read what stands elsewhere. */
  #through: ParsedNode | undefined;
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
    const before = this.#through;
    this.#through ??= node;
    const data = this.read(target);
    this.#through = before;
    return data;
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
      // Where nothing stands after a key, the key is what a person sees.
      marks.set(key, this.#mark(keyNode, value && !isNothing(value) ? value : keyNode));
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
    const key = String(node.value ?? "");
    if (key.length > maxKeyLength) {
      this.#refuse(
        node,
        "RULES_TOO_LARGE",
        `This key has more than ${maxKeyLength} characters. Perhaps a quote is not closed.`,
      );
      return undefined;
    }
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
    if (!this.isRefused) this.#problems.add(code, this.#placeAt((this.#through ?? node).range[0]), message);
    this.isRefused = true;
    return null;
  }
}

/** Whether not even a "null" or "~" stands there. */
function isNothing(node: ParsedNode): boolean {
  return isScalar(node) && node.value === null && node.source === "";
}

/**
 * Pack: a game's own data as plain JSON and back, whatever refers to whatever in it. Keeps what two places share one and the same, circles
 * too; keeps NaN, Infinity, -0 and undefined. Knows plain objects, arrays, Maps and Sets, entities of the world and members of the crowd.
 */
import type { Member } from "../game/crowd.ts";
import { RemovedEntity } from "../world/entity.ts";
import { type Entity, type EntityId, isEntity } from "../world/world.ts";

/** What stands outside the data and is referred to from inside. */
export interface Outside {
  entity(id: EntityId): Entity | undefined;
  member(key: string): Member | undefined;
}

/** A value within packed data: itself, or in brackets the number of a node or the name of what JSON does not know. */
type Slot =
  | null
  | boolean
  | number
  | string
  | readonly [number | "undefined" | "NaN" | "Infinity" | "-Infinity" | "-0"];

/**
 * One object: "a" array, "s" Set, "m" Map (key, value, key, ...), "o" plain object and "n" one without a prototype (number of its field names,
 * then the values), "e" entity by id, "r" removed entity (its fields), "c" member of the crowd by key.
 */
type Node = readonly ["a" | "s" | "m" | "o" | "n" | "e" | "r" | "c", ...Slot[]];

/** Data as plain JSON. */
export interface PackedData {
  readonly root: Slot;
  readonly nodes: readonly Node[];
  /** Field names of plain objects; those with the same names share them. */
  readonly fields: readonly (readonly string[])[];
}

const entityFields = [
  ...(["id", "kind", "shape", "motion", "sensor", "viewer", "x", "y", "angle"] as const),
  ...(["vx", "vy", "speed", "spin", "mass", "radius", "alive", "wear"] as const),
];

/** Where a value was found, for people: told only when it cannot be kept. */
interface Found {
  readonly value: object;
  readonly in: Found | undefined;
  /** Field, place in a list or key of a Map; undefined for a key itself and an item of a Set. */
  readonly at: unknown;
}

/** Packs a value. Throws an Error that names the place of what is no plain data: a function, a class of one's own, a symbol. */
export function packData(value: unknown, outside: Outside): PackedData {
  return new Packing(outside).pack(value);
}

class Packing {
  readonly #outside: Outside;
  readonly #numbers = new Map<object, number>();
  readonly #found: Found[] = [];
  readonly #fieldNumbers = new Map<string, number>();
  readonly #fields: (readonly string[])[] = [];
  #lastFields = -1;

  constructor(outside: Outside) {
    this.#outside = outside;
  }

  pack(value: unknown): PackedData {
    const root = this.#slot(value, undefined, undefined);
    const nodes: Node[] = [];
    // Grows while it is gone through: a long chain of objects must not become a deep stack of calls.
    for (const found of this.#found) nodes.push(this.#node(found));
    return { root, nodes, fields: this.#fields };
  }

  #slot(value: unknown, within: Found | undefined, at: unknown): Slot {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) && !Object.is(value, -0) ? value : [specialOf(value)];
      case "undefined":
        return ["undefined"];
      case "object":
        return value === null ? null : [this.#numberOf(value, within, at)];
      default:
        throw notPlain(`a ${typeof value}`, within, at);
    }
  }

  #numberOf(value: object, within: Found | undefined, at: unknown): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const number = this.#found.push({ value, in: within, at }) - 1;
    this.#numbers.set(value, number);
    return number;
  }

  #node(found: Found): Node {
    const { value } = found;
    if (isEntity(value)) return this.#entity(value, found);
    const { key } = value as Partial<Member>;
    if (typeof key === "string" && this.#outside.member(key) === value) return ["c", key];
    const prototype = Object.getPrototypeOf(value);
    switch (prototype) {
      case Array.prototype:
        return this.#array(value as unknown[], found);
      case Set.prototype:
        return ["s", ...Array.from(value as Set<unknown>, (item) => this.#slot(item, found, undefined))];
      case Map.prototype:
        return this.#map(value as Map<unknown, unknown>, found);
      case Object.prototype:
        return this.#object("o", value as Record<string, unknown>, found);
      case null:
        return this.#object("n", value as Record<string, unknown>, found);
      default:
        throw notPlain(`of the class ${prototype.constructor?.name || "without a name"}`, found.in, found.at);
    }
  }

  #entity(entity: Entity, found: Found): Node {
    if (this.#outside.entity(entity.id) === entity) return ["e", entity.id];
    return ["r", ...entityFields.map((name) => this.#slot(entity[name], found, name))];
  }

  #array(value: unknown[], found: Found): Node {
    if (Object.keys(value).length !== value.length) throw notPlain("a list with gaps or fields", found.in, found.at);
    return ["a", ...value.map((item, at) => this.#slot(item, found, at))];
  }

  #map(value: Map<unknown, unknown>, found: Found): Node {
    const node: [Node[0], ...Slot[]] = ["m"];
    for (const [key, item] of value) node.push(this.#slot(key, found, undefined), this.#slot(item, found, key));
    return node;
  }

  #object(kind: "o" | "n", value: Record<string, unknown>, found: Found): Node {
    if (Object.getOwnPropertySymbols(value).length > 0) throw notPlain("an object with a symbol", found.in, found.at);
    const names = Object.keys(value);
    const node: [Node[0], ...Slot[]] = [kind, this.#fieldsOf(names, value, found)];
    for (const name of names) node.push(this.#slot(value[name], found, name));
    return node;
  }

  /** Number of the field names. Most objects have those of the one before. */
  #fieldsOf(names: readonly string[], value: object, found: Found): number {
    const last = this.#fields[this.#lastFields];
    if (last?.length === names.length && last.every((name, at) => name === names[at])) return this.#lastFields;
    const text = JSON.stringify(names);
    const number = this.#fieldNumbers.get(text) ?? this.#fields.push(names) - 1;
    if (!this.#fieldNumbers.has(text)) refuseComputed(names, value, found);
    this.#fieldNumbers.set(text, number);
    this.#lastFields = number;
    return number;
  }
}

/** A field that is computed when it is read would come back as the value it has now. */
function refuseComputed(names: readonly string[], value: object, found: Found): void {
  for (const name of names) {
    if (Object.getOwnPropertyDescriptor(value, name)?.get) throw notPlain("computed when it is read", found, name);
  }
}

function specialOf(value: number): "NaN" | "Infinity" | "-Infinity" | "-0" {
  if (Number.isNaN(value)) return "NaN";
  if (value === 0) return "-0";
  return value > 0 ? "Infinity" : "-Infinity";
}

function notPlain(what: string, within: Found | undefined, at: unknown): Error {
  let path = within ? wordsOf(within, at) : "";
  for (let outer = within; outer?.in; outer = outer.in) path = `${wordsOf(outer.in, outer.at)}${path}`;
  return new Error(`game data${path === "" ? "" : ` at ${path}`} is ${what}; a game keeps plain data only`);
}

function wordsOf({ value }: Found, at: unknown): string {
  if (at === undefined) return value instanceof Map ? ".key" : ".item";
  if (!Array.isArray(value) && !(value instanceof Map)) return `.${at}`;
  return `[${typeof at === "object" ? "{}" : (JSON.stringify(at) ?? String(at))}]`;
}

/** The value again. What it refers to outside must be there; throws when it is not. */
export function unpackData({ root, nodes, fields }: PackedData, outside: Outside): unknown {
  // First all objects, empty, so that they can be put into each other.
  const objects = nodes.map((node) => emptyOf(node, outside));
  const valueIn = (slot: Slot): unknown => {
    if (!Array.isArray(slot)) return slot;
    const [what] = slot as readonly [number | string];
    if (typeof what === "number") return objects[what];
    return what === "undefined" ? undefined : Number(what);
  };
  for (let at = 0; at < nodes.length; at++) fill(objects[at]!, nodes[at]!, fields, valueIn);
  return valueIn(root);
}

function emptyOf([kind, name]: Node, outside: Outside): object {
  switch (kind) {
    case "a":
      return [];
    case "m":
      return new Map();
    case "s":
      return new Set();
    case "o":
      return {};
    case "n":
      return Object.create(null);
    case "r":
      return new RemovedEntity();
    default: {
      const there = kind === "e" ? outside.entity(name as number) : outside.member(name as string);
      if (!there)
        throw new Error(`the saved game refers to ${kind === "e" ? "body" : "viewer"} ${name}, which is not there`);
      return there;
    }
  }
}

type ValueIn = (slot: Slot) => unknown;

/** What an object holds stands in its node from place 1 on, of a plain one from 2. */
function fill(object: object, node: Node, fields: PackedData["fields"], valueIn: ValueIn): void {
  const slots = node as readonly Slot[];
  switch (node[0]) {
    case "a":
      for (let at = 1; at < slots.length; at++) (object as unknown[]).push(valueIn(slots[at]!));
      return;
    case "s":
      for (let at = 1; at < slots.length; at++) (object as Set<unknown>).add(valueIn(slots[at]!));
      return;
    case "m":
      for (let at = 1; at < slots.length; at += 2)
        (object as Map<unknown, unknown>).set(valueIn(slots[at]!), valueIn(slots[at + 1]!));
      return;
    case "r":
      setFields(object, entityFields, slots, 1, valueIn);
      return;
    case "o":
    case "n":
      setFields(object, fields[node[1] as number]!, slots, 2, valueIn);
  }
}

function setFields(
  object: object,
  names: readonly string[],
  slots: readonly Slot[],
  from: number,
  valueIn: ValueIn,
): void {
  for (let at = 0; at < names.length; at++) {
    const name = names[at]!;
    const value = valueIn(slots[from + at]!);
    // Set, a field called __proto__ would become something else.
    if (name !== "__proto__") (object as Record<string, unknown>)[name] = value;
    else Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  }
}

/** Walks a schema along a path of the data, to say what could stand there. */
import { z } from "zod";
import type { Path } from "./spot.ts";

type Schema = z.core.$ZodTypes;

/** Keys that a map may have at a path, each with its sentence for the editor; empty for none, or for free keys. */
export function keysAt(schema: z.ZodType, data: unknown, path: Path): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const candidate of schemasAt(schema, data, path)) {
    if (candidate._zod.def.type !== "object") continue;
    for (const [key, value] of Object.entries(candidate._zod.def.shape)) keys.set(key, descriptionOf(value as Schema));
  }
  return keys;
}

/** What the editor says about a path; "" for nothing. */
export function helpAt(schema: z.ZodType, data: unknown, path: Path): string {
  const key = path.at(-1);
  return key === undefined ? "" : (keysAt(schema, data, path.slice(0, -1)).get(String(key)) ?? "");
}

/** How a map is written that may stand at a path: "{ viewer: ... }"; "" when none may. The innermost value is what was written. */
export function exampleAt(schema: z.ZodType, data: unknown, path: Path, written: unknown): string {
  for (const candidate of schemasAt(schema, data, path)) {
    const example = exampleOf(candidate, written);
    if (example) return example;
  }
  return "";
}

/** Words of which one may stand at a path; empty when there are none such. */
export function wordsAt(schema: z.ZodType, data: unknown, path: Path): string[] {
  return schemasAt(schema, data, path).flatMap(({ _zod: { def } }) =>
    def.type === "enum" ? Object.values(def.entries).map(String) : [],
  );
}

function exampleOf(schema: Schema, written: unknown): string {
  const { def } = schema._zod;
  if (def.type !== "object") return "";
  const [first] = Object.entries(def.shape);
  if (!first) return "";
  const [key, value] = first;
  const inner = opened(value as Schema)
    .map((candidate) => exampleOf(candidate, written))
    .find(Boolean);
  const isFlag = opened(value as Schema).some(({ _zod }) => _zod.def.type === "boolean");
  if (isFlag) return `{ ${key}: true }`;
  const plain = typeof written === "string" || typeof written === "number" ? String(written).slice(0, 20) : "...";
  return `{ ${key}: ${inner ?? plain} }`;
}

/** Schemas that could be meant at a path, wrappers and unions opened. */
function schemasAt(schema: z.ZodType, data: unknown, path: Path): Schema[] {
  let candidates = opened(schema as unknown as Schema);
  let value = data;
  candidates = narrowed(candidates, value);
  for (const key of path) {
    candidates = candidates.flatMap((candidate) => below(candidate, key)).flatMap(opened);
    value = value !== null && typeof value === "object" ? (value as Record<string | number, unknown>)[key] : undefined;
    candidates = narrowed(candidates, value);
  }
  return candidates;
}

function below({ _zod: { def } }: Schema, key: string | number): Schema[] {
  if (def.type === "object") {
    const { shape } = def;
    return Object.hasOwn(shape, key) ? [shape[key] as Schema] : [];
  }
  if (def.type === "array") return typeof key === "number" ? [def.element as Schema] : [];
  return def.type === "record" ? [def.valueType as Schema] : [];
}

/** A schema without its wrappers; the branches of a union. */
function opened(schema: Schema): Schema[] {
  const { def } = schema._zod;
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "readonly":
      return opened(def.innerType as Schema);
    case "lazy":
      return opened(def.getter() as Schema);
    case "union":
      return def.options.flatMap((option) => opened(option as Schema));
    default:
      return [schema];
  }
}

/** Of several kinds of maps told apart by `on`, the one that the data names. */
function narrowed(candidates: Schema[], value: unknown): Schema[] {
  const on = value !== null && typeof value === "object" && "on" in value ? value.on : undefined;
  if (on === undefined || candidates.length < 2) return candidates;
  const named = candidates.filter(({ _zod: { def } }) => {
    const kind = def.type === "object" ? (def.shape.on as Schema | undefined)?._zod.def : undefined;
    return kind?.type === "literal" && (kind.values as readonly unknown[]).includes(on);
  });
  return named.length > 0 ? named : candidates;
}

function descriptionOf(schema: Schema): string {
  const own = z.globalRegistry.get(schema as unknown as z.ZodType)?.description;
  const { def } = schema._zod;
  if (typeof own === "string" && own !== "") return own;
  return "innerType" in def ? descriptionOf(def.innerType as Schema) : "";
}

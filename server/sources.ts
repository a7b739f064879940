/** Finds live sources: each file in server/sources is one. */
import { readdirSync } from "node:fs";
import { didYouMean } from "../shared/rules/problem.ts";
import type { SourceDefinition } from "./ingest/source.ts";
import { UserError } from "./user-error.ts";

const folder = new URL("./sources/", import.meta.url);

/** Ids of all sources, in alphabetical order. */
export function sourceIds(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.slice(0, -".ts".length))
    .sort();
}

/** Loads a source by id. Throws a UserError that lists the sources there are. */
export async function loadSource(id: string): Promise<SourceDefinition> {
  const known = sourceIds();
  if (!known.includes(id)) {
    throw new UserError(`There is no source "${id}".${didYouMean(id, known)} Sources: ${known.join(", ")}.`);
  }
  const module = (await import(new URL(`${id}.ts`, folder).href)) as { default: SourceDefinition };
  return module.default;
}

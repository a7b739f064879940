/** The JSON Schema of a game's rule file: what editors complete and check from, made of the same shape as `check` uses. */
import { z } from "zod";
import type { AnyGame } from "../game/define.ts";
import { ruleFileSchema } from "./rule-file.ts";

/** A schema as plain JSON data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Schema (draft-07, which editors know best) of the game's rule files. It takes and refuses what `ruleFileSchema` does, except that it
 * counts a letter outside the basic plane as one where a length is limited, and `check` as two.
 */
export function ruleFileJsonSchema(game: AnyGame): JsonSchema {
  const { $schema, ...shape } = z.toJSONSchema(ruleFileSchema(game), {
    io: "input",
    target: "draft-7",
    override: ({ jsonSchema }) => mergeNull(jsonSchema),
  });
  return {
    $schema,
    $id: `urn:uproar:rules:${game.id}`,
    title: `Rules of ${game.title}`,
    description: `What viewers' acts do in ${game.title}: ${game.summary}`,
    ...shape,
  };
}

/** "An object, or nothing" as one kind with two types: editors offer its keys at once, where a choice of two makes them ask first. */
function mergeNull(schema: z.core.JSONSchema.BaseSchema): void {
  const [object, nothing, ...others] = schema.anyOf ?? [];
  if (object?.type !== "object" || nothing?.type !== "null" || others.length > 0) return;
  delete schema.anyOf;
  Object.assign(schema, { ...object, ...schema, type: ["object", "null"] });
}

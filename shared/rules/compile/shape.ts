/** Checks one file's shape: every issue of the schema becomes a sentence with a place and a code. */
import type { z } from "zod";
import type { AnyGame } from "../../game/define.ts";
import { sentence } from "./context.ts";
import type { Path, Problems, RuleSource } from "./spot.ts";

/** Tells all that is wrong with the shape of a file, and marks it in the source. */
export function checkShape(source: RuleSource, schema: z.ZodType, _game: AnyGame, problems: Problems): void {
  const result = schema.safeParse(source.data);
  if (result.success) return;
  for (const issue of result.error.issues) {
    const path = issue.path as Path;
    source.markWrong(path);
    problems.add("RULES_SHAPE", source.root.at(...path), sentence(issue.message));
  }
}

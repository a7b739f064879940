/** Checked: what a request gives, by a schema; a request that gives something else is told what, and where. */
import type { Response } from "express";
import type { z } from "zod";

/**
 * The value as the schema makes it. One that does not fit is answered with 400, `error` and a problem for each field, and undefined is
 * returned. `whole` names the value itself: "body", "address".
 */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { response, whole, error }: { response: Response; whole: string; error: string },
): z.output<Schema> | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join(".") || whole}: ${issue.message}`);
  response.status(400).json({ error, problems });
  return undefined;
}

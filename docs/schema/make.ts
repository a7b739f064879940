/** Writes the JSON Schema of each game's rule file, which editors complete from: `npm run schema`, when actions, options or the language have changed. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gamesFolder } from "../../server/game-places.ts";
import { gameIds, loadGame } from "../../server/games.ts";
import { type JsonSchema, ruleFileJsonSchema } from "../../shared/rules/json-schema.ts";

/** A line for each key of the file and for each definition, so that changes can be read. */
function linesOf(schema: JsonSchema): string {
  const lines = Object.entries(schema).map(([key, value]) => {
    const isLong = key === "properties" || key === "definitions";
    const inner = isLong ? Object.entries(value as JsonSchema).map((entry) => `    ${keyed(entry)}`) : [];
    return `  ${isLong ? `${JSON.stringify(key)}: {\n${inner.join(",\n")}\n  }` : keyed([key, value])}`;
  });
  return `{\n${lines.join(",\n")}\n}\n`;
}

const keyed = ([key, value]: readonly [string, unknown]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`;

for (const id of gameIds()) {
  writeFileSync(join(gamesFolder, id, "rules.schema.json"), linesOf(ruleFileJsonSchema(await loadGame(id))));
}

/**
 * Writes what is made of each game's declaration: the JSON Schema of its rule file, which editors complete from, and the tables of its README.
 * `npm run schema`, when actions, options or the language have changed.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gamesFolder } from "../../server/game-places.ts";
import { gameIds, loadGame } from "../../server/games.ts";
import { type JsonSchema, ruleFileJsonSchema } from "../../shared/rules/json-schema.ts";
import { readmeWithTables } from "../../shared/sdk/tables.ts";

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
  const game = await loadGame(id);
  writeFileSync(join(gamesFolder, id, "rules.schema.json"), linesOf(ruleFileJsonSchema(game)));
  const readme = join(gamesFolder, id, "README.md");
  writeFileSync(readme, readmeWithTables(readFileSync(readme, "utf8"), game));
}

/** The files of a game that are made from its declaration: the schema by which editors complete its rule file, and the tables of its README. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AnyGame } from "../../shared/game/define.ts";
import { ruleFileJsonSchema } from "../../shared/rules/json-schema.ts";
import { readmeWithTables } from "../../shared/sdk/tables.ts";
import { fileOfGame } from "../game-places.ts";
import { placeOf } from "../games.ts";

/** Brings them up to date; returns the names of those that were not. What the game does not have is left out, a README without tables too. */
export function refreshGameFiles(game: AnyGame): string[] {
  const place = placeOf(game)!;
  const rules = fileOfGame(place, "rules.yaml");
  const readme = fileOfGame(place, "README.md");
  const changed: string[] = [];
  const write = (file: string, name: string, make: (before: string) => string) => {
    const before = textOf(file);
    const now = make(before);
    if (now === before) return;
    writeFileSync(file, now);
    changed.push(name);
  };
  if (rules) {
    const schema = `${JSON.stringify(ruleFileJsonSchema(game), null, 2)}\n`;
    write(join(dirname(rules), "rules.schema.json"), "rules.schema.json", () => schema);
  }
  if (readme) write(readme, "README.md", (before) => withTables(before, game));
  return changed;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** A README that has no place for the tables is somebody's own affair. */
function withTables(text: string, game: AnyGame): string {
  return text.includes("<!-- tables:") ? readmeWithTables(text, game) : text;
}

/** The corpus of broken rule files: each is refused at the right place, for the right reason, in words a streamer understands. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import game from "../../../shared/games/last-ball/game.ts";
import { createRuleCompiler } from "../../../shared/rules/compile.ts";
import type { RuleFiles } from "../../../shared/rules/compiled.ts";
import { type Problem, problemCodes } from "../../../shared/rules/problem.ts";

const folder = join(import.meta.dirname, "../../fixtures/broken-rules");
const entries = readdirSync(folder).sort();
const compile = createRuleCompiler(game);

/** A broken file with all it includes: NAME.yaml, or a folder with main.yaml. */
function filesOf(entry: string): RuleFiles {
  const path = join(folder, entry);
  if (!statSync(path).isDirectory()) return { main: entry, texts: new Map([[entry, readFileSync(path, "utf8")]]) };
  const names = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".yaml"));
  const texts = names.map((name) => [name.replaceAll("\\", "/"), readFileSync(join(path, name), "utf8")] as const);
  return { main: "main.yaml", texts: new Map(texts) };
}

/** What the main file's first lines expect: `# expect LINE:COLUMN CODE`, or FILE:LINE:COLUMN for an included one. */
function expectedOf({ main, texts }: RuleFiles): string[] {
  const lines = texts.get(main)!.split("\n");
  const first = lines.findIndex((line) => !line.startsWith("# expect "));
  return lines
    .slice(0, first)
    .map((line) => line.slice("# expect ".length))
    .map((line) => (/^\d/.test(line) ? `${main}:${line}` : line))
    .sort();
}

function errorsOf(files: RuleFiles): readonly Problem[] {
  return compile(files).problems.filter(({ severity }) => severity === "error");
}

/** Words of the machinery that a streamer never wrote and need not know. */
const jargon =
  /\b(zod|undefined|null|NaN|Invalid|union|regex|literal|discriminator|schema|object|boolean|string|token)\b/;

describe("each broken file", () => {
  test.each(entries)("%s is refused where it is broken, and nowhere else", (entry) => {
    const files = filesOf(entry);
    const found = errorsOf(files).map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`);
    expect(found.sort()).toEqual(expectedOf(files));
    expect(found).not.toEqual([]);
  });

  test.each(entries)("%s gets full sentences that a streamer understands", (entry) => {
    for (const { message } of errorsOf(filesOf(entry))) {
      expect(message).toMatch(/^[\p{Lu}\d"`-].{10,}[.?]$/su);
      // What the person wrote may be any word.
      expect(message.replace(/"[^"]*"|`[^`]*`/g, "")).not.toMatch(jargon);
    }
  });
});

test("problems come in the order in which a person reads, the main file first", () => {
  for (const entry of entries) {
    const files = filesOf(entry);
    const order = errorsOf(files).map(({ file, line, column }) => [file === files.main ? "" : file, line, column]);
    const sorted = [...order].sort(
      ([fileA, lineA, columnA], [fileB, lineB, columnB]) =>
        String(fileA).localeCompare(String(fileB)) ||
        Number(lineA) - Number(lineB) ||
        Number(columnA) - Number(columnB),
    );
    expect(order, entry).toEqual(sorted);
  }
});

test("the corpus is large, and has each error that a file alone can have, several times", () => {
  expect(entries.length).toBeGreaterThanOrEqual(150);
  const seen = new Map<string, number>();
  for (const entry of entries) {
    for (const code of new Set(errorsOf(filesOf(entry)).map((problem) => problem.code))) {
      seen.set(code, (seen.get(code) ?? 0) + 1);
    }
  }
  const errors = Object.entries(problemCodes).filter(([, meaning]) => !meaning.endsWith("(warning)"));
  for (const [code] of errors) expect([code, (seen.get(code) ?? 0) >= 1]).toEqual([code, true]);
  for (const code of ["RULES_SYNTAX", "RULES_SHAPE", "RULES_EXPRESSION", "RULES_UNKNOWN_NAME", "RULES_TEST"]) {
    expect(seen.get(code)).toBeGreaterThanOrEqual(5);
  }
});

/** Rule files made to break the reader: whatever the text, the compiler answers, within bounds, with a line and a reason. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import game from "../../../shared/games/last-ball/game.ts";
import { type CompileResult, createRuleCompiler, maxFileLength, oneFile } from "../../../shared/rules/compile.ts";

const compile = createRuleCompiler(game);
const shipped = readFileSync(join(import.meta.dirname, "../../../shared/games/last-ball/rules.yaml"), "utf8");

/** Rules, or problems each with a place inside of the text and a reason. */
function expectAnswer(text: string, result: CompileResult): void {
  const lines = text.split(/\r\n|\r|\n/);
  if (!result.ok) expect(result.problems.length).toBeGreaterThan(0);
  for (const { line, column, message } of result.problems) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(message.length).toBeGreaterThan(10);
    expect(message.length).toBeLessThan(1000);
  }
}

describe("too large", () => {
  const head = "game: last-ball\nrules:\n";
  const lines = (line: string, count: number) => `${line}\n`.repeat(count);
  test.each<readonly [string, string, number, string]>([
    ["10 MB of text", `${head}# ${"x".repeat(10_000_000)}`, 1, "RULES_TOO_LARGE"],
    ["one character too many", "#".repeat(maxFileLength + 1), 1, "RULES_TOO_LARGE"],
    ["brackets 100,000 deep", `${head}  - on: chat\n    do: ${"[".repeat(100_000)}`, 4, "RULES_TOO_LARGE"],
    ["braces 100,000 deep", `${head}  - on: ${"{a: ".repeat(100_000)}`, 3, "RULES_TOO_LARGE"],
    ["a list in a list in a list", `${head}  ${"- ".repeat(100_000)}x`, 3, "RULES_TOO_LARGE"],
    ["keys in keys", `${head}  ${"? ".repeat(100_000)}x`, 3, "RULES_TOO_LARGE"],
    ["a list of 100,000 lines", `${head}${lines("  - x", 100_000)}`, 33_334, "RULES_TOO_LARGE"],
    ["a list of 2,001 lines", `${head}${lines("  - x", 2001)}`, 2003, "RULES_TOO_LARGE"],
    [
      "2,001 keys",
      `${head.replace("rules", "words")}${Array.from({ length: 2001 }, (_, i) => `  a${i}: x\n`).join("")}`,
      2003,
      "RULES_TOO_LARGE",
    ],
    ["a long key", `${head}  - ? ${"x".repeat(5000)}\n    : y\n`, 3, "RULES_TOO_LARGE"],
    ["an endless key", `${head}  - ${"x".repeat(5000)}: y\n`, 3, "RULES_SYNTAX"],
    ["documents without end", lines("---", 30_000), 2, "RULES_SYNTAX"],
    ["closing brackets", "]".repeat(50_000), 1, "RULES_SYNTAX"],
    ["quotes", '" '.repeat(50_000), 1, "RULES_SYNTAX"],
    ["anchors", `${head}  - ${"&a ".repeat(50_000)}`, 3, "RULES_TOO_LARGE"],
    ["tags", `${head}  - ${"!a ".repeat(50_000)}`, 3, "RULES_TOO_LARGE"],
    ["directives", lines("%a b", 30_000), 1, "RULES_SYNTAX"],
    ["colons", `${head}  - ${"a: ".repeat(30_000)}`, 3, "RULES_TOO_LARGE"],
    [
      "aliases of aliases, a billion in the end",
      `${head}  - &a [x, x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 9 }, (_, i) => {
        const before = "abcdefghij"[i];
        return `  - &${"abcdefghij"[i + 1]} [${`*${before}, `.repeat(10)}]\n`;
      }).join("")}`,
      7,
      "RULES_TOO_LARGE",
    ],
  ])("%s", (_name, text, line, code) => {
    const result = compile(oneFile(text));
    expect(result.ok).toBe(false);
    expectAnswer(text, result);
    expect(result.problems).toContainEqual(expect.objectContaining({ line, code }));
    // One reason is enough for a file that is not even read.
    expect(result.problems.length).toBeLessThan(5);
  });

  test("a large text that stands in many wrong places is quoted in part only", () => {
    const text = `a: &a "${"x".repeat(500_000)}"\n${head}${lines("  - *a", 1000)}`;
    const result = compile(oneFile(text));
    expect(result.problems.filter(({ code }) => code === "RULES_SHAPE")).toHaveLength(1000);
    expectAnswer(text, result);
  });

  test("20 large files that include each other end", () => {
    const names = Array.from({ length: 20 }, (_, i) => `f${i}.yaml`);
    const texts = new Map(names.map((name) => [name, `include: [${names.join(", ")}]\n${shipped}`]));
    const result = compile({ main: "f0.yaml", texts });
    expect(new Set(result.problems.map(({ code }) => code))).toEqual(new Set(["RULES_INCLUDE"]));
  });
});

describe("any text", () => {
  test("random signs of YAML", () => {
    const sign = fc.constantFrom(
      ..."-?:,[]{}#&*!|>'\"%@` \n\t\\a1~<".split(""),
      "\r\n",
      "on: chat",
      "do: dash",
      "rules:\n",
      "  - ",
      "<<: *a",
    );
    fc.assert(
      fc.property(fc.string({ unit: sign, maxLength: 200 }), (text) => expectAnswer(text, compile(oneFile(text)))),
      { numRuns: 300 },
    );
  });

  test("random text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => expectAnswer(text, compile(oneFile(text)))),
      { numRuns: 200 },
    );
  });

  test("any data in the places of the file's parts", () => {
    const key = fc.constantFrom(
      "on",
      "do",
      "id",
      "if",
      "say",
      "set",
      "oneOf",
      "lasts",
      "for",
      "words",
      "dash",
      "chat",
      "gift",
      "__proto__",
      "constructor",
      "a",
    );
    const { tree } = fc.letrec((tie) => ({
      leaf: fc.oneof(
        fc.constantFrom("chat", "dash", "gift", "likes", "T1", "words.a", "=x", "{x}", "4s", "@"),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.string({ maxLength: 8 }),
      ),
      tree: fc.oneof(
        { depthSize: "medium" },
        tie("leaf"),
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 5 }),
      ),
    }));
    const section = fc.constantFrom(
      "options",
      "tiers",
      "gifts",
      "words",
      "teams",
      "meters",
      "counters",
      "variables",
      "groups",
      "limits",
      "queues",
      "firstMatch",
      "allow",
      "rules",
      "tests",
      "include",
    );
    fc.assert(
      fc.property(fc.dictionary(section, tree, { maxKeys: 5 }), (data) => {
        const text = JSON.stringify({ game: "last-ball", ...data }, null, 1);
        expectAnswer(text, compile(oneFile(text)));
      }),
      { numRuns: 500 },
    );
  });

  test("damaged copies of the shipped rules", () => {
    const lines = shipped.split("\n");
    const damage = fc.record({
      line: fc.nat(lines.length - 1),
      at: fc.nat(60),
      length: fc.nat(10),
      instead: fc.oneof(
        fc.constantFrom("", " ", "  ", "\t", ":", "- ", "\n", '"', "[", "}", "&a ", "*a", "!", "#", "yes"),
        fc.string({ maxLength: 5 }),
      ),
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
        const damaged = [...lines];
        for (const { line, at, length, instead } of damages) {
          const text = damaged[line]!;
          damaged[line] = text.slice(0, at) + instead + text.slice(at + length);
        }
        const text = damaged.join("\n");
        expectAnswer(text, compile(oneFile(text)));
      }),
      { numRuns: 200 },
    );
  });

  test("the shipped rules cut off anywhere", () => {
    fc.assert(
      fc.property(fc.nat(shipped.length), (end) => {
        const text = shipped.slice(0, end);
        expectAnswer(text, compile(oneFile(text)));
      }),
      { numRuns: 100 },
    );
  });
});

/** docs/cookbook.md is true: each idea compiles on top of the shipped rules without any problem, its tests pass, and those of the shipped rules still do. */
import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import lastBall from "../../shared/games/last-ball/game.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import { runRuleTests } from "../../shared/sim/rehearsal.ts";
import { asFile, compileBlock, faultsOf, yamlBlocks } from "./rule-blocks.ts";

const page = readFileSync(new URL("../../docs/cookbook.md", import.meta.url), "utf8");
const shipped = readFileSync(new URL("../../shared/games/last-ball/rules.yaml", import.meta.url), "utf8");
const files = { "my-rules.yaml": shipped };
const [beginning, ...ideas] = yamlBlocks(page);
const sections = page.split(/^### /m).slice(1);

describe("each idea", () => {
  it("of many", () => {
    expect(ideas.length).toBeGreaterThanOrEqual(20);
    expect(ideas.map(({ heading }) => heading)).toEqual(sections.map((section) => section.split("\n")[0]));
  });

  test.each(sections.map((section) => section.split("\n\n")))(
    "%s is a heading, two sentences and one block",
    (_, words) => {
      const sentences = words!.replaceAll("\n", " ").match(/[^.!]+[.!](?=\s|$)/g) ?? [];
      expect(sentences.length, words).toBeGreaterThanOrEqual(2);
      expect(sentences.length, words).toBeLessThanOrEqual(3);
    },
  );

  test.each(ideas)("$heading works, and its tests pass", ({ text }) => {
    const result = compileBlock(asFile(text, "my-rules.yaml"), files);
    expect(faultsOf(result)).toEqual([]);
    expect(result.ok && idleRules(result.rules)).toEqual([]);
  });
});

/** Ids of the idea's own rules that none of its own tests lets fire. */
function idleRules(rules: CompiledRules): string[] {
  const tests = rules.tests.filter(({ place }) => place.file === "block.yaml");
  expect(tests.length).toBeGreaterThan(0);
  const fired = runRuleTests({ ...rules, tests }, lastBall).flatMap((result) => result.rules);
  return rules.rules.filter(({ id, place }) => place.file === "block.yaml" && !fired.includes(id)).map(({ id }) => id);
}

test("the page begins with the two lines that let an idea build on one's own file", () => {
  expect(asFile("", "my-rules.yaml").trim()).toBe(beginning!.text.trim());
});

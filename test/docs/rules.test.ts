/** docs/rules.md is true: its examples compile, its tables are whole, its commands exist, its tests pass. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { checkCommand } from "../../server/cli/check.ts";
import { newCommand } from "../../server/cli/new.ts";
import { startCommand } from "../../server/cli/start.ts";
import { liveEventOf, testEventSchema } from "../../server/http/test-event.ts";
import { phaseNames } from "../../shared/game/phases.ts";
import { defaultTiers } from "../../shared/game/tiers.ts";
import lastBall from "../../shared/games/last-ball/game.ts";
import { functions, methods } from "../../shared/rules/expression/functions.ts";
import { fieldTypes, plainTypes } from "../../shared/rules/expression/names.ts";
import { problemCodes } from "../../shared/rules/problem.ts";
import { maxListed, maxTextLength } from "../../shared/rules/rule-file/parts.ts";
import { maxSteps, stepWords } from "../../shared/rules/rule-file/steps.ts";
import { keysOfRule, maxRules, maxTests, ruleFileSchema } from "../../shared/rules/rule-file.ts";
import { type TriggerName, triggerNames, triggers } from "../../shared/rules/triggers.ts";
import { explainOffline } from "../../shared/sim/rehearsal.ts";
import { asFile, compileBlock, faultsOf, yamlBlocks } from "./rule-blocks.ts";

const page = readFileSync(new URL("../../docs/rules.md", import.meta.url), "utf8");

/** Rows of the table under this head: the cells of each. */
function table(head: string): string[][] {
  const from = page.indexOf(`| ${head} |`);
  expect(from, `the table "${head}"`).toBeGreaterThan(0);
  const [rows] = page.slice(from).split("\n\n");
  return rows!
    .split("\n")
    .slice(2)
    .map((row) => row.slice(2, -2).split(" | "));
}
const named = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);

describe("examples", () => {
  // Joining is free and every gift does something, so that an example may be about a single thing.
  const others = {
    "base.yaml":
      "game: last-ball\nrules: [{ id: chat, on: chat, do: enter }, { id: gift, on: gift, do: enter }, { id: guard, on: chat, do: guard }]\n",
  };
  const blocks = yamlBlocks(page);
  it("are there", () => expect(blocks.length).toBeGreaterThan(10));
  test.each(blocks)("line $line, $heading", ({ text }) => {
    const faults = faultsOf(compileBlock(asFile(text, "base.yaml"), others));
    expect(faults).toEqual([]);
  });
  it("are all of a kind that is looked at", () => {
    const words = [...page.matchAll(/^```(\w*)/gm)].map((match) => match[1]);
    expect(words.filter((word) => !["", "yaml", "sh", "json"].includes(word!))).toEqual([]);
  });
});

describe("tables", () => {
  test("of triggers", () => {
    const rows = Object.fromEntries(
      table("`on:` | fires when | names for expressions").map(([on, ...rest]) => [on, rest]),
    );
    const expected = triggerNames.map((on) => [
      `\`${on}\``,
      [triggers[on].summary, triggers[on].names.map((name) => `\`${name}\``).join(", ")],
    ]);
    expect(rows).toEqual(Object.fromEntries(expected));
  });

  test("of the triggers' own keys", () => {
    const shared = keysOfRule("follow");
    const rows = table("trigger | keys").flatMap(([on, keys]) => named(on!).map((name) => [name, keys!] as const));
    const withKeys = triggerNames.filter((on) => keysOfRule(on).some((key) => !shared.includes(key)));
    expect(rows.map(([on]) => on).sort()).toEqual([...withKeys].sort());
    for (const [on, keys] of rows) {
      const own = keysOfRule(on as TriggerName).filter((key) => !shared.includes(key));
      for (const key of own) expect(keys, on).toMatch(new RegExp(`\`${key}[\`:]`));
    }
  });

  test("of a rule's keys", () => {
    const rows = table("key | what it says").flatMap(([keys]) => named(keys!));
    expect(rows.sort()).toEqual(keysOfRule("follow").sort());
  });

  test("of conditions", () => {
    const rows = Object.fromEntries(table("key | holds when"));
    expect(named(rows["`phase`"]!)).toEqual([...phaseNames]);
    expect(Object.keys(rows)).toEqual(["`phase`", "`source`", "`viewer`", "`if`"]);
  });

  test("of names in expressions", () => {
    const rows = table("name | what it is | where");
    const fields = Object.entries(fieldTypes).flatMap(([group, of]) => Object.keys(of).map((key) => `${group}.${key}`));
    const plain = Object.keys(plainTypes);
    const known = [...plain, ...fields, "vars.NAME", "meters.NAME", "words.NAME"];
    expect(rows.map(([name]) => named(name!)[0]).sort()).toEqual(known.sort());
    for (const [cell, , where] of rows) {
      const [name] = named(cell!)[0]!.split(".");
      if (where === "as `viewer.name`") continue;
      const givenBy = triggerNames.filter((on) => (triggers[on].names as readonly string[]).includes(name!));
      expect(where === "everywhere" ? [] : named(where!), name).toEqual(givenBy);
    }
  });

  test("of functions", () => {
    const rows = table("function | what it gives").flatMap(([cell]) => named(cell!));
    const calls = rows.map((call) => /^(?:text\.)?(\w+)\(/.exec(call)![1]);
    expect(calls.sort()).toEqual([...Object.keys(functions), ...Object.keys(methods)].sort());
  });

  test("of the words in `do`", () => {
    expect(table("word | what it does").flatMap(([cell]) => named(cell!))).toEqual([...stepWords]);
  });

  test("of what happens at a limit", () => {
    const ways = table("`whenLimited` | what happens to an act that meets a limit").map(([cell]) => named(cell!)[0]);
    for (const way of ways) {
      const data = { game: "last-ball", rules: [{ on: "chat", do: "enter", whenLimited: way }] };
      expect(ruleFileSchema(lastBall).safeParse(data).success, way).toBe(true);
    }
    expect(ways.length).toBe(5);
  });

  test("of sections", () => {
    const rows = table("section | what it declares").flatMap(([cell]) => named(cell!));
    expect(rows.sort()).toEqual(Object.keys(ruleFileSchema(lastBall).shape).sort());
  });

  test("of problem codes, each with what to do", () => {
    const rows = table("code | what it means | what to do");
    const meanings = Object.entries(problemCodes).map(([code, meaning]) => [`\`${code}\``, meaning]);
    expect(rows.map(([code, meaning]) => [code, meaning])).toEqual(meanings);
    expect(rows.filter(([, , fix = ""]) => fix.length < 10)).toEqual([]);
  });
});

test("numbers are those of the code", () => {
  expect(page).toContain(
    `At most ${maxRules} rules, ${maxSteps} steps in a rule, ${maxListed} entries in a list and ${maxTests} tests.`,
  );
  expect(page).toContain(`At most ${maxTextLength} letters.`);
  const [last, ...tiers] = Object.values(defaultTiers).reverse();
  expect(page).toContain(`in diamonds, can be set: ${tiers.reverse().join(", ")} and ${last} when missing`);
});

test("the event to explain is one, and fires the rule of the first example", () => {
  const events = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map((match) => JSON.parse(match[1]!));
  expect(events.length).toBe(1);
  const result = compileBlock(yamlBlocks(page)[0]!.text, {});
  const event = liveEventOf(testEventSchema.parse(events[0]), "1", 0);
  const fired = result.ok ? explainOffline(result.rules, lastBall, event, "play").acts : [];
  expect(fired.map(({ rule }) => rule)).toContain("rose");
});

test("commands and links are real", () => {
  const commands = [...page.matchAll(/^npm start -- (.+)$/gm)].map((match) => match[1]!);
  expect(commands).toEqual([
    "new rules my-rules.yaml",
    "check my-rules.yaml",
    "--rules my-rules.yaml",
    "check my-rules.yaml --explain event.json",
  ]);
  expect(newCommand().commands.map((command) => command.name())).toContain("rules");
  const flags = [...checkCommand().options, ...startCommand().options].map(({ long }) => long);
  expect(flags).toEqual(expect.arrayContaining(["--explain", "--json", "--rules"]));
  for (const [, link] of page.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
    expect(existsSync(new URL(link!, new URL("../../docs/", import.meta.url))), link).toBe(true);
  }
});

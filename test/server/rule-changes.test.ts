/** What people are told about new rules: every kind of change, and nothing about what only moved. */
import { describe, expect, test } from "vitest";
import { changesBetween, wordsOf } from "../../server/rule-changes.ts";
import { compileRules, oneFile } from "../../shared/rules/compile.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import { tinyGame } from "../support/tiny-game.ts";

const head =
  "options: { playSeconds: 20 }\nmeters: { rage: { full: 9 } }\nqueues: { slow: { gap: 2s } }\nvariables: { mood: { type: text } }\n" +
  "tiers: { T2: 5 }\nwords: { hail: [hi, hello] }\nteams: { Red: [red] }\nfirstMatch: [chat]\nallow: [COMPLIANCE_CHANCE]\n" +
  "tests: [{ name: one, given: { chat: hi }, expect: { wave: {} } }]\n";
const rules =
  '  - { id: hail, on: chat, command: hi, if: "hasWord(text, words.hail)", do: [wave, { say: "{viewer.name}" }] }\n' +
  "  - { id: rose, on: gift, gift: Rose, cooldown: { viewer: 2s }, do: { wave: { size: 1 + count } } }\n" +
  "  - { id: rest, on: gift, do: jump }\n";

function compiled(written: string, above: string): CompiledRules {
  const result = compileRules(oneFile(`game: tiny\n${above}rules:\n${written}`), tinyGame);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.rules;
}

const before = compiled(rules, head);

/** What is told when something in the file is something else. */
function toldOf(written: string | RegExp, instead: string): string {
  const [newHead, newRules] = [head.replace(written, instead), rules.replace(written, instead)];
  expect(newHead + newRules, "nothing was replaced").not.toBe(head + rules);
  return wordsOf(changesBetween(before, compiled(newRules, newHead)));
}

test.each<[string, string | RegExp, string]>([
  ["options changed", "playSeconds: 20", "playSeconds: 30"],
  ["meters changed", "full: 9", "full: 10"],
  ["queues changed", "gap: 2s", "gap: 3s"],
  ["variables changed", "type: text", "type: text, start: well"],
  ["tiers changed", "T2: 5", "T2: 6"],
  ["words changed", "hi, hello", "hi, hey"],
  ["teams changed", "[red]", "[red, rojo]"],
  ["firstMatch changed", "[chat]", "[gift]"],
  ["allow changed", "[COMPLIANCE_CHANCE]", "[]"],
  ["tests changed", "name: one", "name: two"],
  [
    "options, meters changed",
    /playSeconds: 20 }\nmeters: { rage: { full: 9/,
    "playSeconds: 30 }\nmeters: { rage: { full: 8",
  ],
  ["1 changed (hail)", "hasWord(text", "!hasWord(text"],
  ["1 changed (hail)", "{viewer.name}", "{viewer.handle}"],
  ["1 changed (rose)", "gift: Rose", "gift: Lion"],
  ["1 changed (rose)", "viewer: 2s", "viewer: 3s"],
  ["1 changed (rose)", "1 + count", "2 + count"],
  ["1 new (roses), 1 gone (rose)", "id: rose", "id: roses"],
  ["1 gone (rose)", /.*id: rose.*\n/, ""],
  ["1 new (more)", "  - { id: rest", "  - { id: more, on: share, do: wave }\n  - { id: rest"],
])("%s", (told, written, instead) => {
  expect(toldOf(written, instead)).toBe(told);
});

test("rules come before the rest", () => {
  const after = compiled(rules.replace("do: jump", "do: wave"), head.replace("[red]", "[rojo]"));
  expect(wordsOf(changesBetween(before, after))).toBe("1 changed (rest); teams changed");
});

describe("nothing has changed", () => {
  const same = "nothing has changed in them";
  test("in the same text", () => expect(wordsOf(changesBetween(before, compiled(rules, head)))).toBe(same));
  test("when all stands elsewhere", () => {
    const [one, two, three] = rules.split(/(?<=\n)/);
    const after = compiled(`${three}\n# moved\n${two}\n${one}`, `# a line more\n${head}`);
    expect(wordsOf(changesBetween(before, after))).toBe(same);
  });
});

test("of many rules the first are named", () => {
  const many = Array.from({ length: 9 }, (_, nr) => `  - { id: r${nr}, on: share, do: wave }\n`).join("");
  expect(wordsOf(changesBetween(before, compiled(rules + many, head)))).toBe(
    "9 new (r0, r1, r2, r3, r4, r5, r6, r7, ...)",
  );
});

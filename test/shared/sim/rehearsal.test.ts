/** Rehearsals: the tests in a rule file find what they should, and an event is explained offline. */
import { describe, expect, test } from "vitest";
import game from "../../../shared/games/last-ball/game.ts";
import { compileRules, oneFile } from "../../../shared/rules/compile.ts";
import type { CompiledRules } from "../../../shared/rules/compiled.ts";
import { explainOffline, runRuleTests } from "../../../shared/sim/rehearsal.ts";
import { aGift } from "../../support/events.ts";

function rulesOf(text: string): CompiledRules {
  const result = compileRules(oneFile(`game: last-ball\n${text}`), game);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.rules;
}

const rules = `rules:
  - { id: in, on: chat, do: enter }
  - { id: dash, on: chat, command: dash, cooldown: { viewer: 4s }, do: dash }
  - { id: rose, on: gift, gift: Rose, do: { spikes: { seconds: "3 + diamonds" } } }
  - { id: pink, on: gift, tier: T2, viewer: { team: Pink }, do: { grow: {}, target: team } }
  - { id: rest, on: gift, tier: [T1, T3, T4, T5, T6], do: grow }
  - { id: plain, on: gift, tier: T2, do: grow }
`;
const resultOf = (given: string, expected: string) =>
  runRuleTests(rulesOf(`${rules}tests:\n  - { name: it works, given: ${given}, expect: ${expected} }\n`), game)[0]!;

describe("a test is passed by", () => {
  test.each([
    ["the calls in their order", "{ chat: dash }", "[enter, dash]"],
    ["nothing, when nothing came", "{ follow: true }", "nothing"],
    ["params as computed", "{ gift: Rose, value: 1, count: 4 }", "{ spikes: { seconds: 7 } }"],
    ["a rule by its id", "{ gift: Rose }", "{ spikes: {}, rule: rose }"],
    ["time that passes", "[{ chat: dash }, { wait: 4s }, { chat: dash }]", "[enter, dash, enter, dash]"],
    ["a gift that waits for play", "[{ gift: Rose }, { phase: play }]", "spikes, in: lobby"],
    ["several in a row", "[{ gift: Rose, by: ana }, { gift: Rose, by: bo }]", "{ spikes: {}, times: 2 }"],
    [
      "what the viewers are",
      "[{ chat: hi, by: bo, viewer: { team: Pink } }, { gift: Lily, value: 9, viewer: { team: Pink } }]",
      "[enter, { grow: {}, by: bo }, { grow: {}, by: ana }, { grow: {}, by: ana, rule: plain }]",
    ],
  ])("%s", (_name, given, expected) => {
    const result = resultOf(given, expected);
    expect(result.problem?.message ?? "").toBe("");
    expect(result.ok).toBe(true);
  });
});

describe("a test is failed by", () => {
  test.each([
    ["a call that did not come", "{ chat: hi }", "[enter, dash]", '"dash" was expected and did not come'],
    ["one too many", "{ chat: dash }", "[enter]", "dash"],
    ["another order", "{ chat: dash }", "[dash, enter]", "was expected as number 1"],
    ["another param", "{ gift: Rose }", "{ spikes: { seconds: 9 } }", "spikes"],
    ["another rule", "{ gift: Rose }", "{ spikes: {}, rule: rest }", "(rest)"],
    ["somebody else", "{ gift: Rose, by: bo }", "{ spikes: {}, by: ana }", "by ana"],
    ["a limit", "[{ chat: dash }, { chat: dash }]", "[enter, dash, enter, dash]", "did not come"],
  ])("%s, at the line of the expectation", (_name, given, expected, words) => {
    const result = resultOf(given, expected);
    expect(result).toMatchObject({ ok: false, problem: { code: "RULES_TEST", severity: "error", line: 10 } });
    expect(result.problem!.message).toContain(words);
    expect(result.problem!.message).toContain("What came:");
  });
});

test("a test says which rules it exercised", () => {
  expect(resultOf("{ chat: dash }", "[enter, dash]").rules).toEqual(["in", "dash"]);
});

test("tests that would take too long fail, and so do those behind them", () => {
  const waiting = "{ name: long, given: [{ wait: 24h }, { chat: hi }], expect: enter }";
  const short = "{ name: short, given: { chat: hi }, expect: enter }";
  const results = runRuleTests(rulesOf(`${rules}tests:\n  - ${short}\n  - ${waiting}\n  - ${short}\n`), game);
  expect(results.map(({ ok }) => ok)).toEqual([true, false, false]);
  expect(results[1]!.problem).toMatchObject({ code: "RULES_TEST", line: 11 });
  expect(results[1]!.problem!.message).toContain("take too long");
});

test("rules that call each other for ever end a test", () => {
  const loop = `meters: { a: { full: 1 }, b: { full: 1 } }
rules:
  - { on: chat, do: [enter, { fill: { a: 1 } }] }
  - { on: meter, meter: a, do: { fill: { b: 2 } } }
  - { on: meter, meter: b, do: { fill: { a: 2 } } }
tests:
  - { name: loop, given: [{ chat: hi }, { wait: 1h }], expect: enter }
`;
  expect(runRuleTests(rulesOf(loop), game)[0]!.problem!.message).toContain("call each other for ever");
});

test("each test stands on a stage of its own", () => {
  const one = "{ name: once, given: { chat: dash }, expect: [enter, dash] }";
  const results = runRuleTests(rulesOf(`${rules}tests:\n  - ${one}\n  - ${one}\n`), game);
  expect(results.map(({ ok }) => ok)).toEqual([true, true]);
});

test("an event is explained offline: what fired with which values, and why the others did not", () => {
  const gift = { id: "1", name: "Rose", unitValue: 1, currency: "diamond" };
  const told = explainOffline(rulesOf(rules), game, aGift(1, "ana", 1, { gift, count: 5 }), "play");
  expect(told.acts).toMatchObject([{ rule: "rose", action: "spikes", state: "applied", params: { seconds: 8 } }]);
  expect(told.rules.map(({ rule, verdict }) => `${rule} ${verdict}`)).toMatchObject(
    expect.arrayContaining(["rose fired", "rest named"]),
  );
  const waiting = explainOffline(rulesOf(rules), game, aGift(1, "ana", 1, { gift }), "results");
  expect(waiting.acts).toMatchObject([{ state: "waits", reason: "waits for play" }]);
});

/** The linter warns of what is hardly meant, says how to mend it, and stays silent about what is fine. */
import { describe, expect, test } from "vitest";
import { codesOf, only, warnings } from "../../support/lint-warnings.ts";

describe("gifts nobody has sent yet", () => {
  const known = [
    { id: "5655", name: "Rose", unitValue: 1 },
    { id: "5269", name: "Finger Heart", unitValue: 5 },
  ];
  const naming = (gift: string) => `  - { on: gift, gift: ${gift}, do: wave }\n`;
  test.each([
    ["RÖSSE", 'No gift called "RÖSSE" has been seen yet. Did you mean "Rose"?', 23],
    ["[Rose, Finger Hart, finger  hart]", 'called "Finger Hart" has been seen yet. Did you mean "Finger Heart"?', 30],
    ["999999999", 'called "999999999" has been seen yet. Check its name in the app', 23],
  ])("%s: %s", (gift, words, column) => {
    const problems = warnings(naming(gift), "", known);
    expect(only(problems)).toContain(words);
    expect(problems[0]).toMatchObject({ code: "RULES_UNKNOWN_GIFT", line: 7, column });
  });
  test("behind an alias, once and where it stands for the gift", () => {
    const aliases = "gifts: { small: [Rose, Rosse] }\n";
    const problems = warnings(naming("Small") + naming("[small, Roose]"), aliases, known);
    expect(problems.map(({ line, column, message }) => [line, column, message.slice(0, 23)])).toEqual([
      [4, 24, 'No gift called "Rosse" '],
      [9, 31, 'No gift called "Roose" '],
    ]);
  });
  test("in a crowd, too", () => {
    const rule = "  - { on: crowd, viewers: 2, within: 5s, of: { on: gift, gift: Rosse }, do: wave }\n";
    expect(warnings(rule, "", known)).toMatchObject([{ code: "RULES_UNKNOWN_GIFT", line: 7, column: 64 }]);
  });
  test.each(["ROSE", "5655", "[finger  heart]"])("%s is known", (gift) =>
    expect(warnings(naming(gift), "", known)).toEqual([]),
  );
  test("a price that none of the named gifts has", () => {
    const rule = (filter: string) => `  - { on: gift, ${filter}, do: wave }\n`;
    const problems = warnings(rule("gift: [Rose, 5269], tier: T3"), "", known);
    expect(only(problems)).toContain(
      "Rose costs 1 and Finger Heart costs 5, which is not the `tier` or `value` it asks for",
    );
    expect(codesOf(problems)).toEqual(["RULES_NEVER_FIRES"]);
    expect(warnings(rule("gift: [Rose, 5269], tier: T2"), "", known)).toEqual([]);
    expect(codesOf(warnings(rule("gift: [Rose, Rosse], tier: T3"), "", known))).toEqual(["RULES_UNKNOWN_GIFT"]);
    expect(warnings(rule("gift: Rose, tier: T3"))).toEqual([]);
  });
  test.each([
    ["“Rose”", 'The gift is "“Rose”", with its curly quotes. Write straight ones, "Rose", or none.'],
    ['"Rose, Tulip"', '"Rose, Tulip" is one name with a comma. For several gifts write a list: [Rose, Tulip].'],
  ])("%s is hardly a name, whether gifts are known or not", (gift, words) => {
    for (const gifts of [[], known]) expect(only(warnings(naming(gift), "", gifts))).toContain(words);
  });
  test("a name that has a comma is no several", () => {
    const gifts = [...known, { id: "1", name: "Hello, You", unitValue: 1 }];
    expect(warnings(naming('"hello, you"'), "", gifts)).toEqual([]);
  });
  test("no name is judged while no gift is known", () => expect(warnings(naming("Rosse"))).toEqual([]));
});

describe("rules that are never asked", () => {
  test.each([
    ["any comment before a word", "  - { on: chat, stop: true, do: wave }\n  - { on: chat, command: go, do: jump }\n"],
    [
      "the same words",
      "  - { on: chat, command: [go, run], stop: true, do: wave }\n  - { on: chat, command: run, do: jump }\n",
    ],
    [
      "the beginning of the same words",
      "  - { on: chat, command: big, stop: true, do: wave }\n  - { on: chat, command: big dash, do: jump }\n",
    ],
    [
      "a part of the same words",
      "  - { on: chat, contains: big, stop: true, do: wave }\n  - { on: chat, contains: big dash, do: jump }\n",
    ],
    [
      "a tier before a part of it",
      "  - { on: gift, tier: [T1, T2], stop: true, do: wave }\n  - { on: gift, value: { from: 3, to: 10 }, do: jump }\n",
    ],
    [
      "a value before a tier",
      "  - { on: gift, value: { from: 30 }, stop: true, do: wave }\n  - { on: gift, tier: T6, do: jump }\n",
    ],
    [
      "the same gift",
      "  - { on: gift, gift: [Rose, Heart], stop: true, do: wave }\n  - { on: gift, gift: rose, tier: T1, do: jump }\n",
    ],
    [
      "the same reward",
      "  - { on: redeem, reward: [A, B], stop: true, do: wave }\n  - { on: redeem, reward: b, do: jump }\n",
    ],
    [
      "fewer months",
      "  - { on: subscribe, months: 2, stop: true, do: wave }\n  - { on: subscribe, months: 3, do: jump }\n",
    ],
    [
      "every like before the room's",
      "  - { on: like, stop: true, do: wave }\n  - { on: likes, every: 50, do: jump }\n",
    ],
    [
      "one put first by priority",
      "  - { on: share, do: jump }\n  - { on: share, priority: 5, stop: true, do: wave }\n",
    ],
  ])("%s", (_name, rules) => {
    const problems = warnings(rules);
    expect(only(problems)).toMatch(
      /^This rule is never asked: rule "rule-[34]" \(line [78]\) takes every event of it and has `stop`/,
    );
    expect(codesOf(problems)).toEqual(["RULES_UNREACHABLE"]);
  });
  test("firstMatch ends the asking for its trigger", () => {
    const rules = "  - { on: chat, do: wave }\n  - { on: chat, command: go, do: jump }\n";
    expect(only(warnings(rules, "firstMatch: chat\n"))).toContain("comes first, and `firstMatch` ends it there");
    expect(warnings(rules, "firstMatch: share\n")).toEqual([]);
  });
  test.each([
    ["one without stop", "  - { on: chat, do: wave }\n  - { on: chat, command: go, do: jump }\n"],
    ["a condition", "  - { on: chat, viewer: { follower: true }, stop: true, do: wave }\n  - { on: chat, do: jump }\n"],
    ["an if", "  - { on: chat, if: round > 1, stop: true, do: wave }\n  - { on: chat, do: jump }\n"],
    ["a phase", "  - { on: chat, phase: play, stop: true, do: wave }\n  - { on: chat, do: jump }\n"],
    ["a limit", "  - { on: chat, cooldown: { viewer: 1s }, stop: true, do: wave }\n  - { on: chat, do: jump }\n"],
    [
      "another word",
      "  - { on: chat, command: go, stop: true, do: wave }\n  - { on: chat, command: gone, do: jump }\n",
    ],
    ["a wider one", "  - { on: chat, command: go, stop: true, do: wave }\n  - { on: chat, do: jump }\n"],
    [
      "a word and a part of the text",
      "  - { on: chat, contains: go, stop: true, do: wave }\n  - { on: chat, command: go, do: jump }\n",
    ],
    [
      "a tier before a gift by name",
      "  - { on: gift, tier: [T1, T2, T3, T4, T5, T6], stop: true, do: wave }\n  - { on: gift, gift: Rose, do: jump }\n",
    ],
    [
      "a tier before one that fires also for named gifts",
      "  - { on: gift, tier: T1, stop: true, do: wave }\n  - { on: gift, tier: T1, also: true, do: jump }\n",
    ],
    [
      "a narrower tier",
      "  - { on: gift, tier: T2, stop: true, do: wave }\n  - { on: gift, value: { from: 5, to: 30 }, do: jump }\n",
    ],
    ["another event", "  - { on: share, stop: true, do: wave }\n  - { on: follow, do: jump }\n"],
    ["a meter of likes", "  - { on: likes, every: 50, stop: true, do: wave }\n  - { on: like, do: jump }\n"],
    [
      "more months",
      "  - { on: subscribe, months: 3, stop: true, do: wave }\n  - { on: subscribe, months: 2, do: jump }\n",
    ],
    [
      "a crossing",
      "  - { on: viewers, reaches: 50, stop: true, do: wave }\n  - { on: viewers, reaches: 90, do: jump }\n",
    ],
    ["the later one stops", "  - { on: chat, do: wave }\n  - { on: chat, stop: true, do: jump }\n"],
  ])("fine: %s", (_name, rules) => expect(warnings(rules)).toEqual([]));
});

describe("rules that fight", () => {
  test.each([
    [
      "any gift and a tier",
      "  - { on: gift, do: { jump: { size: 2 } } }\n  - { on: gift, tier: T3, do: { jump: { size: 5 } } }\n",
    ],
    [
      "any comment and a word",
      "  - { on: chat, do: jump }\n  - { on: chat, command: go, do: { jump: { size: 2 } } }\n",
    ],
    [
      "two tiers that share prices",
      "  - { on: gift, tier: T1, do: { jump: { size: 2 } } }\n  - { on: gift, value: { from: 4, to: 9 }, do: { jump: { size: 5 } } }\n",
    ],
    [
      "two computed params",
      '  - { on: share, do: { jump: { size: "round" } } }\n  - { on: share, do: { jump: { size: "1 + round" } } }\n',
    ],
    [
      "the same number of likes",
      "  - { on: likes, every: 50, do: jump }\n  - { on: likes, every: 50, do: { jump: { size: 2 } } }\n",
    ],
    ["each phase", "  - { on: phase, phase: play, do: jump }\n  - { on: phase, do: { jump: { size: 2 } } }\n"],
    [
      "phases that meet",
      "  - { on: share, phase: [play, results], do: jump }\n  - { on: share, phase: play, do: { jump: { size: 2 } } }\n",
    ],
  ])("%s", (_name, rules) => {
    const problems = warnings(rules);
    expect(only(problems)).toMatch(
      /^One event can meet this rule and rule "rule-3" \(line 7\), and both call "jump" with different params/,
    );
    expect(problems[0]).toMatchObject({ code: "RULES_FIGHT", line: 8 });
  });
  test("one variable, two values", () => {
    const problems = warnings(
      "  - { on: follow, do: { set: { mood: 1 } } }\n  - { on: follow, do: [wave, { set: { mood: 2 } }] }\n",
    );
    expect(only(problems)).toContain(
      'rule "rule-3" (line 7), and both set "mood", each to another value; this one wins.',
    );
    expect(problems[0]).toMatchObject({ code: "RULES_FIGHT", line: 8 });
    expect(
      codesOf(
        warnings(
          '  - { on: chat, do: { set: { king: "= viewer.name" } } }\n  - { on: chat, command: go, do: { set: { king: me } } }\n',
        ),
      ),
    ).toEqual(["RULES_FIGHT"]);
  });
  test.each([
    ["the same value", "  - { on: follow, do: { set: { mood: 1 } } }\n  - { on: follow, do: { set: { mood: 1 } } }\n"],
    ["another variable", "  - { on: follow, do: { set: { mood: 1 } } }\n  - { on: follow, do: { set: { low: 2 } } }\n"],
    [
      "another moment",
      "  - { on: follow, do: { set: { mood: 1 } } }\n  - { on: follow, do: { set: { mood: 0 }, after: 5s } }\n",
    ],
    ["another event", "  - { on: follow, do: { set: { mood: 1 } } }\n  - { on: share, do: { set: { mood: 2 } } }\n"],
    ["what is added", "  - { on: follow, do: { add: { n: 1 } } }\n  - { on: follow, do: { add: { n: 2 } } }\n"],
    [
      "other viewers",
      "  - { on: share, viewer: { follower: true }, do: { set: { mood: 1 } } }\n  - { on: share, viewer: { follower: false }, do: { set: { mood: 2 } } }\n",
    ],
  ])("fine: a variable set by two rules: %s", (_name, rules) => expect(warnings(rules)).toEqual([]));
  test("one word, two actions, one limit", () => {
    const rules =
      "  - { on: chat, command: [go, run], cooldown: { viewer: 4s }, do: wave }\n  - { on: chat, command: run, do: jump }\n";
    const problems = warnings(rules);
    expect(only(problems)).toContain(
      '"run" calls jump here and wave in rule "rule-3" (line 7), but only one of the two rules has a limit',
    );
    expect(codesOf(problems)).toEqual(["RULES_FIGHT"]);
  });
  test.each([
    ["the same params", "  - { on: share, do: jump }\n  - { on: share, do: jump }\n"],
    ["another action", "  - { on: share, do: jump }\n  - { on: share, do: { wave: { size: 2 } } }\n"],
    ["another moment", "  - { on: share, do: jump }\n  - { on: share, do: { jump: { size: 2 }, after: 1s } }\n"],
    ["another body", "  - { on: share, do: jump }\n  - { on: share, do: { jump: { size: 2 }, target: leader } }\n"],
    [
      "the first one stops",
      "  - { on: chat, command: go, stop: true, do: jump }\n  - { on: chat, do: { jump: { size: 2 } } }\n",
    ],
    [
      "an if tells them apart",
      "  - { on: share, if: round > 1, do: jump }\n  - { on: share, if: round <= 1, do: { jump: { size: 2 } } }\n",
    ],
    [
      "opposite conditions",
      "  - { on: share, viewer: { follower: true }, do: jump }\n  - { on: share, viewer: { follower: false }, do: { jump: { size: 2 } } }\n",
    ],
    [
      "other platforms",
      "  - { on: share, viewer: { platform: tiktok }, do: jump }\n  - { on: share, viewer: { platform: twitch }, do: { jump: { size: 2 } } }\n",
    ],
    [
      "other phases",
      "  - { on: share, phase: play, do: jump }\n  - { on: share, phase: lobby, do: [wave, { jump: { size: 2 } }] }\n",
    ],
    [
      "other sources",
      "  - { on: share, source: tiktok, do: jump }\n  - { on: share, source: twitch, do: { jump: { size: 2 } } }\n",
    ],
    [
      "other words",
      "  - { on: chat, command: go, do: jump }\n  - { on: chat, command: run, do: { jump: { size: 2 } } }\n",
    ],
    [
      "a named gift and a tier, which stands back",
      "  - { on: gift, gift: Rose, do: jump }\n  - { on: gift, tier: T1, do: { jump: { size: 2 } } }\n",
    ],
    [
      "other gifts",
      "  - { on: gift, gift: Rose, do: jump }\n  - { on: gift, gift: Heart, do: { jump: { size: 2 } } }\n",
    ],
    ["other tiers", "  - { on: gift, tier: T1, do: jump }\n  - { on: gift, tier: T2, do: { jump: { size: 2 } } }\n"],
    [
      "other numbers of likes",
      "  - { on: likes, every: 50, do: jump }\n  - { on: likes, every: 500, do: { jump: { size: 2 } } }\n",
    ],
    [
      "other times",
      "  - { on: timer, every: 5s, do: jump }\n  - { on: timer, every: 50s, do: { jump: { size: 2 } } }\n",
    ],
    [
      "other rewards",
      "  - { on: redeem, reward: A, do: jump }\n  - { on: redeem, reward: B, do: { jump: { size: 2 } } }\n",
    ],
    [
      "one word with two actions and the same limit kinds",
      "  - { on: chat, command: go, cooldown: { viewer: 4s }, do: wave }\n  - { on: chat, command: go, cooldown: { viewer: 8s }, do: jump }\n",
    ],
    [
      "one word and a line that is said",
      "  - { on: chat, command: go, cooldown: { viewer: 4s }, do: wave }\n  - { on: chat, command: go, do: { say: hi } }\n",
    ],
  ])("fine: %s", (_name, rules) => expect(warnings(rules)).toEqual([]));
});

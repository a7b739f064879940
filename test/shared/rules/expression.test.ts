/** Expressions: what each function and operator computes, what is refused with which words at which character. */
import { describe, expect, test } from "vitest";
import type { Scope, Value, ValueType } from "../../../shared/rules/compiled.ts";
import { fieldTypes, plainTypes } from "../../../shared/rules/expression/names.ts";
import { compileExpression, type Declared } from "../../../shared/rules/expression.ts";
import { type TriggerName, triggerNames, triggers } from "../../../shared/rules/triggers.ts";

const place = { file: "rules.yaml", line: 3, column: 9 };
const declared: Declared = {
  variables: new Map<string, ValueType>([
    ["hits", "number"],
    ["last", "text"],
    ["open", "flag"],
    ["constructor", "number"],
  ]),
  meters: new Set(["rage"]),
  words: new Map([["go", ["go", "big dash", "ÉLAN"]]]),
};
const scope: Scope = {
  count: 3,
  diamonds: 10,
  gift: { name: "Rose", id: "5655", value: 5 },
  tier: "T2",
  combo: 12,
  text: "GO élan now!",
  argument: "élan now!",
  number: 7,
  likes: 15,
  months: 2,
  cost: 300,
  reward: "Hydrate",
  viewer: {
    name: "Ana Añez",
    handle: "ana",
    platform: "tiktok",
    team: "Pink",
    follower: true,
    subscriber: false,
    moderator: false,
    owner: false,
    gifterLevel: 4,
    teamLevel: 2,
  },
  phase: "play",
  round: 2,
  seconds: 30,
  secondsLeft: 55,
  watching: 1200,
  playing: 24,
  vars: { hits: 4, last: "ana", open: true },
  meters: { rage: 25 },
};

function compile(text: string, type: ValueType, on: TriggerName | "" = "gift") {
  return compileExpression(text, { type, on, declared, place });
}

function computed(text: string, type: ValueType, on: TriggerName | "" = "gift", given: Scope = scope): Value {
  const result = compile(text, type, on);
  if (!result.ok) throw new Error(`${text}: ${result.message}`);
  expect(result.expression).toMatchObject({ text, type, place });
  return result.expression.evaluate(given);
}

function refusal(text: string, type: ValueType = "number", on: TriggerName | "" = "gift") {
  const result = compile(text, type, on);
  if (result.ok) throw new Error(`${text} was taken`);
  return { message: result.message, offset: result.offset };
}

describe("numbers", () => {
  test.each([
    ["1 / 2 * diamonds", 5],
    ["1 + diamonds / 10", 2],
    ["count - 5", -2],
    ["-count", -3],
    ["7 % 4", 3],
    ["count % 2", 1],
    ["0x10 + 1.5e1", 31],
    ["(1 + 2) * 3", 9],
    ["1 + 2 * 3", 7],
    ["min(3, 1)", 1],
    ["min(6, 5, 4, 3, 2, 1)", 1],
    ["max(3, 1, 2)", 3],
    ["clamp(diamonds, 1, 5)", 5],
    ["clamp(-3, 1, 5)", 1],
    ["clamp(2, 1, 5)", 2],
    ["log(1)", 0],
    ["log2(8)", 3],
    ["log10(1000)", 3],
    ["sqrt(16)", 4],
    ["round(2.5)", 3],
    ["round(-2.5)", -2],
    ["round(2.4)", 2],
    ["floor(2.9)", 2],
    ["floor(-2.1)", -3],
    ["ceil(2.1)", 3],
    ["abs(-2)", 2],
    ["table(4, [[1, 10], [5, 20], [99, 30]])", 10],
    ["table(5, [[1, 10], [5, 20], [99, 30]])", 20],
    ["table(1000, [[1, 10], [5, 20], [99, 30]])", 30],
    ["table(0, [[1, 10], [5, 20]])", 10],
    ["table(diamonds, [])", 0],
    ["table(diamonds, [[10]])", 0],
    ["length('Añ😀')", 3],
    ["viewer.follower ? 2 : 1", 2],
    ["viewer.subscriber ? 2 : viewer.moderator ? 3 : 4", 4],
    ["vars.hits + meters.rage", 29],
    ["count + diamonds + combo + gift.value + viewer.gifterLevel + viewer.teamLevel", 36],
    ["round + seconds + secondsLeft + watching + playing", 1311],
  ])("%s is %d", (text, value) => {
    expect(computed(text, "number")).toBe(value);
  });

  test.each([
    "1 / 0",
    "0 / 0",
    "-1 / 0",
    "5 % 0",
    "log(0)",
    "log(-1)",
    "log2(0)",
    "log10(-5)",
    "sqrt(-1)",
    "1e308 * 10",
    "-0",
    "0 * -1",
    "round(-0.2)",
    "1 / 0 + 0",
    "1e308 + 1e308",
    "-1e308 - 1e308",
  ])("%s cannot be computed and is 0", (text) => {
    expect(computed(text, "number")).toBe(0);
  });

  test("goes on computing with the 0 of what cannot be computed", () => {
    expect(computed("10 + 1 / 0", "number")).toBe(10);
    expect(computed("1 / 0 > 5", "flag")).toBe(false);
  });
});

describe("flags", () => {
  test.each([
    ["diamonds == 10", true],
    ["diamonds != 10", false],
    ["diamonds > 10", false],
    ["diamonds >= 10", true],
    ["diamonds < 10.5", true],
    ["diamonds <= 9", false],
    ['gift.name == "Rose"', true],
    ["gift.name == 'rose'", false],
    ["gift.name < 'Z'", true],
    ["viewer.follower && !viewer.subscriber", true],
    ["viewer.subscriber || viewer.owner", false],
    ["viewer.follower == true", true],
    ['phase in ["lobby", "play"]', true],
    ["count in [1, 2]", false],
    ['"go" in words.go', true],
    ['"go" in words.go + ["run"] && "run" in words.go + ["run"]', true],
    ["[1, 2] == [1, 2]", true],
    ["[1, 2] == [1, 3]", false],
    ["[1] != [1, 2]", true],
    ["[1] in [[2], [1]]", true],
    ['gift.name.contains("os")', true],
    ['gift.name.startsWith("ro")', false],
    ['gift.name.endsWith("se")', true],
    ['lower(gift.name).startsWith("ro")', true],
    ['hasWord("we go now", words.go)', true],
    ['hasWord("we goad", words.go)', false],
    ['hasWord("BIG  Dash!", words.go)', true],
    ['hasWord("big, elan?", words.go)', true],
    ['hasWord("big", words.go)', false],
    ['hasWord("ＧＯ!", "go")', true],
    ['hasWord("go", [viewer.handle, "go"])', true],
    ["hasWord(viewer.handle, viewer.handle)", true],
    ['hasWord("anything", "")', false],
    ['hasWord("anything", ["!?"])', false],
    ['hasWord("so hot🔥🔥 here", ["🔥"])', true],
    ['hasWord("❤️", "❤")', true],
    ['hasWord("so hot here", ["🔥", "cold"])', false],
    ["vars.open", true],
  ])("%s is %s", (text, value) => {
    expect(computed(text, "flag")).toBe(value);
  });
});

describe("texts", () => {
  test.each([
    ["gift.name", "Rose"],
    ['viewer.name + " (" + viewer.team + ")"', "Ana Añez (Pink)"],
    ["lower('ÀB')", "àb"],
    ["oneWordOf('now BIG dash', words.go)", "big dash"],
    ["oneWordOf('nothing', words.go)", ""],
    ["oneWordOf('c b a x', ['a b', 'b a', 'x'])", "b a"],
    ["oneWordOf('c b a x', ['x', 'b a'])", "x"],
    ["oneWordOf('A', ['Á', 'a'])", "Á"],
    ["oneWordOf('b a', ['a', 'b'])", "a"],
    ["oneWordOf('go 🔥', ['🔥', 'go'])", "🔥"],
    ["oneWordOf('go 🔥', ['go', '🔥'])", "go"],
    ["viewer.follower ? vars.last : 'none'", "ana"],
    ["diamonds", "10"],
    ["diamonds / 3", "3.33"],
    ["-0.001", "0"],
    ["1e21", "1e+21"],
    ["viewer.follower", "yes"],
    ["viewer.subscriber", "no"],
  ])("%s is %j", (text, value) => {
    expect(computed(text, "text")).toBe(value);
  });

  test("cuts a text that grows", () => {
    const long = { ...scope, reward: "x".repeat(400) };
    expect(computed("reward + reward", "text", "redeem", long)).toHaveLength(500);
  });
});

describe("names", () => {
  test("knows each trigger's names, and everywhere those of the show", () => {
    for (const on of triggerNames) {
      const names: readonly string[] = triggers[on].names;
      for (const name of Object.keys(plainTypes)) {
        const isKnown = compile(name, "text", on).ok;
        const isEventName = triggerNames.some((other) => (triggers[other].names as readonly string[]).includes(name));
        expect([on, name, isKnown]).toEqual([on, name, names.includes(name) || !isEventName]);
      }
      for (const [group, fields] of Object.entries(fieldTypes)) {
        for (const field of Object.keys(fields)) {
          expect([on, field, compile(`${group}.${field}`, "text", on).ok]).toEqual([on, field, names.includes(group)]);
        }
      }
    }
  });

  test("reads a value of another type than declared, or none, as nothing", () => {
    const broken = {
      ...scope,
      count: Number.NaN,
      diamonds: "x",
      vars: { hits: "4" },
      viewer: undefined,
    } as unknown as Scope;
    expect(computed("count + 1", "number", "gift", broken)).toBe(1);
    expect(computed("diamonds + 1", "number", "gift", broken)).toBe(1);
    expect(computed("vars.hits + 1", "number", "gift", broken)).toBe(1);
    expect(computed("vars.constructor + 1", "number", "gift", broken)).toBe(1);
    expect(computed("vars.last", "text", "gift", broken)).toBe("");
    expect(computed("viewer.follower", "flag", "gift", broken)).toBe(false);
    expect(computed("1 + viewer.gifterLevel", "number", "gift", broken)).toBe(0);
  });

  test.each<[string, TriggerName | "", number, string]>([
    ["1 + diamonds", "chat", 4, "`diamonds` is not known for `on: chat`; it comes with gift and combo.end."],
    ["viewer.name", "phase", 0, "`viewer` is not known for `on: phase`; it comes with chat, gift"],
    ["count", "", 0, "`count` is not known here, where no event is behind it; it comes with gift, combo.end, likes"],
    ["2 * diamods", "gift", 4, '`diamods` is not known. Did you mean "diamonds"?'],
    ["follower", "gift", 0, '`follower` is not known. Did you mean "viewer.follower"?'],
    ["gift.name == Rose", "gift", 13, '`Rose` is not known. A text stands in quotes ("Rose")'],
    ["1 + gift", "gift", 4, "write `gift.name`, `gift.id` or `gift.value`"],
    ["viewer", "gift", 0, "write which field of the viewer"],
    ["vars", "gift", 0, "write `vars.NAME`"],
    ["gift.nam", "gift", 0, '`gift.nam` is not known. Did you mean "name"?'],
    ["viewer.birthday", "gift", 0, "It has: name, handle"],
    ["vars.hit", "gift", 0, 'Did you mean "hits"?'],
    ["vars.score", "gift", 0, "Declare it under variables: or counters:"],
    ["meters.rags", "gift", 0, 'Did you mean "rage"?'],
    ["words.stop", "gift", 0, "no word list is called"],
    ["count.x", "gift", 0, "`count` is a number"],
    ["diamods.x", "gift", 0, "`diamods` is not known"],
    ["viewer.name.x", "gift", 0, "nothing is known behind this dot"],
    ["yes", "gift", 0, "Write true."],
    ["cel", "gift", 0, "`cel` is not known"],
    ["google", "gift", 0, "`google` is not known"],
  ])("%s under %j: at %d %s", (text, on, offset, message) => {
    const refused = refusal(text, "number", on);
    expect(refused.message).toContain(message);
    expect(refused.offset).toBe(offset);
  });
});

describe("what is refused", () => {
  test.each<[string, number, string]>([
    ["", 0, "the expression is empty"],
    ["   ", 0, "the expression is empty"],
    ["count and combo", 6, "write && for and"],
    ["count or combo", 6, "write || for or"],
    ["1 + not viewer.follower", 4, "write ! for not"],
    ["count is 3", 6, "write == to compare"],
    ["count = 3", 6, "write == to compare"],
    ["count & 3", 6, "write && for and"],
    ["count | 3", 6, "write || for or"],
    ["count <> 3", 6, "write != for different"],
    ["count => 3", 6, "write >="],
    ["count =< 3", 6, "write <="],
    ["count ^ 2", 6, "no sign for powers"],
    ["count ** 2", 7, "no sign for powers"],
    ["count > 10s", 10, 'leave "s" out'],
    ["“Rose”", 0, "straight quotes"],
    ["gift.name == 'Rose", 13, "close it with the same quote"],
    ["'a\\q'", 2, "backslash"],
    ["1e400", 0, "no number"],
    ["if", 0, "condition ? this : that"],
    ["min(1,", 6, "missing at the end"],
    ["min(1", 5, "missing at the end"],
    ["count diamonds", 6, 'between "count" and "diamonds" a sign'],
    ["count; 1", 5, '";" is not expected'],
    ["1u", 0, "without a letter"],
    ["b'x'", 0, "without a letter"],
    ["1 + null", 4, "null is not available"],
    ["{'a': 1}", 0, "{...} is not available"],
    ["words.go[0]", 0, "cannot pick one of a list"],
    ["gift.name.matches('R.*')", 0, "patterns could be slow"],
    ["words.go.exists(x, x == 'go')", 0, "hasWord"],
    ["words.go.all(x, true)", 0, "hasWord"],
    ["words.go.filter(x, true)", 0, "hasWord"],
    ["words.go.map(x, 1)", 0, "table(number"],
    ["has(viewer.name)", 0, "always has a value"],
    ["cel.bind(x, 1, x)", 0, 'no ".bind(...)"'],
    ["timestamp('2026-01-01T00:00:00Z')", 0, "there is no clock"],
    ["duration('1s')", 0, "numbers of seconds"],
    ["int(count)", 0, "floor or round"],
    ["double(count)", 0, "of one kind"],
    ["string(count)", 0, "written as it is"],
    ["dyn(count)", 0, 'no function "dyn"'],
    ["type(count)", 0, 'no function "type"'],
    ["size('x')", 0, "length(text)"],
    ["minn(1, 2)", 0, 'Did you mean "min"?'],
    ["contains(gift.name, 'x')", 0, "write it behind the text"],
    ["gift.name.length()", 0, "write length(...) by itself"],
    ["gift.name.contain('x')", 0, 'Did you mean "contains"?'],
    ["1 + min(2)", 4, "takes 2 to 6 numbers; it got a number"],
    ["min(1, 2, 3, 4, 5, 6, 7)", 0, "takes 2 to 6 numbers"],
    ["min(1, gift.name)", 0, "it got a number, a text"],
    ["length()", 0, "it got nothing"],
    ["hasWord(gift.name, 3)", 0, "a word or a list of words"],
    ["table(count, [1, 2])", 0, "rows of two numbers"],
    ["gift.name.contains(1)", 0, "takes one text; it got a number"],
    ["count + gift.name", 0, "joins two texts or adds two numbers"],
    ["1 + (2 - gift.name)", 5, '"-" needs two numbers, but these are a number and a text'],
    ["viewer.follower * 2", 0, "a flag (true or false) and a number"],
    ["gift.name == 3", 0, "can never be equal"],
    ["gift.name != 3", 0, "can never be equal"],
    ["'R' in gift.name", 0, 'write text.contains("word")'],
    ["3 in words.go", 0, "`in` asks whether"],
    ["!count", 0, '"!" stands before what is true or false, but this is a number'],
    ["-gift.name", 0, '"-" stands before what is a number, but this is a text'],
    ["count ? 1 : 2", 0, "before ? stands a number"],
    ["viewer.follower ? 1 : 'x'", 0, "one is a number and the other a text"],
    ["viewer.follower && count", 0, "one side is a number"],
    ["count || viewer.follower", 0, "one side is a number"],
    ["[1, 'x'] == []", 4, "a text stands among others; the first is a number"],
  ])("%s: at %d %s", (text, offset, message) => {
    const refused = refusal(text);
    expect(refused.message).toContain(message);
    expect(refused.offset).toBe(offset);
  });

  test.each<[string, ValueType, string]>([
    ["gift.name", "number", "this gives a text, a number is needed."],
    [
      "viewer.follower",
      "number",
      "this gives a flag (true or false), a number is needed: write it as condition ? 1 : 0.",
    ],
    ["  count", "flag", "this gives a number, a question is needed that is true or false, such as count > 3."],
    ["gift.name", "flag", "this gives a text, a question is needed that is true or false."],
    ["words.go", "text", "this gives a list, a text is needed."],
    ["[1]", "number", "this gives a list, a number is needed."],
  ])("%s as %s: %s", (text, type, message) => {
    expect(refusal(text, type)).toEqual({ message, offset: text.length - text.trimStart().length });
  });
});

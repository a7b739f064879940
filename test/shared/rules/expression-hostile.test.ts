/** Expressions under attack: whatever the text and whatever the scope, nothing throws, nothing grows, and types hold. */
import { Environment } from "@marcbachmann/cel-js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Scope, ValueType } from "../../../shared/rules/compiled.ts";
import { plainTypes } from "../../../shared/rules/expression/names.ts";
import { compileExpression, type Declared } from "../../../shared/rules/expression.ts";

const place = { file: "rules.yaml", line: 1, column: 1 };
const declared: Declared = {
  variables: new Map<string, ValueType>([["hits", "number"]]),
  meters: new Set(["rage"]),
  words: new Map([["go", ["go", "run"]]]),
};
const compile = (text: string, type: ValueType) => compileExpression(text, { type, on: "gift", declared, place });

describe("texts that want to break it", () => {
  const nested = (howMany: number) => `${"(".repeat(howMany)}1${")".repeat(howMany)}`;
  test.each<[string, string, string]>([
    ["10,000 parentheses", nested(10_000), "too long: 20001 characters, at most 500"],
    ["100,000 characters", "1+".repeat(50_000), "too long"],
    ["501 characters", `1${" ".repeat(499)}1`, "too long"],
    ["12 levels", nested(12), "nested too deep"],
    ["open parentheses alone", "(".repeat(500), "nested too deep"],
    ["nested choices", `${"true ? ".repeat(20)}1${" : 2".repeat(20)}`, "nested too deep"],
    ["nested lists", `${"[".repeat(100)}${"]".repeat(100)}`, "nested too deep"],
    ["a chain of fields", `viewer${".a".repeat(200)}`, "nested too deep"],
    ["101 parts", `--${"1+".repeat(49)}1`, "too long; at most 100 parts"],
    ["many signs", `${"!".repeat(400)}true`, "at most 100 parts"],
    ["many items", `[${"1,".repeat(200)}1]`, "at most 100 parts"],
  ])("%s", (_name, text, message) => {
    const result = compile(text, "number");
    expect(result.ok ? "taken" : result.message).toContain(message);
    expect(!result.ok && result.offset <= text.length).toBe(true);
  });

  test("what is just within the bounds works", () => {
    for (const [text, type] of [
      [nested(11), "number"],
      [`-${"1+".repeat(49)}1`, "number"],
      [`1${" ".repeat(497)}+1`, "number"],
      [`${"!".repeat(98)}true`, "flag"],
    ] as const) {
      expect(compile(text, type).ok ? "ok" : text).toBe("ok");
    }
  });
});

const words = ["diamonds", "count", "gift.name", "viewer.follower", "vars.hits", "meters.rage", "words.go", "text"];
const signs = [
  "+",
  "-",
  "*",
  "/",
  "%",
  "==",
  "!=",
  "<",
  "<=",
  "&&",
  "||",
  "!",
  "in",
  "?",
  ":",
  "(",
  ")",
  "[",
  "]",
  ",",
  ".",
  "=",
];
const calls = [
  "min(",
  "table(",
  "hasWord(",
  "oneWordOf(",
  "log(",
  ".contains(",
  ".map(",
  "and",
  "not",
  "0x",
  "1e",
  "'",
  '"',
  "\\",
  "{",
  "}",
];
const soup = fc
  .array(
    fc.constantFrom(...words, ...signs, ...calls, "1", "0", "2.5", "'a'", "true", "constructor", "__proto__", "\n"),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(" "));

describe("any text", () => {
  test.each<[string, fc.Arbitrary<string>]>([
    ["of any characters", fc.string({ unit: "binary", maxLength: 600 })],
    ["of the language's own words", soup],
  ])("%s never throws and gives a place inside the text", (_name, texts) => {
    fc.assert(
      fc.property(texts, fc.constantFrom<ValueType>("number", "text", "flag"), (text, type) => {
        const result = compile(text, type);
        if (result.ok) return;
        expect(result.message).toMatch(/^\S.{10,600}[.?]$/su);
        expect(result.offset).toBeGreaterThanOrEqual(0);
        expect(result.offset).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1500 },
    );
  });
});

/** Expressions that compile, by what they give. */
const built = fc.letrec<{ number: string; flag: string; text: string }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("diamonds", "count", "vars.hits", "meters.rage", "viewer.gifterLevel", "0", "1", "2.5", "-3"),
    fc
      .tuple(tie("number"), fc.constantFrom("+", "-", "*", "/", "%"), tie("number"))
      .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
    fc.tuple(fc.constantFrom("min", "max"), tie("number"), tie("number")).map(([name, a, b]) => `${name}(${a}, ${b})`),
    fc
      .tuple(fc.constantFrom("log", "sqrt", "round", "floor", "ceil", "abs"), tie("number"))
      .map(([name, a]) => `${name}(${a})`),
    fc.tuple(tie("flag"), tie("number"), tie("number")).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
    fc.tuple(tie("number"), tie("number"), tie("number")).map(([x, a, b]) => `table(${x}, [[0, ${a}], [5, ${b}]])`),
    tie("text").map((text) => `length(${text})`),
  ),
  flag: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("viewer.follower", "true", "false", "(gift.name in words.go)"),
    fc
      .tuple(tie("number"), fc.constantFrom("<", "<=", ">", ">=", "==", "!="), tie("number"))
      .map((parts) => `(${parts.join(" ")})`),
    fc.tuple(tie("flag"), fc.constantFrom("&&", "||", "==", "!="), tie("flag")).map((parts) => `(${parts.join(" ")})`),
    tie("flag").map((flag) => `!${flag}`),
    fc
      .tuple(tie("text"), fc.constantFrom("contains", "startsWith", "endsWith"), tie("text"))
      .map(([a, name, b]) => `${a}.${name}(${b})`),
    fc.tuple(tie("text"), tie("text")).map(([a, b]) => `hasWord(${a}, ${b})`),
  ),
  text: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom("gift.name", "tier", "viewer.name", "'go'", "''"),
    fc.tuple(tie("text"), tie("text")).map(([a, b]) => `(${a} + ${b})`),
    tie("text").map((text) => `lower(${text})`),
    tie("text").map((text) => `oneWordOf(${text}, words.go)`),
  ),
}));

const anyValue = fc.oneof(
  fc.double(),
  fc.string(),
  fc.boolean(),
  fc.constantFrom(undefined, null, Number.NaN, {}, [], 10n),
);
const field = (name: string) => fc.record({ [name]: anyValue }, { requiredKeys: [] });
const anyScope = fc.record(
  {
    diamonds: anyValue,
    count: anyValue,
    tier: anyValue,
    gift: fc.oneof(field("name"), anyValue),
    viewer: fc.oneof(field("follower"), anyValue),
    vars: fc.oneof(field("hits"), anyValue),
    meters: fc.oneof(field("rage"), anyValue),
  },
  { requiredKeys: [] },
);
const typeNames = { number: "number", text: "string", flag: "boolean" } as const;

describe("any scope", () => {
  test.each(["number", "flag", "text"] as const)("a %s is given, whatever the scope holds", (type) => {
    let taken = 0;
    fc.assert(
      fc.property(built[type], anyScope, (text, scope) => {
        const result = compile(text, type);
        if (!result.ok) {
          expect(result.message).toMatch(/too (long|deep)/);
          return;
        }
        taken++;
        const value = result.expression.evaluate(scope as unknown as Scope);
        expect(typeof value).toBe(typeNames[type]);
        if (typeof value === "number") expect(Number.isFinite(value) && !Object.is(value, -0)).toBe(true);
        if (typeof value === "string") expect(value.length).toBeLessThanOrEqual(500);
      }),
      { numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(300);
  });
});

describe("the library's own evaluator", () => {
  const library = new Environment();
  for (const [name, type] of Object.entries(plainTypes))
    library.registerVariable(name, type === "number" ? "double" : "string");
  library.registerVariable({ name: "gift", schema: { name: "string" } });
  library.registerVariable({ name: "viewer", schema: { name: "string", follower: "bool" } });

  /** What both must agree on: operators, choices and methods, without what only Uproar has or computes as 0. */
  const shared = fc.letrec<{ number: string; flag: string; text: string }>((tie) => ({
    number: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom("diamonds", "count", "combo", "1.0", "2.5", "0.0"),
      fc
        .tuple(tie("number"), fc.constantFrom("+", "-", "*"), tie("number"))
        .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
      tie("number").map((number) => `(${number} / 4.0)`),
      tie("number").map((number) => `-${number}`),
      fc.tuple(tie("flag"), tie("number"), tie("number")).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
    ),
    flag: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom("viewer.follower", "true", "false"),
      fc
        .tuple(tie("number"), fc.constantFrom("<", "<=", ">", ">=", "==", "!="), tie("number"))
        .map((parts) => `(${parts.join(" ")})`),
      fc.tuple(tie("text"), fc.constantFrom("<", "==", "!="), tie("text")).map((parts) => `(${parts.join(" ")})`),
      fc.tuple(tie("flag"), fc.constantFrom("&&", "||", "=="), tie("flag")).map((parts) => `(${parts.join(" ")})`),
      fc.tuple(tie("text"), tie("text")).map(([a, b]) => `(${a} in [${b}, 'Rose'])`),
      tie("flag").map((flag) => `!${flag}`),
    ),
    text: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom("gift.name", "viewer.name", "'go'", "''"),
      fc.tuple(tie("text"), tie("text")).map(([a, b]) => `(${a} + ${b})`),
    ),
  }));
  const scope = { diamonds: 10, count: 3, combo: 0.5, gift: { name: "Rose" }, viewer: { name: "Ana", follower: true } };

  test.each(["number", "flag", "text"] as const)("gives the same %s", (type) => {
    let compared = 0;
    fc.assert(
      fc.property(shared[type], (text) => {
        const result = compile(text, type);
        if (!result.ok) {
          expect(result.message).toMatch(/too (long|deep)/);
          return;
        }
        compared++;
        const theirs: unknown = library.evaluate(text, scope);
        expect(result.expression.evaluate(scope as unknown as Scope)).toBe(theirs === 0 ? 0 : theirs);
      }),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(300);
  });
});

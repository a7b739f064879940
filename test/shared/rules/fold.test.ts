/** Folding: one form for every way of writing a word. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commandIn, fold, wordsIn } from "../../../shared/rules/fold.ts";

const plainText = fc.oneof(
  fc.string({ maxLength: 150 }),
  fc.string({ unit: fc.constantFrom("a", "B", " ", "!"), maxLength: 20 }),
);
const anyText = fc.string({ unit: "binary", maxLength: 150 });

describe("fold", () => {
  test("gives the same for plain text as for text that has something to fold", () => {
    fc.assert(
      fc.property(plainText, (text) => {
        expect(fold(`${text} é`)).toBe(`${fold(text)} e`.trim());
      }),
    );
  });

  test("changes nothing that is folded already", () => {
    fc.assert(
      fc.property(plainText, (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
  });
});

test("the words of a text are its letters and digits in a row, in any script", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const folded = fold(text);
      const words = folded.match(/[\p{L}\p{N}]+/gu) ?? [];
      expect(wordsIn(folded)).toBe([" ", ...words.map((word) => `${word} `)].join(""));
    }),
  );
  expect(wordsIn(fold("¡Hola, 世界! 𠀀😂x"))).toBe(" hola 世界 𠀀 x ");
});

test.each([
  ["!dash now", "dash"],
  ["dash?!", "dash"],
  ["", ""],
  ["!", ""],
  ["a.b c", "a.b"],
])("the command of %j is %j", (text, command) => expect(commandIn(fold(text))).toBe(command));

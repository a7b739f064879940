/** Viewers' text: initials, direction and cutting in any script; hues that stay. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { fitHeadline } from "../../../client/stage/hud/title.ts";
import { hueIndex } from "../../../client/stage/hue.ts";
import {
  breakInTwo,
  cleanText,
  directionOf,
  fitText,
  graphemes,
  initials,
  wrapText,
} from "../../../client/stage/text.ts";

test.each([
  ["Mika", "MI"],
  ["sam_plays", "SA"],
  ["ÇelikTR", "ÇE"],
  ["@noor.alhadi", "NO"],
  ["x", "X"],
  ["77seven", "77"],
  ["Анна", "АН"],
  ["ßeta", "SS"],
  ["محمد", "م"],
  ["さくら", "さ"],
  ["김민준", "김"],
  ["שלום", "ש"],
  ["प्रिया", graphemes("प्रिया")[0]],
  ["🔥", "🔥"],
  ["👩‍👩‍👧 family", "FA"],
  ["__--__", "?"],
  ["", "?"],
])("initials of %j are %j", (name, expected) => {
  expect(initials(name)).toBe(expected);
});

test("initials of anything are one or two letters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (name) => {
      const count = graphemes(initials(name)).length;
      expect(count).toBeGreaterThanOrEqual(1);
      expect(count).toBeLessThanOrEqual(2);
    }),
  );
});

test.each([
  ["Mika", "ltr"],
  ["محمد 12", "rtl"],
  ["12 שלום", "rtl"],
  ["Ali محمد", "ltr"],
  ["123", "ltr"],
])("%j reads %s", (text, direction) => {
  expect(directionOf(text)).toBe(direction);
});

test("controls, overrides and towers of marks are taken out, letters stay", () => {
  expect(cleanText("a\u202eb\u0000c\n d")).toBe("a b c d");
  expect(cleanText(`z${"\u0301".repeat(30)}`)).toBe(`z${"\u0301".repeat(4)}`);
  expect(cleanText("ประโยชน์")).toBe("ประโยชน์");
});

test("a cut text fits, keeps whole letters and is the longest that does", () => {
  const measure = (text: string) => graphemes(text).length * 10;
  expect(fitText("short", 50, measure)).toBe("short");
  expect(fitText("a_very_long_name", 80, measure)).toBe("a_very_…");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.integer({ min: 10, max: 400 }), (text, width) => {
      const cut = fitText(text, width, measure);
      if (cut === text) return;
      expect(measure(cut)).toBeLessThanOrEqual(Math.max(width, 10));
      expect(text.startsWith(cut.slice(0, -1))).toBe(true);
    }),
  );
});

test.each([
  ["31 left", ["31", "left"]],
  ["Comment to join", ["Comment", "to join"]],
  ["Cyan 17 : 16 Pink", ["Cyan 17 :", "16 Pink"]],
  ["Participate", ["Participate"]],
  ["a :", ["a :"]],
])("%j breaks into %j", (text, lines) => {
  expect(breakInTwo(text, (part) => part.length)).toEqual(lines);
});

test.each([
  ["31 left", 1, 54],
  ["Comment to join", 2, 42],
  ["Cyan 17 : 16 Pink", 2, 42],
  ["Unbelievable", 1, 36],
])("the headline %j has %i line(s) of %i units", (text, lines, size) => {
  const fitted = fitHeadline(text, 218, (part) => part.length * 0.5);
  expect(fitted.lines).toHaveLength(lines);
  expect(fitted.size).toBe(size);
});

test("a headline is never under 34 units, never wider than its room, and loses words only when it must", () => {
  const measure = (part: string) => part.length * 0.5;
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z0-9:]{1,14}$/), { maxLength: 6 }), (words) => {
      const text = words.join(" ");
      const { lines, size } = fitHeadline(text, 218, measure);
      expect(size).toBeGreaterThanOrEqual(34);
      expect(size).toBeLessThanOrEqual(54);
      for (const line of lines) expect(measure(line) * size).toBeLessThanOrEqual(218);
      if (!lines.some((line) => line.endsWith("…"))) expect(lines.join(" ")).toBe(text);
    }),
  );
});

test("a wrapped text keeps its words in order, within its lines, and says when it was cut", () => {
  const measure = (part: string) => part.length;
  expect(wrapText("waiting for @handle to go live", 12, 3, measure)).toEqual(["waiting for", "@handle to", "go live"]);
  expect(wrapText("waiting for @handle to go live", 12, 2, measure)).toEqual(["waiting for", "@handle to…"]);
  expect(wrapText("", 12, 2, measure)).toEqual([""]);
  fc.assert(
    fc.property(
      fc.string({ maxLength: 80 }),
      fc.integer({ min: 4, max: 30 }),
      fc.integer({ min: 1, max: 5 }),
      (text, width, most) => {
        const lines = wrapText(text, width, most, measure);
        expect(lines.length).toBeLessThanOrEqual(most);
        for (const line of lines) expect(measure(line)).toBeLessThanOrEqual(width);
        if (!lines.some((line) => line.endsWith("…"))) expect(lines.join(" ")).toBe(cleanText(text));
      },
    ),
  );
});

test("a viewer's hue is the same every time, and neighbours' ids spread over all hues", () => {
  expect(hueIndex("tiktok:6892636847263982501", 9)).toBe(hueIndex("tiktok:6892636847263982501", 9));
  const seen = new Array(9).fill(0);
  for (let i = 0; i < 900; i++) seen[hueIndex(`tiktok:${7000000 + i}`, 9)]++;
  for (const count of seen) expect(count).toBeGreaterThan(50);
});

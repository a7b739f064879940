/** Viewers' text: initials, direction and cutting in any script; hues that stay. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { hueIndex } from "../../../client/stage/hue.ts";
import { cleanText, directionOf, fitText, graphemes, initials } from "../../../client/stage/text.ts";

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

test("a viewer's hue is the same every time, and neighbours' ids spread over all hues", () => {
  expect(hueIndex("tiktok:6892636847263982501", 9)).toBe(hueIndex("tiktok:6892636847263982501", 9));
  const seen = new Array(9).fill(0);
  for (let i = 0; i < 900; i++) seen[hueIndex(`tiktok:${7000000 + i}`, 9)]++;
  for (const count of seen) expect(count).toBeGreaterThan(50);
});

/** Cleaning of viewers' text, with hostile examples (protocols 16.14). */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText, cutText } from "../../../server/ingest/text.ts";

describe("cleanText", () => {
  it.each([
    ["hello", "hello"],
    ["a\u0000b\u001bc", "a b c"],
    ["line\r\nline", "line line"],
    ["broken \ud83d here", "broken  here"],
    ["\udc00low first", "low first"],
    ["مرحبا \u200fيا", "مرحبا \u200fيا"],
    ["\u202Elive\u202C", "live"],
    ["👩‍🚀", "👩‍🚀"],
    ["<script>alert(1)</script>", "<script>alert(1)</script>"],
  ])("%j becomes %j", (text, clean) => expect(cleanText(text, 100)).toBe(clean));

  it("is well-formed, without control characters and short enough for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), fc.integer({ min: 0, max: 80 }), (text, max) => {
        const clean = cleanText(`${text}\ud800\u0007${text}`, max);
        expect(clean.length).toBeLessThanOrEqual(max);
        expect(clean.isWellFormed()).toBe(true);
        expect(/\p{Cc}/u.test(clean)).toBe(false);
      }),
    );
  });

  it("never splits a pair", () => {
    expect(cutText("ab😀", 3)).toBe("ab");
    expect(cutText("ab😀", 4)).toBe("ab😀");
  });
});

/** Tables: what is written is what a spreadsheet reads, and no name becomes a formula. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csvLine, csvStart } from "../../../server/http/csv.ts";

/** Cells of a line as a spreadsheet reads them, with this separator. */
function cellsOf(line: string, separator = ","): string[] {
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    const sign = line[i]!;
    if (isQuoted && sign === '"' && line[i + 1] === '"') cell += line[i++];
    else if (sign === '"' && (isQuoted || cell === "")) isQuoted = !isQuoted;
    else if (!isQuoted && (sign === separator || sign === "\r")) {
      cells.push(cell);
      cell = "";
      if (sign === "\r") break;
    } else cell += sign;
  }
  return cells;
}

test("a file starts with the mark by which Excel knows UTF-8", () => {
  expect([...Buffer.from(csvStart)]).toEqual([0xef, 0xbb, 0xbf]);
});

describe("a cell", () => {
  test.each<[string | number | boolean, string]>([
    ["Mika", '"Mika"'],
    ["", '""'],
    [12.5, "12.5"],
    [true, "true"],
    ['say "hi", Ana', '"say ""hi"", Ana"'],
    ["two\nlines", '"two\nlines"'],
    ["محمد 🦊 Ayşe 高橋", '"محمد 🦊 Ayşe 高橋"'],
    ["=1+1", `"'=1+1"`],
    ["+49", `"'+49"`],
    ["-_-", `"'-_-"`],
    ["@ana", `"'@ana"`],
    ["＝1+1", `"'＝1+1"`],
    ["\t=1", `"\t'=1"`],
    [' "=1', `" ""'=1"`],
    ["a;=1", `"a;'=1"`],
    ['x";=1', `"x"";'=1"`],
    ["a-b=c", '"a-b=c"'],
    ["6892636847263982501", `"'6892636847263982501"`],
    ["007", `"'007"`],
    ["5655", '"5655"'],
    ["0", '"0"'],
  ])("%j is %s", (cell, text) => {
    expect(csvLine([cell, "next"])).toBe(`${text},"next"\r\n`);
  });
});

const sign = fc.constantFrom("=", "+", "-", "@", '"', ",", ";", "\n", "\r", "\t", " ", "'", "0", "a", "é", "🦊");
const anyText = fc.oneof(fc.string({ unit: sign, maxLength: 12 }), fc.string({ unit: "grapheme", maxLength: 12 }));

test("cells come back as they were, but for apostrophes", () => {
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1, maxLength: 4 }), (cells) => {
      const read = cellsOf(csvLine(cells));
      const bare = (text: string) => text.replaceAll("'", "");
      expect(read.map(bare)).toEqual(cells.map(bare));
    }),
    { numRuns: 2000 },
  );
});

test.each([",", ";", "\t"])("no cell begins a formula in a country whose separator is %j", (separator) => {
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1, maxLength: 4 }), (cells) => {
      for (const cell of cellsOf(csvLine(cells), separator)) expect(cell).not.toMatch(/^[\s"]*[=+\-@]/);
    }),
    { numRuns: 2000 },
  );
});

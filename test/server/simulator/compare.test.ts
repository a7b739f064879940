/** The comparison of what was sent with a ledger: every way of being wrong is noticed, nothing else is. */
import { describe, expect, it } from "vitest";
import { compare, keyOf, type LedgerLine } from "../../../server/simulator/compare.ts";

const sent = { frames: 9, units: 12, value: 516, byViewerAndGift: { "1|10": 7, "2|10": 4, "2|20": 1 } };
const row = (
  id: string,
  viewer: string,
  gift: string,
  count: number,
  changes: Partial<LedgerLine> = {},
): LedgerLine => ({
  id,
  show: "s",
  source: "tiktool",
  viewer: { id: viewer, name: `Viewer ${viewer}` },
  gift: { id: gift, name: `Gift ${gift}` },
  count,
  value: count * (gift === "20" ? 505 : 1),
  state: "applied",
  test: false,
  ...changes,
});
const right = [
  row("a", "1", "10", 3),
  row("b", "1", "10", 4, { state: "banked" }),
  row("c", "2", "10", 4, { state: "rejected" }),
  row("d", "2", "20", 1),
];
const of = (rows: LedgerLine[], before: LedgerLine[] = []) =>
  compare({ sent, rows, source: "tiktool", before: new Set(before.map(keyOf)) });

describe("compare", () => {
  it("adds up by state, and calls it equal when every pair is", () => {
    expect(of(right)).toEqual({
      sent: { units: 12, value: 516 },
      ledger: {
        applied: { units: 4, value: 508 },
        banked: { units: 4, value: 4 },
        rejected: { units: 4, value: 4 },
        total: { units: 12, value: 516 },
      },
      differences: [],
      foreign: { units: 0, value: 0 },
      equal: true,
    });
  });

  it.each<[string, LedgerLine[], object[]]>([
    ["a lost row", right.slice(1), [{ viewer: "Viewer 1 (1)", gift: "Gift 10", sent: 7, counted: 4 }]],
    ["a lost pair", right.slice(0, 3), [{ viewer: "2", gift: "20", sent: 1, counted: 0 }]],
    ["a unit twice", [...right, row("e", "2", "10", 1)], [{ viewer: "Viewer 2 (2)", sent: 4, counted: 5 }]],
    [
      "one viewer's units at another's",
      [...right.slice(1), row("a", "2", "10", 3)],
      [
        { viewer: "Viewer 1 (1)", sent: 7, counted: 4 },
        { viewer: "Viewer 2 (2)", sent: 4, counted: 7 },
      ],
    ],
  ])("%s is a difference", (_name, rows, differences) => {
    expect(of(rows)).toMatchObject({ equal: false, differences });
  });

  it("right units at a wrong price are not equal", () => {
    const rows = [...right.slice(0, 3), row("d", "2", "20", 1, { value: 1 })];
    expect(of(rows)).toMatchObject({ equal: false, differences: [] });
  });

  it("leaves out test gifts, other sources, and rows from before, but not the same id in another show", () => {
    const before = [row("a", "1", "10", 50, { show: "older" }), row("x", "2", "20", 3)];
    const others = [row("t", "1", "10", 5, { test: true }), row("o", "1", "10", 5, { source: "euler" })];
    expect(of([...before, ...others, ...right], before).equal).toBe(true);
    expect(of([...before, ...others, ...right], [before[1]!]).equal).toBe(false);
  });

  it("tells apart what is of no viewer or gift of this run", () => {
    const result = of([...right, row("z", "99", "10", 2), row("y", "__proto__", "20", 1)]);
    expect(result).toMatchObject({ equal: true, foreign: { units: 3 } });
  });
});

/** Sums of money in numbers and in words. */
import { expect, it } from "vitest";
import { readAmount, readCurrency } from "../../../../server/sources/streamerbot/money.ts";

it.each([
  [4.2, 4.2],
  ["10.00", 10],
  ["$5.00", 5],
  ["CA$1,234.50", 1234.5],
  ["1.234,50 €", 1234.5],
  ["€1,5", 1.5],
  ["₩10,000", 10_000],
  ["1 000,00 kr", 1000],
  ["CHF 1'200.50", 1200.5],
  ["5.", 5],
  ["0.0001", 0.0001],
  ["free", 0],
  ["", 0],
  [-5, 0],
  [Number.NaN, 0],
  [Number.POSITIVE_INFINITY, 0],
  [undefined, 0],
  ["KWD 1.500", 1.5],
  ["BHD 0.500", 0.5],
  ["1,500 TND", 1.5],
  ["JOD 1,234.500", 1234.5],
  ["OMR 1,234,500", 1_234_500],
  ["KWD 1.5", 1.5],
  ["KWD 1500", 1500],
  ["JPY 1,500", 1500],
  ["US$1,500", 1500],
  ["XXQ 1.500", 1500],
])("reads the amount of %s", (amount, value) => {
  expect(readAmount(amount)).toBeCloseTo(value, 9);
});

it.each([
  ["1.500", "KWD", 1.5],
  ["1.500", "EUR", 1500],
  ["1.500", "unknown", 1500],
  ["1.500", "", 1500],
  [1500, "KWD", 1500],
])("reads the amount of %s in %s", (amount, currency, value) => {
  expect(readAmount(amount, currency)).toBe(value);
});

it("stays a number however much is written", () => {
  for (const digit of ["9", "9.", "."]) expect(Number.isFinite(readAmount(digit.repeat(5000)))).toBe(true);
});

it.each([
  ["USD", "5", "USD"],
  [" eur ", "5", "EUR"],
  [undefined, "€1,50", "EUR"],
  ["$", "5.00", "USD"],
  [undefined, "$5.00", "USD"],
  [undefined, "CA$5.00", "unknown"],
  [undefined, "TRY 10", "TRY"],
  [undefined, 5, "unknown"],
  ["", "", "unknown"],
  [7, undefined, "unknown"],
])("reads the currency %s of %s", (told, amount, code) => {
  expect(readCurrency(told, amount)).toBe(code);
});

/** Sums of money as Streamer.bot hands them on: as numbers, or in the words that a platform shows ("€1,50"). Pure. */

/** Stands for the ISO code where an amount comes without one. */
const noCurrency = "unknown";
/** Signs that stand for one currency when nothing else names it. A dollar sign alone is taken for the American one. */
const signs: ReadonlyMap<string, string> = new Map([
  ["$", "USD"],
  ["€", "EUR"],
  ["£", "GBP"],
  ["¥", "JPY"],
  ["₹", "INR"],
  ["₩", "KRW"],
]);

/**
 * An amount as a number of at least 0; 0 for what is none. In words the last separator is decimal unless three digits follow: these are
 * decimals only where `currency`, an ISO code, has three of them and the separator stands there once.
 */
export function readAmount(amount: unknown, currency: string = readCurrency(undefined, amount)): number {
  if (typeof amount === "number") return amount > 0 && Number.isFinite(amount) ? amount : 0;
  if (typeof amount !== "string") return 0;
  const written =
    /\d[\d.,\s']*/
      .exec(amount.slice(0, 100))?.[0]
      .replace(/[\s']/g, "")
      .replace(/[.,]+$/, "") ?? "";
  const [, before = "", separator = "", after = ""] = /^(.*)([.,])(\d+)$/.exec(written) ?? [];
  const isDecimal = after.length !== 3 || (!before.includes(separator) && decimalsOf(currency) === 3);
  const [whole, fraction] = separator !== "" && isDecimal ? [before, after] : [written, ""];
  return Number(`${whole.replace(/[.,]/g, "")}.${fraction}`) || 0;
}

/** How many decimals a currency is written with; 2 where that is not known. */
function decimalsOf(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency)) return 2;
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** The ISO code of a currency: the one that is told, or else what the amount's words name. */
export function readCurrency(told: unknown, amount: unknown): string {
  const code = typeof told === "string" ? told.trim().toUpperCase() : "";
  if (/^[A-Z]{3}$/.test(code)) return code;
  const words = `${code} ${typeof amount === "string" ? amount.slice(0, 100) : ""}`;
  const written = /(?<![A-Z])[A-Z]{3}(?![A-Z])/.exec(words)?.[0];
  if (written) return written;
  const marks = /(?:[A-Z]+)?[$€£¥₹₩]/.exec(words)?.[0] ?? "";
  return signs.get(marks) ?? noCurrency;
}

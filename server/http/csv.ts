/**
 * CSV: tables that a spreadsheet shows as they are, whatever viewers call themselves. UTF-8 with a byte order mark, without which
 * Excel takes it for another encoding; commas, and lines that end as RFC 4180 has it.
 */

/** Stands at the start of a file. */
export const csvStart = "\ufeff";

/**
 * Where a spreadsheet would begin a formula: at the start of a cell, and after what is a separator in other countries, where the
 * quotes around the cell do not hold. Blanks and quotes before the sign do not help.
 */
const formulas = /((?:^|[;\t\r\n])[\s"]*)(?=[=+\-@＝＋－＠])/gu;

/** Ids that a spreadsheet would take for numbers, and round or shorten. */
const longNumber = /^(?=0\d|\d{16})\d+$/;

/** One line. Texts that would become a formula or lose digits get an apostrophe before it. */
export function csvLine(cells: readonly (string | number | boolean)[]): string {
  return `${cells.map((cell) => (typeof cell === "string" ? quoted(cell) : String(cell))).join(",")}\r\n`;
}

function quoted(text: string): string {
  const safe = longNumber.test(text) ? `'${text}` : text.replace(formulas, "$1'");
  return `"${safe.replaceAll('"', '""')}"`;
}

/** What a benchmark says, and how it is printed. */

/** One measured number. */
export interface Row {
  /** Which benchmark: "rules", "tick", "ingest", "poses", "store", "resume", "replay", "room", "flood". */
  readonly suite: string;
  /** What was measured, in words. */
  readonly name: string;
  readonly value: number;
  /** "x" for a ratio, else "ms", "bytes", "MB", "%", "Hz", "" for plain numbers. */
  readonly unit: string;
  /** Least and largest of the repeats, where there were some. */
  readonly low?: number;
  readonly high?: number;
  /** What to know about it: the times behind a ratio, the sizes behind a share. */
  readonly note: string;
}

/** The rows as a table for a terminal. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ suite, name, value, unit, low, high, note }) => [
    suite,
    name,
    `${short(value)} ${unit}`,
    low === undefined || high === undefined ? "" : `${short(low)} to ${short(high)}`,
    note,
  ]);
  const table = [["suite", "measured", "median", "repeats", "note"], ...cells];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  const lines = table.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

/** Three digits that matter. */
function short(value: number): string {
  if (!Number.isFinite(value)) return "-";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(Math.min(digits, 3));
}

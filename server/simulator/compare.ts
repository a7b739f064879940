/** Comparison: what a simulator says has arrived against the rows of a show's ledger, per viewer and gift. Pure. */
import type { SentTotals } from "./tally.ts";

/** What is read of a ledger's row. */
export interface LedgerLine {
  readonly id: string;
  /** The show it belongs to; ids of two shows may be the same. */
  readonly show: string;
  readonly source: string;
  readonly viewer: { readonly id: string; readonly name: string };
  readonly gift: { readonly id: string; readonly name: string };
  readonly count: number;
  readonly value: number;
  readonly state: "applied" | "banked" | "rejected";
  readonly test: boolean;
}

export interface Sum {
  units: number;
  value: number;
}

/** A viewer's gifts of one kind of which the ledger does not hold what was sent. */
export interface Difference {
  readonly viewer: string;
  readonly gift: string;
  readonly sent: number;
  readonly counted: number;
}

export interface Comparison {
  readonly sent: Sum;
  readonly ledger: Record<LedgerLine["state"] | "total", Sum>;
  /** Largest first. */
  readonly differences: readonly Difference[];
  /** New rows of the source about viewers to whom, or gifts of a kind that, this run sent nothing of. */
  readonly foreign: Sum;
  /** Every viewer's every gift counted exactly as sent, and worth what it was. */
  readonly equal: boolean;
}

export interface CompareOptions {
  sent: SentTotals["gifts"];
  rows: readonly LedgerLine[];
  /** Rows of other sources are not looked at. */
  source: string;
  /** Keys (`keyOf`) of the rows that were there before. */
  before: ReadonlySet<string>;
}

/** Names a row among all rows of a ledger. */
export function keyOf({ show, id }: Pick<LedgerLine, "show" | "id">): string {
  return `${show} ${id}`;
}

/** Compares. Test gifts and rows from before are left out. */
export function compare({ sent, rows, source, before }: CompareOptions): Comparison {
  const zero = (): Sum => ({ units: 0, value: 0 });
  const ledger = { applied: zero(), banked: zero(), rejected: zero(), total: zero() };
  const foreign = zero();
  const counted = new Map<string, { units: number; viewer: string; gift: string }>();
  for (const row of rows) {
    if (row.source !== source || row.test || before.has(keyOf(row))) continue;
    const pair = `${row.viewer.id}|${row.gift.id}`;
    if (!Object.hasOwn(sent.byViewerAndGift, pair)) {
      add(foreign, row);
      continue;
    }
    add(ledger[row.state], row);
    add(ledger.total, row);
    const known = counted.get(pair);
    if (known) known.units += row.count;
    else counted.set(pair, { units: row.count, viewer: row.viewer.name, gift: row.gift.name });
  }
  const differences: Difference[] = [];
  for (const [pair, units] of Object.entries(sent.byViewerAndGift)) {
    const found = counted.get(pair);
    if (found?.units === units) continue;
    const [viewerId = "", giftId = ""] = pair.split("|");
    differences.push({
      viewer: found ? `${found.viewer} (${viewerId})` : viewerId,
      gift: found?.gift ?? giftId,
      sent: units,
      counted: found?.units ?? 0,
    });
  }
  differences.sort((a, b) => Math.abs(b.sent - b.counted) - Math.abs(a.sent - a.counted));
  const equal = differences.length === 0 && ledger.total.value === sent.value;
  return { sent: { units: sent.units, value: sent.value }, ledger, differences, foreign, equal };
}

function add(sum: Sum, { count, value }: LedgerLine): void {
  sum.units += count;
  sum.value += value;
}

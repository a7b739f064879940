/** Test builder: one row of the ledger. */
import type { LedgerRow } from "../../../server/store/store.ts";

/** A rose from Ada that was applied; `change` says what matters to the test. */
export function aGift(change: Partial<LedgerRow> = {}): LedgerRow {
  return {
    id: "tiktool:1",
    show: "show-1",
    at: 1_790_000_000_123,
    source: "tiktool",
    viewer: { id: "6892636847263982501", handle: "ada", name: "Ada 🌹" },
    gift: { id: "5655", name: "Rose", unitValue: 1, currency: "diamond" },
    count: 3,
    value: 3,
    state: "applied",
    reason: "",
    actions: [{ rule: "rose", action: "grow", tick: 812 }],
    test: false,
    ...change,
  };
}

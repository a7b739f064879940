/** Test builders: rows of the ledger, a show, a commit of one. */
import type { Commit, GiftRecord, LedgerRow, ShowStart } from "../../../server/store/store.ts";

/** A rose from Ada that was applied; `change` says what matters to the test. */
export function aGift(change: Partial<LedgerRow> = {}): LedgerRow {
  return {
    id: "tiktool:1",
    show: "show-1",
    round: 2,
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

/** The same as it is recorded. */
export function aRecord(change: Partial<GiftRecord> = {}): GiftRecord {
  return { platform: "tiktok", ...aGift(change), ...change };
}

/** The row of a gift that was journaled and not played yet. */
export function aReceived(change: Partial<GiftRecord> = {}): GiftRecord {
  return aRecord({ state: "banked", reason: "not played yet", actions: [], ...change });
}

/** What a show began with. */
export function aShow(change: Partial<ShowStart> = {}): ShowStart {
  return {
    ...{ id: "show-1", game: "last-ball", seed: 4_000_000_000, startedAt: 1_790_000_000_000 },
    ...{ version: "0.1.0", season: "spring", body: '{"rules":[]}' },
    ...change,
  };
}

/** A commit of `show-1` with nothing in it but `change`. */
export function aCommit(change: Partial<Commit> = {}): Commit {
  return {
    ...{
      show: "show-1",
      tick: 0,
      inputs: [],
      entered: [],
      traces: [],
      received: [],
      gifts: [],
      viewers: [],
      scores: [],
    },
    ...change,
  };
}

/** The embedded store: SQLite in a worker thread. Nothing to install, one folder. */
import { type Link, openLink } from "./sqlite-link.ts";
import type { Store, StoreReader } from "./store.ts";

export interface StoreOptions {
  /** Where the data is; made if it is missing. */
  readonly folder: string;
  /** Most that the data file may take, bytes; beyond it the disk counts as full. Default: what the disk has. */
  readonly maxBytes?: number;
  /** Told in one sentence when the data was damaged and the ledger could be saved without the recorded shows. Default: nobody is told. */
  readonly warn?: (message: string) => void;
}

/** Opens the store of a folder. Rejects with a StoreError whose message is a sentence for the streamer. */
export async function openStore({ folder, maxBytes, warn = () => {} }: StoreOptions): Promise<Store> {
  return storeOver(await openLink({ folder, maxBytes }, warn));
}

/** Opens the store of a folder only to read it, also beside a show that runs. Rejects with a StoreError. */
export async function openStoreReader(folder: string): Promise<StoreReader> {
  return storeOver(await openLink({ folder, readOnly: true }, () => {}));
}

function storeOver(link: Link): Store {
  return {
    beginShow: (start) => link.ask("beginShow", start),
    resumeShow: (id) => link.ask("resumeShow", id),
    banks: () => link.ask("banks"),
    commit: (commit) => link.ask("commit", commit),
    shows: (limit) => link.ask("shows", limit),
    show: (id) => link.ask("show", id),
    checkpoint: (show, tick) => link.ask("checkpoint", show, tick),
    journal: (query) => link.ask("journal", query),
    traces: (query) => link.ask("traces", query),
    async forgetJournals(keep) {
      const forgotten = await link.ask("condemnJournals", keep);
      // Also what an earlier process had no time to remove.
      while (await link.ask("sweepJournals"));
      return forgotten;
    },
    ledger: (query) => link.ask("ledger", query),
    ledgerTotals: (show) => link.ask("ledgerTotals", show),
    viewerTotals: (show) => link.ask("viewerTotals", show),
    recentGiftIds: (sinceMs, limit) => link.ask("recentGiftIds", sinceMs, limit),
    recentCombos: (sinceMs, limit) => link.ask("recentCombos", sinceMs, limit),
    seenGifts: () => link.ask("seenGifts"),
    board: (query) => link.ask("board", query),
    bans: () => link.ask("bans"),
    ban: (ban) => link.ask("ban", ban),
    unban: (viewer) => link.ask("unban", viewer),
    setting: (name) => link.ask("setting", name),
    saveSetting: (name, value) => link.ask("saveSetting", name, value),
    close: () => link.close(),
  };
}

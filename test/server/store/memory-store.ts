/** A store in memory: as small as the interface allows. It shows that the conformance tests are about no particular database. */
import {
  type BoardQuery,
  type Checkpoint,
  type Commit,
  type CommitReport,
  type GiftRecord,
  type JournalPage,
  type JournalQuery,
  type LedgerRow,
  type LedgerState,
  type LedgerSum,
  type ShowRecord,
  type Store,
  type StoredBatch,
  type StoredBoardRow,
  type StoredViewer,
  StoreError,
  supersedes,
  type Trace,
} from "../../../server/store/store.ts";

interface Kept {
  record: ShowRecord;
  readonly inputs: StoredBatch[];
  readonly traces: Map<number, Trace>;
  checkpoints: Checkpoint[];
  readonly scores: Map<string, Commit["scores"][number]>;
}

/** What is left of it between two openings. */
export class Memory {
  shows: Kept[] = [];
  bank: { show: string; game: string; body: string }[] = [];
  readonly ledger = new Map<string, { row: GiftRecord; isReceived: boolean }>();
  readonly viewers = new Map<string, StoredViewer>();
  bans: { viewer: string; at: number; reason: string }[] = [];
  readonly settings = new Map<string, string>();
}

/** Opens a store on what `memory` holds. */
export function openMemory(memory: Memory): Store {
  let isClosed = false;
  const methods = methodsOf(memory);
  const entries = Object.entries(methods) as [string, (...args: unknown[]) => unknown][];
  const open = entries.map(([name, work]) => [
    name,
    async (...args: unknown[]) => {
      if (isClosed) throw new StoreError("STORE_CLOSED", "The store is closed.");
      // Whoever is given something may do with it what they like.
      return structuredClone(work(...structuredClone(args)));
    },
  ]);
  return {
    ...(Object.fromEntries(open) as unknown as Store),
    close: async () => {
      isClosed = true;
    },
  };
}

function methodsOf(memory: Memory) {
  const find = (id: string) => memory.shows.find(({ record }) => record.id === id);
  const get = (id: string) => find(id) ?? fail(`no show ${id}`);
  return {
    beginShow(start) {
      if (find(start.id)) fail("there already");
      const record = { ...start, tick: 0, lastSeq: 0, endedAt: undefined, resumes: 0, hasJournal: true };
      memory.shows.push({ record, inputs: [], traces: new Map(), checkpoints: [], scores: new Map() });
      memory.bank = [];
    },
    resumeShow(id) {
      const show = get(id);
      if (!show.record.hasJournal) fail("its journal is gone; begin a new one with --new");
      show.record = { ...show.record, endedAt: undefined, resumes: show.record.resumes + 1 };
      memory.bank = memory.bank.filter((left) => left.show !== id);
    },
    banks: () => memory.bank.map(({ game, body }) => ({ game, body })),
    commit: (commit) => commitTo(memory, get(commit.show), commit),
    shows: (limit) =>
      memory.shows
        .toReversed()
        .slice(0, limit)
        .map(({ record }) => record),
    show: (id) => find(id)?.record,
    checkpoint: (show, tick = Number.POSITIVE_INFINITY) =>
      find(show)?.checkpoints.findLast((checkpoint) => checkpoint.tick <= tick),
    journal(query) {
      const place = ({ tick = Number.POSITIVE_INFINITY }: StoredBatch) => tick;
      const batches = [...(find(query.show)?.inputs ?? [])].sort((a, b) => place(a) - place(b) || a.seq - b.seq);
      return pageOf(
        batches.filter((batch) => place(batch) >= (query.fromTick ?? 0)),
        query,
      );
    },
    traces(query) {
      const traces = [...(find(query.show)?.traces.values() ?? [])].sort((a, b) => a.tick - b.tick);
      return pageOf(
        traces.filter(({ tick }) => tick >= (query.fromTick ?? 0)),
        query,
      );
    },
    forgetJournals(keep) {
      const old = memory.shows
        .slice(0, -keep)
        .filter(({ record }) => record.hasJournal && record.endedAt !== undefined);
      for (const show of old) {
        show.record = { ...show.record, hasJournal: false };
        show.inputs.length = 0;
        show.traces.clear();
        show.checkpoints = [];
      }
      return old.length;
    },
    ...ledgerOf(memory),
    board: (query) => boardOf(memory, query).slice(0, query.limit ?? 100),
    bans: () => memory.bans.toSorted((a, b) => a.at - b.at),
    ban(ban) {
      memory.bans = [...memory.bans.filter(({ viewer }) => viewer !== ban.viewer), ban];
    },
    unban(viewer) {
      const before = memory.bans.length;
      memory.bans = memory.bans.filter((ban) => ban.viewer !== viewer);
      return memory.bans.length < before;
    },
    setting: (name) => (memory.settings.has(name) ? JSON.parse(memory.settings.get(name)!) : undefined),
    saveSetting: (name, value) => void memory.settings.set(name, JSON.stringify(value)),
  } satisfies {
    [Op in Exclude<keyof Store, "close">]: (...args: Parameters<Store[Op]>) => Awaited<ReturnType<Store[Op]>>;
  };
}

function fail(what: string): never {
  throw new StoreError("STORE_FAILED", `The store refuses: ${what}.`);
}

/** The place of a page is the number of rows before it. */
function pageOf<Row>(all: readonly Row[], { after, limit = 1000 }: JournalQuery): JournalPage<Row> {
  const from = Number(after || 0);
  const rows = all.slice(from, from + Math.min(limit, 3));
  return { rows, next: from + rows.length < all.length ? String(from + rows.length) : "" };
}

function commitTo(memory: Memory, show: Kept, commit: Commit): CommitReport {
  const last = show.inputs.length;
  const fresh = commit.inputs.filter(({ seq }) => seq > last);
  if (fresh.some(({ seq }, index) => seq !== last + index + 1)) fail("a gap");
  show.inputs.push(...fresh.map((batch) => ({ ...batch, tick: undefined })));
  for (const { seq, tick } of commit.entered) {
    const batch = show.inputs[seq - 1];
    if (batch) show.inputs[seq - 1] = { ...batch, tick: batch.tick ?? tick };
  }
  for (const trace of commit.traces) show.traces.set(trace.tick, trace);
  const { checkpoint } = commit;
  if (checkpoint) {
    const others = show.checkpoints.filter(({ tick }) => tick !== checkpoint.tick);
    show.checkpoints = [...others, checkpoint].sort((a, b) => a.tick - b.tick).slice(-2);
  }
  show.record = { ...show.record, tick: Math.max(show.record.tick, commit.tick), lastSeq: show.inputs.length };
  if (commit.end) {
    show.record = { ...show.record, endedAt: commit.end.at };
    const left = { show: show.record.id, game: show.record.game, body: commit.end.bank };
    memory.bank = memory.bank.filter((other) => other.show !== left.show);
    if (left.body !== "") memory.bank.push(left);
  }
  return rowsTo(memory, show, commit);
}

function rowsTo(memory: Memory, show: Kept, { received, gifts, viewers, scores }: Commit): CommitReport {
  const report = { written: 0, ofOtherShows: 0, superseded: 0, invalid: [] as string[] };
  const put = (row: GiftRecord, isReceived: boolean) => {
    const known = memory.ledger.get(row.id);
    if (Number.isNaN(row.value)) report.invalid.push(row.id);
    else if (known && isReceived) return;
    else if (known && known.row.show !== row.show) report.ofOtherShows++;
    else if (known && !known.isReceived && !supersedes(row.state, known.row.state)) report.superseded++;
    else {
      memory.ledger.set(row.id, { row: { ...row, round: known?.row.round ?? row.round }, isReceived });
      report.written++;
    }
  };
  for (const row of received) put(row, true);
  for (const row of gifts) put(row, false);
  for (const viewer of viewers) {
    if (viewer.name === undefined) report.invalid.push(viewer.key);
    else memory.viewers.set(viewer.key, viewer);
  }
  for (const score of scores) {
    if (Number.isNaN(score.score)) report.invalid.push(score.viewer);
    else show.scores.set(`${score.round} ${score.viewer}`, score);
  }
  return report;
}

const keyOf = ({ platform, viewer }: GiftRecord) => `${platform}:${viewer.id}`;
const states: readonly LedgerState[] = ["applied", "banked", "rejected"];

function sumsOf(rows: readonly GiftRecord[]): Record<LedgerState, LedgerSum> {
  const sum = (state: LedgerState) => {
    const some = rows.filter((row) => row.state === state);
    const add = (key: "count" | "value") => some.reduce((total, row) => total + row[key], 0);
    return [state, { rows: some.length, count: add("count"), value: add("value") }];
  };
  return Object.fromEntries(states.map(sum)) as Record<LedgerState, LedgerSum>;
}

function ledgerOf(memory: Memory) {
  const rowsOf = (show?: string) =>
    [...memory.ledger.values()].map(({ row }) => row).filter((row) => show === undefined || row.show === show);
  return {
    ledger({ show, after, limit = 1000 } = {}) {
      const from = Number(after || 0);
      const all = rowsOf(show);
      const rows: LedgerRow[] = all.slice(from, from + limit).map(({ platform: _, combo: __, ...row }) => row);
      return { rows, next: from + limit < all.length ? String(from + limit) : "" };
    },
    ledgerTotals: (show) => ({
      ...(sumsOf(rowsOf(show).filter((row) => !row.test)) as Record<LedgerState, LedgerSum>),
      test: sumsOf(rowsOf(show).filter((row) => row.test)),
    }),
    viewerTotals(show) {
      const groups = Map.groupBy(
        rowsOf(show).filter((row) => !row.test),
        (row) => `${keyOf(row)} ${row.gift.currency}`,
      );
      return [...groups.values()]
        .map((rows) => ({
          ...{ viewer: viewerOf(memory, keyOf(rows[0]!), rows.at(-1)), currency: rows[0]!.gift.currency },
          ...sumsOf(rows),
        }))
        .sort((a, b) => b.applied.value - a.applied.value);
    },
    recentGiftIds: (sinceMs, limit) =>
      rowsOf()
        .reverse()
        .filter(({ at }) => at >= sinceMs)
        .sort((a, b) => b.at - a.at)
        .slice(0, Math.max(1, limit))
        .map(({ id }) => id),
    recentCombos(sinceMs, limit) {
      const heard = rowsOf().filter(({ combo }) => combo && combo.heardAtMs >= sinceMs);
      const groups = Map.groupBy(heard, ({ source, combo }) => `${source} ${combo!.streakKey} ${combo!.roomId}`);
      const most = (rows: GiftRecord[], of: (row: GiftRecord) => number) => Math.max(...rows.map(of));
      return [...groups.values()]
        .map((rows) => ({
          ...{ source: rows[0]!.source, streakKey: rows[0]!.combo!.streakKey, roomId: rows[0]!.combo!.roomId },
          total: most(rows, ({ combo }) => combo!.total),
          heardAtMs: most(rows, ({ combo }) => combo!.heardAtMs),
          sentAtMs: most(rows, ({ at }) => at),
        }))
        .sort((a, b) => b.heardAtMs - a.heardAtMs)
        .slice(0, limit);
    },
    seenGifts() {
      const rows = rowsOf()
        .filter((row) => !row.test)
        .sort((a, b) => b.at - a.at);
      const gifts = rows.map(({ gift: { id, name, unitValue } }) => ({ id, name, unitValue }));
      return [...new Map(gifts.map((gift) => [JSON.stringify(gift), gift])).values()];
    },
  } satisfies Partial<{ [Op in keyof Store]: (...args: Parameters<Store[Op]>) => Awaited<ReturnType<Store[Op]>> }>;
}

function viewerOf(memory: Memory, key: string, row?: GiftRecord): StoredViewer {
  const named = row ? { key, handle: row.viewer.handle, name: row.viewer.name } : { key, handle: "", name: key };
  return memory.viewers.get(key) ?? named;
}

function boardOf(memory: Memory, { kind, span }: BoardQuery): StoredBoardRow[] {
  const counts = (id: string, round: number): boolean => {
    const season = memory.shows.find(({ record }) => record.id === id)?.record.season;
    if (span.type === "allTime") return true;
    if (span.type === "season") return season === span.season;
    return id === span.show && (span.type === "show" || round === span.round);
  };
  const board = new Map<string, StoredBoardRow>();
  const add = (viewer: StoredViewer, currency: string, score: number, wins: number) => {
    const row = board.get(`${viewer.key} ${currency}`) ?? { viewer, currency, score: 0, counted: 0, wins: 0 };
    board.set(`${viewer.key} ${currency}`, { ...row, viewer, score: row.score + score, wins: row.wins + wins });
  };
  if (kind === "play") {
    for (const { record, scores } of memory.shows) {
      for (const { round, viewer, score, counted, wins } of scores.values()) {
        const points = span.type === "round" ? score : counted;
        if (counts(record.id, round)) add(viewerOf(memory, viewer), "", points, wins);
      }
    }
  } else {
    for (const { row } of memory.ledger.values()) {
      const isCounted = counts(row.show, row.round) && !row.test && row.state !== "rejected";
      if (isCounted) add(viewerOf(memory, keyOf(row), row), row.gift.currency, row.value, 0);
    }
  }
  return [...board.values()].sort((a, b) => b.score - a.score || b.wins - a.wins);
}

/** Checks: what must hold of a data folder after all kills, read through the store when the show has been stopped in order. */
import { compare } from "../../server/simulator/compare.ts";
import type { SentTotals } from "../../server/simulator/tally.ts";
import { openStore } from "../../server/store/sqlite.ts";
import type { InputBatch, LedgerRow, LedgerTotals, ShowRecord, Store, StoredBatch } from "../../server/store/store.ts";
import type { ShowInput } from "../../shared/sim/input.ts";

/** The show writes a trace whenever so many ticks have passed. */
const traceEveryTicks = 60;
/** Most viewers and gifts that are named one by one. */
const maxNamed = 5;

/** The ledger of a folder. */
export interface KeptLedger {
  readonly rows: readonly LedgerRow[];
  readonly totals: LedgerTotals;
}

/** The shows of a folder, and the journal of the newest. */
export interface KeptJournal {
  readonly shows: readonly ShowRecord[];
  readonly batches: readonly StoredBatch[];
  readonly traceTicks: readonly number[];
}

/** Reads the ledger of a folder that no show uses now. */
export function readLedger(folder: string): Promise<KeptLedger> {
  return reading(folder, async (store) => {
    const rows = await pages((after) => store.ledger({ after, limit: 5000 }));
    return { rows, totals: await store.ledgerTotals() };
  });
}

/** Reads the journal of a folder that no show uses now. */
export function readJournal(folder: string): Promise<KeptJournal> {
  return reading(folder, async (store) => {
    const shows = await store.shows(1000);
    const show = shows[0]?.id ?? "";
    const batches = await pages((after) => store.journal({ show, after }));
    const traces = await pages((after) => store.traces({ show, after }));
    return { shows, batches, traceTicks: traces.map(({ tick }) => tick) };
  });
}

async function reading<T>(folder: string, read: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ folder });
  try {
    return await read(store);
  } finally {
    await store.close();
  }
}

type Page<Row> = { readonly rows: readonly Row[]; readonly next: string };

async function pages<Row>(read: (after: string) => Promise<Page<Row>>): Promise<Row[]> {
  const all: Row[] = [];
  let after = "";
  do {
    const { rows, next } = await read(after);
    all.push(...rows);
    after = next;
  } while (after !== "");
  return all;
}

/** What is wrong with the ledger, a sentence each: it must hold what was sent, of every viewer and gift, and nothing else. */
export function ledgerProblems(sent: SentTotals["gifts"], { rows, totals }: KeptLedger): string[] {
  const problems: string[] = [];
  const { differences, equal, ledger, foreign } = compare({ sent, rows, source: "tiktool", before: new Set() });
  for (const { viewer, gift, sent: units, counted } of differences.slice(0, maxNamed)) {
    problems.push(`${viewer} sent ${units} of gift ${gift}, and ${counted} count`);
  }
  if (differences.length > maxNamed) problems.push(`and so of ${differences.length - maxNamed} more viewers and gifts`);
  if (!equal && differences.length === 0) problems.push(`${sent.value} was sent, and ${ledger.total.value} counts`);
  if (foreign.units > 0) problems.push(`${foreign.units} units count that nobody sent`);
  const { applied, banked, rejected } = totals;
  for (const part of ["count", "value"] as const) {
    const received = applied[part] + banked[part] + rejected[part];
    const all = rows.reduce((sum, row) => sum + row[part], 0);
    if (received !== all)
      problems.push(`the sums' ${part} of applied, banked and rejected is ${received}, the rows' ${all}`);
  }
  for (const id of repeated(rows.map((row) => row.id))) problems.push(`the gift ${id} has two rows`);
  return problems;
}

/**
 * What is wrong with the journal, a sentence each: it must be of one show, the one that was `seen`, with every batch once, all of them
 * entered, and a trace of each second.
 */
export function journalProblems({ shows, batches, traceTicks }: KeptJournal, seen: string | undefined): string[] {
  const [show] = shows;
  if (!show || shows.length > 1) return [`there are ${shows.length} shows and should be one`];
  const problems: string[] = [];
  if (show.id !== seen) problems.push(`show ${seen} was seen, and ${show.id} was kept`);
  if (show.endedAt === undefined) problems.push("the show counts as not ended, though it was stopped in order");
  // By number, not as they entered: what costs nothing may overtake gifts that wait for a slow disk.
  const numbers = batches.map(({ seq }) => seq).sort((a, b) => a - b);
  const missing = numbers.findIndex((seq, i) => seq !== i + 1);
  if (missing >= 0) problems.push(`batch ${missing + 1} is missing, ${numbers[missing]} is there instead`);
  const waiting = batches.filter(({ tick }) => tick === undefined).length;
  if (waiting > 0) problems.push(`${waiting} batches never entered the show`);
  for (const id of repeated(giftsIn(batches))) problems.push(`the gift ${id} was journaled twice`);
  const due = Math.floor(show.tick / traceEveryTicks);
  const gap = Array.from({ length: due }, (_, i) => (i + 1) * traceEveryTicks).find(
    (tick, i) => traceTicks[i] !== tick,
  );
  if (gap !== undefined) problems.push(`there is no trace of tick ${gap}, so a replay proves less than it should`);
  return problems;
}

function giftsIn(batches: readonly InputBatch[]): string[] {
  const inputs = batches.flatMap(({ body }) => JSON.parse(body) as ShowInput[]);
  return inputs.flatMap((input) => (input.type === "event" && input.event.type === "gift" ? [input.event.id] : []));
}

/** Those of which there is more than one, each once. */
function repeated(names: readonly string[]): string[] {
  const seen = new Set<string>();
  const twice = names.filter((name) => seen.has(name) || !seen.add(name));
  return [...new Set(twice)].slice(0, maxNamed);
}

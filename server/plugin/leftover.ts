/** Leftover: what a run that was killed had accepted and not done, read from ledger, journal and its last checkpoint. */
import type { LiveEvent } from "../../shared/events/live-event.ts";
import { isPaid } from "../../shared/rules/engine.ts";
import type { CarriedCalls } from "../../shared/sim/carrying.ts";
import type { ShowInput } from "../../shared/sim/input.ts";
import { notPlayedYet } from "../room/gift-rows.ts";
import type { LedgerRow, ShowRecord, Store } from "../store/store.ts";

/** What was heard so long before the process ended is known again when a provider repeats it, whatever kind of event it is. */
const heardTicks = 3600;
/** Rows read at once. */
const pageRows = 2000;

/** Something paid for that an earlier run accepted, and that this one decides again. Plain JSON. */
export interface EarlierEvent {
  readonly event: LiveEvent;
  /** The run whose ledger row it has, in which it arrived. */
  readonly show: string;
  /** What has acted of it, as far as anybody knows. */
  readonly actions: LedgerRow["actions"];
  /** Rules had decided about it, and it waited. Else nobody has looked at it yet. */
  readonly hasWaited: boolean;
}

/** What a run of a room leaves to the next, when it stops and at its checkpoints. Plain JSON. */
export interface Leaving {
  /** Calls that wait, as a simulation carries them. */
  readonly carried: CarriedCalls | null;
  /** To be decided again. */
  readonly again: readonly EarlierEvent[];
  /** What has acted of subscriptions that wait: no ledger knows it. By the event's id. */
  readonly acted: Readonly<Record<string, LedgerRow["actions"]>>;
  /** Ids of what waits and may have acted more than anybody knows, as a run was killed meanwhile. */
  readonly doubtful: readonly string[];
}

/** What a run that was killed leaves. */
export interface Leftover {
  /** Its unfinished gifts and subscriptions, oldest first, and what a day's limits have used up. */
  readonly left: Leaving;
  /** Ids of all events of its last minute: a provider may tell them again. */
  readonly heard: readonly string[];
}

/** Reads what a run that was killed leaves. */
export async function leftoverOf(store: Store, record: ShowRecord): Promise<Leftover> {
  const beginning = JSON.parse(record.body) as Partial<Leaving>;
  const checkpoint = await store.checkpoint(record.id);
  const last = checkpoint ? (JSON.parse(checkpoint.body) as Leaving) : beginning;
  const journal = await journalOf(store, record, checkpoint?.tick ?? 0);
  const journaled = journal.filter(({ event, isAfter }) => isAfter && isPaid(event));
  const earlier = [...(beginning.again ?? []), ...(last.again ?? [])];
  const gifts = await unfinishedGifts(store, [
    ...giftsCarried(last, record.id),
    ...earlier.map(({ event, show }) => ({ event, show })),
    ...journaled.map(({ event }) => ({ event, show: record.id })),
  ]);
  // Of subscriptions the last checkpoint knows all: it is written whenever one begins or ceases to wait.
  const isJournaled = new Set(journal.map(({ event }) => event.id));
  const subscriptions = [
    ...waitingCalls(last).map((event) => subscription(event, record.id, last.acted?.[event.id] ?? [])),
    // Of a run's first minute the whole journal was read: what it was to decide again, and had not come to.
    ...(record.tick <= heardTicks ? earlier.filter(({ event }) => !isJournaled.has(event.id)) : []),
    ...journaled
      .filter(({ hasEntered }) => !hasEntered)
      .map(({ event }) => earlier.find(({ event: { id } }) => id === event.id) ?? subscription(event, record.id, [])),
  ].filter(({ event }) => event.type !== "gift");
  const again = [...gifts, ...firstOfEach(subscriptions)];
  const days = last.carried?.days ?? [];
  const left = {
    carried: days.length > 0 ? { format: 2 as const, rules: [], games: [], calls: [], gifts: [], days } : null,
    again,
    acted: {},
    doubtful: again.map(({ event }) => event.id),
  };
  return { left, heard: journal.map(({ event }) => event.id) };
}

interface Found {
  readonly event: LiveEvent;
  /** The run that it arrived in. */
  readonly show: string;
}

function giftsCarried({ carried }: Partial<Leaving>, show: string): Found[] {
  return (carried?.gifts ?? []).map(({ event, arrivedIn = show }) => ({ event, show: arrivedIn }));
}

/** Events behind the calls that wait, but gifts. */
function waitingCalls({ carried }: Partial<Leaving>): LiveEvent[] {
  return (carried?.calls ?? []).flatMap(({ call: { event } }) => (event && event.type !== "gift" ? [event] : []));
}

function subscription(event: LiveEvent, show: string, actions: LedgerRow["actions"]): EarlierEvent {
  return { event, show, actions, hasWaited: true };
}

/** Gifts among these that the ledger knows as not done. What was told twice counts where it was told first. */
async function unfinishedGifts(store: Store, found: readonly Found[]): Promise<EarlierEvent[]> {
  const gifts = firstOfEach(found.filter(({ event }) => event.type === "gift"));
  const banked = new Map<string, LedgerRow>();
  const wanted = new Set(gifts.map(({ event }) => event.id));
  for (const show of new Set(gifts.map((gift) => gift.show))) {
    for (const row of await allOf((after) => store.ledger({ show, after, limit: pageRows })))
      if (row.state === "banked" && wanted.has(row.id)) banked.set(row.id, row);
  }
  return gifts.flatMap(({ event }) => {
    const row = banked.get(event.id);
    if (!row) return [];
    const { show, actions, reason } = row;
    return [{ event, show, actions, hasWaited: reason !== notPlayedYet }];
  });
}

function firstOfEach<T extends { readonly event: LiveEvent }>(found: readonly T[]): T[] {
  const byId = new Map<string, T>();
  for (const one of found) if (!byId.has(one.event.id)) byId.set(one.event.id, one);
  return [...byId.values()];
}

/** Events of the last minute at least, and of all the time after `fromTick`; those tell whether they have entered. */
async function journalOf(store: Store, { id: show, tick: lastTick }: ShowRecord, fromTick: number) {
  const heardTick = Math.min(fromTick, Math.max(0, lastTick - heardTicks));
  const batches = await allOf((after) => store.journal({ show, fromTick: heardTick, after, limit: pageRows }));
  return batches.flatMap(({ body, tick }) => {
    const told = { isAfter: (tick ?? fromTick) >= fromTick, hasEntered: tick !== undefined };
    const inputs = JSON.parse(body) as ShowInput[];
    return inputs.flatMap((input) => (input.type === "event" ? [{ event: input.event, ...told }] : []));
  });
}

async function allOf<Row>(page: (after: string) => Promise<{ rows: readonly Row[]; next: string }>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after = ""; ; ) {
    const found = await page(after);
    rows.push(...found.rows);
    if (found.next === "") return rows;
    after = found.next;
  }
}

/**
 * Intake: from the ingest's queue into the journal, and from the journal into the show. What enters has been committed before; the tick
 * itself waits for nothing. While the disk refuses, gifts are held until they are safe, and acts that cost nothing go on.
 */
import type { LiveEvent, LiveEventType } from "../../shared/events/live-event.ts";
import { type Viewer, viewerKey } from "../../shared/events/viewer.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import { type OperatorAct, type ShowInput, savedFiles } from "../../shared/sim/input.ts";
import type { Clock } from "../clock.ts";
import { createFifo } from "../ingest/fifo.ts";
import type { Ingest } from "../ingest/ingest.ts";
import type { StoredViewer } from "../store/store.ts";
import type { Writer } from "../store/writer.ts";
import { bannedRow, type RowContext, receivedRow } from "./gift-rows.ts";

/** Most events taken from the queue, and that enter the show, in one tick; the rest wait. 200 x 60 = 12,000 a second. */
const maxEventsPerTick = 200;
/** Events journaled or on their way to it that have not entered; with more, the rest stays in the ingest's queue, which loses no gift. */
const maxWaitingEvents = 20_000;
/** From here on a disk is too slow to wait for with acts that cost nothing, ms. */
const slowMs = 500;
/** Longest that somebody waits to hear that their events are safe, ms. */
const safeWithinMs = 1000;
/** Viewers whose name is known to be written. */
const maxKnownViewers = 20_000;

/** Events that somebody paid for, and those that say how to count them: they never act before they are safe. */
const held: ReadonlySet<LiveEventType> = new Set([
  "gift",
  "giftStreakEnd",
  "subscribe",
  "streamStart",
  "streamEnd",
] satisfies LiveEventType[]);

/** What enters with one tick. */
export interface Entering {
  readonly events: LiveEvent[];
  rules: CompiledRules | undefined;
  readonly acts: OperatorAct[];
}

/** Inputs that were journaled together. */
export interface Batch {
  readonly seq: number;
  readonly events: readonly LiveEvent[];
  readonly rules?: CompiledRules | undefined;
  readonly acts: readonly OperatorAct[];
}

export interface IntakeCounters {
  /** Events taken from the queue, ever; of those, events of banned viewers. */
  taken: number;
  banned: number;
  /** Acts that entered before they were safe, because the disk was slow. */
  unsafe: number;
}

export interface Intake {
  /** Takes what waits in the queue into the journal. Call it every tick, also of a show that pauses. */
  take(): void;
  /** New rules, compiled for a game of the show. */
  changeRules(rules: CompiledRules): void;
  act(act: OperatorAct): void;
  /** What enters in this tick; valid until the next call. */
  enter(tick: number): Entering;
  /** Batches that have not entered; gifts among them that wait for the disk to answer. */
  readonly waiting: number;
  readonly heldGifts: number;
  readonly counters: Readonly<IntakeCounters>;
  /** Resolves when all that is in the queue now is safe on disk; true then, false when the disk refuses or takes more than a second. */
  whenSafe(): Promise<boolean>;
}

export interface IntakeParts {
  ingest: Pick<Ingest, "drain" | "counters">;
  writer: Writer;
  clock: Clock;
  /** Whether a viewer may not play. */
  isBanned(viewer: string): boolean;
  /** Where gifts are told of now. */
  rowContext(): RowContext;
  /** Batches of the journal that had not entered when the process ended: they enter first. */
  before: readonly Batch[];
}

/** Creates the intake of one show. */
export function createIntake({ ingest, writer, clock, isBanned, rowContext, before }: IntakeParts): Intake {
  const paid = createFifo<Batch>();
  const free = createFifo<Batch>();
  const entering: Entering = { events: [], rules: undefined, acts: [] };
  const counters: IntakeCounters = { taken: 0, banned: 0, unsafe: 0 };
  const noteViewers = createViewerNotes(writer);
  let asked: AskedSafe | undefined;
  let waitingEvents = 0;
  let waitingGifts = 0;

  const keep = (batch: Batch) => {
    (isHeld(batch) ? paid : free).push(batch);
    waitingEvents += batch.events.length;
    waitingGifts += giftsIn(batch);
  };
  const journal = (events: readonly LiveEvent[], other: readonly ShowInput[] = [], rules?: CompiledRules) => {
    const inputs: ShowInput[] = [...events.map((event) => ({ type: "event", event }) as const), ...other];
    const context = rowContext();
    const received = events.flatMap((event) => (event.type === "gift" ? [receivedRow(event, context)] : []));
    const seq = writer.input(clock.now(), JSON.stringify(inputs), received);
    const acts = other.flatMap((input) => (input.type === "act" ? [input.act] : []));
    keep({ seq, events, rules, acts });
  };
  /** Refuses a banned viewer's event; their gift is told of all the same. */
  const mayEnter = (event: LiveEvent): boolean => {
    if (!("viewer" in event) || !event.viewer || !isBanned(viewerKey(event.viewer))) return true;
    counters.banned++;
    if (event.type === "gift") writer.gifts([bannedRow(event, rowContext())]);
    return false;
  };
  const isSlow = () => {
    const { trouble, waitingMs } = writer.status();
    return trouble !== "" || waitingMs > slowMs;
  };
  /** The next batch that may enter, in the order of the journal. */
  const next = (): Batch | undefined => {
    const first = paid.peek();
    const other = free.peek();
    const isFirst = first !== undefined && (other === undefined || first.seq < other.seq);
    if (isFirst && first.seq <= writer.safe) return paid.shift();
    if (other === undefined) return undefined;
    if (other.seq <= writer.safe) return free.shift();
    if (!isSlow()) return undefined;
    counters.unsafe += other.events.length;
    return free.shift();
  };
  /** Answers those who ask, once nothing of what they ask about is left in the queue. */
  const answerAsked = () => {
    if (!asked || ingest.counters().queue.length > 0) return;
    const { tell } = asked;
    asked = undefined;
    writer.flush().then(
      () => tell(true),
      () => tell(false),
    );
  };

  for (const batch of before) keep(batch);
  return {
    take() {
      const isOpen = waitingEvents < maxWaitingEvents && !writer.status().isFull;
      // Asked in any case: silent combos are closed in it.
      const events = ingest.drain(isOpen ? maxEventsPerTick : 0);
      counters.taken += events.length;
      const welcome = events.filter(mayEnter);
      if (welcome.length > 0) {
        noteViewers(welcome);
        const paidEvents = welcome.filter(({ type }) => held.has(type));
        const freeEvents = welcome.filter(({ type }) => !held.has(type));
        if (freeEvents.length > 0) journal(freeEvents);
        if (paidEvents.length > 0) journal(paidEvents);
      }
      answerAsked();
    },
    changeRules: (rules) => journal([], [{ type: "rules", game: rules.game, files: savedFiles(rules.files) }], rules),
    act: (act) => journal([], [{ type: "act", act }]),
    enter(tick) {
      entering.events.length = 0;
      entering.acts.length = 0;
      entering.rules = undefined;
      while (entering.events.length < maxEventsPerTick) {
        const batch = next();
        if (!batch) break;
        waitingEvents -= batch.events.length;
        waitingGifts -= giftsIn(batch);
        for (const event of batch.events) entering.events.push(event);
        for (const act of batch.acts) entering.acts.push(act);
        entering.rules = batch.rules ?? entering.rules;
        writer.entered(batch.seq, tick);
        // Rules have numbers in the order of entering, so of two that enter only one does in a tick.
        if (batch.rules) break;
      }
      return entering;
    },
    get waiting() {
      return paid.size() + free.size();
    },
    get heldGifts() {
      return waitingGifts > 0 && isSlow() ? waitingGifts : 0;
    },
    counters,
    whenSafe() {
      asked ??= askSafe(clock);
      return asked.answer;
    },
  };
}

function isHeld({ events }: Batch): boolean {
  return events.some(({ type }) => held.has(type));
}

/** Who waits to hear that what the queue holds is safe; all who ask between two ticks share one answer. */
interface AskedSafe {
  readonly answer: Promise<boolean>;
  tell(isSafe: boolean): void;
}

function askSafe(clock: Clock): AskedSafe {
  let tell: AskedSafe["tell"] = () => {};
  const answer = new Promise<boolean>((resolve) => {
    const cancel = clock.after(safeWithinMs, () => resolve(false));
    tell = (isSafe) => {
      cancel();
      resolve(isSafe);
    };
  });
  return { answer, tell: (isSafe) => tell(isSafe) };
}

function giftsIn({ events }: Batch): number {
  return events.reduce((sum, { type }) => sum + (type === "gift" ? 1 : 0), 0);
}

/** Hands each viewer to the store once, and again under a new name. */
function createViewerNotes(writer: Pick<Writer, "viewers">): (events: readonly LiveEvent[]) => void {
  const known = new Map<string, Viewer>();
  return (events) => {
    const fresh: StoredViewer[] = [];
    for (const event of events) {
      if (!("viewer" in event) || !event.viewer || event.test) continue;
      const { viewer } = event;
      const key = viewerKey(viewer);
      const before = known.get(key);
      if (before && before.name === viewer.name && before.handle === viewer.handle) continue;
      if (known.size >= maxKnownViewers) known.clear();
      known.set(key, viewer);
      fresh.push({ key, handle: viewer.handle, name: viewer.name });
    }
    if (fresh.length > 0) writer.viewers(fresh);
  };
}

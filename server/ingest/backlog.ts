/** Tells what happened before a line was opened (the backlog a provider sends first) from what is live, whatever the local clock says. */

/** A message older than the connection by more than this is from before it, ms (protocols 10.2). */
export const backlogAgeMs = 10_000;
/** A backlog comes right after connecting; whatever comes later is live, ms. */
export const backlogWindowMs = 60_000;
/** A backlog comes in one batch: a message this long after the first one of its line is live and tells the time, ms. */
export const batchMs = 2000;
/** Clocks further apart than this tell nothing of each other, ms: more than any wrong time zone. */
export const maxClockOffsetMs = 24 * 3_600_000;
/** A right clock sees no messages from further in the future than this, ms. */
const futureMs = 2000;

/** "undecided": not known yet, paid events only; a later message of the line tells. */
export type Verdict = "live" | "replay" | "undecided";

/** What is known of the platform's clock against the local one, for one source across its lines. */
export interface Backlog {
  /** A line opened at `atMs` (local clock) leads into the room; told again for the same line it changes nothing. */
  connected(atMs: number, anotherRoom: boolean): void;
  /** A message of the line arrived at `nowMs`, dated `tsMs` by the platform; one without a date (0, NaN) tells nothing. Before `judge`. */
  heard(tsMs: number, nowMs: number): void;
  /** Judges a message that arrived at `nowMs`. Paid ones are judged by when the room was first entered, others by when the line was opened. */
  judge(tsMs: number, paid: boolean, nowMs: number): Verdict;
}

interface Line {
  readonly openedAtMs: number;
  /** When its first dated message arrived. */
  firstAtMs: number | undefined;
  /**
   * Largest (platform's date - local arrival) so far, ms. No message comes from the future, so the clocks' true offset is never
   * less: what is old by this is old, and once a live message was heard this is the offset itself but for the delay of delivery.
   */
  offsetMs: number;
  /** `offsetMs` when the first message came that cannot be of the opening batch: from then on the offset is known. */
  settledMs: number | undefined;
}

/**
 * Creates the judgement of one source. The rule, with `since` the local time of the room's entry or the line's opening:
 * 1. no date, or clocks a day apart, or more than `backlogWindowMs` after opening: live;
 * 2. the offset is known (from this line once settled, before that from the line before): a replay when older than `since` in the platform's time;
 * 3. not known, but old even by the newest message so far: a replay for certain;
 * 4. not known, unpaid: by the local clock, as a chat judged wrongly in the first two seconds costs little;
 * 5. not known, paid: undecided when the local clock calls it old or is itself shown to be slow, else live.
 */
export function createBacklog(): Backlog {
  let line: Line | undefined;
  let enteredAtMs = 0;
  /** The offset when the room was entered: that entry's place in the platform's time, also after the local clock was set right. */
  let entryOffsetMs: number | undefined;
  let earlierOffsetMs: number | undefined;

  const knownOffsetMs = (now: Line): number | undefined => {
    if (now.settledMs !== undefined) return now.offsetMs;
    return earlierOffsetMs === undefined ? undefined : Math.max(now.offsetMs, earlierOffsetMs);
  };

  return {
    connected(atMs, anotherRoom) {
      if (line?.settledMs !== undefined && line.openedAtMs !== atMs) {
        earlierOffsetMs = line.offsetMs;
        // The one nearest to the entry: the local clock may have been set right since.
        entryOffsetMs ??= line.settledMs;
      }
      if (anotherRoom) {
        enteredAtMs = atMs;
        entryOffsetMs = undefined;
      }
      if (line?.openedAtMs === atMs) return;
      line = { openedAtMs: atMs, firstAtMs: undefined, offsetMs: Number.NEGATIVE_INFINITY, settledMs: undefined };
    },
    heard(tsMs, nowMs) {
      if (!line || !isComparable(tsMs, nowMs)) return;
      line.firstAtMs ??= nowMs;
      // Once settled, one message dated far ahead is a slip of its sender and must not make every later one look old.
      if (line.settledMs !== undefined && tsMs - nowMs > line.settledMs + backlogAgeMs) return;
      line.offsetMs = Math.max(line.offsetMs, tsMs - nowMs);
      if (nowMs - line.firstAtMs >= batchMs) line.settledMs ??= line.offsetMs;
    },
    judge(tsMs, paid, nowMs) {
      if (!line || !isComparable(tsMs, nowMs)) return "live";
      // Before its own opening: the local clock was set back meanwhile and tells nothing.
      if (nowMs < line.openedAtMs || nowMs - line.openedAtMs > backlogWindowMs) return "live";
      const sinceMs = paid ? enteredAtMs : line.openedAtMs;
      const isOldBy = (offsetMs: number) => tsMs < sinceMs + offsetMs - backlogAgeMs;
      const knownMs = (paid ? entryOffsetMs : undefined) ?? knownOffsetMs(line);
      if (knownMs !== undefined) return isOldBy(knownMs) ? "replay" : "live";
      if (isOldBy(line.offsetMs)) return "replay";
      if (!paid) return isOldBy(0) ? "replay" : "live";
      return isOldBy(0) || line.offsetMs > futureMs ? "undecided" : "live";
    },
  };
}

/** Whether a date is one, and near enough to the local clock to tell anything. */
function isComparable(tsMs: number, nowMs: number): boolean {
  return tsMs > 0 && Math.abs(tsMs - nowMs) <= maxClockOffsetMs;
}

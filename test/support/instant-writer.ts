/** A writer whose disk is as fast as memory: all is safe at once, unless a test says otherwise, and can be looked at. */
import type { GiftRecord, InputBatch, RoundScore, StoredViewer } from "../../server/store/store.ts";
import { idleStatus, type Writer, type WriterStatus } from "../../server/store/writer.ts";

export interface InstantWriter extends Writer {
  readonly inputs: InputBatch[];
  readonly steps: { seq: number; tick: number }[];
  /** Rows as they were noted, newest last; those of gifts that were only received apart. */
  readonly rows: GiftRecord[];
  readonly received: GiftRecord[];
  readonly people: StoredViewer[];
  readonly points: RoundScore[];
  readonly traces: { tick: number; body: string }[];
  readonly checkpoints: { tick: number; body: string }[];
  /** What `end` was told, undefined before. */
  ended: { at: number; bank: string } | undefined;
  /** What the disk is like: while `isSafe` is false nothing becomes safe. */
  disk: { isSafe: boolean } & Partial<WriterStatus>;
}

/** Creates one; `lastSeq` as of a real writer. */
export function anInstantWriter(lastSeq = 0): InstantWriter {
  let seq = lastSeq;
  let safe = lastSeq;
  const writer: InstantWriter = {
    inputs: [],
    steps: [],
    rows: [],
    received: [],
    people: [],
    points: [],
    traces: [],
    checkpoints: [],
    ended: undefined,
    disk: { isSafe: true },
    get safe() {
      if (writer.disk.isSafe) safe = seq;
      return safe;
    },
    input(at, body, received) {
      writer.inputs.push({ seq: ++seq, at, body });
      writer.received.push(...received);
      return seq;
    },
    entered: (number, tick) => void writer.steps.push({ seq: number, tick }),
    gifts: (rows) => void writer.rows.push(...rows),
    viewers: (rows) => void writer.people.push(...rows),
    scores: (rows) => void writer.points.push(...rows),
    trace: (tick, body) => void writer.traces.push({ tick, body }),
    checkpoint: (tick, body) => void writer.checkpoints.push({ tick, body }),
    endTick: () => undefined,
    async flush() {
      if (!writer.disk.isSafe) throw new Error("the disk refuses");
    },
    async end(at, bank) {
      writer.ended = { at, bank };
    },
    status: () => ({ ...idleStatus, ...writer.disk }),
  };
  return writer;
}

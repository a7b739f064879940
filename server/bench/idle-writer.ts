/** A writer without a disk: it forgets what it is given, and all of it is safe at once. What a show costs without its store. */
import type { Writer, WriterStatus } from "../store/writer.ts";

const status: WriterStatus = {
  queued: 0,
  queuedChars: 0,
  isFull: false,
  written: 0,
  commits: 0,
  invalid: 0,
  ofOtherShows: 0,
  superseded: 0,
  tracesLost: 0,
  lastCommitMs: 0,
  waitingMs: 0,
  trouble: "",
};

/** Creates one. */
export function createIdleWriter(): Writer {
  let seq = 0;
  const forget = () => undefined;
  return {
    get safe() {
      return seq;
    },
    input: () => ++seq,
    entered: forget,
    gifts: forget,
    viewers: forget,
    scores: forget,
    trace: forget,
    checkpoint: forget,
    endTick: forget,
    flush: async () => undefined,
    end: async () => undefined,
    status: () => status,
  };
}

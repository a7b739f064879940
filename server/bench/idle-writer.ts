/** A writer without a disk: it forgets what it is given, and all of it is safe at once. What a show costs without its store. */
import { idleStatus, type Writer } from "../store/writer.ts";

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
    status: () => idleStatus,
  };
}

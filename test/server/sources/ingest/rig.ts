/** What the tests of the source ingest share: a running one, and events as programs write them. */
import { afterEach } from "vitest";
import { createIngest, type Ingest } from "../../../../server/ingest/ingest.ts";
import { createRecorder } from "../../../../server/ingest/recorder.ts";
import ingestSource, { type IngestReply } from "../../../../server/sources/ingest.ts";
import type { LiveEvent } from "../../../../shared/events/live-event.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { someSettings } from "../../../support/source.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

export const isMark = ({ type }: LiveEvent) => type === "streamStart" || type === "streamEnd";

/** Starts an ingest with the source; stopped after the test. */
export function start({ takenBefore = new Set<string>(), frames = [] as string[] } = {}) {
  const clock = createManualClock();
  const ingest: Ingest = createIngest({ clock, takenBefore, random: () => 0.5 });
  const header = { recording: 1, source: "ingest", user: "", startedAt: clock.now() } as const;
  ingest.start(
    ingestSource,
    someSettings(),
    createRecorder(header, clock.now, (line) => frames.push(line)),
  );
  cleanups.push(ingest.stop);
  const marks: string[] = [];
  return {
    clock,
    ingest,
    marks,
    send: (message: unknown) => ingest.receive(message) as IngestReply,
    status: () => ingest.status()[0]!,
    /** What came out since the last time, but for the marks of a broadcast's start and end. */
    events(): LiveEvent[] {
      const all = ingest.drain(100_000);
      marks.push(...all.filter(isMark).map(({ type, roomId }) => `${type} ${roomId}`));
      return all.filter((event) => !isMark(event));
    },
  };
}

export const viewer = { platform: "twitch", id: "7" };
export const rose = { id: "5655", name: "Rose", unitValue: 1, currency: "diamond" };
export const chat = (text: string, more: object = {}) => ({ type: "chat", viewer, text, ...more });
export const gift = (more: object) => ({ type: "gift", viewer, gift: rose, ...more });
export const step = (id: string, streakTotal: number, more: object = {}) =>
  gift({ id, streakKey: "k", streakTotal, ...more });
export const unitsOf = (events: readonly LiveEvent[]) =>
  events.reduce((sum, event) => (event.type === "gift" ? sum + event.count : sum), 0);

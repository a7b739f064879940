/** A source on a real line to a server that a test plays, and time that moves by hand: for what is told from line to line. */
import { createIngest } from "../../../server/ingest/ingest.ts";
import type { SourceDefinition, SourceSettings } from "../../../server/ingest/source.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { someSettings } from "../../support/source.ts";
import { until } from "../../support/until.ts";
import { startFakeSocketServer } from "./conformance.ts";

/** Starts the source for "ana"; `unknown` is a message that it does not know. Free it with `cleanUp`. */
export async function startLineRig(
  source: SourceDefinition,
  env: (url: string) => SourceSettings["env"],
  unknown: object,
) {
  const server = await startFakeSocketServer();
  const clock = createManualClock();
  const ingest = createIngest({ clock, random: () => 0.5 });
  ingest.start(source, someSettings({ user: "ana", env: env(server.url) }));
  const status = () => ingest.status()[0]!;
  const rig = {
    server,
    clock,
    status,
    take: (): LiveEvent[] => ingest.drain(1000),
    /** Sends messages; gives what they led to once they have been heard. */
    async tell(...messages: readonly object[]): Promise<LiveEvent[]> {
      const before = status().counters.ignoredUnknown;
      for (const message of [...messages, unknown]) server.send(JSON.stringify(message));
      await until(() => status().counters.ignoredUnknown > before);
      return rig.take();
    },
    /** Cuts the line without a word; resolves once the source has noticed. */
    async cut(): Promise<void> {
      server.drop();
      await until(() => status().retryAtMs !== undefined && server.lines() === 0);
    },
    /** Lets the wait for the next line pass; resolves once it is there. */
    async nextLine(): Promise<void> {
      clock.advance(Math.max(0, status().retryAtMs! - clock.now()));
      await until(() => server.lines() === 1);
    },
    pending: () => clock.pending(),
    async cleanUp(): Promise<void> {
      await ingest.stop();
      await server.stop();
    },
  };
  await until(() => server.lines() === 1);
  return rig;
}

export type LineRig = Awaited<ReturnType<typeof startLineRig>>;

/** Units of gifts in `events`. */
export function unitsIn(events: readonly LiveEvent[]): number {
  return events.reduce((sum, event) => (event.type === "gift" ? sum + event.count : sum), 0);
}

/** What `events` tell, one word or number each: gifts by their units. Combos' ends and troubles are left out. */
export function wordsOf(events: readonly LiveEvent[]): (string | number)[] {
  const told = events.filter(({ type }) => type !== "giftStreakEnd" && type !== "error");
  return told.map((event) => (event.type === "gift" ? event.count : event.type));
}

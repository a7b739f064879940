/** Ingest per event (decode, parse, translate, check, count, queue, take) against JSON.parse of the same bytes. */
import { systemClock } from "../clock.ts";
import { createIngest } from "../ingest/ingest.ts";
import { compare } from "./harness.ts";
import { createMessages } from "./messages.ts";
import type { Row } from "./report.ts";
import { connectWire } from "./wire.ts";

const blockSteps = 200;
const groups = 8;
const warmUpSteps = 2000;

/** Measures ingest. */
export async function benchIngest(repeats: number): Promise<Row[]> {
  const ingest = createIngest({ clock: systemClock });
  const receive = connectWire(ingest);
  const messages = createMessages(1);
  const total = warmUpSteps + 2 * blockSteps * groups * repeats;
  const bytes = Array.from({ length: total }, () => Buffer.from(messages.next(systemClock.now())));
  const size = bytes.reduce((sum, { length }) => sum + length, 0) / total;
  const reader = cycle(bytes);
  const parser = cycle(bytes);
  let parsed = 0;
  const { ratio, low, high, subjectMs, baselineMs } = compare({
    // Taken in batches of a tick at 500 events a second, as the room does.
    subject: () => {
      receive(reader.next());
      if (reader.taken % 8 === 0) ingest.drain(200);
    },
    baseline: () => {
      if (JSON.parse(parser.next().toString()) !== null) parsed++;
    },
    ...{ blockSteps, groups, repeats, warmUpSteps },
  });
  const { accepted, broken, duplicates } = ingest.counters().sources;
  await ingest.stop();
  if (accepted !== total || broken + duplicates > 0 || parsed !== total) {
    throw new Error(
      `The ingest benchmark is broken: ${accepted} of ${total} accepted, ${broken} broken, ${duplicates} double.`,
    );
  }
  const micro = (ms: number) => (ms * 1000).toFixed(1);
  const note = `${micro(subjectMs)} us against ${micro(baselineMs)} us, ${Math.round(size)} bytes an event`;
  return [{ suite: "ingest", name: "one event / JSON.parse of its bytes", value: ratio, unit: "x", low, high, note }];
}

function cycle(items: readonly Buffer[]) {
  const cursor = {
    taken: 0,
    next: () => items[cursor.taken++ % items.length]!,
  };
  return cursor;
}

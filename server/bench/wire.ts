/** A source for benchmarks that is fed by hand: bytes go in, the real translation, counting and queue do the rest. */

import type { Ingest } from "../ingest/ingest.ts";
import { defineSource, type SourceListener, type SourceSettings } from "../ingest/source.ts";
import { parseMessage, translate } from "../sources/tiktool.ts";

const settings: SourceSettings = { user: "bench", env: {}, seed: 1, scenario: "", captions: "", speed: 1 };
const context = { roomId: "bench-room", owner: "bench" };

/** Starts the source on an ingest; the returned function takes one message's bytes, as the socket hands them over. */
export function connectWire(ingest: Ingest): (bytes: Buffer) => void {
  let listener: SourceListener | undefined;
  ingest.start(
    defineSource({
      id: "bench",
      summary: "messages of a benchmark",
      platform: "tiktok",
      check: () => undefined,
      target: () => "@bench",
      connect(_settings, heard) {
        listener = heard;
        return { stop: async () => {} };
      },
    }),
    settings,
  );
  if (!listener) throw new Error("The ingest did not connect its source at once.");
  const heard = listener;
  heard.opened();
  heard.live(context.roomId);
  return (bytes) => {
    heard.alive();
    const said = translate(parseMessage(bytes.toString()), context);
    if (said.kind === "events") for (const event of said.events) heard.event(event);
  };
}

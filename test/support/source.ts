/** Builders for tests of live sources; say only what the test is about. */

import type { SourceListener, SourceSettings } from "../../server/ingest/source.ts";
import { liveEventTypes } from "../../shared/events/live-event.ts";

/** What TikTok's broadcasts know: all but what only other platforms have. */
export const tiktokEventTypes = liveEventTypes.filter((type) => type !== "raid" && type !== "redeem");

/** Settings of a source, with nothing given unless `part` gives it. */
export function someSettings(part: Partial<SourceSettings> = {}): SourceSettings {
  return { user: "", env: {}, seed: 1, scenario: "", captions: "", speed: 1, ...part };
}

/** A listener that pays no heed to what `part` does not listen to. */
export function someListener(part: Partial<SourceListener> = {}): SourceListener {
  const nothing = (): void => undefined;
  return {
    opened: nothing,
    live: nothing,
    alive: nothing,
    frame: nothing,
    event: () => "accepted",
    ignored: nothing,
    trouble: nothing,
    closed: nothing,
    ...part,
  };
}

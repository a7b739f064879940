/** A source whose lines a test drives by hand. */
import { defineSource, type SourceListener, type SourceSettings } from "../../../server/ingest/source.ts";
import { someSettings } from "../../support/source.ts";

export const noSettings: SourceSettings = someSettings({ user: "ana" });

export interface FakeLine extends SourceListener {
  stopped: boolean;
}

/** `lines` has one entry per connection ever opened; `onConnect` plays the provider. */
export function createFakeSource(onConnect: (line: FakeLine, nth: number) => void = () => undefined, id = "fake") {
  const lines: FakeLine[] = [];
  const source = defineSource({
    id,
    summary: "for tests",
    platform: "tiktok",
    check: (settings: SourceSettings) => (settings.user === "" ? "Say whom to follow." : undefined),
    target: (settings: SourceSettings) => `@${settings.user}`,
    connect(_settings: SourceSettings, listener: SourceListener) {
      const line: FakeLine = { ...listener, stopped: false };
      lines.push(line);
      onConnect(line, lines.length);
      return {
        async stop() {
          line.stopped = true;
        },
      };
    },
  });
  return {
    source,
    lines,
    /** The line opened last. */
    line: () => lines.at(-1)!,
    /** Lines not stopped. */
    open: () => lines.filter((line) => !line.stopped).length,
  };
}

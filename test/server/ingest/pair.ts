/** The rig of failover's tests: two live lines of one broadcast into one ingest. */
import { createIngest } from "../../../server/ingest/ingest.ts";
import type { SourceEvent } from "../../../server/ingest/source.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { aGift, aViewer } from "./builders.ts";
import { createFakeSource, noSettings } from "./fake-source.ts";

/** Two live lines into one ingest. */
export function startPair() {
  const clock = createManualClock();
  const ingest = createIngest({ clock, random: () => 0.5 });
  const members = [createFakeSource(undefined, "first"), createFakeSource(undefined, "second")] as const;
  ingest.startPair(
    { source: members[0].source, settings: noSettings },
    { source: members[1].source, settings: noSettings },
  );
  const lines = members.map((member) => member.line);
  for (const line of lines) {
    line().opened();
    line().live("7");
  }
  const heard: LiveEvent[] = [];
  const take = (): LiveEvent[] => {
    const events = ingest.drain(100_000).filter(({ type }) => type !== "error");
    heard.push(...events);
    return events;
  };
  take();
  return {
    clock,
    ingest,
    heard,
    take,
    /** A member tells something that happened at `ts`, just now if not said. */
    tell(member: 0 | 1, event: SourceEvent, ts = clock.now()): void {
      lines[member]!().event({ ...event, ts: ts - 1 });
    },
    /** Both lines tell of another room. */
    again(roomId: string): void {
      for (const line of lines) line().live(roomId);
    },
    cut: (member: 0 | 1) => lines[member]!().closed({ class: "network", detail: "cut" }),
    back(member: 0 | 1): void {
      const retryAtMs = ingest.status()[member]!.retryAtMs;
      if (retryAtMs !== undefined) clock.advance(Math.max(0, retryAtMs - clock.now()));
      lines[member]!().opened();
      lines[member]!().live("7");
    },
    /** Lets time pass as a show does: looked at every quarter of a second, on lines that say that they live. */
    pass(ms: number): void {
      for (let left = ms; left > 0; left -= 250) {
        for (const line of lines) line().alive();
        clock.advance(Math.min(250, left));
        take();
      }
    },
  };
}

/** Gift units that events add up to. */
export const unitsIn = (events: readonly LiveEvent[]) =>
  events.reduce((sum, event) => (event.type === "gift" ? sum + event.count : sum), 0);
/** A gift that is no combo. */
export const single = (viewerId = "1", id = "") =>
  aGift({ id, viewer: aViewer(viewerId), streakable: false, groupId: "" });

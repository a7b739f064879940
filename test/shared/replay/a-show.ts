/** Shows for tests of replay: their beginnings, events of every kind, entries in order. */
import fc from "fast-check";
import { type LiveEvent, liveEventTypes } from "../../../shared/events/live-event.ts";
import type { ShowHead } from "../../../shared/replay/show-file.ts";
import { anEvent } from "../../support/events.ts";

const rules = `game: last-ball
rules:
  - { id: hello, on: chat, do: enter }
`;

/** The head of a show of Last Ball. */
export function aHead(fields: Partial<ShowHead> = {}, text = rules): ShowHead {
  return {
    id: "a-show",
    game: "last-ball",
    seed: 7,
    version: "0.1.0",
    startedAt: 1000,
    private: false,
    beginning: { rules: [{ main: "rules.yaml", texts: [["rules.yaml", text]] }], carried: null },
    ...fields,
  };
}

/** What viewers type at worst: empty, of any letters, directions and joiners, half a surrogate, names of commands and of others. */
export const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom(
    "join",
    "red",
    "!blue",
    "@v1 @v2",
    "\u202Ejoin",
    "a\u200Db",
    "\uD800",
    "__proto__",
    "constructor",
    "💥".repeat(20),
  ),
);

const anyViewerId = fc.integer({ min: 0, max: 30 }).map((number) => `v${number}`);

/** An event of any type by one of some thirty viewers, with texts of any kind. */
export const anyEvent: fc.Arbitrary<LiveEvent> = fc
  .record({
    type: fc.constantFrom(...liveEventTypes),
    id: fc.uuid(),
    who: anyViewerId,
    text: anyText,
    name: anyText,
    count: fc.integer({ min: 1, max: 200 }),
    unitValue: fc.constantFrom(1, 5, 99, 500, 1000, 30_000),
    streak: fc.constantFrom("", "combo-1", "combo-2"),
    flags: fc.record({ test: rarely(), replay: rarely() }),
  })
  .map(({ type, id, who, text, name, count, unitValue, streak, flags }) => {
    const event = { ...anEvent(type), ...flags, id } as LiveEvent & Record<string, unknown>;
    if ("viewer" in event && event.viewer) event.viewer = { ...event.viewer, id: who, handle: who, name };
    if ("text" in event) event.text = text;
    if (event.type === "gift") {
      const gift = {
        id: `g${unitValue}`,
        name: unitValue === 1 ? "Rose" : `Gift ${unitValue}`,
        unitValue,
        currency: "diamond",
      };
      Object.assign(event, { gift, count, streakKey: streak, streakTotal: count });
    }
    if (event.type === "like") Object.assign(event, { count, roomDelta: count });
    return event;
  });

function rarely() {
  return fc.integer({ min: 0, max: 9 }).map((number) => number === 0);
}

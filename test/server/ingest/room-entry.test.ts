/** Room entry: how long a line's first events wait for its room, and where they lead then. */
import { describe, expect, it } from "vitest";
import { entryWithinMs, maxWaiting, RoomEntry } from "../../../server/ingest/room-entry.ts";
import type { RunMemory, SourceEvent } from "../../../server/ingest/source.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { aGift } from "./builders.ts";

/** An entry and all that it tells, in order: "live" with the room, events by their ids. */
function anEntry(options: { memory?: RunMemory; clock?: ReturnType<typeof createManualClock> } = {}) {
  const told: string[] = [];
  const entry = new RoomEntry({
    memory: options.memory,
    ...(options.clock && { clock: options.clock }),
    listener: {
      live: (roomId) => told.push(`live ${roomId}`),
      event(event) {
        told.push(event.id);
        return "accepted";
      },
    },
  });
  return { entry, told };
}
const gift = (id: string, changes: Partial<SourceEvent> = {}): SourceEvent => aGift({ id, ...changes } as object);
const known = (): RunMemory => {
  const memory: RunMemory = new Map();
  anEntry({ memory }).entry.enter("7");
  return memory;
};

describe("RoomEntry", () => {
  it("waits from the first sign of a room for five seconds, once", () => {
    const clock = createManualClock();
    const { entry, told } = anEntry({ memory: known(), clock });
    entry.enter("");
    clock.advance(entryWithinMs - 1);
    entry.tell(gift("a"));
    entry.enter("");
    expect([told, clock.pending()]).toEqual([[], 1]);
    clock.advance(1);
    entry.tell(gift("b"));
    expect([told, clock.pending()]).toEqual([["live ", "a", "b"], 0]);
  });

  it("tells the room first, then what waited, and frees its timer", () => {
    const clock = createManualClock();
    const { entry, told } = anEntry({ memory: known(), clock });
    entry.tell(gift("a"));
    entry.tell(gift("b", { roomId: "8" }));
    entry.enter("9");
    expect([told, entry.roomId, clock.pending()]).toEqual([["live 8", "a", "b", "live 9"], "9", 0]);
  });

  it("does not wait where no earlier line of the run knew a room, and then learns it from an event", () => {
    const memory: RunMemory = new Map();
    const first = anEntry({ memory });
    first.entry.tell(gift("a"));
    const second = anEntry({ memory });
    second.entry.enter("");
    second.entry.tell(gift("b", { roomId: "8" }));
    const third = anEntry({ memory });
    third.entry.tell(gift("c"));
    expect([first.told, second.told, third.told]).toEqual([["live ", "a"], ["live ", "live 8", "b"], []]);
  });

  it("holds no more than so many events", () => {
    const { entry, told } = anEntry({ memory: known() });
    for (let serial = 0; serial < maxWaiting; serial++) entry.tell(gift(String(serial)));
    expect(told).toEqual([]);
    entry.tell(gift("last"));
    expect([told[0], told.at(-1), told.length]).toEqual(["live ", "last", maxWaiting + 2]);
  });

  it("goes by the events' dates without a clock", () => {
    const { entry, told } = anEntry();
    const atMs = 1_800_000_000_000;
    for (const ts of [0, atMs, atMs + entryWithinMs]) entry.tell(gift(String(ts), { ts }));
    expect(told).toEqual([]);
    entry.tell(gift("late", { ts: atMs + entryWithinMs + 1 }));
    expect(told).toHaveLength(5);
  });

  it("tells what waits when it is settled, and nothing once it is stopped", () => {
    const clock = createManualClock();
    const settled = anEntry({ memory: known(), clock });
    settled.entry.tell(gift("a"));
    settled.entry.settle();
    settled.entry.settle();
    const silent = anEntry({ memory: known(), clock });
    silent.entry.enter("");
    silent.entry.settle();
    const stopped = anEntry({ memory: known(), clock });
    stopped.entry.tell(gift("b"));
    stopped.entry.stop();
    stopped.entry.settle();
    expect([settled.told, silent.told, stopped.told, clock.pending()]).toEqual([["live ", "a"], [], [], 0]);
  });
});

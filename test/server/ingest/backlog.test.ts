/** What is of the backlog and what is live, with local clocks that are right, fast, slow and absurd (protocols 10.2, 16.10). */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backlogWindowMs, batchMs, createBacklog, maxClockOffsetMs } from "../../../server/ingest/backlog.ts";
import { createCounting } from "../../../server/ingest/counting.ts";
import { holdMs, maxHeld } from "../../../server/ingest/holding.ts";
import type { SourceEvent } from "../../../server/ingest/source.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { aChat, aGift, aSubscribe } from "./builders.ts";

/** The platform's time when the line opens. */
const opened = 1_800_000_000_000;
const second = 1000;
const hour = 3_600_000;

/** A room heard on a machine whose clock is `fastMs` ahead; all times are after opening, in the platform's time. */
function aRoom(fastMs: number) {
  const out: LiveEvent[] = [];
  const counting = createCounting({ source: "tiktool", out: (event) => out.push(event) });
  const local = (atMs: number) => opened + fastMs + atMs;
  counting.enterRoom("room", local(0));
  let serial = 0;
  return {
    out,
    counting,
    local,
    /** Counts an event sent at `sentMs` that arrives at `atMs`; gives its id. */
    hear(event: SourceEvent, sentMs: number, atMs: number = sentMs + 100): string {
      const id = `m${serial++}`;
      counting.count({ ...event, id, ts: opened + sentMs }, local(atMs));
      return `tiktool:${id}`;
    },
    reconnect: (atMs: number) => counting.enterRoom("room", local(atMs)),
    idle: (atMs: number) => counting.idle(local(atMs)),
    /** Whether the event came out as a replay; undefined when it has not come out. */
    replayed: (id: string) => out.find((event) => event.id === id)?.replay,
  };
}
const aSingle = () => aGift({ streakable: false, groupId: "" });

describe("a live gift right after connecting", () => {
  it.each([
    ["right", 0],
    ["45 s fast", 45 * second],
    ["45 s slow", -45 * second],
    ["5 hours fast", 5 * hour],
    ["8 hours slow", -8 * hour],
    ["years fast", 9000 * hour],
    ["years slow", -9000 * hour],
  ])("acts although the clock is %s", (_name, fastMs) => {
    const room = aRoom(fastMs);
    const gifts = [500, 900, 4000].map((sentMs) => room.hear(aSingle(), sentMs));
    const subscription = room.hear(aSubscribe(), 5000);
    expect([...gifts, subscription].map(room.replayed)).toEqual([false, false, false, false]);
    expect(room.counting.counters().replayed).toBe(0);
  });

  it("alone in a silent room with a fast clock acts once it has waited", () => {
    const room = aRoom(45 * second);
    const gift = room.hear(aSingle(), 500);
    room.idle(500 + holdMs);
    expect(room.replayed(gift)).toBeUndefined();
    room.idle(700 + holdMs);
    expect(room.replayed(gift)).toBe(false);
    expect(room.counting.counters()).toMatchObject({ heldBack: 1, replayed: 0 });
  });

  it("does not wait when the clock is right, nor on a later line when the clock is known to be fast", () => {
    const right = aRoom(0);
    expect(right.replayed(right.hear(aSingle(), 10))).toBe(false);
    const fast = aRoom(45 * second);
    fast.hear(aChat("a"), 0);
    fast.hear(aChat("b"), batchMs);
    fast.reconnect(20 * second);
    expect(fast.replayed(fast.hear(aSingle(), 20 * second))).toBe(false);
    expect(fast.replayed(fast.hear(aChat("dash"), 20 * second))).toBe(false);
    expect([right, fast].map(({ counting }) => counting.counters().heldBack)).toEqual([0, 0]);
  });

  it("waits with its combo in order, and adds up", () => {
    const room = aRoom(45 * second);
    room.hear(aGift({ total: 1 }), 0);
    room.hear(aGift({ total: 3 }), 300);
    room.hear(aGift({ total: 3, end: true }), 900);
    expect(room.out).toEqual([]);
    room.hear(aChat("hi"), batchMs + 500);
    expect(room.out.map((event) => ("count" in event ? event.count : event.type))).toEqual([
      1,
      2,
      "giftStreakEnd",
      "chat",
    ]);
    expect(room.out.every(({ replay }) => !replay)).toBe(true);
  });

  it("is let out when the line, the broadcast or the show ends first, and when too many wait", () => {
    for (const end of ["settle", "reconnect", "another"] as const) {
      const room = aRoom(45 * second);
      const gift = room.hear(aSingle(), 100);
      if (end === "settle") room.counting.settle();
      else room.counting.enterRoom(end === "another" ? "next" : "room", room.local(600));
      expect(room.replayed(gift)).toBe(false);
    }
    const flood = aRoom(45 * second);
    for (let i = 0; i <= maxHeld; i++) flood.hear(aSingle(), 100);
    expect(flood.out).toHaveLength(1);
  });
});

describe("a backlog before live messages", () => {
  it.each([
    ["right", 0],
    ["45 s fast", 45 * second],
    ["5 hours fast", 5 * hour],
  ])("is marked, paid and unpaid, when the clock is %s", (_name, fastMs) => {
    const room = aRoom(fastMs);
    const old = [
      room.hear(aChat("dash"), -50 * second, 200),
      room.hear(aSingle(), -40 * second, 201),
      room.hear(aSubscribe(), -30 * second, 202),
    ];
    const fresh = room.hear(aSingle(), 1500);
    room.hear(aChat("hi"), batchMs + 300);
    expect(old.map(room.replayed)).toEqual([true, true, true]);
    expect(room.replayed(fresh)).toBe(false);
  });

  it("is marked when the clock is slow and messages from the future show it", () => {
    const room = aRoom(-45 * second);
    room.hear(aChat("dash"), -20 * second, 200);
    const gift = room.hear(aSingle(), -19 * second, 201);
    expect(room.replayed(gift)).toBeUndefined();
    room.hear(aChat("hi"), batchMs + 300);
    expect(room.replayed(gift)).toBe(true);
  });

  it("sent again on the next line it still does not act, but a gift sent while the line was down does", () => {
    const room = aRoom(45 * second);
    room.hear(aChat("a"), 0);
    room.hear(aChat("b"), batchMs);
    room.reconnect(40 * second);
    const before = room.hear(aSingle(), -30 * second, 40.1 * second);
    const during = room.hear(aSingle(), 20 * second, 40.2 * second);
    const word = room.hear(aChat("dash"), 20 * second, 40.3 * second);
    expect([before, during, word].map(room.replayed)).toEqual([true, false, true]);
  });
});

describe("a clock that is set right meanwhile", () => {
  const setRight = (fastMs: number) => {
    const backlog = createBacklog();
    const local = (atMs: number, isSet: boolean) => opened + atMs + (isSet ? 0 : fastMs);
    backlog.connected(local(0, false), true);
    for (const atMs of [0, 3000]) backlog.heard(opened + atMs, local(atMs, false));
    return { backlog, local };
  };

  it.each([45 * second, -45 * second])("by %d ms makes no live gift a replay, on this line or the next", (fastMs) => {
    const { backlog, local } = setRight(fastMs);
    const hear = (atMs: number) => {
      backlog.heard(opened + atMs, local(atMs, true));
      return backlog.judge(opened + atMs, true, local(atMs, true));
    };
    expect([5000, 20_000, 30_000].map(hear)).toEqual(["live", "live", "live"]);
    backlog.connected(local(40_000, true), false);
    expect([40_100, 45_000].map(hear)).toEqual(["live", "live"]);
    // Sent just after the room was entered, delivered only now.
    expect(backlog.judge(opened + 1000, true, local(46_000, true))).toBe("live");
  });
});

describe("in general", () => {
  const offset = fc.integer({ min: -20 * hour, max: 20 * hour });
  const message = fc.record({
    gapMs: fc.integer({ min: 0, max: 3000 }),
    delayMs: fc.integer({ min: 0, max: 4000 }),
    kind: fc.constantFrom("chat", "gift", "reconnect"),
  });

  it("no live gift is ever marked, and all come out, whatever the clock and however often the line breaks", () => {
    fc.assert(
      fc.property(offset, fc.array(message, { maxLength: 40 }), (fastMs, messages) => {
        const room = aRoom(fastMs);
        const gifts: string[] = [];
        let sentMs = 0;
        let atMs = 0;
        for (const { gapMs, delayMs, kind } of messages) {
          sentMs += gapMs;
          atMs = Math.max(atMs, sentMs + delayMs);
          if (kind === "reconnect") room.reconnect(atMs);
          else if (kind === "chat") room.hear(aChat("x"), sentMs, atMs);
          else gifts.push(room.hear(aSingle(), sentMs, atMs));
          room.idle(atMs);
        }
        room.counting.settle();
        expect(gifts.map(room.replayed)).toEqual(gifts.map(() => false));
      }),
    );
  });

  it("a paid backlog is marked whenever the clock is right or fast and something live follows", () => {
    const ages = fc.array(fc.integer({ min: 15 * second, max: 3 * hour }), { minLength: 1, maxLength: 8 });
    const later = fc.record({
      sentMs: fc.integer({ min: batchMs, max: 5000 }),
      delayMs: fc.integer({ min: 0, max: 4000 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 * hour }), ages, later, (fastMs, old, { sentMs, delayMs }) => {
        const room = aRoom(fastMs);
        const gifts = old.map((ageMs, nth) => room.hear(aSingle(), -ageMs, nth));
        room.hear(aChat("live"), sentMs, sentMs + delayMs + old.length);
        expect(gifts.map(room.replayed)).toEqual(gifts.map(() => true));
      }),
    );
  });

  it("judges nothing without a date, a line, near clocks or after the window", () => {
    const backlog = createBacklog();
    expect(backlog.judge(1, false, opened)).toBe("live");
    backlog.connected(opened, true);
    for (const ts of [0, Number.NaN, -5, opened - maxClockOffsetMs - 1, opened + maxClockOffsetMs + 1]) {
      backlog.heard(ts, opened);
      expect(backlog.judge(ts, false, opened)).toBe("live");
    }
    const old = opened - 30_000;
    expect(backlog.judge(old, false, opened + backlogWindowMs)).toBe("replay");
    expect(backlog.judge(old, false, opened + backlogWindowMs + 1)).toBe("live");
  });
});

describe("one message dated far ahead", () => {
  it("does not make what comes after it look old", () => {
    const room = aRoom(0);
    for (let at = 0; at <= 4; at++) room.hear(aChat("hi"), at * second);
    room.hear(aChat("from the future"), 5 * second + hour, 5 * second);
    const gift = room.hear(aSingle(), 6 * second);
    room.idle(30 * second);
    expect(room.replayed(gift)).toBe(false);
  });
});

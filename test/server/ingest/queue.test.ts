/** The bounded queue: order, and who goes when it is full. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createQueue } from "../../../server/ingest/queue.ts";
import { type LiveEvent, liveEventSchema } from "../../../shared/events/live-event.ts";
import { aViewer } from "./builders.ts";

let serial = 0;
const base = () => ({ id: `test:${serial++}`, source: "test", roomId: "r", ts: 1, receivedAt: 1 });
const gift = { id: "9001", name: "Spark", unitValue: 1, currency: "diamond" };

function aChat(text: string, viewerId: string = "1"): LiveEvent {
  return liveEventSchema.parse({ ...base(), type: "chat", viewer: aViewer(viewerId), text });
}
function aLike(count: number, viewerId: string = "1"): LiveEvent {
  return liveEventSchema.parse({
    ...base(),
    type: "like",
    viewer: aViewer(viewerId),
    count,
    roomDelta: count,
    roomTotal: 0,
  });
}
function aGift(count: number, streakKey: string, viewerId: string = "1"): LiveEvent {
  const numbers = { count, streakKey, streakTotal: count };
  return liveEventSchema.parse({ ...base(), type: "gift", viewer: aViewer(viewerId), gift, ...numbers });
}
function aFollow(viewerId: string): LiveEvent {
  return liveEventSchema.parse({ ...base(), type: "follow", viewer: aViewer(viewerId) });
}

function drainAll(queue: ReturnType<typeof createQueue>): LiveEvent[] {
  const events: LiveEvent[] = [];
  queue.drain(Number.POSITIVE_INFINITY, events);
  return events;
}
const units = (events: LiveEvent[]) =>
  events.reduce((sum, event) => sum + (event.type === "gift" ? event.count : 0), 0);

describe("queue", () => {
  it("gives events of all kinds in the order they came, as many as asked for", () => {
    const queue = createQueue(10);
    const events = [aChat("a"), aGift(1, ""), aLike(2), aFollow("1"), aChat("b")];
    for (const event of events) queue.push(event);
    const first: LiveEvent[] = [];
    expect(queue.drain(2, first)).toBe(2);
    expect([...first, ...drainAll(queue)]).toEqual(events);
    expect(queue.counters()).toMatchObject({ length: 0, peak: 5, taken: 5, dropped: {}, merged: {} });
  });

  it("joins likes of one viewer when full, and loses nothing of them", () => {
    const queue = createQueue(2);
    for (const event of [aLike(3), aChat("x"), aLike(4)]) queue.push(event);
    const [like] = drainAll(queue);
    expect(like).toMatchObject({ type: "like", count: 7, roomDelta: 7 });
    expect(queue.counters().merged).toEqual({ like: 1 });
  });

  it("drops the oldest like first and hands its growth of the room to the next like", () => {
    const queue = createQueue(2);
    for (const event of [aLike(3, "1"), aLike(4, "2"), aChat("x"), aLike(5, "3")]) queue.push(event);
    const kept = drainAll(queue);
    expect(queue.counters().dropped).toEqual({ like: 2 });
    expect(kept.map(({ type }) => type)).toEqual(["chat", "like"]);
    expect(kept[1]).toMatchObject({ count: 5, roomDelta: 12 });
  });

  it("drops chat before follows, and both before anything paid", () => {
    const queue = createQueue(3);
    for (const event of [aFollow("1"), aChat("old"), aChat("new"), aGift(1, "a")]) queue.push(event);
    expect(queue.counters().dropped).toEqual({ chat: 1 });
    for (const event of [aGift(1, "b"), aGift(1, "c")]) queue.push(event);
    expect(queue.counters().dropped).toEqual({ chat: 2, follow: 1 });
    expect(drainAll(queue).map(({ type }) => type)).toEqual(["gift", "gift", "gift"]);
  });

  it("lets nothing cheap push out what is worth more", () => {
    const queue = createQueue(1);
    queue.push(aFollow("1"));
    queue.push(aGift(1, "a"));
    queue.push(aChat("too late"));
    expect(drainAll(queue).map(({ type }) => type)).toEqual(["gift"]);
    expect(queue.counters().dropped).toEqual({ follow: 1, chat: 1 });
  });

  it("full of gifts, takes nothing unpaid and counts it by type; a like's growth of the room is not lost", () => {
    const queue = createQueue(3);
    for (const streak of ["a", "b", "c"]) queue.push(aGift(1, streak));
    for (const event of [aChat("x"), aFollow("1"), aLike(7)]) queue.push(event);
    expect(queue.counters()).toMatchObject({
      length: 3,
      peak: 3,
      dropped: { chat: 1, follow: 1, like: 1 },
      beyondCapacity: 0,
    });
    expect(drainAll(queue).map(({ type }) => type)).toEqual(["gift", "gift", "gift"]);
    queue.push(aLike(2));
    expect(drainAll(queue)).toMatchObject([{ count: 2, roomDelta: 9 }]);
  });

  it("joins parts of a combo beyond its capacity and keeps single gifts", () => {
    const queue = createQueue(1);
    for (const event of [aGift(1, "s"), aGift(2, "s"), aGift(4, ""), aGift(8, ""), aGift(16, "s", "2")])
      queue.push(event);
    const kept = drainAll(queue);
    expect(kept.map((event) => event.type === "gift" && event.count)).toEqual([3, 4, 8, 16]);
    expect(queue.counters()).toMatchObject({ merged: { gift: 1 }, dropped: {}, beyondCapacity: 3 });
  });

  it("in any flood: no paid unit is lost, nothing unpaid is taken beyond the limit, and everything is accounted for", () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant("like"), n: fc.integer({ min: 1, max: 15 }), who: fc.constantFrom("1", "2", "3") }),
      fc.record({ kind: fc.constant("chat"), n: fc.constant(1), who: fc.constantFrom("1", "2") }),
      fc.record({ kind: fc.constant("gift"), n: fc.integer({ min: 1, max: 50 }), who: fc.constantFrom("", "s", "t") }),
      fc.record({ kind: fc.constant("drain"), n: fc.integer({ min: 1, max: 5 }), who: fc.constant("") }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 120 }), fc.integer({ min: 1, max: 12 }), (acts, capacity) => {
        const queue = createQueue(capacity);
        const out: LiveEvent[] = [];
        let sent = 0;
        let paid = 0;
        let paidExtras = 0;
        for (const { kind, n, who } of acts) {
          if (kind === "drain") queue.drain(n, out);
          else {
            sent++;
            if (kind === "gift") paid += n;
            const before = queue.length();
            queue.push(kind === "like" ? aLike(n, who) : kind === "chat" ? aChat("x", who) : aGift(n, who));
            const grown = queue.length() - before;
            if (before >= capacity && grown > 0) {
              expect(kind).toBe("gift");
              paidExtras++;
            }
            expect(grown).toBeLessThanOrEqual(1);
            expect(queue.counters().beyondCapacity).toBe(paidExtras);
          }
        }
        out.push(...drainAll(queue));
        const { dropped, merged, taken } = queue.counters();
        const sum = (numbers: object) => Object.values(numbers).reduce((a: number, b: number) => a + b, 0);
        expect(units(out)).toBe(paid);
        expect(dropped.gift ?? 0).toBe(0);
        expect(taken + sum(dropped) + sum(merged)).toBe(sent);
      }),
    );
  });
});

/** Ingest as a whole: sources in, LiveEvents out, with the stream's start and end, status and counters. */
import { describe, expect, it } from "vitest";
import { createIngest, InvalidEventError } from "../../../server/ingest/ingest.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { createManualClock } from "../../manual-clock.ts";
import { aChat, aGift, aLike, aViewer } from "./builders.ts";
import { createFakeSource, noSettings } from "./fake-source.ts";

function start(capacity?: number) {
  const clock = createManualClock();
  const fake = createFakeSource();
  const ingest = createIngest({ clock, capacity, random: () => 0 });
  ingest.start(fake.source, noSettings);
  const types = () => ingest.drain(10_000).map(({ type }) => type);
  return { clock, fake, ingest, types };
}

function aTestEvent(id: string, text: string = "hi"): LiveEvent {
  const base = { id, source: "test", roomId: "", ts: 1, receivedAt: 1, replay: false, weakId: false, test: true };
  return { ...base, type: "chat", viewer: aViewer(), text };
}

describe("a source", () => {
  it("becomes LiveEvents between one start and one end of the stream", () => {
    const { clock, fake, ingest, types } = start();
    const line = fake.line();
    line.opened();
    line.live("7");
    line.event(aChat("hi", { id: "1" }));
    line.event(aGift({ id: "2", total: 3 }));
    expect(types()).toEqual(["streamStart", "chat", "gift"]);
    line.closed({ class: "network", detail: "cut" });
    clock.advance(2000);
    fake.line().opened();
    fake.line().live("7");
    fake.line().event(aGift({ id: "3", total: 4, end: true }));
    expect(types()).toEqual(["gift", "giftStreakEnd"]);
    fake.line().event({ id: "", roomId: "", ts: 0, replay: false, test: false, type: "streamEnd", reason: "3" });
    fake.line().closed({ class: "ended", detail: "4001" });
    expect(types()).toEqual(["streamEnd"]);
    expect(ingest.status()[0]).toMatchObject({ state: "ended", target: "@ana", roomId: "7" });
  });

  it("that comes back in another room ends the old stream and starts the new one", () => {
    const { fake, types } = start();
    fake.line().live("7");
    types();
    fake.line().live("8");
    expect(types()).toEqual(["streamEnd", "streamStart"]);
  });

  it("says in numbers what became of its messages", () => {
    const { fake, ingest } = start();
    const line = fake.line();
    line.live("7");
    for (const id of ["1", "1", "2"]) line.event(aChat("hi", { id }));
    line.event(aChat("nobody", { viewer: aViewer("") }));
    for (const reason of ["control", "unknown", "broken"] as const) line.ignored(reason);
    const numbers = {
      received: 7,
      accepted: 2,
      duplicates: 1,
      broken: 2,
      ignoredControl: 1,
      ignoredUnknown: 1,
      connects: 1,
    };
    expect(ingest.status()[0]?.counters).toMatchObject(numbers);
    expect(ingest.counters().sources).toMatchObject(numbers);
  });

  it("closes silent combos while it is drained", () => {
    const { clock, fake, types } = start();
    fake.line().live("7");
    fake.line().event(aGift({ total: 2 }));
    types();
    clock.advance(15_000);
    expect(types()).toEqual([]);
    clock.advance(1001);
    expect(types()).toEqual(["giftStreakEnd"]);
  });

  it("is started once per target", () => {
    const { fake, ingest } = start();
    expect(() => ingest.start(fake.source, noSettings)).toThrow("already follows @ana");
    ingest.start(fake.source, { ...noSettings, user: "bo" });
    expect(ingest.status().map(({ target }) => target)).toEqual(["@ana", "@bo"]);
  });

  it("in a flood keeps every gift and counts what it dropped", () => {
    const { fake, ingest } = start(100);
    fake.line().live("7");
    for (let i = 0; i < 20_000; i++) {
      fake
        .line()
        .event(
          i % 10 === 0 ? aGift({ id: `${i}`, groupId: `${i}`, total: 2 }) : i % 2 === 0 ? aLike(1, 0) : aChat("x"),
        );
    }
    const { queue, sources } = ingest.counters();
    expect(sources.giftUnits).toBe(4000);
    const gifts = ingest.drain(100_000).filter(({ type }) => type === "gift");
    expect(gifts).toHaveLength(2000);
    expect(queue.dropped.chat).toBeGreaterThan(1000);
    expect(queue.dropped.gift).toBeUndefined();
  });
});

describe("offer", () => {
  it("takes a normalised event once", () => {
    const { ingest } = start();
    expect(ingest.offer(aTestEvent("a"))).toBe(true);
    expect(ingest.offer(aTestEvent("a"))).toBe(false);
    expect(ingest.drain(10)).toMatchObject([{ id: "a", test: true }]);
    expect(ingest.counters().offered).toEqual({ accepted: 1, duplicates: 1, rejected: 0 });
  });

  it("refuses what is no LiveEvent and names the field", () => {
    const { ingest } = start();
    const bad = { ...aTestEvent("a"), viewer: { ...aViewer(), id: 7 } };
    expect(() => ingest.offer(bad as unknown as LiveEvent)).toThrow(InvalidEventError);
    expect(() => ingest.offer(bad as unknown as LiveEvent)).toThrow("viewer.id");
    for (const wrong of [null, 1, [], "x", JSON.parse('{"__proto__":{"type":"chat"}}')]) {
      expect(() => ingest.offer(wrong as LiveEvent)).toThrow(InvalidEventError);
    }
    expect(ingest.drain(10)).toEqual([]);
  });

  it("cleans text of what it takes", () => {
    const { ingest } = start();
    ingest.offer(aTestEvent("a", "a\u0007\ud800b"));
    expect(ingest.drain(1)).toMatchObject([{ text: "a b" }]);
  });
});

describe("stop", () => {
  it("ends sources and timers; what waits can still be taken", async () => {
    const { clock, fake, ingest, types } = start();
    fake.line().live("7");
    fake.line().event(aChat("last"));
    await ingest.stop();
    expect(clock.pending()).toBe(0);
    expect(fake.open()).toBe(0);
    expect(types()).toEqual(["streamStart", "chat"]);
  });
});

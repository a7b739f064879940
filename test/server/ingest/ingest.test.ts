/** Ingest as a whole: sources in, LiveEvents out, with the stream's start and end, status and counters. */
import { describe, expect, it } from "vitest";
import { busySeen } from "../../../server/ingest/dedupe.ts";
import { maxStreaks } from "../../../server/ingest/gifts.ts";
import { createIngest, InvalidEventError } from "../../../server/ingest/ingest.ts";
import { startRun } from "../../../server/ingest/run.ts";
import { type LiveEvent, liveEventSchema } from "../../../shared/events/live-event.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { aChat, aGift, aLike, aViewer } from "./builders.ts";
import { createFakeSource, noSettings } from "./fake-source.ts";

function start(capacity?: number, takenBefore?: ReadonlySet<string>) {
  const clock = createManualClock();
  const fake = createFakeSource();
  const ingest = createIngest({ clock, capacity, takenBefore, random: () => 0 });
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
    expect(types()).toEqual(["error", "gift", "giftStreakEnd"]);
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

  it("says in numbers what its counting had to guess, and which gift frames added nothing", () => {
    const { clock, fake, ingest } = start();
    const line = fake.line();
    line.opened();
    line.live("7");
    line.event(aGift({ id: "1", total: 3 }));
    line.event(aGift({ id: "2", total: 2 }));
    line.event(aGift({ id: "3", groupId: "g2", ts: clock.now() - 45_000 }));
    clock.advance(15_001);
    ingest.drain(10);
    for (let i = 0; i < maxStreaks; i++) line.event(aGift({ groupId: `many ${i}` }));
    for (let i = 0; i <= 2 * busySeen; i++) line.event(aChat("x", { id: `c${i}` }));
    const numbers = { giftRepeats: 1, inferredEnds: 2, combosEvicted: 2, heldBack: 1, forgottenEarly: busySeen };
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

  it("changes nothing by sending again what an earlier run has taken, and goes on where that stopped", () => {
    const frames = [1, 3, 7].map((total) => aGift({ id: `m${total}`, total }));
    const single = aGift({ id: "single", streakable: false, groupId: "" });
    const unnamed = aGift({ viewer: aViewer("2"), ts: 1_800_000_000_000 });
    const sent = [...frames, single, unnamed];
    const first = start();
    first.fake.line().live("7");
    for (const event of sent) first.fake.line().event(event);
    const gifts = first.ingest.drain(100).filter(({ type }) => type === "gift");
    expect(gifts).toHaveLength(5);

    const { clock, fake, ingest, types } = start(undefined, new Set(gifts.map(({ id }) => id)));
    fake.line().live("7");
    for (const event of sent) fake.line().event(event);
    expect(types()).toEqual(["streamStart"]);
    expect(ingest.counters().sources).toMatchObject({ received: 5, accepted: 0, duplicates: 5, giftUnits: 0 });
    fake.line().event(aGift({ id: "m9", total: 9 }));
    expect(ingest.drain(10)).toMatchObject([{ type: "gift", count: 2, streakTotal: 9 }]);
    clock.advance(15_001);
    expect(ingest.drain(10)).toMatchObject([{ type: "giftStreakEnd", streakTotal: 9, inferred: true }]);
    expect(ingest.counters().sources).toMatchObject({ giftUnits: 2, duplicates: 5, inferredEnds: 1 });
  });

  it("goes on with combos that an earlier run told under its name, and no other's", () => {
    const clock = createManualClock();
    const fakes = [createFakeSource(), createFakeSource()] as const;
    const [{ source }] = fakes;
    const combo = { streakKey: "tiktok:1|9001|gg1", roomId: "7", heardAtMs: clock.now(), sentAtMs: 0 };
    const combosBefore = [
      { ...combo, source: source.id, total: 5 },
      { ...combo, source: `${source.id}:bo`, total: 6 },
      { ...combo, source: "other", total: 8 },
    ];
    const ingest = createIngest({ clock, combosBefore, random: () => 0 });
    ingest.start(source, noSettings);
    ingest.start(fakes[1].source, { ...noSettings, user: "bo" });
    const counts = fakes.map((fake) => {
      fake.line().live("7");
      fake.line().event(aGift({ id: "m9", total: 9 }));
      return ingest.drain(10).map((event) => event.type === "gift" && event.count);
    });
    expect(counts).toEqual([
      [false, 4],
      [false, 3],
    ]);
  });

  it("and its backup go on with the same combos, whichever of the two tells more of them first", () => {
    const clock = createManualClock();
    const [main, backup] = [createFakeSource(), createFakeSource()];
    const combo = { source: main.source.id, roomId: "7", heardAtMs: clock.now(), sentAtMs: 0, total: 5 };
    const combosBefore = [
      { ...combo, streakKey: "tiktok:1|9001|gg1" },
      { ...combo, streakKey: "tiktok:2|9001|gg1" },
    ];
    const ingest = createIngest({ clock, combosBefore, random: () => 0 });
    const standIn = { ...backup.source, id: "stand-in" };
    ingest.startPair(
      { source: main.source, settings: noSettings },
      { source: standIn, settings: { ...noSettings, user: "bo" } },
    );
    for (const fake of [main, backup]) {
      fake.line().opened();
      fake.line().live("7");
    }
    const step = (from: typeof main, viewerId: string, total: number, end: boolean = false) =>
      from.line().event(aGift({ viewer: aViewer(viewerId), total, end }));
    step(backup, "1", 5);
    step(backup, "1", 7);
    step(main, "1", 9);
    step(backup, "1", 9, true);
    step(main, "2", 5, true);
    step(backup, "2", 8);
    step(main, "2", 8, true);
    const gifts = ingest.drain(20).filter(({ type }) => type === "gift");
    expect(gifts.map((event) => "count" in event && event.count)).toEqual([2, 2, 3]);
  });

  it("that tells what was told before knows nothing of earlier runs, and tells it under ids of its own", () => {
    const play = (
      takenBefore?: ReadonlySet<string>,
      combosBefore: Parameters<typeof createIngest>[0]["combosBefore"] = [],
    ) => {
      const clock = createManualClock(1_800_000_000_000 + played++);
      const fake = createFakeSource();
      const ingest = createIngest({ clock, takenBefore, combosBefore, random: () => 0 });
      ingest.start({ ...fake.source, actsAnew: true }, noSettings);
      for (let line = 0; line < 2; line++) {
        fake.line().opened();
        fake.line().live("7");
        fake.line().event(aGift({ id: "m5", total: 5 }));
        fake.line().event(aGift({ id: "single", streakable: false, groupId: "" }));
        fake
          .line()
          .event(aGift({ id: "", streakable: false, groupId: "", viewer: aViewer("2"), ts: 1_800_000_000_000 }));
        if (line === 1) break;
        fake.line().closed({ class: "refresh", detail: "" });
        clock.advance(1);
      }
      return ingest.drain(20).flatMap((event) => (event.type === "gift" ? [event] : []));
    };
    let played = 0;
    const first = play();
    const { streakKey } = first[0]!;
    const again = play(new Set(first.map(({ id }) => id)), [
      { source: "fake", streakKey, roomId: "7", total: 5, heardAtMs: 1_800_000_000_000, sentAtMs: 0 },
    ]);
    // The message without an id is two messages when it is told twice.
    for (const gifts of [first, again]) expect(gifts.map(({ count }) => count)).toEqual([5, 1, 1, 1]);
    expect(new Set([...first, ...again].map(({ id }) => id)).size).toBe(8);
    expect(new Set([...first, ...again].map(({ source }) => source))).toEqual(new Set(["fake"]));
  });

  it("has a name that events can hold, however long what it follows, and tells it from others that begin like it", () => {
    const clock = createManualClock();
    const fake = createFakeSource();
    const ingest = createIngest({ clock, random: () => 0 });
    const long = `https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=${"😀".repeat(500)}`;
    const users = ["ana", "bo", long, `${long}2`, "x".repeat(59), "x".repeat(60)];
    for (const [index, user] of users.entries()) {
      ingest.start(fake.source, { ...noSettings, user });
      fake.line().opened();
      fake.line().live("7");
      fake.line().event(aGift({ id: "i".repeat(1000), groupId: "g".repeat(1000), end: true }));
      fake.line().closed({ class: "network", detail: "cut" });
      const told = ingest.drain(10);
      expect(told.map(({ type }) => type)).toEqual(["streamStart", "gift", "giftStreakEnd", "error"]);
      for (const event of told) {
        expect(liveEventSchema.safeParse(event).success).toBe(true);
        expect(event.source).toBe(ingest.status()[index]!.id);
      }
      expect(new Set(told.map(({ id }) => id)).size).toBe(4);
    }
    const names = ingest.status().map(({ id }) => id);
    expect(new Set(names).size).toBe(users.length);
    expect(names.slice(0, 2)).toEqual(["fake", "fake:bo"]);
    expect(names[2]).toMatch(/^fake:https:\/\/www\.youtube\.com\/.*#[0-9a-f]{16}$/);
    expect(names[4]).toBe(`fake:${"x".repeat(59)}`);
  });

  it("that begins and ends keeps its line when nobody can take the news, and counts it", () => {
    const clock = createManualClock();
    const fake = createFakeSource();
    const run = startRun({
      ...{ name: "fake", source: fake.source, settings: noSettings, clock, random: () => 0 },
      ...{ takenBefore: undefined, combosBefore: [] },
      out(event) {
        if (event.type !== "gift") throw new Error("boom");
        units += event.count;
      },
    });
    let units = 0;
    fake.line().opened();
    expect(() => fake.line().live("7")).not.toThrow();
    fake.line().event(aGift({ total: 3 }));
    expect(() => fake.line().closed({ class: "network", detail: "cut" })).not.toThrow();
    expect(units).toBe(3);
    expect(run.status()).toMatchObject({ state: "reconnecting", counters: { broken: 2, troubles: 1 } });
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

  it("loses no gift that waits for its age to be known", async () => {
    const { clock, fake, ingest, types } = start();
    fake.line().live("7");
    fake.line().event(aGift({ ts: clock.now() - 45_000 }));
    expect(types()).toEqual(["streamStart"]);
    await ingest.stop();
    expect(ingest.drain(10)).toMatchObject([{ type: "gift", replay: false }]);
  });

  it("tells a gift that waits before the end of its stream", () => {
    const { clock, fake, types } = start();
    fake.line().live("7");
    fake.line().event(aGift({ ts: clock.now() - 45_000 }));
    fake.line().event({ id: "", roomId: "", ts: 0, replay: false, test: false, type: "streamEnd", reason: "3" });
    expect(types()).toEqual(["streamStart", "gift", "streamEnd"]);
  });
});

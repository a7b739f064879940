/** Failover: whatever one of two providers delivers, late, twice or not at all, each gift counts once and none is lost. */
import { describe, expect, it } from "vitest";
import { patienceMs, silentMs } from "../../../server/ingest/failover.ts";
import type { SourceEvent } from "../../../server/ingest/source.ts";
import { overlapMs, sameWithinMs } from "../../../server/ingest/tellings.ts";
import { aChat, aGift, aLike, anAct, aViewer } from "./builders.ts";
import { single, startPair, unitsIn } from "./pair.ts";

describe("two lines of one broadcast", () => {
  it("tell each thing once, in the leader's order", () => {
    const { tell, take, heard, pass, ingest } = startPair();
    for (const member of [0, 1] as const) {
      tell(member, aChat("hi", { id: `${member}a` }));
      tell(member, single());
      tell(member, aLike(5, 100));
      tell(member, anAct("join", "4"));
      tell(member, aGift({ total: 3 }));
      tell(member, aGift({ total: 5, end: true }));
    }
    take();
    pass(patienceMs * 2);
    expect(heard.slice(1).map(({ type, source }) => `${type} ${source}`)).toEqual([
      "chat first",
      "gift first",
      "like first",
      "join first",
      "gift first",
      "gift first",
      "giftStreakEnd first",
    ]);
    expect(unitsIn(heard)).toBe(6);
    expect(ingest.counters().failover).toMatchObject({ overlaps: 7, rescued: 0, switches: 0 });
  });

  it("start and end their stream once", () => {
    const { tell, take, heard, ingest } = startPair();
    expect(heard.map(({ type }) => type)).toEqual(["streamStart"]);
    const end: SourceEvent = { id: "", roomId: "", ts: 0, replay: false, test: false, type: "streamEnd", reason: "3" };
    tell(0, end);
    expect(take()).toEqual([]);
    tell(1, end);
    expect(take().map(({ type }) => type)).toEqual(["streamEnd"]);
    expect(ingest.status().map(({ state }) => state)).toEqual(["ended", "ended"]);
  });

  it("say who plays and who stands by", () => {
    const { ingest, cut, pass } = startPair();
    expect(ingest.status().map(({ detail }) => detail.split(" ", 2).join(" "))).toEqual([
      "Receiving the",
      "Stands by:",
    ]);
    cut(0);
    pass(1250);
    expect(ingest.status()[1]!.detail).toContain("Receiving the");
    expect(ingest.counters().failover.switches).toBe(1);
  });
});

describe("what only the second tells", () => {
  it("acts after a little patience when it is paid, and not at all when it is chat", () => {
    const { tell, heard, pass, ingest } = startPair();
    tell(1, single());
    tell(1, aChat("only here"));
    pass(patienceMs - 500);
    expect(heard.slice(1)).toEqual([]);
    pass(2000);
    expect(heard.slice(1).map(({ type, source }) => `${type} ${source}`)).toEqual(["gift first"]);
    for (let i = 0; i < 20; i++) {
      tell(0, anAct("join", String(i)));
      pass(overlapMs / 10);
    }
    expect(heard.filter(({ type }) => type !== "join")).toHaveLength(2);
    expect(ingest.counters().failover.rescued).toBe(1);
  });

  it("is known when the leader tells it late", () => {
    const { tell, heard, pass, clock } = startPair();
    const ts = clock.now();
    tell(1, single());
    pass(patienceMs * 3);
    tell(0, single(), ts);
    pass(1000);
    expect(unitsIn(heard)).toBe(1);
  });

  it("acts at once, in order, when the first falls away", () => {
    const { tell, heard, pass, cut } = startPair();
    tell(0, aChat("both"));
    tell(1, aChat("both"));
    tell(1, aChat("missed"));
    tell(1, single());
    cut(0);
    pass(1250);
    tell(1, aChat("later"));
    pass(250);
    expect(heard.slice(1).map((event) => ("text" in event ? event.text : event.type))).toEqual([
      "both",
      "missed",
      "gift",
      "later",
    ]);
  });

  it("acts when the first falls silent without a word", () => {
    const { tell, heard, pass, ingest } = startPair();
    tell(0, aChat("one"));
    tell(1, aChat("one"));
    pass(silentMs - 2000);
    tell(1, aChat("two"));
    pass(silentMs - 1000);
    expect(heard.slice(1).map((event) => "text" in event && event.text)).toEqual(["one"]);
    pass(2000);
    expect(heard.slice(1).map((event) => "text" in event && event.text)).toEqual(["one", "two"]);
    expect(ingest.counters().failover.switches).toBe(1);
    // A quiet room is no reason to change.
    pass(60_000);
    expect(ingest.counters().failover.switches).toBe(1);
  });
});

describe("alike but not the same", () => {
  it("two gifts of one viewer are two, however both are told", () => {
    const { tell, heard, pass } = startPair();
    for (const member of [0, 1, 0, 1] as const) tell(member, single());
    pass(patienceMs * 2);
    expect(unitsIn(heard)).toBe(2);
  });

  it("two gifts of which the leader told one are two", () => {
    const { tell, heard, pass } = startPair();
    for (const member of [0, 1, 1] as const) tell(member, single());
    pass(patienceMs * 2);
    expect(unitsIn(heard)).toBe(2);
  });

  it("each telling finds the other that is nearest in time", () => {
    const { tell, heard, pass, clock } = startPair();
    const startMs = clock.now();
    for (const ms of [0, 4000]) tell(0, single(), startMs + ms);
    for (const ms of [0, 5500]) tell(1, single(), startMs + ms);
    pass(100_000);
    for (const ms of [100_000, 103_000]) tell(0, single(), startMs + ms);
    for (const ms of [103_500, 97_000]) tell(1, single(), startMs + ms);
    pass(patienceMs * 5);
    expect(unitsIn(heard)).toBe(4);
  });

  it("a gift that only one told does not swallow the next one", () => {
    const { tell, heard, pass } = startPair();
    tell(0, single());
    pass(sameWithinMs + 1000);
    tell(1, single());
    pass(patienceMs * 2);
    expect(unitsIn(heard)).toBe(2);
  });

  it("the same id is the same event, whenever it is told", () => {
    const { tell, heard, pass, clock } = startPair();
    tell(0, single("1", "77"), clock.now());
    pass(30_000);
    tell(1, single("1", "77"), clock.now());
    pass(patienceMs * 2);
    expect(unitsIn(heard)).toBe(1);
  });

  it("a slow combo is one, though one provider names it and tells its steps, and the other its end alone", () => {
    const { tell, heard, pass } = startPair();
    for (const total of [1, 3, 7]) {
      tell(0, aGift({ total, id: `a${total}` }));
      pass(10_000);
    }
    tell(0, aGift({ total: 9, id: "a9", end: true }));
    tell(1, aGift({ total: 9, id: "b", groupId: "", end: true }));
    pass(20_000);
    expect(unitsIn(heard)).toBe(9);
    expect(heard.filter(({ type }) => type === "giftStreakEnd")).toHaveLength(1);
  });

  it("a combo goes on over the switch", () => {
    const { tell, heard, pass, cut } = startPair();
    tell(0, aGift({ total: 3, id: "a" }));
    tell(1, aGift({ total: 2, id: "x" }));
    cut(0);
    pass(1250);
    tell(1, aGift({ total: 6, id: "y" }));
    tell(1, aGift({ total: 6, id: "z", end: true }));
    pass(250);
    expect(heard.flatMap((event) => (event.type === "gift" ? event.count : []))).toEqual([3, 3]);
    expect(heard.filter(({ type }) => type === "giftStreakEnd")).toMatchObject([{ streakTotal: 6 }]);
  });
});

describe("a line that comes late", () => {
  it("does not tell again what its provider sends of before, under whatever id", () => {
    const { tell, heard, pass, cut, back, clock } = startPair();
    cut(1);
    const ts = clock.now();
    tell(0, single("1", "77"), ts);
    tell(0, single("2"), ts);
    pass(10 * 60_000);
    back(1);
    tell(1, { ...single("1", "77"), replay: true }, ts);
    tell(1, { ...single("2", "x"), replay: true }, ts);
    tell(1, single("1", "77"), ts);
    tell(1, single("2", "y"), ts);
    pass(20_000);
    expect(unitsIn(heard)).toBe(2);
    expect(heard.filter(({ replay }) => replay)).toEqual([]);
  });

  it("is back after the end of a stream that goes on all the same", () => {
    const { tell, heard, pass, cut, back } = startPair();
    cut(1);
    tell(0, { id: "", roomId: "", ts: 0, replay: false, test: false, type: "streamEnd", reason: "3" });
    pass(500);
    back(1);
    pass(2000);
    expect(heard.map(({ type }) => type)).toEqual(["streamStart", "streamEnd", "streamStart"]);
  });
});

describe("what adds up", () => {
  it("finds the same gift by its arrival where one provider gives no date", () => {
    const { tell, heard, pass, clock } = startPair();
    // The local clock is twenty seconds behind the platform's.
    tell(0, single(), clock.now() + 20_000);
    pass(1000);
    tell(1, single(), 1);
    pass(20_000);
    expect(unitsIn(heard)).toBe(1);
  });

  it("grows the room's likes by the larger total, whoever tells it", () => {
    const { tell, heard, pass, cut } = startPair();
    for (const [who, total] of [
      [0, 100],
      [1, 101],
      [0, 130],
      [1, 131],
    ] as const) {
      tell(who, aLike(3, total, { viewer: aViewer(String(total)) }));
    }
    cut(0);
    pass(2000);
    tell(1, aLike(3, 140));
    pass(2000);
    const grown = heard.reduce((sum, event) => sum + (event.type === "like" ? event.roomDelta : 0), 0);
    expect(grown).toBe(40);
  });

  it("grows them anew in the next broadcast", () => {
    const { tell, heard, pass, again } = startPair();
    tell(0, aLike(3, 9000));
    tell(0, aLike(3, 9010));
    again("8");
    tell(0, aLike(3, 5));
    tell(0, aLike(3, 12));
    pass(2000);
    expect(heard.flatMap((event) => (event.type === "like" ? event.roomDelta : []))).toEqual([0, 10, 0, 7]);
    const marks = heard.filter(({ type }) => type.startsWith("stream"));
    expect(marks.map(({ type, roomId }) => `${type} ${roomId}`)).toEqual([
      "streamStart 7",
      "streamEnd 7",
      "streamStart 8",
    ]);
  });

  it("lets an end wait that one only infers, while the other still tells steps", () => {
    const { tell, heard, pass, clock } = startPair();
    tell(0, aGift({ total: 8, id: "a" }));
    tell(1, aGift({ total: 8, id: "b" }));
    for (let i = 0; i < 3; i++) {
      pass(8000);
      tell(1, aGift({ total: 9 + i, id: `c${i}` }), clock.now());
    }
    tell(1, aGift({ total: 11, id: "d", end: true }));
    pass(20_000);
    expect(heard.filter(({ type }) => type === "giftStreakEnd")).toMatchObject([{ streakTotal: 11 }]);
    expect(unitsIn(heard)).toBe(11);
  });
});

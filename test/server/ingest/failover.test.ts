/** Failover: whatever one of two providers delivers, late, twice or not at all, each gift counts once and none is lost. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { patienceMs, silentMs } from "../../../server/ingest/failover.ts";
import { createIngest } from "../../../server/ingest/ingest.ts";
import type { SourceEvent } from "../../../server/ingest/source.ts";
import { overlapMs, sameWithinMs } from "../../../server/ingest/tellings.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { aChat, aGift, aLike, anAct, aViewer } from "./builders.ts";
import { createFakeSource, noSettings } from "./fake-source.ts";

/** Two live lines into one ingest. */
function startPair() {
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

const unitsIn = (events: readonly LiveEvent[]) =>
  events.reduce((sum, event) => (event.type === "gift" ? sum + event.count : sum), 0);
const single = (viewerId = "1", id = "") => aGift({ id, viewer: aViewer(viewerId), streakable: false, groupId: "" });

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

/** One sending, as it happened at the platform. */
interface Sending {
  atMs: number;
  viewer: number;
  /** Units of the combo, 0 for a single gift. */
  combo: number;
}
const sendings = fc.array(
  fc.record({ atMs: fc.integer({ min: 0, max: 60_000 }), viewer: fc.nat(3), combo: fc.nat(4) }),
  { minLength: 1, maxLength: 25 },
);
/** How a member delivers: its delays, when its line is dead, whether it names messages as the platform does. */
const member = fc.record({
  delaysMs: fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 8 }),
  deadFromMs: fc.integer({ min: 0, max: 60_000 }),
  deadForMs: fc.constantFrom(0, 0, 5000, 30_000),
  ids: fc.constantFrom("platform", "own", "none"),
});

/** All frames of all sendings, and what they add up to. */
function framesOf(all: readonly Sending[]) {
  return all.flatMap(({ atMs, viewer, combo }, nth) => {
    const common = { viewer: aViewer(String(viewer)) };
    if (combo === 0) {
      const gift = { id: "9002", name: "Lion", unitValue: 500, currency: "diamond" };
      return [{ atMs, name: `s${nth}`, event: aGift({ ...common, gift, streakable: false, groupId: "" }) }];
    }
    return Array.from({ length: combo }, (_, step) => ({
      atMs: atMs + step * 300,
      name: `c${nth}.${step}`,
      event: aGift({ ...common, groupId: `g${nth}`, total: step + 1, end: step === combo - 1 }),
    }));
  });
}

describe("any two lines", () => {
  it("of which one at least is always alive count every gift exactly once", () => {
    fc.assert(
      fc.property(sendings, member, member, (all, first, second) => {
        const { clock, tell, cut, back, pass, heard, ingest } = startPair();
        const startMs = clock.now();
        // Never both at once: the second is dead only while the first lives.
        const dead = [
          { from: first.deadFromMs, to: first.deadFromMs + first.deadForMs },
          {
            from: first.deadFromMs + first.deadForMs + 10_000,
            to: first.deadFromMs + first.deadForMs + 10_000 + second.deadForMs,
          },
        ];
        const frames = framesOf(all);
        const deliveries = frames.flatMap(({ atMs, name, event }, nth) =>
          [first, second].map(({ delaysMs, ids }, who) => ({
            who: who as 0 | 1,
            atMs: atMs + delaysMs[nth % delaysMs.length]!,
            happenedMs: startMs + atMs,
            event: { ...event, id: ids === "none" ? "" : ids === "own" ? `${who}${name}` : name },
          })),
        );
        // What reaches a dead line is delivered when it is back: the platform sends its last messages again.
        const turns: { atMs: number; run: () => void }[] = deliveries.map(({ who, atMs, happenedMs, event }) => {
          const { from, to } = dead[who]!;
          return { atMs: atMs >= from && atMs < to ? to + 5 : atMs, run: () => tell(who, event, happenedMs) };
        });
        for (const who of [0, 1] as const) {
          const { from, to } = dead[who]!;
          if (to > from) turns.push({ atMs: from, run: () => cut(who) }, { atMs: to, run: () => back(who) });
        }
        turns.sort((a, b) => a.atMs - b.atMs);
        for (const { atMs, run } of turns) {
          pass(Math.max(0, startMs + atMs - clock.now()));
          run();
        }
        pass(60_000);
        const truth = all.reduce((sum, { combo }) => sum + Math.max(1, combo), 0);
        expect(unitsIn(heard)).toBe(truth);
        expect(ingest.counters().failover.forgottenEarly).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it("count combos once, whether each names them or not, and in whatever steps each tells them", () => {
    const teller = fc.record({
      names: fc.boolean(),
      delayMs: fc.integer({ min: 0, max: 3000 }),
      /** Which steps before the last one it does not tell. */
      misses: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    });
    const totals = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(totals, teller, teller, (all, first, second) => {
        const { clock, tell, pass, heard } = startPair();
        const startMs = clock.now();
        const turns = all.flatMap((total, nth) =>
          [first, second].flatMap(({ names, delayMs, misses }, who) =>
            Array.from({ length: total }, (_, step) => ({ step, atMs: nth * 1000 + step * 400 }))
              .filter(({ step }) => step === total - 1 || !misses[step])
              .map(({ step, atMs }) => ({
                who: who as 0 | 1,
                atMs: atMs + delayMs,
                happenedMs: startMs + atMs,
                event: aGift({
                  ...{ viewer: aViewer(String(nth)), groupId: names ? `g${nth}` : "", total: step + 1 },
                  end: step === total - 1,
                }),
              })),
          ),
        );
        turns.sort((a, b) => a.atMs - b.atMs);
        for (const { who, atMs, happenedMs, event } of turns) {
          pass(Math.max(0, startMs + atMs - clock.now()));
          tell(who, event, happenedMs);
        }
        pass(60_000);
        expect(unitsIn(heard)).toBe(all.reduce((sum, total) => sum + total, 0));
        expect(heard.filter(({ type }) => type === "giftStreakEnd")).toHaveLength(all.length);
      }),
      { numRuns: 300 },
    );
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

/** Counting of one source across its connections: protocols section 16, cases 1 to 11. */
import { describe, expect, it } from "vitest";
import { backlogWindowMs } from "../../../server/ingest/backlog.ts";
import { type CountingOptions, createCounting } from "../../../server/ingest/counting.ts";
import type { SourceEvent } from "../../../server/ingest/source.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { aChat, aGift, aLike, anAct, aSubscribe, aViewer } from "./builders.ts";

const start = 1_800_000_000_000;

function aCounting(roomId: string = "room", before: Partial<CountingOptions> = {}) {
  const out: LiveEvent[] = [];
  const counting = createCounting({ source: "tiktool", out: (event) => out.push(event), ...before });
  counting.enterRoom(roomId, start);
  let nowMs = start;
  return {
    out,
    counting,
    /** Counts events `gapMs` apart; gives what they led to. */
    hear(events: readonly SourceEvent[], gapMs: number = 100): LiveEvent[] {
      const from = out.length;
      for (const event of events) {
        nowMs += gapMs;
        counting.count(event, nowMs);
      }
      return out.slice(from);
    },
    wait(ms: number): void {
      nowMs += ms;
      counting.idle(nowMs);
    },
    reconnect(nextRoomId: string = roomId): void {
      nowMs += 5000;
      counting.enterRoom(nextRoomId, nowMs);
    },
    now: () => nowMs,
  };
}
const units = (events: readonly LiveEvent[]) =>
  events.reduce((sum, event) => sum + (event.type === "gift" ? event.count : 0), 0);
const types = (events: readonly LiveEvent[]) => events.map(({ type }) => type);

describe("gifts (16.1 to 16.8)", () => {
  it("1: a combo acts by increment and closes once", () => {
    const { hear } = aCounting();
    const heard = hear([
      aGift({ id: "1", total: 1 }),
      aGift({ id: "2", total: 3 }),
      aGift({ id: "3", total: 7 }),
      aGift({ id: "4", total: 7, end: true }),
    ]);
    expect(heard.map((event) => ("count" in event ? event.count : event.type))).toEqual([1, 2, 4, "giftStreakEnd"]);
    expect(heard.at(-1)).toMatchObject({ streakTotal: 7, inferred: false });
    expect(new Set(heard.map(({ id }) => id)).size).toBe(4);
  });

  it("2: reordered, it still adds up", () => {
    const { hear } = aCounting();
    expect(units(hear([3, 7, 7, 1].map((total, i) => aGift({ total, end: i === 2 }))))).toBe(7);
  });

  it("3: an end that never comes is inferred; a late one adds only the rest", () => {
    const room = aCounting();
    room.hear([aGift({ total: 7 })]);
    room.wait(15_100);
    expect(room.out.at(-1)).toMatchObject({ type: "giftStreakEnd", inferred: true, streakTotal: 7 });
    const late = room.hear([aGift({ total: 9, end: true })]);
    expect(types(late)).toEqual(["gift"]);
    expect(units(room.out)).toBe(9);
  });

  it("4 and 5: a reconnect in mid-combo, replayed messages and a second delivery add nothing twice", () => {
    const room = aCounting();
    const frames = [1, 3, 7].map((total, i) => aGift({ id: `m${i}`, total }));
    room.hear(frames);
    room.reconnect();
    room.hear(frames);
    expect(room.counting.counters().duplicates).toBe(3);
    room.hear([1, 3, 7].map((total, i) => aGift({ id: `other${i}`, total })));
    expect(units(room.hear([aGift({ id: "m9", total: 9 })]))).toBe(2);
    expect(units(room.out)).toBe(9);
  });

  it("6: viewers and gifts with the same group do not mix", () => {
    const { hear } = aCounting();
    const gift = { id: "9002", name: "Pebble", unitValue: 2, currency: "diamond" };
    const heard = hear([
      aGift({ total: 2 }),
      aGift({ total: 3, viewer: aViewer("2") }),
      aGift({ total: 4, gift }),
      aGift({ total: 5 }),
    ]);
    expect(heard.map((event) => "count" in event && event.count)).toEqual([2, 3, 4, 3]);
  });

  it("7: two combos without a group, back to back", () => {
    const { hear } = aCounting();
    const frames = [5, 5, 1, 2].map((total, i) => aGift({ total, end: i === 1 || i === 3, groupId: "0" }));
    expect(units(hear(frames, 300))).toBe(7);
  });

  it("8: a single gift acts at once, exactly once, and a transaction told twice is one", () => {
    const { hear } = aCounting();
    const single = (id: string, transactionId: string) => aGift({ id, streakable: false, groupId: "", transactionId });
    expect(types(hear([single("a", "t1"), single("b", "t1"), single("c", "t2"), single("d", "")]))).toEqual([
      "gift",
      "gift",
      "gift",
    ]);
  });

  it("a single gift told again under another id, after the program was started anew, is known by its transaction", () => {
    const single = (id: string, transactionId: string) => aGift({ id, streakable: false, groupId: "", transactionId });
    const [first] = aCounting().hear([single("a", "t1")]);
    const { hear } = aCounting("room", { takenBefore: new Set([first?.id ?? ""]) });
    expect(hear([single("b", "t1"), single("", "t1")])).toEqual([]);
    expect(types(hear([single("a", "t2")]))).toEqual(["gift"]);
  });

  it("ends open combos when another broadcast begins, and counts anew", () => {
    const room = aCounting();
    room.hear([aGift({ id: "1", total: 4 })]);
    room.reconnect("next");
    expect(room.out.at(-1)).toMatchObject({ type: "giftStreakEnd", inferred: true, roomId: "room" });
    expect(units(room.hear([aGift({ id: "1", total: 4 })]))).toBe(4);
    expect(room.out.at(-1)).toMatchObject({ roomId: "next" });
  });
});

describe("a combo of an earlier run", () => {
  const combo = { streakKey: "tiktok:1|9001|gg1", total: 5, roomId: "room", heardAtMs: start - 5000, sentAtMs: 0 };
  const before = { takenBefore: new Set(["tiktool:m5"]), combosBefore: [combo] };

  it("goes on where that run stopped, whichever of its frames come again under whatever ids, and ends once", () => {
    const room = aCounting("room", before);
    const again = [3, 5].flatMap((total) => ["m", "other"].map((id) => aGift({ id: `${id}${total}`, total })));
    expect(room.hear(again)).toEqual([]);
    const heard = room.hear([aGift({ id: "m7", total: 7 }), aGift({ id: "m8", total: 7, end: true })]);
    expect(heard).toMatchObject([
      { type: "gift", count: 2, streakTotal: 7, streakKey: combo.streakKey },
      { type: "giftStreakEnd", streakTotal: 7, inferred: false },
    ]);
    room.wait(20_000);
    expect(room.out).toHaveLength(2);
    expect(room.counting.counters()).toMatchObject({ giftUnits: 2, duplicates: 1, giftRepeats: 4, inferredEnds: 0 });
  });

  it("of which only the end comes tells nothing", () => {
    const room = aCounting("room", before);
    expect(room.hear([aGift({ id: "m6", total: 5, end: true })])).toEqual([]);
    room.wait(20_000);
    expect(room.out).toEqual([]);
  });

  it("goes on in its own room only, also when the room is known later or by the event alone", () => {
    const frame = aGift({ id: "m7", total: 7 });
    expect(units(aCounting("next", before).hear([frame]))).toBe(7);
    expect(units(aCounting("", before).hear([frame]))).toBe(2);
    expect(units(aCounting("", before).hear([{ ...frame, roomId: "next" }]))).toBe(7);
    const late = aCounting("", before);
    late.reconnect("next");
    expect(units(late.hear([frame]))).toBe(7);
    const back = aCounting("room", before);
    back.reconnect("next");
    expect(units(back.hear([frame]))).toBe(7);
    back.reconnect("room");
    expect(units(back.hear([{ ...frame, id: "m7 again" }]))).toBe(7);
  });

  it("without a name is told from the next by what the platform's dates say, too", () => {
    const unnamed = { ...combo, streakKey: `tiktok:1|9001|open:${start - 6000}`, sentAtMs: start - 5500 };
    const { hear } = aCounting("room", { combosBefore: [unnamed] });
    const old = [1, 3, 5].map((total) => aGift({ id: `n${total}`, total, groupId: "", ts: start - 6000 + total }));
    expect(hear(old)).toEqual([]);
    expect(units(hear([aGift({ id: "n6", total: 6, groupId: "", ts: start + 200 })]))).toBe(1);
  });
});

describe("ids (16.9)", () => {
  it("messages without an id are all taken, with ids of their own that say so", () => {
    const { hear } = aCounting();
    const same = { ts: start, viewer: aViewer("1") };
    const heard = hear([
      ...[1, 2, 3].map(() => aChat("dash", same)),
      ...[1, 2].map(() => aGift({ ...same, streakable: false, groupId: "" })),
    ]);
    expect(types(heard)).toEqual(["chat", "chat", "chat", "gift", "gift"]);
    expect(heard.every(({ weakId }) => weakId)).toBe(true);
    expect(new Set(heard.map(({ id }) => id)).size).toBe(5);
  });

  it("an id too long to keep still names one message", () => {
    const { hear } = aCounting();
    const long = "x".repeat(5000);
    expect(
      hear([aChat("a", { id: `${long}1` }), aChat("a", { id: `${long}2` }), aChat("a", { id: `${long}1` })]),
    ).toHaveLength(2);
  });
});

describe("what was before (16.10)", () => {
  it("is marked as replay, moves the combos' marks and lets only the rest act", () => {
    const { hear, counting } = aCounting();
    const old = start - 11_000;
    const heard = hear([aChat("old", { ts: old }), aGift({ ts: old, total: 5 }), aGift({ ts: start, total: 8 })]);
    expect(heard.map(({ replay }) => replay)).toEqual([true, true, false]);
    expect(heard[2]).toMatchObject({ count: 3, streakTotal: 8 });
    expect(counting.counters().replayed).toBe(2);
  });

  it("is not what happened ten seconds ago, nor what a wrong clock dates long after connecting", () => {
    const room = aCounting();
    expect(room.hear([aChat("fresh", { ts: start - 9000 })])[0]?.replay).toBe(false);
    room.wait(backlogWindowMs);
    expect(room.hear([aChat("clock", { ts: start - 99_000 })])[0]?.replay).toBe(false);
  });

  it("a gift sent while the line was down still acts; a word said then does not", () => {
    const room = aCounting();
    room.wait(60_000);
    const during = room.now() - 20_000;
    room.reconnect();
    const heard = room.hear([aChat("dash", { ts: during }), aGift({ ts: during, total: 2 })]);
    expect(heard.map(({ type, replay }) => [type, replay])).toEqual([
      ["chat", true],
      ["gift", false],
    ]);
  });
});

describe("likes and once-only acts (16.11, 10.4)", () => {
  it("credits the batch, grows the room by its total, and starts anew in another room", () => {
    const room = aCounting();
    const heard = room.hear([aLike(3, 1000), aLike(2, 6000), aLike(1, 5900), aLike(4, 0)]);
    expect(heard.map((event) => event.type === "like" && [event.count, event.roomDelta])).toEqual([
      [3, 0],
      [2, 5000],
      [1, 0],
      [4, 4],
    ]);
    room.reconnect("next");
    expect(room.hear([aLike(5, 90_000)])[0]).toMatchObject({ roomDelta: 0, count: 5 });
  });

  it("counts a follow once however it is told, and a subscription not again as a member's action", () => {
    const room = aCounting();
    const heard = room.hear([
      anAct("follow", "1", "f1"),
      anAct("follow", "1", "f2"),
      anAct("share", "1", "s1"),
      anAct("share", "1", "s2"),
      aSubscribe("1", { id: "u1" }),
      aSubscribe("1", { id: "u2" }),
      anAct("follow", "2", "f3"),
      aSubscribe("1", { id: "u3", giftCount: 5 }),
    ]);
    expect(types(heard)).toEqual(["follow", "share", "subscribe", "follow", "subscribe"]);
    room.reconnect();
    expect(room.hear([anAct("follow", "1", "f4")])).toEqual([]);
    room.wait(60_000);
    expect(types(room.hear([anAct("share", "1", "s3")]))).toEqual(["share"]);
  });

  it("counts a viewer's next subscription of the same tier: one that is renewed, or taken over from a gift", () => {
    const room = aCounting();
    const first = room.hear([aSubscribe("1", { id: "u1", tier: "1000" }), aSubscribe("1", { id: "u2", tier: "1000" })]);
    room.wait(60_000);
    const later = room.hear([aSubscribe("1", { id: "u3", tier: "1000" }), aSubscribe("1", { id: "u3", tier: "1000" })]);
    expect([types(first), types(later)]).toEqual([["subscribe"], ["subscribe"]]);
    const months = [7, 8].map((many) => aSubscribe("2", { id: `n${many}`, months: many }));
    expect(room.hear(months)).toHaveLength(2);
    expect(room.counting.counters().duplicates).toBe(2);
  });
});

describe("broken and hostile content (16.13, 16.14)", () => {
  it("counts what cannot be an event, and a broken gift does not spoil its combo", () => {
    const { hear, counting } = aCounting();
    const broken = { id: "9001", name: "Spark", unitValue: Number.NaN, currency: "diamond" };
    expect(hear([aGift({ id: "x", total: 5, gift: broken }), aChat("hi", { viewer: aViewer("") })])).toEqual([]);
    expect(counting.counters().broken).toBe(2);
    expect(units(hear([aGift({ id: "x", total: 5 })]))).toBe(5);
  });

  it("refuses an event without its viewer or of no known shape, and checks a viewer again who changed", () => {
    const { hear, counting } = aCounting();
    const wrong = [
      { ...aChat("x"), viewer: undefined },
      { ...aChat("x"), viewer: { id: "1" } },
      { ...aChat("x"), text: 5 },
      { ...aChat("x"), extra: 1 },
      { ...aChat("x"), type: "dance" },
    ] as unknown as SourceEvent[];
    expect(hear([aChat("first")])).toHaveLength(1);
    expect(hear(wrong)).toEqual([]);
    expect(counting.counters().broken).toBe(wrong.length);
    expect(hear([aChat("bad", { viewer: aViewer("1", { levels: { gifter: -1, team: 0 } }) })])).toEqual([]);
    const renamed = aChat("new", { viewer: aViewer("1", { name: "New Name" }) });
    expect(hear([renamed, aChat("old")])).toMatchObject([
      { viewer: { name: "New Name" } },
      { viewer: { name: "Viewer 1" } },
    ]);
  });

  it("cuts and cleans text instead of refusing it", () => {
    const { hear } = aCounting();
    const viewer = aViewer("1", {
      name: `${"a".repeat(59)}😀`,
      handle: "h\u0000&#",
      avatarUrl: `https://x/${"y".repeat(3000)}`,
    });
    const [chat] = hear([aChat(`\u202e${"!".repeat(10_000)}`, { viewer })]);
    expect(chat).toMatchObject({ viewer: { name: "a".repeat(59), handle: "h &#" } });
    expect(chat?.type === "chat" && chat.text.length).toBe(500);
    expect(chat?.type === "chat" && "avatarUrl" in chat.viewer).toBe(false);
  });

  it("clamps impossible totals and says so", () => {
    const { hear, counting } = aCounting();
    const totals = [Number.NaN, -1, 1.5, 1e9];
    hear(totals.map((total, i) => aGift({ total, groupId: `g${i}` })));
    expect(counting.counters().clamped).toBe(4);
    expect(counting.counters().giftUnits).toBe(1 + 1 + 1 + 100_000);
  });
});

/** Source ingest: what programs may write, and that each gift counts once whatever they send twice, late or after a restart. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import ingestSource from "../../../../server/sources/ingest.ts";
import { type LiveEvent, liveEventTypes, maxGiftCount } from "../../../../shared/events/live-event.ts";
import { anEvent, aViewer } from "../../../support/events.ts";
import { someListener, someSettings } from "../../../support/source.ts";
import { chat, gift, isMark, rose, start, step, unitsOf, viewer } from "./rig.ts";

const refused = (reason: string | RegExp) => ({
  accepted: 0,
  rejected: [{ index: 0, reason: typeof reason === "string" ? reason : expect.stringMatching(reason) }],
});

/** An event of each type, strictly as Uproar writes it. */
function strict(type: LiveEvent["type"]): LiveEvent {
  const own = {
    id: `tiktool:${type}`,
    source: "tiktool",
    roomId: "r1",
    ts: 1_800_000_000_000,
    receivedAt: 1,
    weakId: true,
  };
  return { ...anEvent(type), ...own };
}

describe("the format", () => {
  it("counts all of the largest numbers that it takes", () => {
    const { send, events } = start();
    const all = [
      gift({ count: maxGiftCount }),
      step("a", maxGiftCount),
      { type: "like", viewer, count: maxGiftCount, roomTotal: 5_000_000 },
    ];
    expect(send(all)).toEqual({ accepted: 3, duplicates: 0, rejected: [] });
    const told = events();
    expect(unitsOf(told)).toBe(2 * maxGiftCount);
    expect(told.at(-1)).toMatchObject({ type: "like", count: maxGiftCount });
  });

  it.each(liveEventTypes)("takes %s as Uproar itself writes it", (type) => {
    const { send, ingest } = start();
    send(chat("first"));
    ingest.drain(9);
    const event = strict(type);
    expect(send(event)).toEqual({ accepted: 1, duplicates: 0, rejected: [] });
    const { source: _source, id, receivedAt: _receivedAt, weakId: _weakId, roomId: _roomId, ...same } = event;
    const counted =
      event.type === "gift"
        ? [{ ...same, count: 5, streakKey: expect.any(String) }]
        : event.type === "giftStreakEnd"
          ? [
              { type: "gift", count: 5 },
              { type: "giftStreakEnd", streakTotal: 5, inferred: false },
            ]
          : event.type === "like"
            ? [{ ...same, roomDelta: 3 }]
            : [same];
    const out = ingest.drain(9);
    expect(out).toMatchObject(event.type === "streamStart" ? [] : counted);
    if (!isMark(event) && event.type !== "error")
      expect(out[0]).toMatchObject({ id: `ingest:${id}`, source: "ingest" });
  });

  it("fills in what is left out", () => {
    const { send, events, clock } = start();
    send([chat("hi"), gift({}), { type: "subscribe", viewer }, { type: "like", viewer, count: 2 }]);
    const ana = { ...aViewer("7"), platform: "twitch", handle: "", name: "7" };
    const base = {
      source: "ingest",
      roomId: "",
      ts: clock.now(),
      replay: false,
      test: false,
      weakId: true,
      viewer: ana,
    };
    expect(events()).toMatchObject([
      { ...base, type: "chat", text: "hi" },
      { ...base, type: "gift", count: 1, streakKey: "", streakTotal: 1 },
      { ...base, type: "subscribe", months: 0, tier: "", giftCount: 0 },
      { ...base, type: "like", count: 2, roomDelta: 2, roomTotal: 0 },
    ]);
    send(chat("x", { viewer: { ...viewer, handle: "ana", avatarUrl: "javascript:x", roles: { moderator: true } } }));
    const [event] = events();
    expect(event).toMatchObject({ viewer: { name: "ana", roles: { moderator: true, owner: false } } });
    expect(event).not.toHaveProperty("viewer.avatarUrl");
  });

  it("takes ids as numbers while they have all their digits, and refuses them else", () => {
    const { send, events } = start();
    const id = Number.MAX_SAFE_INTEGER;
    send(chat("x", { id, roomId: 5, viewer: { platform: "p", id } }));
    expect(events()).toMatchObject([{ id: `ingest:${id}`, roomId: "5", viewer: { id: String(id) } }]);
    const lost = JSON.parse("6892636847263982501");
    expect(send(chat("x", { viewer: { platform: "p", id: lost } }))).toMatchObject(
      refused(/^viewer\.id: .*send it as text/),
    );
    expect(send(step("a", 1, { streakKey: lost }))).toMatchObject(refused(/^streakKey: .*send it as text/));
    expect(send(chat("x", { id: lost }))).toMatchObject(refused(/^id: .*send it as text/));
    const digits = "6892636847263982501";
    send(chat("x", { id: digits, viewer: { platform: "p", id: digits } }));
    expect(events()).toMatchObject([{ id: `ingest:${digits}`, viewer: { id: digits } }]);
  });

  it.each([
    ["no viewer", { type: "chat", text: "x" }, "viewer: is missing."],
    ["no platform", chat("x", { viewer: { id: "7" } }), "viewer.platform: is missing."],
    ["an empty viewer's id", chat("x", { viewer: { platform: "p", id: "" } }), /^viewer\.id/],
    ["a typo", chat("x", { txet: "x" }), /txet/],
    ["a typo in a combo", gift({ streakkey: "k", streakTotal: 5 }), /streakkey/],
    ["a prototype", JSON.parse(JSON.stringify(chat("x")).replace("{", '{"__proto__":{"text":"y"},')), /__proto__/],
    ["text that is none", chat("x", { text: 7 }), /^text/],
    ["a gift without a price", { ...gift({}), gift: { id: "1", currency: "bit" } }, "gift.unitValue: is missing."],
    ["a gift without a currency", { ...gift({}), gift: { id: "1", unitValue: 1 } }, "gift.currency: is missing."],
    ["a gift of none", gift({ count: 0 }), /^count/],
    ["a gift of less than none", gift({ count: -5 }), /^count/],
    ["half a gift", gift({ count: 1.5 }), /^count/],
    ["a combo that does not say how far it is", gift({ streakKey: "k", count: 3 }), /^streakTotal: is missing/],
    ["a total of a combo without a name", gift({ streakTotal: 3 }), /^streakTotal: needs "streakKey"/],
    ["a gift of too many", gift({ count: maxGiftCount + 1 }), /^count: is more than 100000/],
    ["a combo of too many", step("a", maxGiftCount + 1), /^streakTotal: is more than 100000/],
    ["a combo's end of too many", step("a", 150_000, { type: "giftStreakEnd" }), /^streakTotal: is more than 100000/],
    ["too many likes", { type: "like", viewer, count: maxGiftCount + 1 }, /^count: is more than 100000/],
    ["likes below zero", { type: "like", viewer, count: -1 }, /^count/],
    ["a date that is none", chat("x", { ts: "now" }), /^ts/],
  ])("refuses %s with the reason", (_name, event, reason) => {
    const { send, events, status } = start();
    expect(send(event)).toMatchObject(refused(reason));
    expect(events()).toEqual([]);
    expect(status().counters).toMatchObject({ received: 1, broken: 1, accepted: 0 });
  });

  it("cuts what is too long, and never fails", () => {
    const { send, events } = start();
    const long = "x".repeat(100_000);
    send([chat(long, { viewer: { ...viewer, name: long, handle: long } }), { type: "streamEnd", reason: long }]);
    expect(events()).toMatchObject([{ text: expect.stringMatching(/^x{400,500}$/), viewer: { name: "x".repeat(60) } }]);
    expect(send(chat("x", { [long]: 1 }))).toMatchObject(refused(/^.{20,300}$/));
    expect(send(gift({ id: long, streakKey: long, streakTotal: 3 }))).toMatchObject({ rejected: [{ index: 0 }] });
    fc.assert(
      fc.property(fc.anything(), (message) => {
        expect(send(message)).toBeTypeOf("object");
      }),
    );
  });
});

describe("gifts", () => {
  it("counts a combo once, whatever is sent twice or in another order", () => {
    const { send, events } = start();
    let serial = 0;
    const orders = fc.shuffledSubarray([0, 1, 2, 3, 4, 0, 1, 2, 3, 4], { minLength: 5 });
    fc.assert(
      fc.property(orders, (order) => {
        const key = `combo ${serial++}`;
        const of = (id: number, total: number, more: object = {}) =>
          step(`${key} ${id}`, total, { streakKey: key, ...more });
        const end = { ...of(4, 7), type: "giftStreakEnd" };
        const steps = [of(0, 1), of(1, 3), of(2, 7, { count: 99 }), of(3, 7, { streakEnd: true }), end];
        for (const index of order) send(steps[index]);
        const out = events();
        const totals = [1, 3, 7, 7, 7];
        expect(unitsOf(out)).toBe(Math.max(...order.map((index) => totals[index]!)));
        const ends = out.filter(({ type }) => type === "giftStreakEnd");
        expect(ends).toHaveLength(order.includes(3) || order.includes(4) ? 1 : 0);
      }),
      { numRuns: 200 },
    );
  });

  it("keeps combos apart by viewer, gift and key, however long that is", () => {
    const { send, events } = start();
    const long = "k".repeat(300);
    send([
      step("1", 3),
      step("2", 3, { streakKey: "other" }),
      step("3", 3, { viewer: { platform: "twitch", id: "8" } }),
      step("4", 3, { gift: { ...rose, id: "1" } }),
      step("5", 3, { streakKey: `${long}a` }),
      step("6", 3, { streakKey: `${long}b` }),
    ]);
    expect(unitsOf(events())).toBe(18);
  });

  it("counts a combo without a name by its steps' time, as providers send them", () => {
    const { send, events, clock } = start();
    const unnamed = (streakTotal: number, streakEnd: boolean) => gift({ streakTotal, streakEnd });
    send([unnamed(1, false), unnamed(5, false), unnamed(5, true)]);
    clock.advance(2000);
    send([unnamed(1, false), unnamed(2, true)]);
    expect(unitsOf(events())).toBe(7);
  });

  it("counts single gifts by `count`, and an id once", () => {
    const { send, events } = start();
    send([gift({ id: "a", count: 5 }), gift({ id: "a", count: 5 }), gift({ count: 2 }), gift({ count: 2 })]);
    expect(unitsOf(events())).toBe(9);
  });

  it("lets a test touch nothing that is remembered of a real viewer", () => {
    const { send, events } = start();
    const test = { test: true };
    send([step("t1", 7, test), { type: "follow", viewer, ...test }, { type: "subscribe", viewer, ...test }]);
    expect(events().every((event) => event.test)).toBe(true);
    send([step("a", 7), { type: "follow", viewer }, { type: "subscribe", viewer }]);
    expect(events()).toMatchObject([
      { type: "gift", count: 7, test: false },
      { type: "follow" },
      { type: "subscribe" },
    ]);
  });

  it("lets act what a program kept while Uproar was restarted, and knows again what was counted before", () => {
    const { send, events, clock } = start({ takenBefore: new Set(["ingest:a", "ingest:b"]) });
    const ago = (ms: number) => ({ ts: clock.now() - ms });
    send([step("b", 3, ago(290_000)), step("c", 7, ago(280_000)), gift({ id: "d", count: 2, ...ago(60_000) })]);
    send(gift({ id: "e", count: 1, ts: clock.now() + 3_600_000 }));
    send(gift({ id: "f", count: 1, ...ago(11_000) }));
    const out = events();
    expect(out).toMatchObject([{ count: 4 }, { count: 2 }, { count: 1 }, { count: 1 }]);
    expect(out.every(({ replay }) => !replay)).toBe(true);
    clock.advance(61_000);
    const ts = clock.now() - 3_600_000;
    send(gift({ id: "g", count: 1, ts }));
    send(gift({ id: "h", count: 1, replay: true }));
    const later = events().filter(({ type }) => type === "gift");
    expect(later).toMatchObject([{ ts, replay: false }, { replay: true }]);
  });
});

describe("messages", () => {
  it.each([[undefined], [null], [7], ["text"], [{}], [{ type: 5 }], [{ type: "toString" }]])(
    "answers %j, which is no event",
    (message) => {
      const { send, status } = start();
      expect(send(message)).toEqual({ error: expect.stringMatching(/.{20}/) });
      const { broken, ignoredUnknown } = status().counters;
      expect(broken + ignoredUnknown).toBe(1);
    },
  );

  it("takes 1000 events at once and no more, and an empty list", () => {
    const { send, events } = start();
    const list = (length: number) =>
      Array.from({ length }, (_none, index) => chat(String(index), { id: `${length} ${index}` }));
    expect(send(list(1000))).toEqual({ accepted: 1000, duplicates: 0, rejected: [] });
    expect(events()).toHaveLength(1000);
    expect(send(list(1001))).toEqual({ error: expect.stringContaining("1000") });
    expect(events()).toEqual([]);
    expect(send([])).toEqual({ accepted: 0, duplicates: 0, rejected: [] });
  });

  it("knows marks and troubles again by their ids", () => {
    const { send, events, marks } = start();
    const mark = (type: string, id: string, more: object = {}) => ({ type, id, ...more });
    send([
      mark("streamStart", "s"),
      mark("error", "e", { reason: "gone" }),
      mark("streamEnd", "x"),
      mark("streamStart", "t"),
    ]);
    expect(send([mark("streamEnd", "x"), mark("error", "e", { reason: "gone" })])).toMatchObject({ duplicates: 2 });
    expect(events()).toMatchObject([{ type: "error", reason: "gone" }]);
    expect(marks).toEqual(["streamStart ", "streamEnd ", "streamStart "]);
  });

  it("records what it hears, and understands the recording", () => {
    const frames: string[] = [];
    const { send } = start({ frames });
    const said = [chat("one", { id: "a" }), [step("b", 3), { type: "bribe" }]];
    for (const message of said) send(message);
    const texts = frames.map((line) => JSON.parse(line).text).filter((text) => text !== undefined);
    expect(texts.map((text) => JSON.parse(text))).toEqual(said);
    const heard: unknown[] = [];
    const ear = ingestSource.listen(
      someSettings(),
      someListener({
        event(event) {
          heard.push(event.type);
          return "accepted";
        },
        ignored: (why) => heard.push(why),
        live: (roomId) => heard.push(`live ${roomId}`),
      }),
    );
    for (const text of [...texts, "no json", new Uint8Array(3)]) ear.hear(text);
    expect(heard).toEqual(["live ", "chat", "gift", "unknown", "broken", "broken"]);
  });
});

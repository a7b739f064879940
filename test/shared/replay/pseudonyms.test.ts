/** Pseudonyms: nothing that names a viewer is left, one viewer is one viewer, and what rules go by stays. */
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LiveEvent, liveEventSchema } from "../../../shared/events/live-event.ts";
import { createPseudonyms } from "../../../shared/replay/pseudonyms.ts";
import type { ShowInput } from "../../../shared/sim/input.ts";
import { aChat, aGift, anEvent, aViewer } from "../../support/events.ts";
import { aHead, anyEvent } from "./a-show.ts";

const keyed = (key: string) => (text: string) => createHmac("sha256", key).update(text).digest("hex");

/** The same events under other names. */
function renamed(events: readonly LiveEvent[], key = "a key", head = aHead()): LiveEvent[] {
  const pseudonyms = createPseudonyms(head, keyed(key));
  const inputs: ShowInput[] = events.map((event) => ({ type: "event", event }));
  pseudonyms.meet(inputs);
  return pseudonyms.inputs(inputs).map((input) => (input as { event: LiveEvent }).event);
}

/** The comment of somebody in a show of Ana, Bob and two foxes; `@@` stands for Bob's new handle, `%%` for Ana's, `##` and `§§` for the foxes'. */
function said(text: string): string {
  const people = [
    aChat("hi", "bob"),
    aChat("hi", "ana", { viewer: aViewer("77", { handle: "ana.7", name: "Ana López" }) }),
    aChat("hi", "fox", { viewer: aViewer("78", { handle: "one.fox", name: "🦊 9" }) }),
    aChat("hi", "foxes", { viewer: aViewer("79", { handle: "two.foxes", name: "🦊🦊" }) }),
  ];
  const events = renamed([...people, aChat(text, "carl")]) as { viewer: { handle: string }; text: string }[];
  const marks = ["@@", "%%", "##", "§§"];
  return marks.reduce((words, mark, who) => words.replaceAll(events[who]!.viewer.handle, mark), events[4]!.text);
}

describe("mentions", () => {
  test.each([
    ["push @bob", "push @@@"],
    ["push bob!", "push @@!"],
    ["BOB and @Bob.", "@@ and @@@."],
    ["hello ana.7, how are you", "hello %%, how are you"],
    ["hello Ana López", "hello %%"],
    ["hello ANA  lopez", "hello %%"],
    ["ana is another one", "ana is another one"],
    ["bobsleigh", "bobsleigh"],
    ["enter", "enter"],
    ["go @🦊 9!", "go @##!"],
    ["@🦊🦊 and @🦊", "@§§ and @🦊"],
    ["9 of 9", "9 of 9"],
    ["", ""],
  ])("%j becomes %j", (text, expected) => {
    expect(said(text)).toBe(expected);
  });

  test("of people who are not in the show have other names too, each its own", () => {
    const text = said("@zoe @Zoe @yan");
    expect(text).toMatch(/^@(\w+) @\1 @\w+$/);
    expect(text).not.toMatch(/zoe|yan/i);
    expect(new Set(text.split(" ")).size).toBe(2);
  });

  test("somebody who comes later, and is called like a command of the rules", () => {
    const [chat, late] = renamed([aChat("enter, @enter and late!", "ana"), aChat("x", "late"), aChat("x", "enter")]);
    const { handle } = (late as { viewer: { handle: string } }).viewer;
    expect((chat as { text: string }).text).toMatch(new RegExp(`^enter, @\\w+ and ${handle}!$`));
  });

  test("are of the longer name, where one begins with another", () => {
    const named = (id: string, name: string) => aChat("hi", id, { viewer: aViewer(id, { name }) });
    const [, rey, chat] = renamed([named("1", "Ana"), named("2", "Ana Rey"), aChat("Ana Rey", "carl")]);
    expect((chat as { text: string }).text).toBe((rey as { viewer: { handle: string } }).viewer.handle);
  });

  test("stay within the length of a comment", () => {
    expect(said("@b ".repeat(160))).toHaveLength(500);
  });
});

test("in the title of a reward are replaced like those in a text", () => {
  const redeem = { ...anEvent("redeem"), title: "Greet bob", text: "" } as LiveEvent;
  const [bob, renamedRedeem] = renamed([aChat("hi", "bob"), redeem]) as { viewer: { handle: string }; title: string }[];
  expect(renamedRedeem!.title).toBe(`Greet ${bob!.viewer.handle}`);
});

test("one viewer is one viewer, under another name, without a picture", () => {
  const viewer = aViewer("77", { handle: "old", name: "Old", avatarUrl: "https://example.com/a.png" });
  const events = renamed([
    aChat("a", "x", { viewer }),
    aChat("b", "x", { viewer: { ...viewer, handle: "new" } }),
    aChat("c", "bob"),
  ]);
  const [a, b, c] = events.map((event) => (event as { viewer: unknown }).viewer);
  expect(a).toEqual(b);
  expect(a).not.toEqual(c);
  expect(a).toEqual({
    platform: "tiktok",
    id: expect.stringMatching(/^viewer-[0-9a-f]{20}$/),
    handle: expect.stringMatching(/^[a-z]+[0-9a-f]{8}$/),
    name: expect.stringMatching(/^[A-Z][a-z]+ [A-Z][a-z]+ [0-9a-f]{4}$/),
    roles: viewer.roles,
    levels: viewer.levels,
  });
});

test("ids of the platform are replaced alike, and what rules go by stays", () => {
  const gift = aGift(5, "ana", 1, { streakKey: "tiktok:ana|g5" });
  const events = renamed([gift, gift, anEvent("battle"), anEvent("emote"), anEvent("streamEnd")]);
  const [one, again, battle, emote, end] = events as unknown as Record<string, unknown>[];
  expect(one).toEqual(again);
  expect(one).toMatchObject({
    gift: { id: "g5", name: "Gift 5", unitValue: 5 },
    count: 1,
    source: "test-source",
    ts: 0,
  });
  expect([one!.id, one!.roomId, one!.streakKey]).toEqual([
    expect.stringMatching(/^event-/),
    expect.stringMatching(/^room-/),
    expect.stringMatching(/^combo-/),
  ]);
  expect(battle).toMatchObject({ battleId: expect.stringMatching(/^battle-/), phase: "active" });
  expect(emote).toMatchObject({ emoteId: "e1", url: "" });
  expect(end).toMatchObject({ reason: "over" });
});

test("another key gives other names", () => {
  expect(renamed([aChat("a")], "one key")).not.toEqual(renamed([aChat("a")], "another key"));
});

test("whatever the events, they stay events of their kind and hold no old name", () => {
  const secrets = fc.constantFrom("secretana", "secretbob");
  fc.assert(
    fc.property(fc.array(fc.tuple(anyEvent, secrets), { minLength: 1, maxLength: 6 }), (list) => {
      const events = list.map(([event, secret]) => {
        const own =
          "viewer" in event && event.viewer
            ? { viewer: { ...event.viewer, id: secret, handle: secret, name: secret } }
            : {};
        const text = "text" in event ? { text: `${event.text.slice(0, 100)} @${secret}` } : {};
        return { ...event, ...own, ...text, id: `x:${secret}`, roomId: secret } as LiveEvent;
      });
      const result = renamed(events);
      for (const event of result) expect(liveEventSchema.parse(event)).toEqual(event);
      expect(result.map(({ type }) => type)).toEqual(events.map(({ type }) => type));
      expect(JSON.stringify(result)).not.toMatch(/secret/i);
    }),
  );
});

test("calls carried over from another show, wherever they hold an event, a viewer or a key", () => {
  const gift = aGift(5, "ana", 1, { streakKey: "tiktok:ana|g5" });
  const carried = {
    format: 1,
    calls: [{ event: gift, member: "tiktok:ana", ids: [gift.id], reason: "waits" }],
    combos: { "tiktok:ana|g5": 1 },
    crowd: [["tiktok:ana", aViewer("ana")]],
    day: { day: 3, limits: { "rule:x|viewer|quota|day": [["3 tiktok:ana", 2]], "all|team|quota|day": [["3 a:b", 1]] } },
  };
  const { beginning } = aHead();
  const head = aHead({ beginning: { ...beginning, carried } });
  const pseudonyms = createPseudonyms(head, keyed("a key"));
  const result = pseudonyms.head();
  const [event] = renamed([gift], "a key", head) as { id: string; streakKey: string; viewer: { id: string } }[];
  const key = `tiktok:${event!.viewer.id}`;
  expect(result.private).toBe(true);
  expect(result.beginning.rules).toEqual(beginning.rules);
  expect(result.beginning.carried).toEqual({
    format: 1,
    calls: [{ event, member: key, ids: [event!.id], reason: "waits" }],
    combos: { [event!.streakKey]: 1 },
    crowd: [[key, event!.viewer]],
    day: { day: 3, limits: { "rule:x|viewer|quota|day": [[`3 ${key}`, 2]], "all|team|quota|day": [["3 a:b", 1]] } },
  });
});
